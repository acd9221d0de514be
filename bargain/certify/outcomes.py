"""Outcomes of a perfect-information tree, certified on whole cells by one formula each.

O(h, z) says that the play z is subgame perfect after h: at every decision on the way to z, each
other branch b has an equilibrium worth no more to the mover than z, L(b, i, u_i(z)); at a chance move,
every branch's part of z is subgame perfect. L(b, i, t): at an end, u_i <= t; where i moves, all
branches satisfy it; elsewhere some play w of b does, with u_i(w) <= t and O(b, w). The formula is built from the
game alone, and "cell and not O" is refuted by z3 for every cell of every regime.
"""

from typing import Any

import sympy as sp
import z3

from bargain.certify.plays import Play, Plays
from bargain.certify.ranges import Ranges
from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.games.nodes import Chance, Decision, History, Node, Terminal
from bargain.regions.cells import Cell
from bargain.regions.space import Space
from bargain.regions.translate import Translator
from bargain.solution import Certificate, Solution

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)
_TRIES, _LONG = (1_000, 2_000, 4_000, 8_000, 16_000), 120_000  # milliseconds for each try of a question about one play, and for the cover


def certificate(solution: Solution) -> Certificate:
    """Every cell is non-empty and makes its outcome subgame perfect; and, if the list is said to be complete, the cells cover the space."""
    try:
        judge = Judge(solution.problem)
    except TooLarge as error:
        return Certificate(None, undecided=(str(error),))
    refuted: list[str] = []
    undecided: list[str] = []
    checked = 0
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            play = judge.plays.named(equilibrium.path)
            if play is None or not judge.plays.pays(play, equilibrium.payoffs):
                refuted.append(f"{equilibrium.outcome} does not pay what is claimed")
                continue
            for cell in regime.condition:
                checked += 1
                answer = judge.fails(play, cell)
                if answer is not False:
                    (undecided if answer is None else refuted).append(f"{equilibrium.outcome} is subgame perfect on {cell}")
                if judge.empty(cell):
                    refuted.append(f"the cell {cell} of {equilibrium.outcome} is empty")
    checks = [f"cells: {checked} checked"]
    if solution.status.complete:
        answer = judge.leaves_out([cell for regime in solution.regimes for cell in regime.condition])
        if answer is False:
            checks.append("cover of the parameter space: proved")
        else:
            (undecided if answer is None else refuted).append("the regimes cover the parameter space")
        count = _completeness(solution, judge, refuted, undecided)
        checks.append(f"outcomes: {count} plays, none an equilibrium off all ties where it is not listed")
    return Certificate(sp.Integer(0) if not undecided else None, tuple(checks), tuple(refuted), tuple(undecided))


def _completeness(solution: Solution, judge: "Judge", refuted: list[str], undecided: list[str]) -> int:
    """Every play is an equilibrium outcome only where it, or one that pays every player the same, is listed (off all ties)."""
    listed: dict[tuple[int, ...], list[Cell]] = {}
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            play = judge.plays.named(equilibrium.path)
            if play is not None:
                listed.setdefault(judge.plays.payoffs(play), []).extend(regime.condition)
    plays = judge.plays.below(())
    for play in plays:
        answer = judge.missed(play, listed.get(judge.plays.payoffs(play), []))
        if answer is not False:
            what = f"{'/'.join(judge.plays.path((), play))} is an equilibrium outcome only where it is listed"
            (undecided if answer is None else refuted).append(what)
    return len(plays)


class Judge:
    """Answers whether a play is subgame perfect on a cell, by the formula of one game."""

    def __init__(self, game: Game) -> None:
        self.space = Space(game.notation)
        self.translator = Translator()
        self.plays = Plays(game)
        self.formulas = _Formulas(self.plays, self.translator)
        self.strictly = _Formulas(self.plays, self.translator, strict=True)
        self._begin()

    def _begin(self) -> None:
        """A fresh incremental solver, which has been told nothing yet."""
        self._solver, self._told = self._fresh(), 0
        self._names: dict[int, tuple[Any, Any]] = {}

    def _fresh(self, seed: int = 0) -> Any:
        solver = z3.SimpleSolver()
        solver.set("random_seed", seed)
        solver.set("arith.nl.grobner", False)  # its rounds cannot be interrupted
        solver.add(self.translator.cell(self.space.domain))
        return solver

    def _possible(self, formulas: list[Any], atoms: list[Any]) -> bool | None:
        """Whether formulas and atoms can hold together in the space: asked incrementally, then of fresh solvers with other seeds, each for twice as long."""
        names = [self._named(formula) for formula in formulas]
        self._solver.add(*self.translator.facts[self._told :])
        self._told = len(self.translator.facts)
        self._solver.set("timeout", _TRIES[0])
        answer = self._solver.check(*names, *atoms)
        if answer == z3.unknown:
            self._begin()
        for seed, patience in enumerate(_TRIES):
            if answer == z3.unknown:
                again = self._fresh(seed)
                again.set("timeout", patience)
                again.add(*self.translator.facts, *formulas, *atoms)
                answer = again.check()
        return True if answer == z3.sat else False if answer == z3.unsat else None

    def fails(self, play: Play, cell: Cell) -> bool | None:
        """Whether the cell has a point at which the play is not subgame perfect; None if not decided."""
        return self._possible([z3.Not(self.formulas.outcome(self.plays.game.root, (), play))], self._atoms(cell))

    def reaches(self, play: Play, within: Cell) -> bool | None:
        """Whether the cell has a point at which the play is subgame perfect; None if not decided."""
        return self._possible([self.formulas.outcome(self.plays.game.root, (), play)], self._atoms(within))

    def missed(self, play: Play, cells: list[Cell]) -> bool | None:
        """Whether the play is subgame perfect, by strict comparisons, at a point outside the cells; None if not decided."""
        holds = self.strictly.outcome(self.plays.game.root, (), play)
        return False if z3.is_false(holds) else self._possible([holds, *(z3.Not(self.translator.cell(cell)) for cell in cells)], [])

    def _named(self, formula: Any) -> Any:
        """A name that implies the formula, for use as an assumption."""
        key = formula.get_id()
        if key not in self._names:
            self._names[key] = (z3.Bool(f"formula {len(self._names)}"), formula)
            self._solver.add(z3.Implies(self._names[key][0], formula))
        return self._names[key][0]

    def empty(self, cell: Cell) -> bool:
        """Whether the cell is proved to have no point."""
        return self._possible([], self._atoms(cell)) is False

    def leaves_out(self, cells: list[Cell]) -> bool | None:
        """Whether some point of the space lies outside all cells; None if not decided."""
        solver = self._fresh()
        solver.set("timeout", _LONG)
        for cell in cells:
            solver.add(z3.Not(self.translator.cell(cell)))
        solver.add(*self.translator.facts)
        answer = solver.check()
        return True if answer == z3.sat else False if answer == z3.unsat else None

    def _atoms(self, cell: Cell) -> list[Any]:
        return [FALSE] if cell.trivially_empty else [self.translator.atom(body, mask) for body, mask in cell.atoms]


class _Formulas:
    def __init__(self, plays: Plays, translator: Translator, *, strict: bool = False) -> None:
        self.plays, self.translator, self.strict = plays, translator, strict
        self.ranges = Ranges(plays.game.notation)
        self._outcome: dict[tuple[History, Play], Any] = {}
        self._bound: dict[tuple[History, str, int], Any] = {}
        self._less: dict[Any, Any] = {}

    def outcome(self, node: Node, history: History, play: Play) -> Any:
        """O(history, play)."""
        if isinstance(node, Terminal):
            return TRUE
        key = (history, play)
        if key not in self._outcome:
            if isinstance(node, Chance):
                parts = [self.outcome(child, (*history, name), play[place]) for place, (name, child) in enumerate(node.moves)]
            else:
                assert isinstance(node, Decision)
                move, rest = play
                target = self.plays.worth(history, play, node.player)
                parts = [self.bound(child, (*history, name), node.player, target) for name, child in node.moves if name != move]
                parts.append(self.outcome(dict(node.moves)[move], (*history, move), rest))
            self._outcome[key] = _all(parts)
        return self._outcome[key]

    def bound(self, node: Node, history: History, player: str, target: int) -> Any:
        """L(history, player, target): an equilibrium after the history pays the player at most the target."""
        key = (history, player, target)
        if key not in self._bound:
            if isinstance(node, Terminal):
                self._bound[key] = self.less(self.plays.worth(history, (), player), target)
            elif isinstance(node, Decision) and node.player == player:
                self._bound[key] = _all(self.bound(child, (*history, name), player, target) for name, child in node.moves)
            else:
                options = []
                for play in self.plays.below(history):
                    low = self.less(self.plays.worth(history, play, player), target)
                    if not z3.is_false(low):
                        options.append(_all([low, self.outcome(node, history, play)]))
                self._bound[key] = _any(options)
        return self._bound[key]

    def less(self, left: int, right: int) -> Any:
        """left <= right (left < right where the two can differ, if strict), a constant where the domains settle it; equal up to a positive factor is equal."""
        gap = self.plays.difference(left, right)
        if not gap:
            return TRUE
        scale = abs(gap[0][1])
        key = tuple((term, coefficient / scale) for term, coefficient in gap)
        if key not in self._less:
            low, high = self.ranges.total(key)
            if high is not None and (high < 0 or (high == 0 and not self.strict)):
                self._less[key] = TRUE
            elif low is not None and (low > 0 or (low == 0 and self.strict)):
                self._less[key] = FALSE
            else:
                total = z3.Sum([self.translator.term(coefficient) * self.translator.term(term) for term, coefficient in key])
                self._less[key] = total < 0 if self.strict else total <= 0
        return self._less[key]


def _all(parts: Any) -> Any:
    kept = {part.get_id(): part for part in parts if not z3.is_true(part)}.values()
    if any(z3.is_false(part) for part in kept):
        return FALSE
    return z3.And(*kept) if len(kept) > 1 else next(iter(kept), TRUE)


def _any(parts: Any) -> Any:
    kept = {part.get_id(): part for part in parts if not z3.is_false(part)}.values()
    if any(z3.is_true(part) for part in kept):
        return TRUE
    return z3.Or(*kept) if len(kept) > 1 else next(iter(kept), FALSE)
