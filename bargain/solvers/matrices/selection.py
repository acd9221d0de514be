"""Selection among the equilibria of a game: risk dominance in 2 x 2 games, and payoff dominance.

Where (i, j) and (i', j') are both strict equilibria, the first risk-dominates the second iff the product of what the players lose
by leaving it alone is greater,

    (u1(i, j) - u1(i', j)) (u2(i, j) - u2(i, j'))  >  (u1(i', j') - u1(i, j')) (u2(i', j') - u2(i', j)).

An equilibrium is payoff-undominated if no other equilibrium gives both players as much and one more; the payoff-dominant
equilibrium, where there is one, is the only one left.
Source: Harsanyi and Selten (1988), A General Theory of Equilibrium Selection in Games, MIT Press, 3.6, 3.9 and 5.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.findings.selected import Selected
from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.regions.explore import number_sign
from bargain.solution import Solution, Status
from bargain.solvers.matrices.programs import fractions, rational
from bargain.solvers.matrices.refinements import rational_bimatrix
from bargain.solvers.trees.subgame_perfect import regimes_of

__all__ = ["PayoffDominance", "RiskDominance"]

Profile = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]
Answer = tuple[Selected, ...]


@dataclass(frozen=True)
class RiskDominance:
    """The risk-dominant equilibrium of a 2 x 2 game without ties, by regimes; both where the loss products tie.

    Where only one equilibrium exists, it is the answer. Games in which a player is indifferent between two cells that differ
    in the own action alone are refused; with free parameters they lie on the boundary.

    >>> import bargain as bg
    >>> hunt = bg.MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=(("Stag", "Hare"), ("Stag", "Hare")))
    >>> found = bg.solve(hunt, RiskDominance()).equilibria[0]
    >>> found.outcome, found.quantities
    ('Hare,Hare', {'loss product': 9, 'other loss product': 1})
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "risk-dominant equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a 2 x 2 game."""
        _two_by_two(problem, "RiskDominance")

    def run(self, problem: MatrixGame) -> Solution:
        """Compare the products of deviation losses, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self, _risk)


@dataclass(frozen=True)
class PayoffDominance:
    """The Nash equilibria of a two-player game that no other equilibrium Pareto-dominates.

    A single one is the payoff-dominant equilibrium if its payoffs are at least those of every other, which `reason` says.
    Symbolic payoffs: 2 x 2 games, by regimes. Of a continuum the extreme equilibria are compared, which is enough.

    >>> import bargain as bg
    >>> hunt = bg.MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=(("Stag", "Hare"), ("Stag", "Hare")))
    >>> found = bg.solve(hunt, PayoffDominance()).equilibria[0]
    >>> found.outcome, found.reason
    ('Stag,Stag', 'payoff-dominant: no other equilibrium gives either player more')
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "payoff-undominated equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse games of more than two players, and symbolic ones other than 2 x 2."""
        if isinstance(problem, MatrixGame) and problem.notation.symbols:
            _two_by_two(problem, "PayoffDominance")
        else:
            rational_bimatrix(problem, "PayoffDominance")

    def run(self, problem: MatrixGame) -> Solution:
        """Compare the payoffs of all (extreme) equilibria, by cases where they are symbolic."""
        return _by_regimes(problem, self, _payoff)


def _two_by_two(problem: Any, place: str) -> None:
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")
    if problem.shape != (2, 2):
        raise NotApplicable(f"the game is {'x'.join(map(str, problem.shape))}", place=place, remedy="two players with two actions each (fix parameters otherwise)")


def _by_regimes(problem: MatrixGame, solver: RiskDominance | PayoffDominance, find: Callable[[Oracle, MatrixGame], Answer]) -> Solution:
    space = Space(problem.notation)
    leaves, skipped = explore(space, lambda oracle: find(oracle, problem), boundaries=solver.exact, limit=solver.limit)
    status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
    return Solution(problem, solver, status, regimes_of(space, leaves, closed=solver.exact), boundary=Region(strata(space, skipped)),
                    stats={"cases": len(leaves), "queries": space.queries, "exact": solver.exact})


def _equilibria(oracle: Oracle, game: MatrixGame) -> list[Profile]:
    """All equilibria of a 2 x 2 game without ties: pure ones in the order of the cells, then the mixed one."""
    (a, b), (c, d) = game.matrix(game.players[0])
    (e, f), (g, h) = game.matrix(game.players[1])
    first, second = [oracle.sign(a - c), oracle.sign(b - d)], [oracle.sign(e - f), oracle.sign(g - h)]
    if 0 in (*first, *second):
        raise NotApplicable("a player is indifferent between two actions against an action of the other", place=f"matrix game {game.title!r}",
                            remedy="selection by loss products needs strict preferences; see Nash() and Perfect()")
    one, zero = sp.Integer(1), sp.Integer(0)
    pure: list[Profile] = []
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        if first[j] == (1, -1)[i] and second[i] == (1, -1)[j]:
            pure.append(((one, zero) if i == 0 else (zero, one), (one, zero) if j == 0 else (zero, one)))
    if len(pure) == 1:
        return pure
    x, y = sp.cancel((h - g) / (e - f - g + h)), sp.cancel((d - b) / (a - b - c + d))
    return [*pure, ((x, sp.cancel(1 - x)), (y, sp.cancel(1 - y)))]


def _risk(oracle: Oracle, game: MatrixGame) -> Answer:
    found = _equilibria(oracle, game)
    concept = RiskDominance().concept
    if len(found) == 1:
        return (_selected(game, found[0], concept, reason="the only equilibrium"),)
    losses = [_loss_product(game, profile) for profile in found[:2]]
    sign = oracle.sign(losses[0] - losses[1])
    answers = []
    for k in (0, 1) if sign == 0 else (0,) if sign > 0 else (1,):
        reason = "its product of deviation losses is greater" if sign else "the products of deviation losses tie, neither equilibrium risk-dominates the other"
        dropped = () if not sign else ((_name(game, found[1 - k]), "its product of deviation losses is smaller"),)
        answers.append(_selected(game, found[k], concept, reason=reason, dropped=dropped,
                                 quantities={"loss product": losses[k], "other loss product": losses[1 - k]}))
    return tuple(answers)


def _loss_product(game: MatrixGame, profile: Profile) -> sp.Expr:
    i, j = (side.index(sp.Integer(1)) for side in profile)
    first, second = (game.matrix(player) for player in game.players)
    return sp.factor((first[i][j] - first[1 - i][j]) * (second[i][j] - second[i][1 - j]))


def _payoff(oracle: Oracle, game: MatrixGame) -> Answer:
    if game.notation.symbols:
        found = _equilibria(oracle, game)
    else:
        a, b = ([fractions(row) for row in game.matrix(player)] for player in game.players)
        found = [(tuple(map(rational, x)), tuple(map(rational, y))) for x, y in extreme_equilibria(a, b)]
    paid = [_paid(game, profile) for profile in found]
    beaten = {k: next((j for j in range(len(found)) if j != k and _better(oracle, paid[j], paid[k])), None) for k in range(len(found))}
    kept = [k for k, by in beaten.items() if by is None]
    dropped = tuple((_name(game, found[k]), f"{_name(game, found[by])} gives both as much and one more") for k, by in beaten.items() if by is not None)
    answers = []
    for k in kept:
        dominant = len(kept) < len(found) and all(_sign(oracle, u - v) >= 0 for j in range(len(found)) for u, v in zip(paid[k], paid[j], strict=True))
        reason = ("the only equilibrium" if len(found) == 1 else "payoff-dominant: no other equilibrium gives either player more" if dominant
                  else "no other equilibrium gives both players as much and one more")
        answers.append(_selected(game, found[k], PayoffDominance().concept, reason=reason, dropped=dropped))
    return tuple(answers)


def _better(oracle: Oracle, left: Sequence[sp.Expr], right: Sequence[sp.Expr]) -> bool:
    some = False
    for u, v in zip(left, right, strict=True):
        sign = _sign(oracle, u - v)
        if sign < 0:
            return False
        some = some or sign > 0
    return some


def _sign(oracle: Oracle, gap: sp.Expr) -> int:
    """The sign of a difference of payoffs, factor by factor: the mixed equilibrium pays (a - b)(c - a)/(a - b - c + d) more than a, all of them linear."""
    sign, factors = _factored(gap)
    for factor in factors if sign else ():
        sign *= oracle.sign(factor)
        if sign == 0:
            break
    return sign


@lru_cache(maxsize=4096)
def _factored(expression: sp.Expr) -> tuple[int, tuple[sp.Expr, ...]]:
    """The sign of the constant factor, and the other factors of odd power, also those of the denominator; the shortest first."""
    constant, factors = sp.Integer(1), []
    for part in sp.fraction(sp.together(expression)):
        number, listed = sp.factor_list(part)
        constant *= number
        factors += [factor if power % 2 else factor**2 for factor, power in listed]
    return number_sign(constant), tuple(sorted(factors, key=lambda factor: (len(str(factor)), str(factor))))


def _paid(game: MatrixGame, profile: Profile) -> list[sp.Expr]:
    x, y = profile
    return [sp.cancel(sp.Add(*(x[i] * y[j] * value for i, row in enumerate(game.matrix(player)) for j, value in enumerate(row)))) for player in game.players]


def _name(game: MatrixGame, profile: Profile) -> str:
    names = [" + ".join(a if w == 1 else f"{f'({w})' if w.is_Add else w} {a}" for a, w in zip(actions, side, strict=True) if w != 0)
             for actions, side in zip(game.actions, profile, strict=True)]
    return ("," if all(w in (0, 1) for side in profile for w in side) else ", ").join(names)


def _selected(game: MatrixGame, profile: Profile, concept: str, **more: Any) -> Selected:
    strategies = {player: {"": dict(zip(names, side, strict=True))} for player, names, side in zip(game.players, game.actions, profile, strict=True)}
    name = _name(game, profile)
    return Selected(concept, strategies, dict(zip(game.players, _paid(game, profile), strict=True)), (name,), name, **more)
