"""Games in Gambit's files and in memory: read, write, and exchange with pygambit.

`read_gambit` and `write_gambit` need no Gambit. `to_pygambit` and `from_pygambit` need the optional
package pygambit (written for 16.7).
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import BadInput, BargainError, NotApplicable
from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.interop.efg import EfgFile, EfgNode, Moves, Payment
from bargain.interop.efg_reader import parse_efg
from bargain.interop.gambit_words import Words, value
from bargain.interop.matrices import matrix_to_nfg, nfg_to_matrix
from bargain.interop.nfg import NfgFile, parse_nfg
from bargain.interop.trees import efg_to_game, game_to_efg

if TYPE_CHECKING:
    import pygambit

_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*\Z")


def read_gambit(path: str | Path) -> Game | MatrixGame:
    """The game in a .efg or .nfg file; which of the two, its first word says. The file is read as data, never run.

    Malformed files are `BadInput` with file, line, column and what was expected.
    """
    return as_game(parse_gambit(_content(Path(path)), str(path)), str(path))


def parse_gambit(text: str, name: str = "") -> EfgFile | NfgFile:
    """The file that a text holds, before it becomes a game; `name` is put before the place of an error."""
    try:
        kind = Words(text[:2_000]).words[:1]
        if kind not in (["EFG"], ["NFG"]):
            raise Words(text).unexpected("EFG or NFG at the start of the file")
        return parse_efg(text) if kind == ["EFG"] else parse_nfg(text)
    except BargainError as error:
        raise _placed(error, name) from error


def as_game(file: EfgFile | NfgFile, name: str = "") -> Game | MatrixGame:
    """The game that a file describes."""
    try:
        return efg_to_game(file) if isinstance(file, EfgFile) else nfg_to_matrix(file)
    except BargainError as error:
        raise _placed(error, name) from error


def as_file(problem: Game | MatrixGame) -> EfgFile | NfgFile:
    """The file that describes a game without free symbols: a tree as .efg, a matrix as .nfg (a list of payoffs)."""
    if isinstance(problem, Game):
        return game_to_efg(problem)
    if isinstance(problem, MatrixGame):
        return matrix_to_nfg(problem)
    raise NotApplicable(f"Gambit has no {type(problem).__name__}", place="write_gambit", remedy="write a Game or a MatrixGame")


def write_gambit(problem: Game | MatrixGame, path: str | Path) -> None:
    """Write a game as a file that Gambit 16.7 reads; the same game gives the same bytes.

    Names that Gambit refuses (not ASCII, or with spaces other than single ones between words) are refused here, by name;
    ``as_file(problem).text`` is the file with any names, which `read_gambit` and older versions of Gambit read.
    """
    text = _for_gambit(as_file(problem)).text
    wanted = ".efg" if isinstance(problem, Game) else ".nfg"
    if Path(path).suffix.lower() != wanted:
        raise BadInput(f"a {type(problem).__name__} is written to a {wanted} file", place=f"file {path}", remedy=f"choose a name that ends in {wanted}")
    Path(path).write_bytes(text.encode())


def _for_gambit(file: EfgFile | NfgFile) -> EfgFile | NfgFile:
    """The same file, if Gambit accepts every name in it."""
    for kind, label in _labels(file):
        if label and not _PLAIN.match(label):
            raise BadInput("Gambit reads only names of printable ASCII characters, single spaces between words", place=f"{kind} {label[:40]!r}",
                           remedy="rename it; as_file(game).text is the file as it stands, for other readers")
    return file


def _labels(file: EfgFile | NfgFile) -> Iterator[tuple[str, str]]:
    yield from (("player", name) for name in file.players)
    if isinstance(file, NfgFile):
        yield from (("strategy", name) for names in file.strategies if not isinstance(names, int) for name in names)
        return
    for moves in file.sets().values():
        yield "information set", moves.label
        yield from (("action", name) for name in moves.actions)
    yield from (("outcome", payment.label) for payment in file.outcomes().values())


def _content(path: Path) -> str:
    place = f"file {path}"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror or error})", place=place, remedy="check the path and its permissions") from error
    except ValueError as error:
        raise BadInput("there is no such file", place=f"file {str(path)!r}", remedy="check the path") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        raise BadInput("a character that is not UTF-8", place=f"{place}: line {line}, byte {column}", remedy="save the file in UTF-8") from error


def _placed(error: BargainError, name: str) -> BargainError:
    known = type(error) if type(error).__module__ == BargainError.__module__ else BadInput
    return known(error.rule, place=": ".join(filter(None, (name and f"file {name}", error.place))), remedy=error.remedy)


def _pygambit() -> Any:
    try:
        import pygambit
    except ImportError as error:
        raise NotApplicable("pygambit is not installed", place="bargain.interop", remedy="pip install pygambit==16.7.0") from error
    return pygambit


def to_pygambit(problem: Game | MatrixGame) -> "pygambit.Game":
    """The game as pygambit holds it, exact; free symbols, offers and tables are refused as in `as_file`."""
    gambit, file = _pygambit(), _for_gambit(as_file(problem))
    try:
        return gambit.read_efg(StringIO(file.text)) if isinstance(file, EfgFile) else gambit.read_nfg(StringIO(file.text))
    except ValueError as error:
        raise NotApplicable(f"pygambit refuses the game: {error}", place=f"game {file.title!r}", remedy="rename what it names") from error


def from_pygambit(game: "pygambit.Game") -> Game | MatrixGame:
    """The game that pygambit holds, exact: a tree as `Game`, any other as `MatrixGame`."""
    _pygambit()
    try:
        title, comment = game.title, game.description
    except UnicodeDecodeError as error:  # pygambit 16.7 reads such a title or comment but cannot give it back
        raise BadInput("pygambit cannot give its title or comment, which is not ASCII", place="from_pygambit", remedy="set them to other text") from error
    if game.is_tree:
        return efg_to_game(EfgFile(title, tuple(player.label for player in game.players), tuple(_entries(game)), comment))
    players = tuple(player.label for player in game.players)
    actions = tuple(tuple(strategy.label for strategy in player.strategies) for player in game.players)
    cells = {}
    for cell in product(*actions):
        outcome = game[cell]  # None where nothing is paid
        cells[cell] = tuple(value(_text(outcome[player])) if outcome else sp.Integer(0) for player in game.players)
    return MatrixGame(title, players, actions, cells, source=comment)


def _entries(game: "pygambit.Game") -> Iterator[EfgNode]:
    """The nodes of a tree in the order of a file; read by an explicit stack, since Gambit's own writer recurses."""
    players = {player.label: k + 1 for k, player in enumerate(game.players)}
    outcomes: dict[str, tuple[int, Payment]] = {}
    known: dict[tuple[int, int], Moves] = {}
    stack = [game.root]
    while stack:
        node = stack.pop()
        number, payment = 0, None
        if node.outcome:
            name = node.outcome.label
            if name not in outcomes:
                outcomes[name] = len(outcomes) + 1, Payment(name, tuple(_text(node.outcome[player]) for player in game.players))
            number, payment = outcomes[name]
        if node.is_terminal:
            yield EfgNode("t", node.label, outcome=number, payment=payment)
            continue
        kind = "c" if node.player.is_chance else "p"
        mover = 0 if kind == "c" else players[node.player.label]
        key = mover, node.infoset.number + 1
        if key not in known:
            actions = list(node.infoset.actions)
            known[key] = Moves(node.infoset.label, tuple(a.label for a in actions), tuple(_text(a.prob) for a in actions) if kind == "c" else ())
        yield EfgNode(kind, node.label, mover, key[1], known[key], number, payment)
        stack.extend(reversed(list(node.children)))


def _text(number: Any) -> str:
    """A number of pygambit (a rational or a decimal) as a file writes it."""
    return str(Fraction(number))
