"""How wide a piece of LaTeX is set, in points at ten points, and how wide its widest part that cannot break.

Character widths are those of Computer Modern (Knuth 1986, Computers and Typesetting E): upright for words, italic for
mathematics. Text breaks at spaces and hyphens, a formula after its relations and its plus and minus signs outside braces.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_UPRIGHT = {
    "bdhnpu": 5.56, "cez": 4.44, "f": 3.06, "gao0123456789/*": 5.0, "il.,;:!'`": 2.78, "j": 3.06, "kqvxy": 5.28, "m": 8.33, "r": 3.92, "s": 3.94,
    "t": 3.89, "w": 7.22, "AHNUVXY": 7.5, "B": 7.08, "CT": 7.22, "D": 7.64, "EP": 6.81, "F": 6.53, "G": 7.85, "I": 3.61, "J": 5.14, "KOQ&+=<>": 7.78,
    "L": 6.25, "M": 9.17, "R": 7.36, "S": 5.56, "W": 10.28, "Z": 6.11, "()": 3.89, "[]": 2.78, "-": 3.33, " ~": 3.33, "?": 4.72, "%#": 8.33,
}
_ITALIC = {
    "abdhnuxo": 5.9, "cezlfgipqrstvy": 5.0, "k": 5.5, "j": 4.2, "m": 8.8, "w": 7.2, "ABDEGKOQRX": 8.5, "VYTFPUCZ": 8.0, "LS": 6.9, "HN": 9.1,
    "MW": 10.8, "IJ": 5.6, "0123456789/": 5.0, "()": 3.89, "[]": 2.78, ".": 2.78, "!|'": 2.78, "*": 9.5,
}
_WORD = {character: width for characters, width in _UPRIGHT.items() for character in characters}
_LETTER = {character: width for characters, width in _ITALIC.items() for character in characters}
_BINARY, _RELATION, _COMMA = 7.78 + 4.44, 7.78 + 5.56, 2.78 + 1.67
_RELATIONS = {"le", "ge", "ne", "in", "to", "leq", "geq", "neq", "approx", "mid"}
_BINARIES = {"cup", "cap", "cdot", "times", "pm", "wedge", "vee"}
_NAMED = {"min", "max", "log", "exp", "sin", "cos", "ln", "Pr", "sup", "inf"}
_FREE = {"allowbreak", "displaystyle", "left", "right", "limits", "nolimits", "big", "Big"}
_ARGUMENT = {"mathit", "mathrm", "text", "textbf", "emph", "operatorname", "bar", "underline", "mathbb", "textup", "boldsymbol", "hat", "fbox", "mathbf"}
_SCRIPT = 0.8  # Computer Modern at 7 points against 10
_TOKEN = re.compile(r"\\[A-Za-z]+\s*|\\.|\$|\{|\}|.", re.DOTALL)


@dataclass(frozen=True)
class Room:
    """Natural width, the width of the widest part that cannot break, and the widths of all such parts in order."""

    natural: float
    least: float
    parts: tuple[float, ...] = ()


@lru_cache(maxsize=16384)
def room(text: str) -> Room:
    """The room that a piece of LaTeX takes on one line, and at least.

    >>> found = room(r"hold; back down $w_{C} < - a$")
    >>> round(found.natural), round(found.least)
    (116, 24)
    """
    pieces, mathematics = [0.0], False
    tokens = [token.rstrip() if token.startswith("\\") and len(token) > 2 else token for token in _TOKEN.findall(text)]
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token == "$":
            mathematics, place = not mathematics, place + 1
            continue
        width, breaks, place = (_math if mathematics else _word)(tokens, place)
        pieces[-1] += width
        if breaks:
            pieces.append(0.0)
    words = [piece - (_WORD[" "] if number < len(pieces) - 1 and not mathematics else 0.0) for number, piece in enumerate(pieces)]
    return Room(sum(pieces), max(*words, 0.0) if words else 0.0, tuple(pieces))


def _word(tokens: list[str], place: int) -> tuple[float, bool, int]:
    """Width of a token of text, whether a line may break after it, and the next place."""
    token = tokens[place]
    if token in ("{", "}"):
        return 0.0, False, place + 1
    if not token.startswith("\\"):
        return _WORD.get(token, 6.0), token in (" ", "-"), place + 1
    name = token[1:]
    if name == "fbox":
        return 8.5, False, place + 1  # 6.8 points in every size of type
    if name in ("ldots", "textless", "textgreater", "textasciitilde", "textbackslash", "textquotedbl", "textbar"):
        return 13.0 if name == "ldots" else 7.8, False, place + 1
    return (0.0 if name.isalpha() else {" ": 3.33, "_": 7.5, "{": 5.0, "}": 5.0}.get(name, 8.33)), name == " ", place + 1


def _math(tokens: list[str], place: int) -> tuple[float, bool, int]:
    """The same for a token of a formula; an argument in braces is one piece."""
    token = tokens[place]
    if token == "{":
        end = _closing(tokens, place)
        return _total(tokens[place + 1 : end]), False, end + 1
    if token in ("_", "^"):
        width, _, after = _math(tokens, place + 1)
        stacked = tokens[after : after + 1] in (["_"], ["^"])
        other, _, after = _math(tokens, after) if stacked else (0.0, False, after)
        return max(_SCRIPT * width + 0.5, other), False, after
    if token.startswith("\\"):
        return _command(tokens, place)
    if token == " ":
        return 0.0, False, place + 1
    if token in ("+", "-"):
        unary = place == 0 or tokens[_before(tokens, place)] in ("(", "[", "{", "$", ",", "<", ">", "=", r"\le", r"\ge", r"\ne", r"\{")
        return (7.78, False, place + 1) if unary else (_BINARY, True, place + 1)
    if token in ("<", ">", "="):
        return _RELATION, True, place + 1
    return (_COMMA if token in (",", ";", ":") else _LETTER.get(token, 6.0)), False, place + 1


def _command(tokens: list[str], place: int) -> tuple[float, bool, int]:
    name = tokens[place][1:]
    if name in ("frac", "dfrac", "tfrac"):
        top, _, after = _math(tokens, place + 1)
        bottom, _, after = _math(tokens, after)
        return _SCRIPT * max(top, bottom) + 2.4, False, after
    if name == "sqrt":
        inside, _, after = _math(tokens, place + 1)
        return inside + 8.33, False, after
    if name in _ARGUMENT:
        end = _closing(tokens, place + 1) if tokens[place + 1 : place + 2] == ["{"] else place + 1
        inner = tokens[place + 2 : end]
        upright = name in ("text", "mathrm", "operatorname", "textup", "mathit")
        return (room("".join(inner)).natural * (1.05 if name == "mathit" else 1.0) if upright else _total(inner)), False, end + 1
    if name in _FREE:
        return 0.0, name == "allowbreak", place + 1
    if name in _RELATIONS:
        return _RELATION, True, place + 1
    if name in _BINARIES:
        return _BINARY, True, place + 1
    if name in _NAMED:
        return sum(_WORD[letter] for letter in name) + 1.67, False, place + 1
    widths = {"{": 5.0, "}": 5.0, " ": 3.33, ",": 1.67, ":": 2.22, ";": 2.78, "!": -1.67, "ell": 4.2, "infty": 10.0, "quad": 10.0, "qquad": 20.0}
    return widths.get(name, 7.6 if name[:1].isupper() else 6.0), False, place + 1


def _total(tokens: list[str]) -> float:
    width, place = 0.0, 0
    while place < len(tokens):
        more, _, place = _math(tokens, place)
        width += more
    return width


def _closing(tokens: list[str], place: int) -> int:
    """The place of the brace that closes the one at `place`."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        if depth == 0:
            return end
    return len(tokens) - 1


def _before(tokens: list[str], place: int) -> int:
    place -= 1
    while place > 0 and tokens[place] in (" ", r"\allowbreak"):
        place -= 1
    return place
