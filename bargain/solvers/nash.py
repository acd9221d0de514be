"""All Nash equilibria of a two-player game: extreme points, maximal subsets and components.

With symbolic payoffs the answer comes by regimes of the parameters.
Source: Nash (1951), Annals of Mathematics 54:286-295; components after Jansen (1981),
Naval Research Logistics Quarterly 28:311-319.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import Pair, components, maximal_nash_subsets
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Component, Equilibrium, Solution, Status
from bargain.solvers.subgame_perfect import regimes_of
from bargain.solvers.supports import Profile, extreme_points

_FREE = {1: 8, 2: 8, 3: 4}  # free parameters that games of this size are split by; 3 for larger ones


@dataclass(frozen=True)
class Nash:
    """All Nash equilibria, pure and mixed, of a two-player matrix game.

    Continua come as `Component`s: their extreme equilibria and the maximal subsets in which
    these mix freely. exact: with free parameters, also solve on the boundaries between regimes.

    >>> import bargain as bg
    >>> chicken = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> [e.outcome for e in bg.solve(chicken, bg.Nash()).equilibria]
    ['C,D', '2/3 C + 1/3 D, 2/3 C + 1/3 D', 'D,C']
    """

    exact: bool = False
    limit: int = 20_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game."""
        if not isinstance(problem, MatrixGame):
            raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place="Nash", remedy="call strategic_form() or use SubgamePerfect()")
        if len(problem.players) != 2:
            raise NotApplicable(f"{len(problem.players)} players", place="Nash", remedy="two players are supported")

    def run(self, problem: MatrixGame) -> Solution:
        """Enumerate extreme equilibria, exactly; by cases where payoffs are symbolic."""
        free, size = len(problem.notation.symbols), max(problem.shape)
        most = _FREE.get(size, 3)
        if free > most:
            raise TooLarge(f"{free} free parameters in a {'x'.join(map(str, problem.shape))} game", place=f"matrix game {problem.title!r}",
                           remedy=f"leave at most {most} free (free=[...]) and fix the others")
        space = Space(problem.notation)
        a, b = (problem.matrix(player) for player in problem.players)

        def algorithm(oracle: Oracle) -> tuple[Equilibrium | Component, ...]:
            return grouped(problem, extreme_points(oracle, a, b))

        leaves, skipped = explore(space, algorithm, boundaries=self.exact, limit=self.limit)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": self.exact})


def grouped(game: MatrixGame, extremes: list[Profile]) -> tuple[Equilibrium | Component, ...]:
    """Extreme equilibria grouped into components; an isolated equilibrium stands alone."""
    rows, columns = (list(dict.fromkeys(profile[side] for profile in extremes)) for side in (0, 1))
    named: list[Pair] = [((Fraction(rows.index(x)),), (Fraction(columns.index(y)),)) for x, y in extremes]  # strategies by number
    made = {name: _equilibrium(game, profile) for name, profile in zip(named, extremes, strict=True)}
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


def _equilibrium(game: MatrixGame, profile: Profile) -> Equilibrium:
    strategies, names = {}, []
    for player, actions, weights in zip(game.players, game.actions, profile, strict=True):
        strategies[player] = {"": dict(zip(actions, weights, strict=True))}
        names.append(" + ".join(action if w == 1 else f"{w} {action}" for action, w in zip(actions, weights, strict=True) if w != 0))
    payoffs = {}
    for player in game.players:
        matrix = game.matrix(player)
        payoffs[player] = sp.factor(sum(x * y * matrix[i][j] for i, x in enumerate(profile[0]) for j, y in enumerate(profile[1]) if x != 0 and y != 0))
    pure = all(w in (0, 1) for weights in profile for w in weights)
    outcome = ",".join(names) if pure else ", ".join(names)
    return Equilibrium("Nash equilibrium", strategies, payoffs, (outcome,), outcome)
