"""Proposals that are put to the vote, written as stages: the others vote in turn, and refusal leads to the next round or to the status quo.

Voting in turn is not part of these models, which take everybody to vote as if the own vote decided; in turn that is what is optimal. Sources: Baron and
Ferejohn (1989), American Political Science Review 83:1181-1206; Banks and Duggan (2000), 94:73-88; Romer and Rosenthal (1978), Public Choice 33:27-43.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.agenda import AgendaSetting
from bargain.games.legislative import RandomProposer
from bargain.games.nodes import Node, Terminal
from bargain.games.spatial import SpatialBargaining
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of

_ROUND = "round"


def ballot(voters: Sequence[str], enough: Callable[[frozenset[str]], bool], passed: Node, failed: Node, yes: frozenset[str] = frozenset()) -> Node:
    """Votes in turn, until the result is certain; `enough` says which votes in favour pass a proposal."""
    if enough(yes):
        return passed
    if not enough(yes | set(voters)):
        return failed
    voter, *rest = voters
    return ask(voter, {"yes": ballot(rest, enough, passed, failed, yes | {voter}), "no": ballot(rest, enough, passed, failed, yes)})


def setter(problem: AgendaSetting, solver: Any, e: Equilibrium) -> Staged:
    """One proposal of a point, against the status quo."""
    x = sp.Symbol("point", real=True)
    players = tuple(problem.ideals)
    passed, failed = (Terminal({p: -sp.Abs(point - problem.ideals[p]) for p in players}) for point in (x, problem.status_quo))
    own = frozenset({problem.setter} & set(problem.weights))
    voters = [p for p in problem.weights if p not in own]

    def enough(yes: frozenset[str]) -> bool:
        return bool(sp.Add(*(problem.weights[p] for p in yes | own)) >= problem.quota)

    stage = Proposal(problem.setter, {"point": x}, (), ballot(voters, enough, passed, failed))
    return Staged("one proposal, then votes in turn", players, {"vote": stage}, {"vote": e.payoffs}, "vote",
                  {(problem.setter, "vote"): {"point": e.quantities["proposal"]}})


def line(problem: SpatialBargaining, solver: Any, e: Equilibrium) -> Staged:
    """Rounds over a policy on a line."""
    assert problem.recognition is not None
    x, players = sp.Symbol("policy", real=True), problem.players
    proposed = {p: e.quantities[f"{p} proposes"] for p in players}
    passed = Terminal({p: problem.agreement - sp.Abs(x - problem.ideals[p]) for p in players})
    stages: dict[str, Stage] = {_ROUND: _drawn(problem.recognition, players)}
    for p in players:
        voters = [other for other in players if other != p]
        answer = ballot(voters, lambda yes: len(yes) + 1 >= problem.quota, passed, _refused(problem.discount, players))
        stages[f"{p} proposes"] = Proposal(p, {"policy": x}, (), answer)
    values = {f"{p} proposes": {q: problem.agreement - sp.Abs(proposed[p] - problem.ideals[q]) for q in players} for p in players}
    patience = _patience(problem.discount)
    return Staged("a proposer is drawn in every round, then votes in turn", players, stages, {**values, _ROUND: e.payoffs}, _ROUND,
                  {(p, f"{p} proposes"): {"policy": proposed[p]} for p in players},
                  {name: sp.Integer(1) if name == _ROUND else (1 + patience) / 2 for name in stages})


def closed_rule(problem: RandomProposer, solver: Any, e: Equilibrium) -> Staged:
    """Rounds over a pie: the proposer draws whose votes to buy, proposes any division, and the others vote in turn."""
    players, patience = problem.players, _patience(problem.discount)
    shares = {p: sp.Symbol(f"share of {p}", real=True) for p in players}
    price = {p: problem.discount[p] * e.payoffs[p] for p in players}
    stages: dict[str, Stage] = {_ROUND: _drawn(problem.recognition, players)}
    values, choices, measures = {_ROUND: e.payoffs}, Rules(), {_ROUND: sp.Integer(1)}
    for p, bought in _bought(problem, e, price).items():
        voters = [other for other in players if other != p]
        answer = ballot(voters, lambda yes, p=p: len(yes) + 1 >= problem.quota and set(problem.vetoes) <= yes | {p},  # type: ignore[misc]
                        Terminal(shares), _refused(problem.discount, players))
        names = {partners: f"{p} proposes to {', '.join(partners) or 'nobody'}" for partners in _winning(problem, p)}
        stages[f"{p} proposes"] = ask(p, {name: Terminal({q: value_of(name, q) for q in players}) for name in names.values()})
        for partners, name in names.items():  # a coalition that is too dear is not bought even if it is named
            paying = partners if partners in bought else next(iter(bought))
            stages[name] = Proposal(p, {q: shares[q] for q in players}, bounds(*shares.values(), 1 - sp.Add(*shares.values())), answer)
            values[name] = {q: e.quantities[f"{p} keeps"] if q == p else price[q] if q in paying else sp.Integer(0) for q in players}
            choices[p, name], measures[name] = dict(values[name]), (1 + 2 * patience) / 3
        choices[p, f"{p} proposes"] = {name: bought.get(partners, sp.Integer(0)) for partners, name in names.items()}
        values[f"{p} proposes"] = {q: sp.cancel(sp.Add(*(chance * values[names[c]][q] for c, chance in bought.items()))) for q in players}
        measures[f"{p} proposes"] = (2 + patience) / 3
    return Staged("a proposer is drawn in every round, then votes in turn", players, stages, values, _ROUND, choices, measures)


def _drawn(recognition: Mapping[str, sp.Expr], players: Sequence[str]) -> Terminal:
    return Terminal({q: sp.Add(*(chance * value_of(f"{p} proposes", q) for p, chance in recognition.items())) for q in players})


def _refused(discount: Mapping[str, sp.Expr], players: Sequence[str]) -> Terminal:
    return Terminal({p: discount[p] * value_of(_ROUND, p) for p in players})


def _patience(discount: Mapping[str, sp.Expr]) -> sp.Expr:
    """A number below 1 that no discount factor exceeds."""
    return 1 - sp.Mul(*(1 - factor for factor in dict.fromkeys(discount.values())))


def _bought(problem: RandomProposer, e: Equilibrium, price: Mapping[str, sp.Expr]) -> dict[str, dict[tuple[str, ...], sp.Expr]]:
    """With which chance each proposer buys which votes: cheapest coalitions, so that everyone is included as often as the equilibrium says."""
    cheapest = {p: [c for c in _winning(problem, p) if sp.simplify(1 - sp.Add(*(price[q] for q in c)) - e.quantities[f"{p} keeps"]) == 0] for p in problem.players}
    even = {p: {c: sp.Rational(1, len(own)) for c in own} for p, own in cheapest.items() if own}
    included = {q: f"chance that {q} is offered a share" for q in problem.players}
    if len(even) == len(cheapest) and all(sp.simplify(_included(problem, even, q) - e.quantities[included[q]]) == 0 for q in problem.players):
        return even
    places = [(p, c) for p, own in cheapest.items() for c in own]
    rows = [[Fraction(int(p == q)) for p, _ in places] for q in problem.players]
    rows += [[_fraction(problem.recognition[p]) * (q in c) for p, c in places] for q in problem.players]
    right = [Fraction(1)] * len(problem.players) + [_fraction(e.quantities[included[q]]) for q in problem.players]
    found = solve_lp(LinearProgram([Fraction(0)] * len(places), a_eq=rows, b_eq=right))
    if not isinstance(found, Optimal):
        raise NotApplicable("no portable certificate: whose votes are bought how often is not settled", place="certificate", remedy=REMEDY)
    chances = {place: sp.Rational(x.numerator, x.denominator) for place, x in zip(places, found.x, strict=True)}
    return {p: {c: chances[p, c] for c in own} for p, own in cheapest.items()}


def _included(problem: RandomProposer, bought: Mapping[str, Mapping[tuple[str, ...], sp.Expr]], player: str) -> sp.Expr:
    return sp.Add(*(problem.recognition[p] * chance for p, own in bought.items() for c, chance in own.items() if player in c))


def _winning(problem: RandomProposer, proposer: str) -> Iterator[tuple[str, ...]]:
    """The partners in every smallest winning coalition with the proposer."""
    vetoes = [p for p in problem.vetoes if p != proposer]
    others = [p for p in problem.players if p not in (proposer, *vetoes)]
    for partners in combinations(others, problem.needed(proposer)):
        yield (*vetoes, *partners)


def _fraction(value: sp.Expr) -> Fraction:
    if not value.is_Rational:
        raise NotApplicable("no portable certificate: whose votes are bought how often depends on parameters", place="certificate", remedy=REMEDY)
    return Fraction(int(value.p), int(value.q))
