"""The words on a drawn tree: who moves, what is done, what it pays; and how wide they are."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.figures.layout import AGREE, Twig
from bargain.figures.style import SMALL, blank, plain
from bargain.games.nodes import Bargain, Chance, Decision, Offer, Simultaneous, Terminal

LONGEST = 16  # a payoff longer than this is replaced by a dot
ACROSS = 22  # an action name longer than this goes onto two lines


def mover(twig: Twig) -> str:
    """The text inside a node: who moves there, or how many ends are folded away."""
    node = twig.node
    if twig.hidden:
        return f"… {twig.hidden:,} end node{'s' if twig.hidden > 1 else ''}"
    if isinstance(node, Decision | Offer):
        return plain(node.player)
    if isinstance(node, Simultaneous):
        return plain(" & ".join(node.players))
    if isinstance(node, Bargain):
        return plain(" ⇄ ".join(node.table.players))
    return "chance" if isinstance(node, Chance) else ""


def action(twig: Twig) -> str:
    """The text on the edge that leads to a node, on at most two lines."""
    name = twig.history[-1].replace("_", " ").replace(",", ", ")
    lines = textwrap.wrap(name, ACROSS) or [name]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), ACROSS, placeholder="…")]
    odds = "" if twig.chance is None else f" [{payoff(twig.chance)}]"
    return "\n".join(map(plain, lines)) + odds


def proposal(node: Offer | Bargain) -> str:
    """What is proposed, and from which interval where that is short."""
    if isinstance(node, Bargain):
        return f"on {_mathematics(node.table.share)}"
    low, high = (_mathematics(end) for end in node.between)
    interval = f" from {low} to {high}" if len(str(node.between)) <= LONGEST else ""
    return _mathematics(node.share) + interval


def ending(twig: Twig, players: Sequence[str], parent: Twig | None = None) -> str:
    """The text at an end: the outcome's name, and one payoff per player in the order of the game."""
    if isinstance(twig.node, Terminal):
        return " ".join(filter(None, (plain(twig.node.label), _tuple(twig.node.payoffs, players))))
    if twig.history[-1:] == (AGREE,) and parent is not None and isinstance(parent.node, Bargain):
        return _tuple({**parent.node.table.agreement, **parent.node.spectators}, players)
    return ""


def _tuple(payoffs: Mapping[str, sp.Expr], players: Sequence[str]) -> str:
    return "(" + ", ".join(payoff(payoffs[player]) for player in players) + ")"


@lru_cache(maxsize=4096)
def payoff(value: sp.Expr) -> str:
    """A payoff in few characters: a short fraction, else three digits; a formula if short, else a dot.

    >>> payoff(sp.Rational(1, 3)), payoff(sp.Rational(12345, 67891)), payoff(sp.Symbol("a")**40 - sp.Symbol("long_name") * 17)
    ('1/3', '0.182', '·')
    """
    if value.is_Rational:
        text = str(value) if len(str(value).lstrip("-")) <= 5 else f"{float(value):.3g}"
        return text.replace("-", "−")
    if value.is_number:
        return f"{float(value):.3g}".replace("-", "−")
    return _mathematics(value) if len(str(value)) <= LONGEST else "·"


def _mathematics(value: sp.Expr) -> str:
    from matplotlib.mathtext import MathTextParser

    if value.is_Integer:
        return str(value).replace("-", "−")
    text = "$" + re.sub(r"\\operatorname\{(\w+)\}", r"\\mathrm{\1}", sp.latex(value, fold_short_frac=True)) + "$"
    try:
        MathTextParser("agg").parse(text)
    except ValueError:
        return plain(str(value))
    return text


@lru_cache(maxsize=4)
def _canvas() -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return FigureCanvasAgg(blank(1, 1, constrained=False)).get_renderer()


def width(text: str, size: float = SMALL) -> float:
    """The width of a text in points, its longest line; call it inside `style.journal()`."""
    from matplotlib.font_manager import FontProperties

    renderer, font = _canvas(), FontProperties(size=size)
    widths = []
    for line in text.split("\n"):
        mathematics = "$" in line.replace(r"\$", "")
        shown = line if mathematics else line.replace(r"\$", "$")
        widths.append(72 / renderer.dpi * renderer.get_text_width_height_descent(shown, font, mathematics)[0])
    return max(widths)
