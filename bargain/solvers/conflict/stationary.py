"""Stationary subgame-perfect equilibria of random-proposer bargaining, by cost orders.

A vote of j costs c_j = discount_j * value_j. Given the order of the costs of players without a veto, ties
included, every proposer's cheapest coalitions are known up to mixing inside one class of equally dear partners.
Summed over a class the mixing drops out, so values solve a linear system; the inclusion probabilities that
the values imply must then be a mixture the proposers can choose (a flow; Gale 1957). Every weak order is tried, so all
stationary equilibrium values are found, each with its exact region.
Source: Baron and Ferejohn (1989); Eraslan (2002), Journal of Economic Theory 103:11-30 (values are unique, mixtures are not).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.legislative import RandomProposer
from bargain.regions import GE, GT, Cell, Region, Space
from bargain.solution import Equilibrium, Regime, Solution, Status

_ORDERS = 6  # players without a veto up to which all cost orders are tried (4,683 orders)
Order = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Stationary:
    """All stationary subgame-perfect equilibrium values of a `RandomProposer`, each where it exists.

    payoffs are expected before recognition. The quantities are what each proposer keeps and how likely each
    player is to be offered her price by another; mixtures with these chances are many, and one exists. Non-stationary
    equilibria are not listed (with patient players they support almost anything).

    >>> import bargain as bg
    >>> from bargain.games.legislative import RandomProposer
    >>> parties = RandomProposer("Parties", ("A", "B", "C"), {"A": "1/2", "B": "1/4", "C": "1/4"}, "4/5", quota=2)
    >>> bg.solve(parties, Stationary()).equilibria[0].payoffs
    {'A': 3/8, 'B': 5/16, 'C': 5/16}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary subgame-perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and more cost orders than can be tried."""
        if not isinstance(problem, RandomProposer):
            raise NotApplicable(f"a {type(problem).__name__} has no random proposer", place="Stationary", remedy="give a RandomProposer")
        free = len(problem.players) - len(problem.vetoes)
        if free > _ORDERS and problem.quota < len(problem.players):
            raise TooLarge(f"{free} players without a veto", place=f"random proposer {problem.title!r}", remedy=f"all cost orders are tried for at most {_ORDERS}")

    def run(self, problem: RandomProposer) -> Solution:
        """Try every cost order; keep those whose region is not empty."""
        space = Space(problem.notation)
        found: dict[tuple[sp.Expr, ...], tuple[list[Cell], Equilibrium]] = {}
        undecided = 0
        for order in _orders(problem):
            case = _Case(problem, order)
            values = case.values()
            if values is None:
                undecided += 1
                continue
            cell = case.cell(values, space)
            verdict = None if cell.trivially_empty else space.feasible(cell)
            if verdict is None or verdict.answer is False:
                continue
            equilibrium = case.equilibrium(values, self.concept)
            key = (*equilibrium.payoffs.values(), *equilibrium.quantities.values())
            found.setdefault(key, ([], equilibrium))[0].append(space.reduced(cell))
        regimes = tuple(Regime(Region(tuple(cells)) if problem.notation.symbols else Region.everything(), (equilibrium,))
                        for cells, equilibrium in found.values())
        if not problem.notation.symbols:
            regimes = (Regime(Region.everything(), tuple(equilibrium for _, equilibrium in found.values())),)
        status = Status.INCOMPLETE if undecided else Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes, stats={"orders": undecided + len(found), "degenerate orders": undecided},
                        overlapping=bool(problem.notation.symbols))


def _orders(problem: RandomProposer) -> Iterator[Order]:
    """Weak orders of the players without a veto, cheapest class first; under unanimity costs do not matter and one order is enough."""
    free = [player for player in problem.players if player not in problem.vetoes]
    if problem.quota == len(problem.players):
        yield tuple((player,) for player in free)
        return
    yield from _weak_orders(free)


def _weak_orders(names: Sequence[str]) -> Iterator[Order]:
    if not names:
        yield ()
        return
    for size in range(1, len(names) + 1):
        for first in combinations(names, size):
            rest = [name for name in names if name not in first]
            yield from ((first, *order) for order in _weak_orders(rest))


class _Case:
    """One weak order of the costs, and what it implies."""

    def __init__(self, problem: RandomProposer, order: Order) -> None:
        self.problem, self.order = problem, order
        self.unanimous = problem.quota == len(problem.players)
        self.taken = {player: self._taken(player) for player in problem.players}

    def _taken(self, proposer: str) -> list[int]:
        """How many partners the proposer takes from each class, cheapest first."""
        left, taken = self.problem.needed(proposer), []
        for group in self.order:
            taken.append(min(left, len([player for player in group if player != proposer])))
            left -= taken[-1]
        return taken

    def price(self, proposer: str, costs: Sequence[sp.Expr], vetoes: dict[str, sp.Expr]) -> sp.Expr:
        """What the proposer pays for the votes she buys."""
        return sp.Add(*(count * cost for count, cost in zip(self.taken[proposer], costs, strict=True)),
                      *(cost for player, cost in vetoes.items() if player != proposer))

    def values(self) -> tuple[list[sp.Expr], dict[str, sp.Expr]] | None:
        """The costs of the classes and of the veto players' votes; None if the linear system is singular for all parameters."""
        costs = [sp.Dummy(f"c{k}") for k in range(len(self.order))]
        vetoes = {player: sp.Dummy(f"c_{player}") for player in self.problem.vetoes}
        p, patience = self.problem.recognition, self.problem.discount
        equations = []
        for k, group in enumerate(self.order):
            kept = sp.Add(*(p[player] * (1 - self.price(player, costs, vetoes)) for player in group))
            bought = sp.Add(*(p[player] * self.taken[player][k] for player in self.problem.players))
            equations.append(sp.Add(*(costs[k] / patience[player] for player in group)) - kept - costs[k] * bought)
        for player, cost in vetoes.items():
            equations.append(cost / patience[player] - p[player] * (1 - self.price(player, costs, vetoes)) - cost * (1 - p[player]))
        unknowns = [*costs, *vetoes.values()]
        matrix, right = sp.linear_eq_to_matrix(equations, unknowns)
        field = sp.polys.matrices.DomainMatrix.from_Matrix(matrix.row_join(right)).to_field()
        reduced, pivots = field.rref()
        if pivots != tuple(range(len(unknowns))):
            return None
        solved = [sp.factor(value) for value in reduced.to_Matrix()[: len(unknowns), -1]]
        return solved[: len(costs)], dict(zip(vetoes, solved[len(costs):], strict=True))

    def chances(self, player: str, k: int, values: tuple[list[sp.Expr], dict[str, sp.Expr]]) -> sp.Expr:
        """Cost times the probability that a player of class k is offered her price by another: what her value leaves over."""
        costs, vetoes = values
        return costs[k] / self.problem.discount[player] - self.problem.recognition[player] * (1 - self.price(player, costs, vetoes))

    def cell(self, values: tuple[list[sp.Expr], dict[str, sp.Expr]], space: Space) -> Cell:
        """Costs positive and in order, proposals worth making, and inclusion chances that proposers can mix."""
        costs, vetoes = values
        positive = [*costs, *vetoes.values()]
        if not self.unanimous:
            positive += [high - low for low, high in zip(costs, costs[1:], strict=False)]
        weak = [1 - self.price(player, costs, vetoes) - cost for player, cost in vetoes.items()]
        for k, group in enumerate(self.order):
            weak += [1 - self.price(player, costs, vetoes) - costs[k] for player in group]
            for chosen in (chosen for size in range(1, len(group)) for chosen in combinations(group, size)):
                most = sp.Add(*(self.problem.recognition[i] * min(self.taken[i][k], len([j for j in chosen if j != i])) for i in self.problem.players))
                weak.append(costs[k] * most - sp.Add(*(self.chances(j, k, values) for j in chosen)))
        cell = Cell()
        for expression, mask in [*((e, GT) for e in positive), *((e, GE) for e in weak)]:
            body, orientation = space.essential(sp.together(expression))
            cell = cell.where(body * orientation, mask)
        return cell

    def equilibrium(self, values: tuple[list[sp.Expr], dict[str, sp.Expr]], concept: str) -> Equilibrium:
        """Values, what proposers keep, and inclusion chances."""
        costs, vetoes = values
        cost = {**{player: costs[k] for k, group in enumerate(self.order) for player in group}, **vetoes}
        chance = {**{player: sp.factor(self.chances(player, k, values) / costs[k]) for k, group in enumerate(self.order) for player in group},
                  **{player: sp.expand(1 - self.problem.recognition[player]) for player in vetoes}}
        payoffs = {player: sp.factor(cost[player] / self.problem.discount[player]) for player in self.problem.players}
        kept = {f"{player} keeps": sp.factor(1 - self.price(player, costs, vetoes)) for player in self.problem.players}
        offered = {f"chance that {player} is offered a share": chance[player] for player in self.problem.players}
        return Equilibrium(concept, {}, payoffs, outcome="agreement at once", quantities={**kept, **offered})
