"""Outcome maps as numbers: which end of a tree is reached at each point of a grid of two parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from bargain.compile import compile_game
from bargain.errors import BadInput, NotApplicable
from bargain.exhibits import OutcomeMap
from bargain.expressions import exact
from bargain.games import Game
from bargain.report.evaluate import Evaluation
from bargain.solvers.trees.subgame_perfect import SubgamePerfect
from bargain.solving import solve

Codes = npt.NDArray[np.int64]
Paths = tuple[tuple[str, ...], ...]
_FINE, _COARSE = 161, 17  # points along an axis: on arrays, and by exact solves where a tree cannot be compiled


@dataclass(frozen=True)
class OutcomeData:
    """One grid of codes per panel; `names[k]` is the label of code k, -1 marks points where chance decides the end.

    Where a game is solved exactly at each point, the label of several coexisting outcomes joins theirs.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    codes: tuple[Codes, ...]
    names: tuple[str, ...]
    panels: tuple[str, ...]


def outcome_data(exhibit: OutcomeMap, evaluation: Evaluation) -> OutcomeData:
    """The outcome at every grid point of every panel."""
    games = [_game(exhibit, evaluation, panel) for _, panel in exhibit.panels]
    x, y = exhibit.x[0], exhibit.y[0]
    evaluation.progress(f"{evaluation.model.name}: map {exhibit.title!r}")
    try:
        across, up = _axis(exhibit.x, _FINE), _axis(exhibit.y, _FINE)
        found = [_compiled(game, (x, y), across, up) for game in games]
    except NotApplicable:
        across, up = _axis(exhibit.x, _COARSE), _axis(exhibit.y, _COARSE)
        found = [_solved(game, evaluation.model.problems[exhibit.problem][1], (x, y), across, up) for game in games]
    labels = [[" and ".join(dict.fromkeys(exhibit.code(path) for path in several if path)) for several in paths] for _, paths in found]
    used = {label for (codes, _), row in zip(found, labels, strict=True) for k, label in enumerate(row) if label and (codes == k).any()}
    names = tuple(sorted(used))
    grids = []
    for (codes, _), row in zip(found, labels, strict=True):
        lookup = np.array([names.index(label) if label in used else -1 for label in row] + [-1], dtype=np.int64)
        grids.append(lookup[codes])
    return OutcomeData(across, up, tuple(grids), names, tuple(title for title, _ in exhibit.panels))


def _axis(span: tuple[sp.Symbol, Any, Any], count: int) -> npt.NDArray[np.float64]:
    return np.linspace(float(exact(span[1])), float(exact(span[2])), count)


def _game(exhibit: OutcomeMap, evaluation: Evaluation, panel: Mapping[sp.Symbol, Any]) -> Game:
    """The tree with the panel's values and the baseline put in, the two axes left free."""
    problem = evaluation.model.problems[exhibit.problem][0]
    game = problem(evaluation.point) if callable(problem) else problem
    if not isinstance(game, Game):
        raise BadInput(f"{exhibit.problem!r} is not a tree", place=f"exhibit {exhibit.title!r}", remedy="name a Game, or use a RegionMap")
    point = {**evaluation.point.values, **game.notation.values(panel)}
    free = {exhibit.x[0], exhibit.y[0]}
    return game.at({symbol: value for symbol, value in point.items() if symbol in game.notation.symbols and symbol not in free})


def _compiled(game: Game, symbols: tuple[sp.Symbol, sp.Symbol], across: npt.NDArray[np.float64], up: npt.NDArray[np.float64],
              ) -> tuple[Codes, tuple[Paths, ...]]:
    compiled = compile_game(game, symbols)
    grid = np.meshgrid(across, up)
    reached = compiled.outcomes(dict(zip(symbols, (axis.ravel() for axis in grid), strict=True)))
    return reached.reshape(len(up), len(across)), tuple((path,) for path in compiled.paths)


def _solved(game: Game, solver: Any, symbols: tuple[sp.Symbol, sp.Symbol], across: npt.NDArray[np.float64], up: npt.NDArray[np.float64],
            ) -> tuple[Codes, tuple[Paths, ...]]:
    """The same by exact solves, one per grid point: every outcome there if several equilibria coexist, of equally good replies the first listed."""
    paths: dict[Paths, int] = {}
    codes = np.full((len(up), len(across)), -1, dtype=np.int64)
    for i, high in enumerate(up):
        for j, wide in enumerate(across):
            found = solve(game, solver, at=dict(zip(symbols, (float(wide), float(high)), strict=True))).extreme
            several = found[:1] if isinstance(solver, SubgamePerfect) else found
            codes[i, j] = paths.setdefault(tuple(dict.fromkeys(e.path for e in several)), len(paths))
    return codes, tuple(paths)
