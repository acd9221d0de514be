"""Problems and equilibria as nested objects of text: trees, matrices, stages with values, coalitions and bargaining sets."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.certify.waiting import Slot, other_side, slots, waiting_values
from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.bargaining import BargainingProblem
from bargain.games.coalitional import CoalitionalGame
from bargain.games.game import Game
from bargain.games.information import information_sets
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import show
from bargain.games.stochastic import StochasticGame
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged, written_play
from bargain.portable.tables import other_end, response, shares_of, written_table
from bargain.portable.trees import written_plan, written_tree
from bargain.portable.writer import Writer
from bargain.solution import Equilibrium

_EMPTY: dict[str, Any] = {"strategies": {}, "beliefs": {}, "values": {}, "lottery": [], "pieces": {}, "gains": "some", "measures": {}}


def written_problem(writer: Writer, problem: Any, solver: Any) -> Any:
    """The problem of a solution, as the verifier reads it."""
    if isinstance(problem, Game):
        return written_tree(writer, problem.root, ())
    if isinstance(problem, MatrixGame):
        cells = [[list(cell), {"payoffs": writer.table(dict(zip(problem.players, paid, strict=True)))}] for cell, paid in problem.payoffs.items()]
        return {"place": "", "players": list(problem.players), "actions": [list(names) for names in problem.actions], "after": cells}
    if isinstance(problem, CoalitionalGame):
        return {"worth": [[sorted(s), writer.expression(value)] for s, value in problem.worth.items() if s], "costs": "yes" if problem.costs else "no"}
    if isinstance(problem, StochasticGame):
        return _states(writer, problem)
    if isinstance(problem, AlternatingOffers):
        return written_table(writer, problem)
    assert isinstance(problem, BargainingProblem)
    powers = solver.powers(problem.players) if hasattr(solver, "powers") else None
    weights = dict(zip(problem.players, powers, strict=True)) if powers else getattr(solver, "weights", None) or {}
    return written_set(writer, problem, weights, problem.disagreement)


def _states(writer: Writer, game: StochasticGame) -> dict[str, Any]:
    """Each state as a stage: a move now, then the values of states; continuous time as the embedded chain of the fastest clock."""
    value = {(s, p): sp.Symbol(f"value of {p} in {s}", real=True) for s in game.states for p in game.players}
    stages = {}
    for name, stage in game.states.items():
        speed = sp.Add(*(chance for result in stage.results.values() for chance in result.moves.values()))
        after = []
        for profile, result in stage.results.items():
            paid = {}
            for p, rate in game.patience.items():
                flow = result.payoffs[p] - value[name, p]
                drift = sp.Add(*(chance * (value[other, p] - value[name, p]) for other, chance in result.moves.items()))
                step = (rate * flow + drift) / (rate + speed) if game.continuous else (1 - rate) * flow + rate * drift
                paid[p] = sp.expand(value[name, p] + step)
            after.append([list(profile), {"payoffs": writer.table(paid)}])
        stages[name] = {"place": name, "players": list(stage.actions), "actions": [list(names) for names in stage.actions.values()], "after": after}
    names = {s: {p: writer.variable(value[s, p]) for p in game.players} for s in game.states}
    return {"stages": stages, "values": names, "start": game.start, "drift": [], "now": []}


def written_set(writer: Writer, problem: BargainingProblem, weights: Mapping[str, sp.Expr], reference: Mapping[str, sp.Expr]) -> dict[str, Any]:
    """A set of utilities, the weights of the players (1 by default), and the point from which gains are counted."""
    symbol, (low, high), curve = problem.curve or (sp.Symbol("share of the check", real=True), (sp.Integer(0), sp.Integer(1)), {})
    return {"disagreement": writer.table(reference), "weights": writer.table({p: weights.get(p, sp.Integer(1)) for p in problem.players}),
            "share": writer.variable(symbol), "low": writer.expression(low), "high": writer.expression(high), "curve": writer.table(curve),
            "vertices": [writer.table(dict(zip(problem.players, row, strict=True))) for row in problem.vertices]}


def written_equilibrium(writer: Writer, e: Equilibrium, problem: Any) -> dict[str, Any]:
    """One equilibrium, with the values and pieces that its proof needs."""
    found = {**_EMPTY, "payoffs": writer.table({p: e.payoffs[p] for p in problem.players}), "free": writer.cell(e.free)}
    if isinstance(problem, CoalitionalGame):
        return found
    if isinstance(problem, BargainingProblem):
        share = {"share": writer.expression(e.quantities.get("share", 0))}
        return {**found, "values": {"share": share}, "gains": "none" if e.outcome == "no gains from trade" else "some"}
    if isinstance(problem, AlternatingOffers):
        return {**found, **_talks(writer, problem, e)}
    if isinstance(problem, StochasticGame):
        values = {s: writer.table({p: e.quantities[f"value of {p} in {s}"] for p in problem.players}) for s in problem.states}
        actions = {(p, s): names for s, stage in problem.states.items() for p, names in stage.actions.items()}
        return {**found, "values": values, "strategies": _whole(writer, e, actions), "measures": dict.fromkeys(problem.states, "=1")}
    if isinstance(problem, MatrixGame):
        if hasattr(e, "lottery"):
            return {**found, "lottery": [[list(cell), writer.expression(w)] for cell, w in e.lottery.items()]}
        return {**found, "strategies": _whole(writer, e, {(p, ""): names for p, names in zip(problem.players, problem.actions, strict=True)})}
    beliefs = {}
    for own in information_sets(problem) if e.beliefs else ():
        if len(own.members) > 1:
            beliefs[own.name] = [writer.expression(e.beliefs[own.name][show(member)]) for member in own.members]
    return {**found, **written_plan(writer, problem, e), "beliefs": beliefs}


def written_staged(writer: Writer, e: Equilibrium, staged: Staged) -> dict[str, Any]:
    """One equilibrium of a problem that is written as stages; players that the stages add are paid what they are worth at the start."""
    payoffs = {p: e.payoffs.get(p, staged.values[staged.start][p]) for p in staged.players}
    return {**_EMPTY, "payoffs": writer.table(payoffs), "free": writer.cell(e.free), **written_play(writer, staged)}


def _whole(writer: Writer, e: Equilibrium, actions: Mapping[tuple[str, str], tuple[str, ...]]) -> dict[str, Any]:
    """Strategies with zeros written out."""
    found: dict[str, dict[str, Any]] = {}
    for (player, place), names in actions.items():
        own = e.strategies[player][place]
        found.setdefault(player, {})[place] = writer.table({name: own.get(name, sp.Integer(0)) for name in names})
    return found


def _talks(writer: Writer, table: AlternatingOffers, e: Equilibrium) -> dict[str, Any]:
    """Proposals, replies piece by piece, and the values at every moment of a table."""
    shares = shares_of(table, e)
    leaves = [slot for slot in slots(table) if shares[slot] is None and "leave" in e.strategies[other_side(table, slot[1])][f"respond[{slot[0]}]"]]
    values = waiting_values(table, shares, dict.fromkeys(table.leavers(), table.outside), leaves)
    if values is None:
        raise NotApplicable("no portable certificate: what waiting is worth is not determined", place="certificate", remedy=REMEDY)
    strategies: dict[str, dict[str, Any]] = {player: {} for player in table.players}
    pieces: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for slot in slots(table):
        strategies[slot[1]][_place(slot)] = {"share": writer.expression(other_end(table, slot[1]) if shares[slot] is None else shares[slot])}
        pieces[_place(slot)] = [{"atoms": writer.conditions(where), "strategies": {who: {f"answer {_place(slot)}": writer.table(reply)}}}
                                for who, where, reply in response(table, values, slot)]
        named[_place(slot)] = writer.table(values[slot])
    return {"strategies": strategies, "pieces": pieces, "values": named, "measures": dict.fromkeys(named, "=1")}


def _place(slot: Slot) -> str:
    return f"{slot[1]} proposes in {slot[0]}"
