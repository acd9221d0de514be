"""Rubinstein equilibria: alternating offers, solved from the stationarity equations.

Asymmetric discounting, outside options (deal-me-out), inside flows, breakdown, and a Markov
state with drift. Source: Rubinstein (1982), Econometrica 50:97-109; outside options after
Binmore, Shaked and Sutton (1989), Quarterly Journal of Economics 104:753-770.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.alternating import AlternatingOffers
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.alternating.tables import TableOutcome, table_outcomes
from bargain.solvers.trees.subgame_perfect import regimes_of

_LEGIBLE = 50  # characters of an exact share in the name of an action
_FREE = 12  # free parameters up to which a one-state table is solved by cases


@dataclass(frozen=True)
class Rubinstein:
    """The stationary subgame-perfect equilibria of an alternating-offers table; `ShakedSutton` proves uniqueness.

    limit: take the period between offers to zero (the table must name its `period`).
    exact: with free parameters, also solve on the boundaries between regimes.

    >>> import sympy as sp, bargain as bg
    >>> x = sp.Symbol("x", real=True)
    >>> pie = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "9/10", "B": "4/5"})
    >>> bg.solve(pie, bg.Rubinstein()).equilibria[0].quantities["x"]
    5/7
    """

    limit: bool = False
    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Rubinstein equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a table, and a limit of what does not depend on a period."""
        if not isinstance(problem, AlternatingOffers):
            raise NotApplicable(f"needs an AlternatingOffers table, not a {type(problem).__name__}", place="Rubinstein", remedy="use SubgamePerfect() for a tree")
        if self.limit and problem.period is None:
            raise NotApplicable("the table names no period", place="Rubinstein(limit=True)", remedy="give AlternatingOffers(period=Delta)")
        if self.limit and not any(e.has(problem.period) for e in problem.expressions() if problem.period in problem.notation.symbols):
            raise NotApplicable(f"nothing in the table depends on its period, {problem.period}", place="Rubinstein(limit=True)",
                                remedy="leave the period free, and write factors as exp(-r*period)")

    def held(self, problem: AlternatingOffers) -> set[sp.Symbol]:
        """The symbols that the concept itself takes to a limit: never replaced by a value."""
        return {problem.period} if self.limit and problem.period is not None else set()

    def run(self, problem: AlternatingOffers) -> Solution:
        """Try every combination of things that can happen; keep the consistent ones, by regimes."""
        free = set(problem.notation.symbols) - ({problem.period} if self.limit else set())
        most = _FREE if len(problem.states) == 1 else _FREE // 2
        if len(free) > most:
            raise TooLarge(f"{len(free)} free parameters in a table of {len(problem.states)} states", place=f"alternating offers {problem.title!r}",
                           remedy=f"leave at most {most} free (free=[...]) and fix the others")
        space = Space(problem.notation.restricted(free))

        def algorithm(oracle: Oracle) -> tuple[Equilibrium, ...]:
            return equilibria_of(self, problem, oracle)

        leaves, skipped = explore(space, algorithm, boundaries=self.exact)
        status = Status.PROVED if free else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": self.exact})


def equilibria_of(solver: Rubinstein, table: AlternatingOffers, oracle: Oracle) -> tuple[Equilibrium, ...]:
    """The equilibria of a table where the oracle decides the signs that its solution turns on."""
    return tuple(_equilibrium(table, outcome) for outcome in table_outcomes(oracle, table, limit=solver.limit))


def _equilibrium(table: AlternatingOffers, outcome: TableOutcome) -> Equilibrium:
    """The outcome with its strategies: what each side proposes, and which shares it accepts.

    Strategies are functions of the drifting variables; payoffs and quantities are taken at their start.
    """
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in table.players}
    for (state, proposer), share in outcome.shares.items():
        action = "no acceptable offer" if share is None else _written(table, share, f"{table.share}_{proposer}")
        strategies[proposer][f"propose[{state}]"] = {action: sp.Integer(1)}
        responder = next(player for player in table.players if player != proposer)
        if share is not None:
            accepted = sp.Ge(table.share, share) if responder == outcome.riser else sp.Le(table.share, share)
            strategies[responder][f"respond[{state}]"] = {"accept": sp.Piecewise((sp.Integer(1), accepted), (sp.Integer(0), True)),
                                                          "refuse": sp.Piecewise((sp.Integer(0), accepted), (sp.Integer(1), True))}
        elif responder in table.leavers():
            strategies[responder][f"respond[{state}]"] = {"leave" if (state, proposer) in outcome.leaves else "refuse": sp.Integer(1)}
    now = {symbol: sp.sympify(value, strict=True) for symbol, value in table.start.items()}
    payoffs = {player: sp.expand(value.subs(now)) for player, value in outcome.sides.items()}
    quantities = {name: sp.expand(value.subs(now)) if now else value for name, value in outcome.quantities.items()}
    name = "agreement" if outcome.shares[table.states[0].name, table.players[0]] is not None else outcome.path[0]
    path = outcome.path if str(table.share) not in quantities else (f"agree on {_written(table, quantities[str(table.share)], str(table.share))}",)
    return Equilibrium("Rubinstein equilibrium", strategies, payoffs, path, name, quantities=quantities)


def _written(table: AlternatingOffers, share: sp.Expr, name: str) -> str:
    """A share in an action's name: exact where that is short, else a decimal, else only its name (the rule is in the answers)."""
    text = str(share)
    if len(text) <= _LEGIBLE:
        return f"{table.share} = {text}"
    return f"{table.share} = {sp.N(share, 6)}" if share.is_number else f"{table.share} = {name}"
