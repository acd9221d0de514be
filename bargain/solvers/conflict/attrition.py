"""Equilibria of a war of attrition, from indifference about when to concede.

While both concede at random, side i is indifferent iff the other's hazard is -l_i'(t) / (w_i(t) - l_i(t)), with l_i what it gets by
conceding at t and w_i by winning then. Integrating gives the chance S_j(t) that j has not conceded. Where some types hold out for ever, side j
runs out of types that concede when S_j(t) equals its chance of holding out; the first such time over both sides ends the concessions of both, so
that the other side must concede at once with the chance that lets it run out at the same time.
Sources: Abreu and Gul (2000), Econometrica 68:85-117; Fearon (1994), American Political Science Review 88:577-592.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.attrition import WarOfAttrition
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class Attrition:
    """The equilibrium in which both concede at random until a common time, hazards found from indifference.

    With obstinate types on both sides it is the only one for constant chances (Abreu and Gul 2000, cited). With none on either side it is one of many: the two
    in which a side concedes at once are listed too, and between them lies a continuum in which one side concedes at once with
    some chance. The time by which both have run out is found in closed form; where that is not possible numbers are asked for.

    >>> import bargain as bg
    >>> siege = WarOfAttrition.reputational("Siege", ("A", "B"), {"A": "3/5", "B": "3/5"}, {"A": "1/10", "B": "1/10"}, {"A": "1/10", "B": "1/5"})
    >>> bg.solve(siege, Attrition()).equilibria[0].quantities["chance that A concedes at once"]
    1/2
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "equilibrium of a war of attrition"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and a mixture of sides with and without types that hold out."""
        if not isinstance(problem, WarOfAttrition):
            raise NotApplicable(f"a {type(problem).__name__} is not a war of attrition", place="Attrition", remedy="give WarOfAttrition")
        if len({problem.obstinate(player) == 0 for player in problem.players}) == 2:
            raise NotApplicable("only one side may hold out", place=f"war of attrition {problem.title!r}", remedy="that side wins at once; give both sides a chance")

    def run(self, problem: WarOfAttrition) -> Solution:
        """Integrate the hazards, and end where the first side runs out, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: _equilibria(problem, oracle, self.concept), boundaries=False)
        bare = all(problem.obstinate(player) == 0 for player in problem.players)
        return Solution(problem, self, Status.INCOMPLETE, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "one of many: either side may also concede at once" if bare else "only equilibria of this form are searched"})


def _equilibria(problem: WarOfAttrition, oracle: Oracle, concept: str) -> tuple[Equilibrium, ...]:
    staying = {player: _staying(problem, problem.other(player)) for player in problem.players}
    for player in problem.players:
        if oracle.sign(_at(problem.win[player] - problem.concede[player], problem, 0)) <= 0:
            raise NotApplicable(f"{player} gains nothing from a concession", place=f"war of attrition {problem.title!r}", remedy="win must exceed concede")
        slope = _at(sp.diff(problem.concede[player], problem.time), problem, 0)
        if oracle.sign(slope) >= 0:
            raise NotApplicable(f"waiting does not cost {player} anything", place=f"war of attrition {problem.title!r}", remedy="concede must fall with time")
        rarer = sp.diff(problem.obstinate(player), problem.time)
        if not rarer.has(problem.time) and oracle.sign(rarer) < 0:  # a rate that varies is left to the certificate
            raise NotApplicable(f"types of {player} that hold out become rarer with time", place=f"war of attrition {problem.title!r}",
                                remedy="holdout must not fall with time")
    if all(problem.obstinate(player) == 0 for player in problem.players):
        return (_mixed(problem, staying, concept), *(_at_once(problem, player, concept) for player in problem.players))
    return (_ending(problem, oracle, staying, concept),)


def _staying(problem: WarOfAttrition, indifferent: str) -> sp.Expr:
    """The chance that the opponent of `indifferent`, not conceding at once, has not conceded by `time`."""
    t = problem.time
    s = sp.Dummy("s", nonnegative=True)
    hazard = _hazard(problem, indifferent)
    total = sp.integrate(hazard.subs(t, s), (s, 0, t)) if hazard.has(t) else hazard * t
    if total.has(sp.Integral):
        raise NotApplicable(f"the hazard {hazard} has no integral in closed form", place=f"war of attrition {problem.title!r}", remedy="simplify win and concede")
    return sp.simplify(sp.exp(-total))


def _hazard(problem: WarOfAttrition, indifferent: str) -> sp.Expr:
    """The hazard of the opponent's concession at which a side does not care when it concedes."""
    falls = -sp.diff(problem.concede[indifferent], problem.time)
    return sp.factor(sp.simplify(falls / (problem.win[indifferent] - problem.concede[indifferent])))


def _mixed(problem: WarOfAttrition, staying: dict[str, sp.Expr], concept: str) -> Equilibrium:
    first, second = problem.players
    t = problem.time
    hazards = {player: _hazard(problem, problem.other(player)) for player in problem.players}
    quantities = {f"hazard of {player}": value for player, value in hazards.items()}
    if not any(value.has(t) for value in hazards.values()):
        total = sp.Add(*hazards.values())
        quantities |= {f"chance that {first} wins": sp.factor(hazards[second] / total), "expected duration": sp.factor(1 / total)}
    payoffs = {player: _at(problem.concede[player], problem, 0) for player in problem.players}
    quantities |= {f"chance at {t} that {player} still waits": value for player, value in staying.items()}
    return Equilibrium(concept, {}, payoffs, ("both wait",), "both wait", quantities=quantities)


def _at_once(problem: WarOfAttrition, player: str, concept: str) -> Equilibrium:
    other = problem.other(player)
    payoffs = {player: _at(problem.concede[player], problem, 0), other: _at(problem.win[other], problem, 0)}
    return Equilibrium(concept, {}, {p: payoffs[p] for p in problem.players}, (f"{player} concedes",), f"{player} concedes at once")


def _ending(problem: WarOfAttrition, oracle: Oracle, staying: dict[str, sp.Expr], concept: str) -> Equilibrium:
    ends = {player: _exhausted(problem, oracle, player, staying[player]) for player in problem.players}
    first, second = problem.players
    slow = first if _later(problem, oracle, staying, ends) else second
    end = ends[problem.other(slow)]
    at_once = {problem.other(slow): sp.Integer(0)}
    remaining = sp.simplify(_at(problem.obstinate(slow), problem, end) / _at(staying[slow], problem, end))
    at_once[slow] = sp.simplify(1 - remaining)
    held = sp.simplify(sp.Mul(*(_at(problem.obstinate(player), problem, end) for player in problem.players)))
    quantities = {f"hazard of {player}": _hazard(problem, problem.other(player)) for player in problem.players}
    quantities |= {"end of concessions": end, **{f"chance that {p} concedes at once": at_once[p] for p in problem.players}, "chance that nobody concedes": held}
    quantities |= {f"chance at {problem.time} that {p} still waits": sp.simplify((1 - at_once[p]) * staying[p]) for p in problem.players}
    payoffs = {}
    for player in problem.players:
        gift = at_once[problem.other(player)]
        payoffs[player] = sp.simplify(gift * _at(problem.win[player], problem, 0) + (1 - gift) * _at(problem.concede[player], problem, 0))
    return Equilibrium(concept, {}, payoffs, ("both wait",), "both wait until a common time", quantities=quantities)


def _exhausted(problem: WarOfAttrition, oracle: Oracle, player: str, staying: sp.Expr) -> sp.Expr:
    """The first time at which a player's chance of staying has fallen to its chance of holding out."""
    t = sp.Dummy("t", positive=True)
    hold = problem.obstinate(player).subs(problem.time, t)
    stay = staying.subs(problem.time, t)
    hazard = _hazard(problem, problem.other(player))
    if not problem.obstinate(player).has(problem.time) and not hazard.has(problem.time):
        return sp.factor(-sp.log(hold) / hazard)
    found = [root for root in sp.solve(sp.numer(sp.together(stay - hold)), t) if root.is_real is not False and oracle.sign(root) > 0]
    if not found:
        raise NotApplicable(f"no time in closed form at which {player} runs out of types that concede", place=f"war of attrition {problem.title!r}",
                            remedy="give numbers, or chances of holding out that rise with time")
    best = found[0]
    for root in found[1:]:
        best = root if oracle.sign(best - root) > 0 else best
    return sp.simplify(best)


def _later(problem: WarOfAttrition, oracle: Oracle, staying: dict[str, sp.Expr], ends: dict[str, sp.Expr]) -> bool:
    """Whether the first player runs out no earlier than the second."""
    first, second = problem.players
    hazards = {p: _hazard(problem, problem.other(p)) for p in problem.players}
    ratio = sp.simplify(hazards[first] / hazards[second])
    if ratio.is_Rational and not any(problem.obstinate(p).has(problem.time) for p in problem.players):  # compare powers, not logarithms
        return oracle.sign(problem.obstinate(second) ** ratio.p - problem.obstinate(first) ** ratio.q) >= 0
    return oracle.sign(ends[first] - ends[second]) >= 0


def _at(value: sp.Expr, problem: WarOfAttrition, date: Any) -> sp.Expr:
    return sp.simplify(value.subs(problem.time, date))
