"""A solution as a certificate that ``bargain verify`` can check again: plain JSON, exact numbers as text.

The file holds the game (numbers put in, parameters by name), the domain, and for every regime its cells as sign conditions, a point in
each cell, and the equilibria. Components are written as their extreme equilibria; simultaneous moves of a game with
hidden moves as successive ones. Cells that are empty, or the same as others, are not written twice.
"""

import json
import keyword
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.expressions import parse
from bargain.games.coalitional import CoalitionalGame
from bargain.games.game import Game
from bargain.games.information import imperfect, information_sets, place, successive
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Chance, Decision, History, Node, Simultaneous, Terminal, show
from bargain.games.stochastic import StochasticGame
from bargain.notation import Notation
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell
from bargain.regions.space import Space
from bargain.solution import Equilibrium, Solution
from bargain.verify import CONCEPTS, FORMAT

_SIGNS = {LT: "<", LE: "<=", EQ: "=", GT: ">", GE: ">=", NE: "!="}
_TAKEN = {"exp", "log", "sqrt", "Min", "Max", "abs"}
_REMEDY = "leave --certificate out; the answer itself is certified in this run"


def certificate_json(solution: Solution) -> str:
    """The certificate of a solution as JSON text; `NotApplicable`, naming the concept, where there is no portable certificate yet.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> json.loads(certificate_json(bg.solve(game, bg.Nash())))["regimes"][0]["equilibria"][0]["strategies"]["row"]
    {'': {'r1': '0', 'r2': '1'}}
    """
    problem, concept = solution.problem, solution.solver.concept
    _refuse_unless_portable(solution)
    writer = _Writer(problem.notation)
    hidden = concept == "sequential equilibrium"
    written = {
        "format": FORMAT,
        "concept": concept,
        "parameters": list(writer.names.values()),
        "players": list(problem.players),
        "overlapping": solution.overlapping,
        "domain": writer.domain(problem.notation),
        "problem": writer.problem(successive(problem) if hidden else problem),
        "regimes": [
            {"cells": [{"atoms": writer.cell(cell), "witness": point} for cell, point in writer.inhabited(problem.notation, regime.condition)],
             "equilibria": [writer.equilibrium(e, problem, hidden) for e in regime.extreme()]}
            for regime in solution.regimes
        ],
        "boundary": [writer.cell(cell) for cell in solution.boundary if cell.has_equality],
    }
    written["regimes"] = [regime for regime in written["regimes"] if regime["cells"]]
    return json.dumps(written, indent=1, ensure_ascii=False) + "\n"


def _refuse_unless_portable(solution: Solution) -> None:
    problem, concept = solution.problem, solution.solver.concept
    kinds = {"node": (MatrixGame, Game), "Markov perfect equilibrium": (StochasticGame,)}
    wanted = kinds.get(concept, kinds["node"] if concept in CONCEPTS and CONCEPTS[concept][0] == "node" else (CoalitionalGame,))
    if concept not in CONCEPTS or not isinstance(problem, wanted):
        raise NotApplicable(f"no portable certificate yet for the {concept} of a {type(problem).__name__}", place="certificate", remedy=_REMEDY)
    if solution.stats.get("method") in ("discovery", "coexistence"):
        raise NotApplicable(f"no portable certificate yet for a {concept} by outcomes", place="certificate", remedy="add --at to get strategies, or " + _REMEDY)
    if isinstance(problem, Game):
        for history, node in problem.nodes():
            if not isinstance(node, Terminal | Decision | Chance | Simultaneous):
                raise NotApplicable(f"no portable certificate yet for the {concept} of a tree with {type(node).__name__} nodes",
                                    place=f"node {show(history)}", remedy=_REMEDY)
        if concept == "Nash equilibrium" or (concept.startswith("subgame") and imperfect(problem)):
            raise NotApplicable(f"no portable certificate yet for the {concept} of a tree" + " with hidden moves" * imperfect(problem), place="certificate",
                                remedy=_REMEDY)
    for regime in solution.regimes:
        if not regime.equilibria:
            raise NotApplicable(f"no portable certificate yet for a {concept} that does not exist", place="certificate", remedy=_REMEDY)
        if any(e.free.atoms for e in regime.extreme()):
            raise NotApplicable(f"no portable certificate yet for families of {concept}", place="certificate", remedy=_REMEDY)
        if any("radius" in e.quantities for e in regime.extreme()):
            raise NotApplicable(f"no portable certificate yet for a {concept} known by enclosure only", place="certificate", remedy=_REMEDY)


class _Printer(StrPrinter):  # type: ignore[misc]
    def _print_Abs(self, e: Any) -> str:
        return f"abs({self._print(e.args[0])})"


class _Writer:
    """Expressions, cells, games and equilibria as plain JSON over names that the grammar of expressions allows."""

    def __init__(self, notation: Notation) -> None:
        self.names = {s: s.name if s.name.isidentifier() and s.name.isascii() and not keyword.iskeyword(s.name) and s.name not in _TAKEN else f"parameter_{k}"
                      for k, s in enumerate(notation.symbols)}
        self.printed = {s: sp.Symbol(name, real=True) for s, name in self.names.items()}
        self.known: dict[sp.Expr, str] = {}

    def expression(self, e: Any) -> str:
        e = sp.sympify(e, strict=True)
        if e not in self.known:
            real = e.xreplace(self.printed)
            text = _Printer().doprint(real)
            try:
                again = parse(text, {s.name: s for s in self.printed.values()})
            except BadInput as error:
                raise TooLarge(f"an expression cannot be written portably ({error.rule})", place=text[:60], remedy=_REMEDY) from error
            if again != real and sp.cancel(again - real) != 0:
                raise NotApplicable("an expression does not survive being written down", place=text[:60], remedy=_REMEDY)
            self.known[e] = text
        return self.known[e]

    def table(self, values: Mapping[Any, Any]) -> dict[str, str]:
        return {name: self.expression(value) for name, value in values.items()}

    def cell(self, cell: Cell) -> list[list[str]]:
        return [[self.expression(body), _SIGNS[mask]] for body, mask in cell.atoms]

    def domain(self, notation: Notation) -> list[list[str]]:
        found = []
        for row in notation:
            for end, operator in ((row.domain.low, ">" if row.domain.low_open else ">="), (row.domain.high, "<" if row.domain.high_open else "<=")):
                if end.is_finite:
                    found.append([self.expression(row.symbol - end), operator])
        return found + self.cell(Cell.of(*notation.assumptions))

    def inhabited(self, notation: Notation, cells: Iterable[Cell]) -> Iterable[tuple[Cell, dict[str, str]]]:
        space = Space(notation)
        for cell in cells:
            verdict = space.feasible(cell)
            if verdict.answer is False:
                continue
            if verdict.witness is None and notation.symbols:
                raise NotApplicable("no point of a regime is known exactly", place=str(cell)[:60], remedy=_REMEDY)
            point = {s: (verdict.witness or {}).get(s, sp.Integer(0)) for s in notation.symbols}
            yield cell, {self.names[s]: self.expression(value) for s, value in point.items()}

    def problem(self, problem: Any) -> dict[str, Any]:
        if isinstance(problem, Game):
            return self.node(problem.root, ())
        if isinstance(problem, MatrixGame):
            cells = [[list(cell), {"payoffs": self.table(dict(zip(problem.players, paid, strict=True)))}] for cell, paid in problem.payoffs.items()]
            return {"place": "", "players": list(problem.players), "actions": [list(names) for names in problem.actions], "profiles": cells}
        if isinstance(problem, CoalitionalGame):
            return {"worth": [[sorted(s), self.expression(value)] for s, value in problem.worth.items() if s], "costs": problem.costs}
        assert isinstance(problem, StochasticGame)
        states = {}
        for name, stage in problem.states.items():
            results = [[list(profile), {"payoffs": self.table(result.payoffs), "moves": self.table(result.moves)}] for profile, result in stage.results.items()]
            states[name] = {"players": list(stage.actions), "actions": [list(names) for names in stage.actions.values()], "profiles": results}
        return {"states": states, "patience": self.table(problem.patience), "start": problem.start, "continuous": problem.continuous}

    def node(self, node: Node, history: History) -> dict[str, Any]:
        if isinstance(node, Terminal):
            return {"payoffs": self.table(node.payoffs)}
        if isinstance(node, Chance):
            return {"chances": {name: [self.expression(p), self.node(child, (*history, name))] for name, p, child in node.draws}}
        if isinstance(node, Decision):
            moves = [[[name], self.node(child, (*history, name))] for name, child in node.moves]
            return {"place": place(node, history), "players": [node.player], "actions": [[name for name, _ in node.moves]], "profiles": moves}
        assert isinstance(node, Simultaneous)
        cells = [[list(cell), self.node(child, (*history, ",".join(cell)))] for cell, child in node.cells.items()]
        return {"place": show(history), "players": list(node.players), "actions": [list(names) for names in node.actions], "profiles": cells}

    def equilibrium(self, e: Equilibrium, problem: Any, hidden: bool) -> dict[str, Any]:
        values = {p: {s: e.quantities[f"value of {p} in {s}"] for s in problem.states} for p in problem.players} if isinstance(problem, StochasticGame) else {}
        beliefs = {}
        for own in information_sets(successive(problem)) if hidden else ():
            if len(own.members) > 1:
                beliefs[own.name] = [self.expression(e.beliefs[own.name][show(member)]) for member in own.members]
        whole = _every_action(e, problem)
        return {
            "strategies": {p: {h: self.table(lottery) for h, lottery in places.items()} for p, places in whole.items()},
            "payoffs": self.table({p: e.payoffs[p] for p in problem.players}),
            "beliefs": beliefs,
            "values": {p: self.table(own) for p, own in values.items()},
            "lottery": [[list(cell), self.expression(w)] for cell, w in getattr(e, "lottery", {}).items()],
        }


def _every_action(e: Equilibrium, problem: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Strategies with zeros written out; places of no move (in hidden games, kept by another name) left as they are."""
    if getattr(e, "lottery", None) is not None or isinstance(problem, CoalitionalGame):
        return {}
    actions: dict[tuple[str, str], tuple[str, ...]] = {}
    if isinstance(problem, MatrixGame):
        actions = {(p, ""): names for p, names in zip(problem.players, problem.actions, strict=True)}
    elif isinstance(problem, StochasticGame):
        actions = {(p, s): names for s, stage in problem.states.items() for p, names in stage.actions.items()}
    else:
        for history, node in problem.nodes():
            if isinstance(node, Decision):
                actions[node.player, place(node, history)] = tuple(name for name, _ in node.moves)
            elif isinstance(node, Simultaneous):
                actions.update({(p, show(history)): names for p, names in zip(node.players, node.actions, strict=True)})
    return {p: {h: {a: lottery.get(a, sp.Integer(0)) for a in actions.get((p, h), tuple(lottery))} for h, lottery in places.items()}
            for p, places in e.strategies.items() if places}
