"""Problems of choosing the best, written as the decision of somebody who is paid what is to be made large.

Nash's solution of finitely many alternatives, as a choice among those that nobody likes less than disagreement (Mariotti 1998, Games and Economic Behavior
22:93-100); the best mechanism, as a choice of chances and transfers under which everybody takes part and is honest (Fey and Ramsay 2011, American Journal of
Political Science 55:149-169).
"""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.bargaining import BargainingProblem
from bargain.games.mechanisms import PrivateInformation
from bargain.games.nodes import Terminal
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Staged, ask, bounds


def alternatives(problem: BargainingProblem, solver: Any, e: Equilibrium) -> Staged:
    """An arbitrator chooses among the alternatives, paid the product of gains, each to the power of its weight."""
    judge = named_unlike("arbitrator", problem.players)
    powers = list(solver.powers(problem.players))
    if not all(power.is_Rational for power in powers) or e.outcome == "no gains from trade" or problem.notation.symbols:
        raise NotApplicable("no portable certificate: without numbers, or gains, nobody can be paid their product", place="certificate", remedy=REMEDY)
    scale = sp.ilcm(1, *(power.q for power in powers))
    moves, chosen = {}, ""
    for number, point in enumerate(problem.points):
        gains = [u - problem.disagreement[p] for p, u in zip(problem.players, point, strict=True)]
        if all(gain >= 0 for gain in gains):
            paid = dict(zip(problem.players, point, strict=True))
            moves[f"alternative {number + 1}"] = Terminal({**paid, judge: sp.Mul(*(g ** (w * scale) for g, w in zip(gains, powers, strict=True)))})
            chosen = f"alternative {number + 1}" if paid == dict(e.payoffs) else chosen
    if not chosen:
        raise NotApplicable("no portable certificate: the answer is a lottery", place="certificate", remedy=REMEDY)
    choice = {name: sp.Integer(name == chosen) for name in moves}
    return Staged("an arbitrator who is paid the product of gains chooses", (*problem.players, judge), {"choice": ask(judge, moves)},
                  {"choice": moves[chosen].payoffs}, "choice", {(judge, "choice"): choice})


def mechanism(problem: PrivateInformation, solver: Any, e: Any) -> Staged:
    """A designer proposes the chance of agreement and the transfer for each pair of reports, within what types accept and answer honestly."""
    designer = named_unlike("designer", problem.players)
    agreed = {pair: sp.Symbol(f"chance {k}", real=True) for k, pair in enumerate(problem.pairs)}
    moved = {pair: sp.Symbol(f"transfer {k}", real=True) for k, pair in enumerate(problem.pairs)}
    limits = [x for q in agreed.values() for x in (q, 1 - q)]
    if problem.transfer is not None:
        low, high = problem.transfer
        limits += [x for pair, q in agreed.items() for x in (moved[pair] - low * q, high * q - moved[pair])]
    paid = dict.fromkeys(problem.players, sp.Integer(0))
    for i, player in enumerate(problem.players):
        def expected(told: str | None, true: str, i: int = i) -> sp.Expr:
            total = []
            for other, chance in problem.types[problem.players[1 - i]].items():
                real, report = ((true, other), (told or "", other)) if i == 0 else ((other, true), (other, told or ""))
                war, peace = problem.conflict[real][i], problem.agreement[real][i]
                total.append(chance * (war if told is None else war + agreed[report] * (peace - war) + (moved[report] if i == 0 else -moved[report])))
            return sp.expand(sp.Add(*total))

        for true, weight in problem.types[player].items():
            limits += [sp.expand(expected(true, true) - expected(told, true)) for told in (None, *problem.types[player]) if told != true]
            paid[player] += weight * expected(true, true)
    gains = {pair: sum(problem.agreement[pair]) - sum(problem.conflict[pair]) for pair in problem.pairs}
    paid[designer] = sp.Add(*(problem.chance(pair) * q * (gains[pair] if solver.objective == "gains" else 1) for pair, q in agreed.items()))
    shares = {str(symbol): symbol for symbol in (*agreed.values(), *moved.values())}
    proposed = {str(symbol): found[pair] for symbols, found in ((agreed, e.agreement), (moved, e.transfer)) for pair, symbol in symbols.items()}
    goal = e.quantities["expected gains" if solver.objective == "gains" else "chance of agreement"]
    stage = Proposal(designer, shares, bounds(*limits), Terminal({p: sp.expand(value) for p, value in paid.items()}))
    return Staged("a designer who is paid the objective proposes a mechanism that everybody joins and answers honestly", (*problem.players, designer),
                  {"design": stage}, {"design": {**e.payoffs, designer: goal}}, "design", {(designer, "design"): proposed})


def named_unlike(wanted: str, players: Iterable[str]) -> str:
    """A name that no player has."""
    while wanted in players:
        wanted += "'"
    return wanted
