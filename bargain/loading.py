"""From a name to a `Model`: a shipped model, a group of them, or a model file of the user's own.

A shipped name is looked up in the list of what the package contains and is never imported as given.
A model file is the user's own program: it is run, and its mistakes are reported with file and line.
A Gambit file is data: it is read, never run, and its mistakes are reported with file, line and column.
"""

import difflib
import os
import pkgutil
import re
import sys
import traceback
from importlib import import_module, util
from pathlib import Path
from types import ModuleType
from typing import Any

from bargain.claims import Model
from bargain.errors import BadInput, BargainError
from bargain.inventory import Inventory

_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*\Z")
_PROBLEMS = ("game", "matrix")
MISTAKES = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, OSError, RuntimeError, SyntaxError, TypeError,
            ValueError)


def shipped() -> list[str]:
    """The names of all models that come with the package, sorted; modules that define no `model` are not models.

    >>> "classics/ultimatum" in shipped()
    True
    """
    return [name for name in _modules() if isinstance(getattr(_imported(name), "model", None), Model)]


def groups() -> list[str]:
    """The groups of shipped models, such as ``classics``."""
    return list(dict.fromkeys(name.partition("/")[0] for name in _modules()))


def _modules() -> list[str]:
    """The modules two levels below ``bargain.models``, as ``group/name``; none is imported."""
    package = import_module("bargain.models")
    found = []
    for group in pkgutil.iter_modules(package.__path__):
        if group.ispkg:
            paths = [f"{path}/{group.name}" for path in package.__path__]
            found += [f"{group.name}/{module.name}" for module in pkgutil.iter_modules(paths)]
    return sorted(found)


def _imported(name: str) -> ModuleType:
    return import_module("bargain.models." + name.replace("/", "."))


def load(name: str) -> Model:
    """The model of a shipped name (``classics/ultimatum``), of a path to a ``.py`` file, or of a Gambit ``.efg`` or ``.nfg`` file.

    >>> load("classics/ultimatum").name
    'classics/ultimatum'
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".py":
        return _from_file(Path(name))
    if suffix in (".efg", ".nfg"):
        return _from_gambit(Path(name))
    if not _NAME.match(name) or name not in _modules():
        raise BadInput("there is no such model", place=f"model {name[:80]!r}", remedy=_suggestion(name))
    return _model(_imported(name), name)


def load_group(name: str) -> list[Model]:
    """All shipped models of a group, in the order of their names."""
    members = [member for member in shipped() if member.partition("/")[0] == name]
    if not members:
        raise BadInput("there is no such group of models", place=f"group {name[:80]!r}", remedy="groups: " + ", ".join(groups()))
    return [load(member) for member in members]


def inventory(group: str) -> Inventory | None:
    """What a group says about the text that its models are about; None if it says nothing."""
    if f"{group}/inventory" not in _modules():
        return None
    found = getattr(_imported(f"{group}/inventory"), "inventory", None)
    return found if isinstance(found, Inventory) else None


def _suggestion(name: str) -> str:
    known = _modules()  # nothing is imported for a suggestion
    members = [member for member in known if member.startswith(f"{name}/")]
    close = members or difflib.get_close_matches(name[:80], known, n=3) or known
    return f"name one of {', '.join(close)}, or give the path of a .py model file or of a Gambit .efg or .nfg file"


def _from_file(path: Path) -> Model:
    """The model that a file of the user's declares; the file is run."""
    place = f"model file {path}"
    if not os.path.isfile(path):
        raise BadInput("there is no such file", place=place, remedy="check the path, or see the shipped models: bargain list")
    name = re.sub(r"\W", "_", path.stem)
    spec = util.spec_from_file_location(f"bargain_model_{name}", path.resolve())
    if spec is None or spec.loader is None:
        raise BadInput("the file is not a Python program", place=place, remedy="give a .py file that defines `model`")
    module = util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # dataclasses declared in the file look their module up
    try:
        spec.loader.exec_module(module)
        return _model(module, path.stem, place)
    except BargainError as error:
        raise placed(error, place if error.place != place else "") from error
    except OSError as error:
        raise blame(error, path) or BadInput(f"cannot be read ({error.strerror or error})", place=place, remedy="check its permissions") from error
    except MISTAKES as error:
        raise blame(error, path) or BadInput(f"{type(error).__name__}: {error}", place=place, remedy="correct the file") from error


def _from_gambit(path: Path) -> Model:
    """The game that a Gambit file holds, with its usual concept; the comment of the file is the summary."""
    from bargain.interop.gambit import read_gambit

    game = read_gambit(path)
    return Model(path.stem, {"game": (game, _solver(game, "game", f"file {path}"))}, summary=game.source or game.title)


def placed(error: BargainError, place: str) -> BargainError:
    """The same error with `place` put before the place it names.

    >>> str(placed(BadInput("too large", remedy="make it smaller"), "--at"))
    '--at: too large; make it smaller'
    """
    return type(error)(error.rule, place=": ".join(filter(None, (place, error.place))), remedy=error.remedy)


def blame(error: BaseException, path: Path) -> BadInput | None:
    """The error as a mistake in the user's file, with its line; None if that file had no part in it."""
    if isinstance(error, SyntaxError) and error.filename:
        where = f"{error.filename}, line {error.lineno or 1}"
        return BadInput(f"not Python: {error.msg}", place=f"model file {where}", remedy="correct that line")
    own = str(path.resolve())
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    if not lines:
        return None
    return BadInput(f"{type(error).__name__}: {error}", place=f"model file {path}, line {lines[-1]}", remedy="correct that line")


def _model(module: ModuleType, name: str, place: str = "") -> Model:
    """What a module exposes as `model`, or a model of the one problem it exposes."""
    found = getattr(module, "model", None)
    if isinstance(found, Model):
        return found
    place = place or f"model {name}"
    if found is not None:
        raise BadInput(f"`model` is a {type(found).__name__}", place=place, remedy="make it a bargain.Model(name, problems={'game': (game, solver)})")
    for attribute in _PROBLEMS:
        problem = getattr(module, attribute, None)
        if problem is not None:
            return Model(name, {"game": (problem, _solver(problem, attribute, place))}, summary=module.__doc__ or "")
    raise BadInput("defines no model", place=place, remedy="define `model = bargain.Model(...)`, or a problem named `game` or `matrix`")


def _solver(problem: Any, attribute: str, place: str) -> Any:
    """The usual concept for a problem."""
    from bargain.games import AlternatingOffers, BargainingProblem, Game, MatrixGame
    from bargain.solvers import Nash, NashBargaining, Rubinstein, SubgamePerfect

    usual = {Game: SubgamePerfect, MatrixGame: Nash, AlternatingOffers: Rubinstein, BargainingProblem: NashBargaining}
    if type(problem) not in usual:
        kinds = ", ".join(kind.__name__ for kind in usual)
        raise BadInput(f"`{attribute}` is a {type(problem).__name__}", place=place, remedy=f"make it one of {kinds}")
    return usual[type(problem)]()
