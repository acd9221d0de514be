"""All Nash equilibria of a matrix game with any number of players, support by support.

On every support that conditional dominance leaves, the indifference conditions are solved exactly. Where two players mix, or three two actions
each, by linear and quadratic equations (`bargain.kernels.small_supports`). Of the others, most are proved to hold no equilibrium by path
tracking (`bargain.kernels.tracking`), where the compiled kernels are in use; what is left is solved by Groebner bases
(`bargain.kernels.varieties`) or, where there are many zeros and tracking has found them all, from these (`bargain.kernels.conjugates`):
isolated solutions are algebraic numbers, whose signs decide positivity and deviations, ties included; solutions that are not isolated are
described as products of polytopes, or with some probabilities free. Supports that exceed the limits of exact algebra go through
certified bisection (`bargain.kernels.subdivision`), whose enclosures may remain. What neither settles is named, and the list is then
not said to be complete.
Source: Nash (1951), Annals of Mathematics 54:286-295; McKelvey and McLennan (1996), in Handbook of Computational
Economics 1, 87-142; Porter, Nudelman and Shoham (2008), Games and Economic Behavior 63:642-662.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, product
from math import lcm, prod
from typing import Any

import numpy as np
from flint import arb

from bargain.errors import NotDecided, TooLarge
from bargain.games.matrix import MatrixGame
from bargain.kernels.conjugates import conjugate_points
from bargain.kernels.core import compiled
from bargain.kernels.indifference import Support, System, supports
from bargain.kernels.krawczyk import Ball
from bargain.kernels.products import Polytope, product_of
from bargain.kernels.refinement import count_of_zeros, decided, rational_point, recognised, refined
from bargain.kernels.small_supports import SmallSupports
from bargain.kernels.subdivision import isolate
from bargain.kernels.tracking import complex_zeros, tracked_on
from bargain.kernels.varieties import Point, variety
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status
from bargain.solvers.matrices.many_player_families import Family, family_equilibrium, pieces_of, proved_empty
from bargain.solvers.matrices.many_player_profiles import equilibria
from bargain.solvers.matrices.pure_nash import pure_equilibria

_SUPPORTS = 5000  # 4 x 4 x 4 has 3375 and takes half a minute
_FEW_BITS = 50  # payoffs up to 2^50 are exact as floats
_UNKNOWNS, _ZEROS = 4, 6  # up to which exact algebra is faster than bisection
_MANY = 8  # complex zeros from which on it is faster to start from all of them than from a Groebner basis
_BITS = 100  # of the probabilities that are enclosed, not exact


@dataclass
class Found:
    """What the supports hold: pure profiles, isolated points, products of polytopes, other families, enclosures, and supports that were not settled."""

    pure: list[Support] = field(default_factory=list)
    points: list[tuple[Support, Point]] = field(default_factory=list)
    products: list[tuple[Polytope, ...]] = field(default_factory=list)
    enclosed: list[tuple[Support, Point]] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    open: list[Support] = field(default_factory=list)


def many_player_equilibria(game: MatrixGame, solver: Any) -> Solution:
    """All equilibria if payoffs are rational, else the pure ones with the regions where they exist."""
    if all(value.is_Rational for cell in game for value in game[cell]):
        return all_equilibria(game, solver)
    return pure_equilibria(game, solver)


def all_equilibria(game: MatrixGame, solver: Any) -> Solution:
    """The solution of a game with rational payoffs, its status and `stats` saying what was proved.

    The list is complete if no support is named in ``stats["unsettled"]`` (equilibria there were not found, or not described,
    within the limits). A continuum that is no union of products of polytopes comes as an equilibrium with free symbols
    (`Equilibrium.free`); it may have limit points in the other equilibria and components listed.
    """
    count = prod(2**m - 1 for m in game.shape)
    if count > _SUPPORTS:
        raise TooLarge(f"a {'x'.join(map(str, game.shape))} game has {count} supports", place=f"matrix game {game.title!r}",
                       remedy=f"at most {_SUPPORTS} are enumerated; OneNash() finds one equilibrium")
    tables = integer_payoffs(game)
    found, small = Found(), SmallSupports(tables)
    undominated = list(supports(tables))
    larger: list[Support] = []
    for support in undominated:
        if all(len(own) == 1 for own in support):
            found.pure.append(support)  # no other action is better: it would dominate
            continue
        points = small.points(support)
        if points is None:
            larger.append(support)
        else:
            found.points += [(support, point) for point in points]
    _settle(tables, larger, found)
    groups = (*equilibria(game, found.points, found.products, found.enclosed, _BITS, found.pure), *(family_equilibrium(game, family) for family in found.families))
    if not groups:
        raise NotDecided("every equilibrium lies on supports that were not settled: " + "; ".join(_named(game, found.open)),
                         place=f"matrix game {game.title!r}", remedy="try OneNash()")
    status = Status.WITHIN if found.enclosed else Status.INCOMPLETE if found.open else Status.CERTIFIED
    stats = {"supports": count, "undominated supports": len(undominated), "unsettled": _named(game, found.open)}
    return Solution(game, solver, status, (Regime(Region.everything(), groups),), stats=stats)


def _tracked(tables: tuple[np.ndarray[Any, Any], ...], given: Sequence[Support]) -> dict[Support, list[Ball]]:
    """Those of the supports that may hold an equilibrium, with balls around all of them, or none where that is undecided; the others are proved to hold none."""
    if compiled() is None or len(tables) < 3 or not given or not _fits_floats(tables):
        return {support: [] for support in given}
    rows, undecided = tracked_on(np.array(tables, dtype=np.float64), given)
    balls: dict[Support, list[Ball]] = {support: [] for support in undecided}
    ends = list(accumulate(tables[0].shape))
    for *weights, radius in rows.tolist():
        parts = [weights[end - size : end] for end, size in zip(ends, tables[0].shape, strict=True)]
        support = tuple(tuple(a for a, w in enumerate(part) if w) for part in parts)
        balls.setdefault(support, []).append(Ball(support, tuple(np.array([w for w in part if w]) for part in parts), radius))
    return balls


def _fits_floats(tables: tuple[np.ndarray[Any, Any], ...]) -> bool:
    return max(int(abs(value)).bit_length() for table in tables for value in table.flat) <= _FEW_BITS


def _small(support: Support) -> bool:
    sizes = [len(own) for own in support]
    return sum(sizes) - len(sizes) <= _UNKNOWNS or count_of_zeros(sizes) <= _ZEROS


def integer_payoffs(game: MatrixGame) -> tuple[np.ndarray[Any, Any], ...]:
    """Each player's payoffs times their least common denominator, as tables of integers."""
    tables = []
    for i in range(len(game.players)):
        values = [game.payoffs[cell][i] for cell in product(*game.actions)]
        scale = lcm(*(int(value.q) for value in values))
        integers = [int(value.p) * (scale // int(value.q)) for value in values]
        small = max(map(abs, integers)).bit_length() < 60
        tables.append(np.array(integers, dtype=np.int64 if small else object).reshape(game.shape))
    return tuple(tables)


def solved_exactly(system: System, found: Found) -> bool:
    """Add to `found` the equilibria with one support; False if the exact solution exceeds its limits."""
    zeros = variety(system.equations, system.positive)
    if zeros is None:
        return False
    points = list(zeros.points)
    for basis in zeros.families:
        polytopes = product_of(system, basis)
        if polytopes is not None:
            found.products += [polytopes] if all(polytope.vertices for polytope in polytopes) else []
            continue
        pieces = pieces_of(system, basis)
        if pieces.complete or not proved_empty(system, basis):
            found.families += pieces.families
            points += pieces.points
            found.open += [] if pieces.complete else [system.support]
    found.points += [(system.support, point) for k, point in enumerate(points) if point not in points[:k] and system.holds(point)]
    return True


def _settle(tables: tuple[np.ndarray[Any, Any], ...], given: Sequence[Support], found: Found) -> None:
    """Larger supports: path tracking proves most to be empty; exact algebra solves the others, unless they are very large (`_settle_large`)."""
    balls = _tracked(tables, given)
    large = []
    for support in (support for support in given if support in balls):
        system = System(tables, support)
        if balls[support] and solved_by_conjugates(system, len(balls[support]), found):
            continue
        if not _small(support) or not solved_exactly(system, found):
            large.append(support)
    _settle_large(tables, large, balls, found)


def solved_by_conjugates(system: System, count: int, found: Found) -> bool:
    """Add to `found` the equilibria with one support, exactly, from all complex zeros; False if it has few, or not `count` equilibria come out."""
    if count_of_zeros([len(own) for own in system.support]) < _MANY:
        return False
    zeros = complex_zeros(np.array(system.payoffs, dtype=np.float64), system.support)
    points = None if zeros is None else conjugate_points(system, zeros)
    equilibria = [point for point in points or () if system.holds(point)]
    if len(equilibria) == count:
        found.points += [(system.support, point) for point in equilibria]
    return len(equilibria) == count


def _settle_large(tables: tuple[np.ndarray[Any, Any], ...], large: list[Support], known: dict[Support, list[Ball]], found: Found) -> None:
    """The balls that path tracking found, or certified bisection; what it leaves is solved exactly, or its equilibria enclosed."""
    rest = [support for support in large if not known[support]]
    balls, unsettled = isolate([table.astype(np.float64) for table in tables], rest) if rest and _fits_floats(tables) else ([], rest)
    for support in large:
        system = System(tables, support)
        zeros = _examined(system, known[support] or [ball for ball in balls if ball.support == support])
        likely = [(ball, zero, verdict) for ball, zero, verdict in zeros if verdict is not False]
        if support in unsettled:
            found.open += [] if solved_exactly(system, found) else [support]
        elif likely and not solved_exactly(system, found):
            _enclose(system, likely, found)


def _examined(system: System, balls: Sequence[Ball]) -> Iterator[tuple[Ball, list[arb] | None, bool | None]]:
    """The zeros in balls, and whether they are equilibria."""
    for ball in balls:
        zero = refined(system, ball, _BITS)
        yield ball, zero, None if zero is None else decided(system, zero)


def _enclose(system: System, likely: Sequence[tuple[Ball, list[arb] | None, bool | None]], found: Found) -> None:
    """Equilibria on a support too large for exact algebra: exact numbers if lattice reduction finds them, else rational ones with a radius."""
    for ball, zero, verdict in likely:
        point = recognised(system, ball)
        if point is not None:
            found.points += [(system.support, point)] if system.holds(point) else []
        elif zero is not None and verdict:
            found.enclosed.append((system.support, rational_point(zero, _BITS)))
        else:
            found.open.append(system.support)


def _named(game: MatrixGame, found: list[Support]) -> tuple[str, ...]:
    """Supports in words: the actions that each player mixes."""
    return tuple(" x ".join("{" + ", ".join(names[a] for a in own) + "}" for names, own in zip(game.actions, support, strict=True))
                 for support in dict.fromkeys(found))
