"""Stationary equilibria of bargaining over a line in which every proposal is accepted.

Player i accepts policies within r_i = c - d_i V_i of her ideal x_i, with V_i = c - E|y - x_i| and c the payoff at the ideal. With a majority quota the
policies that pass are an interval [l, u]: its ends are bounds x_i - r_i and x_j + r_j of some players, and everybody proposes the policy in it that is
nearest to her ideal. Given who bounds it and whose ideals lie outside, l and u solve two linear equations; every such case is tried and
then checked against what the acceptance sets imply.
Source: Banks and Duggan (2000), American Political Science Review 94:73-88.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.spatial import SpatialBargaining
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST = 7  # players


@dataclass(frozen=True)
class NoDelay:
    """All stationary equilibria in pure proposals without delay in which the policies that pass are an interval with ends that are determined.

    quantities: the ends of the interval of policies that pass, and what each player proposes. Who is indifferent accepts.

    >>> import bargain as bg
    >>> council = SpatialBargaining("Council", ("L", "M", "R"), {"L": 0, "M": "1/2", "R": 1}, "9/10", quota=2)
    >>> found = bg.solve(council, NoDelay()).equilibria[0].quantities
    >>> found["lowest policy that passes"], found["highest policy that passes"]
    (1/4, 3/4)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium without delay of spatial bargaining"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and more players than can be tried."""
        if not isinstance(problem, SpatialBargaining):
            raise NotApplicable(f"a {type(problem).__name__} is not about a policy on a line", place="NoDelay", remedy="give SpatialBargaining")
        if len(problem.players) > _MOST:
            raise TooLarge(f"{len(problem.players)} players", place="NoDelay", remedy=f"at most {_MOST}")

    def run(self, problem: SpatialBargaining) -> Solution:
        """Try every case, by cases of the parameters."""
        space = Space(problem.notation)
        candidates = list(_candidates(problem))
        leaves, skipped = explore(space, lambda oracle: tuple(_consistent(problem, oracle, candidates, self.concept)), boundaries=True)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=True), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _candidates(problem: SpatialBargaining) -> Iterator[tuple[int, int, int, int, sp.Expr, sp.Expr]]:
    """Who bounds the interval below and above, how many ideals lie below and above it, and the interval that follows."""
    n = len(problem.players)
    low, high = sp.symbols("low high", real=True)
    for left, right in product(range(n), repeat=2):
        for below in range(n + 1):
            for above in range(n - below + 1):
                if left < below or right >= n - above:  # who bounds the interval from below does not lie below it
                    continue
                ends = [_bound(problem, left, -1, low, high, below, above) - low, _bound(problem, right, 1, low, high, below, above) - high]
                for solved in sp.linsolve(ends, [low, high]):
                    if not set().union(*(value.free_symbols for value in solved)) & {low, high}:
                        yield left, right, below, above, *(sp.factor(value) for value in solved)


def _proposals(problem: SpatialBargaining, low: sp.Expr, high: sp.Expr, below: int, above: int) -> list[sp.Expr]:
    n = len(problem.players)
    return [low if k < below else high if k >= n - above else problem.ideals[player] for k, player in enumerate(problem.players)]


def _radius(problem: SpatialBargaining, k: int, proposals: list[sp.Expr], below: int, above: int) -> sp.Expr:
    """How far from her ideal a player accepts: proposals are in the order of the ideals, so that distances have known signs."""
    n, player = len(problem.players), problem.players[k]
    assert problem.recognition is not None
    place = -1 if k < below else 1 if k >= n - above else 0  # a player below the interval has every proposal on her right
    distance: sp.Expr = sp.Integer(0)
    for i, (other, policy) in enumerate(zip(problem.players, proposals, strict=True)):
        right = place < 0 or place == 0 and i >= k
        distance += problem.recognition[other] * (policy - problem.ideals[player]) * (1 if right else -1)
    return problem.agreement - problem.discount[player] * (problem.agreement - distance)


def _bound(problem: SpatialBargaining, k: int, side: int, low: sp.Expr, high: sp.Expr, below: int, above: int) -> sp.Expr:
    proposals = _proposals(problem, low, high, below, above)
    return problem.ideals[problem.players[k]] + side * _radius(problem, k, proposals, below, above)


def _consistent(problem: SpatialBargaining, oracle: Oracle, candidates: list[Any], concept: str) -> Iterator[Equilibrium]:
    seen: set[tuple[sp.Expr, sp.Expr]] = set()
    for _, _, below, above, low, high in candidates:
        if (low, high) in seen or not _ordered(problem, oracle, below, above, low, high):
            continue
        proposals = _proposals(problem, low, high, below, above)
        radii = [sp.factor(_radius(problem, k, proposals, below, above)) for k in range(len(problem.players))]
        if _passes(problem, oracle, low, high, radii) and all(_worth_proposing(problem, oracle, k, proposals[k], radii[k]) for k in range(len(radii))):
            seen.add((low, high))
            yield _equilibrium(problem, low, high, proposals, concept, below, above)


def _ordered(problem: SpatialBargaining, oracle: Oracle, below: int, above: int, low: sp.Expr, high: sp.Expr) -> bool:
    """Whether the interval is one, and the ideals lie where the case has them (an ideal at an end counts as inside)."""
    n, ideals = len(problem.players), list(problem.ideals.values())
    if oracle.sign(high - low) < 0:
        return False
    if any(oracle.sign(low - x) <= 0 for x in ideals[:below]) or any(oracle.sign(x - high) <= 0 for x in ideals[n - above:]):
        return False
    return all(oracle.sign(x - low) >= 0 and oracle.sign(high - x) >= 0 for x in ideals[below: n - above])


def _passes(problem: SpatialBargaining, oracle: Oracle, low: sp.Expr, high: sp.Expr, radii: list[sp.Expr]) -> bool:
    """Whether exactly the policies of [low, high] have enough votes: at the ends and between, and just outside not."""
    bounds = [(x - r, x + r) for x, r in zip(problem.ideals.values(), radii, strict=True)]
    inside = {end: [(oracle.sign(end - a), oracle.sign(b - end)) for a, b in bounds] for end in (low, high)}
    if any(sum(s >= 0 and t >= 0 for s, t in signs) < problem.quota for signs in inside.values()):
        return False
    if sum(s > 0 and t >= 0 for s, t in inside[low]) >= problem.quota or sum(s >= 0 and t > 0 for s, t in inside[high]) >= problem.quota:
        return False
    throughout = sum(s >= 0 and t >= 0 and s2 >= 0 and t2 >= 0 for (s, t), (s2, t2) in zip(inside[low], inside[high], strict=True))
    if throughout >= problem.quota:
        return _nothing_outside(problem, oracle, low, high, bounds)
    starts = [a for a, _ in bounds if oracle.sign(a - low) > 0 and oracle.sign(high - a) > 0]
    stops = [b for _, b in bounds if oracle.sign(b - low) > 0 and oracle.sign(high - b) > 0]
    between = [*starts, *stops]
    fine = all(sum(oracle.sign(stop - a) >= 0 and (oracle.sign(b - stop) > 0) for a, b in bounds) >= problem.quota for stop in stops)
    fine = fine and all(sum(oracle.sign(start - a) > 0 and (oracle.sign(b - start) >= 0) for a, b in bounds) >= problem.quota for start in starts)
    return fine and bool(between) and _nothing_outside(problem, oracle, low, high, bounds)


def _nothing_outside(problem: SpatialBargaining, oracle: Oracle, low: sp.Expr, high: sp.Expr, bounds: list[tuple[sp.Expr, sp.Expr]]) -> bool:
    """Whether no policy outside has enough votes: it would at some player's bound."""
    for place in (end for pair in bounds for end in pair):
        if oracle.sign(low - place) > 0 or oracle.sign(place - high) > 0:
            votes = sum(oracle.sign(place - a) >= 0 and oracle.sign(b - place) >= 0 for a, b in bounds)
            if votes >= problem.quota:
                return False
    return True


def _worth_proposing(problem: SpatialBargaining, oracle: Oracle, k: int, policy: sp.Expr, radius: sp.Expr) -> bool:
    """Whether the player accepts her own proposal rather than wait."""
    gap = policy - problem.ideals[problem.players[k]]
    return oracle.sign(radius - gap) >= 0 and oracle.sign(radius + gap) >= 0


def _equilibrium(problem: SpatialBargaining, low: sp.Expr, high: sp.Expr, proposals: list[sp.Expr], concept: str, below: int, above: int) -> Equilibrium:
    assert problem.recognition is not None
    quantities = {"lowest policy that passes": low, "highest policy that passes": high}
    quantities |= {f"{player} proposes": policy for player, policy in zip(problem.players, proposals, strict=True)}
    payoffs = {}
    for k, player in enumerate(problem.players):
        away = problem.agreement - _radius(problem, k, proposals, below, above)
        payoffs[player] = sp.factor(sp.together(away / problem.discount[player]))
    return Equilibrium(concept, {}, payoffs, ("agreement at once",), "agreement at once", quantities=quantities)
