"""Rows of the theory map on private information and on concepts that have no test elsewhere: FT1.2, SG1.1, EQ1.b, EQ3.2 and PE2.1."""

from typing import Any

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import D1, Cell, Game, IntuitiveCriterion, Parameter, Sequential, Status, SubgamePerfect, chance, decision, payoffs, solve
from bargain.models.classics import deterrence, ultimatum
from bargain.notation import Notation
from bargain.regions import Space
from bargain.solution import Equilibrium

HALF = sp.Rational(1, 2)


def played(e: Equilibrium) -> dict[str, dict[str, sp.Expr]]:
    return {name: {action: w for action, w in actions.items() if w != 0} for nodes in e.strategies.values() for name, actions in nodes.items()}


# FT1.2: a seller who names two prices mixes

def sale(mu: Any, delta: Any, first: tuple[Any, ...], second: tuple[Any, ...], worth: dict[str, Any]) -> Game:
    """A seller names a price twice; the buyer knows what the good is worth to her."""
    def at(number: int, before: str, kind: str) -> Any:
        weight = delta ** (number - 1)
        def named(price: Any) -> Any:
            later = at(2, str(price), kind) if number == 1 else payoffs(S=0, B=0)
            return decision("B", {"accept": payoffs(S=weight * price, B=weight * (worth[kind] - price)), "reject": later},
                            information_set=f"{kind} at {before} then {price}".replace("/", ":"))
        return decision("S", {str(price).replace("/", ":"): named(price) for price in (first if number == 1 else second)},
                        information_set=f"S after {before}".replace("/", ":"))

    return Game("Sale", ("S", "B"), (), chance({kind: (share, at(1, "-", kind)) for kind, share in (("h", mu), ("l", 1 - mu))}))


def mixing(mu: Any, delta: Any, high: Any, low: Any) -> tuple[Any, Any]:
    """How often the high type takes the high price at once, and the seller's profit, when he must be indifferent afterwards."""
    later = low / high  # belief in the high type at which both prices earn the same
    taken = 1 - later * (1 - mu) / (mu * (1 - later))
    return taken, mu * taken * high + delta * low * (1 - mu * taken)


def test_facing_a_likely_high_type_the_seller_asks_for_nearly_everything_and_she_hesitates() -> None:
    """FT1.2: prices just below the values, so that no buyer is indifferent at the end; as they tend to the values the profit tends to 21/8."""
    mu, low, middle, high = sp.Rational(9, 10), sp.Rational(9, 10), sp.Rational(19, 10), sp.Rational(29, 10)
    game = sale(mu, HALF, (low, middle, high), (low, high), {"h": sp.Integer(3), "l": sp.Integer(1)})
    solution = solve(game, Sequential())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    taken, profit = mixing(mu, HALF, high, low)
    assert {e.payoffs["S"] for e in solution.extreme} == {profit} == {sp.Rational(50895, 20000)}
    for e in solution.extreme:
        found = played(e)
        assert found["S after -"] == {"29:10": 1} and found["h at - then 29:10"]["accept"] == taken == sp.Rational(19, 20)
        assert found["S after 29:10"]["9:10"] == sp.Rational(1, 20)  # what keeps her indifferent
        assert e.beliefs["S after 29:10"]["h/29:10/reject"] == low / high
    assert mixing(mu, HALF, sp.Integer(3), sp.Integer(1)) == (sp.Rational(17, 18), sp.Rational(21, 8))


# SG1.1: money burnt as a signal

def sunk(strong: Any, weak: Any, levels: dict[str, Any], notation: tuple[Parameter, ...] = ()) -> Game:
    """A spends something, to no purpose, and demands what is worth `strong` or `weak` to it; B, who loses a fight with the strong, yields or fights."""
    def spend(kind: str, name: str, amount: Any) -> Any:
        worth, fight = (strong, -1) if kind == "strong" else (weak, 1)
        return decision("B", {"yield": payoffs(A=worth - amount, B=0), "fight": payoffs(A=-amount, B=fight)}, information_set=f"B after {name}")

    types = {kind: (share, decision("A", {name: spend(kind, name, amount) for name, amount in levels.items()}, information_set=kind))
             for kind, share in (("strong", sp.Rational(1, 3)), ("weak", sp.Rational(2, 3)))}
    return Game("Sunk costs", ("A", "B"), notation, chance(types))


def test_types_separate_exactly_where_the_cost_lies_between_their_values() -> None:
    """SG1.1: the least cost that separates is what the prize is worth to the weak type."""
    v_s, v_w, k = sp.symbols("v_s v_w k", real=True)
    worths = (Parameter(v_s, "worth to the strong", domain=">0"), Parameter(v_w, "worth to the weak", domain=">0"))
    notation = Notation((*worths, Parameter(k, "cost", domain=">0")), (v_w < v_s,))
    solution = solve(sunk(v_s, v_w, {"nothing": sp.Integer(0), "k": k}, notation), Sequential())  # type: ignore[arg-type]
    assert solution.status is Status.PROVED and solution.certificate.passed
    separating = [r for r in solution.regimes if {name: next(iter(played(e)[name])) for e in r.extreme() for name in ("strong", "weak") if len(played(e)[name]) == 1}
                  == {"strong": "k", "weak": "nothing"}]
    (regime,) = separating
    assert regime.condition.cells == (Cell.of(k >= v_w, k <= v_s),)
    (e,) = regime.extreme()
    assert sp.expand(e.payoffs["A"] - (v_s - k) / 3) == 0  # at k = v_w: the strong type nets v_s - v_w


@pytest.mark.slow
def test_of_all_separating_costs_only_the_least_survives_d1() -> None:
    """SG1.1 at v_w = 1/2, v_s = 1 on a grid of costs: the strong type spends 1/2 and nets 1/2."""
    game = sunk(sp.Integer(1), HALF, {"0": sp.Integer(0), "1:2": HALF, "3:4": sp.Rational(3, 4)})
    left = set()
    for e in solve(game, Sequential()).extreme:
        found = played(e)
        if found["weak"] == {"0": 1} and len(found["strong"]) == 1 and "0" not in found["strong"]:
            (cost,) = found["strong"]
            left.add((cost, IntuitiveCriterion().judge(game, e).survives, D1().judge(game, e).survives))
    assert left == {("1:2", True, True), ("3:4", True, False)}  # spending 1/2 the weak type would just break even: too little for the intuitive criterion


# EQ1.b, EQ3.2, PE2.1

def test_an_offer_of_nothing_is_made_if_it_is_accepted_at_least_half_the_time() -> None:
    """EQ1.b: two units; a responder who is offered nothing may accept with any probability q, and nothing is offered iff q >= 1/2."""
    replies = {str(k): decision("R", {"accept": payoffs(P=2 - k, R=k), "reject": payoffs(P=0, R=0)}) for k in range(3)}
    game = Game("ultimatum", ("P", "R"), (), decision("P", replies))
    solution = solve(game, Sequential())
    assert solution.certificate.passed
    (q,) = (s for e in solution.extreme if played(e)["(start)"] == {"0": 1} for s in e.free.symbols)
    free = {str(next(iter(played(e)["(start)"]))): e.free for e in solution.extreme if e.free.symbols and len(played(e)["(start)"]) == 1}
    space = Space(Notation((Parameter(q, "", domain="(0, 1)"),)))
    for offer, range_ in (("0", Cell.of(q >= HALF)), ("1", Cell.of(q <= HALF))):
        assert space.implies(free[offer], range_).answer and space.implies(range_, free[offer]).answer


def test_gambit_traces_the_recorded_logit_response_of_the_deterrence_game() -> None:
    """EQ3.2."""
    pygambit = pytest.importorskip("pygambit")
    from bargain.interop.gambit import to_pygambit

    at = {deterrence.g: 1, deterrence.l: 1, deterrence.a: HALF, deterrence.w_C: sp.Rational(1, 5), deterrence.w_D: -HALF}
    profile = pygambit.qre.logit_solve_lambda(to_pygambit(deterrence.game.at(at)), lam=[1])[0]
    ours = bg.quantal_branch(deterrence.game.at(at), [1])[0][1]
    expected = {"challenge": 0.5788606458, "resist": 0.6605858644, "press": 0.6681877722}
    assert {action: w for actions in ours.values() for action, w in actions.items() if action in expected} == pytest.approx(expected, abs=1e-9)
    assert sorted(profile[k] for k in range(6)) == pytest.approx(sorted(w for actions in ours.values() for w in actions.values()), abs=1e-7)


def test_the_ultimatum_pays_what_backward_induction_on_a_grid_of_offers_pays_at_2209_points() -> None:
    """PE2.1: outside options on a grid of 47 by 47 points off the borders, 41 offers, equal up to one step."""
    solution = solve(ultimatum.game, SubgamePerfect(exact=True))
    options = -0.613 + 0.0457 * np.arange(47)
    w_a, w_b = (side.ravel() for side in np.meshgrid(options, options))
    offers = np.linspace(0, 1, 41)
    accepted = 1 - offers[None, :] > w_b[:, None]
    worth = np.where(accepted, offers[None, :], w_a[:, None])
    best = worth.argmax(axis=1)
    rows = np.arange(len(w_a))
    grid = {"A": worth[rows, best], "B": np.where(accepted[rows, best], 1 - offers[best], w_b)}
    found = solution.compile()({"w_A": w_a, "w_B": w_b})
    assert len(w_a) == 2209 and (found.regime >= 0).all() and (found.count == 1).all()
    for player, paid in grid.items():
        assert np.abs(found.payoffs[player] - paid).max() <= 1 / 40 + 1e-12
