"""Portable certificates: the file of a right answer verifies, corrupted ones are refuted, malformed ones refused with the place."""

import ast
import copy
import json
import random
import subprocess
import sys
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import bargain as bg
from bargain import verify as verifier
from bargain.certify import check
from bargain.cli import main
from bargain.errors import BadInput, NotApplicable
from bargain.loading import load
from bargain.portable import REDUCED, REFUSED, certificate_json
from bargain.solving import solve
from bargain.verify import verify

REGIMES = ["classics/two_by_two", "classics/surge", "classics/trip_wire", "classics/deterrence", "classics/ultimatum", "classics/crisis_status_quo",
           "classics/power_shift", "classics/rubinstein", "classics/outside_option"]
POINTS = [("classics/two_by_two", "matrix"), ("ukraine/guarantees", "matrix"), ("ukraine/guarantees", "proposal"), ("ukraine/leverage", "sequence"),
          ("ukraine/leverage", "race"), ("ukraine/enforcement", "ceasefire"), ("ukraine/leverage", "with leverage"), ("ukraine/burden", "compact"),
          ("classics/power_shift", "game"), ("classics/rubinstein", "pie")]
GLOVES = bg.CoalitionalGame("Gloves", ("L", "R1", "R2"), {("L", "R1"): 1, ("L", "R2"): 1, ("L", "R1", "R2"): 1})
KINKED = bg.BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
SHARE = sp.Symbol("t", real=True)
ROUND = bg.BargainingProblem("Round", ("A", "B"), {"A": 0, "B": 0}, curve=(SHARE, (0, 1), {"A": SHARE, "B": 1 - SHARE**2}))
RAIDS = bg.StochasticGame("Raids", ("A", "B"), {
    "peace": bg.Stage({"A": ("keep", "raid")}, {("keep",): bg.Result({"A": 1, "B": 1}, {"war": "1/10"}),
                                                ("raid",): bg.Result({"A": "3/2", "B": 0}, {"war": 2})}),
    "war": bg.Stage({"B": ("fight", "sue")}, {("fight",): bg.Result({"A": -1, "B": -1}, {"peace": "1/4"}),
                                              ("sue",): bg.Result({"A": 0, "B": "-1/2"}, {"peace": 1})}),
}, {"A": "1/10", "B": "1/5"}, start="peace", continuous=True)
CHICKEN = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]])
_WRITTEN: dict[Any, str] = {}


def certificate(name: str, problem: str = "", *, point: bool = False) -> str:
    key = (name, problem, point)
    if key not in _WRITTEN:
        problems = load(name).problems
        game, solver = problems[problem or next(iter(problems))]
        _WRITTEN[key] = certificate_json(solve(game, solver, at=game.notation.point() if point else None))
    return _WRITTEN[key]


def checked(text: str, folder: Path) -> verifier.Report:
    path = folder / "certificate.json"
    path.write_text(text, encoding="utf-8")
    return verify(path)


def three_card_game() -> bg.Game:
    """A bet with one hidden card: the sender bets or folds, the receiver calls or not without knowing the card (Kuhn-like)."""
    def card(win: int) -> Any:
        answer = bg.decision("B", call=bg.payoffs(A=2 * win, B=-2 * win), fold=bg.payoffs(A=1, B=-1), information_set="after a bet")
        return bg.decision("A", bet=answer, check=bg.payoffs(A=win, B=-win))
    return bg.Game("One card", ("A", "B"), (), bg.chance(high=(sp.Rational(1, 2), card(1)), low=(sp.Rational(1, 2), card(-1))))


OTHERS = {
    "Shapley": lambda: solve(GLOVES, bg.ShapleyValue()),
    "core": lambda: solve(GLOVES, bg.Core()),
    "Banzhaf": lambda: solve(GLOVES, bg.BanzhafValue()),
    "normalised Banzhaf": lambda: solve(GLOVES, bg.BanzhafValue(normalised=True)),
    "Nash bargaining": lambda: solve(KINKED, bg.NashBargaining(weights={"A": "3/4"})),
    "egalitarian": lambda: solve(KINKED, bg.Egalitarian()),
    "utilitarian": lambda: solve(KINKED, bg.Utilitarian()),
    "no gains": lambda: solve(bg.BargainingProblem("Poor", ("A", "B"), {"A": 2, "B": 2}, vertices=((0, 3), (2, 2), (4, 0))), bg.NashBargaining()),
    "curve": lambda: solve(ROUND, bg.NashBargaining()),
    "Markov, continuous": lambda: solve(RAIDS, bg.MarkovPerfect()),
    "weak perfect Bayesian": lambda: solve(three_card_game(), bg.PerfectBayesian()),
    "correlated": lambda: solve(CHICKEN, bg.CorrelatedEquilibrium()),
    "coarse": lambda: solve(CHICKEN, bg.CoarseCorrelatedEquilibrium()),
    "sequential": lambda: solve(three_card_game(), bg.Sequential()),
    "three players": lambda: solve(bg.MatrixGame("Volunteers", tuple("ABC"), (("go", "wait"),) * 3, {
        (a, b, c): tuple(sp.Integer((3 if "go" in (a, b, c) else 0) - (x == "go")) for x in (a, b, c))
        for a in ("go", "wait") for b in ("go", "wait") for c in ("go", "wait")}), bg.Nash()),
}


@pytest.mark.parametrize("name", REGIMES)
def test_the_regimes_of_a_model_verify(name: str, tmp_path: Path) -> None:
    report = checked(certificate(name), tmp_path)
    assert report.verified and report.proved > 20, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize(("name", "problem"), POINTS)
def test_the_baseline_of_a_model_verifies(name: str, problem: str, tmp_path: Path) -> None:
    report = checked(certificate(name, problem, point=True), tmp_path)
    assert report.verified, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize("kind", OTHERS)
def test_other_concepts_verify(kind: str, tmp_path: Path) -> None:
    report = checked(certificate_json(OTHERS[kind]()), tmp_path)
    assert report.verified, (report.refuted[:3], report.undecided[:3])


def corrupted(data: dict[str, Any], draw: random.Random) -> tuple[str, dict[str, Any]] | None:
    """One corruption that leaves no valid certificate, drawn at random; None if the kind drawn does not fit the file."""
    bad = copy.deepcopy(data)
    regime = draw.choice(bad["regimes"])
    found = draw.choice(regime["equilibria"])
    kind = draw.choice(("paid", "weight", "moved weight", "condition", "missing", "swapped", "witness", "game", "value"))
    shift = f"({draw.choice((-1, 1)) * Fraction(draw.randint(1, 40), draw.randint(1, 40))})"
    if kind == "paid":
        player = draw.choice(sorted(found["payoffs"]))
        found["payoffs"][player] += f" + {shift}"
    elif kind in ("weight", "moved weight"):
        lotteries = [own for places in found["strategies"].values() for own in places.values() if len(own) > 1]
        if not lotteries:
            return None
        own = draw.choice(lotteries)
        first, second = draw.sample(sorted(own), 2)
        if kind == "moved weight":  # the lottery still sums to one; a pure action leaves [0, 1]
            own[second] += f" - {shift} - 100"
        own[first] += f" + {shift}" + " + 100" * (kind == "moved weight")
    elif kind == "value":
        places = [own for place, own in found["values"].items() if place != "share"]
        if not places:
            return None
        own = draw.choice(places)
        own[draw.choice(sorted(own))] += f" + {shift}"
    elif kind == "condition":
        atoms = draw.choice(regime["cells"])["atoms"]
        if not atoms:
            return None
        atom = draw.choice(atoms)
        atom[1] = {"<": ">", ">": "<", "<=": ">", ">=": "<", "is": "!=", "!=": "is"}[atom[1]]
    elif kind == "missing":
        if bad["overlapping"] == "yes" or len(bad["regimes"]) == 1:
            return None
        bad["regimes"].remove(regime)
    elif kind == "swapped":
        other = draw.choice(bad["regimes"])
        if {json.dumps(e["payoffs"], sort_keys=True) for e in other["equilibria"]} & {json.dumps(e["payoffs"], sort_keys=True) for e in regime["equilibria"]}:
            return None
        other["equilibria"], regime["equilibria"] = regime["equilibria"], other["equilibria"]
    elif kind == "witness":
        cell = draw.choice(regime["cells"])
        strict = [atom for atom in bad["domain"] if atom[1][0] in "<>" and not set(atom[0]) & set("*/(") and len(named(atom[0], bad)) == 1]
        if not strict:
            return None
        gap, operator = draw.choice(strict)
        (name,) = named(gap, bad)
        cell["witness"][name] = "=-1000" if operator.startswith(">") else "=1000"
    else:
        ends = list(paid_ends(bad["problem"]))
        for end in ends:
            player = min(end)
            end[player] += f" + {shift}"
        if not ends:
            return None
    return kind, bad


def named(text: str, data: dict[str, Any]) -> list[str]:
    """The parameters in a text of sums."""
    return [word for word in text[1:].replace("-", " ").replace("+", " ").split() if word in data["parameters"]]


def paid_ends(node: Any) -> Any:
    """The payoffs of all ends of a tree (all moved by the same amount, so that the payoffs claimed are wrong)."""
    if isinstance(node, dict):
        if "payoffs" in node:
            yield node["payoffs"]
        for value in node.values():
            yield from paid_ends(value)
    elif isinstance(node, list):
        for value in node:
            yield from paid_ends(value)


def refuted(count: int, seed: int, folder: Path, regimes: list[str]) -> dict[str, int]:
    sources = [json.loads(certificate(name)) for name in regimes]
    sources += [json.loads(certificate(name, problem, point=True)) for name, problem in POINTS if problem not in ("proposal", "ceasefire")]
    sources += [json.loads(certificate_json(OTHERS[kind]())) for kind in ("Nash bargaining", "curve", "sequential", "Markov, continuous")]
    draw, kinds = random.Random(seed), dict[str, int]()
    while sum(kinds.values()) < count:
        made = corrupted(draw.choice(sources), draw)
        if made is None:
            continue
        kind, bad = made
        kinds[kind] = kinds.get(kind, 0) + 1
        report = checked(json.dumps(bad), folder)
        assert not report.verified and report.refuted, f"seed {seed}, corruption {sum(kinds.values())} ({kind}) passed; kept in {folder}"
    return kinds


def test_a_hundred_corruptions_are_refuted(tmp_path: Path) -> None:
    assert len(refuted(100, 20261, tmp_path, ["classics/trip_wire", "classics/deterrence", "classics/ultimatum"])) >= 8


@pytest.mark.slow
def test_five_hundred_corruptions_are_refuted(tmp_path: Path) -> None:
    assert len(refuted(500, 20262, tmp_path, ["classics/surge", "classics/trip_wire", "classics/deterrence", "classics/ultimatum"])) == 9


@pytest.mark.parametrize("kind", OTHERS)
def test_wrong_answers_of_other_concepts_are_refuted(kind: str, tmp_path: Path) -> None:
    good = json.loads(certificate_json(OTHERS[kind]()))
    for player in good["players"]:
        bad = copy.deepcopy(good)
        bad["regimes"][0]["equilibria"][0]["payoffs"][player] += " + 1/1000"
        assert checked(json.dumps(bad), tmp_path).refuted


def test_beliefs_against_bayes_are_refuted(tmp_path: Path) -> None:
    bad = json.loads(certificate_json(OTHERS["sequential"]()))
    bad["regimes"][0]["equilibria"][0]["beliefs"]["after a bet"] = ["=1/2", "=1/2"]
    assert any(claim.startswith("Bayes") for claim in checked(json.dumps(bad), tmp_path).refuted)


def test_a_time_out_is_never_a_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier._Check, "possible", lambda self, claim: False if claim == "false" else None)
    report = checked(certificate("classics/surge"), tmp_path)
    assert report.undecided and not report.refuted and not report.verified


@pytest.mark.parametrize(("says", "open_questions"), [("sat", True), ("unsat", True), ("unknown", False), ("(error)", False)])
def test_two_programs_that_disagree_prove_nothing(says: str, open_questions: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second program with an answer of its own to every question leaves those open where z3 says otherwise; one that gives none changes nothing."""
    program = tmp_path / "cvc5"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{says}'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(verifier.shutil, "which", {"cvc5": str(program)}.get)
    data = json.loads(certificate("classics/deterrence"))
    assert checked(json.dumps(data), tmp_path).verified == (says != "sat")
    data["regimes"].pop()  # a gap, so that z3 finds a point
    report = checked(json.dumps(data), tmp_path)
    assert not report.verified and bool(report.undecided) == open_questions


@pytest.mark.parametrize("name", ["classics/surge", "classics/trip_wire"])
def test_cvc5_alone_verifies_and_refutes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With z3 silent every question is left to cvc5: the certificate is proved, and a payoff moved by a thousandth is refuted."""
    if not (find_spec("cvc5") or verifier.shutil.which("cvc5")):
        pytest.skip("cvc5 is not installed: pip install cvc5")
    data = json.loads(certificate(name))
    monkeypatch.setattr(verifier.z3.Solver, "check", lambda self: verifier.z3.unknown)
    report = checked(json.dumps(data), tmp_path)
    assert report.verified and report.proved > 20, (report.refuted[:3], report.undecided[:3])
    found = data["regimes"][0]["equilibria"][0]
    found["payoffs"][data["players"][0]] += " + 1/1000"
    assert any(claim.startswith("payoff") for claim in checked(json.dumps(data), tmp_path).refuted)


@pytest.mark.parametrize(("claim", "answer"), [("(= (* x x) 2.0)", "sat"), ("(< (* x x) (- 1.0))", "unsat"), ("(exists ((y Real)) (= (* x y) 1.0))", "sat")])
def test_the_python_module_of_cvc5_stands_in_for_its_program(claim: str, answer: str) -> None:
    if not find_spec("cvc5"):
        pytest.skip("cvc5's Python module is not installed: pip install cvc5")
    text = f"(set-logic {'' if 'exists' in claim else 'QF_'}NRA)\n(declare-const x Real)\n(assert {claim})\n(check-sat)\n"
    bridge = Path(verifier.__file__).with_name("cvc5_program.py")
    told = subprocess.run([sys.executable, "-P", str(bridge), "10000"], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert told.stdout.strip() == answer, told.stderr


@pytest.mark.parametrize(("change", "told"), [
    (lambda d: d.pop("domain"), "domain"),
    (lambda d: d.update(format="bargain certificate 99"), "format"),
    (lambda d: d.update(concept="wisdom"), "concept"),
    (lambda d: d["domain"].append(["=__import__('os')", ">"]), "not allowed"),
    (lambda d: d["domain"].append(["=no_such_name", ">"]), "unknown symbol"),
    (lambda d: d["domain"].append(["=9**9**9", ">"]), "exponent"),
    (lambda d: d["domain"].append(["=1", "=>"]), "not an expression"),
    (lambda d: d["domain"].append(["=1", "~"]), "KeyError"),
    (lambda d: d["domain"].append(["=1/0", ">"]), "zero"),
    (lambda d: d["domain"].append([True, ">"]), "texts"),
    (lambda d: d["domain"].append(["1", ">"]), "no expression"),
    (lambda d: d["domain"].append(["__import__('os').abort()", ">"]), "no expression"),
    (lambda d: d["parameters"].append(d["parameters"][0]), "different parameters"),
    (lambda d: d["players"].append(d["players"][0]), "different players"),
    (lambda d: d["regimes"].clear(), "at least one regime"),
    (lambda d: d["regimes"][0]["cells"].clear(), "at least one regime"),
    (lambda d: d["problem"]["after"].pop(), "profile"),
    (lambda d: d["regimes"][0]["equilibria"][0]["strategies"].clear(), "KeyError"),
    (lambda d: d["regimes"][0]["equilibria"][0]["payoffs"].popitem(), "pay all players"),
])
def test_a_malformed_file_is_refused_with_place_and_remedy(change: Any, told: str, tmp_path: Path) -> None:
    data = json.loads(certificate("classics/surge"))
    change(data)
    with pytest.raises(BadInput, match=told) as caught:
        checked(json.dumps(data), tmp_path)
    assert caught.value.place and caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 1, "a": 2}', "[" * 100_000, "[" * 600 + "]" * 600, '{"format": ' + "9" * 5000 + "}", "\ud800"])
def test_what_is_not_a_certificate_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput):
        verify(path)


def test_a_tree_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    data = json.loads(certificate("classics/surge"))
    node: Any = {"payoffs": dict.fromkeys(data["players"], "=0")}
    for _ in range(200):
        node = {"place": "", "players": ["nature"], "actions": [["on"]], "chances": {"on": "=1"}, "after": [[["on"], node]]}
    data["problem"] = node
    with pytest.raises(BadInput):
        checked(json.dumps(data), tmp_path)


def test_what_has_no_portable_certificate_is_named_with_the_reason() -> None:
    table, solver = load("classics/breakdown").problems["table"]
    with pytest.raises(NotApplicable, match="a limit of short periods"):
        certificate_json(solve(table, solver, at=table.notation.point()))
    with pytest.raises(NotApplicable, match="a limit or an interval"):
        certificate_json(solve(KINKED, bg.ContinuousRaiffa()))


def test_every_concept_is_portable_or_refused_with_a_reason() -> None:
    """Every concept that has a certificate in this package is verified as it is, written as another game, or refused: one of the three."""
    tree = ast.parse(Path(check.__file__).read_text(encoding="utf-8"))
    checker = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "_checker")
    table = next(node for node in ast.walk(checker) if isinstance(node, ast.Dict))
    concepts = {key.value for key in table.keys if isinstance(key, ast.Constant)}
    concepts |= {name.value for part in table.values if isinstance(part, ast.Call) for name in part.args[0].elts}  # type: ignore[attr-defined]
    assert len(concepts) > 60
    for concept in concepts - {"Nash equilibrium of a tree"}:  # a name inside the package: trees are written as stages
        assert sum(concept in known for known in (verifier.CONCEPTS, REDUCED, REFUSED)) == 1, concept
    assert not set(REDUCED) & set(verifier.CONCEPTS) and not set(REFUSED) & {*REDUCED, *verifier.CONCEPTS}


def test_an_action_that_the_game_lacks_proves_nothing(tmp_path: Path) -> None:
    """Weight on an unknown action would scale payoffs down, so that a bad strategy looks better where payoffs are negative."""
    data = json.loads(certificate_json(solve(bg.MatrixGame.from_arrays([[-1, -1], [-2, -2]], [[0, 0], [0, 0]]), bg.Nash())))
    found = data["regimes"][0]["equilibria"][0]
    found["strategies"]["row"][""] = {"r1": "=0", "r2": "=1/4", "nothing": "=3/4"}
    found["payoffs"]["row"] = "=-1/2"
    assert checked(json.dumps(data), tmp_path).refuted


def test_a_family_that_is_empty_somewhere_is_refuted(tmp_path: Path) -> None:
    data = json.loads(certificate("ukraine/burden", "compact", point=True))
    found = next(e for e in data["regimes"][0]["equilibria"] if e["free"])
    assert checked(json.dumps(data), tmp_path).verified
    found["free"].append([f"={data['variables'][0]} - 2", ">"])
    assert any(claim.startswith("family") for claim in checked(json.dumps(data), tmp_path).refuted)


def test_a_condition_on_parameters_cannot_hide_in_a_family(tmp_path: Path) -> None:
    data = json.loads(certificate("classics/surge"))
    for regime in data["regimes"]:
        regime["equilibria"][0]["payoffs"] = dict.fromkeys(data["players"], "=17")
        regime["equilibria"][0]["free"] = [["=1", "<"]]
    assert checked(json.dumps(data), tmp_path).refuted


def test_an_offer_whose_answers_leave_a_gap_is_refuted(tmp_path: Path) -> None:
    data = json.loads(certificate("classics/ultimatum"))
    pieces = next(iter(data["regimes"][0]["equilibria"][0]["pieces"].values()))
    pieces.pop()
    report = checked(json.dumps(data), tmp_path)
    assert any("without answer" in claim for claim in report.refuted)


def test_patience_of_one_is_refuted(tmp_path: Path) -> None:
    """Where nothing is lost by waiting, no gain from one deviation proves nothing."""
    data = json.loads(certificate("classics/rubinstein", "pie", point=True))
    stage = data["problem"]["stages"]["A proposes in talks"]
    stage["answer"]["after"][1][1]["payoffs"]["B"] = data["problem"]["values"]["B proposes in talks"]["B"]
    assert any(claim.startswith("patience") for claim in checked(json.dumps(data), tmp_path).refuted)


def test_the_command_line_writes_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "surge.json"
    assert main(["solve", "classics/surge", "--certificate", str(path), "--out", str(tmp_path / "answer.txt")]) == 0
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out.startswith("verified: subgame-perfect equilibrium")
    data = json.loads(path.read_text(encoding="utf-8"))
    data["regimes"].pop()
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert main(["verify", str(tmp_path / "absent.json")]) == 2


def test_the_verifier_is_small_and_stands_alone() -> None:
    """At most 300 lines in all; of the package it loads the errors, the grammar of expressions and the reading of files."""
    source = Path(verifier.__file__).read_text(encoding="utf-8")
    imports = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in imports if name.startswith("bargain")} == {"bargain.errors", "bargain.expressions", "bargain.inputs"}
    assert len(source.splitlines()) <= 300
    for name in ("expressions", "inputs", "errors"):
        below = ast.parse((Path(verifier.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        assert {node.module for node in ast.walk(below) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bargain")} <= {"bargain.errors"}
