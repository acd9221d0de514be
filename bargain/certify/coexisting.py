"""The regions of coexisting outcomes: each cell makes its outcome subgame perfect, and nowhere else is it one.

For an end z below history h, O(h, z) says that some subgame-perfect equilibrium of the game after h leads to z: the mover
i takes the move towards z, O holds after it, and after every other move b some end w with O(h + b, w) has u_i(w) <= u_i(z).
These formulas, written from the definition and built from the game alone, are evaluated on the space by z3, which refutes
"cell of z and not O(z)" for every cell, "O(z) and no cell of z" for every end z, listed or not, and "no cell at all".
"""

from functools import cache
from typing import Any

import sympy as sp
import z3

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Decision, History, Node, Terminal, show
from bargain.regions.space import Space
from bargain.regions.translate import Translator
from bargain.solution import Certificate, Solution

_TIMEOUT = 30_000


def coexistence(solution: Solution) -> Certificate:
    """The certificate of regions of outcomes; if the list is said to be complete, also that nothing is missing."""
    check = _Check(solution.problem)
    listed: dict[History, list[Any]] = {}
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            path, end = equilibrium.path, check.ends.get(equilibrium.path)
            if end is None or dict(end.payoffs) != dict(equilibrium.payoffs):
                check.refuted.append(f"{equilibrium.outcome} does not pay what is claimed")
                continue
            for cell in regime.condition:
                formula = check.translator.cell(cell)
                listed.setdefault(path, []).append(formula)
                check.impossible(f"{equilibrium.outcome} is not subgame perfect on all of {cell}", formula, z3.Not(check.outcome(path)))
    checks = [f"cells: {sum(map(len, listed.values()))} checked"]
    if solution.status.complete:
        for path in check.ends:
            outside = [z3.Not(cell) for cell in listed.get(path, ())]
            check.impossible(f"{'/'.join(path)} is subgame perfect beyond its region", check.outcome(path), *outside)
        check.impossible("the regions do not cover the parameter space", *(z3.Not(cell) for cells in listed.values() for cell in cells))
        checks += [f"regions: {len(check.ends)} outcomes nowhere else", *([] if check.refuted or check.undecided else ["cover of the parameter space: proved"])]
    return Certificate(None if check.undecided else sp.Integer(0), tuple(checks), tuple(check.refuted), tuple(check.undecided))


class _Check:
    """The formulas of one game, and what was refuted or left undecided."""

    def __init__(self, game: Game) -> None:
        self.game, self.translator = game, Translator()
        self.domain = self.translator.cell(Space(game.notation).domain)
        self.refuted: list[str] = []
        self.undecided: list[str] = []
        self._nodes = dict(game.nodes())
        self.ends = {history: node for history, node in self._nodes.items() if isinstance(node, Terminal)}
        self._reached: dict[tuple[History, History], Any] = {}
        self._floor: dict[tuple[History, str, sp.Expr], Any] = {}
        self.less = cache(self._less)

    def impossible(self, claim: str, *formulas: Any) -> None:
        """Record the claim as refuted or undecided unless the formulas cannot hold together."""
        solver = z3.Solver()
        solver.set("timeout", _TIMEOUT)
        solver.add(self.domain, *formulas, *self.translator.facts)
        outcome = solver.check()
        if outcome != z3.unsat:
            (self.refuted if outcome == z3.sat else self.undecided).append(claim)

    def outcome(self, path: History) -> Any:
        """O((), path)."""
        return self._outcome((), path)

    def _outcome(self, history: History, end: History) -> Any:
        node = self._nodes[history]
        if isinstance(node, Terminal):
            return z3.BoolVal(True)
        key = (history, end)
        if key not in self._reached:
            mover, names = self._decision(history, node)
            target, towards = self.ends[end].payoffs[mover], end[len(history)]
            parts = [self._at_most((*history, name), mover, target) for name in names if name != towards]
            self._reached[key] = _folded(z3.And, [self._outcome((*history, towards), end), *parts])
        return self._reached[key]

    def _at_most(self, history: History, player: str, target: sp.Expr) -> Any:
        """Some end below the history is an equilibrium outcome there and pays the player at most the target."""
        key = (history, player, target)
        if key not in self._floor:
            options = []
            for end, node in self.ends.items():
                if end[:len(history)] == history:
                    cheap = self.less(node.payoffs[player], target)
                    options.append(cheap if z3.is_false(cheap) else _folded(z3.And, [cheap, self._outcome(history, end)]))
            self._floor[key] = _folded(z3.Or, options)
        return self._floor[key]

    def _less(self, left: sp.Expr, right: sp.Expr) -> Any:
        gap = sp.expand(left - right)
        return z3.BoolVal(bool(gap <= 0)) if gap.is_Rational else self.translator.term(gap) <= 0

    def _decision(self, history: History, node: Node) -> tuple[str, list[str]]:
        if not isinstance(node, Decision):
            raise NotApplicable(f"a {type(node).__name__} node", place=show(history), remedy="certified by outcome are trees of decisions")
        return node.player, [name for name, _ in node.moves]


def _folded(join: Any, parts: list[Any]) -> Any:
    """A conjunction or disjunction without constants and repetitions."""
    neutral, absorbing = (z3.is_true, z3.is_false) if join is z3.And else (z3.is_false, z3.is_true)
    kept = {part.get_id(): part for part in parts if not neutral(part)}.values()
    if any(absorbing(part) for part in kept):
        return z3.BoolVal(join is z3.Or)
    return join(*kept) if kept else z3.BoolVal(join is z3.And)
