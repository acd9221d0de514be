"""Exact zeros of indifference conditions as equilibria of a matrix game, and products of polytopes as its components.

A number of degree two is written with a square root; one of higher degree as a polynomial in a root of an
irreducible polynomial (`sympy.CRootOf`), with one and the same root for all numbers of an equilibrium.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import product

import sympy as sp
from flint import fmpq, fmpq_poly

from bargain.games.matrix import MatrixGame
from bargain.kernels.algebraic import RATIONAL, RealRoot
from bargain.kernels.indifference import Support, weights
from bargain.kernels.products import Polytope, contains, touching, within
from bargain.kernels.varieties import Point
from bargain.solution import Component, Equilibrium

Profile = tuple[tuple[sp.Expr, ...], ...]
Products = Sequence[tuple[Polytope, ...]]

_UNKNOWN = sp.Symbol("t")
_SHORT = 24  # characters of a probability that is spelled out in the name of an outcome


def equilibria(game: MatrixGame, points: Sequence[tuple[Support, Point]], products: Products, enclosed: Sequence[tuple[Support, Point]],
               bits: int) -> tuple[Equilibrium | Component, ...]:
    """Isolated equilibria and components, in descending order of the first player's strategy, then the second's, and so on.

    points: exact; those in a product are left out. enclosed: with probabilities rounded to `bits` bits.
    """
    largest = [p for k, p in enumerate(products) if not any(within(p, q) and (k > n or not within(q, p)) for n, q in enumerate(products) if n != k)]
    groups: list[Equilibrium | Component] = [_component(game, [largest[k] for k in members]) for members in _connected(largest)]
    for support, point in points:
        if not any(contains(p, support, point) for p in largest):
            groups.append(exact_equilibrium(game, support, point))
    for support, point in enclosed:
        groups.append(exact_equilibrium(game, support, point, bits=bits))
    return tuple(sorted(groups, key=_order))


def _order(group: Equilibrium | Component) -> list[list[float]]:
    first = group.vertices[0] if isinstance(group, Component) else group
    return [[-float(w) for w in nodes[""].values()] for nodes in first.strategies.values()]


def _connected(products: Products) -> list[list[int]]:
    """Indices of the products, those that hang together in one list."""
    groups: list[list[int]] = []
    for k, own in enumerate(products):
        touched = [group for group in groups if any(touching(own, products[n]) for n in group)]
        groups = [group for group in groups if group not in touched] + [sorted([*sum(touched, []), k])]
    return groups


def _component(game: MatrixGame, products: Products) -> Equilibrium | Component:
    """One equilibrium, or a continuum by the vertices of its products."""
    place: dict[tuple[tuple[fmpq, ...], ...], int] = {}
    subsets = []
    for polytopes in products:
        profiles = product(*(p.vertices for p in polytopes))
        subsets.append(tuple(sorted(place.setdefault(profile, len(place)) for profile in profiles)))
    made = [_vertex(game, profile) for profile in place]
    return made[0] if len(made) == 1 else Component(tuple(made), tuple(subsets))


def _vertex(game: MatrixGame, profile: tuple[tuple[fmpq, ...], ...]) -> Equilibrium:
    """A profile of rational strategies."""
    support = tuple(tuple(a for a, w in enumerate(own) if w != 0) for own in profile)
    rest = [fmpq_poly([own[a]]) for own, played in zip(profile, support, strict=True) for a in played[1:]]
    return exact_equilibrium(game, support, Point(RATIONAL, tuple(rest)))


def equilibrium(game: MatrixGame, profile: Profile, payoffs: Sequence[sp.Expr], *, radius: sp.Expr | None = None) -> Equilibrium:
    """The profile as an equilibrium; `radius` says how far, at most, each probability is from the exact one."""
    strategies = {player: {"": dict(zip(names, own, strict=True))} for player, names, own in zip(game.players, game.actions, profile, strict=True)}
    names = [" + ".join(a if w == 1 else f"{_shown(w)} {a}" for a, w in zip(actions, own, strict=True) if w != 0)
             for actions, own in zip(game.actions, profile, strict=True)]
    pure = all(w in (0, 1) for own in profile for w in own)
    outcome = (",".join if pure else ", ".join)(names)
    quantities = {} if radius is None else {"radius": radius}
    return Equilibrium("Nash equilibrium", strategies, dict(zip(game.players, payoffs, strict=True)), (outcome,), outcome, quantities=quantities)


def _shown(weight: sp.Expr) -> str:
    text = "" if weight.has(sp.CRootOf) else str(weight)
    if not text or len(text) > _SHORT:
        return format(float(weight), ".6f")
    return f"({text})" if weight.is_Add else text


def exact_equilibrium(game: MatrixGame, support: Support, point: Point, *, bits: int | None = None) -> Equilibrium:
    """A zero as an equilibrium, its payoffs computed in the field of its numbers; bits: to which they are rounded, if they are."""
    strategies, root = weights(support, point), point.root
    totals = [fmpq_poly([0])] * len(game.players)
    for choice in product(*(list(zip(own, strategy, strict=True)) for own, strategy in zip(support, strategies, strict=True))):
        weight = reduce(lambda x, y: root.reduced(x * y), (w for _, w in choice))
        cell = game[tuple(names[a] for names, (a, _) in zip(game.actions, choice, strict=True))]
        totals = [total + weight * fmpq(int(u.p), int(u.q)) for total, u in zip(totals, cell, strict=True)]
    profile = []
    for size, own, strategy in zip(game.shape, support, strategies, strict=True):
        played = dict(zip(own, strategy, strict=True))
        profile.append(tuple(number(root, played[a]) if a in played else sp.Integer(0) for a in range(size)))
    return equilibrium(game, tuple(profile), [number(root, total) for total in totals],
                       radius=None if bits is None else sp.Rational(1, 2**bits))


def number(root: RealRoot, value: fmpq_poly) -> sp.Expr:
    """A number of the field of a root, for sympy.

    >>> number(RealRoot((-1, 1, 1), 1), fmpq_poly([1, -1]))
    3/2 - sqrt(5)/2
    """
    coefficients = [sp.Rational(int(c.p), int(c.q)) for c in root.reduced(value).coeffs()] or [sp.Integer(0)]
    if len(coefficients) == 1:
        return coefficients[0]
    if root.degree == 2:
        c, b, a = (sp.Integer(k) for k in root.coefficients)
        spread = sp.sqrt(b**2 - 4 * a * c) / (2 * sp.Abs(a)) * (1 if root.index else -1)
        return sp.expand(coefficients[0] - coefficients[1] * b / (2 * a) + coefficients[1] * spread)
    generator = sp.CRootOf(sp.Poly([sp.Integer(k) for k in reversed(root.coefficients)], _UNKNOWN), root.index, radicals=False)
    return sp.Add(*(c * generator**k for k, c in enumerate(coefficients)))
