"""The subgame-perfect path of a power shift: what must be offered at each date, and where it cannot be.

The responder accepts what makes her as well off as war; so with w her war value, v her value and d her discount factor
the least acceptable share is x(t) = (w(t) - d v(t + 1)) / (1 - d), at least 0, and there is war at the first date at which
x(t) exceeds what can be given, or at which the proposer gains by war. In continuous time, with w falling and rate r,

    x(t) = w(t) - w'(t) / r   while w(t) > 0, and 0 from then on:

the faster power shifts, the more must be given today. Source: Powell (2006), International Organization 60:169-203.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.power_shift import PowerShift
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

PEACE, WAR = "peace", "war at once"
_PERIODS = 400


@dataclass(frozen=True)
class PeacefulPath:
    """Peace or war along a power shift, with the shares that keep the peace; ties go to peace.

    Discrete time: either side can begin a war. Continuous time: war values linear in time, the responder's falling; the
    proposer makes the offers that keep the peace (whether it would rather fight is left to its payoffs, which are given).

    >>> import bargain as bg
    >>> from bargain.games.power_shift import PowerShift
    >>> t = sp.Symbol("t", real=True)
    >>> shift = PowerShift("Rise", ("A", "B"), t, {"A": "2/5 + 3*t/50", "B": "1/2 - 3*t/50"}, 1, "9/10")
    >>> bg.solve(shift, PeacefulPath()).equilibria[0].quantities["offer at 0"]
    26/25
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect path of a power shift"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, long symbolic shifts, and continuous shifts that are not linear."""
        if not isinstance(problem, PowerShift):
            raise NotApplicable(f"a {type(problem).__name__} is not a power shift", place="PeacefulPath", remedy="give a PowerShift")
        place = f"power shift {problem.title!r}"
        if problem.continuous:
            if any(sp.diff(value, problem.time, 2) != 0 for value in problem.war.values()):
                raise NotApplicable("war values are not linear in time", place=place, remedy="state the shift in periods")
        elif problem.last > _PERIODS:
            raise TooLarge(f"{problem.last} periods", place=place, remedy=f"at most {_PERIODS}; or continuous=True")

    def run(self, problem: PowerShift) -> Solution:
        """Backward induction, by cases of the parameters."""
        space = Space(problem.notation)
        step = _continuous if problem.continuous else _discrete
        leaves, skipped = explore(space, lambda oracle: (step(problem, oracle, self.concept),), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _discrete(problem: PowerShift, oracle: Oracle, concept: str) -> Equilibrium:
    proposer, responder = problem.players
    d = problem.patience
    value: dict[str, sp.Expr] = {}
    offers: dict[int, sp.Expr] = {}
    wars: list[int] = []
    for date in range(int(problem.last), -1, -1):
        final = date == problem.last
        war = {player: problem.at_war(player, date) for player in problem.players}
        least = war[responder] if final else sp.cancel((war[responder] - d[responder] * value[responder]) / (1 - d[responder]))
        offers[date] = share = least if oracle.sign(least) > 0 else sp.Integer(0)
        kept = 1 - problem.burden - share
        if final:
            peace = {proposer: kept, responder: share}
        else:
            flows = {proposer: kept, responder: share}
            peace = {player: sp.expand((1 - d[player]) * flows[player] + d[player] * value[player]) for player in problem.players}
        fought = oracle.sign(share - problem.most) > 0 or oracle.sign(war[proposer] - peace[proposer]) > 0
        value = war if fought else peace
        wars = [date, *wars] if fought else wars
    first = wars[0] if wars else None
    outcome = PEACE if first is None else WAR if first == 0 else f"peace, war at {first}"
    quantities = {f"offer at {date}": sp.factor(offers[date]) for date in sorted(offers)}
    return Equilibrium(concept, {}, {player: sp.factor(value[player]) for player in problem.players}, (outcome,), outcome, quantities=quantities)


def _continuous(problem: PowerShift, oracle: Oracle, concept: str) -> Equilibrium:
    proposer, responder = problem.players
    rate, t = problem.patience, problem.time
    slope = sp.diff(problem.war[responder], t)
    if oracle.sign(slope) > 0:
        raise NotApplicable("the responder's war value rises", place=f"power shift {problem.title!r}", remedy="state the shift in periods")
    start, end = problem.at_war(responder, 0), problem.at_war(responder, problem.last)
    if oracle.sign(start) <= 0:
        first, value, date = sp.Integer(0), sp.Integer(0), sp.Integer(0)
    else:
        first, value = sp.factor(start - slope / rate[responder]), start
        date = problem.last if oracle.sign(end) >= 0 else sp.factor(-start / slope)
    after = end if oracle.sign(end) > 0 else sp.Integer(0)
    outcome = WAR if oracle.sign(first - problem.most) > 0 or oracle.sign(after - problem.most) > 0 else PEACE
    r = rate[proposer]
    given = start + slope * (1 / r - 1 / rate[responder]) - sp.exp(-r * date) * (start + slope * date + slope / r - slope / rate[responder] - after)
    kept = 1 - problem.burden - (given if date != 0 else after)
    payoffs = {proposer: kept, responder: value} if outcome == PEACE else {player: problem.at_war(player, 0) for player in problem.players}
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities={"offer at 0": first, "offer in the end": after})
