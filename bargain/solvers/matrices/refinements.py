"""Perfect and proper equilibria of two-player games, with the reason why each equilibrium survives or falls.

All Nash equilibria are enumerated exactly. With two players an equilibrium is trembling-hand perfect iff neither strategy is weakly
dominated; within a maximal Nash subset conv(X) x conv(Y) the undominated strategies are faces, so that all perfect
equilibria are found. Every survivor carries its trembles: profiles with full support in a positive infinitesimal epsilon.
Sources: Selten (1975), International Journal of Game Theory 4:25-55; Myerson (1978), International Journal of Game Theory 7:73-80.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.findings.selected import Selected
from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import Mixed, Pair, extreme_equilibria, maximal_nash_subsets
from bargain.kernels.germs import Ratio
from bargain.kernels.refinements import Trembles, defence, dominator, properly
from bargain.regions import Region
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.matrices.programs import fractions, rational

__all__ = ["Perfect", "Proper"]

EPSILON = sp.Symbol("epsilon", positive=True)
_VERTICES = 12  # strategies of one player in a maximal Nash subset whose faces are searched


@dataclass(frozen=True)
class Perfect:
    """All trembling-hand perfect equilibria of a two-player game; continua as components; symbolic payoffs by regimes.

    `dropped` of each survivor lists the extreme equilibria that fall and what dominates them. exact: also the boundaries
    between regimes, where ties make some equilibria fall. limit: cases after which `TooLarge` is raised.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[1, 0], [0, 0]], [[1, 0], [0, 0]])
    >>> found = bg.solve(game, Perfect())
    >>> [e.outcome for e in found.extreme], found.extreme[0].dropped
    (['r1,c1'], (('r2,c2', 'r2 of row is weakly dominated by r1; c2 of column is weakly dominated by c1'),))
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "trembling-hand perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game."""
        if isinstance(problem, MatrixGame) and len(problem.players) == 2 and problem.notation.symbols:
            return
        rational_bimatrix(problem, "Perfect")

    def run(self, problem: MatrixGame) -> Solution:
        """Enumerate the equilibria and keep the undominated faces of every maximal Nash subset."""
        if problem.notation.symbols:
            from bargain.solvers.matrices.perfect_regimes import perfect_by_regimes

            return perfect_by_regimes(problem, self)
        found = Survey(problem)
        groups = found.perfect()
        return Solution(problem, self, Status.CERTIFIED, (Regime(Region.everything(), groups),), stats={"Nash equilibria (extreme)": len(found.extremes)})


@dataclass(frozen=True)
class Proper:
    """The proper equilibria among the extreme perfect equilibria of a two-player game with rational payoffs.

    The list is complete where all perfect equilibria are isolated; proper equilibria inside a continuum are not searched, and
    the status then says so.

    >>> import bargain as bg
    >>> payoffs = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
    >>> game = bg.MatrixGame.from_arrays(payoffs, payoffs)
    >>> [len(bg.solve(game, solver).extreme) for solver in (bg.Nash(), Perfect(), Proper())]
    [3, 2, 1]
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "proper equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game with rational payoffs."""
        rational_bimatrix(problem, "Proper")

    def run(self, problem: MatrixGame) -> Solution:
        """Test every extreme perfect equilibrium against all orders of payoffs."""
        survey = Survey(problem)
        groups = survey.perfect()
        isolated = not any(isinstance(group, Component) for group in groups)
        kept, dropped = [], list(survey.dropped())
        for pair in survey.kept():
            trembles = properly(survey.a, survey.b, pair)
            if trembles is None:
                dropped.append((named(problem, pair), "perfect, but no trembles respect the order of payoffs, whatever that order is"))
            else:
                kept.append(_proper(problem, pair, trembles))
        if not kept:
            raise NotApplicable("no extreme perfect equilibrium is proper", place="Proper", remedy="proper equilibria inside continua are not searched")
        found = tuple(replace(item, dropped=tuple(dropped)) for item in kept)
        status = Status.CERTIFIED if isolated else Status.INCOMPLETE
        return Solution(problem, self, status, (Regime(Region.everything(), found),), stats={"Nash equilibria (extreme)": len(survey.extremes)})


def rational_bimatrix(problem: Any, place: str) -> None:
    """Refuse what is not a two-player matrix game with rational payoffs."""
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")
    if len(problem.players) != 2:
        raise NotApplicable(f"{len(problem.players)} players: undominated is then not enough", place=place, remedy="two players are supported")
    if not all(value.is_Rational for values in problem.payoffs.values() for value in values):
        raise NotApplicable("needs rational payoffs", place=place, remedy="fix every parameter: solve(..., free=[])")


class Survey:
    """The equilibria of a game and the defences of their strategies, each computed once."""

    def __init__(self, game: MatrixGame) -> None:
        self.game = game
        self.a, self.b = ([fractions(row) for row in game.matrix(player)] for player in game.players)
        self.columns = [list(column) for column in zip(*self.b, strict=True)]
        self.extremes: list[Pair] = extreme_equilibria(self.a, self.b)
        self._defences: dict[tuple[int, tuple[int, ...]], tuple[Fraction, ...] | None] = {}

    def defence(self, side: int, strategies: Sequence[Mixed]) -> tuple[Fraction, ...] | None:
        """Full-support beliefs to which all the strategies are best replies."""
        played = tuple(sorted({i for weights in strategies for i, w in enumerate(weights) if w}))
        if (side, played) not in self._defences:
            self._defences[side, played] = defence(self.columns if side else self.a, played)
        return self._defences[side, played]

    def subsets(self) -> list[Any]:
        """The maximal Nash subsets, as lists of strategies of either player."""
        return list(maximal_nash_subsets(self.extremes))

    def kept(self) -> list[Pair]:
        """The extreme equilibria in undominated strategies."""
        return [pair for pair in self.extremes if all(self.defence(side, [pair[side]]) is not None for side in (0, 1))]

    def dropped(self) -> list[tuple[str, str]]:
        """The others, and what dominates them."""
        found = []
        for pair in self.extremes:
            reasons = [self._dominated(side, pair[side]) for side in (0, 1) if self.defence(side, [pair[side]]) is None]
            if reasons:
                found.append((named(self.game, pair), "; ".join(reasons)))
        return found

    def _dominated(self, side: int, weights: Mixed) -> str:
        actions = self.game.actions[side]
        better = dominator(self.columns if side else self.a, weights)
        return f"{mixture(actions, weights)} of {self.game.players[side]} is weakly dominated by {mixture(actions, better)}"

    def perfect(self) -> tuple[Equilibrium | Component, ...]:
        """All perfect equilibria: undominated faces of the maximal Nash subsets, connected where they share an extreme equilibrium."""
        boxes: list[tuple[tuple[Mixed, ...], tuple[Mixed, ...]]] = []
        for subset in self.subsets():
            boxes += [(left, right) for left in self._faces(0, subset[0]) for right in self._faces(1, subset[1])]
        boxes = [box for k, box in enumerate(boxes) if not any(_inside(box, other) and (other != box or j < k) for j, other in enumerate(boxes) if j != k)]
        dropped = tuple(self.dropped())
        return tuple(self._group([boxes[k] for k in members], dropped) for members in _connected(boxes))

    def _faces(self, side: int, vertices: Sequence[Mixed]) -> list[tuple[Mixed, ...]]:
        """The maximal sets of vertices that are undominated together."""
        if len(vertices) > _VERTICES:
            raise TooLarge(f"a maximal Nash subset has {len(vertices)} strategies of one player", place="Perfect", remedy="use a less degenerate game")
        found: list[tuple[Mixed, ...]] = []
        for size in range(len(vertices), 0, -1):
            for chosen in combinations(vertices, size):
                if not any(set(chosen) <= set(face) for face in found) and self.defence(side, chosen) is not None:
                    found.append(chosen)
        return found

    def _group(self, boxes: list[Any], dropped: tuple[tuple[str, str], ...]) -> Equilibrium | Component:
        inside = [pair for pair in self.extremes if any(pair[0] in left and pair[1] in right for left, right in boxes)]
        index = {pair: k for k, pair in enumerate(inside)}
        made = [self._selected(pair, dropped) for pair in inside]
        if len(made) == 1:
            return made[0]
        subsets = tuple(tuple(sorted(index[x, y] for x in left for y in right)) for left, right in boxes)
        beliefs: dict[int, dict[str, dict[str, sp.Expr]]] = {}
        for number, (left, right) in enumerate(boxes):
            first = subsets[number][0]
            for side, vertices in ((0, left), (1, right)):
                lottery = self.defence(side, vertices)
                assert lottery is not None
                beliefs.setdefault(first, {})[f"{self.game.players[side]}, set {number + 1}"] = weighted(self.game.actions[1 - side], lottery)
        return Component(tuple(replace(e, beliefs={**e.beliefs, **beliefs.get(k, {})}) for k, e in enumerate(made)), subsets)

    def _selected(self, pair: Pair, dropped: tuple[tuple[str, str], ...]) -> Selected:
        beliefs, trembles = {}, {}
        for side in (0, 1):
            lottery = self.defence(side, [pair[side]])
            assert lottery is not None
            other = self.game.players[1 - side]
            beliefs[self.game.players[side]] = weighted(self.game.actions[1 - side], lottery)
            trembles[other] = {action: sp.expand((1 - EPSILON) * _number(w) + EPSILON * _number(d))
                               for action, w, d in zip(self.game.actions[1 - side], pair[1 - side], lottery, strict=True)}
        reason = "both strategies are best replies to beliefs with full support"
        return selected(self.game, pair, Perfect().concept, reason=reason, beliefs=beliefs, trembles=trembles, dropped=dropped)


def _inside(box: Any, other: Any) -> bool:
    return set(box[0]) <= set(other[0]) and set(box[1]) <= set(other[1])


def _connected(boxes: Sequence[Any]) -> list[list[int]]:
    """Indices of boxes that hang together by common extreme equilibria."""
    groups: list[list[int]] = []
    for k, (left, right) in enumerate(boxes):
        touching = [group for group in groups if any(set(boxes[j][0]) & set(left) and set(boxes[j][1]) & set(right) for j in group)]
        groups = [group for group in groups if group not in touching] + [sorted([k, *(j for group in touching for j in group)])]
    return sorted(groups)


def _proper(game: MatrixGame, pair: Pair, trembles: Trembles) -> Selected:
    profiles = {player: {action: _function(ratio) for action, ratio in zip(names, found, strict=True)}
                for player, names, found in zip(game.players, game.actions, (trembles.x, trembles.y), strict=True)}
    told = "; ".join(f"{player} ranks " + " > ".join(" = ".join(names[i] for i in level) for level in order)
                     for player, names, order in zip(game.players, game.actions, trembles.orders, strict=True))
    return selected(game, pair, Proper().concept, reason=f"trembles exist along which {told}", trembles=profiles)


def _function(ratio: Ratio) -> sp.Expr:
    parts = [sp.Add(*(sp.Rational(int(c.p), int(c.q)) * EPSILON**k for k, c in enumerate(poly.coeffs()))) for poly in (ratio.numerator, ratio.denominator)]
    return parts[0] / parts[1]


def selected(game: MatrixGame, pair: Pair, concept: str, **more: Any) -> Selected:
    """An equilibrium in mixed strategies with its payoffs, as a selection."""
    strategies = {player: {"": weighted(names, weights)} for player, names, weights in zip(game.players, game.actions, pair, strict=True)}
    payoffs = {player: sp.Add(*(_number(x * y) * row[j] for x, row in zip(pair[0], game.matrix(player), strict=True) for j, y in enumerate(pair[1])))
               for player in game.players}
    name = named(game, pair)
    return Selected(concept, strategies, payoffs, (name,), name, **more)


def weighted(actions: Sequence[str], weights: Sequence[Fraction]) -> dict[str, sp.Expr]:
    """A mixture by action name."""
    return {action: _number(weight) for action, weight in zip(actions, weights, strict=True)}


def _number(weight: Any) -> sp.Expr:
    return weight if isinstance(weight, sp.Expr) else rational(weight)


def mixture(actions: Sequence[str], weights: Mapping[int, Fraction] | Sequence[Fraction]) -> str:
    """A mixture in words."""
    listed = [(action, weights[k]) for k, action in enumerate(actions) if weights[k]]
    return " + ".join(action if weight == 1 else f"({weight}) {action}" if isinstance(weight, sp.Add) else f"{weight} {action}" for action, weight in listed)


def named(game: MatrixGame, pair: Pair) -> str:
    """A profile in words."""
    pure = all(w in (0, 1) for side in pair for w in side)
    return ("," if pure else ", ").join(mixture(actions, side) for actions, side in zip(game.actions, pair, strict=True))
