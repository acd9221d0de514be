"""The classic models: complete and proved, and at points, knife edges included, what backward induction over a grid of offers gives."""

import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from types import ModuleType
from typing import Any

import pytest
import sympy as sp

from bargain import Game, Solution, Status, SubgamePerfect, solve
from bargain.cli import main
from bargain.games.nodes import Chance, Decision, Node, Offer, Terminal
from bargain.models.classics import crisis_status_quo, deterrence, power_shift, surge, trip_wire, two_by_two, ultimatum
from bargain.regions import GT, LT, NE, Cell, Region, Space

TREES = {"crisis": crisis_status_quo, "ultimatum": ultimatum, "trip_wire": trip_wire, "power_shift": power_shift, "surge": surge}
STEP = Fraction(1, 20)
Pair = tuple[Fraction, ...]


def fraction(value: Any) -> Fraction:
    value = sp.Rational(value)
    return Fraction(int(value.p), int(value.q))


@cache
def solved(name: str) -> Solution:
    problem, solver = TREES[name].model.main
    return solve(problem, solver)


class Grid:
    """All-ties backward induction in fractions, offers restricted to a grid; it shares no code with the solvers."""

    def __init__(self, game: Game, values: dict[sp.Symbol, Fraction]) -> None:
        self.players, self.values = game.players, values
        self.known: dict[int, Callable[..., list[Fraction]]] = {}

    def outcomes(self, node: Node, shares: tuple[Fraction, ...] = ()) -> list[Pair]:
        """Every payoff vector of a pure subgame-perfect equilibrium of the subgame."""
        if isinstance(node, Terminal):
            return [self.paid(node, shares)]
        if isinstance(node, Chance):
            weights = [fraction(probability.subs({s: sp.Rational(v.numerator, v.denominator) for s, v in self.values.items()})) for _, probability, _ in node.draws]
            branches = product(*(self.outcomes(child, shares) for _, _, child in node.draws))
            return [tuple(sum((w * v[i] for w, v in zip(weights, branch, strict=True)), Fraction(0)) for i in range(len(self.players))) for branch in branches]
        if isinstance(node, Offer):
            after = [self.outcomes(node.answer, (*shares, k * STEP)) for k in range(int(1 / STEP) + 1)]
        else:
            assert isinstance(node, Decision)
            after = [self.outcomes(child, shares) for _, child in node.moves]
        mover = self.players.index(node.player)
        floor = max(min(v[mover] for v in values) for values in after)
        return list(dict.fromkeys(v for values in after for v in values if v[mover] >= floor))

    def paid(self, node: Terminal, shares: tuple[Fraction, ...]) -> Pair:
        if id(node) not in self.known:
            symbols = [*self.values, *sp.symbols("x x_1 x_2", real=True)]
            self.known[id(node)] = sp.lambdify(symbols, [node.payoffs[player] for player in self.players], modules=[{"Rational": Fraction}])
        one, two = (shares + (Fraction(0), Fraction(0)))[:2]
        return tuple(Fraction(value) for value in self.known[id(node)](*self.values.values(), one, one, two))


def points(name: str, count: int) -> Iterator[dict[sp.Symbol, Fraction]]:
    """Admissible points whose cut-offs lie on the grid: multiples of a tenth, so that ties and corners occur often."""
    draw, space = random.Random(name), Space(TREES[name].NOTATION)
    found = 0
    while found < count:
        point = {p.symbol: Fraction(draw.randint(-3 if name == "ultimatum" else 0, 10), 10) for p in TREES[name].NOTATION}
        if name == "power_shift":
            point[power_shift.delta] = Fraction(1, 2)
        if name in ("surge", "trip_wire"):
            point = {s: Fraction(draw.randint(-1 if str(s) == "loss" else 0, 3), draw.choice((1, 2))) for s in point}
            point.update({s: Fraction(draw.randint(0, 4), 4) for s in point if str(s) == "q"})
        if space.contains({s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()}):
            found += 1
            yield point


@pytest.mark.parametrize("name", TREES)
def test_the_solution_of_every_tree_is_complete_and_proved(name: str) -> None:
    solution = solved(name)
    assert solution.status is Status.PROVED and solution.certificate.passed
    cells = [cell for regime in solution.regimes for cell in regime.condition]
    assert Space(TREES[name].NOTATION).uncovered([*cells, *solution.boundary.cells]).answer is False
    if name in ("crisis", "ultimatum", "power_shift"):
        assert solution.boundary == Region()  # knife edges are regimes of their own


@pytest.mark.parametrize("game", [deterrence.game, ultimatum.game, trip_wire.game, surge.game], ids=lambda game: game.title)
def test_knife_edges_can_be_solved_as_regimes_of_their_own(game: Game) -> None:
    solution = solve(game, SubgamePerfect(exact=True))
    assert solution.status is Status.PROVED and solution.boundary == Region()


@pytest.mark.parametrize("name", TREES)
def test_payoffs_agree_with_backward_induction_on_a_grid(name: str) -> None:
    game, solution, ties = TREES[name].model.main[0], solved(name), 0
    for point in points(name, 60):
        recomputed = Grid(game, point).outcomes(game.root)
        listed = {tuple(fraction(e.payoffs[p]) for p in game.players) for e in solution.at({s: str(v) for s, v in point.items()}).extreme}
        ties += len(listed) > 1
        assert listed <= set(recomputed), point
        slack = STEP if any(isinstance(node, Offer) for _, node in game.nodes()) else Fraction(0)
        assert all(any(all(abs(a - b) <= 2 * slack for a, b in zip(v, w, strict=True)) for w in listed) for v in recomputed), point
    assert ties or name in ("crisis", "ultimatum")  # the sample has knife edges; those of these two pay the same


# Crisis with a status quo: theory PE2.2 and PE2.3

def test_the_holder_of_the_status_quo_gets_the_smaller_of_it_and_the_price_of_peace_everywhere() -> None:
    m, solution = crisis_status_quo, solved("crisis")
    space = Space(m.NOTATION)
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            for cell in regime.condition:
                gap = equilibrium.payoffs["A"] - sp.Min(m.q, m.p + m.c_B)
                assert space.feasible(cell.where(gap, NE)).answer is False
    assert all("war" not in e.outcome for regime in solution.regimes for e in regime.extreme())


@pytest.mark.parametrize(("problem", "q", "paid"), [
    ("game", "7/10", "1/2"), ("game", "9/20", "9/20"), ("game", "1/2", "1/2"), ("ultimatum", "7/10", "1/2"), ("ultimatum", "9/20", "9/20")])
def test_the_recorded_crises_are_reproduced_in_both_forms(problem: str, q: str, paid: str) -> None:
    at = crisis_status_quo.model.at({"q": q})
    assert {e.payoffs["A"] for e in at.solution(problem).extreme} == {sp.Rational(paid)}


# Trip-wire alliance: theory D2.2 and D2.3

def test_the_deployment_and_the_reliability_needed_are_the_borders_of_deterrence() -> None:
    m = trip_wire
    at = m.model.at({"k": 8, "V": 3, "a": "1/2", "G": 3, "L": 5})
    assert at["deployment needed"] == 10 and at["reliability needed"] == sp.Rational(3, 8)
    (deterred,) = (r.condition for r in solved("trip_wire").regimes if r.equilibria[0].outcome == "status quo")
    space = Space(m.NOTATION)
    claimed = m.a * m.T - (m.k - m.V), m.q - m.G / (m.G + m.L)
    assert all(space.implies(deterred.cells[0], Cell().where(gap, GT)).answer is True for gap in claimed)
    quiet, fought, abandoned = "status quo", "attack/{able/fight | unable}", "attack/{able/abandon | unable}"
    expected = {(9, "1/4"): {abandoned}, (9, "1/2"): {abandoned}, (10, "1/4"): {fought, abandoned}, (10, "3/8"): {quiet, fought, abandoned},
                (10, "1/2"): {quiet, abandoned}, (11, "1/4"): {fought}, (11, "3/8"): {quiet, fought}, (11, "1/2"): {quiet}}
    assert {key: set(m.model.at(dict(zip("Tq", key, strict=True))).solution().outcomes) for key in expected} == expected


# Power shift: the closed form in two periods, and the trap where the future constraint binds

@pytest.mark.parametrize("draw", range(40))
def test_preventive_war_is_fought_iff_the_whole_pie_of_today_is_too_little(draw: int) -> None:
    dice = random.Random(draw)
    p_1, p_2 = sorted(Fraction(n, 40) for n in dice.sample(range(41), 2))
    c_A, c_B, delta = Fraction(dice.randint(1, 20), 20), Fraction(dice.randint(1, 20), 20), Fraction(dice.randint(1, 9), 10)
    if draw % 4 == 0:  # on the border, in either case
        c_B = max(Fraction(1, 100), delta - (1 + delta) * p_1 if draw % 8 else (delta * p_2 - (1 + delta) * p_1) / (1 - delta))
    gap = (1 + delta) * (1 - p_1) - c_B - 1 - delta * max(Fraction(0), 1 - p_2 - c_B)
    named = {"p_1": p_1, "p_2": p_2, "c_A": c_A, "c_B": c_B, "delta": delta}
    outcomes = set(solved("power_shift").at({name: str(value) for name, value in named.items()}).outcomes)
    assert outcomes == ({"war in period 1"} if gap > 0 else {"peace"} if gap < 0 else {"peace", "war in period 1"})


def test_the_interior_formula_overstates_the_cost_that_keeps_peace_where_the_future_constraint_binds() -> None:
    values = {"p_1": "1/10", "p_2": "3/4", "delta": "9/10"}
    at = power_shift.model.at(values)
    assert at["critical cost"] == sp.Rational(97, 20) and at["critical cost, capped"] == sp.Rational(71, 100)
    war = [solved("power_shift").at({**values, "c_B": c, "c_A": "1/5"}).outcomes for c in ("7/10", "71/100", "72/100")]
    assert [set(outcomes) for outcomes in war] == [{"war in period 1"}, {"war in period 1", "peace"}, {"peace"}]


# Surge with complete information

def test_a_threat_brings_a_settlement_iff_it_is_believed_and_feared_or_the_terms_are_welcome() -> None:
    m, space = surge, Space(surge.NOTATION)
    works = [cell for regime in solved("surge").regimes if regime.equilibria[0].outcome == "settlement" for cell in regime.condition]
    believed, feared, welcome = m.g - m.k * m.T + m.alpha, m.D * m.T - m.loss, -m.loss - m.b
    claimed = [Cell().where(believed, GT).where(feared, GT), Cell().where(believed, LT).where(welcome, GT)]
    for left, right in ((works, claimed), (claimed, works)):
        assert all(space.uncovered(right, cell).answer is False for cell in left)


# The command line, in all formats

@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
@pytest.mark.parametrize("name", ["crisis_status_quo", "trip_wire", "power_shift", "surge", "two_by_two"])
def test_the_command_line_solves_every_classic_in_every_format(name: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", f"classics/{name}", "--at", "baseline", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert printed
    if form == "json":
        data = json.loads(printed)
        assert data["complete"] is True and all(holds in (True, False) for holds in data["claims"].values())


@pytest.mark.parametrize("module", [crisis_status_quo, trip_wire, power_shift, surge, two_by_two])
def test_every_row_of_the_notation_names_its_source(module: ModuleType) -> None:
    assert all(parameter.source and parameter.prior and parameter.baseline is not None for parameter in module.NOTATION)


def test_the_ultimatum_form_is_complete_and_agrees_with_a_grid_of_offers_also_where_both_refusals_tie() -> None:
    m = crisis_status_quo
    solution, ties = solve(m.ultimatum, SubgamePerfect(exact=True)), 0
    assert solution.status is Status.PROVED and solution.boundary == Region()
    for number, point in enumerate(points("crisis", 60)):
        if number % 2 and point[m.q] > point[m.p]:
            point[m.c_B] = point[m.q] - point[m.p]
        ties += point[m.q] == point[m.p] + point[m.c_B]
        recomputed = set(Grid(m.ultimatum, point).outcomes(m.ultimatum.root))
        listed = {tuple(fraction(e.payoffs[p]) for p in m.ultimatum.players) for e in solution.at({s: str(v) for s, v in point.items()}).extreme}
        assert listed <= recomputed, point
        assert all(any(all(abs(a - b) <= 2 * STEP for a, b in zip(v, w, strict=True)) for w in listed) for v in recomputed), point
    assert ties >= 10
