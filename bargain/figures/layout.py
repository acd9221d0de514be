"""Where everything on a drawn tree goes, in points: one layout, read by the matplotlib and the TikZ renderer.

Left to right. Every leaf of the drawn tree has a row of its own and an inner node stands midway between its
first and last child, so rows of different subtrees never mix; nodes of one information set share a column.
An edge's label stands above its own row, between the columns; a join of an information set runs inside the
column, or in a channel left of it where another node is in the way. So words cannot meet, whatever the tree.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bargain.figures.drawing import Box, Drawing, Place, Shape, Stroke, Text
from bargain.figures.folding import Twig
from bargain.figures.wording import DOT as UNWRITTEN
from bargain.figures.wording import LINE, NOTHING, Words, action, ending, legend_of, longest_payoff, mover, proposal
from bargain.games.nodes import Bargain, Chance, Decision, History, Offer, Simultaneous

SLANT, GAP, PAD, FAN = 16.0, 3.0, 3.0, 20.0
LIFT = 2.0  # how far a label stands above its edge
DOT = 3.0  # width of the dot of an end
TRACK = 4.0  # width of a channel for one information set


def laid_out(root: Twig, players: Sequence[str]) -> Drawing:
    """The drawing of a folded tree; call it inside `style.journal()`.

    >>> from bargain import Game, decision, payoffs
    >>> from bargain.figures.folding import drawn
    >>> from bargain.figures.style import journal
    >>> with journal():
    ...     found = laid_out(drawn(Game("Choice", ("A",), (), decision("A", left=payoffs(A=1), right=payoffs(A=2))), [], 60), ("A",))
    >>> [text.words.shown for text in found.texts]
    ['A', 'left', '(1)', 'right', '(2)', 'Payoffs: (A)']
    """
    plan = _Plan(root, tuple(players))
    shapes = tuple(plan.shape(twig) for twig in root)
    strokes = (*plan.edges(), *plan.joins())
    texts = tuple(plan.texts())
    bottom = -plan.row * (plan.rows - 0.5) - LINE
    dotted = any(UNWRITTEN.tex in words.tex for words in plan.endings.values())
    legend = Text(legend_of(players, dotted=dotted), (0.0, bottom), "west", "muted")
    boxes = [text.box for text in (*texts, legend)] + [plan.outline(shape) for shape in shapes]
    frame = (min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes))
    return Drawing(frame, shapes, strokes, (*texts, legend))


class _Plan:
    """The coordinates of every node, from the words that must fit."""

    def __init__(self, root: Twig, players: tuple[str, ...]) -> None:
        self.root, self.players = root, players
        self.movers = {twig.history: mover(twig) for twig in root}
        self.actions = {twig.history: action(twig) for twig in root if twig.history}
        longest = longest_payoff(root)
        self.endings = {child.history: ending(child, players, twig, longest) for twig in root for child in twig.children} | {(): NOTHING}
        self.parents = {child.history: twig for twig in root for child in twig.children}
        self.sets = _information_sets(root)
        self.level = _levels(root, self.sets)
        above, beside = (max((words.size[1] for words in found.values()), default=LINE) for found in (self.actions, self.endings))
        self.row = LIFT + above + max(beside, LINE) / 2
        self.y, self.rows = _heights(root, self.row)
        self.parts = self._parts()
        self.tracks = self._channels()
        self.x = self._columns()

    def wide(self, twig: Twig) -> float:
        """The width of what stands at a node: a box with a name, or the dot of an end."""
        words = self.movers[twig.history]
        return words.size[0] + 2 * PAD + 2 if words else DOT

    def label(self, parent: Twig, child: Twig) -> Words:
        """The words on an edge."""
        return proposal(parent.node) if isinstance(parent.node, Offer) else self.actions[child.history]

    def at(self, twig: Twig) -> Place:
        """The middle of a node."""
        return self.x[self.level[twig.history]], self.y[twig.history]

    def _columns(self) -> list[float]:
        """Where each column of nodes stands: far enough from the last for boxes, labels and channels."""
        count = max(self.level.values()) + 1
        body, edge = [0.0] * count, [0.0] * count
        for twig in self.root:
            here = self.level[twig.history]
            body[here] = max(body[here], self.wide(twig) / 2 + max(_rims(twig)))
            for child in twig.children:
                bend = FAN if isinstance(twig.node, Offer) else SLANT
                edge[here + 1] = max(edge[here + 1], self.label(twig, child).size[0] + bend)
            if any(low < self.y[twig.history] < high and here < level for level, low, high in self._spans()):
                edge[here + 1] = max(edge[here + 1], self.endings[twig.history].size[0] + GAP)
        channels = [0.0] * count
        for (_, _, column), track in self.tracks.items():
            channels[column] = max(channels[column], TRACK * (track + 1))
        columns = [0.0]
        for here in range(1, count):
            columns.append(columns[-1] + body[here - 1] + edge[here] + 2 * GAP + channels[here] + body[here])
        self.body = body
        return columns

    def _spans(self) -> list[tuple[int, float, float]]:
        """Column, lower and upper end of every join that runs inside a column: no words of an earlier column may reach it."""
        heights = ((key[2], [self.y[twig.history] for twig in members]) for key, members in self.parts.items() if len(members) > 1)
        return [(level, min(found), max(found)) for level, found in heights]

    def _channels(self) -> dict[tuple[str, str, int], int]:
        """The track of every part of an information set with another node between its members."""
        columns: dict[int, list[tuple[float, History]]] = {}
        for history, level in self.level.items():
            columns.setdefault(level, []).append((self.y[history], history))
        spans: dict[tuple[str, str, int], tuple[float, float]] = {}
        for key, members in self.parts.items():
            heights, mine = [self.y[twig.history] for twig in members], {twig.history for twig in members}
            if any(min(heights) < y < max(heights) and history not in mine for y, history in columns[key[2]]):
                spans[key] = min(heights), max(heights)
        placed: dict[tuple[str, str, int], int] = {}
        for key, (low, high) in spans.items():
            taken = {track for other, track in placed.items() if other[2] == key[2] and spans[other][0] <= high and low <= spans[other][1]}
            placed[key] = next(track for track in range(len(spans)) if track not in taken)
        return placed

    def shape(self, twig: Twig) -> Shape:
        """The outline of a node."""
        if not self.movers[twig.history]:
            return Shape("dot", self.at(twig), (DOT, DOT), bold=twig.bold)
        size = self.wide(twig), LINE + 2.5
        if twig.hidden:
            return Shape("fold", self.at(twig), size, bold=twig.bold)
        thick = 1.6 if twig.bold or isinstance(twig.node, Bargain) else 0.7
        return Shape("oval" if isinstance(twig.node, Chance) else "box", self.at(twig), size, _rims(twig), thick, twig.bold)

    @staticmethod
    def outline(shape: Shape) -> Box:
        """The room that a node takes."""
        (x, y), (wide, high), out = shape.place, shape.size, max(shape.rims)
        return x - wide / 2 - out, y - high / 2 - out, x + wide / 2 + out, y + high / 2 + out

    def texts(self) -> Iterator[Text]:
        """Every word of the drawing but the last line."""
        for twig in self.root:
            (x, y), tone = self.at(twig), "bold" if twig.bold else "normal"
            if twig.history:
                parent = self.parents[twig.history]
                yield Text(self.label(parent, twig), (self._bend(parent) + GAP, y + LIFT), "south west", tone)
            if self.movers[twig.history]:
                yield Text(self.movers[twig.history], (x, y), "center", "muted" if twig.hidden else "normal")
            if self.endings[twig.history]:
                yield Text(self.endings[twig.history], (x + self.wide(twig) / 2 + GAP, y), "west", tone)

    def _bend(self, twig: Twig) -> float:
        """Where the edges of a node have reached the rows of its children; the same for all nodes of a column."""
        level = self.level[twig.history]
        return self.x[level] + self.body[level] + (FAN if isinstance(twig.node, Offer) else SLANT)

    def edges(self) -> Iterator[Stroke]:
        """The lines from node to node, and the fan of an offer."""
        for twig in self.root:
            (x, y), half = self.at(twig), self.wide(twig) / 2
            for child in twig.children:
                across, up = self.at(child)
                turn = self._bend(twig)
                end = across - self.wide(child) / 2
                if isinstance(twig.node, Offer):
                    spread = min(0.42 * self.row, 8.0)
                    yield Stroke("fan", ((x + half, y), (turn, y + spread), (turn, y - spread)), child.bold)
                    yield Stroke("edge", ((turn, up), (end, up)), child.bold)
                else:
                    yield Stroke("edge", ((x + half, y), (turn, up), (end, up)), child.bold)

    def joins(self) -> Iterator[Stroke]:
        """The dashed lines between the nodes of an information set; a slanted one where a path that meets the set twice keeps it in two columns."""
        half, last = (LINE + 2.5) / 2, dict[tuple[str, str], Twig]()
        for (player, name, level), members in self.parts.items():
            if (player, name) in last:
                yield Stroke("join", (self.at(last[player, name]), self.at(members[0])))
            last[player, name] = members[-1]
            for one, other in pairwise(members):
                (x, above), (_, below) = self.at(one), self.at(other)
                track = self.tracks.get((player, name, level))
                if track is None:
                    yield Stroke("join", ((x, above - half), (x, below + half)))
                    continue
                channel = x - self.body[level] - TRACK * (track + 0.6)
                start, end = x - self.wide(one) / 2 + 2, x - self.wide(other) / 2 + 2
                yield Stroke("join", ((start, above - half), (start, above - half - 1.5), (channel, above - half - 1.5), (channel, below + half + 1.5),
                                      (end, below + half + 1.5), (end, below + half)))

    def _parts(self) -> dict[tuple[str, str, int], list[Twig]]:
        """The members of every information set by column, from the top down."""
        parts: dict[tuple[str, str, int], list[Twig]] = {}
        for (player, name), members in self.sets.items():
            for twig in sorted(members, key=lambda twig: (self.level[twig.history], -self.y[twig.history])):
                parts.setdefault((player, name, self.level[twig.history]), []).append(twig)
        return parts


def _rims(twig: Twig) -> tuple[float, ...]:
    return (2.0, 0.0) if isinstance(twig.node, Simultaneous) and not twig.hidden else (0.0,)


def _information_sets(root: Twig) -> dict[tuple[str, str], list[Twig]]:
    """The information sets with two or more drawn nodes."""
    groups: dict[tuple[str, str], list[Twig]] = {}
    for twig in root:
        if isinstance(twig.node, Decision) and twig.node.information_set and not twig.hidden:
            groups.setdefault((twig.node.player, twig.node.information_set), []).append(twig)
    return {name: members for name, members in groups.items() if len(members) > 1}


def _levels(root: Twig, sets: dict[tuple[str, str], list[Twig]]) -> dict[History, int]:
    """The column of every node: right of its parent's, and one for a whole information set (its depth where that is impossible)."""
    order = list(root)
    depths = {twig.history: twig.depth for twig in order}
    level = dict(depths)
    for _ in range(len(order)):
        before = dict(level)
        for members in sets.values():
            furthest = max(level[twig.history] for twig in members)
            level.update((twig.history, furthest) for twig in members)
        for twig in order:
            if twig.history:
                level[twig.history] = max(level[twig.history], level[twig.history[:-1]] + 1)
        if level == before:
            return level
        if max(level.values()) > 2 * len(order):
            break
    return depths


def _heights(root: Twig, row: float) -> tuple[dict[History, float], int]:
    """The height of every node, rows counted down from zero, and the number of rows."""
    heights: dict[History, float] = {}
    leaves = [twig for twig in root if not twig.children]
    heights.update((twig.history, -row * number) for number, twig in enumerate(leaves))
    for twig in reversed(list(root)):
        if twig.children:
            heights[twig.history] = (heights[twig.children[0].history] + heights[twig.children[-1].history]) / 2
    return heights, len(leaves)
