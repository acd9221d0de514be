"""The game tree as TikZ, from the same layout as the figure: editable text in the fonts of the paper."""

from collections.abc import Iterator, Sequence

from bargain.figures.drawing import Drawing, Shape, Stroke, Text
from bargain.figures.style import GREY, VERMILLION, journal
from bargain.figures.tree import tree_drawing
from bargain.games.game import Game
from bargain.solution import Solution
from bargain.tables.symbols import latex_words

_HEAD = rf"""\definecolor{{bargainpath}}{{HTML}}{{{VERMILLION[1:]}}}%
\definecolor{{bargainmuted}}{{HTML}}{{{GREY[1:]}}}%
\begin{{tikzpicture}}[x=1bp,y=1bp,font=\footnotesize,line width=0.7bp,line join=round,every node/.style={{inner sep=0pt,outer sep=0pt}}]
"""
_STANDALONE = r"""\documentclass[border=4pt]{standalone}
\usepackage{iftex}
\ifPDFTeX\usepackage[T1]{fontenc}\usepackage{textcomp}\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}\fi
\usepackage{amsmath,amssymb,tikz}
\begin{document}
"""
_TONE = {"normal": "", "bold": ",text=bargainpath", "muted": ",text=bargainmuted"}


def tree_tikz(thing: Game | Solution, *, highlight: Sequence[Sequence[str]] = (), regime: int | None = None, fold: int = 60,
              caption: str = "", label: str = "", standalone: bool = False) -> str:
    r"""The game tree as TikZ; thing, highlight, regime and fold as in `tree_figure`.

    A fragment is a ``figure`` environment that needs amsmath, amssymb and tikz; a drawing wider than the line or higher than
    most of the page is scaled down to it. caption, label: of that figure. standalone: a document of the picture alone.

    >>> from bargain import Game, decision, payoffs
    >>> game = Game("Choice", ("A",), (), decision("A", left=payoffs(A=1), right=payoffs(A=2)))
    >>> text = tree_tikz(game, highlight=[("right",)], caption="A choice", label="fig:choice")
    >>> text.count(r"\draw[bargainpath"), text.splitlines()[-2]
    (1, '\\caption{A choice}\\label{fig:choice}')
    """
    with journal():
        picture = tikz(tree_drawing(thing, highlight=highlight, regime=regime, fold=fold))
    if standalone:
        return _STANDALONE + picture + "\\end{document}\n"
    above = (rf"\caption{{{latex_words(caption)}}}" if caption else "") + (rf"\label{{{label}}}" if label else "")
    lines = [r"\begin{figure}[htbp]", r"\centering", r"\sbox0{%", picture.rstrip("\n") + "%", "}%",
             r"\ifdim\wd0>\linewidth\sbox0{\resizebox{\linewidth}{!}{\usebox0}}\fi",
             r"\ifdim\ht0>0.85\textheight\resizebox{!}{0.85\textheight}{\usebox0}\else\usebox0\fi", above, r"\end{figure}"]
    return "\n".join(line for line in lines if line) + "\n"


def tikz(drawing: Drawing) -> str:
    """A drawing as a ``tikzpicture``."""
    lines = [*map(_stroke, _ordered(drawing.strokes)), *(line for shape in drawing.shapes for line in _shape(shape)), *map(_text, drawing.texts)]
    return _HEAD + "\n".join(lines) + "\n\\end{tikzpicture}\n"


def _ordered(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Joins first, bold lines last: what is drawn later lies on top."""
    return sorted(strokes, key=lambda stroke: (stroke.kind != "join", stroke.bold))


def _stroke(stroke: Stroke) -> str:
    path = " -- ".join(map(_at, stroke.points))
    if stroke.kind == "join":
        return rf"\draw[bargainmuted,line width=0.9bp,dash pattern=on 4bp off 2bp] {path};"
    style = "bargainpath,line width=2bp" if stroke.bold else "black"
    return rf"\filldraw[{style},fill=black!10] {path} -- cycle;" if stroke.kind == "fan" else rf"\draw[{style}] {path};"


def _shape(shape: Shape) -> Iterator[str]:
    colour = "bargainpath" if shape.bold else "black"
    (x, y), (wide, high) = shape.place, shape.size
    if shape.kind == "dot":
        yield rf"\fill[{colour}] {_at(shape.place)} circle[radius={_number(wide / 2)}bp];"
        return
    round_by = high / 2 if shape.kind == "oval" else 2.0
    style = ("draw=bargainmuted,fill=black!5,dash pattern=on 3bp off 2bp" if shape.kind == "fold" else
             f"draw={colour},fill=white,line width={_number(shape.thick)}bp,rounded corners={_number(round_by)}bp")
    for rim in shape.rims:
        low, top = (x - wide / 2 - rim, y - high / 2 - rim), (x + wide / 2 + rim, y + high / 2 + rim)
        yield rf"\filldraw[{style}] {_at(low)} rectangle {_at(top)};"


def _text(text: Text) -> str:
    lines = text.words.tex.split("\n")
    several = ",align=left" if len(lines) > 1 else ""
    inside = r"\\".join(lines)
    return rf"\node[anchor={text.anchor}{several}{_TONE[text.tone]}] at {_at(text.place)} {{{inside}}};"


def _at(place: tuple[float, float]) -> str:
    return f"({_number(place[0])},{_number(place[1])})"


def _number(value: float) -> str:
    """At most two decimals, the same text on every machine; never ``-0``."""
    return f"{round(value, 2) + 0.0:g}" if abs(value) < 1e5 else str(round(value))
