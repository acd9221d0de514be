"""Stationary equilibria under unanimity with rotating proposers, from their linear equations.

Without exit, the responder j to proposer i gets v(i, j) = d_j v(i + 1, j), the proposer the rest. With exit, a player j who alone
refuses goes on with the proposer i about what they two would have got, so v(i, j) = d_j b(j, i) (v(i, i) + v(i, j)), where
b(j, i) is what j gets of a pie of 1 when proposing to i alone: the same equations with two players.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided, TooLarge
from bargain.games.unanimity import Unanimity
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST = 12


@dataclass(frozen=True)
class Rotating:
    """The stationary subgame-perfect equilibrium with agreement at once.

    With three or more players and no exit it is one of many: for a common factor of at least 1/(n - 1) every division is the
    outcome of some subgame-perfect equilibrium (Shaked; Herrero 1985). With exit it is the only one (Krishna and Serrano 1996; cited, not proved here).

    >>> import bargain as bg
    >>> bg.solve(bg.Unanimity("Three", ("A", "B", "C"), dict.fromkeys("ABC", "9/10")), Rotating()).equilibria[0].payoffs
    {'A': 100/271, 'B': 90/271, 'C': 81/271}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium under unanimity"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and large ones."""
        if not isinstance(problem, Unanimity):
            raise NotApplicable(f"a {type(problem).__name__} is not bargaining under unanimity", place="Rotating", remedy="give Unanimity")
        if len(problem.players) > (_MOST if problem.notation.symbols else 4 * _MOST):
            raise TooLarge(f"{len(problem.players)} players", place="Rotating", remedy=f"at most {_MOST} with parameters, {4 * _MOST} with numbers")

    def run(self, problem: Unanimity) -> Solution:
        """Solve the equations; check that the proposer would not rather wait."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_equilibrium(problem, oracle, self.concept),), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        folk = "stationary; unique with exit (cited)" if problem.exit or len(problem.players) == 2 else "stationary only: patience supports other divisions"
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)), stats={"uniqueness": folk})


def _equilibrium(problem: Unanimity, oracle: Oracle, concept: str) -> Equilibrium:
    quantities: dict[str, sp.Expr] = {}
    if problem.exit:
        pairs = {(j, i): _rotating({p: problem.discount[p] for p in (j, i)})[j, j] for i in problem.players for j in problem.players if i != j}
        quantities = {f"{j} gets of 1 when proposing to {i} alone": value for (j, i), value in pairs.items()}
        gets = _leaving(problem, pairs)
    else:
        gets = _rotating(problem.discount)
    for number, proposer in enumerate(problem.players):
        following = problem.players[(number + 1) % len(problem.players)]
        waits = problem.discount[proposer] * gets[following, proposer]
        if not problem.exit and oracle.sign(sp.together(gets[proposer, proposer] - waits)) < 0:
            raise NotDecided(f"{proposer} would rather wait", place=f"unanimity {problem.title!r}", remedy="change the discount factors")
    quantities = {**{f"{j} gets when {i} proposes": value for (i, j), value in gets.items()}, **quantities}
    first = problem.players[0]
    return Equilibrium(concept, {}, {player: gets[first, player] for player in problem.players}, ("agreement",), "agreement at once", quantities=quantities)


def _rotating(discount: Mapping[str, sp.Expr]) -> dict[tuple[str, str], sp.Expr]:
    """What everyone (second) gets when someone (first) proposes."""
    players = list(discount)
    kept = {player: sp.Dummy(player) for player in players}
    gets = {}
    for number, proposer in enumerate(players):
        for other in players:
            steps = (players.index(other) - number) % len(players)
            gets[proposer, other] = discount[other] ** steps * kept[other]
    equations = [sp.Add(*(gets[proposer, other] for other in players)) - 1 for proposer in players]
    return _put(equations, kept, gets)


def _leaving(problem: Unanimity, pairs: Mapping[tuple[str, str], sp.Expr]) -> dict[tuple[str, str], sp.Expr]:
    found: dict[tuple[str, str], sp.Expr] = {}
    for i in problem.players:
        names = {j: sp.Dummy(j) for j in problem.players}
        gets = {(i, j): names[j] for j in problem.players}
        equations = [sp.Add(*names.values()) - 1]
        equations += [names[j] - problem.discount[j] * pairs[j, i] * (names[i] + names[j]) for j in problem.players if j != i]
        found |= _put(equations, names, gets)
    return found


def _put(equations: list[sp.Expr], names: Mapping[str, sp.Symbol], gets: Mapping[tuple[str, str], sp.Expr]) -> dict[tuple[str, str], sp.Expr]:
    (solved,) = sp.linsolve(equations, list(names.values()))
    values = dict(zip(names.values(), solved, strict=True))
    return {key: sp.factor(value.xreplace(values)) for key, value in gets.items()}
