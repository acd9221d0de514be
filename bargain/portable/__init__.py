"""A solution as a certificate that ``bargain verify`` can check again: plain JSON, exact numbers as text.

The file holds the problem (numbers put in, parameters by name), the domain, and for every regime its cells as sign conditions, a point in
each cell, and the equilibria with what proves them. Components are written as their extreme equilibria; simultaneous moves of a game with
hidden moves as successive ones; states of a stochastic game and moments of a bargaining table as stages that refer to each other's values.
Problems of other families are written as such stages too (`bargain.portable.reductions`); the file then says what they stand for.
"""

import json
from typing import Any

from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.information import successive
from bargain.portable.problems import written_equilibrium, written_problem, written_set, written_staged
from bargain.portable.reductions import REDUCED, reduction, restated
from bargain.portable.refusals import REFUSED, REMEDY, refuse_unless_portable
from bargain.portable.stages import written_stages
from bargain.portable.tables import root
from bargain.portable.writer import Writer
from bargain.solution import Equilibrium, Solution
from bargain.verify import FORMAT, HIDDEN

__all__ = ["REDUCED", "REFUSED", "certificate_json"]


def certificate_json(solution: Solution) -> str:
    """The certificate of a solution as JSON text; `NotApplicable`, naming the concept and the reason, where there is none.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> json.loads(certificate_json(bg.solve(game, bg.Nash())))["regimes"][0]["equilibria"][0]["strategies"]["row"]
    {'': {'r1': '=0', 'r2': '=1'}}
    """
    problem, concept, notation = solution.problem, solution.solver.concept, solution.problem.notation
    refuse_unless_portable(solution, reduced=concept in REDUCED or reduction(problem, concept) is not None)
    whole = successive(problem) if concept in HIDDEN else problem
    writer = Writer(notation, root(problem) if isinstance(problem, AlternatingOffers) else 0)
    frame: dict[str, Any] = {}
    regimes: list[dict[str, Any]] = []
    for regime in solution.regimes:
        cells = [{"atoms": writer.cell(cell), "witness": point} for cell, point in writer.inhabited(notation, regime.condition)]
        found = []
        for e in regime.extreme() if cells else ():
            play, written = _written(writer, solution, whole, e, frame)
            if frame and written != frame:
                raise NotApplicable("no portable certificate: its equilibria are written as plays of different games (add --at)", place="certificate", remedy=REMEDY)
            frame = written
            found.append(play)
        if cells:
            regimes.append({"cells": cells, "equilibria": found})
    if not regimes:
        raise NotApplicable("no portable certificate: no regime has a point", place="certificate", remedy=REMEDY)
    file = {
        "format": FORMAT,
        "concept": frame["concept"],
        "stands for": frame["stands for"],
        "parameters": list(writer.names.values()),
        "variables": list(writer.variables.values()),
        "players": frame["players"],
        "overlapping": "yes" if solution.overlapping else "no",
        "domain": writer.domain(notation),
        "problem": frame["problem"],
        "regimes": regimes,
        "boundary": [writer.cell(cell) for cell in solution.boundary if cell.has_equality],
    }
    return json.dumps(file, indent=1, ensure_ascii=False) + "\n"


def _written(writer: Writer, solution: Solution, whole: Any, e: Equilibrium, frame: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """An equilibrium, and what all equilibria of the file share: the concept, the players and the problem."""
    problem, solver = solution.problem, solution.solver
    concept, told = solver.concept, f"{solver.concept} of a {type(problem).__name__}: "
    if reduced := reduction(problem, concept):
        staged = reduced(problem, solver, e)
        stages = written_stages(writer, staged)
        return written_staged(writer, e, staged), {"concept": "Markov perfect equilibrium", "stands for": told + staged.why, "players": list(staged.players),
                                                   "problem": stages}
    play = written_equilibrium(writer, e, whole)
    if other := restated(problem, concept, e):
        given = written_set(writer, problem, other.weights, other.reference)
        return play, {"concept": other.concept, "stands for": told + other.why, "players": list(problem.players), "problem": given}
    return play, frame or {"concept": concept, "stands for": "", "players": list(problem.players), "problem": written_problem(writer, whole, solver)}
