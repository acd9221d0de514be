"""Outcomes of a perfect-information tree, certified on whole cells by one formula each.

O(h, z) says that the end z is subgame perfect after h: at every node on the way from h to z, each
other branch b has an equilibrium worth no more to the mover than z, L(b, i, u_i(z)). For an end
w, L is u_i(w) <= t; where i moves, all branches must satisfy it; where another player moves,
some end w below does, with O(b, w). The formula is built from the game alone, with constant
comparisons folded, and "cell and not O" is refuted by z3 for every cell of every regime.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp
import z3

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.regions.space import Space
from bargain.regions.translate import Translator
from bargain.solution import Certificate, Solution

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


def certificate(solution: Solution) -> Certificate:
    """Every cell makes its outcome subgame perfect; and, if the list is said to be complete, the cells cover the space."""
    game: Game = solution.problem
    if game.count["chance"]:
        return Certificate(None, undecided=("outcomes of a tree with chance moves: this certificate covers trees of decisions only",))
    space = Space(game.notation)
    translator = Translator()
    domain = translator.cell(space.domain)
    formulas = _Formulas(game, translator)
    refuted: list[str] = []
    undecided: list[str] = []
    checked = 0
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            if dict(zip(game.players, _ending(game, equilibrium.path), strict=True)) != dict(equilibrium.payoffs):
                refuted.append(f"{equilibrium.outcome} does not pay what is claimed")
            holds = formulas.outcome(game.root, (), equilibrium.path)
            for cell in regime.condition:
                answer = _refutable(domain, translator, z3.And(translator.cell(cell), z3.Not(holds)), space.timeout_ms)
                checked += 1
                if answer is not False:
                    (undecided if answer is None else refuted).append(f"{equilibrium.outcome} is subgame perfect on {cell}")
    checks = [f"cells: {checked} checked"]
    if solution.status.complete:
        outside = z3.And(*(z3.Not(translator.cell(cell)) for regime in solution.regimes for cell in regime.condition))
        answer = _refutable(domain, translator, outside, 60_000)
        if answer is False:
            checks.append("cover of the parameter space: proved")
        else:
            (undecided if answer is None else refuted).append("the regimes cover the parameter space")
    return Certificate(sp.Integer(0) if not undecided else None, tuple(checks), tuple(refuted), tuple(undecided))


def _refutable(domain: Any, translator: Translator, formula: Any, timeout: int) -> bool | None:
    solver = z3.Solver()
    solver.set("timeout", timeout)
    solver.add(domain, formula, *translator.facts)
    outcome = solver.check()
    return True if outcome == z3.sat else False if outcome == z3.unsat else None


def _ending(game: Game, path: tuple[str, ...]) -> tuple[sp.Expr, ...]:
    node = game.node(*path)
    if not isinstance(node, Terminal):
        raise NotApplicable("the outcome is not an end node", place=show(path), remedy="chance moves on the path are not certified by outcome")
    return tuple(node.payoffs[player] for player in game.players)


class _Formulas:
    def __init__(self, game: Game, translator: Translator) -> None:
        self.game, self.translator = game, translator
        self._outcome: dict[tuple[History, History], Any] = {}
        self._bound: dict[tuple[History, str, sp.Expr], Any] = {}
        self._less: dict[tuple[sp.Expr, sp.Expr], Any] = {}

    def outcome(self, node: Node, history: History, path: tuple[str, ...]) -> Any:
        """O(history, history + path)."""
        if isinstance(node, Terminal):
            return TRUE
        if not isinstance(node, Decision):
            raise NotApplicable(f"a {type(node).__name__} node", place=show(history), remedy="certified by outcome are trees of decisions")
        key = (history, path)
        if key not in self._outcome:
            moves = dict(node.moves)
            target = self._end(node, path).payoffs[node.player]
            parts = [self.bound(child, (*history, name), node.player, target) for name, child in node.moves if name != path[0]]
            parts.append(self.outcome(moves[path[0]], (*history, path[0]), path[1:]))
            self._outcome[key] = _all(parts)
        return self._outcome[key]

    def bound(self, node: Node, history: History, player: str, target: sp.Expr) -> Any:
        """L(history, player, target): an equilibrium after the history pays the player at most the target."""
        if isinstance(node, Terminal):
            return self.less(node.payoffs[player], target)
        key = (history, player, target)
        if key not in self._bound:
            if not isinstance(node, Decision):
                raise NotApplicable(f"a {type(node).__name__} node", place=show(history), remedy="certified by outcome are trees of decisions")
            if node.player == player:
                self._bound[key] = _all(self.bound(child, (*history, name), player, target) for name, child in node.moves)
            else:
                options = []
                for path, end in _ends(node):
                    low = self.less(end.payoffs[player], target)
                    if not z3.is_false(low):
                        options.append(_all([low, self.outcome(node, history, path)]))
                self._bound[key] = _any(options)
        return self._bound[key]

    def less(self, left: sp.Expr, right: sp.Expr) -> Any:
        """left <= right, folded where it is a constant."""
        key = (left, right)
        if key not in self._less:
            gap = sp.expand(left - right)
            self._less[key] = (TRUE if gap <= 0 else FALSE) if gap.is_Rational else self.translator.term(gap) <= 0
        return self._less[key]

    def _end(self, node: Node, path: tuple[str, ...]) -> Terminal:
        for name in path:
            assert isinstance(node, Decision | Chance)
            node = dict(node.moves)[name]
        assert isinstance(node, Terminal)
        return node


def _ends(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Terminal]]:
    if isinstance(node, Terminal):
        yield path, node
        return
    for name, child in node.moves:
        yield from _ends(child, (*path, name))


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
