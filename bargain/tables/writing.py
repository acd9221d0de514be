r"""What authors write, with the mathematics in it set as mathematics: ``A gets t_A + (1 - delta)/2`` in LaTeX and in HTML.

Summaries, claims and captions are plain text. A piece of it is read as a formula if its form says so:

    formula = sum {(< > = <= >=) sum}      sum = [-] product {(+ -) product}      product = power {[/ *] power}      power = base [^ base]

with a base that is a number, a letter, a parameter with a subscript, a Greek name, a function of formulas, or a formula in brackets. It counts
as one if it holds a symbol: a lower-case letter that stands alone (never the article), a name with a subscript, a Greek name, or a name given
as known. Everything else stays as it is. Backticks name a model, quotation marks open and close, page ranges get a dash.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bargain.tables.symbols import GREEK, html_name, latex_name, latex_words

if TYPE_CHECKING:
    from bargain.tables.mathematics import Style

_NOTHING: frozenset[str] = frozenset()
_FUNCTIONS = frozenset({"min", "max", "ln", "log", "exp"})
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]\w*)|(?P<sign><=|>=|[-+*/^=<>(),|]))")
_BEGIN = re.compile(r"(?<![\w`'’“./&<])(?<!\w[-:])[-(|]?(?=[\w(|])")
_END = re.compile(r"(?!['’`_&\w]|[-/:]\w|\.[A-Za-z])")
_ARTICLE = re.compile(r"a(?![)\],;:.])")
_NAMED = re.compile(r"[A-Za-z]\w*_\w+|[a-z]{1,5}\d+|[b-z]|a")
_DIFFERENTIAL = re.compile(r"d([a-z]|" + "|".join(GREEK) + r")(?=/d|\b)")
_RELATIONS = {"<": ("<", " &lt; "), ">": (">", " &gt; "), "=": ("=", " = "), "<=": (r"\le ", " ≤ "), ">=": (r"\ge ", " ≥ ")}
_SUMS = {"+": ("+", " + "), "-": ("-", " − ")}
_WORD_LAST = re.compile(r"(?<!\{)\\mathrm\{\w+\}(_\{[^{}]*\})?$")  # not as a subscript
_PRODUCTS = {"/": ("/", "/"), "*": (r"\cdot ", "·")}


@dataclass(frozen=True)
class Written:
    """Text of an author in a cell of a table; `names`: parameters that are symbols wherever they stand."""

    text: str
    names: frozenset[str] = _NOTHING

    def render(self, style: "Style") -> str:
        """The text as it is, or with its mathematics."""
        spelled = {"latex": latex_prose, "html": html_prose}.get(style.name)
        return self.text if spelled is None else spelled(self.text, self.names)


def latex_prose(text: str, names: Collection[str] = _NOTHING) -> str:
    r"""The text in LaTeX.

    >>> latex_prose('War costs A c_A; a share of -3/2, or min(q, p + c_B) iff delta^2 <= p_f: "as is" (6 x 3), 27:253-279.')
    "War costs A $c_{A}$; a share of $-3/2$, or $\\min(q,p+c_{B})$ iff $\\delta^{2}\\le p_{f}$: ``as is'' (6 $\\times$ 3), 27:253--279."
    """
    return "".join(f"${piece.latex}$" if isinstance(piece, _Piece) else _words(piece, latex_words, r"\emph{", "}") for piece in _pieces(text, names))


def html_prose(text: str, names: Collection[str] = _NOTHING) -> str:
    """The text in HTML.

    >>> html_prose("with chance z_A (of `surge_threat`), q > 1 - p")
    'with chance <i>z</i><sub>A</sub> (of <em>surge threat</em>), <i>q</i> &gt; 1 − <i>p</i>'
    """
    return "".join(piece.html if isinstance(piece, _Piece) else _words(piece, escape, "<em>", "</em>") for piece in _pieces(text, names))


def _words(text: str, escaped: Callable[[str], str], before: str, after: str) -> str:
    """Words between formulas; every second piece between backticks is the name of a model."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(before + escaped(part.replace("_", " ")) + after if place % 2 else escaped(part) for place, part in enumerate(parts))


def _pieces(text: str, names: Collection[str]) -> "Iterator[str | _Piece]":
    """Words and formulas in turn."""
    text = re.sub(r"((?::|pp\. )\d+)-(\d+)", r"\1–\2", re.sub(r'(^|[\s(\[])"', r"\1“", text).replace('"', "”"))
    text = re.sub(r"(?<=\d) x (?=\d)", " × ", text)
    reader, done = _Reader(text, frozenset(names)), 0
    for found in _BEGIN.finditer(text):
        if found.start() < done or text[: found.start()].count("`") % 2:
            continue
        piece = reader.read(found.start())
        if piece is not None:
            yield text[done : found.start()]
            yield piece
            done = piece.end
    yield text[done:]


@dataclass(frozen=True)
class _Piece:
    """A formula that was read: where it ends, its two spellings, whether it holds a symbol, whether it is a lone letter that may be a word or a player."""

    end: int
    latex: str
    html: str
    symbol: bool = False
    weak: bool = False
    joined: bool = False  # by a sign

    def then(self, sign: tuple[str, str], other: "_Piece") -> "_Piece":
        """This, a sign, and another."""
        return _Piece(other.end, self.latex + sign[0] + other.latex, self.html + sign[1] + other.html, self.symbol or other.symbol, joined=True)


class _Reader:
    """Reads formulas in a text by the grammar above; a method returns None where its part of the grammar does not begin."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text, self.names = text, names

    def read(self, place: int) -> _Piece | None:
        """The formula that begins here, if it is one."""
        piece = self._relation(place)
        if piece is None or not _END.match(self.text, piece.end):
            return None
        negative = self.text[place] == "-" and self.text[place + 1].isdigit()
        return piece if piece.symbol or negative or piece.joined and "<i>a</i>" in piece.html else None

    def _next(self, place: int) -> tuple[str, str, int]:
        """Kind, text and end of the next token."""
        found = _TOKEN.match(self.text, place)
        return (str(found.lastgroup), found[0].strip(), found.end()) if found else ("", "", place)

    def _chain(self, place: int, signs: dict[str, tuple[str, str]], part: Callable[[int], _Piece | None]) -> _Piece | None:
        piece = part(place)
        while piece is not None:
            _, sign, after = self._next(piece.end)
            blanks = after - piece.end > len(sign), self.text[after : after + 1].isspace()
            other = part(after) if sign in signs and blanks[0] == blanks[1] else None
            if other is None:
                break
            product = sign == "*" and not (piece.latex[-1].isdigit() and other.latex[0].isdigit())
            piece = piece.then((r"\,", "\u2009") if product else signs[sign], other)
        return piece

    def _relation(self, place: int) -> _Piece | None:
        return self._chain(place, _RELATIONS, self._sum)

    def _sum(self, place: int) -> _Piece | None:
        _, sign, after = self._next(place)
        if sign != "-":
            return self._chain(place, _SUMS, self._product)
        piece = None if self.text[after : after + 1].isspace() else self._chain(after, _SUMS, self._product)
        return None if piece is None else _Piece(piece.end, "-" + piece.latex, "−" + piece.html, piece.symbol, joined=True)

    def _product(self, place: int) -> _Piece | None:
        return self._chain(place, _PRODUCTS, self._factors)

    def _factors(self, place: int) -> _Piece | None:
        """Factors side by side: ``2 h (1 - t)``; a player or the article before a symbol is none, nor a number after one."""
        piece = self._power(place)
        while piece is not None:
            kind, text, after = self._next(piece.end)
            blank = after - piece.end > len(text)
            lone = kind == "name" and (len(text) == 1 and text.isupper() or text == "a") and text not in self.names and blank
            operator = self.text[:place].rstrip()[-1:] in ("+", "-", "/", "=")
            if kind == "number" or text not in _FUNCTIONS | {"sqrt"} and (piece.weak or lone and not (operator and text != "a")):
                break
            other = self._power(piece.end) if kind == "name" or text == "(" else None
            if other is None:
                break
            apart = blank and text == "(" and not piece.latex.isdigit()
            command = re.search(r"\\[A-Za-z]+$", piece.latex) and other.latex[:1].isalpha()
            word = other.latex.startswith(r"\mathrm{") or _WORD_LAST.search(piece.latex)
            piece = piece.then((r"\,", "\u2009") if apart or word else (" " if command else "", ""), other)
            piece = _Piece(piece.end, piece.latex, piece.html, piece.symbol)
        return piece

    def _power(self, place: int) -> _Piece | None:
        base = self._base(place)
        if base is None or self.text[base.end : base.end + 1] != "^":
            return base
        exponent = self._base(base.end + 1)
        if exponent is None:
            return base
        return _Piece(exponent.end, f"{base.latex}^{{{exponent.latex}}}", f"{base.html}<sup>{exponent.html}</sup>", True)

    def _base(self, place: int) -> _Piece | None:
        kind, text, end = self._next(place)
        if kind == "number":
            return _Piece(end, text, text)
        if kind == "sign":
            return self._group(place, text, {"(": ")", "|": "|"}.get(text, ""))
        if text in _FUNCTIONS or text == "sqrt":
            inside = self._group(end, "(", ")") if self.text[end : end + 1] == "(" else None
            if inside is None:
                return None
            above = rf"\sqrt{{{inside.latex[1:-1]}}}" if text == "sqrt" else rf"\{text}{inside.latex}"
            return _Piece(inside.end, above, ("√" if text == "sqrt" else text) + inside.html, True)
        return self._name(text, end)

    def _name(self, text: str, end: int) -> _Piece | None:
        change = _DIFFERENTIAL.fullmatch(text)
        if change and "/d" in self.text[max(end - 12, 0) : end + 2]:
            return _Piece(end, rf"\mathrm{{d}}{latex_name(change[1])}", "d" + html_name(change[1]), True)
        star = "_star" if re.match(r"\*(?=[\s),;.]|$)", self.text[end:]) and len(text) == 1 else ""
        article = text == "a" and bool(_ARTICLE.match(self.text, end - 1))
        symbol = not article and bool(text in GREEK or text in self.names or _NAMED.fullmatch(text) or star)
        if not symbol and not re.fullmatch("[A-Za-z]", text):
            return None
        return _Piece(end + bool(star), latex_name(text + star), html_name(text + star), symbol, weak=not symbol)

    def _group(self, place: int, opening: str, closing: str) -> _Piece | None:
        """A formula in brackets, or several between commas."""
        _, text, after = self._next(place)
        piece = self._relation(after) if closing and text == opening else None
        while piece is not None:
            _, text, after = self._next(piece.end)
            if text == closing:
                return _Piece(after, opening + piece.latex + closing, opening + piece.html + closing, piece.symbol, joined=True)
            other = self._relation(after) if text == "," and self.text[:place].endswith(tuple(_FUNCTIONS)) else None
            piece = None if other is None else piece.then((",", ", "), other)
        return None
