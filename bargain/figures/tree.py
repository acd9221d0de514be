"""The game tree, left to right, with equilibrium paths bold and large subgames folded: as a matplotlib figure.

A box is a decision (a double box: several players at once; a thick one: a bargaining table),
an oval is chance, a fan is an offer from an interval, a dashed line joins an information set.
One unit of the axes is one point, so the figure is exactly as large as its words need. The same
layout as LaTeX is `bargain.figures.tikz.tree_tikz`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import BadInput
from bargain.figures.drawing import Drawing, Shape, Stroke
from bargain.figures.folding import Twig, drawn, resolve, unfolded
from bargain.figures.layout import laid_out
from bargain.figures.style import BLACK, GREY, SMALL, VERMILLION, blank, journal
from bargain.figures.wording import LINE
from bargain.games.game import Game
from bargain.games.nodes import Decision, Simultaneous, show
from bargain.solution import Equilibrium, Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARGIN = 6.0
_INK = {"normal": BLACK, "bold": VERMILLION, "muted": GREY}
_ALIGNED = {"center": ("center", "center"), "west": ("left", "center"), "south west": ("left", "bottom")}


def tree_figure(thing: Game | Solution, *, highlight: Sequence[Sequence[str]] = (), regime: int | None = None, fold: int = 60) -> "Figure":
    """The game tree as a figure, the path of play bold.

    thing: a game, or a solution of one; then `regime` (counted from 0) says whose equilibrium paths are bold, and may be left
    out where there is one regime. highlight: further histories to draw bold. fold: how many nodes to draw at most; subgames
    that do not fit are folded into a stub that says how many end nodes it hides, but a bold path is always drawn in full.

    >>> from bargain import Game, decision, payoffs
    >>> entry = decision("E", out=payoffs(E=0, I=2), enter=decision("I", share=payoffs(E=1, I=1), fight=payoffs(E=-1, I=0)))
    >>> figure = tree_figure(Game("Entry", ("E", "I"), (), entry), highlight=[("enter", "share")])
    >>> sorted(text.get_text() for text in figure.axes[0].texts)[-4:]
    ['enter', 'fight', 'out', 'share']
    """
    with journal():
        drawing = tree_drawing(thing, highlight=highlight, regime=regime, fold=fold)
        left, bottom, right, top = drawing.frame
        wide, high = right - left + 2 * MARGIN, top - bottom + 2 * MARGIN
        figure = blank(wide / 72, high / 72, constrained=False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(left - MARGIN, right + MARGIN), ylim=(bottom - MARGIN, top + MARGIN))
        axes.set_axis_off()
        for stroke in drawing.strokes:
            _stroke(axes, stroke)
        for shape in drawing.shapes:
            _shape(axes, shape)
        for text in drawing.texts:
            across, up = _ALIGNED[text.anchor]
            axes.text(*text.place, text.words.shown, fontsize=SMALL, color=_INK[text.tone], ha=across, va=up, linespacing=1.0, zorder=5)
    return figure


def tree_drawing(thing: Game | Solution, *, highlight: Sequence[Sequence[str]] = (), regime: int | None = None, fold: int = 60) -> Drawing:
    """The layout that both renderers read; call it inside `style.journal()`."""
    game = thing.problem if isinstance(thing, Solution) else thing
    if not isinstance(game, Game):
        raise BadInput(f"a {type(game).__name__} is not a tree", place="tree", remedy="pass a Game, or a Solution of one")
    paths = [*highlight, *(_played(thing, regime) if isinstance(thing, Solution) else ())]
    root = drawn(game, [resolve(game, history) for path in paths for history in unfolded(path)], fold)
    shown = _shown(thing, regime) if isinstance(thing, Solution) else []
    return laid_out(_weighted(root, shown[0]) if len(shown) == 1 else root, game.players)


def _weighted(twig: Twig, equilibrium: Equilibrium) -> Twig:
    """The tree with the probabilities of moves that the equilibrium mixes on its path."""
    children = tuple(_weighted(child, equilibrium) for child in twig.children)
    if twig.bold and isinstance(twig.node, Decision | Simultaneous):
        name = getattr(twig.node, "information_set", "") or show(twig.history)
        movers = twig.node.players if isinstance(twig.node, Simultaneous) else (twig.node.player,)
        plans = [equilibrium.strategies.get(mover, {}).get(name, {}) for mover in movers]
        if all(plans) and any(sum(weight != 0 for weight in plan.values()) > 1 for plan in plans):
            children = tuple(replace(child, chance=_weight(plans, child.history[-1])) if child.bold else child for child in children)
    return replace(twig, children=children)


def _weight(plans: Sequence[Mapping[str, sp.Expr]], move: str) -> sp.Expr | None:
    """The probability of a move, or of a combination of moves made at once; none for one that no plan names."""
    parts = (move,) if len(plans) == 1 else tuple(move.split(","))
    known = len(parts) == len(plans) and all(part in plan for part, plan in zip(parts, plans, strict=True))
    return sp.Mul(*(plan[part] for part, plan in zip(parts, plans, strict=True))) if known else None


def _played(solution: Solution, regime: int | None) -> list[tuple[str, ...]]:
    """The equilibrium paths of a regime."""
    return list(dict.fromkeys(equilibrium.path for equilibrium in _shown(solution, regime) if equilibrium.path))


def _shown(solution: Solution, regime: int | None) -> list[Equilibrium]:
    """The equilibria whose paths are drawn."""
    if regime is None:
        chosen = solution.regimes if len(solution.regimes) == 1 else ()
    elif 0 <= regime < len(solution.regimes):
        chosen = (solution.regimes[regime],)
    else:
        raise BadInput(f"there is no regime {regime}", place="tree", remedy=f"count from 0 to {len(solution.regimes) - 1}")
    return [equilibrium for one in chosen for equilibrium in one.extreme()]


def _stroke(axes: Any, stroke: Stroke) -> None:
    across, along = zip(*stroke.points, strict=True)
    if stroke.kind == "join":
        axes.plot(across, along, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        return
    colour, thick, order = (VERMILLION, 2.0, 3) if stroke.bold else (BLACK, 0.7, 2)
    if stroke.kind == "fan":
        axes.fill(across, along, facecolor="#E6E6E6", edgecolor=colour, linewidth=thick, zorder=order)
    else:
        axes.plot(across, along, color=colour, linewidth=thick, zorder=order, solid_joinstyle="round")


def _shape(axes: Any, shape: Shape) -> None:
    from matplotlib.patches import FancyBboxPatch

    colour = VERMILLION if shape.bold else BLACK
    if shape.kind == "dot":
        axes.plot([shape.place[0]], [shape.place[1]], marker="o", markersize=shape.size[0], color=colour, zorder=4)
        return
    folded = shape.kind == "fold"
    style = "square,pad=0" if folded else f"round,pad=0,rounding_size={LINE / 2 + 1 if shape.kind == 'oval' else 2}"
    for rim in shape.rims:
        wide, high = shape.size[0] + 2 * rim, shape.size[1] + 2 * rim
        axes.add_patch(FancyBboxPatch((shape.place[0] - wide / 2, shape.place[1] - high / 2), wide, high, boxstyle=style, linewidth=shape.thick, zorder=4,
                                      facecolor="#F2F2F2" if folded else "white", edgecolor=GREY if folded else colour,
                                      linestyle=(0, (3, 2)) if folded else "-"))
