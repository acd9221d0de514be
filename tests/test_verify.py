"""Portable certificates: the file of a right answer verifies, corrupted ones are refuted, malformed ones refused with the place."""

import ast
import copy
import json
import random
import tokenize
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import bargain as bg
from bargain import verify as verifier
from bargain.cli import main
from bargain.errors import BadInput, NotApplicable
from bargain.loading import load
from bargain.portable import certificate_json
from bargain.solving import solve
from bargain.verify import verify

REGIMES = ["classics/two_by_two", "classics/surge", "classics/trip_wire", "classics/deterrence"]
POINTS = [("classics/two_by_two", "matrix"), ("ukraine/guarantees", "matrix"), ("ukraine/guarantees", "proposal"), ("ukraine/leverage", "sequence"),
          ("ukraine/leverage", "race"), ("ukraine/enforcement", "ceasefire")]
GLOVES = bg.CoalitionalGame("Gloves", ("L", "R1", "R2"), {("L", "R1"): 1, ("L", "R2"): 1, ("L", "R1", "R2"): 1})
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
    kind = draw.choice(("paid", "weight", "moved weight", "condition", "missing", "swapped", "witness", "game"))
    shift = f"({draw.choice((-1, 1)) * Fraction(draw.randint(1, 40), draw.randint(1, 40))})"
    if kind == "paid":
        player = draw.choice(sorted(found["payoffs"]))
        found["payoffs"][player] += f" + {shift}"
    elif kind in ("weight", "moved weight"):
        lotteries = [own for places in found["strategies"].values() for own in places.values() if len(own) > 1]
        own = draw.choice(lotteries)
        first, second = draw.sample(sorted(own), 2)
        own[first] += f" + {shift}"
        if kind == "moved weight":  # the lottery still sums to one; a pure action leaves [0, 1]
            own[first], own[second] = f"{data_value(own[first])} + 2", f"({own[second]}) - ({shift}) - 2"
    elif kind == "condition":
        atoms = draw.choice(regime["cells"])["atoms"]
        if not atoms:
            return None
        atom = draw.choice(atoms)
        atom[1] = {"<": ">", ">": "<", "<=": ">", ">=": "<", "=": "!=", "!=": "="}[atom[1]]
    elif kind == "missing":
        if bad["overlapping"] or len(bad["regimes"]) == 1:
            return None
        bad["regimes"].remove(regime)
    elif kind == "swapped":
        other = draw.choice(bad["regimes"])
        if {json.dumps(e["payoffs"], sort_keys=True) for e in other["equilibria"]} & {json.dumps(e["payoffs"], sort_keys=True) for e in regime["equilibria"]}:
            return None
        other["equilibria"], regime["equilibria"] = regime["equilibria"], other["equilibria"]
    elif kind == "witness":
        cell = draw.choice(regime["cells"])
        strict = [atom for atom in (*bad["domain"],) if atom[1] in (">", "<", ">=", "<=") and not set(atom[0]) & set("*/(")]
        if not strict:
            return None
        gap, operator = draw.choice(strict)
        (name,) = [n for n in cell["witness"] if n in gap.replace("-", " ").replace("+", " ").split()]
        cell["witness"][name] = "-1000" if operator.startswith(">") else "1000"
    else:
        ends = list(paid_ends(bad["problem"]))
        for end in ends:
            player = min(end)
            end[player] = f"({end[player]}) + {shift}"
    return kind, bad


def data_value(text: str) -> str:
    return f"({text})"


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
    sources += [json.loads(certificate(name, problem, point=True)) for name, problem in POINTS if problem in ("matrix", "sequence", "race")]
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
    assert len(refuted(100, 20261, tmp_path, ["classics/trip_wire", "classics/deterrence"])) == 8


@pytest.mark.slow
def test_five_hundred_corruptions_are_refuted(tmp_path: Path) -> None:
    assert len(refuted(500, 20262, tmp_path, REGIMES[1:])) == 8


@pytest.mark.parametrize("kind", OTHERS)
def test_wrong_answers_of_other_concepts_are_refuted(kind: str, tmp_path: Path) -> None:
    good = json.loads(certificate_json(OTHERS[kind]()))
    for player in good["players"]:
        bad = copy.deepcopy(good)
        bad["regimes"][0]["equilibria"][0]["payoffs"][player] += " + 1/1000"
        assert checked(json.dumps(bad), tmp_path).refuted


def test_beliefs_against_bayes_are_refuted(tmp_path: Path) -> None:
    bad = json.loads(certificate_json(OTHERS["sequential"]()))
    bad["regimes"][0]["equilibria"][0]["beliefs"]["after a bet"] = ["1/2", "1/2"]
    assert any(claim.startswith("Bayes") for claim in checked(json.dumps(bad), tmp_path).refuted)


def test_a_time_out_is_never_a_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier._Prover, "possible", lambda self, claim: False if claim == "false" else None)
    report = checked(certificate("classics/surge"), tmp_path)
    assert report.undecided and not report.refuted and not report.verified


@pytest.mark.parametrize(("change", "told"), [
    (lambda d: d.update(extra=1), "unknown"),
    (lambda d: d.pop("domain"), "missing"),
    (lambda d: d.update(format="bargain certificate 99"), "format"),
    (lambda d: d.update(concept="wisdom"), "concept"),
    (lambda d: d["domain"].append(["__import__('os')", ">"]), "not allowed"),
    (lambda d: d["domain"].append(["no_such_name", ">"]), "unknown symbol"),
    (lambda d: d["domain"].append(["9**9**9", ">"]), "exponent"),
    (lambda d: d["domain"].append(["1", "=>"]), "operator"),
    (lambda d: d["domain"].append(["1/0", ">"]), "zero"),
    (lambda d: d["domain"].append([1, ">"]), "a text"),
    (lambda d: d["parameters"].append("x) (assert false"), "parameters"),
    (lambda d: d["players"].append(d["players"][0]), "once"),
    (lambda d: d["regimes"].clear(), "at least one regime"),
    (lambda d: d["regimes"][0]["cells"].clear(), "at least one regime"),
    (lambda d: d["problem"]["profiles"].pop(), "profile"),
    (lambda d: d["regimes"][0]["equilibria"][0]["strategies"].clear(), "lottery"),
    (lambda d: d["regimes"][0]["equilibria"][0]["payoffs"].pop("challenger", d["regimes"][0]["equilibria"][0]["payoffs"].popitem()), "missing"),
])
def test_a_malformed_file_is_refused_with_place_and_remedy(change: Any, told: str, tmp_path: Path) -> None:
    data = json.loads(certificate("classics/surge"))
    change(data)
    with pytest.raises(BadInput, match=told) as caught:
        checked(json.dumps(data), tmp_path)
    assert caught.value.place and caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 1, "a": 2}', "[" * 100_000, '{"format": ' + "9" * 5000 + "}", "\ud800"])
def test_what_is_not_a_certificate_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput):
        verify(path)


def test_a_tree_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    data = json.loads(certificate("classics/surge"))
    node: Any = {"payoffs": dict.fromkeys(data["players"], "0")}
    for _ in range(200):
        node = {"chances": {"on": ["1", node]}}
    data["problem"] = node
    with pytest.raises(BadInput):
        checked(json.dumps(data), tmp_path)


def test_a_concept_without_a_portable_certificate_is_named() -> None:
    table, solver = load("classics/rubinstein").problems["pie"]
    with pytest.raises(NotApplicable, match="no portable certificate yet for the Rubinstein equilibrium"):
        certificate_json(solve(table, solver, at=table.notation.point()))


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
    source = Path(verifier.__file__)
    imports = {node.module for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in imports if name.startswith("bargain")} == {"bargain.errors", "bargain.expressions"}
    with tokenize.open(source) as lines:
        kinds = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER, tokenize.STRING}
        code = {line for token in tokenize.generate_tokens(lines.readline) if token.type not in kinds for line in range(token.start[0], token.end[0] + 1)}
    assert len(code) <= 300
