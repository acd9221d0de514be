"""Iterated elimination of dominated actions, and rationalizability, as solutions by regimes of the parameters.

All dominated actions of all players go in each round. With strict dominance the order of elimination does not matter; with
weak dominance it may, and for games without parameters the sets that other orders lead to are listed.
Sources: Bernheim (1984), Econometrica 52:1007-1028; Pearce (1984), Econometrica 52:1029-1050; Gilboa, Kalai and Zemel (1990),
Operations Research Letters 9:85-89 (order).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bargain.errors import NotApplicable
from bargain.findings.strategic import Elimination, Survivors
from bargain.games.matrix import MatrixGame
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Solution, Status
from bargain.solvers.matrices.dominance import Kept, judged, reduced
from bargain.solvers.trees.subgame_perfect import regimes_of

__all__ = ["IteratedDominance", "Rationalizability"]

Sets = Mapping[str, tuple[str, ...]]
_ORDERS = 400  # reduced games looked at to see whether the order of weak elimination matters
_CORRELATED = "Conjectures may be correlated: an action is removed iff it is never a best reply to a lottery over the others' joint actions."


@dataclass(frozen=True)
class IteratedDominance:
    """The actions that survive iterated elimination of dominated actions.

    weak: remove weakly dominated actions (else only strictly dominated ones). mixed: by mixtures (else by pure actions
    only). rounds: stop after so many (None: until nothing is dominated). exact: with free parameters, also solve on
    the boundaries between regimes.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [5, 0]])
    >>> found = bg.solve(game, IteratedDominance()).equilibria[0]
    >>> found.outcome, found.path
    ('{r1, r2} x {c1, c2}', ('round 1: r3 of row is strictly dominated by 1/2 r1 + 1/2 r2',))
    """

    weak: bool = False
    mixed: bool = True
    rounds: int | None = None
    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return f"iterated {'weak' if self.weak else 'strict'} dominance"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game."""
        _matrix(problem, "IteratedDominance")
        if self.rounds is not None and self.rounds < 1:
            raise NotApplicable(f"{self.rounds} rounds remove nothing", place="IteratedDominance", remedy="give rounds=1 or more, or None")

    def run(self, problem: MatrixGame) -> Solution:
        """Eliminate round by round, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self)


@dataclass(frozen=True)
class Rationalizability:
    """The rationalizable actions: those left by removing, round after round, what is never a best reply.

    Conjectures may be correlated, so that this equals iterated strict dominance by mixtures (Pearce 1984, Lemma 3); with two
    players there is nothing to correlate. Each survivor comes with a conjecture to which it is a best reply.

    >>> import bargain as bg
    >>> pennies = bg.MatrixGame.from_arrays([[1, -1, -3], [-1, 1, -3]], [[-1, 1, 0], [1, -1, 0]])
    >>> bg.solve(pennies, Rationalizability()).equilibria[0].outcome
    '{r1, r2} x {c1, c2, c3}'
    """

    exact: bool = False
    limit: int = 2_000
    weak, mixed, rounds = False, True, None

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "rationalizability"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game."""
        _matrix(problem, "Rationalizability")

    def run(self, problem: MatrixGame) -> Solution:
        """Eliminate round by round, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self)


Eliminator = IteratedDominance | Rationalizability


def _matrix(problem: Any, place: str) -> None:
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")


def _by_regimes(problem: MatrixGame, solver: Eliminator) -> Solution:
    space = Space(problem.notation)
    leaves, skipped = explore(space, lambda oracle: (_survivors(oracle, problem, solver),), boundaries=solver.exact, limit=solver.limit)
    status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
    return Solution(problem, solver, status, regimes_of(space, leaves, closed=solver.exact), boundary=Region(strata(space, skipped)),
                    stats={"cases": len(leaves), "queries": space.queries, "exact": solver.exact})


def _survivors(oracle: Oracle, game: MatrixGame, solver: Eliminator) -> Survivors:
    eliminated: list[Elimination] = []
    for number, stage in enumerate(reduced(oracle, game, strict=not solver.weak, mixed=solver.mixed)):
        kept, verdicts = stage
        gone = [Elimination(number + 1, game.players[index], action, verdict.by) for (index, action), verdict in verdicts.items() if verdict.by]
        if not gone or number == solver.rounds:
            break
        eliminated += gone
    conjectures = {} if gone else {player: {action: verdicts[index, action].conjecture for action in kept[index] if verdicts[index, action].conjecture}
                                   for index, player in enumerate(game.players)}
    single = all(len(names) == 1 for names in kept)
    payoffs = dict(zip(game.players, game.payoffs[tuple(names[0] for names in kept)], strict=True)) if single else {}
    named = dict(zip(game.players, kept, strict=True))
    others = _other_orders(oracle, game, kept, solver) if solver.weak else ()
    return Survivors(solver.concept, {}, payoffs, tuple(_told(step, solver.weak) for step in eliminated), _product(named), survivors=named,
                     eliminated=tuple(eliminated), conjectures=conjectures, others=others, notion=_notion(solver, others))


def _product(sets: Sets) -> str:
    return " x ".join("{" + ", ".join(names) + "}" for names in sets.values())


def _told(step: Elimination, weak: bool) -> str:
    mixture = " + ".join(action if weight == 1 else f"{f'({weight})' if weight.is_Add else weight} {action}" for action, weight in step.by.items())
    return f"round {step.round}: {step.action} of {step.player} is {'weakly' if weak else 'strictly'} dominated by {mixture}"


def _notion(solver: Eliminator, others: tuple[Sets, ...] | None) -> str:
    if isinstance(solver, Rationalizability):
        return _CORRELATED
    if not solver.weak:
        return ""
    if others is None:
        return "With weak dominance the order of elimination may matter; here all dominated actions of a round go at once, and other orders were not examined."
    if not others:
        return "Every order of elimination of weakly dominated actions leads to this set."
    return f"The order of elimination matters: other orders lead to {'; '.join(map(_product, others))}."


def _other_orders(oracle: Oracle, game: MatrixGame, chosen: Kept, solver: Eliminator) -> tuple[Sets, ...] | None:
    """The other ends of removing weakly dominated actions one at a time; None if there are parameters or too many reductions."""
    if game.notation.symbols or solver.rounds is not None:
        return None
    seen, waiting, ends = {game.actions}, [game.actions], []
    while waiting:
        kept = waiting.pop()
        dominated = [(index, action) for index, names in enumerate(kept) for action in names
                     if judged(oracle, game, kept, (index, action), strict=False, mixed=solver.mixed).by]
        if not dominated:
            ends.append(kept)
        for index, action in dominated:
            left = tuple(tuple(name for name in names if (k, name) != (index, action)) for k, names in enumerate(kept))
            if left not in seen:
                seen.add(left)
                waiting.append(left)
        if len(seen) > _ORDERS:
            return None
    return tuple(dict(zip(game.players, end, strict=True)) for end in sorted(ends) if end != chosen)
