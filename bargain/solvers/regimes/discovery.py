"""Regimes of large trees by discovery: points first, cells from proofs, cover by refutation.

Counterexample-guided search after Solar-Lezama (2006) and Clarke et al. (2000): see
`bargain.solvers.regimes.search` for the loop. This module turns what was found into regimes.
"""

from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.regimes.enlarge import listable
from bargain.solvers.regimes.outcomes import OutcomeTree
from bargain.solvers.regimes.search import Search

_SAMPLES = 4096
_PROBE = 60  # cells after which a search with many free parameters is judged
_PATIENCE = 10.0  # or seconds, if they pass first
_SHARE = 0.5  # of the samples that must then be covered


def discover(game: Game, solver: Any, *, limit: int, free: int | None = None, seconds: float | None = None, samples: int = _SAMPLES) -> Solution:
    """Outcome regimes of a finite perfect-information tree; of outcomes that pay everyone the same, one is listed.

    Where outcomes with different payoffs coexist off all ties, each is listed with its own region (`Solution.overlapping`).
    After `limit` cells or `seconds` of processor time, what was found is returned as "not proved complete"; `stats` say why it stopped,
    which share of the prior box is covered, and which parameters to fix first (those in the most conditions). With more than `free`
    parameters and no time limit, a search that does not cover half of the
    sample points by its first 60 cells is refused with an estimate.
    """
    search = Search(game, samples)
    if seconds is None and free is not None and len(search.comparisons.symbols) > free and not search.run(min(limit, _PROBE), _PATIENCE):
        _judge(search)
    complete = search.run(limit, seconds)
    cells = search.needed() if complete else search.found
    by_outcome: dict[int, list[int]] = {}
    for found in cells:
        by_outcome.setdefault(found.play, []).append(found.conditions)
    regimes = tuple(Regime(Region(tuple(search.comparisons.cell(c) for c in conditions)), (_equilibrium(search.tree, play),))
                    for play, conditions in by_outcome.items())
    stats = {"method": "discovery", "cells": len(cells), "outcomes": len(regimes), "queries": search.queries, **_share(search, complete),
             "same payoffs": _equivalent(search.tree, list(by_outcome)), 
             **({"stopped": search.stopped, "fix first": tuple(search.parameters_in(search.found)[:5])} if search.stopped else {})}
    return Solution(game, solver, Status.PROVED if complete else Status.INCOMPLETE, regimes, stats=stats, overlapping=search.several)


def _judge(search: Search) -> None:
    """Refuse a search of which the first cells cover too little."""
    covered = 1 - float(search.samples.open.mean())
    if search.stopped and covered < _SHARE:
        raise TooLarge(f"{len(search.comparisons.symbols)} free parameters; the first {len(search.found)} cells cover {covered:.1%} of the sample points",
                       place=f"game {search.game.title!r}",
                       remedy="fix some (free=[...]), those in the most conditions first: " + ", ".join(search.parameters_in(search.found)[:5])
                       + "; or set a time_limit and take what is found by then")


def _share(search: Search, complete: bool) -> dict[str, float]:
    """The share of the prior box covered, with the standard error of its estimate (at least one draw; exactly 1 without error if all is covered)."""
    if complete:
        return {"share": 1.0}
    inside = ~search.samples.open[: search.samples.prior] if search.samples.prior else np.zeros(1)
    share = float(np.mean(inside))
    return {"share": share, "share error": float(max(np.sqrt(share * (1 - share) / inside.size), 1 / inside.size))}


def _equivalent(tree: OutcomeTree, plays: list[int]) -> dict[str, tuple[str, ...]]:
    """For each outcome listed, the others that pay every player the same everywhere."""
    if not listable(tree, whole=True):
        return {}
    same: dict[int, list[int]] = {}
    for play in range(tree.plays):
        same.setdefault(tree.kind(play), []).append(play)
    named = {play: tuple("/".join(tree.path(other)) for other in same[tree.kind(play)] if other != play) for play in plays}
    return {"/".join(tree.path(play)): others for play, others in named.items() if others}


def _equilibrium(tree: OutcomeTree, play: int) -> Equilibrium:
    path = tree.path(play)
    payoffs = [tree.comparisons.formula(value) for value in tree.payoffs(tree.root, play)]
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in tree.game.players}
    number, history = tree.root, list[str]()
    while tree.vertices[number].kind == "choose":
        vertex = tree.vertices[number]
        move, play = tree.chosen(number, play)
        strategies[tree.game.players[vertex.mover]]["/".join(history) or "(start)"] = {vertex.names[move]: sp.Integer(1)}
        history.append(vertex.names[move])
        number = vertex.children[move]
    return Equilibrium("subgame-perfect outcome", strategies, dict(zip(tree.game.players, payoffs, strict=True)), path, "/".join(path))
