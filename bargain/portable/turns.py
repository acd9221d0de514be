"""Proposals that everybody must accept, written as stages: unanimity, a pie that moves, several issues at once or one after the other.

Sources: Osborne and Rubinstein (1990), Bargaining and Markets, 3.13; Merlo and Wilson (1995), Econometrica 63:371-399; Fershtman (1990), Games and Economic
Behavior 2:224-238.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations, product
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.issues import Issues
from bargain.games.nodes import Terminal
from bargain.games.stochastic_pie import StochasticPie
from bargain.games.unanimity import Unanimity
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of
from bargain.portable.votes import ballot

Payoffs = Mapping[str, sp.Expr]


def _division(players: Sequence[str], proposer: str, pie: sp.Expr, later: Callable[[str], sp.Expr]) -> Proposal:
    """The proposer names what each of the others gets of a pie and keeps the rest; they accept in turn, from the next player on."""
    place = players.index(proposer)
    others = [*players[place + 1 :], *players[:place]]
    shares = {p: sp.Symbol(f"share of {p}", real=True) for p in others}
    rest = pie - sp.Add(*shares.values())
    answer = ballot(others, lambda yes: len(yes) == len(others), Terminal({**shares, proposer: rest}), Terminal({p: later(p) for p in players}))
    return Proposal(proposer, shares, bounds(*shares.values(), rest), answer)


def unanimity(problem: Unanimity, solver: Any, e: Equilibrium) -> Staged:
    """Players propose in rotation."""
    if problem.exit:
        return _with_exit(problem, e)
    players, stages, values, choices = problem.players, dict[str, Stage](), dict[str, Payoffs](), Rules()
    for number, p in enumerate(players):
        later = f"{players[(number + 1) % len(players)]} proposes"
        stages[f"{p} proposes"] = _division(players, p, sp.Integer(1), lambda q, later=later: problem.discount[q] * value_of(later, q))  # type: ignore[misc]
        values[f"{p} proposes"] = {q: e.quantities[f"{q} gets when {p} proposes"] for q in players}
        choices[p, f"{p} proposes"] = {q: values[f"{p} proposes"][q] for q in players if q != p}
    return Staged("answers in turn", players, stages, values, f"{players[0]} proposes", choices)


def _with_exit(problem: Unanimity, e: Equilibrium) -> Staged:
    """Three players; a stage for every pair too, about a pie of 1: after one refusal it is the rest that they divide."""
    players, stages, values, choices = problem.players, dict[str, Stage](), dict[str, Payoffs](), Rules()
    if len(players) != 3:
        raise NotApplicable("no portable certificate: with exit, for three players only", place="certificate", remedy=REMEDY)
    zero, d = sp.Integer(0), problem.discount
    for by, other in permutations(players, 2):
        here, x = f"{by} proposes to {other} alone", sp.Symbol(f"share of {other}", real=True)
        third = next(p for p in players if p not in (by, other))
        refused = {p: d[p] * value_of(f"{other} proposes to {by} alone", p) for p in (by, other)}
        answer = ask(other, {"accept": Terminal({by: 1 - x, other: x, third: zero}), "refuse": Terminal({**refused, third: zero})})
        kept = e.quantities[f"{by} gets of 1 when proposing to {other} alone"]
        stages[here], choices[by, here] = Proposal(by, {other: x}, bounds(x, 1 - x), answer), {other: 1 - kept}
        values[here] = {by: kept, other: 1 - kept, third: zero}
    for number, by in enumerate(players):
        here, (j, k) = f"{by} proposes", (players[(number + 1) % 3], players[(number + 2) % 3])
        shares = {p: sp.Symbol(f"share of {p}", real=True) for p in (j, k)}
        rest = 1 - sp.Add(*shares.values())

        def pair(left: str, gone: str, by: str = by, rest: sp.Expr = rest, shares: Mapping[str, sp.Symbol] = shares) -> Terminal:
            pie = rest + shares[left]
            return Terminal({**{p: d[p] * pie * value_of(f"{left} proposes to {by} alone", p) for p in (left, by)}, gone: shares[gone]})

        both = Terminal({p: d[p] * value_of(f"{j} proposes", p) for p in players})
        answer = ask(j, {"accept": ask(k, {"accept": Terminal({**shares, by: rest}), "refuse": pair(k, j)}),
                         "refuse": ask(k, {"accept": pair(j, k), "refuse": both})})
        stages[here] = Proposal(by, shares, bounds(*shares.values(), rest), answer)
        values[here] = {p: e.quantities[f"{p} gets when {by} proposes"] for p in players}
        choices[by, here] = {p: values[here][p] for p in (j, k)}
    return Staged("answers in turn; who refuses alone proposes next, of two the first", players, stages, values, f"{players[0]} proposes", choices)


def moving_pie(problem: StochasticPie, solver: Any, e: Equilibrium) -> Staged:
    """One stage for each state; where nothing is agreed, everything is asked for and refused."""
    players, stages, choices = problem.players, dict[str, Stage](), Rules()
    values = {state: {p: e.quantities[f"{p} in {state}"] for p in players} for state in problem.pie}
    for state, pie in problem.pie.items():
        p, row = problem.proposer[state], problem.moves[state]
        stages[state] = _division(players, p, pie, lambda q, row=row: problem.discount[q] * sp.Add(*(w * value_of(s, q) for s, w in row.items())))  # type: ignore[misc]
        choices[p, state] = {q: values[state][q] if state in e.path else sp.Integer(0) for q in players if q != p}
    return Staged("answers in turn", players, stages, values, next(iter(problem.pie)), choices)


def package(problem: Issues, solver: Any, e: Equilibrium) -> Staged:
    """All issues at once, in turn: parts of each, or one of the finitely many agreements."""
    (first, second), stages, choices = problem.players, dict[str, Stage](), Rules()
    values = {f"{by} proposes": {p: e.quantities[f"{p} gets when {by} proposes"] for p in problem.players} for by in problem.players}
    for by, other in ((first, second), (second, first)):
        idle = {p: (1 - problem.discount[p]) * (problem.disagreement or {})[p] + problem.discount[p] * value_of(f"{other} proposes", p) for p in problem.players}
        if problem.finite:
            moves = {}
            for given in product(problem.players, repeat=len(problem.issues)):
                paid = {p: sp.Add(*(issue.worth[p] for issue, to in zip(problem.issues, given, strict=True) if to == p)) for p in problem.players}
                name = ", ".join(f"{issue.name} to {to}" for issue, to in zip(problem.issues, given, strict=True))
                moves[name] = ask(other, {"accept": Terminal(paid), "refuse": Terminal(idle)})
            stages[f"{by} proposes"] = ask(by, moves)
            continue
        parts = {issue.name: sp.Symbol(f"part of {issue.name}", real=True) for issue in problem.issues}
        paid = {first: sp.Add(*(parts[i.name] * i.worth[first] for i in problem.issues)),
                second: sp.Add(*((1 - parts[i.name]) * i.worth[second] for i in problem.issues))}
        answer = ask(other, {"accept": Terminal(paid), "refuse": Terminal(idle)})
        stages[f"{by} proposes"] = Proposal(by, parts, bounds(*(e for x in parts.values() for e in (x, 1 - x))), answer)
        choices[by, f"{by} proposes"] = {name: e.quantities[f"{first}'s share of {name} when {by} proposes"] for name in parts}
    return Staged("offers in turn", problem.players, stages, values, f"{first} proposes", choices)


def agenda(problem: Issues, solver: Any, e: Equilibrium) -> Staged:
    """One issue after the other: agreement on one leads to the next at once."""
    (first, second), x = problem.players, sp.Symbol("part", real=True)
    stages, values, choices, measures = dict[str, Stage](), dict[str, Payoffs](), Rules(), dict[str, sp.Expr]()
    names, after = list(solver.order or [issue.name for issue in problem.issues]), ""
    for number, name in enumerate(reversed(names)):
        worth = next(issue.worth for issue in problem.issues if issue.name == name)
        then = {p: value_of(after, p) if after else sp.Integer(0) for p in problem.players}
        for by, other in ((first, second), (second, first)):
            here, turned = f"{name}, {by} proposes", f"{name}, {other} proposes"
            ends = {"accept": Terminal({first: x * worth[first] + then[first], second: (1 - x) * worth[second] + then[second]}),
                    "refuse": Terminal({p: problem.discount[p] * value_of(turned, p) for p in problem.players})}
            stages[here], measures[here] = Proposal(by, {"part": x}, bounds(x, 1 - x), ask(other, ends)), sp.Integer(number + 1)
            share = e.quantities[f"{first}'s share of {name} when {by} proposes"]
            later = values[after] if after else dict.fromkeys(problem.players, sp.Integer(0))
            values[here] = {first: sp.cancel(share * worth[first] + later[first]), second: sp.cancel((1 - share) * worth[second] + later[second])}
            choices[by, here] = {"part": share}
        after = f"{name}, {first} proposes"
    return Staged("offers in turn, issue by issue", problem.players, stages, values, after, choices, measures)
