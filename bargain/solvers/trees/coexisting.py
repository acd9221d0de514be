"""Every subgame-perfect outcome of a tree, each with the exact region in which it is one.

"z is subgame perfect" is one formula over comparisons of payoffs: at every node on the way to z each other move has an
equilibrium worth no more than z to the mover. A subtree has one worth at most t to player i iff: at an end, u_i <= t; where i
moves, every branch has one; elsewhere, some end w with u_i(w) <= t is subgame perfect in it. The region is found cell by cell:
at a point that satisfies the formula the conditions that make it true are collected, those without which z is still an
equilibrium outcome are dropped (proved), and the search goes on outside the cell until the formula has no point left.
So the union of the cells is the region, ties included; regions of different outcomes may share points, and an outcome whose
formula has no point is proved impossible. By Kuhn (1953) the regions cover the space, which the certificate proves.
Source: Selten (1975), International Journal of Game Theory 4:25-55; ties after Osborne and Rubinstein (1994), ch. 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
import z3

from bargain.errors import NotApplicable, TooLarge
from bargain.expressions import Evaluator
from bargain.games.game import Game
from bargain.games.information import imperfect
from bargain.games.nodes import Decision, History, Terminal, show
from bargain.regions import LE, Cell, Region, Space, canonical
from bargain.regions.cells import flip
from bargain.regions.explore import number_sign
from bargain.regions.translate import Translator
from bargain.solution import Equilibrium, Regime, Solution, Status

__all__ = ["SubgamePerfectOutcomes"]

_TIMEOUT = 20_000  # milliseconds for one question
_ENDS = 600

Atoms = frozenset[tuple[sp.Expr, int]]


@dataclass(frozen=True)
class SubgamePerfectOutcomes:
    """Every outcome of a subgame-perfect equilibrium in pure strategies, with the region in which it is one.

    Regions overlap where several outcomes coexist (`Solution.overlapping`); outcomes that are in none are impossible.
    Trees of decisions with perfect information. Strategies are given on the path. limit: cells per outcome.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> solution = bg.solve(deterrence.game, SubgamePerfectOutcomes())
    >>> [(regime.equilibria[0].outcome, len(regime.condition.cells)) for regime in solution.regimes]
    [('hold', 2), ('challenge/concede', 1), ('challenge/resist/press', 1)]
    """

    limit: int = 200

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a tree of decisions with perfect information."""
        if not isinstance(problem, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place="SubgamePerfectOutcomes", remedy="use Nash() for a matrix")
        for history, node in problem.nodes():
            if not isinstance(node, Decision | Terminal):
                raise NotApplicable(f"a {type(node).__name__} node", place=f"node {show(history)}", remedy="use SubgamePerfect()")
        if imperfect(problem):
            raise NotApplicable("some information set holds several nodes", place=f"game {problem.title!r}", remedy="use SubgamePerfect()")
        if problem.count["ends"] > _ENDS:
            raise TooLarge(f"{problem.count['ends']} outcomes", place=f"game {problem.title!r}", remedy=f"solve a subgame; at most {_ENDS} outcomes are listed")

    def run(self, problem: Game) -> Solution:
        """The region of every outcome, one after another."""
        search = _Regions(problem, self.limit)
        regimes, complete = [], True
        for end in search.ends:
            cells, finished = search.cells(end)
            complete &= finished
            if cells:
                regimes.append(Regime(Region(tuple(cells)), (_equilibrium(problem, end),)))
        found = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        stats = {"outcomes": len(regimes), "possible": len(search.ends), "queries": search.queries, "method": "coexistence"}
        return Solution(problem, self, found if complete else Status.INCOMPLETE, tuple(regimes), stats=stats, overlapping=True)


@dataclass(frozen=True, eq=False)
class _Formula:
    """A conjunction ("and") or disjunction ("or") of parts, or one sign condition ("atom"); parts are shared."""

    kind: str
    parts: tuple["_Formula", ...] = ()
    atom: tuple[sp.Expr, int] | None = None


_TRUE, _FALSE = _Formula("and"), _Formula("or")


class _Regions:
    """The region of each end node of one game."""

    def __init__(self, game: Game, limit: int) -> None:
        self.game, self.limit = game, limit
        self.space, self.translator = Space(game.notation), Translator()
        self.nodes = dict(game.nodes())
        self.ends = {history: node for history, node in self.nodes.items() if isinstance(node, Terminal)}
        self.queries = 0  # questions put to the decider
        self._outcome: dict[tuple[History, History], _Formula] = {}
        self._cheap: dict[tuple[History, str, sp.Expr], _Formula] = {}
        self._atoms: dict[tuple[sp.Expr, int], _Formula] = {}
        self._terms: dict[_Formula, Any] = {}

    def outcome(self, history: History, end: History) -> _Formula:
        """The formula for: the end is an equilibrium outcome after the history."""
        key = (history, end)
        node = self.nodes[history]
        if not isinstance(node, Decision):
            return _TRUE
        if key not in self._outcome:
            target, towards = self.ends[end].payoffs[node.player], end[len(history)]
            parts = [self.cheap((*history, name), node.player, target) for name, _ in node.moves if name != towards]
            self._outcome[key] = _joined("and", [*parts, self.outcome((*history, towards), end)])
        return self._outcome[key]

    def cheap(self, history: History, player: str, target: sp.Expr) -> _Formula:
        """The formula for: some equilibrium after the history pays the player at most the target."""
        key = (history, player, target)
        if key not in self._cheap:
            node = self.nodes[history]
            if isinstance(node, Terminal):
                self._cheap[key] = self.below(node.payoffs[player], target)
            elif isinstance(node, Decision) and node.player == player:
                self._cheap[key] = _joined("and", [self.cheap((*history, name), player, target) for name, _ in node.moves])
            else:
                below = {end: self.below(node.payoffs[player], target) for end, node in self.ends.items() if end[:len(history)] == history}
                self._cheap[key] = _joined("or", [_joined("and", [low, self.outcome(history, end)]) for end, low in below.items() if low is not _FALSE])
        return self._cheap[key]

    def below(self, left: sp.Expr, right: sp.Expr) -> _Formula:
        """The formula for left <= right."""
        body, turn = canonical(left - right)
        if body.is_Number:
            return _TRUE if turn <= 0 else _FALSE
        atom = (body, LE if turn > 0 else flip(LE))
        return self._atoms.setdefault(atom, _Formula("atom", atom=atom))

    def cells(self, end: History) -> tuple[list[Cell], bool]:
        """Cells whose union is the region of an end, and whether nothing was left out."""
        formula = self.outcome((), end)
        inside, outside = self._solver(self._term(formula)), self._solver(z3.Not(self._term(formula)))
        found: list[Cell] = []
        while len(found) < self.limit:
            self.queries += 1
            answer = inside.check()
            if answer == z3.unsat:
                return self._needed(found), True
            point = self.space._witness(inside.model()) if answer == z3.sat else None
            reasons = None if point is None or not self._new(point, found) else _reasons(formula, Evaluator(point), {})
            if reasons is None:
                return found, False
            found.append(self._enlarged(outside, reasons))
            inside.add(z3.Not(self.translator.cell(found[-1])))
        return found, False

    def _needed(self, cells: list[Cell]) -> list[Cell]:
        """The cells without those that lie in the union of the others."""
        for cell in list(cells):
            others = [other for other in cells if other != cell]
            if others and self.space.uncovered(others, cell).answer is False:
                cells = others
        return cells

    def _solver(self, formula: Any) -> Any:
        solver = z3.Solver()
        solver.set("timeout", _TIMEOUT)
        solver.add(self.translator.cell(self.space.domain), formula, *self.translator.facts)
        return solver

    def _term(self, formula: _Formula) -> Any:
        if formula not in self._terms:
            if formula.atom is not None:
                self._terms[formula] = self.translator.atom(*formula.atom)
            else:
                join = z3.And if formula.kind == "and" else z3.Or
                self._terms[formula] = join(*map(self._term, formula.parts)) if formula.parts else z3.BoolVal(formula.kind == "and")
        return self._terms[formula]

    def _new(self, point: Mapping[sp.Symbol, sp.Expr], found: list[Cell]) -> bool:
        """Whether a point is admissible and outside the cells found."""
        return self.space.contains(point) and not any(self.space.contains(point, cell) for cell in found)

    def _enlarged(self, outside: Any, reasons: Atoms) -> Cell:
        """The reasons without those that can go, the longest first: what remains has no point outside the region (proved)."""
        cell = Cell(tuple(sorted(_merged(reasons).items(), key=lambda atom: str(atom[0]))))
        for body, _ in sorted(cell.atoms, key=lambda atom: (-len(str(atom[0])), str(atom[0]))):
            self.queries += 1
            trial = cell.without(body)
            if outside.check(*(self.translator.atom(*atom) for atom in trial.atoms)) == z3.unsat:
                cell = trial
        return cell


def _joined(kind: str, parts: list[_Formula]) -> _Formula:
    """And, or: constants folded, repetitions dropped."""
    neutral, absorbing = (_TRUE, _FALSE) if kind == "and" else (_FALSE, _TRUE)
    kept = tuple(dict.fromkeys(part for part in parts if part is not neutral))
    if absorbing in kept:
        return absorbing
    return neutral if not kept else kept[0] if len(kept) == 1 else _Formula(kind, kept)


def _reasons(formula: _Formula, at: Evaluator, known: dict[_Formula, Atoms | None]) -> Atoms | None:
    """A small set of conditions that hold at a point and imply the formula; None if it is false there."""
    if formula not in known:
        if formula.atom is not None:
            body, mask = formula.atom
            known[formula] = frozenset((formula.atom,)) if 1 << number_sign(at(body)) + 1 & mask else None
        else:
            parts = [_reasons(part, at, known) for part in formula.parts]
            true = [part for part in parts if part is not None]
            if formula.kind == "and":
                known[formula] = frozenset().union(*true) if len(true) == len(parts) else None
            else:
                known[formula] = min(true, key=len, default=None)
    return known[formula]


def _merged(atoms: Atoms) -> dict[sp.Expr, int]:
    signs: dict[sp.Expr, int] = {}
    for body, mask in atoms:
        signs[body] = signs.get(body, mask) & mask
    return signs


def _equilibrium(game: Game, path: History) -> Equilibrium:
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in game.players}
    for depth, name in enumerate(path):
        node = game.node(*path[:depth])
        assert isinstance(node, Decision)
        strategies[node.player][show(path[:depth])] = {name: sp.Integer(1)}
    end = game.node(*path)
    assert isinstance(end, Terminal)
    return Equilibrium("subgame-perfect outcome", strategies, {player: end.payoffs[player] for player in game.players}, path, "/".join(path))
