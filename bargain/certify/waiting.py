"""What going on is worth at a bargaining table, from the claimed shares alone.

Where a share is agreed it is what agreement pays; where none is, the responder leaves if the strategies say so,
and otherwise the values of waiting solve linear equations.
"""

import operator
from collections.abc import Collection, Mapping

import sympy as sp

from bargain.games.alternating import AlternatingOffers
from bargain.regions.cells import GT, LT, Cell
from bargain.regions.space import Space

Slot = tuple[str, str]  # (state, proposer)
Shares = Mapping[Slot, sp.Expr | None]
Values = Mapping[Slot, Mapping[str, sp.Expr]]
Exits = Mapping[str, Mapping[str, sp.Expr]]  # who walks away -> what each side gets


def slots(table: AlternatingOffers) -> list[Slot]:
    """Every state with every proposer, the initial one first."""
    return [(state.name, player) for state in table.states for player in table.players]


def other_side(table: AlternatingOffers, player: str) -> str:
    """The side that answers a player's proposal."""
    first, second = table.players
    return second if player == first else first


def directions(table: AlternatingOffers) -> tuple[tuple[str, Cell], ...]:
    """Whose payoff rises with the share, and on which cell: one answer where the domain settles it."""
    first, second = table.players
    slope = sp.diff(table.agreement[first], table.share)
    if slope.is_positive or slope.is_negative:
        return ((first if slope.is_positive else second, Cell()),)
    sign = Space(table.notation).sign(slope) if slope.free_symbols <= set(table.notation.symbols) else GT | LT
    if sign in (GT, LT):
        return ((first if sign == GT else second, Cell()),)
    return (first, Cell().where(slope, GT)), (second, Cell().where(slope, LT))


def waiting_values(table: AlternatingOffers, shares: Shares, exits: Exits, walks: Collection[Slot], limit: bool = False) -> Values | None:
    """What each side gets in each slot (None if that is not determined).

    Where nothing is agreed the responder leaves in the slots `walks`; elsewhere the value of going on is found from linear equations.
    In the limit of short periods it is the same whoever proposes, and its equation is the term of first order.
    """
    values: dict[Slot, Mapping[str, sp.Expr]] = {}
    unknowns: list[sp.Symbol] = []
    waiting: list[Slot] = []
    shared: dict[tuple[str, ...], dict[str, list[sp.Symbol]]] = {}
    for slot, share in shares.items():
        responder = other_side(table, slot[1])
        if share is not None:
            values[slot] = {player: table.agreement[player].subs(table.share, share) for player in table.players}
        elif slot in walks:
            values[slot] = exits[responder]
        else:
            linear = (sp.Integer(1), *table.drift)
            own = shared.setdefault(slot[:1] if limit else slot, {player: [sp.Dummy() for _ in linear] for player in table.players})
            unknowns += [name for names in own.values() for name in names if name not in unknowns]
            values[slot] = {player: sp.Add(*map(operator.mul, names, linear)) for player, names in own.items()}
            waiting.append(slot)
    if not waiting:
        return values
    equations: list[sp.Expr] = []
    for slot in waiting:
        for player in table.players:
            gap = sp.expand(refused(table, values, slot, player) - values[slot][player])
            gap = sp.expand(sp.diff(gap, table.period).subs(table.period, 0)) if limit else gap
            equations += sp.Poly(gap, *table.drift).coeffs() if table.drift else [gap]
    for solved in sp.linsolve(equations, unknowns):
        known = dict(zip(unknowns, solved, strict=True))
        if solved.free_symbols & set(unknowns):
            return None
        return {slot: {player: value.xreplace(known) for player, value in sides.items()} for slot, sides in values.items()}
    return None


def refused(table: AlternatingOffers, values: Values, slot: Slot, player: str) -> sp.Expr:
    """What a side gets when the offer in a slot is refused and play goes on as claimed."""
    state = next(state for state in table.states if state.name == slot[0])
    later = sp.Integer(0)
    for name, probability in state.moves.items():
        later += probability * values[name, other_side(table, slot[1])][player].xreplace(dict(table.drift))
    factor = table.factor(player, other_side(table, slot[1]))
    value = (1 - factor) * state.flow[player] + factor * later - table.cost(player)
    if table.breakdown is None:
        return value
    chance = table.breakdown.probability
    return chance * table.breakdown.payoffs[player] + (1 - chance) * value
