"""Regimes of large trees by discovery: points first, cells from proofs, cover by refutation.

    sample points -> exact equilibrium at one of them -> the cell its reasons define
    -> drop the samples inside -> ... -> ask for a point outside all cells -> ... -> none: proved

A cell is a conjunction of weak inequalities under which one outcome is subgame perfect, so
every cell is right by construction; only the cover needs a decision procedure.
Counterexample-guided search after Solar-Lezama (2006) and Clarke et al. (2000).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bargain.compile import compile_game, vectorised
from bargain.games.game import Game
from bargain.regions import GE, LE, Cell, Region, Space
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.enlarge import OutcomeRegions, Refuter
from bargain.solvers.outcomes import Atom, AtPoint, OutcomeTree, Play

_SAMPLES = 4096
_ROUNDS = 40  # counterexamples after which a cell is left as it is
_TIDY = 400  # cells up to which the regions are simplified


@dataclass(frozen=True)
class _Found:
    """A cell, the play that is subgame perfect in it, and the payoffs that identify the outcome."""

    cell: Cell
    play: Play
    payoffs: tuple[sp.Expr, ...]


def discover(game: Game, solver: Any, *, limit: int, samples: int = _SAMPLES) -> Solution:
    """Outcome regimes of a finite perfect-information tree; of outcomes that pay everyone the same, one is listed.

    Stops after `limit` cells with what was found and status "not proved complete"; so is a tree in
    which, inside a regime, another outcome with other payoffs is an equilibrium too.
    """
    space = Space(game.notation)
    search = _Search(game, space, samples)
    complete = search.run(limit)
    regimes = []
    by_outcome: dict[Play, list[_Found]] = {}
    for found in search.found:
        by_outcome.setdefault(found.play, []).append(found)
    for play, group in by_outcome.items():
        cells = search.tidied(play) if complete and len(search.found) <= _TIDY else tuple(found.cell for found in group)
        regimes.append(Regime(Region(cells), (_equilibrium(search.tree, group[0], group[0].payoffs),)))
    stats = {"cells": len(search.found), "queries": search.queries, "outcomes": len(regimes), "method": "discovery"}
    return Solution(game, solver, Status.PROVED if complete and not search.several else Status.INCOMPLETE, tuple(regimes), stats=stats)


def _equilibrium(tree: OutcomeTree, found: _Found, payoffs: tuple[sp.Expr, ...]) -> Equilibrium:
    path = tree.path(found.play)
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in tree.game.players}
    number, history = tree.root, list[str]()
    while tree.vertices[number].kind == "choose":
        vertex = tree.vertices[number]
        k = next(k for k, child in enumerate(vertex.children) if tree.holds(child, found.play))
        strategies[tree.game.players[vertex.mover]]["/".join(history) or "(start)"] = {vertex.names[k]: sp.Integer(1)}
        history.append(vertex.names[k])
        number = vertex.children[k]
    return Equilibrium("subgame-perfect outcome", strategies, dict(zip(tree.game.players, payoffs, strict=True)), path, "/".join(path))


class _Search:
    """The state of one discovery."""

    def __init__(self, game: Game, space: Space, samples: int) -> None:
        self.game, self.space = game, space
        self.symbols = game.notation.symbols
        self.tree = OutcomeTree(game, {p.symbol: _ends(p.domain) for p in game.notation})
        self.points = _sample(game, samples)
        self.open = np.ones(self.points.shape[1], dtype=bool)
        self.signs: dict[sp.Expr, np.ndarray[Any, Any]] = {}
        self.found: list[_Found] = []
        self.several = False  # whether two outcomes with different payoffs were met away from every tie
        self.queries = 0
        self.solver = self._solver()
        self.refuter = None if any(v.kind == "chance" for v in self.tree.vertices) else Refuter(OutcomeRegions(self.tree, self.translator), self._solver)
        self.known = self._outcomes()

    def _outcomes(self) -> np.ndarray[Any, Any]:
        """The end node reached at each sample point, by arrays (first-listed action on a tie; -1 after a chance move)."""
        compiled = compile_game(self.game, self.symbols)
        reached = compiled.outcomes(dict(zip(self.symbols, self.points, strict=True)))
        numbers = np.array([*sorted(self.tree.ends), -1])
        return numbers[reached]

    def _solver(self) -> Any:
        import z3

        solver = z3.Solver()
        solver.set("timeout", 60_000)
        self.translator = self.space._translate()
        solver.add(self.translator.cell(self.space.domain))
        return solver

    def run(self, limit: int) -> bool:
        """Discover until nothing is left (True) or the limit or the decider stops it (False)."""
        while len(self.found) < limit:
            uncovered = np.flatnonzero(self.open)
            if uncovered.size:
                point = {s: sp.Rational(Fraction(float(v)).limit_denominator(10**6)) for s, v in zip(self.symbols, self.points[:, uncovered[0]], strict=True)}
                if not self.space.contains(point):
                    self.open[uncovered[0]] = False
                    continue
                before = self.open[uncovered[0]]
                self._add(point)
                self.open[uncovered[0]] &= not before
                continue
            witness = self._uncovered()
            if witness is None:
                return True
            if not witness:
                return False
            self._add(witness)
        return False

    def _uncovered(self) -> Mapping[sp.Symbol, sp.Expr] | None:
        """A point outside all cells; None proves that there is none; {} means not decided."""
        import z3

        self.queries += 1
        outcome = self.solver.check()
        if outcome == z3.unsat:
            return None
        if outcome != z3.sat:
            return {}
        point = self.space._witness(self.solver.model())
        return point if point is not None and self.space.contains(point) else {}

    def _add(self, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        import z3

        here = AtPoint(self.tree, point)
        plays = here.plays[self.tree.root]
        play = next((play for play in plays if any(found.play == play for found in self.found)), plays[0])
        atoms = here.reasons(self.tree.root, play)
        paid = {self.tree.payoffs(self.tree.root, other) for other in plays}
        if len(paid) > 1 and not self.several:
            near = AtPoint(self.tree, self._beside(point))
            self.several = len({self.tree.payoffs(self.tree.root, other) for other in near.plays[self.tree.root]}) > 1
        cell = self._enlarged(play, Cell(tuple(sorted(_joined(atoms).items(), key=lambda atom: str(atom[0])))))
        self.found.append(_Found(cell, play, self.tree.payoffs(self.tree.root, play)))
        self.solver.add(z3.Not(self.translator.cell(cell)))
        self.open &= ~self._inside(cell)

    def _enlarged(self, play: Play, cell: Cell) -> Cell:
        """A larger cell on which the play is still an equilibrium outcome (proved), or the cell itself."""
        if self.refuter is None or not isinstance(play, int):
            return cell
        for _ in range(_ROUNDS):
            trial, wrong = cell, self.known != play
            for body, _mask in sorted(cell.atoms, key=lambda atom: (-len(str(atom[0])), str(atom[0]))):
                smaller = trial.without(body)
                if not np.any(self._inside(smaller) & wrong):
                    trial = smaller
            model = self.refuter.counterexample(play, self._assumed(trial))
            self.queries += 1
            if model is None:
                return trial
            point = None if model is False else self.space._witness(model)
            if point is None:
                return cell
            self._learn(point)
        return cell

    def _learn(self, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        """Add a point with its outcome to the samples."""
        here = AtPoint(self.tree, point)
        play = here.plays[self.tree.root][0]
        self.points = np.column_stack([self.points, [float(point[s]) for s in self.symbols]])
        self.known = np.append(self.known, play)
        self.open = np.append(self.open, False)
        for body in self.signs:
            self.signs[body] = np.append(self.signs[body], float(sp.sign(here.at(body))))

    def _beside(self, point: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
        """A point nearby at which nothing ties by coincidence (moved by unrelated tiny fractions)."""
        moved = {}
        for number, (symbol, value) in enumerate(point.items()):
            step = sp.Rational(1, 10**7 + 7919 * (number + 1) ** 3 + 13 * number)
            moved[symbol] = value + (step if self.game.notation[symbol].domain.contains(value + step) else -step)
        return moved

    def tidied(self, play: Play) -> tuple[Cell, ...]:
        """The cells of one outcome with the same union, but fewer and larger.

        A condition is dropped where what remains still lies in the union: refuted first by sample points
        outside it, then proved. Cells inside a larger one go.
        """
        import z3

        cells = [found.cell for found in self.found if found.play == play]
        beyond = self._solver()
        beyond.set("timeout", self.space.timeout_ms)
        for cell in cells:
            beyond.add(z3.Not(self.translator.cell(cell)))
        outside = ~np.any([self._inside(cell) for cell in cells], axis=0)
        kept: list[Cell] = []
        for cell in sorted(cells, key=lambda cell: (len(cell.atoms), str(cell))):
            if any(self._within(cell, other) for other in kept):
                continue
            for body, _ in sorted(cell.atoms, key=lambda atom: (-len(str(atom[0])), str(atom[0]))):
                trial = cell.without(body)
                if not np.any(self._inside(trial) & outside) and beyond.check(*self._assumed(trial)) == z3.unsat:
                    cell = trial
            kept = [other for other in kept if not self._within(other, cell)] + [cell]
        for cell in list(kept):
            others = [other for other in kept if other != cell]
            if others and self.space.uncovered(others, cell).answer is False:
                kept = others
        return tuple(kept)

    def _assumed(self, cell: Cell) -> list[Any]:
        """The conditions of a cell as assumptions of an incremental query."""
        return [self.translator.atom(body, mask) for body, mask in cell.atoms]

    def _within(self, cell: Cell, other: Cell) -> bool:
        return not np.any(self._inside(cell) & ~self._inside(other)) and self.space.implies(cell, other).answer is True

    def _inside(self, cell: Cell) -> np.ndarray[Any, Any]:
        """Which sample points lie in a cell."""
        inside = np.ones(self.points.shape[1], dtype=bool)
        for body, mask in cell.atoms:
            sign = self._sign(body)
            inside &= sign <= 0 if mask == LE else sign >= 0 if mask == GE else sign == 0
        return inside

    def _sign(self, body: sp.Expr) -> np.ndarray[Any, Any]:
        if body not in self.signs:
            values = vectorised([body], self.symbols)(list(self.points))[0]
            self.signs[body] = np.sign(values)
        return self.signs[body]


def _joined(atoms: frozenset[Atom]) -> dict[sp.Expr, int]:
    signs: dict[sp.Expr, int] = {}
    for body, mask in atoms:
        signs[body] = signs.get(body, 7) & mask
    return signs


def _ends(domain: Any) -> tuple[Fraction | None, Fraction | None]:
    low = None if domain.low == -sp.oo else Fraction(int(domain.low.p), int(domain.low.q))
    high = None if domain.high == sp.oo else Fraction(int(domain.high.p), int(domain.high.q))
    return low, high


def _sample(game: Game, count: int) -> np.ndarray[Any, Any]:
    """Quasi-random points of the prior box (or of a unit-wide part of the domain), an array (parameters, count)."""
    from scipy.stats import qmc

    lows, highs = [], []
    for parameter in game.notation:
        low, high = parameter.prior or (parameter.domain.low, parameter.domain.high)
        low = float(low) if low != -sp.oo else (float(high) - 2 if high != sp.oo else -1.0)
        lows.append(low)
        highs.append(float(high) if high != sp.oo else low + 2)
    unit = qmc.Sobol(len(lows), scramble=True, rng=np.random.default_rng(20241222)).random(count)
    return np.asarray((np.asarray(lows) + unit * (np.asarray(highs) - np.asarray(lows))).T)
