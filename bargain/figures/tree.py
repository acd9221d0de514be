"""The game tree, left to right, with equilibrium paths bold and large subgames folded.

A box is a decision (a double box: several players at once; a thick one: a bargaining table),
an oval is chance, a fan is an offer from an interval, a dashed line joins an information set.
One unit of the axes is one point, so the figure is exactly as large as its words need.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bargain.figures.layout import Twig, drawn, placed, resolve, unfolded
from bargain.figures.style import BLACK, GREY, SMALL, VERMILLION, blank, journal, plain
from bargain.figures.wording import action, ending, mover, proposal, width
from bargain.games.game import Game
from bargain.games.nodes import Bargain, Chance, Decision, Offer, Simultaneous

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = 9.6  # height of a line of text
SLANT, GAP, PAD, FAN = 16.0, 3.0, 3.0, 20.0
MARGIN = 6.0


@dataclass(frozen=True)
class _Pen:
    """What the drawing needs to know: axes, the players' order, and the row height."""

    axes: Any
    players: tuple[str, ...]
    row: float


def tree_figure(game: Game, *, highlight: Sequence[Sequence[str]] = (), fold: int = 60) -> "Figure":
    """The game tree as a figure; `highlight` names histories to draw bold, `fold` how many nodes to draw at most.

    Subgames that do not fit are folded into a stub that says how many end nodes it hides; a
    highlighted path is always drawn in full, and may be an `Equilibrium.path`.

    >>> from bargain import Game, decision, payoffs
    >>> entry = decision("E", out=payoffs(E=0, I=2), enter=decision("I", share=payoffs(E=1, I=1), fight=payoffs(E=-1, I=0)))
    >>> figure = tree_figure(Game("Entry", ("E", "I"), (), entry), highlight=[("enter", "share")])
    >>> sorted(text.get_text() for text in figure.axes[0].texts)[-4:]
    ['enter', 'fight', 'out', 'share']
    """
    root = drawn(game, [resolve(game, history) for path in highlight for history in unfolded(path)], fold)
    with journal():
        columns, right = _columns(root, game.players)
        row = max(1.6, 0.55 + max((action(twig).count("\n") + 1 for twig in root if twig.history), default=1)) * LINE
        root = placed(root, columns, row)
        bottom = min(twig.y for twig in root) - row / 2 - LINE
        top = row / 2 + LINE
        wide, high = right + 2 * MARGIN, top - bottom + 2 * MARGIN
        figure = blank(wide / 72, high / 72, constrained=False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-MARGIN, wide - MARGIN), ylim=(bottom - MARGIN, top + MARGIN))
        axes.set_axis_off()
        pen = _Pen(axes, game.players, row)
        axes.text(0, bottom, "Payoffs: (" + ", ".join(map(plain, game.players)) + ")", fontsize=SMALL, color=GREY, va="center")
        _draw(pen, root)
        _information_sets(pen, root)
    return figure


def _columns(root: Twig, players: tuple[str, ...]) -> tuple[list[float], float]:
    """Where each column of nodes starts, and where the drawing ends, in points."""
    deepest = max(twig.depth for twig in root)
    body, edge = [0.0] * (deepest + 1), [0.0] * (deepest + 1)
    for twig in root:
        body[twig.depth] = max(body[twig.depth], _box(twig) / 2)
        if twig.history:
            edge[twig.depth] = max(edge[twig.depth], width(action(twig)))
        for child in twig.children:
            edge[child.depth] = max(edge[child.depth], width(_said(twig)) + FAN)
    columns = [body[0]]
    for depth in range(1, deepest + 1):
        columns.append(columns[-1] + body[depth - 1] + SLANT + edge[depth] + 2 * GAP + body[depth])
    right = max(columns[twig.depth] + _box(twig) / 2 + GAP + width(text) for twig, text in _ends(root, players))
    return columns, max(right, columns[-1] + body[-1], width("Payoffs: (" + ", ".join(players) + ")"))


def _ends(root: Twig, players: tuple[str, ...]) -> Iterator[tuple[Twig, str]]:
    yield root, ""
    for twig in root:
        for child in twig.children:
            yield child, ending(child, players, twig)


def _said(twig: Twig) -> str:
    return proposal(twig.node) if isinstance(twig.node, Offer) else ""


def _box(twig: Twig) -> float:
    """The width of what stands at the node: a box with a name, or the dot of an end."""
    text = mover(twig)
    return width(text) + 2 * PAD + 2 if text else 3.0


def _draw(pen: _Pen, twig: Twig) -> None:
    for child in twig.children:
        _edge(pen, twig, child)
        text = ending(child, pen.players, twig)
        if text:
            colour = VERMILLION if child.bold else BLACK
            pen.axes.text(child.x + _box(child) / 2 + GAP, child.y, text, fontsize=SMALL, va="center", color=colour, zorder=5)
    _node(pen, twig)
    for child in twig.children:
        _draw(pen, child)


def _edge(pen: _Pen, parent: Twig, child: Twig) -> None:
    colour, thick = (VERMILLION, 2.0) if child.bold else (BLACK, 0.7)
    start, end = parent.x + _box(parent) / 2, child.x - _box(child) / 2
    turn, line = start + SLANT, [(start, parent.y)]
    order = 3 if child.bold else 2
    if isinstance(parent.node, Offer):
        turn, line = start + FAN, []
        half = min(0.42 * pen.row, 8.0)
        pen.axes.fill([start, turn, turn], [parent.y, parent.y + half, parent.y - half], facecolor="#E6E6E6", edgecolor=colour,
                      linewidth=thick, zorder=order)
    across, along = zip(*line, (turn, child.y), (end, child.y), strict=True)
    pen.axes.plot(across, along, color=colour, linewidth=thick, zorder=order, solid_joinstyle="round")
    name = _said(parent) or action(child)
    pen.axes.text(turn + GAP, child.y + 1.2, name, fontsize=SMALL, color=colour, va="bottom", linespacing=1.0, zorder=5)


def _node(pen: _Pen, twig: Twig) -> None:
    from matplotlib.patches import FancyBboxPatch

    text, colour = mover(twig), VERMILLION if twig.bold else BLACK
    if not text:
        pen.axes.plot([twig.x], [twig.y], marker="o", markersize=3, color=colour, zorder=4)
        return
    shape, thick, rims = _rim(twig)
    for rim in rims:
        wide, high = _box(twig) + 2 * rim, LINE + 2.5 + 2 * rim
        pen.axes.add_patch(FancyBboxPatch((twig.x - wide / 2, twig.y - high / 2), wide, high, boxstyle=shape, linewidth=thick, zorder=4,
                                          facecolor="#F2F2F2" if twig.hidden else "white", edgecolor=GREY if twig.hidden else colour,
                                          linestyle=(0, (3, 2)) if twig.hidden else "-"))
    pen.axes.text(twig.x, twig.y, text, fontsize=SMALL, ha="center", va="center", zorder=5, color=GREY if twig.hidden else BLACK)


def _rim(twig: Twig) -> tuple[str, float, tuple[float, ...]]:
    """The outline of a node: its shape, how thick, and how far out each rim lies."""
    if twig.hidden:
        return "square,pad=0", 0.7, (0.0,)
    shape = f"round,pad=0,rounding_size={LINE / 2 + 1 if isinstance(twig.node, Chance) else 2}"
    thick = 1.6 if twig.bold or isinstance(twig.node, Bargain) else 0.7
    return shape, thick, (2.0, 0.0) if isinstance(twig.node, Simultaneous) else (0.0,)


def _information_sets(pen: _Pen, root: Twig) -> None:
    groups: dict[tuple[str, str], list[Twig]] = {}
    for twig in root:
        if isinstance(twig.node, Decision) and twig.node.information_set and not twig.hidden:
            groups.setdefault((twig.node.player, twig.node.information_set), []).append(twig)
    for members in groups.values():
        for one, other in pairwise(members):
            pen.axes.plot([one.x, other.x], [one.y, other.y], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
