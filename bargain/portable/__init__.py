"""A solution as a certificate that ``bargain verify`` can check again: plain JSON, exact numbers as text.

The file holds the problem (numbers put in, parameters by name), the domain, and for every regime its cells as sign conditions, a point in
each cell, and the equilibria with what proves them. Components are written as their extreme equilibria; simultaneous moves of a game with
hidden moves as successive ones; states of a stochastic game and moments of a bargaining table as stages that refer to each other's values.
"""

import json
from typing import Any

from bargain.games.information import successive
from bargain.portable.problems import written_equilibrium, written_problem
from bargain.portable.refusals import REFUSED, refuse_unless_portable
from bargain.portable.writer import Writer
from bargain.solution import Solution
from bargain.verify import FORMAT, HIDDEN

__all__ = ["REFUSED", "certificate_json"]


def certificate_json(solution: Solution) -> str:
    """The certificate of a solution as JSON text; `NotApplicable`, naming the concept and the reason, where there is none.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> json.loads(certificate_json(bg.solve(game, bg.Nash())))["regimes"][0]["equilibria"][0]["strategies"]["row"]
    {'': {'r1': '=0', 'r2': '=1'}}
    """
    refuse_unless_portable(solution)
    problem, concept, notation = solution.problem, solution.solver.concept, solution.problem.notation
    whole = successive(problem) if concept in HIDDEN else problem
    writer = Writer(notation)
    regimes: list[dict[str, Any]] = []
    for regime in solution.regimes:
        cells = [{"atoms": writer.cell(cell), "witness": point} for cell, point in writer.inhabited(notation, regime.condition)]
        if cells:
            regimes.append({"cells": cells, "equilibria": [written_equilibrium(writer, e, whole) for e in regime.extreme()]})
    described = written_problem(writer, whole, solution.solver)
    written = {
        "format": FORMAT,
        "concept": concept,
        "parameters": list(writer.names.values()),
        "variables": list(writer.variables.values()),
        "players": list(problem.players),
        "overlapping": "yes" if solution.overlapping else "no",
        "domain": writer.domain(notation),
        "problem": described,
        "regimes": regimes,
        "boundary": [writer.cell(cell) for cell in solution.boundary if cell.has_equality],
    }
    return json.dumps(written, indent=1, ensure_ascii=False) + "\n"
