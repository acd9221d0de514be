"""Certificates held against answers that lack something, or say the right things of the wrong names; and what no moved number can show."""

import re
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from certified_cases import MAKERS, solved
from flint import arb, ctx
from test_certify_sharp import DEAR, SLOW
from test_certify_sharp_b import _mine, alterations

import bargain as bg
from bargain.certify import agenda, audience, axiomatic, certify, coalitional, cover, curved_frontier, deviations, finite_horizon, frontier_path, logit, many_players
from bargain.errors import BargainError, NotDecided, TooLarge
from bargain.findings.selected import Fallen, TremblingHand
from bargain.notation import Notation
from bargain.regions import GT, LE, Cell, Space
from bargain.regions.space import Verdict
from bargain.solution import Equilibrium, Solution
from bargain.solvers import ExtensiveFormPerfect

R = sp.Rational
NAMES = [name for name in MAKERS if name not in (*DEAR, "core: empty") and not any(slow in name for slow in SLOW) and not _mine(name)]
LESS = (  # answers that are still right, as they only say less, or the same: (case, place, why)
    ("", r"\.(path|outcome|reason|dropped|notion|others)\b", "read off strategies and payoffs, or reasons in words, or other orders of elimination"),
    ("", r"quantities without (x$|Nash bargaining|share \d)|(strategies|lottery).* without ", "a statement that is left out, or what has no weight"),
    ("", r"conjectures(\[\w+\])? (without|\w+ before)", "of two survivors one needs no conjecture"),
    ("mediator", r"prices", "a price that is not needed"),
    ("range: shares|core|nash: block|strict: three", "before its neighbour", "another order of the shares, point of the core, equilibrium, conjecture"),
)


def accepted(solution: Solution) -> bool:
    try:
        return certify(solution).passed
    except (BargainError, KeyError, ValueError, TypeError, ZeroDivisionError, AttributeError, IndexError, AssertionError):
        return False


@pytest.mark.parametrize("name", NAMES)
def test_an_altered_answer_is_not_certified(name: str) -> None:
    for label, wrong in alterations(solved(name)):
        assert not accepted(wrong) or any(re.match(case, name) and re.search(place, label) for case, place, _ in LESS), label


# What moved numbers cannot show: ties, and answers that no solver gives

def test_minimal_coalitions_reach_or_exceed_what_is_needed() -> None:
    problem = bg.AgendaSetting("Votes", "s", {"s": 0, "a": 1, "b": 2, "c": 3}, {"a": 2, "b": 1, "c": 1}, 2, 0)
    assert list(agenda._coalitions(problem, R(2))) == [("a",), ("b", "c")]
    assert list(agenda._coalitions(problem, R(2), strictly=True)) == [("a", "b"), ("a", "c")]


def test_balanced_weights_prove_an_empty_core_only_if_they_sum_to_one_are_positive_and_exceed() -> None:
    pairs = [frozenset(pair) for pair in (("A", "B"), ("A", "C"), ("B", "C"))]
    half = dict.fromkeys(pairs, R(1, 2))

    def proved(together: Any, weights: Any, pair: int = 4) -> bool:
        worth = {tuple(sorted(s)): pair for s in pairs}
        return coalitional.balanced(bg.CoalitionalGame("Pairs", ("A", "B", "C"), {**worth, ("A", "B", "C"): together}), weights)

    assert proved(5, half) and not proved(6, half) and not proved(7, half)
    assert not proved(5, dict.fromkeys(pairs, R(2, 3))) and not proved(5, {pairs[0]: R(1)}) and not proved(0, {**half, pairs[0]: R(1, 3)})
    single, everyone = frozenset("A"), frozenset("ABC")
    assert not proved(5, {**half, everyone: R(0)}) and not proved(-10, {pairs[0]: R(2), pairs[1]: R(1), pairs[2]: R(1), everyone: R(-2), single: R(0)})


def test_an_indifferent_proposer_agrees() -> None:
    """A gets 1/2 from the end of the interval and from no deal; B gets more from the deal."""
    problem = bg.AlternatingOffers("Pie", ("A", "B"), sp.Symbol("x"), {"A": sp.Symbol("x"), "B": 1 - sp.Symbol("x")}, {"A": "1/2", "B": "1/2"},
                                   between=(0, "1/2"), horizon=1)
    for refused, deal in (((R(1, 2), R(1, 5)), (R(1, 2), R(1, 2))), ((R(3, 5), R(1, 5)), (R(3, 5), R(1, 5))), ((R(1, 5), R(3, 5)), (R(2, 5), R(3, 5))),
                          ((R(0), R(1)), (R(0), R(1))), ((R(0), R(11, 10)), (R(0), R(11, 10)))):
        assert finite_horizon._best(problem, "A", dict(zip("AB", refused, strict=True))) == dict(zip("AB", deal, strict=True))


def test_what_a_last_offer_with_parameters_leaves_open_is_said() -> None:
    d, x = sp.Symbol("d", real=True), sp.Symbol("x", real=True)
    rows = Notation((bg.Parameter(d, "patience", domain="(0, 1)", baseline="1/2"),))
    claim = Equilibrium("", {}, {"A": R(1, 2), "B": R(1, 2)}, quantities={"x[0]": R(1, 2), "x[1]": R(1, 2), "x": R(1, 2)})
    pie: dict[str, Any] = {"players": ("A", "B"), "share": x, "agreement": {"A": x, "B": 1 - x}, "discount": {"A": d, "B": d}, "notation": rows, "horizon": 2}
    moving = bg.AlternatingOffers("Moving", **pie, states=(bg.State("one", {}, {"two": 1}), bg.State("two")))
    told = [(check.what, check.excess, check.open) for check in finite_horizon.violations(moving, None, claim)]
    assert told[-1] == ("horizon: values in other states are not reported", 1, True)
    leaving = bg.AlternatingOffers("Leaving", **pie, outside={"A": 0, "B": d / 3})
    silent = replace(claim, quantities={})
    told = [(check.what, check.excess, check.open) for check in finite_horizon.violations(leaving, None, silent)]
    assert told[-1] == ("horizon: who leaves depends on parameters", 1, True)


def test_a_response_without_weight_is_undecided_and_a_negative_one_wrong() -> None:
    game = bg.MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    solution = bg.solve(game, bg.QuantalResponse(1))
    (found,) = solution.equilibria
    assert isinstance(found, Equilibrium)

    def told(first: Any) -> list[tuple[str, Any, bool]]:
        wrong = replace(found, strategies={**found.strategies, "row": {"": {"r1": sp.sympify(first), "r2": 1 - sp.sympify(first)}}})
        return [(check.what.split(":")[0], check.excess, check.open) for check in logit.violations(game, solution.solver, wrong)][2:]

    assert told(0) == [("probability", 1, True)] and told(R(-1, 10)) == [("probability", 1, False)]
    assert told(R(1, 10**300))[-1][0] in ("payoff", "logit response") and all(not still for *_, still in told(R(1, 3)))


def test_rounds_of_elimination_are_not_more_than_asked_for_and_all_conjectures_are_asked_for() -> None:
    game = bg.MatrixGame.from_arrays([[4, 1], [3, 0]], [[3, 1], [0, 2]])
    both = bg.solve(game, bg.IteratedDominance())
    assert certify(both).passed and len(both.equilibria[0].eliminated) == 2  # type: ignore[union-attr]
    told = certify(replace(both, solver=bg.IteratedDominance(rounds=1))).refuted
    assert told == ("rounds: more than asked for (gain 1)",)
    assert certify(replace(both, solver=bg.IteratedDominance(rounds=2))).passed
    wide = bg.MatrixGame.from_arrays([[2, 0, 1], [0, 2, 1], [1, 1, 2]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    right = bg.solve(wide, bg.IteratedDominance())
    (kept,) = right.equilibria
    silent = replace(right, regimes=(replace(right.regimes[0], equilibria=(replace(kept, conjectures={}),)),))  # type: ignore[call-arg]
    assert certify(right).passed and sum("has no conjecture" in said for said in certify(silent).refuted) == 6
    narrow = replace(kept, conjectures={**kept.conjectures, "row": {**kept.conjectures["row"], "r1": {("c1",): R(1)}}})  # type: ignore[union-attr]
    assert any("not over the others' survivors" in said for said in certify(replace(right, regimes=(replace(right.regimes[0], equilibria=(narrow,)),))).refuted)


def test_masses_of_types_for_every_order_of_the_breaks_and_the_cost_of_backing_down() -> None:
    """Values uniform on [-1, 1]; with a the cost of backing down, those of at least -a are (1 + a)/2 or all."""
    a = sp.Symbol("a", positive=True)
    rows = Notation((bg.Parameter(a, "cost", domain="(0, 3)"),))
    problem = bg.AudienceCosts("Crisis", ("A", "B"), bg.Costs.uniform(-1, 1), audience=a, war="-1/2", notation=rows)
    found = {case.atoms: tuple(map(sp.expand, masses)) for case, masses in audience._masses(problem)}
    half, quarter = R(1, 2), R(1, 4)
    expected = {(GT, GT): (1, half, 0, quarter), (GT, LE): (half + a / 2, half, quarter - a**2 / 4, quarter), (LE, GT): (0, half, 0, quarter),
                (LE, LE): (0, half, 0, quarter)}  # a + 1, a - 1; the cells with a + 1 <= 0 are empty
    assert found == {((a + 1, low), (a - 1, high)): masses for (low, high), masses in expected.items()}
    atoms = bg.AudienceCosts("Crisis", ("A", "B"), bg.Costs(atoms={"-1": R(1, 2), "0": R(1, 3), "2": R(1, 6)}), 1, "-1/2")
    assert [masses for _, masses in audience._masses(atoms)] == [(1, R(1, 2), R(-1, 6), R(1, 3))]


def test_gaps_are_zero_only_if_they_are() -> None:
    root = sp.sqrt(2)
    assert axiomatic._zeroed((root - 1) * (root + 1) - 1) == 0 and axiomatic._zeroed(root - R(7, 5)) > 0
    x = sp.Symbol("x")
    assert axiomatic._zeroed((x + 1) ** 2 - x**2 - 2 * x - 1) == 0 and sp.simplify(axiomatic._zeroed(1 / x - 1) - (1 - x) / x) == 0


def test_a_cover_that_no_question_decides_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    p = sp.Symbol("p", real=True)
    space = Space(Notation((bg.Parameter(p, "p", domain="[0, 1]"),)))
    monkeypatch.setattr(Space, "feasible", lambda self, cell: Verdict(None, reason="asleep"))
    told = cover.uncovered_by_cases(space, [])
    assert told.answer is None and told.reason == "asleep"
    assert cover.uncovered_by_cases(space, [Cell.of(p > R(1, 2)), Cell.of(p <= R(1, 2))]).answer is False  # by cutting alone


def pennies() -> bg.Game:
    """Matching pennies, B not told; the only equilibrium is even."""
    answer = {k: bg.decision("B", h=bg.payoffs(A=s, B=-s), t=bg.payoffs(A=-s, B=s), information_set="b") for k, s in (("h", 1), ("t", -1))}
    return bg.Game("Pennies", ("A", "B"), (), bg.decision("A", answer))


@pytest.mark.parametrize("off", [R(1, 10), R(-1, 10)])
@pytest.mark.parametrize("mover", ["A", "B"])
def test_what_is_dropped_has_nothing_perfect_within_its_radius(mover: str, off: sp.Expr) -> None:
    """Profiles within the radius, times the number of actions, of each probability are examined: a tenth off is just reached with 1/20."""
    solution = bg.solve(pennies(), ExtensiveFormPerfect())
    (right,) = solution.equilibria
    assert isinstance(right, TremblingHand)
    (name,) = right.strategies[mover]
    uneven = {**right.strategies, mover: {name: {"h": R(1, 2) + off, "t": R(1, 2) - off}}}
    for radius, place, refuted in ((R(1, 20), "", True), (R(1, 21), "", False), (R(1, 19), "", True), (R(1, 21), "b" if mover == "A" else "(start)", False),
                                   (R(1, 21), "(start)" if mover == "A" else "b", True)):
        told = certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(replace(right, fallen=(Fallen(uneven, Cell(), radius, place),)),)),)))
        assert bool(told.undecided) == refuted and not told.refuted, (radius, place)


def test_the_edge_on_which_a_point_lies_divides_the_frontier() -> None:
    walk = tuple((R(i), R(j)) for i, j in ((0, 10), (3, 9), (6, 7), (8, 4), (9, 0)))
    edges = list(zip(walk, walk[1:], strict=False))
    for k, (p, q) in enumerate(edges):
        u = tuple(a + (b - a) / 3 for a, b in zip(p, q, strict=True))
        assert frontier_path._divided(walk, u) == ([*edges[:k], (p, u)], [(u, q), *edges[k + 1:]])
    s = sp.Symbol("s", positive=True)
    wide = tuple((i * s, j * s) for i, j in walk)
    u = (7 * s, 11 * s / 2)
    assert frontier_path._divided(wide, u)[1][0] == (u, wide[3])


def test_a_corner_of_the_frontier_divides_it_there() -> None:
    """Two edges in one line before the corner: the point lies on the second one."""
    walk = tuple((R(i), R(j)) for i, j in ((0, 10), (2, 8), (4, 6), (5, 2)))
    assert frontier_path._divided(walk, walk[2]) == ([(walk[0], walk[1]), (walk[1], walk[2])], [(walk[2], walk[2]), (walk[2], walk[3])])


def test_numbers_are_enclosed_narrowly() -> None:
    with ctx.workprec(200):
        for value in (sp.sqrt(2), sp.exp(-3) - 5, sp.Integer(0), R(-22, 7), sp.Float("0.1"), -sp.pi * 1000):
            exact = R(1, 10) if value.is_Float else sp.Rational(str(sp.N(value, 70))) if not value.is_Rational else value
            ball = logit._ball(value)
            off = logit._upper(ball - arb(int(exact.p)) / arb(int(exact.q)))
            assert off <= R(1, 10**44) * (3 + abs(exact)), value
            assert value.is_Rational or value.is_Float or ball.rad() > 1e-46
            assert abs(exact) <= logit._upper(ball) <= abs(exact) + R(1, 10**40)


def test_no_deal_is_refused_where_a_deal_inside_the_interval_is_better_for_both() -> None:
    """B is as well off at the end 3/4 as without a deal, and better off inside; A gains down to 3/10."""
    x = sp.Symbol("x", real=True)
    for rises, end, passes in ((x, ("1/4", "3/4"), False), (1 - x, ("1/4", "3/4"), False), (x, ("3/4", "7/8"), True), (1 - x, ("1/8", "1/4"), True)):
        table = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": rises, "B": 1 - rises}, {"A": "1/2", "B": "1/2"}, between=end, horizon=1,
                                     default={"A": "3/5", "B": "1/2"})
        right = bg.solve(table, bg.FiniteHorizon())
        assert right.certificate.passed and right.equilibria[0].payoffs == {"A": R(3, 4), "B": R(1, 4)}  # type: ignore[union-attr]
        claim = Equilibrium("", {}, {"A": R(3, 10), "B": R(1, 4)})
        assert certify(replace(right, regimes=(replace(right.regimes[0], equilibria=(claim,)),))).passed == passes


def test_the_best_end_is_taken_by_who_gains_from_it() -> None:
    x = sp.Symbol("x", real=True)
    table = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": 1 - x, "B": x}, {"A": "1/2", "B": "1/2"}, between=("1/5", "3/5"))
    assert (curved_frontier._best(table, "A"), curved_frontier._best(table, "B")) == (R(1, 5), R(3, 5))


@pytest.mark.parametrize("root", [sp.sqrt(5), sp.sqrt(2), *(sp.CRootOf(sp.Symbol("z")**3 - 3 * sp.Symbol("z") + 1, k) for k in range(3)),
                                  sp.CRootOf(sp.Symbol("z")**3 - sp.Symbol("z") - 1, 0)], ids=str)
def test_numbers_of_a_field_keep_their_value(root: sp.Expr) -> None:
    """Against sympy's decimals: exact where rational, else a bound of the same sign, not farther from zero and nearly as far."""
    field = many_players._Field.of([1 + root, R(1, 3) * root])
    for number in (root, -root, 3 + 2 * root - root / 3, (1 + root) ** 2 - R(7, 5), root**2, root**4 - 3 * root**3 + root / 7, R(5, 4), sp.Integer(0), root / 2,
                   (root + 1) * (root - 2) / 3, root**2 * R(2, 9) + 1):
        value, told = sp.N(number, 40), field.bound(field.element(number))
        assert told.is_Rational and sp.sign(told) == sp.sign(value) and abs(told - value) < R(1, 10**13), number
        assert (number.is_Rational and told == number) or told == value or abs(told) < abs(value) + R(1, 10**30)
    for pair in ([sp.sqrt(2), sp.sqrt(3)], [R(1, 2)]):
        with pytest.raises(NotDecided, match="one field"):
            many_players._Field.of(pair)


def enclosed() -> tuple[bg.MatrixGame, Equilibrium]:
    solution = solved("nash: enclosed")
    (found,) = solution.equilibria
    assert isinstance(found, Equilibrium) and isinstance(solution.problem, bg.MatrixGame)
    return solution.problem, found


def doubts(game: bg.MatrixGame, claim: Equilibrium) -> set[tuple[str, bool]]:
    return {(check.what, check.open) for check in many_players.enclosed_violations(game, claim) if check.excess > 0}


def shifted(claim: Equilibrium, by: Any, player: str) -> Equilibrium:
    """The weights of the last two actions that the player uses, moved against each other."""
    own = dict(claim.strategies[player][""])
    *_, first, second = (a for a, w in own.items() if w != 0)
    return replace(claim, strategies={**claim.strategies, player: {"": {**own, first: own[first] + by, second: own[second] - by}}})


def test_a_point_within_the_radius_is_proved_to_exist_and_one_beyond_it_is_not() -> None:
    game, right = enclosed()
    assert not doubts(game, right)
    tiny = R(1, 2**40)
    near = replace(right, quantities={**right.quantities, "radius": tiny})
    exists = ("existence: of an exact equilibrium within the radius was not proved", True)
    for player in game.players:
        for sign in (1, -1):
            inside, outside = (doubts(game, shifted(near, sign * part * tiny, player)) for part in (R(9, 10), R(11, 10)))
            assert exists not in inside and exists in outside, (player, sign)
    for places, proved in ((30, True), (12, True), (2, False), (0, False)):
        wide = replace(right, quantities={**right.quantities, "radius": R(1, 2**places)})
        assert (exists not in doubts(game, wide)) == proved, places


def test_actions_left_aside_are_compared_over_the_whole_box() -> None:
    game, right = enclosed()
    (player, unused), = ((p, a) for p in game.players for a, w in right.strategies[p][""].items() if w == 0)
    k = game.players.index(player)
    others = [p for p in game.players if p != player]

    def raised(more: Any) -> bg.MatrixGame:
        cells = {cell: tuple(value + (more if (j, cell[k]) == (k, unused) else 0) for j, value in enumerate(game[cell])) for cell in game}
        return replace(game, payoffs=cells)

    earned = sp.Add(*(game[cell][k] * sp.Mul(*(right.strategies[p][""][cell[game.players.index(p)]] for p in others)) for cell in game if cell[k] == unused))
    gap = right.payoffs[player] - earned
    assert gap > 0
    assert doubts(raised(gap - R(1, 10**6)), right) == set()
    assert doubts(raised(gap + R(1, 10**6)), right) == {(f"deviation: {player} to {unused}", False)}
    wide = replace(right, quantities={**right.quantities, "radius": R(1, 2**12)})
    assert doubts(raised(gap), wide) == {(f"deviation: {player} to {unused}", True)}


def test_weights_must_be_positive_over_the_whole_box_and_sum_to_one() -> None:
    game, right = enclosed()
    player = game.players[0]
    own = {a: w for a, w in right.strategies[player][""].items() if w != 0}
    least = min(own, key=lambda a: own[a])
    huge = replace(right, quantities={**right.quantities, "radius": own[least] + R(1, 100)})
    assert (f"probability: of {player}'s {least} may be zero", True) in doubts(game, huge)
    small = replace(right, quantities={**right.quantities, "radius": own[least] - R(1, 100)})
    assert not any(what.startswith(f"probability: of {player}") for what, _ in doubts(game, small))
    more = replace(right, strategies={**right.strategies, player: {"": {**right.strategies[player][""], least: own[least] + R(1, 2**150)}}})
    assert (f"probability: {player}'s weights do not sum to one", False) in doubts(game, more)
    off = replace(right, payoffs={**right.payoffs, player: right.payoffs[player] + R(1, 2**60)})
    assert doubts(game, off) == {(f"payoff: of {player} is not the one claimed", False)}


def test_plans_are_listed_up_to_the_limit_and_refused_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A has three plans with symbolic payoffs, B none."""
    w = sp.Symbol("w", real=True)
    root = bg.decision("A", l=bg.payoffs(A=w), m=bg.payoffs(A=2 * w), r=bg.payoffs(A=3 * w))
    game = bg.Game("Three", ("A",), (bg.Parameter(w, "payoff"),), root)
    monkeypatch.setattr(deviations, "_PLANS", 3)
    assert deviations.plan_payoffs(game, (), {}, {"A": {}}, "A") == [w, 2 * w, 3 * w]
    monkeypatch.setattr(deviations, "_PLANS", 2)
    with pytest.raises(TooLarge):
        deviations.plan_payoffs(game, (), {}, {"A": {}}, "A")
