"""Stationary equilibria of an alternating-offers table, found from its own equations.

In each state, for each proposer, exactly one thing happens: the responder is held to what
refusing and going on is worth (`meet`), or to the outside option (`exit`), or gets more
because the proposer already takes all (`corner`), or nothing acceptable is worth offering and
talks go on (`delay`) or end (`walk`). Each combination makes the equations for the values
linear; it is an equilibrium where the inequalities that define it hold. Values may depend
affinely on a drifting variable: the coefficients are matched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.alternating import AlternatingOffers, State
from bargain.regions import Oracle
from bargain.solvers.alternating.short_periods import leading_term, limit_at_zero
from bargain.solvers.trees.plays import Play

Slot = tuple[str, str]  # (state, proposer)
_Partial = tuple[dict[Slot, str], dict[tuple[Slot, str], sp.Expr]]  # what happens, and what it is worth
_LIMIT = 700


@dataclass(frozen=True)
class TableOutcome:
    """What a table leads to: the agreed share (if any), what each side gets, the rules of play, and named numbers.

    `payoffs` is set only where a side walks into a subgame whose payoffs are known for everyone. `leaves`: the slots in which
    the responder takes the outside option; `riser`: whose payoff rises with the share.
    """

    share: sp.Expr
    sides: Mapping[str, sp.Expr]
    path: tuple[str, ...]
    rules: Mapping[str, str]
    quantities: Mapping[str, sp.Expr]
    shares: Mapping[Slot, sp.Expr | None]
    payoffs: tuple[sp.Expr, ...] | None = None
    leaves: frozenset[Slot] = frozenset()
    riser: str = ""


def table_outcomes(oracle: Oracle, table: AlternatingOffers, players: tuple[str, ...] = (), outside: Mapping[str, Play] | None = None,
                   *, limit: bool = False) -> list[TableOutcome]:
    """Every stationary equilibrium of the table; with `limit`, as the period tends to zero."""
    system = _System(oracle, table, players, outside or {}, limit)
    partial: list[_Partial] = [({}, {})]
    for block in system.blocks:
        choices = list(product(*(system.kinds(slot) for slot in block)))
        if len(choices) * len(partial) > _LIMIT:
            raise TooLarge(f"{len(choices) * len(partial)} cases", place=f"alternating offers {table.title!r}", remedy="use fewer states or outside options")
        partial = [extended for known in partial for choice in choices
                   if (extended := system.extended(known, dict(zip(block, choice, strict=True)))) is not None]
    found: dict[tuple[object, ...], TableOutcome] = {}
    for kinds, values in partial:
        outcome = system.outcome(kinds, values)
        found.setdefault((outcome.path, tuple(outcome.sides.values()), tuple(outcome.shares.values())), outcome)
    return list(found.values())


class _System:
    """The equations of one table under one oracle."""

    def __init__(self, oracle: Oracle, table: AlternatingOffers, players: tuple[str, ...], outside: Mapping[str, Play], limit: bool) -> None:
        self.oracle, self.limit, self.players, self.walks = oracle, limit, players, outside
        if table.horizon is not None or table.order or table.recognition or table.leavers("refused"):
            raise NotApplicable("a last offer, another order of proposers, or leaving after one's own offer", place=f"alternating offers {table.title!r}",
                                remedy="use FiniteHorizon() for a last offer, else ShakedSutton()")
        self.table, self.back, self.factors = _plain(table)
        self.exits: dict[str, Mapping[str, sp.Expr]] = dict.fromkeys(self.table.leavers(), self.table.outside)  # who leaves -> what each side gets
        for player, play in outside.items():
            self.exits[player] = {side: play.payoffs[players.index(side)] for side in self.table.players}
        self.slots = [(state.name, proposer) for state in self.table.states for proposer in self.table.players]
        self.states = {state.name: state for state in self.table.states}
        self.blocks = [[(name, player) for name in names for player in self.table.players] for names in _closed_first(self.table)]
        self.variables = tuple(self.table.drift)
        self.slope = {}
        for player, value in self.table.agreement.items():
            if sp.diff(value, table.share, 2) != 0:
                raise NotApplicable(f"the agreement payoff {value} is not affine", place=f"alternating offers {table.title!r}", remedy="restate it in utility units")
            self.slope[player] = sp.diff(value, table.share)
        first, second = self.table.players
        if oracle.sign(self.slope[first]) * oracle.sign(self.slope[second]) >= 0:
            raise NotApplicable("both sides want the share to move the same way", place=f"alternating offers {table.title!r}", remedy="check the agreement payoffs")

    def kinds(self, slot: Slot) -> Iterator[str]:
        """What can happen in a slot."""
        responder = self.other(slot[1])
        yield "meet"
        if responder in self.exits:
            yield "exit"
        if self.table.between is not None:
            yield "corner"
        yield "delay"
        if responder in self.exits:
            yield "walk"

    def other(self, player: str) -> str:
        """The other side."""
        first, second = self.table.players
        return second if player == first else first

    def agreed(self, player: str, share: sp.Expr) -> sp.Expr:
        """What a side gets from agreement on `share`."""
        return self.table.agreement[player].subs(self.table.share, share)

    def share_paying(self, player: str, value: sp.Expr) -> sp.Expr:
        """The share at which a side gets `value`."""
        return (value - self.agreed(player, sp.Integer(0))) / self.slope[player]

    def refused(self, player: str, slot: Slot, values: Mapping[tuple[Slot, str], sp.Expr]) -> sp.Expr:
        """What going on after a refusal is worth to a side."""
        state: State = self.states[slot[0]]
        proposer = self.other(slot[1])
        factor = self.factors[player, proposer]
        later = sum((p * values[(name, proposer), player].subs(self.table.drift, simultaneous=True) for name, p in state.moves.items()), sp.Integer(0))
        on = (1 - factor) * state.flow[player] + factor * later - self.table.cost(player)
        broken = self.table.breakdown
        return on if broken is None else broken.probability * broken.payoffs[player] + (1 - broken.probability) * on

    def extended(self, known: "_Partial", kinds: Mapping[Slot, str]) -> "_Partial | None":
        """The values of a block of slots, given those of the blocks it leads to; None if inconsistent or not determined."""
        unknowns: list[sp.Symbol] = []
        values = dict(known[1])
        for slot in kinds:
            for player in self.table.players:
                own = [sp.Dummy() for _ in range(1 + len(self.variables))]
                unknowns += own
                values[slot, player] = own[0] + sp.Add(*(c * z for c, z in zip(own[1:], self.variables, strict=True)))
        equations: list[sp.Expr] = []
        for slot, kind in kinds.items():
            for player, value in self.claims(slot, kind, values).items():
                gap = sp.expand(value - values[slot, player])
                equations += sp.Poly(gap, *self.variables).coeffs() if self.variables else [gap]
        solutions = list(sp.linsolve(equations, unknowns))
        if not solutions or any(set(entry.free_symbols) & set(unknowns) for entry in solutions[0]):
            return None
        solved = dict(zip(unknowns, solutions[0], strict=True))
        values = {key: value.xreplace(solved) for key, value in values.items()}
        if not all(self.consistent(slot, kind, values) for slot, kind in kinds.items()):
            return None
        return {**known[0], **kinds}, values

    def claims(self, slot: Slot, kind: str, values: Mapping[tuple[Slot, str], sp.Expr]) -> dict[str, sp.Expr]:
        """What each side gets in a slot if `kind` happens there."""
        proposer, responder = slot[1], self.other(slot[1])
        if kind == "walk":
            return dict(self.exits[responder])
        if kind == "delay":
            return {player: self.refused(player, slot, values) for player in self.table.players}
        share = self.share(slot, kind, values)
        return {proposer: self.agreed(proposer, share), responder: self.agreed(responder, share)}

    def share(self, slot: Slot, kind: str, values: Mapping[tuple[Slot, str], sp.Expr]) -> sp.Expr:
        """The share proposed in a slot where agreement is reached."""
        responder = self.other(slot[1])
        if kind == "meet":
            return self.share_paying(responder, self.refused(responder, slot, values))
        if kind == "exit":
            return self.share_paying(responder, self.exits[responder][responder])
        assert self.table.between is not None
        return self.table.between[1 if self.oracle.sign(self.slope[slot[1]]) > 0 else 0]

    def sign(self, expression: sp.Expr) -> int:
        """The sign of an expression of the table (of its leading term in the limit of short periods)."""
        for z in self.variables:
            slope = sp.expand(sp.diff(expression, z))
            if slope != 0 and sp.cancel(sp.together(slope)) != 0:
                raise NotApplicable("the gain from agreement changes as the state variable drifts", place=f"alternating offers {self.table.title!r}",
                                    remedy="the stationary equilibrium needs gains that do not depend on it")
        plain = expression.subs(dict.fromkeys(self.variables, sp.Integer(0)))
        value = plain.xreplace(self.back)
        if self.limit and self.table.period in value.free_symbols:
            value = leading_term(value, self.table.period)[0] if _is_nonzero(plain) else sp.Integer(0)
        return self.oracle.sign(value)

    def consistent(self, slot: Slot, kind: str, values: Mapping[tuple[Slot, str], sp.Expr]) -> bool:
        """Whether the inequalities that define `kind` hold in the slot."""
        proposer, responder = slot[1], self.other(slot[1])
        on = {player: self.refused(player, slot, values) for player in self.table.players}
        rather = self.sign(self.exits[responder][responder] - on[responder]) if responder in self.exits else -1  # leave, or go on
        if rather * (1 if kind in ("meet", "delay") else -1 if kind in ("exit", "walk") else 0) > 0:
            return False
        refused = self.exits[responder] if kind in ("exit", "walk") or (kind == "corner" and rather > 0) else on
        silent = kind in ("delay", "walk")
        share = self.share_paying(responder, refused[responder])
        if self.table.between is not None:
            if self.sign(self.slope[responder] * (share - self.agreed_end(responder))) > 0:
                return silent  # not even the best share is acceptable
            best = self.agreed_end(proposer)
            content = self.sign(self.slope[responder] * (best - share)) > 0  # accepts even what the proposer likes best
            if not silent and content != (kind == "corner"):
                return False
            share = best if content else share
        gain = self.sign(self.agreed(proposer, share) - refused[proposer])
        return gain < 0 if silent else gain >= 0

    def agreed_end(self, player: str) -> sp.Expr:
        """The end of the interval that a side likes best."""
        assert self.table.between is not None
        return self.table.between[1 if self.oracle.sign(self.slope[player]) > 0 else 0]

    def outcome(self, kinds: Mapping[Slot, str], values: Mapping[tuple[Slot, str], sp.Expr]) -> TableOutcome:
        """The equilibrium in which these things happen."""
        shares: dict[Slot, sp.Expr | None] = {}
        for slot in self.slots:
            shares[slot] = None if kinds[slot] in ("delay", "walk") else self.final(self.share(slot, kinds[slot], values))
        first = self.slots[0]
        sides = {player: self.final(values[first, player]) for player in self.table.players}
        return self.told(kinds, shares, sides)

    def told(self, kinds: Mapping[Slot, str], shares: Mapping[Slot, sp.Expr | None], sides: Mapping[str, sp.Expr]) -> TableOutcome:
        """The outcome with its rules in words and its named numbers."""
        first, name = self.slots[0], str(self.table.share)
        rules = {player: "; ".join(self.rule(slot, kinds[slot], shares[slot]) for slot in self.slots if slot[1] == player) for player in self.table.players}
        quantities = {name: shares[first]} if shares[first] is not None else {}
        for (state, proposer), share in shares.items():
            if share is not None:
                quantities[f"{name}_{proposer}" if state == first[0] else f"{name}_{proposer}[{state}]"] = share
        payoffs = None
        if kinds[first] == "walk":
            payoffs = self.walks[self.other(first[1])].payoffs if self.other(first[1]) in self.walks else None
            path: tuple[str, ...] = (f"{self.other(first[1])} walks away",)
        elif kinds[first] == "delay":
            path = ("no agreement",) if all(share is None for share in shares.values()) else ("delay",)
        else:
            path = (f"agree on {name} = {shares[first]}",)
        share = shares[first]
        leaves = frozenset(slot for slot, kind in kinds.items() if kind == "walk")
        riser = max(self.table.players, key=lambda player: self.oracle.sign(self.slope[player]))
        return TableOutcome(sp.Integer(0) if share is None else share, sides, path, rules, quantities, dict(shares), payoffs, leaves, riser)

    def rule(self, slot: Slot, kind: str, share: sp.Expr | None) -> str:
        """One side's proposal in words."""
        where = "" if len(self.states) == 1 else f" ({slot[0]})"
        return f"proposes nothing acceptable{where}" if share is None else f"proposes {self.table.share} = {share}{where}"

    def final(self, expression: sp.Expr) -> sp.Expr:
        """An answer in the table's own terms, as the period tends to zero if that is wanted."""
        if self.limit and self.table.period is not None:
            return limit_at_zero(expression.xreplace(self.back), self.table.period)
        value = sp.factor(expression).xreplace(self.back)
        return sp.factor(sp.cancel(sp.together(value))) if not value.has(sp.exp) else value


def _plain(table: AlternatingOffers) -> tuple[AlternatingOffers, dict[sp.Symbol, sp.Expr], dict[tuple[str, str], sp.Expr]]:
    """The table with exponentials replaced by symbols (so that equations stay rational), the way back, and discount factors by player and refuser."""
    from bargain.games.alternating import substituted

    factors = {(player, refuser): table.factor(player, refuser) for player in table.players for refuser in table.players}
    functions = sorted(set().union(*(e.atoms(sp.exp) for e in (*table.expressions(), *factors.values()))), key=str)
    if not functions:
        return table, {}, factors
    forward = {function: sp.Dummy(f"e{number}", positive=True) for number, function in enumerate(functions)}
    plain = substituted(table, lambda e: e.xreplace(forward))  # type: ignore[arg-type]
    return plain, {symbol: function for function, symbol in forward.items()}, {key: e.xreplace(forward) for key, e in factors.items()}


def _is_nonzero(expression: sp.Expr) -> bool:
    """Whether a rational expression is not identically zero."""
    return sp.expand(sp.fraction(sp.together(expression))[0]) != 0


def _closed_first(table: AlternatingOffers) -> list[list[str]]:
    """Classes of states that reach each other, those that lead nowhere else first (so that each needs only earlier ones)."""
    if len(table.states) == 1:
        return [[table.states[0].name]]
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(state.name for state in table.states)
    graph.add_edges_from((state.name, name) for state in table.states for name, p in state.moves.items() if p != 0)
    condensed = nx.condensation(graph)
    order = [state.name for state in table.states]
    return [sorted(condensed.nodes[k]["members"], key=order.index) for k in reversed(list(nx.topological_sort(condensed)))]
