"""The words on a drawn tree: who moves, what is done, what it pays; each in two spellings, with the room that the wider one needs."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.figures.folding import AGREE, Twig
from bargain.figures.style import SMALL, blank, plain
from bargain.games.nodes import Bargain, Chance, Decision, Offer, Simultaneous, Terminal
from bargain.tables.listing import decimal
from bargain.tables.mathematics import LATEX
from bargain.tables.profile import readable
from bargain.tables.symbols import latex_words

LONGEST, FULL = 16, 60  # a payoff longer than this is replaced by a dot: in a tree of many ends, in one of few
_FEW = 12  # ends
_ACROSS_END = 36  # a name and payoffs longer than this stand on two lines
_MARKS = re.compile(r"(?<=\\[A-Za-z])[A-Za-z]+|[\\{}_^$ ]")  # what takes no room of its own
LINE = 9.6  # height of a line of text
ACROSS = 22  # an action name longer than this goes onto two lines
_WIDER, _WIDER_FORMULA = 1.085, 1.12  # Computer Modern at 8 points (its subscripts at 6) against that at 10 points, scaled down


@dataclass(frozen=True)
class Words:
    """A text as matplotlib writes it (`shown`, formulas between dollars) and as LaTeX does (`tex`); lines are parted by a line break."""

    shown: str
    tex: str

    def __add__(self, other: "Words") -> "Words":
        return Words(self.shown + other.shown, self.tex + other.tex)

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points: the larger of the two spellings, so that one layout serves both; call it inside `style.journal()`."""
        return _size(self.shown)


NOTHING = Words("", "")
DOT = Words(r"$\cdot$", r"$\cdot$")


def said(text: str) -> Words:
    """Words without mathematics.

    >>> said("pay $5")
    Words(shown='pay \\\\$5', tex='pay \\\\$5')
    """
    return Words(plain(text), latex_words(text))


def mover(twig: Twig) -> Words:
    """The text inside a node: who moves there, or how many ends are folded away."""
    node = twig.node
    if twig.hidden:
        return said(f"… {twig.hidden:,} end node{'s' if twig.hidden > 1 else ''}")
    if isinstance(node, Decision | Offer):
        return said(node.player)
    if isinstance(node, Simultaneous):
        return said(" & ".join(node.players))
    if isinstance(node, Bargain):
        one, other = node.table.players
        return Words(plain(f"{one} ⇄ {other}"), rf"{latex_words(one)} $\leftrightarrows$ {latex_words(other)}")
    return said("chance") if isinstance(node, Chance) else NOTHING


def action(twig: Twig) -> Words:
    """The text on the edge that leads to a node, on at most two lines."""
    name = readable(twig.history[-1]).replace(",", ", ")
    lines = textwrap.wrap(name, ACROSS) or [name]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), ACROSS, placeholder="…")]
    words = Words("\n".join(map(plain, lines)), "\n".join(map(latex_words, lines)))
    return words if twig.chance is None else words + said(" [") + payoff(twig.chance) + said("]")


def proposal(node: Offer | Bargain) -> Words:
    """What is proposed, and from which interval where that is short."""
    if isinstance(node, Bargain):
        return said("on ") + formula(node.table.share)
    if len(str(node.between)) > LONGEST:
        return formula(node.share)
    low, high = map(formula, node.between)
    return formula(node.share) + said(" from ") + low + said(" to ") + high


def ending(twig: Twig, players: Sequence[str], parent: Twig | None = None, longest: int = LONGEST) -> Words:
    """The text at an end: the outcome's name, and one payoff per player in the order of the game."""
    if isinstance(twig.node, Terminal):
        paid = _tuple(twig.node.payoffs, players, longest)
        between = "\n" if len(twig.node.label) + len(_MARKS.sub("", paid.tex)) > _ACROSS_END else " "
        return said(twig.node.label) + Words(between, between) + paid if twig.node.label else paid
    if twig.history[-1:] == (AGREE,) and parent is not None and isinstance(parent.node, Bargain):
        return _tuple({**parent.node.table.agreement, **parent.node.spectators}, players, longest)
    return NOTHING


def longest_payoff(root: Twig) -> int:
    """How many characters a payoff may have in a tree: more where ends are few."""
    return FULL if sum(isinstance(twig.node, Terminal | Bargain) for twig in root) <= _FEW else LONGEST


def legend_of(players: Sequence[str], *, dotted: bool = False) -> Words:
    """What the brackets at the ends mean, and a dot in them."""
    return said("Payoffs: (" + ", ".join(players) + ")") + (said("; ") + DOT + said(": a formula too long to be drawn") if dotted else NOTHING)


def _tuple(payoffs: Mapping[str, sp.Expr], players: Sequence[str], longest: int) -> Words:
    words = said("(")
    for place, player in enumerate(players):
        words += (said(", ") if place else NOTHING) + payoff(payoffs[player], longest)
    return words + said(")")


@lru_cache(maxsize=4096)
def payoff(value: sp.Expr, longest: int = LONGEST) -> Words:
    r"""A payoff in few characters: a short decimal or fraction, else three digits; a formula if short, else a dot.

    >>> payoff(sp.Rational(1, 3)).shown, payoff(sp.Rational(12345, 67891)).tex, payoff(sp.Symbol("a")**40 - sp.Symbol("long_name") * 17).shown
    ('1/3', '$0.182$', '$\\cdot$')
    """
    if value.is_number:
        short = decimal(value) if value.is_Rational else value
        exact = value.is_Rational and len(str(short if len(str(short)) <= 6 else value).lstrip("-")) <= 5
        text = str(short if len(str(short)) <= 6 else value) if exact else f"{float(value):.3g}"
        return Words(text.replace("-", "−"), f"${text}$")
    return formula(value) if len(str(value)) <= longest else DOT


@lru_cache(maxsize=4096)
def formula(value: sp.Expr) -> Words:
    """A formula in both spellings."""
    from matplotlib.mathtext import MathTextParser

    if value.is_Integer:
        return Words(str(value).replace("-", "−"), f"${value}$")
    text = f"${LATEX.formula(value)}$"
    shown = re.sub(r"\\operatorname\{(\w+)\}", r"\\mathrm{\1}", text.replace(r"\allowbreak ", ""))
    try:
        MathTextParser("agg").parse(shown)
    except ValueError:
        shown = plain(str(value))
    return Words(shown, text)


@lru_cache(maxsize=4)
def _canvas() -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return FigureCanvasAgg(blank(1, 1, constrained=False)).get_renderer()


@lru_cache(maxsize=4096)
def _size(shown: str) -> tuple[float, float]:
    from matplotlib.font_manager import FontProperties

    renderer = _canvas()
    house = FontProperties(size=SMALL)
    modern = FontProperties(family=["cmr10", "DejaVu Sans"], math_fontfamily="cm", size=SMALL)
    scale = 72 / renderer.dpi
    widths, heights = [], []
    for line in shown.split("\n"):
        mathematics = "$" in line.replace(r"\$", "")
        text = line if mathematics else line.replace(r"\$", "$")
        wide, high, _ = renderer.get_text_width_height_descent(text, house, mathematics)
        wider, higher, _ = renderer.get_text_width_height_descent(text.replace("−", "+").replace("…", "....."), modern, mathematics)
        widths.append(scale * max(wide, (_WIDER_FORMULA if mathematics else _WIDER) * wider))
        heights.append(max(LINE, scale * max(high, higher)))
    return max(widths), sum(heights)
