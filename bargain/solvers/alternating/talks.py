"""Talks with conflict between offers, and talks of optimists.

Conflict. Let M and N be the most that the challenger can get when he and when the other offers, as parts of the flow. He can be made to take the truce's
part w for ever. When he offers, the other can be threatened with a fight, followed by N, which is credible if (1 - d) f + d N >= w with f his own flow in a
fight; so M = 1 - (1 - d) g - d (1 - N) with g the other's flow in a fight. When the other offers, the challenger refuses what is below N = (1 - d) w + d M.
If no fight is credible even at these bounds none ever is, and the truce's division is the only one. Otherwise all between w and M can be reached, since a
demand for more can be answered by going over to the truce for ever.

Optimists. With V_i what i expects from the next date in his own eyes, there is agreement at a date iff d (V_1 + V_2) <= 1; then whoever is
recognised keeps 1 - d V_j.
Sources: Haller and Holden (1990), Journal of Economic Theory 51:232-236; Fernandez and Glazer (1991), American Economic Review 81:240-252; Yildiz (2003),
Econometrica 71:793-811.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.talks import ConflictDuringTalks, OptimisticTalks
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Component, Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST, _SYMBOLIC = 200, 6  # dates with numbers and with parameters


@dataclass(frozen=True)
class ConflictBounds:
    """The set of subgame-perfect payoffs of `ConflictDuringTalks`, the challenger offering first: one point, or a continuum with its two ends.

    Payoffs are parts of the flow. Ends of a continuum are both equilibria, and so is every payoff between that adds up to the whole flow.

    >>> import bargain as bg
    >>> ends = bg.solve(ConflictDuringTalks("Strike", ("U", "F"), truce="1/5", discount="9/10"), ConflictBounds()).extreme
    >>> [end.payoffs["U"] for end in ends]
    [1/5, 59/95]
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect payoffs of talks with conflict"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, ConflictDuringTalks):
            raise NotApplicable(f"a {type(problem).__name__} has no choice to fight between offers", place="ConflictBounds", remedy="give ConflictDuringTalks")

    def run(self, problem: ConflictDuringTalks) -> Solution:
        """Solve for the bounds, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_bounds(problem, oracle, self.concept),), boundaries=True)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=True), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _bounds(problem: ConflictDuringTalks, oracle: Oracle, concept: str) -> Equilibrium | Component:
    first, second = problem.players
    assert problem.fighting is not None
    d, w, f, g = problem.discount, problem.truce, problem.fighting[first], problem.fighting[second]
    if oracle.sign(w - f) < 0:
        raise NotApplicable(f"{first} likes fighting better than the truce", place=f"talks {problem.title!r}", remedy="AlternatingOffers with these inside flows")
    low = _end(problem, concept, w, w, "truce for ever")
    if oracle.sign(1 - w - g) <= 0:  # a fight does not hurt the other side
        return low
    own, other = sp.symbols("own other", real=True)
    (solved,) = sp.linsolve([own - 1 + (1 - d) * g + d * (1 - other), other - (1 - d) * w - d * own], [own, other])
    high, after = (sp.factor(value) for value in solved)
    if oracle.sign(high - w) <= 0 or oracle.sign(sp.factor((1 - d) * f + d * after - w)) < 0:
        return low
    return Component((low, _end(problem, concept, high, after, "agreement under the threat of a fight")), ((0, 1),))


def _end(problem: ConflictDuringTalks, concept: str, own: sp.Expr, other: sp.Expr, outcome: str) -> Equilibrium:
    first, second = problem.players
    quantities = {f"to {first} when {first} offers": own, f"to {first} when {second} offers": other}
    return Equilibrium(concept, {}, {first: own, second: sp.factor(1 - own)}, (outcome,), outcome, quantities=quantities)


@dataclass(frozen=True)
class Optimists:
    """The subgame-perfect equilibrium of `OptimisticTalks`: when the players agree, and on what, beliefs unshaken by delay.

    payoffs are what each expects in his own eyes before the first recognition; optimists expect more than there is. At a tie they agree.

    >>> import bargain as bg
    >>> talks = OptimisticTalks("Deadline", ("A", "B"), {"A": "9/10", "B": "9/10"}, "3/5", dates=2)
    >>> bg.solve(talks, Optimists()).outcomes
    ('agreement at date 2',)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium of talks of optimists"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and too many dates."""
        if not isinstance(problem, OptimisticTalks):
            raise NotApplicable(f"a {type(problem).__name__} has no beliefs about recognition", place="Optimists", remedy="give OptimisticTalks")
        most = _SYMBOLIC if problem.notation.symbols else _MOST
        if problem.dates > most:
            raise TooLarge(f"{problem.dates} dates", place=f"talks {problem.title!r}", remedy=f"at most {most}")

    def run(self, problem: OptimisticTalks) -> Solution:
        """Backward induction, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_induction(problem, oracle, self.concept),), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _induction(problem: OptimisticTalks, oracle: Oracle, concept: str) -> Equilibrium:
    first, second = problem.players
    d, p = problem.discount, problem.beliefs
    expects: dict[str, sp.Expr] = dict.fromkeys(problem.players, sp.Integer(0))
    dates: list[dict[str, sp.Expr]] = []
    agreed = 0
    for date in range(problem.dates, 0, -1):
        waiting = {player: sp.factor(d * value) for player, value in expects.items()}
        dates.insert(0, {f"{player} can get by waiting at date {date}": value for player, value in waiting.items()})
        if oracle.sign(sp.factor(1 - waiting[first] - waiting[second])) >= 0:
            agreed = date
            expects = {player: sp.factor(p[player] * (1 - waiting[other]) + (1 - p[player]) * waiting[player])
                       for player, other in ((first, second), (second, first))}
        else:
            expects = waiting
    outcome = f"agreement at date {agreed}"
    return Equilibrium(concept, {}, expects, (outcome,), outcome, quantities={name: value for own in dates for name, value in own.items()})
