"""LaTeX among words as HTML: the propositions and proofs of the document, for the web page.

What `bargain.latex` writes inline is read: text with its escapes, and formulas with letters, sub- and superscripts,
fractions and roots. A fraction is written with a slash.
"""

import re
from html import escape

from bargain.tables.symbols import html_name

_THIN = "\u2009"
_LOOSE = re.compile(rf"(?<=[ (/]){_THIN}+|{_THIN}+(?=[ ()/,.;:{_THIN}]|</?su[bp]>|$)")
_FACTOR = re.compile(r"\d+|<i>[^<]+</i>(<sub>[^<]*</sub>)?(<sup>[^<]*</sup>)?")
_TOKEN = re.compile(r"\\[A-Za-z]+\*?\s*|\\.|``|''|---|--|.", re.DOTALL)
_SIGNS = {
    "le": " ≤ ", "ge": " ≥ ", "ne": " ≠ ", "in": " ∈ ", "to": " → ", "cup": " ∪ ", "cap": " ∩ ", "cdot": "·", "times": "×", "infty": "∞", "ldots": "…", "dots": "…",
    "ell": "<i>ℓ</i>", "min": "min", "max": "max", "log": "log", "ln": "ln", "exp": "exp", "textless": "&lt;", "textgreater": "&gt;", "textasciitilde": "~",
    "textbackslash": "\\", "textasciicircum": "^", "textbar": "|", "textquotedbl": "&quot;", "wedge": " ∧ ", "vee": " ∨ ", "neg": "¬", "pm": "±",
    "varepsilon": "<i>ε</i>", "quad": " ", "qquad": " ", "qed": "",
}
_QUOTES = {"``": "“", "''": "”", "--": "–", "---": "—", "~": "\u00a0"}
_SPACED = {"<": " &lt; ", ">": " &gt; ", "=": " = ", "+": " + ", ",": ", "}
_BEFORE = ("(", "{", "[", ",", "=", "&lt;", "&gt;", "≤", "≥", "≠", "∪")  # a minus sign after these belongs to what follows
_UPRIGHT = {"text", "mathrm", "operatorname", "textup", "mathbb", "emph", "textbf"}
_NOTHING = {"allowbreak", "displaystyle", "left", "right", "limits", "emergencystretch", "smallskip", "noindent", "par", "big", "Big"}


def spoken(latex: str) -> str:
    r"""Inline LaTeX as HTML.

    >>> spoken(r"If $-a < w_{C} \le 0$: hold \& back down; $\frac{p}{1 - q}$.")
    'If −<i>a</i> &lt; <i>w</i><sub>C</sub> ≤ 0: hold &amp; back down; <i>p</i>/(1 − <i>q</i>).'
    """
    return re.sub(" +", " ", _LOOSE.sub("", _Reader(latex).read(False)))


class _Reader:
    """The tokens of a piece, read from left to right."""

    def __init__(self, latex: str) -> None:
        self.tokens, self.place = [token if len(token) < 3 or token[0] != "\\" else token.rstrip() for token in _TOKEN.findall(latex)], 0

    def read(self, mathematics: bool, until: str = "") -> str:
        """Everything up to a closing token, which is passed over."""
        text = ""
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token == until:
                self.place += 1
                break
            text += self._one(mathematics, not text.strip() or text.rstrip().endswith(_BEFORE))
        return text

    def _one(self, mathematics: bool, first: bool = False) -> str:
        """The next piece; `first`: a minus sign there belongs to what follows."""
        token = self.tokens[self.place]
        self.place += 1
        if token == "$":
            return self.read(True, "$").strip()
        if token == "{":
            return self.read(mathematics, "}")
        if token.startswith("\\"):
            return self._command(token[1:], mathematics)
        if not mathematics:
            return _QUOTES.get(token, escape(token))
        if token in ("_", "^"):
            tag = "sub" if token == "_" else "sup"
            return f"<{tag}>{_plain(self._one(True))}</{tag}>" if token == "_" else f"<{tag}>{self._one(True).strip()}</{tag}>"
        if token == "-":
            while first and self.tokens[self.place : self.place + 1] == [" "]:
                self.place += 1
            return "−" if first else " − "
        if token.isspace():
            return _THIN
        return f"<i>{token}</i>" if token.isalpha() else _SPACED.get(token, escape(token))

    def _command(self, name: str, mathematics: bool) -> str:
        if name in _NOTHING:
            return ""
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self._one(True).strip(), self._one(True).strip()
            return f"{_bracketed(above)}/{below if _FACTOR.fullmatch(below) else f'({below})'}"
        if name == "sqrt":
            return f"√({self._one(True).strip()})"
        if name == "bar":
            return self._one(True) + "\u0304"
        if name in _UPRIGHT:
            inside = self._one(False)
            return {"R": "ℝ"}.get(inside, inside) if name == "mathbb" else inside
        if name == "mathit":
            return f"<i>{self._one(False)}</i>"
        if name in _SIGNS:
            return _SIGNS[name]
        if name in (" ", ",", ";", ":", "\\", "!"):
            return " "
        return html_name(name) + _THIN if mathematics and name.isalpha() else escape(name)


def _plain(text: str) -> str:
    """A subscript upright, as the tables of the page have it."""
    return re.sub("</?i>", "", text).replace(", ", ",").strip()


def _bracketed(text: str) -> str:
    """In brackets if it is a sum."""
    outside = re.sub(r"<sup>.*?</sup>|\([^()]*\)", "", text)
    return f"({text})" if re.search("[+−]", outside) else text
