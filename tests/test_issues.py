"""Several issues at one table, unanimity of several players, and the classic models of the bargaining table."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import (
    Agenda,
    InvalidModel,
    Issue,
    Issues,
    NashBargaining,
    NotApplicable,
    Notation,
    Package,
    Parameter,
    RandomProposer,
    Rotating,
    Stationary,
    Status,
    Unanimity,
    solve,
)
from bargain.certify import certify
from bargain.cli import main
from bargain.loading import load
from bargain.models.classics.log_rolling import model as log_rolling

R = sp.Rational
d, a = sp.symbols("d a", real=True)
COMMON = Notation((Parameter(d, "patience", domain="(0, 1)"),))


def talks(worth: dict[str, tuple[Any, Any]], factor: Any, **more: Any) -> Issues:
    return Issues("Talks", ("A", "B"), tuple(Issue(name, dict(zip("AB", pair, strict=True))) for name, pair in worth.items()), {"A": factor, "B": factor}, **more)


TRADE = {"x": (2, 1), "y": (1, 2)}


# Several issues

@pytest.mark.parametrize("change", [{"issues": ()}, {"issues": (Issue("x", {"A": 1}),)}, {"issues": (Issue("x", {"A": 1, "B": 0}),)},
                                    {"discount": {"A": 1, "B": "1/2"}}, {"players": ("A", "A")},
                                    {"issues": (Issue("x", {"A": 1, "B": 1}, False), Issue("y", {"A": 1, "B": 1})), "lotteries": False}])
def test_issues_that_do_not_add_up_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidModel):
        replace(talks(TRADE, "1/2"), **change)


def test_what_a_concept_does_not_cover_is_refused() -> None:
    with pytest.raises(NotApplicable):
        solve(talks(TRADE, "1/2"), Agenda(("x", "x")))
    with pytest.raises(NotApplicable):
        solve(talks(TRADE, "1/2", disagreement={"A": "1/2", "B": 0}), Agenda())
    with pytest.raises(NotApplicable):
        talks({"x": (a, 1)}, "1/2", notation=Notation((Parameter(a, "worth", domain=">0"),))).problem()


def test_a_package_lies_near_the_corner_where_each_gets_what_it_values_more() -> None:                               # MI1.1, MI1.2
    solution = solve(talks(TRADE, d, notation=COMMON), Package())
    paid = solution.extreme[0].payoffs
    assert solution.status is Status.PROVED and [sp.cancel(paid["A"] - 6 / (2 + d)), sp.cancel(paid["B"] - 6 * d / (2 + d))] == [0, 0]
    assert solve(talks(TRADE, "4/5"), Package()).extreme[0].payoffs == {"A": R(15, 7), "B": R(12, 7)}
    assert solve(talks(TRADE, "4/5").problem(), NashBargaining()).extreme[0].payoffs == {"A": 2, "B": 2}
    assert [sum(issue.worth[p] for issue in talks(TRADE, "4/5").issues) / 2 for p in "AB"] == [R(3, 2), R(3, 2)]


@pytest.mark.parametrize(("worth", "shares"), [(TRADE, (R(25, 27), R(37, 54))), ({"x": (4, 4), "y": (1, 1)}, (R(5, 9), R(5, 12)))])
def test_issue_by_issue_the_first_is_split_in_view_of_the_second(worth: Any, shares: Any) -> None:                    # MI2.1, MI2.2
    solution = solve(talks(worth, "4/5"), Agenda())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    assert tuple(solution.extreme[0].quantities[f"A's share of x when {p} proposes"] for p in "AB") == shares


def test_with_free_patience_an_agenda_has_corners_and_an_interior() -> None:
    solution = solve(talks(TRADE, d, notation=COMMON), Agenda())
    assert solution.status is Status.PROVED
    for value in (R(1, 10), R(3, 10), R(2, 5), R(3, 5), R(9, 10)):
        assert solution.at({d: value}).extreme[0].payoffs == solve(talks(TRADE, value), Agenda()).extreme[0].payoffs


def test_an_agenda_with_free_worths_is_proved_although_the_symbols_carry_no_sign() -> None:
    problem, solver = log_rolling.problems["agenda"]
    solution = solve(problem, solver)
    assert solution.status is Status.PROVED
    for worth, value in ((R(3, 2), R(1, 10)), (R(3), R(1, 4)), (R(3), R(9, 10))):
        assert solution.at(a=worth, d=value).extreme[0].payoffs == solve(problem.at({"a": worth, "d": value}), solver).extreme[0].payoffs


def on_frontier(worth: list[tuple[float, float]], given: float, side: int) -> float:
    """The most the other side can get if `side` gets `given`, by filling a knapsack."""
    rest, total = given, 0.0
    for pair in sorted(worth, key=lambda pair: -pair[side] / pair[1 - side]):
        part = min(1.0, max(0.0, rest / pair[side]))
        rest, total = rest - part * pair[side], total + (1 - part) * pair[1 - side]
    return total


@pytest.mark.parametrize("seed", range(8))
def test_packages_of_random_issues_agree_with_iteration_on_the_frontier(seed: int) -> None:
    random = Random(seed)
    worth = [(random.randint(1, 9), random.randint(1, 9)) for _ in range(random.randint(1, 5))]
    factors = {"A": R(random.randint(5, 19), 20), "B": R(random.randint(5, 19), 20)}
    flow = {"A": R(random.randint(0, 2), 9), "B": R(random.randint(0, 2), 9)}
    problem = Issues("Random", ("A", "B"), tuple(Issue(f"i{k}", {"A": p, "B": q}) for k, (p, q) in enumerate(worth)), factors, flow)
    solution = solve(problem, Package())
    pairs = [(float(p), float(q)) for p, q in worth]
    mine, theirs = 0.0, 0.0
    for _ in range(3000):
        mine = on_frontier(pairs, (1 - float(factors["B"])) * float(flow["B"]) + float(factors["B"]) * theirs, 1)
        theirs = on_frontier(pairs, (1 - float(factors["A"])) * float(flow["A"]) + float(factors["A"]) * mine, 0)
    assert len(solution.extreme) == 1 and float(solution.extreme[0].payoffs["A"]) == pytest.approx(mine, abs=1e-9)


def test_on_a_grid_of_money_every_split_is_an_equilibrium() -> None:                                                  # R6.1
    """The caution: offers must not be made discrete. With a coarse grid and patience 19/20 all eleven splits are supported."""
    coins = Issues("Coins", ("A", "B"), tuple(Issue(str(k), {"A": 1, "B": 1}, False) for k in range(10)), {"A": "19/20", "B": "19/20"}, lotteries=False)
    found = {e.payoffs["A"] for e in solve(coins, Package()).extreme}
    assert found == set(range(11))
    assert solve(replace(coins, lotteries=True), Package()).extreme[0].payoffs["A"] == R(200, 39)


def test_a_swap_of_indivisible_territories_is_an_equilibrium_without_lotteries() -> None:
    swap = Issues("Swap", ("U", "R"), (Issue("Kursk", {"U": 1, "R": 5}, False), Issue("Kharkiv", {"U": 5, "R": 1}, False)),
                  {"U": "9/10", "R": "9/10"}, lotteries=False)
    assert sorted(swap.problem().points) == [(0, 6), (1, 1), (5, 5), (6, 0)]
    found = [e.payoffs for e in solve(swap, Package()).extreme]
    assert {"U": 5, "R": 5} in found and {"U": 1, "R": 1} not in found


def test_wrong_packages_are_refuted() -> None:
    for problem, solver in ((talks(TRADE, "4/5"), Package()), (talks(TRADE, "4/5"), Agenda()),
                            (Unanimity("U", ("A", "B", "C"), dict.fromkeys("ABC", "9/10"), exit=True), Rotating())):
        solution = solve(problem, solver)
        right = solution.extreme[0]
        for name in right.quantities:
            wrong = replace(right, quantities={**right.quantities, name: right.quantities[name] + R(1, 97)})
            assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted, name


# Unanimity

@pytest.mark.parametrize(("count", "factor"), [(3, R(9, 10)), (4, R(1, 2))])
def test_rotating_proposers_share_in_powers_of_patience(count: int, factor: sp.Expr) -> None:                         # U1.1, U1.2
    players = tuple("ABCD"[:count])
    paid = solve(Unanimity("U", players, dict.fromkeys(players, factor)), Rotating()).extreme[0].payoffs
    total = sum(factor**k for k in range(count))
    assert [paid[p] for p in players] == [factor**k / total for k in range(count)]


@pytest.mark.parametrize(("count", "factor"), [(3, R(9, 10)), (5, R(4, 5))])
def test_with_exit_all_responders_get_the_same(count: int, factor: sp.Expr) -> None:                                  # U2.1, U2.2
    players = tuple("ABCDE"[:count])
    paid = solve(Unanimity("U", players, dict.fromkeys(players, factor), exit=True), Rotating()).extreme[0].payoffs
    assert [paid[p] for p in players] == [1 / (1 + (count - 1) * factor)] + [factor / (1 + (count - 1) * factor)] * (count - 1)


def test_unequal_patience_under_unanimity_agrees_with_iteration() -> None:
    factors = {"A": R(9, 10), "B": R(3, 5), "C": R(4, 5), "D": R(7, 10)}
    paid = solve(Unanimity("U", tuple(factors), factors), Rotating()).extreme[0].payoffs
    value = [[0.25] * 4 for _ in range(4)]
    rates = [float(f) for f in factors.values()]
    for _ in range(800):
        value = [[rates[j] * value[(i + 1) % 4][j] if j != i else 1 - sum(rates[k] * value[(i + 1) % 4][k] for k in range(4) if k != i)
                  for j in range(4)] for i in range(4)]
    assert [float(paid[p]) for p in factors] == pytest.approx(value[0], abs=1e-9)


def test_without_exit_only_stationarity_singles_out_a_division() -> None:                                             # U1.3
    """A deviating proposer is refused by a responder who is promised everything next: possible for every offer once d is at least 1/(n - 1)."""
    waits = solve(Unanimity("U", ("A", "B", "C"), dict.fromkeys("ABC", R(1, 2))), Rotating())
    assert "stationary only" in waits.stats["uniqueness"]
    assert "unique" in solve(Unanimity("U", ("A", "B"), dict.fromkeys("AB", R(1, 2))), Rotating()).stats["uniqueness"]
    for count in (3, 4, 5):  # every offer leaves some responder at most 1/(n - 1); promised all of the next pie he refuses if d is at least that
        assert max(min(R(k, 60), R(60 - k, 60) / (count - 2)) for k in range(61)) == R(1, count - 1)


def test_random_recognition_under_unanimity() -> None:                                                                # P1.3
    problem = RandomProposer("U", ("A", "B", "C"), {"A": "1/2", "B": "1/4", "C": "1/4"}, {"A": "9/10", "B": "19/20", "C": "4/5"}, 3)
    assert list(solve(problem, Stationary()).extreme[0].payoffs.values()) == [R(4, 9), R(4, 9), R(1, 9)]


# Models

@pytest.mark.parametrize("name", ["rubinstein", pytest.param("outside_option", marks=pytest.mark.slow), pytest.param("breakdown", marks=pytest.mark.slow),
                                  "finite_horizon", "fixed_costs", pytest.param("risk_aversion", marks=pytest.mark.slow), "log_rolling", "unanimity"])
def test_the_classic_tables_are_solved_certified_and_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = load(f"classics/{name}")
    at = model.at({})
    for problem in model.problems:
        assert at.solution(problem).status is Status.CERTIFIED, problem
    for style in ("text", "json", "latex", "html", "csv"):
        assert main(["solve", f"classics/{name}", "--format", style]) == 0
        printed = capsys.readouterr().out
        assert printed and (style != "json" or json.loads(printed))
    assert main(["show", f"classics/{name}"]) == 0 and main(["claims", f"classics/{name}"]) == 0
