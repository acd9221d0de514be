"""All Nash equilibria of a two-player game: extreme points, maximal subsets and components.

With symbolic payoffs the answer comes in one of two forms. Disjoint regimes list all equilibria of their points.
Existence regions list each extreme equilibrium once, with the exact region in which it exists; several may exist at a
point, and those that share a strategy span continua there, which `Solution.at` puts together.
Source: Nash (1951), Annals of Mathematics 54:286-295; components after Jansen (1981),
Naval Research Logistics Quarterly 28:311-319; regions as in `bargain.solvers.matrices.existence`.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import sympy as sp

from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import Pair, components, maximal_nash_subsets
from bargain.regions import Region, explore, strata
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.matrices.existence import Existing, existence_regions
from bargain.solvers.matrices.patterns import patterns
from bargain.solvers.matrices.supports import Profile, extreme_points
from bargain.solvers.matrices.witnesses import RememberingSpace
from bargain.solvers.trees.subgame_perfect import regimes_of
from bargain.solvers.trees.tree_nash import check_tree, tree_nash

_PAIRS = 1000  # pairs of equal-size supports that are solved symbolically (6 x 6 has 923)
_FEW = 8  # extreme equilibria up to which the answer comes in disjoint regimes by itself
_MERGED = 24  # cells up to which regimes with the same equilibria are merged into the fewest conjunctions


@dataclass(frozen=True)
class Nash:
    """All Nash equilibria, pure and mixed, of a matrix game, or of a tree in behaviour strategies.

    With one player or more than two, payoffs must be rational for the mixed ones (`bargain.solvers.matrices.many_players`); what follows
    is for two players.

    Continua come as `Component`s: their extreme equilibria and the maximal subsets in which
    these mix freely. partition: with free parameters, whether regimes are disjoint, each with all equilibria of its
    points (True), or there is one for each extreme equilibrium, with the region where it exists (False); by
    default disjoint if at most eight extreme equilibria exist anywhere. exact: also solve on the boundaries
    between regimes, which then are disjoint. limit: largest number of cases that disjoint regimes may take.

    >>> import bargain as bg
    >>> chicken = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> [e.outcome for e in bg.solve(chicken, bg.Nash()).equilibria]
    ['C,D', '2/3 C + 1/3 D, 2/3 C + 1/3 D', 'D,C']
    """

    exact: bool = False
    limit: int = 20_000
    partition: bool | None = None

    def __post_init__(self) -> None:
        if self.exact and self.partition is False:
            raise BadInput("boundaries are solved as regimes of a partition", place="Nash(exact=True, partition=False)", remedy="drop one of the two")

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is neither a matrix game nor a tree in which at most two players move."""
        if isinstance(problem, Game):
            return check_tree(problem)
        if not isinstance(problem, MatrixGame):
            raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place="Nash", remedy="call strategic_form() or use SubgamePerfect()")

    def run(self, problem: MatrixGame | Game) -> Solution:
        """Enumerate extreme equilibria, exactly; by regions where payoffs are symbolic."""
        if isinstance(problem, Game):
            return tree_nash(problem, self)
        if len(problem.players) != 2:
            from bargain.solvers.matrices.many_players import many_player_equilibria

            return many_player_equilibria(problem, self)
        if not problem.notation.symbols:
            return self._by_cases(problem)
        rows, columns = problem.shape
        pairs = comb(rows + columns, rows) - 1
        if pairs > _PAIRS:
            raise TooLarge(f"a {rows}x{columns} game with symbolic payoffs has {pairs} pairs of supports", place=f"matrix game {problem.title!r}",
                           remedy=f"fix all parameters (free=[]); at most {_PAIRS} pairs are solved symbolically")
        return self._by_cases(problem) if self.exact else self._by_regions(problem)

    def gathered(self, problem: Any, equilibria: tuple[Equilibrium | Component, ...]) -> tuple[Equilibrium | Component, ...]:
        """Extreme equilibria that exist together at a point, without repetition, grouped into components."""
        if not isinstance(problem, MatrixGame) or len(problem.players) != 2:
            return equilibria
        extremes = [e for item in equilibria for e in (item.vertices if isinstance(item, Component) else (item,))]
        first, second = problem.players
        profiles: set[Profile] = {(tuple(e.strategies[first][""].values()), tuple(e.strategies[second][""].values())) for e in extremes}
        return grouped(problem, sorted(profiles, key=lambda profile: [[-weight for weight in side] for side in profile]))

    def _by_cases(self, problem: MatrixGame) -> Solution:
        """The regimes from the cases of vertex enumeration, boundaries included if exact; a game without parameters is one case."""
        space = RememberingSpace(problem.notation)
        a, b = (problem.matrix(player) for player in problem.players)
        leaves, skipped = explore(space, lambda oracle: grouped(problem, extreme_points(oracle, a, b)), boundaries=self.exact, limit=self.limit)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": self.exact})

    def _by_regions(self, problem: MatrixGame) -> Solution:
        space = RememberingSpace(problem.notation)
        found, ties = existence_regions(space, *(problem.matrix(player) for player in problem.players))
        partition = self.partition if self.partition is not None else len(found) <= _FEW
        regimes = self._disjoint(problem, space, found) if partition else _overlapping(problem, space, found)
        stats = {"extreme equilibria": len(found), "queries": space.queries, "exact": False}
        return Solution(problem, self, Status.PROVED, regimes, boundary=Region(ties), stats=stats, overlapping=not partition)

    def _disjoint(self, problem: MatrixGame, space: RememberingSpace, found: list[Existing]) -> tuple[Regime, ...]:
        cells = patterns(space, [existing.cells for existing in found], limit=self.limit)
        listed = {inside: grouped(problem, [found[k].profile for k in inside], [found[k].payoffs for k in inside]) for _, inside in cells}
        if len(cells) <= _MERGED:
            return regimes_of(space, [(cell, listed[inside]) for cell, inside in cells], closed=False)
        return tuple(Regime(Region(tuple(space.reduced(cell) for cell, own in cells if own == inside)), equilibria) for inside, equilibria in listed.items())


def _overlapping(problem: MatrixGame, space: RememberingSpace, found: list[Existing]) -> tuple[Regime, ...]:
    return tuple(Regime(Region(tuple(space.reduced(cell) for cell in existing.cells)), (_equilibrium(problem, existing.profile, existing.payoffs),))
                 for existing in found)


def grouped(game: MatrixGame, extremes: list[Profile], payoffs: list[tuple[sp.Expr, sp.Expr]] | None = None) -> tuple[Equilibrium | Component, ...]:
    """Extreme equilibria grouped into components; an isolated equilibrium stands alone. payoffs: where they are known already."""
    rows, columns = (list(dict.fromkeys(profile[side] for profile in extremes)) for side in (0, 1))
    named: list[Pair] = [((Fraction(rows.index(x)),), (Fraction(columns.index(y)),)) for x, y in extremes]  # strategies by number
    paid = payoffs if payoffs is not None else [None] * len(extremes)
    made = {name: _equilibrium(game, profile, values) for name, profile, values in zip(named, extremes, paid, strict=True)}
    subsets = maximal_nash_subsets(named)
    groups: list[Equilibrium | Component] = []
    for members in components(subsets):
        inside = [name for name in named if any(name[0] in subsets[k][0] and name[1] in subsets[k][1] for k in members)]
        if len(inside) == 1:
            groups.append(made[inside[0]])
            continue
        index = {name: number for number, name in enumerate(inside)}
        parts = tuple(tuple(sorted(index[x, y] for x in subsets[k][0] for y in subsets[k][1])) for k in members)
        groups.append(Component(tuple(made[name] for name in inside), parts))
    groups.sort(key=lambda group: named.index(next(n for n, e in made.items() if e is (group.vertices[0] if isinstance(group, Component) else group))))
    return tuple(groups)


def _equilibrium(game: MatrixGame, profile: Profile, payoffs: tuple[sp.Expr, sp.Expr] | None = None) -> Equilibrium:
    strategies, names = {}, []
    for player, actions, weights in zip(game.players, game.actions, profile, strict=True):
        strategies[player] = {"": dict(zip(actions, weights, strict=True))}
        names.append(" + ".join(action if w == 1 else f"{_coefficient(w)} {action}" for action, w in zip(actions, weights, strict=True) if w != 0))
    pure = all(w in (0, 1) for weights in profile for w in weights)
    outcome = ",".join(names) if pure else ", ".join(names)
    paid = dict(zip(game.players, payoffs or _payoffs(game, profile), strict=True))
    return Equilibrium("Nash equilibrium", strategies, paid, (outcome,), outcome)


def _payoffs(game: MatrixGame, profile: Profile) -> tuple[sp.Expr, sp.Expr]:
    """What a pair of mixed strategies pays."""
    x, y = profile
    played = [(i, j) for i, weight in enumerate(x) if weight != 0 for j, other in enumerate(y) if other != 0]
    first, second = (sp.factor(sp.Add(*(x[i] * y[j] * matrix[i][j] for i, j in played))) for matrix in map(game.matrix, game.players))
    return first, second


def rational_tables(problem: Any, place: str) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Both payoff matrices of a two-player game with rational payoffs; anything else is refused."""
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")
    if len(problem.players) != 2:
        raise NotApplicable(f"{len(problem.players)} players", place=place, remedy="two players are supported")
    if not all(value.is_Rational for values in problem.payoffs.values() for value in values):
        raise NotApplicable("payoffs must be rational numbers", place=place, remedy="fix all parameters (free=[]), or use Nash()")
    a, b = ([[Fraction(int(value.p), int(value.q)) for value in row] for row in problem.matrix(player)] for player in problem.players)
    return a, b


def single(problem: MatrixGame, profile: Pair) -> Equilibrium:
    """One equilibrium in fractions as an `Equilibrium`."""
    x, y = (tuple(sp.Rational(w.numerator, w.denominator) for w in side) for side in profile)
    return _equilibrium(problem, (x, y))


def _coefficient(weight: sp.Expr) -> str:
    return f"({weight})" if weight.is_Add else str(weight)
