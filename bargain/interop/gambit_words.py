r"""The words of a Gambit file: labels in quotes, numbers, braces, commas, and where each stands.

A label ends at the first quote that no backslash precedes. Inside it Gambit's reader takes ``\"`` for a
quote, keeps a single backslash before any other character, and reads a run of n >= 2 backslashes as
2n - 1 of them (2n - 2 before a quote); `quoted` is the inverse. Source: the behaviour of Gambit 16.7.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import sympy as sp

from bargain.errors import BadInput, TooLarge
from bargain.expressions import number

_BLANKS = " \t\n\v\f\r"
_WORD = re.compile(rf'"[^"]*+(?:(?<=\\)"[^"]*+)*+(?<!\\)"|"[\s\S]*|[{{}},]|[^{_BLANKS}{{}},"]+')
_NUMBER = re.compile(r"([+-]?)(?:([0-9]{1,400})(\.[0-9]{0,400})?|(\.[0-9]{1,400}))(?:([eE])(\+|-|)([0-9]{1,3}))?\Z")
_RATIO = re.compile(r"[+-]?[0-9]{1,400}/[0-9]{1,400}\Z")
_WHOLE = 15  # digits of a whole number
_READ = re.compile(r'(\\+)("?)')
_WRITE = re.compile(r'(\\*)"|(\\+)(\Z)?')
_LONGEST = 200_000_000  # characters of a file
_SHOWN = 40  # characters of a word that an error repeats

REMEDIES = {
    "label": "write a label in double quotes",
    "number": "write an integer, a decimal such as 0.25 or a ratio such as 3/7, of at most 400 digits and an exponent of at most 3",
    "whole": "write a whole number of at most 15 digits",
    "word": "check the file there; docs/gambit.md shows the two formats",
}


class Words:
    """The words of a text in order, with a cursor; every complaint names line, column and what was expected."""

    __slots__ = ("_checked", "at", "text", "words")

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise TooLarge(f"a file of {len(text)} characters (limit {_LONGEST})", remedy="split the game into subgames")
        self.text, self.words, self.at = text, _WORD.findall(text), 0
        self._checked: dict[str, str] = {}

    def place(self, at: int) -> str:
        """Line and column (from 1) of the word number `at`, or of the end of the file."""
        match = next(islice(_WORD.finditer(self.text), at, None), None)
        offset = match.start() if match else len(self.text)
        return f"line {self.text.count(chr(10), 0, offset) + 1}, column {offset - self.text.rfind(chr(10), 0, offset)}"

    def refusal(self, rule: str, at: int, remedy: str = REMEDIES["word"]) -> BadInput:
        """The error of a broken rule at a word."""
        return BadInput(rule, place=self.place(at), remedy=remedy)

    def unexpected(self, expected: str, kind: str = "word") -> BadInput:
        """The error that the word at the cursor is not what was expected."""
        if self.at >= len(self.words):
            return self.refusal(f"expected {expected}, but the file ends", self.at, REMEDIES[kind])
        word = self.words[self.at]
        if word[0] == '"' and not _closed(word):
            return self.refusal("the label that starts here never ends", self.at, 'close it with a double quote; inside a label write \\"')
        shown = word if len(word) <= _SHOWN else word[:_SHOWN] + "..."
        return self.refusal(f"expected {expected}, found {shown}", self.at, REMEDIES[kind])

    @property
    def next(self) -> str:
        """The first character of the next word (which tells its kind), or nothing at the end."""
        return self.words[self.at][0] if self.at < len(self.words) else ""

    def take(self, word: str, expected: str = "") -> None:
        """Pass this very word."""
        if self.at >= len(self.words) or self.words[self.at] != word:
            raise self.unexpected(expected or f"'{word}'")
        self.at += 1

    def choice(self, options: Sequence[str], expected: str) -> str:
        """Pass one of several words."""
        if self.at >= len(self.words) or self.words[self.at] not in options:
            raise self.unexpected(expected)
        self.at += 1
        return self.words[self.at - 1]

    def label(self, expected: str) -> str:
        """Pass a label and return what it says."""
        word = self.words[self.at] if self.at < len(self.words) else ""
        if not word or word[0] != '"' or (self.at + 1 == len(self.words) and not _closed(word)):  # only the last word may lack its end
            raise self.unexpected(expected, "label")
        self.at += 1
        return unquoted(word)

    def labels(self, expected: str) -> tuple[str, ...]:
        """Pass a list of labels in braces."""
        self.take("{", f"'{{' and the {expected}")
        found = []
        while self.next == '"':
            found.append(self.label(expected))
        self.take("}", f"a label in double quotes ({expected}) or '}}'")
        return tuple(found)

    def number(self, expected: str) -> str:
        """Pass a number and return it as Gambit writes it: the same digits, without needless plus signs."""
        word = self.words[self.at] if self.at < len(self.words) else ""
        known = self._checked.get(word)
        if known is None:
            known = self._checked[word] = numeral(word)
        if not known:
            raise self.unexpected(expected, "number")
        self.at += 1
        return known

    def whole(self, expected: str) -> int:
        """Pass a whole number."""
        word = self.words[self.at] if self.at < len(self.words) else ""
        if not (word.isdigit() and word.isascii() and len(word) <= _WHOLE):
            raise self.unexpected(expected, "whole")
        self.at += 1
        return int(word)

    def payoffs(self, players: Sequence[str]) -> tuple[str, ...]:
        """Pass one number per player; a comma may follow each."""
        found = []
        for player in players:
            found.append(self.number(f"the payoff of {player!r}"))
            if self.next == ",":
                self.at += 1
        return tuple(found)

    def end(self, expected: str) -> None:
        """Pass the end of the file."""
        if self.at < len(self.words):
            raise self.unexpected(expected)


def _closed(word: str) -> bool:
    return len(word) > 1 and word[-1] == '"' and word[-2] != "\\"


def numeral(word: str) -> str:
    """A number as the formats write it, or nothing if it is none.

    >>> numeral("+1e+3"), numeral(".5e2"), numeral("-2/6"), numeral("1/0")
    ('1e3', '0.5e2', '-2/6', '')
    """
    if word.isdigit() and word.isascii() and len(word) <= 400:
        return word
    match = _NUMBER.match(word)
    if match:
        sign, whole, decimals, fraction, mark, minus, exponent = match.groups(default="")
        body = whole + decimals if whole else "0" * bool(mark) + fraction
        return sign.strip("+") + body + mark + minus.strip("+") + exponent
    return word.lstrip("+") if _RATIO.match(word) and word.partition("/")[2].strip("0") else ""


def value(text: str) -> sp.Rational:
    """The exact number that a numeral means."""
    return sp.Integer(int(text)) if text.isdigit() else number(text)


def unquoted(word: str) -> str:
    r"""What a label in quotes says.

    >>> unquoted(r'"the \"horse\""'), unquoted(r'"a\b"') == r"a\b", unquoted(r'"a\\b"') == r"a\\\b"
    ('the "horse"', True, True)
    """
    return _READ.sub(_read_run, word[1:-1]) if "\\" in word else word[1:-1]


def _read_run(match: "re.Match[str]") -> str:
    return "\\" * (2 * len(match[1]) - (2 if match[2] else 1)) + match[2]


def quoted(label: str) -> str:
    r"""The label in quotes, so that Gambit's reader finds it unchanged.

    A label that no file can hold is refused: one that ends with a backslash, has an even run of
    backslashes, or an odd run before a quote.

    >>> print(quoted('the "horse"'), quoted(r"a\b"))
    "the \"horse\"" "a\b"
    """
    return f'"{_WRITE.sub(_write_run, label)}"'


def _write_run(match: "re.Match[str]") -> str:
    before, run = match[1], match[2] or ""
    if (run and (match[3] is not None or len(run) % 2 == 0)) or (before and len(before) % 2):
        raise BadInput("no Gambit file can hold these backslashes", place=f"label {match.string[:_SHOWN]!r}", remedy="leave the backslashes out")
    return "\\" * ((len(run) + 1) // 2) if run else "\\" * (len(before) // 2 + 1) + '"'


def distinct(labels: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names for a list of labels as Gambit makes them: blank or repeated ones get the next free number.

    >>> distinct(["x", "", "x", "x_1", "y"])
    ['x_2', '_1', 'x_3', 'x_1', 'y']
    """
    given, avoided = list(labels), set(taken)
    count, used, numbers = Counter(given), {*given, *avoided}, Counter[str]()
    names = []
    for label in given:
        name = label
        if not label or count[label] > 1 or label in avoided:
            name = next(name for name in (f"{label}_{k}" for k in range(numbers[label] + 1, len(used) + 2)) if name not in used)
            numbers[label] = int(name.rpartition("_")[2])
            used.add(name)
        names.append(name)
    return names
