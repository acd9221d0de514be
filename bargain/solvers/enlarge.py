"""Larger cells: drop conditions as long as the outcome stays an equilibrium, numbers first, then one proof.

The region of an outcome z is one formula over comparisons of payoffs: at every node on the way
to z, each other branch has an equilibrium worth no more than z to the mover. Conditions of a
cell are dropped greedily against points whose outcome is known; the result is kept if "cell and
not formula" is refuted, and otherwise its counterexample joins the points.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
import z3

from bargain.regions.translate import Translator
from bargain.solvers.outcomes import OutcomeTree, Play


class OutcomeRegions:
    """Formulas for "z is subgame perfect", built on demand over the comparisons of one tree."""

    def __init__(self, tree: OutcomeTree, translator: Translator) -> None:
        self.tree, self.translator = tree, translator
        self._region: dict[tuple[int, int], Any] = {}
        self._cheap: dict[tuple[int, int, sp.Expr], Any] = {}
        self._ends: dict[int, list[int]] = {}
        self._names: dict[Any, Any] = {}

    def region(self, number: int, end: int) -> Any:
        """The formula for: the end is an equilibrium outcome of the subtree at a node."""
        key = (number, end)
        if key not in self._region:
            vertex = self.tree.vertices[number]
            parts = []
            if vertex.children:
                chosen = next(child for child in vertex.children if self.tree.holds(child, end))
                target = (self.tree.ends[end][vertex.mover], end)
                parts = [self.cheap(child, vertex.mover, target) for child in vertex.children if child != chosen]
                parts.append(self.region(chosen, end))
            self._region[key] = _and(parts)
        return self._region[key]

    def cheap(self, number: int, player: int, target: tuple[sp.Expr, Play]) -> Any:
        """The formula for: the subtree has an equilibrium worth at most the target to the player."""
        key = (number, player, target[0])
        if key not in self._cheap:
            vertex = self.tree.vertices[number]
            if not vertex.children:
                self._cheap[key] = self._below(number, player, target)
            elif vertex.mover == player:
                self._cheap[key] = _and(self.cheap(child, player, target) for child in vertex.children)
            else:
                options = []
                for end in self.ends(number):
                    below = self._below(end, player, target)
                    if below is not False:
                        options.append(_and([below, self.region(number, end)]))
                self._cheap[key] = _or(options)
        return self._cheap[key]

    def ends(self, number: int) -> list[int]:
        """The end nodes of a subtree."""
        if number not in self._ends:
            vertex = self.tree.vertices[number]
            self._ends[number] = [end for child in vertex.children for end in self.ends(child)] if vertex.children else [number]
        return self._ends[number]

    def _below(self, end: int, player: int, target: tuple[sp.Expr, Play]) -> Any:
        atom = self.tree.atom(player, (self.tree.ends[end][player], end), target)
        if isinstance(atom, bool):
            return atom
        if atom not in self._names:
            self._names[atom] = self.translator.atom(*atom)
        return self._names[atom]


def _and(parts: Iterable[Any]) -> Any:
    kept: dict[int, Any] = {}
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept[part.get_id()] = part
    return True if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.And(*kept.values())


def _or(parts: Iterable[Any]) -> Any:
    kept: dict[int, Any] = {}
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept[part.get_id()] = part
    return False if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.Or(*kept.values())


class Refuter:
    """Asks for a point of a cell at which an end is not an equilibrium outcome; one incremental solver per end."""

    def __init__(self, regions: OutcomeRegions, base: Any) -> None:
        self.regions, self.base = regions, base
        self._solvers: dict[int, Any] = {}

    def counterexample(self, end: int, assumed: list[Any]) -> Mapping[str, Any] | None | bool:
        """None if there is none (proved), a z3 model if there is one, False if not decided."""
        if end not in self._solvers:
            formula = self.regions.region(self.regions.tree.root, end)
            solver = self.base()
            solver.add(z3.BoolVal(False) if formula is True else z3.BoolVal(True) if formula is False else z3.Not(formula))
            self._solvers[end] = solver
        answer = self._solvers[end].check(*assumed)
        if answer == z3.unsat:
            return None
        return self._solvers[end].model() if answer == z3.sat else False
