"""What a drawn tree consists of: words, outlines and lines at places in points, before any renderer."""

from dataclasses import dataclass

from bargain.figures.wording import Words

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Text:
    """Words at a place. anchor: ``center``, ``west`` or ``south west``; tone: ``normal``, ``bold`` or ``muted``."""

    words: Words
    place: Place
    anchor: str
    tone: str = "normal"

    @property
    def box(self) -> Box:
        """The room that the words take; call it inside `style.journal()`."""
        (x, y), (wide, high) = self.place, self.words.size
        left = x - wide / 2 if self.anchor == "center" else x
        bottom = y if self.anchor == "south west" else y - high / 2
        return left, bottom, left + wide, bottom + high


@dataclass(frozen=True)
class Shape:
    """A node. kind: ``box``, ``oval``, ``fold`` or ``dot``; rims: how far out each outline lies; thick: width of the line."""

    kind: str
    place: Place
    size: Place
    rims: tuple[float, ...] = (0.0,)
    thick: float = 0.7
    bold: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line through points. kind: ``edge``, ``fan`` (a filled triangle) or ``join`` (dashed, an information set)."""

    kind: str
    points: tuple[Place, ...]
    bold: bool = False


@dataclass(frozen=True)
class Drawing:
    """Everything to draw, inside the box (left, bottom, right, top)."""

    frame: Box
    shapes: tuple[Shape, ...]
    strokes: tuple[Stroke, ...]
    texts: tuple[Text, ...]
