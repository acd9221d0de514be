"""The discrete Raiffa solution, written as dictators at every step: each takes the best while the other keeps what the last step gave.

The next step is halfway between what both had and what each would take (Raiffa 1953, Contributions to the Theory of Games II:361-387). The last step is the one from
which no lottery over the corners is better for both, by however little. Polygons with numbers.
"""

from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.bargaining import BargainingProblem
from bargain.games.nodes import Terminal
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.portable.drafting import fraction
from bargain.portable.records import Records
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Conditions, Staged, bounds, value_of
from bargain.regions.cells import EQ

_GAIN, _STEPS = sp.Symbol("gain", real=True), 60


def raiffa(problem: BargainingProblem, solver: Any, e: Equilibrium) -> Staged:
    """Steps from disagreement on, two dictators at each but the last."""
    given = [*problem.disagreement.values(), *(u for corner in problem.vertices for u in corner)]
    if not problem.vertices or not all(u.is_Rational for u in given):
        raise NotApplicable("no portable certificate: its steps are known only for polygons with numbers", place="certificate",
                            remedy="add --at" if problem.notation.symbols else REMEDY)
    records, here = Records(problem.players), dict(problem.disagreement)
    lots = [sp.Symbol(f"chance {k + 1}", real=True) for k in range(len(problem.vertices))]
    paid = {p: sp.Add(*(s * corner[k] for s, corner in zip(lots, problem.vertices, strict=True))) for k, p in enumerate(problem.players)}
    drawn: Conditions = (*bounds(*lots), (sp.Add(*lots) - 1, EQ))
    records.stages["step 0"], records.values["step 0"] = records.end(here), records.paid(here)
    for number in range(_STEPS):
        name, kept = f"step {number}", {p: value_of(f"step {number}", p) for p in problem.players}
        records.measures[name] = sp.Integer(2 * number + 1)
        common = _best(problem, None, here)
        if common[0] <= 0:
            chances = {str(s): (s, c) for s, c in zip(lots, common[1], strict=True)}
            records.propose("nothing better", records.clerk, {**chances, "gain": (_GAIN, common[0])},
                            (*drawn, *bounds(*(paid[p] - kept[p] - _GAIN for p in problem.players))), {records.clerk: sp.Max(_GAIN, 0)}, {})
            records.values[name] = {**records.values[name], **e.payoffs}
            return records.staged("dictators take the best while the other keeps what the last step gave", name)
        took = {}
        for k, player in enumerate(problem.players):
            other = problem.players[1 - k]
            took[player], chosen = _best(problem, k, here)
            worth = {p: sp.Add(*(c * corner[i] for c, corner in zip(chosen, problem.vertices, strict=True))) for i, p in enumerate(problem.players)}
            records.propose(f"{player} dictates after {name}", player, {str(s): (s, c) for s, c in zip(lots, chosen, strict=True)},
                            (*drawn, *bounds(paid[other] - kept[other])), paid, worth)
        here = {p: (here[p] + took[p]) / 2 for p in problem.players}
        half = {p: (kept[p] + value_of(f"{p} dictates after {name}", p)) / 2 for p in problem.players}
        records.stages[f"step {number + 1}"], records.values[f"step {number + 1}"] = Terminal(records.paid(half)), records.paid(here)
    raise NotApplicable(f"no portable certificate: more than {_STEPS} steps", place="certificate", remedy=REMEDY)


def _best(problem: BargainingProblem, player: int | None, kept: dict[str, sp.Expr]) -> tuple[sp.Expr, list[sp.Expr]]:
    """The most that a player gets while the other keeps what she has, or that both gain alike (None), and the lottery over corners that gives it."""
    rows = [[fraction(corner[k]) for corner in problem.vertices] for k in (0, 1)]
    low = [fraction(kept[p]) for p in problem.players]
    one, none = [Fraction(1)] * len(problem.vertices), [Fraction(0)] * len(problem.vertices)
    if player is None:  # the gain is the difference of two numbers that are not negative
        ends = [[*(-u for u in own), Fraction(1), Fraction(-1)] for own in rows]
        program = LinearProgram([*none, Fraction(1), Fraction(-1)], a_ub=ends, b_ub=[-v for v in low], a_eq=[[*one, Fraction(0), Fraction(0)]], b_eq=[Fraction(1)])
    else:
        program = LinearProgram(rows[player], a_ub=[[-u for u in rows[1 - player]]], b_ub=[-low[1 - player]], a_eq=[one], b_eq=[Fraction(1)])
    found = solve_lp(program)
    if not isinstance(found, Optimal):
        raise NotApplicable("no portable certificate: nothing feasible leaves a player what she has", place="certificate", remedy=REMEDY)
    return sp.Rational(found.value.numerator, found.value.denominator), [sp.Rational(x.numerator, x.denominator) for x in found.x[: len(problem.vertices)]]
