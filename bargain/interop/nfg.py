"""Strategic games as Gambit writes them (.nfg, "NFG 1 R"): the file itself, before it is a game.

Two variants: a list of payoffs (one number per player and cell), or a list of outcomes and, per cell, the
number of one (0 pays nothing). In both the first player's strategy changes fastest from cell to cell.
Source: the format as documented by the Gambit project, https://gambitproject.readthedocs.io.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from bargain.errors import InvalidModel, TooLarge
from bargain.interop.efg import Payment
from bargain.interop.gambit_words import Words, numeral, quoted

_MOST = 5_000_000  # numbers in the body of a file


@dataclass(frozen=True)
class NfgFile:
    """A file whose body has exactly one entry per cell.

    strategies: labels by player, or how many there are by player if the file names none. outcomes: None in the
    payoff variant. body: the payoffs (as written), player by player in every cell; or an outcome number per cell.

    >>> file = NfgFile("Dilemma", ("R", "C"), (2, 2), ("3", "3", "5", "0", "0", "5", "1", "1"))
    >>> print(file.text, end="")
    NFG 1 R "Dilemma" { "R" "C" }
    <BLANKLINE>
    { 2 2 }
    <BLANKLINE>
    3 3
    5 0
    0 5
    1 1
    >>> parse_nfg(file.text) == file
    True
    """

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...] | tuple[int, ...]
    body: tuple[str, ...] | tuple[int, ...]
    outcomes: tuple[Payment, ...] | None = None
    comment: str | None = None
    data: str = "R"

    def __post_init__(self) -> None:
        place = f"strategic game {self.title!r}"
        if len(self.strategies) != len(self.players) or not self.players or min(self.shape) < 1:
            raise InvalidModel("needs players, and at least one strategy of each", place=place, remedy="give one entry of strategies per player")
        cells = prod(self.shape)
        wanted = cells if self.outcomes is not None else cells * len(self.players)
        if len(self.body) != wanted:
            raise InvalidModel(f"the body has {len(self.body)} entries, the cells need {wanted}", place=place, remedy="give one entry per cell (and player)")
        if self.outcomes is None:
            wrong = [text for text in set(self.body) if not isinstance(text, str) or numeral(text) != text or not text]
        else:
            wrong = [index for index in set(self.body) if not isinstance(index, int) or not 0 <= index <= len(self.outcomes)]
            if any(len(outcome.payoffs) != len(self.players) or any(numeral(t) != t or not t for t in outcome.payoffs) for outcome in self.outcomes):
                raise InvalidModel("an outcome pays every player one number", place=place, remedy="give as many numbers as players")
        if wrong:
            raise InvalidModel(f"{wrong[0]!r} is no {'number' if self.outcomes is None else 'outcome'}", place=place, remedy="correct the body")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player."""
        return tuple(entry if isinstance(entry, int) else len(entry) for entry in self.strategies)

    @property
    def text(self) -> str:
        """The file; reading it gives this value back."""
        return "".join(_lines(self))


def _lines(file: NfgFile) -> Iterator[str]:
    yield f"NFG 1 {file.data} {quoted(file.title)} {_braced(map(quoted, file.players))}\n\n"
    if isinstance(file.strategies[0], int):
        yield _braced(map(str, file.strategies)) + "\n"
    else:
        yield "{ " + "\n".join(_braced(map(quoted, names)) for names in file.strategies if not isinstance(names, int)) + "\n}\n"
    yield "\n" if file.comment is None else quoted(file.comment) + "\n\n"
    if file.outcomes is None:
        step = len(file.players)
        for k in range(0, len(file.body), step):
            yield " ".join(map(str, file.body[k : k + step])) + "\n"
        return
    yield "{\n"
    for outcome in file.outcomes:
        yield f"{{ {quoted(outcome.label)} {', '.join(outcome.payoffs)} }}\n"
    yield "}\n" + "".join(f"{index} " for index in file.body) + "\n"


def _braced(words: Iterable[str]) -> str:
    return " ".join(["{", *words, "}"])


def parse_nfg(text: str) -> NfgFile:
    """The file that a text holds, either variant; malformed text is `BadInput` with line, column and what was expected."""
    words = Words(text)
    words.take("NFG", "NFG at the start of the file")
    words.take("1", "version 1 of the format")
    data = words.choice("RD", "R (or the obsolete D)")
    title = words.label("the title of the game")
    at = words.at
    players = words.labels("players")
    if not players:
        raise words.refusal("a strategic game needs players", at)
    at = words.at
    strategies = _strategies(words, players)
    comment = words.label("the comment") if words.next == '"' else None
    shape = [entry if isinstance(entry, int) else len(entry) for entry in strategies]
    if prod(shape) * len(players) > _MOST:
        raise TooLarge(f"{prod(shape)} cells for {len(players)} players (limit {_MOST} payoffs)", place=words.place(at), remedy="use a smaller game")
    if words.next == "{":
        return NfgFile(title, players, strategies, *_by_outcome(words, players, prod(shape)), comment, data)
    payoffs = []
    for cell in range(prod(shape)):
        for player in players:
            payoffs.append(words.number(f"the payoff of {player!r} in cell {cell + 1} of {prod(shape)}"))
    words.end(f"the end of the file after {prod(shape)} cells")
    return NfgFile(title, players, strategies, tuple(payoffs), None, comment, data)


def _strategies(words: Words, players: tuple[str, ...]) -> tuple[tuple[str, ...], ...] | tuple[int, ...]:
    words.take("{", "'{' and the strategies (or their number) by player")
    if words.next == "{":
        named = []
        for player in players:
            at = words.at
            named.append(words.labels(f"strategies of {player!r}"))
            if not named[-1]:
                raise words.refusal(f"{player!r} needs at least one strategy", at)
        words.take("}", "'}' after one list of strategies per player")
        return tuple(named)
    counts = []
    for player in players:
        at = words.at
        counts.append(words.whole(f"the number of strategies of {player!r}"))
        if not counts[-1]:
            raise words.refusal(f"{player!r} needs at least one strategy", at)
    words.take("}", "'}' after one number per player")
    return tuple(counts)


def _by_outcome(words: Words, players: tuple[str, ...], cells: int) -> tuple[tuple[int, ...], tuple[Payment, ...]]:
    words.take("{")
    outcomes = []
    while words.next == "{":
        words.take("{")
        label = words.label("the label of an outcome")
        outcomes.append(Payment(label, words.payoffs(players)))
        words.take("}", "'}' after one payoff per player")
    words.take("}", "'{' and an outcome, or '}'")
    body = []
    for cell in range(cells):
        at = words.at
        body.append(words.whole(f"the outcome of cell {cell + 1} of {cells}"))
        if body[-1] > len(outcomes):
            raise words.refusal(f"there is no outcome {body[-1]}: the file describes {len(outcomes)}", at)
    words.end(f"the end of the file after {cells} cells")
    return tuple(body), tuple(outcomes)
