"""Every certificate, held against answers with one number moved and against problems with one number moved.

First the proposition: a right answer passes, and moving any number of it by 1/97 either way is refuted, but for those that need not be right,
which are listed. Then the record (`data/accusations.json`): how many accusations each corruption meets with and what gains they state, and
what is checked of the right answer, at one generic point. A change of a certificate that is meant changes the record: `python tests/test_certify_sharp.py`
(with the names of cases: those entries alone).
"""

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from certified_cases import MAKERS, solved
from corrupting import answers, evidence, gains, problems

from bargain.certify import certify
from bargain.errors import BargainError

RECORD = Path(__file__).parent / "data" / "accusations.json"
SLOW = ("symbols", "Perles", "steps", "equal area: curve", "product: curve", "uniform: endless", "perfect: tree", "beliefs", "line", "two_by_two")
DEAR = ("beliefs", "beliefs: weak", "beliefs: horse", "reputation: audiences", "reputation: reputation", "uniform: endless", "perfect: tree", "nash: symbols",
        "Perles-Maschler", "Perles-Maschler: curve", "auction", "steps", "steps: curve", "equal area", "equal area: curve", "equal loss", "equal loss: curve",
        "ray", "ray: curve", "bounds: answering", "bounds: outside", "outside_option: bounds", "skimming: learning", "skimming: two offers", "proper", "curved",
        "siege", "risk_return: uniform", "line", "demand", "proportional", "egalitarian", "quitting", "setter", "subgame: bet", "product: curve",
        "siege: known", "siege: audiences", "perfect: dropped", "perfect: tree, signals", "nash: enclosed", "nash: curve", "tree nash: meeting",
        "tree nash: symbols", "subgame: search, symbols", "ray: below", "ray: falling curve", "equal loss: curve, falling", "equal area: curve, falling",
        "setter: gridlock", "setter: weighted", "setter: unanimity", "setter: symbols", "range: symbols", "demand: steps", "demand: certain", "auction: sellers",
        "power_shift: game", "rubinstein: states")  # slow, each a quarter of a second or more
NAMES = [pytest.param(name, marks=pytest.mark.slow) if name in DEAR else name for name in MAKERS]
FREE = (  # numbers of an answer that moving does not refute: (case, place, why)
    *((case, r"\.points\[", "the corners that the solver used: the point is checked without them")
      for case in ("egalitarian", "proportional", "equal loss: curve", "equal area: curve", "Perles-Maschler: curve")),
    ("within", r"regret\]\+|value_high\]\+|value_low\]-", "bounds may be wider"),
    ("ray: solid", r"evidence\[ideal", "prices of a bound may move within it"),
    ("mediator", r"\.prices", "any prices that prove the value will do"),
    ("skimming", r"plan\[|part of", "the plan is replayed, its bounds off the path are not"),
    ("coexisting", "strategies", "the outcome is checked, by its path"),
    ("power_shift: game", r"x_1_(low|high)|x_2", "bounds of the interval off the path"),
    ("solid:", r"evidence\[.*\]\[1\]", "prices that prove a bound may move within it"),
    ("solid:", r"dominated\[[02]\]-", "points between are better too"),
    ("agents: limit", "rationality", "where the tracing was left off"),
    ("perfect: dropped", "fallen", "what was dropped: profiles near it are no more perfect"),
    ("nash: enclosed", "radius", "a proof that fails leaves the answer undecided"),
)
Accused = tuple[int, str]


@cache
def accused(name: str) -> dict[str, Accused | str]:
    """By corruption: how many accusations, and the gains they state; or the error."""
    found: dict[str, Accused | str] = {}
    solution = solved(name)
    for sign in (1, -1):
        step = sp.Rational(sign, 97)
        changes = list(answers(solution, step)) if not (sign == -1 and any(slow in name for slow in SLOW)) else []
        changes += list(problems(solution, step)) if sign == 1 and not any(slow in name for slow in SLOW) else []
        for label, wrong in changes:
            try:
                found[label + "+-"[sign < 0]] = gains(certify(wrong))
            except (BargainError, KeyError, ValueError, TypeError, ZeroDivisionError, AttributeError) as error:
                found[label + "+-"[sign < 0]] = type(error).__name__
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_right_answer_passes_and_any_number_of_it_moved_is_refuted(name: str) -> None:
    assert certify(solved(name)).passed
    for label, told in accused(name).items():
        if label.startswith("regime") and not any(name.startswith(case) and re.search(place, label) for case, place, _ in FREE):
            assert isinstance(told, str) or told[0] % 1000 > 0, label


@pytest.mark.parametrize("name", NAMES)
def test_accusations_and_evidence_are_those_recorded(name: str) -> None:
    recorded, found = json.loads(RECORD.read_text(encoding="utf-8"))[name], _recordable(name)
    assert found["checked"] == recorded["checked"]
    labels = list(accused(name))
    for label, told, before in zip(labels, found["accused"], recorded["accused"], strict=True):
        assert told == before, label


def _recordable(name: str) -> dict[str, Any]:
    checked = {} if "method" in solved(name).stats else evidence(solved(name))
    return json.loads(json.dumps({"checked": checked, "accused": list(accused(name).values())}))


if __name__ == "__main__":
    fresh = {name: _recordable(name) for name in sys.argv[1:] or MAKERS}
    record = {**(json.loads(RECORD.read_text(encoding="utf-8")) if sys.argv[1:] else {}), **fresh}
    lines = [f"{json.dumps(name)}: {json.dumps(record[name], separators=(',', ':'))}" for name in dict.fromkeys((*MAKERS, *record)) if name in record]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
