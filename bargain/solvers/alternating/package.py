"""Bargaining over several issues: all at once, or one after the other.

All at once: the frontier runs through corners in the order of comparative advantage. The two proposals P (of A) and Q (of B) lie on it,
each leaving the other side what waiting is worth: P_B = (1 - d_B) g_B + d_B Q_B, Q_A = (1 - d_A) g_A + d_A P_A. For each pair of
edges this is a linear system. A finite set of agreements is searched completely; it usually has many equilibria.
One after the other: the last issue is solved first, its value is added to agreement on the one before.
Sources: Fershtman (1990), Games and Economic Behavior 2:224-238; van Damme, Selten and Winter (1990), ibid. 2:188-201.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.alternating import AlternatingOffers, State
from bargain.games.issues import Issue, Issues
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.alternating.tables import table_outcomes
from bargain.solvers.trees.subgame_perfect import regimes_of

Pair = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Package:
    """The stationary equilibria when every offer covers all issues.

    Quantities give each player's payoff and the first player's share of each issue, by proposer.

    >>> import bargain as bg
    >>> trade = bg.Issues("Trade", ("A", "B"), (bg.Issue("land", {"A": 2, "B": 1}), bg.Issue("money", {"A": 1, "B": 2})), {"A": "4/5", "B": "4/5"})
    >>> bg.solve(trade, Package()).equilibria[0].payoffs
    {'A': 15/7, 'B': 12/7}
    """

    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium of package bargaining"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and finite sets with parameters."""
        if not isinstance(problem, Issues):
            raise NotApplicable(f"a {type(problem).__name__} is not a list of issues", place="Package", remedy="give Issues")
        if problem.finite and problem.notation.symbols:
            raise NotApplicable("a finite set of agreements needs numbers", place=f"issues {problem.title!r}", remedy="give at=, or allow lotteries")

    def run(self, problem: Issues) -> Solution:
        """Every pair of edges (or of agreements), by cases of the parameters."""
        if problem.finite:
            return Solution(problem, self, Status.CERTIFIED, regimes_of(Space(problem.notation), [(_everywhere(), _finite(problem, self.concept))], closed=True))
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: _pairs(problem, oracle, self.concept), boundaries=self.exact)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves)})


@dataclass(frozen=True)
class Agenda:
    """Issue by issue in a given order (default: as listed): once one is settled and enjoyed, the first player opens the next at once.

    >>> import bargain as bg
    >>> trade = bg.Issues("Trade", ("A", "B"), (bg.Issue("land", {"A": 2, "B": 1}), bg.Issue("money", {"A": 1, "B": 2})), {"A": "4/5", "B": "4/5"})
    >>> bg.solve(trade, Agenda()).equilibria[0].quantities["A's share of land when A proposes"]
    25/27
    """

    order: tuple[str, ...] = ()
    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium of an agenda"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, finite sets, disagreement flows, and orders that are not of all issues."""
        if not isinstance(problem, Issues) or problem.finite:
            raise NotApplicable("needs issues that can be divided or given by lot", place="Agenda", remedy="give Issues")
        if self.order and sorted(self.order) != sorted(issue.name for issue in problem.issues):
            raise NotApplicable("the order must name each issue once", place="Agenda", remedy="issues: " + ", ".join(i.name for i in problem.issues))
        if any(value != 0 for value in (problem.disagreement or {}).values()):
            raise NotApplicable("flows of disagreement are not split over issues", place="Agenda", remedy="use Package(), or set disagreement to 0")

    def run(self, problem: Issues) -> Solution:
        """The last issue first, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (self._stages(problem, oracle),), boundaries=self.exact)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves)})

    def _stages(self, problem: Issues, oracle: Oracle) -> Equilibrium:
        value: Mapping[str, sp.Expr] = dict.fromkeys(problem.players, sp.Integer(0))
        quantities: dict[str, sp.Expr] = {}
        order = self.order or tuple(issue.name for issue in problem.issues)
        for name in reversed(order):
            outcomes = table_outcomes(oracle, stage(problem, name, value))
            if len(outcomes) != 1:
                raise NotDecided(f"{len(outcomes)} stationary equilibria on {name}", place=f"issues {problem.title!r}", remedy="change the order")
            (found,) = outcomes
            value = found.sides
            quantities = {**{f"{problem.players[0]}'s share of {name} when {p} proposes": share for (_, p), share in found.shares.items()
                             if share is not None}, **quantities}
        return Equilibrium(self.concept, {}, value, (f"agree on {', '.join(order)} in turn",), "agreement", quantities=quantities)


def stage(problem: Issues, name: str, later: Mapping[str, sp.Expr]) -> AlternatingOffers:
    """The table on one issue, where agreement also opens the issues that follow."""
    first, second = problem.players
    worth = next(issue.worth for issue in problem.issues if issue.name == name)
    x = sp.Symbol("x", real=True)
    return AlternatingOffers(name, problem.players, x, {first: worth[first] * x + later[first], second: worth[second] * (1 - x) + later[second]},
                             problem.discount, problem.notation, states=(State("talks"),))


def _everywhere() -> Any:
    from bargain.regions import Cell

    return Cell()


def _waits(problem: Issues, player: str, later: sp.Expr) -> sp.Expr:
    factor = problem.discount[player]
    return (1 - factor) * (problem.disagreement or {})[player] + factor * later


def _pairs(problem: Issues, oracle: Oracle, concept: str) -> tuple[Equilibrium, ...]:
    first, second = problem.players

    def advantage(one: Issue, other: Issue) -> int:
        return -oracle.sign(one.worth[first] * other.worth[second] - other.worth[first] * one.worth[second])

    order = sorted(problem.issues, key=cmp_to_key(advantage))
    corners: list[Pair] = [(sp.Integer(0), sp.Add(*(issue.worth[second] for issue in order)))]
    for issue in order:
        corners.append((corners[-1][0] + issue.worth[first], corners[-1][1] - issue.worth[second]))
    s, t = sp.Dummy("s"), sp.Dummy("t")
    found: dict[tuple[sp.Expr, ...], Equilibrium] = {}
    for k, m in product(range(len(order)), repeat=2):
        if m > k:
            continue  # the proposer's own offer is the better one
        mine, theirs = _on(order[k].worth, corners[k], s, problem), _on(order[m].worth, corners[m], t, problem)
        system = [mine[1] - _waits(problem, second, theirs[1]), theirs[0] - _waits(problem, first, mine[0])]
        for solved in sp.linsolve(system, [s, t]):
            values = [sp.factor(value) for value in solved]
            if {s, t} & set().union(*(value.free_symbols for value in values)):
                continue
            if any(oracle.sign(sp.together(value)) < 0 or oracle.sign(sp.together(1 - value)) < 0 for value in values):
                continue
            offers = {first: [sp.factor(e.subs(s, values[0])) for e in mine], second: [sp.factor(e.subs(t, values[1])) for e in theirs]}
            if any(oracle.sign(sp.together(offers[p][i] - _waits(problem, p, offers[q][i]))) < 0
                   for i, (p, q) in enumerate(((first, second), (second, first)))):
                continue
            parts = {first: (k, values[0]), second: (m, values[1])}
            quantities = {f"{who} gets when {p} proposes": offers[p][i] for p in problem.players for i, who in enumerate(problem.players)}
            for p, (edge, part) in parts.items():
                quantities |= {f"{first}'s share of {issue.name} when {p} proposes": sp.Integer(1) if i < edge else part if i == edge else sp.Integer(0)
                               for i, issue in enumerate(order)}
            found.setdefault(tuple(offers[first] + offers[second]),
                             Equilibrium(concept, {}, dict(zip(problem.players, offers[first], strict=True)), ("agreement",), "agreement", quantities=quantities))
    if not found:
        raise NotDecided("no agreement is better for both than disagreement", place=f"issues {problem.title!r}", remedy="change the disagreement flows")
    return tuple(found.values())


def _on(worth: Mapping[str, sp.Expr], corner: Pair, part: sp.Symbol, problem: Issues) -> Pair:
    first, second = problem.players
    return corner[0] + part * worth[first], corner[1] - part * worth[second]


def _finite(problem: Issues, concept: str) -> tuple[Equilibrium, ...]:
    """Every pair of agreements that support each other: each proposer picks his best among those that the other side accepts."""
    points = problem.problem().points
    first, second = problem.players
    found = []
    for p, q in product(points, repeat=2):
        least, needed = _waits(problem, second, q[1]), _waits(problem, first, p[0])
        if p[1] < least or q[0] < needed or p[0] < _waits(problem, first, q[0]) or q[1] < _waits(problem, second, p[1]):
            continue
        if any(z[0] > p[0] for z in points if z[1] >= least) or any(z[1] > q[1] for z in points if z[0] >= needed):
            continue
        quantities = {f"{who} gets when {by} proposes": point[i] for by, point in ((first, p), (second, q)) for i, who in enumerate(problem.players)}
        found.append(Equilibrium(concept, {}, dict(zip(problem.players, p, strict=True)), ("agreement",), "agreement", quantities=quantities))
    return tuple(found)
