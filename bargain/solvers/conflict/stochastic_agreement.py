"""Stationary equilibria of bargaining over a pie that moves with the state.

Given the states in which there is agreement, values solve linear equations: in such a state every responder gets what waiting is worth, the
proposer the rest of the pie; elsewhere all get what waiting is worth. The set is one of an equilibrium iff the pie is at
least what waiting is worth to all together exactly in its states. Source: Merlo and Wilson (1995), Econometrica 63:371-399.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.stochastic_pie import StochasticPie
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST = 8


@dataclass(frozen=True)
class StochasticAgreement:
    """Every stationary equilibrium by its agreement set, with payoffs and expected delay; who is indifferent between agreeing and waiting agrees.

    All sets of states are tried, so that the list is complete; at most eight states. Equilibrium payoffs are unique with two players, and
    with a common discount factor agreement comes exactly when it is efficient (Merlo and Wilson 1995, cited).

    >>> import bargain as bg
    >>> pie = StochasticPie("Wait", ("A", "B"), {"low": 1, "high": 2}, {"low": "A", "high": "B"}, {"low": {"high": 1}, "high": {"low": 1}}, "9/10")
    >>> bg.solve(pie, StochasticAgreement()).outcomes
    ('agreement in high',)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium over a stochastic pie"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and more states than can be tried."""
        if not isinstance(problem, StochasticPie):
            raise NotApplicable(f"a {type(problem).__name__} is not a stochastic pie", place="StochasticAgreement", remedy="give StochasticPie")
        if len(problem.pie) > _MOST:
            raise TooLarge(f"{len(problem.pie)} states", place="StochasticAgreement", remedy=f"at most {_MOST}")

    def run(self, problem: StochasticPie) -> Solution:
        """Try every set of states, by cases of the parameters."""
        space = Space(problem.notation)
        candidates = [(agreed, _values(problem, agreed)) for agreed in product((True, False), repeat=len(problem.pie))]
        leaves, skipped = explore(space, lambda oracle: _consistent(problem, oracle, candidates, self.concept), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "all stationary equilibria in which ties agree"})


def _values(problem: StochasticPie, agreed: tuple[bool, ...]) -> dict[tuple[str, str], sp.Expr]:
    names = {(player, state): sp.Dummy(f"{player}{state}") for player in problem.players for state in problem.pie}
    waits = {(p, s): problem.discount[p] * sp.Add(*(chance * names[p, after] for after, chance in problem.moves[s].items())) for p, s in names}
    equations = []
    for (player, state), name in names.items():
        if dict(zip(problem.pie, agreed, strict=True))[state] and problem.proposer[state] == player:
            others = sp.Add(*(waits[p, state] for p in problem.players if p != player))
            equations.append(name - problem.pie[state] + others)
        else:
            equations.append(name - waits[player, state])
    (solved,) = sp.linsolve(equations, list(names.values()))
    return {key: sp.factor(value) for key, value in zip(names, solved, strict=True)}


def _consistent(problem: StochasticPie, oracle: Oracle, candidates: list[Any], concept: str) -> tuple[Equilibrium, ...]:
    found = []
    for agreed, values in candidates:
        for state, agrees in zip(problem.pie, agreed, strict=True):
            waiting = sp.Add(*(problem.discount[p] * chance * values[p, after] for p in problem.players for after, chance in problem.moves[state].items()))
            if (oracle.sign(sp.factor(sp.together(problem.pie[state] - waiting))) >= 0) != agrees:
                break
        else:
            found.append(_equilibrium(problem, agreed, values, concept))
    return tuple(found)


def _equilibrium(problem: StochasticPie, agreed: tuple[bool, ...], values: dict[tuple[str, str], sp.Expr], concept: str) -> Equilibrium:
    start = next(iter(problem.pie))
    where = [state for state, agrees in zip(problem.pie, agreed, strict=True) if agrees]
    quantities = {f"{player} in {state}": value for (player, state), value in values.items()}
    quantities |= {f"expected delay from {state}": delay for state, delay in _delays(problem, where).items()}
    outcome = "agreement in " + ", ".join(where) if where else "no agreement"
    return Equilibrium(concept, {}, {player: values[player, start] for player in problem.players}, tuple(where), outcome, quantities=quantities)


def _delays(problem: StochasticPie, where: list[str]) -> dict[str, sp.Expr]:
    """Expected periods until agreement from the states from which it comes for sure."""
    doomed = set(problem.pie) - set(where)
    reaching = set(where)
    while more := {s for s in doomed - reaching if any(after in reaching and chance != 0 for after, chance in problem.moves[s].items())}:
        reaching |= more
    lost = set(problem.pie) - reaching
    while more := {s for s in reaching - lost - set(where) if any(after in lost and chance != 0 for after, chance in problem.moves[s].items())}:
        lost |= more
    sure = [state for state in problem.pie if state not in lost]
    names = {state: sp.Dummy(state) for state in sure}
    equations = [names[s] if s in where else names[s] - 1 - sp.Add(*(c * names[a] for a, c in problem.moves[s].items() if c != 0)) for s in sure]
    (solved,) = sp.linsolve(equations, list(names.values())) if sure else ((),)
    return {state: sp.factor(value) for state, value in zip(sure, solved, strict=True)}
