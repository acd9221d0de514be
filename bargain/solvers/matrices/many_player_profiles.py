"""Exact zeros of indifference conditions as equilibria of a matrix game, and products of polytopes as its components.

All numbers of an equilibrium are in the field of one and the same root (`bargain.solvers.matrices.field_numbers`).
"""

from collections.abc import Iterator, Sequence
from itertools import product
from operator import itemgetter
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from bargain.games.matrix import MatrixGame
from bargain.kernels.algebraic import RATIONAL, RealRoot
from bargain.kernels.indifference import Support, weights
from bargain.kernels.products import Polytope, contains, single, touching, within
from bargain.kernels.varieties import Point
from bargain.solution import Component, Equilibrium
from bargain.solvers.matrices.field_numbers import decimal, number, shown

Products = Sequence[tuple[Polytope, ...]]
Order = list[float]

_PURE = Point(RATIONAL, ())


def equilibria(game: MatrixGame, points: Sequence[tuple[Support, Point]], products: Products, enclosed: Sequence[tuple[Support, Point]],
               bits: int, pure: Sequence[Support] = ()) -> tuple[Equilibrium | Component, ...]:
    """Isolated equilibria and components, in descending order of the first player's strategy, then the second's, and so on.

    points: exact; those in a product are left out, and so are the `pure` ones. enclosed: with probabilities rounded to `bits` bits.
    """
    if products:
        products = [*products, *(single(support, game.shape) for support in pure)]
    largest = [p for k, p in enumerate(products) if not any(within(p, q) and (k > n or not within(q, p)) for n, q in enumerate(products) if n != k)]
    groups = [_component(game, [largest[k] for k in members]) for members in _connected(largest)]
    groups += [_made(game, support, _PURE) for support in ([] if products else pure)]
    groups += [_made(game, support, point) for support, point in points if not any(contains(p, support, point) for p in largest)]
    groups += [_made(game, support, point, bits) for support, point in enclosed]
    return tuple(group for _, group in sorted(groups, key=itemgetter(0)))


def _connected(products: Products) -> list[list[int]]:
    """Indices of the products, those that hang together in one list."""
    groups: list[list[int]] = []
    for k, own in enumerate(products):
        touched = [group for group in groups if any(touching(own, products[n]) for n in group)]
        groups = [group for group in groups if group not in touched] + [sorted([*sum(touched, []), k])]
    return groups


def _component(game: MatrixGame, products: Products) -> tuple[Order, Equilibrium | Component]:
    """One equilibrium, or a continuum by the vertices of its products."""
    place: dict[tuple[tuple[fmpq, ...], ...], int] = {}
    subsets = []
    for polytopes in products:
        profiles = product(*(p.vertices for p in polytopes))
        subsets.append(tuple(sorted(place.setdefault(profile, len(place)) for profile in profiles)))
    made = [_vertex(game, profile) for profile in place]
    return made[0] if len(made) == 1 else (made[0][0], Component(tuple(vertex for _, vertex in made), tuple(subsets)))


def _vertex(game: MatrixGame, profile: tuple[tuple[fmpq, ...], ...]) -> tuple[Order, Equilibrium]:
    """A profile of rational strategies."""
    support = tuple(tuple(a for a, w in enumerate(own) if w != 0) for own in profile)
    rest = [fmpq_poly([own[a]]) for own, played in zip(profile, support, strict=True) for a in played[1:]]
    return _made(game, support, Point(RATIONAL, tuple(rest)))


def exact_equilibrium(game: MatrixGame, support: Support, point: Point, *, bits: int | None = None) -> Equilibrium:
    """A zero as an equilibrium, its payoffs computed in the field of its numbers; bits: to which they are rounded, if they are."""
    return _made(game, support, point, bits)[1]


def _made(game: MatrixGame, support: Support, point: Point, bits: int | None = None) -> tuple[Order, Equilibrium]:
    """The equilibrium, and its place in the order: minus all probabilities."""
    played, root = weights(support, point), point.root
    strategies, order, names = {}, [], []
    for player, actions, own, ws in zip(game.players, game.actions, support, played, strict=True):
        exact = dict.fromkeys(actions, sp.S.Zero)
        floats = [0.0] * len(actions)
        for a, w in zip(own, ws, strict=True):
            exact[actions[a]], floats[a] = number(root, w), -decimal(root, w)
        strategies[player] = {"": exact}
        order += floats
        names.append(actions[own[0]] if len(own) == 1 else " + ".join(f"{shown(root, w)} {actions[a]}" for a, w in zip(own, ws, strict=True)))
    outcome = ("," if all(len(own) == 1 for own in support) else ", ").join(names)
    payoffs = {player: number(root, value) for player, value in zip(game.players, _payoffs(game, support, played, root, alike=bits is None), strict=True)}
    quantities = {} if bits is None else {"radius": sp.Rational(1, 2**bits)}
    return order, Equilibrium("Nash equilibrium", strategies, payoffs, (outcome,), outcome, quantities=quantities)


def _payoffs(game: MatrixGame, support: Support, played: Sequence[Sequence[fmpq_poly]], root: RealRoot, *, alike: bool) -> Iterator[fmpq_poly]:
    """Every player's expected payoff; alike: where all actions of a player's support pay the same, so that one tells."""
    rational = root.degree == 1
    plays: list[list[tuple[str, Any]]] = [
        [(actions[own[0]], None)] if len(own) == 1 else [(actions[a], w[0] if rational else w) for a, w in zip(own, ws, strict=True)]
        for actions, own, ws in zip(game.actions, support, played, strict=True)]
    for player in range(len(support)):
        one = [*plays[:player], [(plays[player][0][0], None)], *plays[player + 1 :]] if alike else plays
        value = _expected(game, player, one, root, ())
        yield fmpq_poly([value]) if isinstance(value, fmpq) else value


def _expected(game: MatrixGame, player: int, plays: Sequence[Sequence[tuple[str, Any]]], root: RealRoot, chosen: tuple[str, ...]) -> Any:
    """A player's expected payoff after some players' choices; plays: actions with weights, which are None for one."""
    if len(chosen) == len(plays):
        payoff = game[chosen][player]
        return fmpq(int(payoff.p), int(payoff.q))
    (action, w), *others = plays[len(chosen)]
    if w is None:
        return _expected(game, player, plays, root, (*chosen, action))
    total = w * _expected(game, player, plays, root, (*chosen, action))
    for action, w in others:
        total = total + w * _expected(game, player, plays, root, (*chosen, action))
    return total if isinstance(total, fmpq) else root.reduced(total)
