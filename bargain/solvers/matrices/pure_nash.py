"""Pure Nash equilibria of a matrix game with symbolic payoffs, each with the exact region in which it exists.

A pure profile is an equilibrium where no player gains by another action: one weak inequality per deviation. The regions
may overlap, and where none holds there are mixed equilibria only.
Source: Nash (1950), Proceedings of the National Academy of Sciences 36:48-49.
"""

from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotDecided, TooLarge
from bargain.games.matrix import MatrixGame
from bargain.regions import Cell, Region, Space
from bargain.regions.cells import LE
from bargain.regions.explore import number_sign
from bargain.solution import Equilibrium, Regime, Solution, Status

_CELLS = 5000


def pure_equilibria(game: MatrixGame, solver: Any) -> Solution:
    """Existence regions of all pure equilibria; the status leaves open that there are mixed ones."""
    cells = list(product(*game.actions))
    if len(cells) > _CELLS:
        raise TooLarge(f"{len(cells)} cells with symbolic payoffs", place=f"matrix game {game.title!r}", remedy=f"at most {_CELLS}; fix all parameters (free=[])")
    space = Space(game.notation)
    found: dict[Cell, list[Equilibrium]] = {}
    for profile in cells:
        region = _region(game, profile)
        verdict = space.feasible(region)
        if verdict.unknown:
            raise NotDecided(f"whether {','.join(profile)} is an equilibrium anywhere", place=f"matrix game {game.title!r}", remedy="fix some parameters")
        if verdict.answer:
            found.setdefault(space.reduced(region), []).append(_equilibrium(game, profile))
    if not found:
        raise NotDecided("no pure equilibrium exists, and mixed ones of more than two players are not found symbolically",
                         place=f"matrix game {game.title!r}", remedy="fix all parameters (free=[], rational payoffs)")
    regimes = tuple(Regime(Region((region,)), tuple(equilibria)) for region, equilibria in found.items())
    return Solution(game, solver, Status.INCOMPLETE, regimes, stats={"cells": len(cells), "queries": space.queries}, overlapping=len(regimes) > 1)


def _region(game: MatrixGame, profile: tuple[str, ...]) -> Cell:
    """Where no player gains by leaving a pure profile."""
    region = Cell()
    for i, names in enumerate(game.actions):
        for other in (a for a in names if a != profile[i]):
            gain = sp.expand(game[(*profile[:i], other, *profile[i + 1 :])][i] - game[profile][i])
            region = region.where(gain if gain.free_symbols else sp.Integer(number_sign(gain)), LE)
    return region


def _equilibrium(game: MatrixGame, profile: tuple[str, ...]) -> Equilibrium:
    strategies = {player: {"": {a: sp.Integer(int(a == played)) for a in names}}
                  for player, names, played in zip(game.players, game.actions, profile, strict=True)}
    outcome = ",".join(profile)
    return Equilibrium("Nash equilibrium", strategies, dict(zip(game.players, game[profile], strict=True)), (outcome,), outcome)
