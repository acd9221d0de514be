"""Tables: conditions read as a person writes them, rows are data, every writer agrees with them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse
from bargain.games import AlternatingOffers, Game, MatrixGame, decision, offer, payoffs
from bargain.notation import Notation, Parameter
from bargain.regions.cells import Cell, Region
from bargain.solution import Certificate, Component, Equilibrium, Regime, Solution, Status
from bargain.tables import (
    Condition,
    Phrase,
    Table,
    claims_rows,
    game_rows,
    matrix_rows,
    notation_rows,
    solution_rows,
    to_csv,
    to_html,
    to_json,
    to_text,
)
from bargain.tables.data import plain
from bargain.tables.mathematics import TEXT, tidy
from bargain.tables.table import render

ROOT = Path(__file__).resolve().parent.parent
g, l, a, w_C, w_D = sp.symbols("g l a w_C w_D", real=True)  # noqa: E741
x, w_A, w_B = sp.symbols("x w_A w_B", real=True)
ONE, ZERO = sp.Integer(1), sp.Integer(0)


@dataclass(frozen=True)
class _Solver:
    concept: str = "subgame-perfect equilibrium"


def deterrence() -> Solution:
    """Example 1 of the theory notes, its regimes written by hand."""
    notation = Notation((Parameter(g, "gain", domain=">0"), Parameter(l, "loss", domain=">0"), Parameter(a, "audience cost", domain=">0"),
                         Parameter(w_C, "war, challenger"), Parameter(w_D, "war, defender")))
    last = decision("C", back_down=payoffs(C=-a, D=0, label="BD"), press=payoffs(C=w_C, D=w_D, label="W"))
    reply = decision("D", concede=payoffs(C=g, D=-l, label="CD"), resist=last)
    game = Game("Deterrence game", ("C", "D"), notation, decision("C", hold=payoffs(C=0, D=0, label="SQ"), challenge=reply))

    def regime(cell: Cell, first: str, second: str, third: str, outcome: str, u_C: sp.Expr, u_D: sp.Expr) -> Regime:
        strategies = {"C": {"(start)": {first: ONE}, "challenge/resist": {third: ONE}}, "D": {"challenge": {second: ONE}}}
        return Regime(Region((cell,)), (Equilibrium("SPE", strategies, {"C": u_C, "D": u_D}, (first,), outcome),))

    regimes = (regime(Cell.of(w_C < -a), "hold", "resist", "back_down", "SQ", ZERO, ZERO),
               regime(Cell.of(w_C > -a, w_D < -l), "challenge", "concede", "press", "CD", g, -l),
               regime(Cell.of(w_C > 0, w_D > -l), "challenge", "resist", "press", "W", w_C, w_D),
               regime(Cell.of(w_C > -a, w_C < 0, w_D > -l), "hold", "resist", "press", "SQ", ZERO, ZERO))
    border = Region((Cell.of(sp.Eq(w_C, -a)), Cell.of(sp.Eq(w_D, -l), w_C > -a), Cell.of(sp.Eq(w_C, 0), w_D > -l)))
    return Solution(game, _Solver(), Status.PROVED, regimes, Certificate(ZERO, ("deviations: 12 checked",)), border)


def ultimatum() -> Solution:
    """Example 2 of the theory notes, cells 1 to 3."""
    notation = Notation((Parameter(w_A, "outside option of A"), Parameter(w_B, "outside option of B")))
    answer = decision("B", accept=payoffs(A=x, B=1 - x, label="deal"), reject=payoffs(A=w_A, B=w_B, label="none"))
    game = Game("Ultimatum", ("A", "B"), notation, offer("A", x, between=(0, 1), answer=answer))

    def regime(cell: Cell, proposal: str, rule: sp.Expr, outcome: str, u: tuple[sp.Expr, sp.Expr], found: dict[str, sp.Expr]) -> Regime:
        strategies = {"A": {"(start)": {proposal: ONE}}, "B": {"offer x": {"accept": rule, "reject": 1 - rule}}}
        return Regime(Region((cell,)), (Equilibrium("SPE", strategies, dict(zip("AB", u, strict=True)), (proposal,), outcome, quantities=found),))

    weak, strict = (sp.Piecewise((1, relation), (0, True)) for relation in (x <= 1 - w_B, x < 1 - w_B))
    return Solution(game, _Solver(), Status.PROVED, (
        regime(Cell.of(w_B < 0), "x = 1", ONE, "deal", (ONE, ZERO), {"x": ONE}),
        regime(Cell.of(w_B >= 0, w_B < 1, w_A < 1 - w_B), "x = 1 - w_B", weak, "deal", (1 - w_B, w_B), {"x": 1 - w_B}),
        regime(Cell.of(w_B > 0, w_B <= 1, w_A > 1 - w_B), "x in [1 - w_B, 1]", strict, "none", (w_A, w_B), {})))


def component() -> Solution:
    """A 2x2 game in which either side may give up one action."""
    game = MatrixGame.from_arrays([[1, 1], [1, 0]], [[1, 1], [1, 0]], title="Overlap", actions=(("up", "down"), ("left", "right")))

    def vertex(row: str, column: str) -> Equilibrium:
        third = sp.Rational(1, 3)
        strategies = {"row": {"": {"up": third, "down": 1 - third} if row == "mix" else {row: ONE}}, "column": {"": {column: ONE}}}
        return Equilibrium("Nash equilibrium", strategies, {"row": ONE, "column": ONE})

    parts = Component((vertex("up", "left"), vertex("mix", "left"), vertex("up", "right")), ((0, 1), (0, 2)))
    return Solution(game, _Solver("Nash equilibrium"), Status.CERTIFIED, (Regime(Region.everything(), (parts,)),))


# Refusals

def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(BadInput, match="row 1 has 1 values for 2 columns"):
        Table("t", ("a", "b"), ((1,),))


# Conditions

def test_the_deterrence_cells_read_as_in_the_paper() -> None:
    records = solution_rows(deterrence()).records()
    assert [row["Condition"] for row in records] == ["w_C < -a", "w_C > -a, w_D < -l", "w_C > 0, w_D > -l", "-a < w_C < 0, w_D > -l"]


def test_the_ultimatum_cells_read_as_in_the_paper() -> None:
    records = solution_rows(ultimatum()).records()
    assert [row["Condition"] for row in records] == ["w_B < 0", "0 <= w_B < 1, w_A < 1 - w_B", "0 < w_B <= 1, w_A > 1 - w_B"]


def test_an_empty_conjunction_is_always_and_an_empty_union_never() -> None:
    assert (str(Condition.of(Cell())), str(Condition.of(Region())), Condition.of(Cell()).code()) == ("always", "never", "true")


def _surge() -> tuple[Notation, Cell]:
    V, p, d, k, c, f = sp.symbols("V p d k c f", real=True)
    rows = [Parameter(s, "", domain="(0, 1)" if s in (p, d) else ">0") for s in (V, p, d, k, c, f)]
    return Notation(tuple(rows)), Cell.of(k <= f + p * (1 - d) * V, c < (1 - d) * (1 - p) * V)


@pytest.mark.parametrize(("by", "expected"), [
    ((), "k <= V*p*(1 - d) + f, c < V*(1 - d)*(1 - p)"),
    (("c", "k"), "c < V*(1 - d)*(1 - p), k <= V*p*(1 - d) + f"),
    (("V",), "V > c/((1 - d)*(1 - p)), V >= (k - f)/(p*(1 - d))"),
    (("f", "c"), "f >= k - V*p*(1 - d), c < V*(1 - d)*(1 - p)"),
])
def test_conditions_are_solved_for_the_parameters_asked_for_with_positive_factors(by: tuple[str, ...], expected: str) -> None:
    notation, cell = _surge()
    assert str(Condition.of(cell, notation, by=by)) == expected


def test_a_coefficient_of_unknown_sign_is_not_divided_by() -> None:
    b, y = sp.symbols("b y", real=True)
    notation = Notation((Parameter(b, "slope"), Parameter(y, "value")))
    assert str(Condition.of(Cell.of(b * y < 1 + b**2), notation, by=["y"])) == "b**2 + 1 > b*y"


def test_a_printed_condition_holds_where_the_cell_holds() -> None:
    notation, cell = _surge()
    names = notation.names
    for by in ([], ["V"], ["p"], ["d", "c"], ["f"]):
        code = Condition.of(cell, notation, by=by).code()
        for seed in range(40):
            values = {s: sp.Rational((seed * 37 + i * 61) % 89 + 1, 90) for i, s in enumerate(notation.symbols)}
            signs = {body: int(sp.sign(body.subs(values))) for body, _ in cell.atoms}
            printed = eval(code, {}, {name: Fraction(int(values[s].p), int(values[s].q)) for name, s in names.items()})
            assert printed == cell.holds_at(signs), (by, seed)


def test_numbers_known_from_an_equation_are_put_into_the_other_bounds() -> None:
    assert str(Condition.of(Cell.of(sp.Eq(w_B, 0), w_A > 1 - w_B), by=[w_A])) == "w_A > 1, w_B = 0"


def test_unions_are_joined_with_or() -> None:
    assert str(Condition.of(Region((Cell.of(w_A < 0), Cell.of(w_A > 1))))) == "w_A < 0 or w_A > 1"
    both = Region((Cell.of(w_A < 0, w_B > 0), Cell.of(w_A > 1)))
    assert str(Condition.of(both)) == "w_A < 0, w_B > 0; or w_A > 1"
    assert Condition.of(both).code() == "(w_A < 0 and w_B > 0) or (w_A > 1)"


def test_three_spellings_of_one_condition() -> None:
    condition = Condition.of(Cell.of(w_B >= 0, w_B < 1))
    assert condition.latex() == r"$0 \le w_{B} < 1$"
    assert condition.html() == "0 ≤ <i>w</i><sub>B</sub> &lt; 1"


def test_tidying_never_changes_a_value() -> None:
    V, d, p = sp.symbols("V d p", real=True)
    for formula in (V * (d - 1) * (p - 1), (d - 1) / (d * p - 1), 1 / (d - 1), -V * (d - 1) ** 3, V - V * d + p,
                    (d - 1) * (p - 1) * (d - p) / (V - 3)):
        assert sp.simplify(tidy(formula) - formula) == 0
    assert str(tidy((d - 1) / (d * p - 1))) == "(1 - d)/(-d*p + 1)"


# Rows

def test_pure_profiles_follow_the_tree_and_leave_probabilities_out() -> None:
    assert solution_rows(deterrence()).records()[0] == {
        "Cell": "I", "Condition": "w_C < -a", "Equilibrium profile": "hold; resist; back down", "Outcome": "SQ", "u_C": 0, "u_D": 0}


def test_an_offer_shows_the_proposal_and_the_acceptance_rule() -> None:
    profiles = [row["Equilibrium profile"] for row in solution_rows(ultimatum()).records()]
    assert profiles == ["x = 1; accept", "x = 1 - w_B; accept iff x <= 1 - w_B", "any x in [1 - w_B, 1]; accept iff x < 1 - w_B"]


def test_notes_name_the_solver_the_status_and_the_boundary() -> None:
    notes = [render(note, TEXT) for note in solution_rows(deterrence()).notes]
    assert notes[0].startswith("Solver: _Solver(") and notes[1].startswith("Status: proved for all parameters")
    assert "{w_C = -a} ∪ {w_C > -a, w_D = -l} ∪ {w_C = 0, w_D > -l}" in notes[2] and "adjacent regimes coexist" in notes[2]


def test_a_component_is_listed_by_its_extreme_points() -> None:
    table = solution_rows(component())
    assert [row["No."] for row in table.records()] == [f"component 1, extreme point {i}" for i in (1, 2, 3)]
    assert table.records()[1]["row"] == "1/3 up + 2/3 down" and "Condition" not in table.records()[0]
    assert "{1, 2}, {1, 3}" in table.notes[-1]


def test_a_table_of_alternating_offers_shows_proposals_then_rules() -> None:
    d1, d2 = sp.symbols("d1 d2", real=True)
    unit = Notation((Parameter(d1, "patience", domain="(0, 1)"), Parameter(d2, "patience", domain="(0, 1)")))
    pie = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d1, "B": d2}, unit)
    share = (d2 - 1) / (d1 * d2 - 1)
    rule = {"accept": sp.Piecewise((1, x <= share), (0, True))}
    strategies = {"A": {"propose[talks]": {f"x = {share}": ONE}}, "B": {"respond[talks]": rule}}
    found = Equilibrium("Rubinstein equilibrium", strategies, {"A": share, "B": 1 - share}, outcome="agreement", quantities={"x_A": share})
    solution = Solution(pie, _Solver("Rubinstein equilibrium"), Status.PROVED, (Regime(Region.everything(), (found,)),))
    assert solution_rows(solution).records()[0]["Equilibrium profile"] == "A: x = (1 - d2)/(1 - d1*d2); B: accept iff x <= (1 - d2)/(1 - d1*d2)"


def test_games_list_their_ends_and_matrices_their_cells() -> None:
    assert game_rows(deterrence().problem).records()[2] == {"Moves": "challenge, resist, back down", "Outcome": "BD", "u_C": "-a", "u_D": 0}
    assert matrix_rows(component().problem).records()[1] == {"row / column": "down", "left": "1, 1", "right": "0, 0"}
    three = MatrixGame("three", ("a", "b", "c"), (("l",), ("m",), ("n", "o")), {("l", "m", "n"): (1, 2, 3), ("l", "m", "o"): (4, 5, 6)})
    assert matrix_rows(three).records()[1] == {"a": "l", "b": "m", "c": "o", "u_a": 4, "u_b": 5, "u_c": 6}


def test_the_notation_table_shows_decimals_and_joint_assumptions() -> None:
    p, q = sp.symbols("p q", real=True)
    table = notation_rows(Notation((Parameter(p, "high", domain="(0, 1]", baseline="0.35", prior=("1/3", "0.5")), Parameter(q, "low")), (q < p,)))
    assert table.records()[0] == {"Symbol": "p", "Meaning": "high", "Domain": "(0, 1]", "Baseline": "0.35", "Prior": "[1/3, 0.5]"}
    assert render(table.notes[0], TEXT) == "Assumptions: q < p."


def test_claims_hold_fail_or_are_not_decided() -> None:
    rows = claims_rows([{"claim": "a", "holds": True, "note": "n"}, {"claim": "b", "holds": False}, {"claim": "c", "holds": None}]).records()
    assert [row["Holds"] for row in rows] == ["holds", "fails", "not decided"]


# Writers

def test_text_stays_within_its_width_and_is_plain() -> None:
    for width in (60, 100):
        text = to_text(solution_rows(deterrence()), width=width)
        assert max(map(len, text.splitlines())) <= width and "\x1b" not in text
    assert "\x1b" in to_text(solution_rows(deterrence()), color=True)


def test_html_is_escaped_and_accessible() -> None:
    html = to_html(Table("<R&D>", ("a<b", "c"), (("<script>", Condition.of(Cell.of(w_A < 0))),), ("5 > 4",)))
    assert "<script>" not in html and "&lt;R&amp;D&gt;" in html and "5 &gt; 4" in html
    assert '<th scope="col">a&lt;b</th>' in html and '<th scope="row">&lt;script&gt;</th>' in html and "<caption>" in html


def test_csv_has_headings_and_every_row() -> None:
    lines = to_csv(solution_rows(deterrence())).splitlines()
    assert lines[0] == "Cell,Condition,Equilibrium profile,Outcome,u_C,u_D" and lines[4] == 'IV,"-a < w_C < 0, w_D > -l",hold; resist; press,SQ,0,0'


def test_json_has_the_agreed_keys_and_survives_dumping() -> None:
    document = to_json(deterrence(), model="m", parameters={"a": "3/7", g: sp.Rational(1, 2), "k": 0.25}, quantities={"q": {"n": [sp.sqrt(2), True]}},
                       claims={"war is costly": True})
    assert list(document) == ["model", "concept", "parameters", "status", "complete", "regimes", "quantities", "claims", "certificate"]
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["parameters"] == {"a": "3/7", "g": "1/2", "k": 0.25} and document["complete"] is True
    assert document["quantities"] == {"q": {"n": [1.4142135623730951, True]}}
    assert document["certificate"] == {"max_regret": "0", "checks": ["deviations: 12 checked"]}
    first = document["regimes"][0]
    assert list(first) == ["condition", "equilibria"] and list(first["equilibria"][0]) == ["path", "outcome", "strategies", "beliefs", "payoffs"]
    assert first["equilibria"][0]["strategies"]["C"]["challenge/resist"] == {"back_down": "1"}


def test_json_of_a_component_lists_its_vertices_without_nodes() -> None:
    document = to_json(component())
    assert document["regimes"][0]["condition"] == "true"
    item = document["regimes"][0]["equilibria"][0]
    assert item["component"] is True and item["subsets"] == [[0, 1], [0, 2]]
    assert item["vertices"][1]["strategies"]["row"] == {"up": "1/3", "down": "2/3"}


def test_json_formulas_are_read_back_by_the_plain_parser() -> None:
    d1, d2 = sp.symbols("d1 d2", real=True)
    for formula in ((1 - d2) / (1 - d1 * d2), d1**3 - sp.Rational(3, 7) * d2, sp.exp(-d1 * d2), sp.Max(d1, d2), sp.sqrt(d1), sp.Abs(d1)):
        assert sp.simplify(parse(plain(formula), {"d1": d1, "d2": d2}) - formula) == 0


def test_json_rules_for_offers_are_cases() -> None:
    rule = to_json(ultimatum())["regimes"][1]["equilibria"][0]["strategies"]["B"]["offer x"]["accept"]
    assert rule == {"cases": [{"when": "x <= 1 - w_B", "value": "1"}, {"when": "otherwise", "value": "0"}]}


def test_output_does_not_depend_on_the_hash_seed() -> None:
    code = ("import test_tables as t; from bargain.latex import latex; from bargain.tables import *; notation, cell = t._surge()\n"
            "s = [solution_rows(f()) for f in (t.deterrence, t.ultimatum, t.component)]\n"
            "print([(to_text(i), to_html(i), latex(i)) for i in s], to_json(t.deterrence()), Condition.of(cell, notation))")
    outputs = set()
    for seed in ("0", "1", "42"):
        paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, env=environment, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_a_phrase_joins_words_and_formulas() -> None:
    assert render(Phrase.join("; ", ["a", Phrase.of("b ", sp.Rational(1, 2))]), TEXT) == "a; b 1/2"
