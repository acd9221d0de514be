"""Alternating offers with a last offer, by backward induction.

With v(k) the values at date k before the proposer is known, a refusal at date k is worth on = (1 - d) flow + d v(k + 1) - cost
to each side. The responder is held to the better of on and leaving, the proposer (who may leave after a refusal) compares
what then remains with what follows a refusal; v(T) is the default. Source: Stahl (1972), Bargaining Theory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.alternating import AlternatingOffers
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

Values = Mapping[str, Mapping[str, sp.Expr]]  # state -> player -> value
_SYMBOLIC, _NUMERIC, _LISTED = 24, 2000, 24


@dataclass(frozen=True)
class FiniteHorizon:
    """The subgame-perfect equilibrium of a table with a last offer; a player who is indifferent agrees, then goes on.

    Payoffs are unique where no tie decides them (the excluded boundary between regimes). Any order of proposers, random
    recognition, states, outside options, breakdown, fixed costs and lags; agreement payoffs affine in the share.
    Up to 2000 offers with numbers (shares are reported for the first 24 dates), up to 24 with free parameters.

    >>> import sympy as sp, bargain as bg
    >>> x = sp.Symbol("x", real=True)
    >>> pie = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "9/10", "B": "4/5"}, horizon=3)
    >>> bg.solve(pie, FiniteHorizon()).equilibria[0].payoffs["A"]
    23/25
    """

    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium of a finite horizon"

    def accepts(self, problem: Any) -> None:
        """Refuse what has no last offer, and what is too long."""
        if not isinstance(problem, AlternatingOffers) or problem.horizon is None:
            raise NotApplicable("needs an AlternatingOffers table with horizon=", place="FiniteHorizon", remedy="give the number of offers, or use Rubinstein()")
        place = f"alternating offers {problem.title!r}"
        if problem.drift or any(sp.diff(value, problem.share, 2) != 0 for value in problem.agreement.values()):
            raise NotApplicable("needs payoffs affine in the share and no drift", place=place, remedy="restate payoffs in utility units")
        most = _SYMBOLIC if problem.notation.symbols else _NUMERIC
        if problem.horizon > most:
            raise TooLarge(f"{problem.horizon} offers", place=place, remedy=f"at most {most} (numbers allow {_NUMERIC})")

    def run(self, problem: AlternatingOffers) -> Solution:
        """Backward induction, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_Induction(problem, oracle).equilibrium(self.concept),), boundaries=self.exact)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "uniqueness": "backward induction: unique payoffs off ties"})


class _Induction:
    """Backward induction under one oracle."""

    def __init__(self, table: AlternatingOffers, oracle: Oracle) -> None:
        self.table, self.oracle = table, oracle
        self.slope = {player: sp.diff(value, table.share) for player, value in table.agreement.items()}
        self.constant = {player: value.subs(table.share, 0) for player, value in table.agreement.items()}
        first, second = table.players
        if oracle.sign(self.slope[first]) * oracle.sign(self.slope[second]) >= 0:
            raise NotApplicable("both sides want the share to move the same way", place=f"alternating offers {table.title!r}", remedy="check the payoffs")

    def equilibrium(self, concept: str) -> Equilibrium:
        """The values at the first date and the shares proposed."""
        table = self.table
        assert table.horizon is not None
        state = table.states[0].name
        values: Values = {s.name: {player: table.default.get(player, sp.Integer(0)) for player in table.players} for s in table.states}
        shares: dict[str, sp.Expr] = {}
        opening: dict[str, sp.Expr | None] = {}
        for date in range(table.horizon - 1, -1, -1):
            before: dict[str, dict[str, sp.Expr]] = {}
            for s in table.states:
                expected = dict.fromkeys(table.players, sp.Integer(0))
                for proposer, chance in table.turns[date % len(table.turns)].items():
                    share, paid = self.offer(s.name, proposer, values)
                    expected = {player: expected[player] + chance * paid[player] for player in table.players}
                    if s.name == state:
                        opening[proposer] = share
                        if share is not None and date < _LISTED:
                            shares[self.name(date, proposer)] = share
                before[s.name] = {player: self.tidy(value) for player, value in expected.items()}
            values = before
        first = [opening[proposer] for proposer in table.turns[0]]
        agreed = None if len(first) > 1 else first[0]
        quantities = {**({str(table.share): agreed} if agreed is not None else {}), **dict(sorted(shares.items(), key=lambda item: _order(item[0])))}
        outcome = "agreement" if all(share is not None for share in first) else "no agreement at once"
        return Equilibrium(concept, {}, dict(values[state]), (outcome,), outcome, quantities=quantities)

    def name(self, date: int, proposer: str) -> str:
        """The name under which a share is reported."""
        return f"{self.table.share}[{date}]" if len(self.table.turns[date % len(self.table.turns)]) == 1 else f"{self.table.share}[{date}]_{proposer}"

    def offer(self, state: str, proposer: str, values: Values) -> tuple[sp.Expr | None, Mapping[str, sp.Expr]]:
        """The share agreed on (None: no deal) and what each side gets when a proposer moves."""
        table, sign = self.table, self.oracle.sign
        responder = next(player for player in table.players if player != proposer)
        refused: Mapping[str, sp.Expr] = {player: self.refused(player, responder, state, values) for player in table.players}
        if proposer in table.leavers("refused") and sign(table.outside[proposer] - refused[proposer]) > 0:
            refused = table.outside
        if responder in table.leavers() and sign(table.outside[responder] - refused[responder]) > 0:
            refused = table.outside
        share = (refused[responder] - self.constant[responder]) / self.slope[responder]
        if table.between is not None:
            best, worst = table.between[::-1] if sign(self.slope[proposer]) > 0 else table.between
            way = sign(self.slope[responder])
            if sign(way * (share - worst)) > 0:
                return None, refused  # not even all of the interval is acceptable
            share = best if sign(way * (best - share)) > 0 else share
        share = self.tidy(share)
        paid = {player: self.tidy(self.constant[player] + self.slope[player] * share) for player in table.players}
        return (share, paid) if sign(paid[proposer] - refused[proposer]) >= 0 else (None, refused)

    def refused(self, player: str, refuser: str, state: str, values: Values) -> sp.Expr:
        """What going on after a refusal is worth."""
        table = self.table
        here = next(s for s in table.states if s.name == state)
        factor = table.factor(player, refuser)
        later = sp.Add(*(chance * values[name][player] for name, chance in here.moves.items()))
        on = (1 - factor) * here.flow[player] + factor * later - table.cost(player)
        broken = table.breakdown
        return self.tidy(on if broken is None else broken.probability * broken.payoffs[player] + (1 - broken.probability) * on)

    def tidy(self, value: sp.Expr) -> sp.Expr:
        """The same value, simplified where it has symbols."""
        return value if value.is_Rational else sp.factor(sp.cancel(sp.together(value))) if not value.has(sp.exp) else sp.expand(value)


def _order(name: str) -> tuple[int, str]:
    inside, _, who = name.partition("[")[2].partition("]")
    return int(inside), who
