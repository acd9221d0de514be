"""One Nash equilibrium of a matrix game of any size: the limit of logit responses, then an exact or enclosed point.

The principal branch of logit equilibria is followed from the uniform profile (`bargain.kernels.logit`). Now and then the
actions that still have weight are taken for the support, and Newton's method is started there; the search ends when the
zero is proved (`bargain.kernels.refinement`) and no other action is better. So the path only proposes; the answer does not rest on it.
Source: McKelvey and Palfrey (1995), Games and Economic Behavior 10:6-38 (almost every game's branch selects one equilibrium).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from bargain.errors import NotApplicable, NotDecided
from bargain.games.matrix import MatrixGame
from bargain.kernels.conjugates import conjugate_points
from bargain.kernels.expansions import Expansions
from bargain.kernels.indifference import Support, System, is_pure_equilibrium
from bargain.kernels.krawczyk import surrounded
from bargain.kernels.logit import LogitGame
from bargain.kernels.refinement import count_of_zeros, decided, rational_point, recognised, refined
from bargain.kernels.small_supports import SmallSupports
from bargain.kernels.tracking import complex_zeros
from bargain.kernels.varieties import Point
from bargain.regions import Region
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.matrices.field_numbers import decimal
from bargain.solvers.matrices.many_player_profiles import equilibria, exact_equilibrium
from bargain.solvers.matrices.many_players import Found, integer_payoffs, solved_exactly

_BITS = 100
_SMALL = 6  # unknowns up to which a singular zero is sought by exact algebra
_DEGREE = 12  # zeros of a support up to which exact numbers are sought
_CLEAR = 1e-6  # what Newton's method in floats leaves no doubt about
_LATE = 500.0  # of the path, from where on singular zeros are sought on the supports then proposed; payoffs range over two units
_WEIGHTS = (1e-2, 1e-4, 1e-7)  # smallest probabilities that count as played


@dataclass(frozen=True)
class OneNash:
    """One Nash equilibrium of a matrix game with any number of players: the one that logit responses tend to, certified.

    steps: the largest number of steps along the path. An equilibrium whose numbers are algebraic of degree above 12 is given
    by rational numbers and a proved radius (``quantities["radius"]``).

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> solution = bg.solve(game, OneNash())
    >>> [e.outcome for e in solution.equilibria], solution.status.complete
    (['1/2 r1 + 1/2 r2, 1/10 c1 + 9/10 c2'], None)
    """

    steps: int = 2000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game with rational payoffs."""
        if not isinstance(problem, MatrixGame):
            raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place="OneNash", remedy="call strategic_form()")
        if not all(value.is_Rational for cell in problem for value in problem[cell]):
            raise NotApplicable("some payoff is not a rational number", place="OneNash", remedy="fix every parameter: solve(..., free=[])")

    def run(self, problem: MatrixGame) -> Solution:
        """Follow the path until a support is found that carries an equilibrium."""
        tables = integer_payoffs(problem)
        floats = [table.astype(np.float64) for table in tables]
        scaled = tuple(u / (np.abs(u - u.mean()).max() or 1.0) for u in (u - u.mean() for u in floats))
        path = LogitGame(scaled)
        tried: set[Support] = set()
        singular: dict[Support, System] = {}
        reached = 4.0
        for point in islice(path.branch(), self.steps):
            if point[-1] < reached:
                continue
            reached *= 1.5
            probabilities = [np.exp(point[block]) for block in path.blocks]
            for least in _WEIGHTS:
                support = tuple(tuple(int(a) for a in np.flatnonzero(p > least)) for p in probabilities)
                if support not in tried:
                    tried.add(support)
                    answer = _at(problem, System(tables, support), floats, probabilities, singular)
                    if answer is not None:
                        return self._solution(problem, answer, len(tried))
                if reached > _LATE and support in singular:
                    answer = _singular(problem, singular.pop(support))
                    if answer is not None:
                        return self._solution(problem, answer, len(tried))
        raise NotDecided(f"{self.steps} steps along the logit path came to no isolated equilibrium", place="OneNash", remedy="use Nash() or more steps")

    def _solution(self, problem: MatrixGame, answer: Equilibrium, tried: int) -> Solution:
        status = Status.WITHIN if answer.quantities else Status.INCOMPLETE
        return Solution(problem, self, status, (Regime(Region.everything(), (answer,)),), stats={"supports tried": tried})


def _at(game: MatrixGame, system: System, payoffs: Sequence[Any], probabilities: Sequence[Any], singular: dict[Support, System]) -> Equilibrium | None:
    """The equilibrium on a support near some probabilities; None if none is proved. A support where Newton's method fails joins `singular`, if small."""
    if not system.unknowns:
        pure = is_pure_equilibrium(system.payoffs, [own[0] for own in system.support])
        return exact_equilibrium(game, system.support, rational_point([], _BITS)) if pure else None
    played = [p[list(own)] / p[list(own)].sum() for p, own in zip(probabilities, system.support, strict=True)]
    near = Expansions(system).newton([float(p[k]) for p in played for k in range(1, len(p))])
    if near is None:
        singular |= {system.support: system} if len(system.unknowns) <= _SMALL else {}
        return None
    if any(value < -_CLEAR for value in _weights(system, near)):
        return None
    point = _exact(system, payoffs, near)
    if point is not None:
        return exact_equilibrium(game, system.support, point) if system.holds(point) else None
    ball = surrounded(payoffs, system.support, played)
    zero = None if ball is None else refined(system, ball, _BITS)
    if ball is None or zero is None or decided(system, zero) is False:
        return None
    point = recognised(system, ball)
    if point is not None:
        return exact_equilibrium(game, system.support, point) if system.holds(point) else None
    return exact_equilibrium(game, system.support, rational_point(zero, _BITS), bits=_BITS) if decided(system, zero) else None


def _weights(system: System, near: Sequence[float]) -> Iterator[float]:
    """All weights of the players who mix."""
    rest = iter(near)
    for own in system.support:
        ws = [next(rest) for _ in own[1:]]
        yield from (1 - sum(ws), *ws)


def _exact(system: System, payoffs: Sequence[Any], near: Sequence[float]) -> Point | None:
    """The exact zero near a point, from all zeros of its support; None if these are too many, or not found."""
    if count_of_zeros([len(own) for own in system.support]) > _DEGREE:
        return None
    points = SmallSupports(system.payoffs).points(system.support)
    if points is None:
        zeros = complex_zeros(np.stack(payoffs), system.support)
        points = None if zeros is None else conjugate_points(system, zeros)
    for point in points or ():
        if all(abs(decimal(point.root, x) - y) < _CLEAR for x, y in zip(point.coordinates, near, strict=True)):
            return point
    return None


def _singular(game: MatrixGame, system: System) -> Equilibrium | None:
    """Some equilibrium with this support, by exact algebra: a zero that is no simple one, or a vertex of a continuum."""
    found = Found()
    solved_exactly(system, found)
    listed = equilibria(game, found.points, found.products, (), _BITS)
    return next((item.vertices[0] if isinstance(item, Component) else item for item in listed), None)
