"""Extensive-form perfection: published games, undominated equilibria of matrices, and a quantified decision as the other route."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp
from test_sequential import beer_quiche, horse, pure

from bargain import Game, NotApplicable, Parameter, Perfect, Sequential, Status, decision, payoffs, solve
from bargain.certify import certify
from bargain.findings.selected import TremblingHand
from bargain.games import simultaneous
from bargain.games.information import information_sets, successive
from bargain.games.nodes import Chance, Decision, Terminal
from bargain.models.ukraine import surge_core, surge_threat
from bargain.notation import Notation
from bargain.regions import Space
from bargain.solution import Component, Equilibrium, Solution
from bargain.solvers import ExtensiveFormPerfect

EPSILON = sp.Symbol("epsilon", positive=True)


def end(*values: Any) -> Terminal:
    return payoffs(dict(zip("ABC", values, strict=False)))


def perfect(game: Game, status: Status = Status.CERTIFIED) -> Solution:
    solution = solve(game, ExtensiveFormPerfect())
    assert solution.status is status and solution.certificate.passed
    return solution


# Refusals

def test_symbols_and_irrational_payoffs_are_refused() -> None:
    a = sp.Symbol("a", real=True)
    with pytest.raises(NotApplicable, match="rational payoffs"):
        solve(Game("symbolic", ("A",), (Parameter(a, ""),), decision("A", l=payoffs(A=a), r=payoffs(A=0))), ExtensiveFormPerfect())
    with pytest.raises(NotApplicable, match="rational payoffs"):
        solve(Game("root", ("A",), (), decision("A", l=payoffs(A=sp.sqrt(2)), r=payoffs(A=0))), ExtensiveFormPerfect())


# Published games and small ones

def test_all_sequential_equilibria_of_seltens_horse_are_perfect_and_the_other_nash_equilibrium_is_not() -> None:
    found = perfect(horse()).extreme
    assert all(e.path == ("C", "c") for e in found) and {e.payoffs["1"] for e in found} == {1}  # not (D, c, L): Selten (1975), section 6
    (mixed,) = [e for e in found if "3" not in pure(e)]
    (chance_of_left,) = mixed.free.symbols
    space = Space(Notation((Parameter(chance_of_left, ""),)))
    assert space.feasible(mixed.free.where(chance_of_left - sp.Rational(1, 4), 2)).answer and not space.feasible(mixed.free.where(4 * chance_of_left - 1, 4)).answer


def test_both_poolings_of_beer_and_quiche_are_perfect() -> None:
    """Perfection does not refine beliefs as the intuitive criterion does."""
    found = perfect(beer_quiche(sp.Rational(9, 10))).extreme
    assert len(found) == 4 and {pure(e)["strong"] for e in found} == {"beer", "quiche"}


def test_a_reply_that_is_only_as_good_while_nobody_errs_later_falls() -> None:
    """B is indifferent as long as A does not err after r; sequential equilibria allow r, perfect ones do not."""
    again = decision("A", x=end(0, 1), y=end(-1, 0))
    game = Game("care", ("A", "B"), (), decision("A", out=end(2, 2), enter=decision("B", l=end(1, 1), r=again)))
    assert len(solve(game, Sequential()).extreme) == 3
    (only,) = perfect(game).extreme
    assert pure(only) == {"(start)": "out", "enter": "l", "enter/r": "x"} and isinstance(only, TremblingHand)
    assert len(only.dropped) == 2 and all("at enter" in reason for _, reason in only.dropped)


def test_perfection_of_the_strategic_form_is_another_concept() -> None:
    """Out is perfect in the strategic form: there A may tremble to the empty threat more often than to the other plan (Selten 1975, section 13)."""
    threat = decision("A", a=end(0, 0), b=end(3, 1))
    game = Game("empty threat", ("A", "B"), (), decision("A", L=end(2, 0), R=decision("B", l=end(1, "1/2"), r=threat)))
    assert any(e.outcome.startswith("L") for e in solve(game.strategic_form(), Perfect()).extreme)
    (only,) = perfect(game).extreme
    assert only.path == ("R", "r", "b")


def delegation() -> Game:
    """After Mertens (1995): A decides who shall do a task that both want done well; either may do it badly by mistake."""
    def task(who: str) -> Any:
        return decision(who, {"well": end(1, 1), "badly": end(0, 0)}, information_set=f"{who} does it")

    return Game("delegation", ("A", "B"), (), decision("A", {"A": task("A"), "B": task("B")}))


def test_a_weakly_dominated_strategy_can_be_perfect_in_the_extensive_form() -> None:
    """Who fears her own errors more than the other's delegates, though doing it well herself dominates (Mertens 1995, GEB 8:378-388)."""
    game = delegation()
    found = perfect(game).extreme
    assert {pure(e).get("(start)") for e in found} == {"A", "B", None} and len(found) == 3
    assert all(pure(e)["A does it"] == pure(e)["B does it"] == "well" for e in found)
    undominated = solve(game.strategic_form(), Perfect()).extreme
    assert undominated and all(e.outcome.startswith("A & ") for e in undominated)


def test_the_surge_threat_has_its_sequential_equilibria_among_the_perfect_ones() -> None:
    """Disbelief that deters every threat is perfect, with the sensitive Russia mixing too: its trembles have to balance exactly."""
    found = solve(surge_core.game, ExtensiveFormPerfect(), at=surge_core.NOTATION.baseline)
    assert found.status is Status.CERTIFIED and found.certificate.passed and not found.stats["dropped"]
    chances = [surge_threat.chances(e) for e in found.extreme]
    assert {(c["t_H"], c["t_L"]) for c in chances} == {(0, 0), (1, sp.Rational(8, 11))} and sum(bool(c["a_hi"].free_symbols) for c in chances) == 1


# Two routes

def matrix(seed: int) -> Game:
    """A small game with many ties, as a tree."""
    draw = Random(seed)
    rows, columns = [f"r{i}" for i in range(draw.randint(2, 3))], [f"c{j}" for j in range(draw.randint(2, 3))]
    cells = {cell: end(draw.randint(0, 2), draw.randint(0, 2)) for cell in product(rows, columns)}
    return Game(f"matrix {seed}", ("A", "B"), (), simultaneous({"A": tuple(rows), "B": tuple(columns)}, cells))


def weights(e: Equilibrium) -> tuple[tuple[sp.Expr, ...], ...]:
    return tuple(tuple(actions.values()) for nodes in e.strategies.values() for actions in nodes.values())


@pytest.mark.parametrize("seed", range(10))
def test_one_shot_games_have_the_undominated_equilibria(seed: int) -> None:
    """With one information set each the concepts coincide; families are compared with components by a point inside, and by the corners."""
    game = matrix(seed)
    families, components = perfect(game).extreme, solve(successive(game).strategic_form(), Perfect()).equilibria
    corners = [e for item in components for e in (item.vertices if isinstance(item, Component) else (item,))]
    boxes = [[weights(item.vertices[k]) for k in subset] for item in components if isinstance(item, Component) for subset in item.subsets]
    boxes += [[weights(e)] for e in corners]
    for e in families:
        symbols = sorted(e.free.symbols, key=str)
        at = Space(Notation(tuple(Parameter(s, "", domain="[0, 1]") for s in symbols))).feasible(e.free).witness or {}
        point = tuple(tuple(w.subs(at) for w in side) for side in weights(e))
        assert any(all(hull(side, [corner[k] for corner in box]) for k, side in enumerate(point)) for box in boxes)
    for corner in corners:
        assert any(reaches(e, weights(corner)) for e in families)


def hull(point: tuple[sp.Expr, ...], corners: list[tuple[sp.Expr, ...]]) -> bool:
    """Whether a point is a mixture of corners."""
    shares = sp.symbols(f"h0:{len(corners)}", real=True)
    space = Space(Notation(tuple(Parameter(s, "", domain="[0, 1]") for s in shares)))
    from bargain.regions import EQ, Cell
    cell = Cell().where(sp.Add(*shares) - 1, EQ)
    for k, value in enumerate(point):
        cell = cell.where(sp.Add(*(s * corner[k] for s, corner in zip(shares, corners, strict=True))) - value, EQ)
    return bool(space.feasible(cell).answer)


def reaches(e: Equilibrium, corner: tuple[tuple[sp.Expr, ...], ...]) -> bool:
    """Whether a family, or its closure, holds a point."""
    cell = e.free.closure()
    for own, wanted in zip(weights(e), corner, strict=True):
        for p, value in zip(own, wanted, strict=True):
            cell = cell.where(p - value, 2)
    symbols = sorted(e.free.symbols, key=str)
    return bool(not cell.trivially_empty and Space(Notation(tuple(Parameter(s, "", domain="[0, 1]") for s in symbols))).feasible(cell).answer)


def tree(seed: int) -> Game:
    """Three or four information sets of two or three players, payoffs 0 and 1 only."""
    draw = Random(seed)
    players = "ABC" if seed % 2 else "AB"

    def leaf() -> Any:
        return end(*(draw.randint(0, 1) for _ in players))

    hidden = draw.random() < 0.6
    last = players[-1]

    def third(name: str) -> Any:
        return decision(last, {"x": leaf(), "y": leaf()}, information_set="hidden" if hidden else f"{last} {name}")

    root = decision("A", {"l": third("l") if draw.random() < 0.7 else leaf(), "r": decision("B" if last == "C" else "A", {"u": third("u"), "v": leaf()})})
    return Game(f"tree {seed}", tuple(players), (), root)


def reachable(game: Game, plan: dict[str, str]) -> bool:
    """Whether for every small radius some completely mixed profile within it makes the plan a best reply at every set: decided with a quantifier."""
    import z3

    radius = z3.Real("radius")
    chances, bounds = {}, []
    for k, own in enumerate(information_sets(game)):
        errors = {a: z3.Real(f"error {k} {a}") for a in own.actions if a != plan[own.name]}
        bounds += [z3.And(e > 0, e < radius) for e in errors.values()]
        chances[own.name] = {**errors, plan[own.name]: 1 - sum(errors.values())}

    def worth(node: Any, history: tuple[str, ...], player: str) -> Any:
        if isinstance(node, Terminal):
            return z3.RealVal(str(node.payoffs[player]))
        assert isinstance(node, Decision)
        own = chances[node.information_set or "/".join(history) or "(start)"]
        return sum((own[name] * worth(child, (*history, name), player) for name, child in node.moves), z3.RealVal(0))

    wanted = []
    for own in information_sets(game):
        def earned(action: str, own: Any = own) -> Any:
            total = z3.RealVal(0)
            for member in own.members:
                reach = z3.RealVal(1)
                for depth, name in enumerate(member):
                    node = game.node(*member[:depth])
                    assert isinstance(node, Decision) and not isinstance(node, Chance)
                    if node.player != own.player:
                        reach = reach * chances[node.information_set or "/".join(member[:depth]) or "(start)"][name]
                total = total + reach * worth(game.node(*member, action), (*member, action), own.player)
            return total
        wanted += [earned(plan[own.name]) >= earned(a) for a in own.actions]
    errors = [e for own in chances.values() for e in own.values() if z3.is_const(e)]
    solver = z3.Tactic("nlqsat").solver()
    solver.set("timeout", 60_000)
    solver.add(radius > 0, radius < z3.RealVal("1/20"), z3.ForAll(errors, z3.Not(z3.And(*bounds, *wanted))))
    outcome = solver.check()
    assert outcome != z3.unknown
    return bool(outcome == z3.unsat)


@pytest.mark.parametrize("seed", range(10))
def test_pure_perfect_equilibria_of_small_trees_are_those_of_a_quantified_decision(seed: int) -> None:
    game = tree(seed)
    ours = {tuple(sorted(pure(e).items())) for e in perfect(game).extreme if len(pure(e)) == len(information_sets(game))}
    sets = information_sets(game)
    plans = ({s.name: a for s, a in zip(sets, chosen, strict=True)} for chosen in product(*(s.actions for s in sets)))
    assert ours == {tuple(sorted(plan.items())) for plan in plans if reachable(game, plan)}


# The certificate

def test_the_certificate_refutes_wrong_trembles_ranges_beliefs_and_refutations() -> None:
    solution = perfect(horse())
    first, family = solution.extreme
    assert isinstance(first, TremblingHand) and isinstance(family, TremblingHand)
    (s,) = family.free.symbols

    def claim(e: Any) -> Any:
        return certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(e,)),)))

    assert claim(first).passed and claim(family).passed
    even = {"(start)": {"D": 3 * EPSILON, "C": 1 - 3 * EPSILON}, "C": {"d": EPSILON, "c": 1 - EPSILON}}
    for wrong in (replace(first, trembles={**first.trembles, **even}), replace(first, trembles={**first.trembles, "C": {"c": sp.Integer(1), "d": sp.Integer(0)}}),
                  replace(first, trembles={**first.trembles, "C": {"c": 1 - EPSILON, "d": 2 * EPSILON}}), replace(first, trembles={}),
                  replace(first, beliefs={"3": {"D": sp.Rational(1, 3), "C/d": sp.Rational(2, 3)}}), replace(first, payoffs={**first.payoffs, "1": sp.Integer(2)}),
                  replace(first, trembles={**first.trembles, "3": {"L": sp.Rational(1, 2), "R": sp.Rational(1, 2)}}),
                  replace(family, free=family.free.where(4 * s - 1, 4)), replace(family, free=type(family.free).of(s > 0, s < sp.Rational(1, 3)))):
        assert claim(wrong).refuted
    again = decision("A", x=end(0, 1), y=end(-1, 0))
    game = Game("care", ("A", "B"), (), decision("A", out=end(2, 2), enter=decision("B", l=end(1, 1), r=again)))
    honest = perfect(game)
    only = honest.extreme[0]
    assert isinstance(only, TremblingHand)
    slandered = replace(only, fallen=(replace(only.fallen[0], strategies=only.strategies),))
    refuted = certify(replace(honest, regimes=(replace(honest.regimes[0], equilibria=(slandered,)),)))
    assert not refuted.passed and any("may be perfect" in reason for reason in (*refuted.refuted, *refuted.undecided))
