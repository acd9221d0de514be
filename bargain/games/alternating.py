"""Two players who make offers in turn until one accepts.

`AlternatingOffers` is the problem of Rubinstein (1982, Econometrica 50:97-109), with outside options, breakdown, last
periods, and a Markov state that moves what is at stake between offers (after Merlo and Wilson 1995, Econometrica 63:371-399).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation

__all__ = ["AlternatingOffers", "Breakdown", "State", "substituted"]


@dataclass(frozen=True)
class State:
    """A state of the world between offers.

    `flow` is what each side earns per period while there is no agreement, as an average
    (a constant flow of 1 for ever is worth 1); `moves` are the transition probabilities after
    a refusal, ``{}`` meaning that the state stays.
    """

    name: str
    flow: Mapping[str, Any] = field(default_factory=dict)
    moves: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Breakdown:
    """After each refusal talks end for good with `probability`; the sides then get `payoffs`."""

    probability: Any
    payoffs: Mapping[str, Any]


@dataclass(frozen=True)
class AlternatingOffers:
    """Two sides offer in turn until one accepts; the first in `players` makes the first offer.

    agreement: what each side gets, as an average, from agreement on `share`.
    discount: factor per period, in (0, 1) or an expression such as ``exp(-r*Delta)``.
    states: the first is the initial one; drift: how a state variable moves after a refusal,
    such as ``{w: w - g*Delta}``; start: its value now, where one is given. outside: what each side gets
    once somebody walks away; leaves: who may, and when: ``{"B": "answering"}`` instead of answering an
    offer, ``{"B": "refused"}`` after an offer of his own was refused (default: both sides, when answering).
    period: the symbol that tends to zero in the limit of ever shorter periods.
    costs: a fixed cost of each delay. lags: how many periods pass after a player's refusal (default 1).
    horizon: the number of offers; default: what each side gets one period after the last one is refused.
    order: who proposes, repeated for ever (default: in turn); recognition: or each proposer is drawn anew.

    >>> from bargain import AlternatingOffers, Parameter, Notation
    >>> x, d1, d2 = sp.symbols("x d1 d2", real=True)
    >>> unit = Notation((Parameter(d1, "patience", domain="(0, 1)"), Parameter(d2, "patience", domain="(0, 1)")))
    >>> AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d1, "B": d2}, unit).states[0].name
    'talks'
    """

    title: str
    players: tuple[str, str]
    share: sp.Symbol
    agreement: Mapping[str, Any]
    discount: Mapping[str, Any]
    notation: Notation = Notation()
    between: tuple[Any, Any] | None = (0, 1)
    states: tuple[State, ...] = (State("talks"),)
    drift: Mapping[sp.Symbol, Any] = field(default_factory=dict)
    outside: Mapping[str, Any] = field(default_factory=dict)
    breakdown: Breakdown | None = None
    period: sp.Symbol | None = None
    source: str = ""
    start: Mapping[sp.Symbol, Any] = field(default_factory=dict)
    leaves: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[str, Any] = field(default_factory=dict)
    lags: Mapping[str, Any] = field(default_factory=dict)
    horizon: int | None = None
    default: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    recognition: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        place = f"alternating offers {self.title!r}"
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two different players", place=place, remedy="name the first proposer first")
        for what, given in (("agreement", self.agreement), ("discount", self.discount)):
            if set(given) != set(self.players):
                raise InvalidModel(f"{what} must name both players", place=place, remedy=f"give {what} for " + " and ".join(self.players))
            object.__setattr__(self, what, {player: exact(given[player]) for player in self.players})
        object.__setattr__(self, "outside", {player: exact(value) for player, value in self.outside.items()})
        object.__setattr__(self, "drift", {symbol: exact(value) for symbol, value in self.drift.items()})
        if self.between is not None:
            object.__setattr__(self, "between", (exact(self.between[0]), exact(self.between[1])))
        object.__setattr__(self, "states", tuple(_state(state, self) for state in self.states))
        if self.breakdown is not None:
            payoffs = {player: exact(self.breakdown.payoffs[player]) for player in self.players}
            object.__setattr__(self, "breakdown", Breakdown(exact(self.breakdown.probability), payoffs))
        if self.outside and set(self.outside) != set(self.players):
            raise InvalidModel("outside options must name both players: one side's is what it gets when the other walks away", place=place,
                               remedy="give outside= for " + " and ".join(self.players))
        _protocol(self, place)
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols) - set(self.drift)
        if unknown and self.notation.symbols:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        for player, factor in self.discount.items():
            if factor.is_number and (not 0 <= factor < 1 and self.breakdown is None and self.horizon is None and not self.costs or factor > 1 or factor < 0):
                raise InvalidModel(f"discount factor {factor} of {player} with no last period", place=place,
                                   remedy="choose a factor in [0, 1), or add breakdown=, costs= or horizon=")

    def leavers(self, moment: str = "answering") -> tuple[str, ...]:
        """Who may walk away at a moment: ``answering`` or ``refused``."""
        leaves = self.leaves or dict.fromkeys(self.outside, "answering")
        return tuple(player for player in self.players if leaves.get(player) == moment)

    def factor(self, player: str, refuser: str) -> sp.Expr:
        """A player's discount factor from a refusal to the next offer."""
        return self.discount[player] ** self.lags.get(refuser, sp.Integer(1))

    def cost(self, player: str) -> sp.Expr:
        """What each delay costs a player."""
        return sp.sympify(self.costs.get(player, 0), strict=True)

    @property
    def turns(self) -> tuple[Mapping[str, sp.Expr], ...]:
        """Who proposes at the dates 0, 1, ... with which probability; repeated for ever."""
        if self.recognition:
            return (self.recognition,)
        return tuple({player: sp.Integer(1)} for player in self.order or self.players)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the table, with the share put at zero."""
        yield from (value.subs(self.share, 0) for value in self.agreement.values())
        yield from (*self.discount.values(), *self.outside.values(), *self.drift.values(), *(self.between or ()))
        yield from (*self.costs.values(), *self.lags.values(), *self.default.values(), *self.recognition.values())
        for state in self.states:
            yield from (*state.flow.values(), *state.moves.values())
        if self.breakdown is not None:
            yield from (self.breakdown.probability, *self.breakdown.payoffs.values())

    def at(self, values: Mapping[Any, Any]) -> "AlternatingOffers":
        """This table with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        start = {symbol: point[symbol] for symbol in self.drift if symbol in point}
        fixed = Evaluator({symbol: value for symbol, value in point.items() if symbol not in start})
        return replace(substituted(self, fixed, self.notation.substitute(point)), start={**self.start, **start})

    def without(self, *states: str, start: str | None = None) -> "AlternatingOffers":
        """The table that starts in another state, or without some states (which must not be reached)."""
        kept = [state for state in self.states if state.name not in states]
        if start is not None:
            kept.sort(key=lambda state: state.name != start)
        return replace(self, states=tuple(kept))


def _state(state: State, table: AlternatingOffers) -> State:
    names = {other.name for other in table.states}
    flow = {player: exact(state.flow.get(player, 0)) for player in table.players}
    given = {name: exact(value) for name, value in (state.moves or {state.name: 1}).items()}
    moves = {name: value for name, value in given.items() if value != 0 or name not in names}
    place = f"alternating offers {table.title!r}, state {state.name!r}"
    if not set(moves) <= names:
        raise InvalidModel(f"moves to unknown state {sorted(set(moves) - names)[0]!r}", place=place, remedy="states: " + ", ".join(sorted(names)))
    if sp.simplify(sum(moves.values()) - 1) != 0:
        raise InvalidModel("transition probabilities do not sum to 1", place=place, remedy="complete the last one as 1 - ...")
    if any(value.is_negative for value in moves.values()):
        raise InvalidModel("a transition probability is negative", place=place, remedy="choose it in [0, 1]")
    return State(state.name, flow, moves)


def _protocol(table: AlternatingOffers, place: str) -> None:
    """Read and check who proposes, who may leave, and what delay costs."""
    for name in ("costs", "lags", "default", "recognition"):
        given = getattr(table, name)
        if not set(given) <= set(table.players):
            raise InvalidModel(f"{name} names an unknown player", place=place, remedy="players: " + ", ".join(table.players))
        object.__setattr__(table, name, {player: exact(given[player]) for player in table.players if player in given})
    object.__setattr__(table, "order", tuple(table.order))
    if not set(table.order) <= set(table.players) or not set(table.leaves) <= set(table.players):
        raise InvalidModel("order= or leaves= names an unknown player", place=place, remedy="players: " + ", ".join(table.players))
    if not set(table.leaves.values()) <= {"answering", "refused"} or (table.leaves and not table.outside):
        raise InvalidModel("leaves= says who may take outside= and when", place=place, remedy='"answering" or "refused"; give outside= for both')
    if any(value.is_negative for value in (*table.costs.values(), *table.lags.values(), *table.recognition.values())):
        raise InvalidModel("a cost, lag or probability is negative", place=place, remedy="choose it at least 0")
    if table.recognition and (table.order or sp.simplify(sum(table.recognition.values()) - 1) != 0):
        raise InvalidModel("recognition probabilities do not sum to 1, or order= is given too", place=place, remedy="give either, the last one as 1 - ...")
    if table.horizon is not None and (isinstance(table.horizon, bool) or not isinstance(table.horizon, int) or table.horizon < 1):
        raise InvalidModel(f"{table.horizon!r} offers", place=place, remedy="give a whole number of offers, at least 1")
    if table.default and (table.horizon is None or set(table.default) != set(table.players)):
        raise InvalidModel("the default is what both sides get after the last offer", place=place, remedy="give horizon=, and default= for both players")


def substituted(table: AlternatingOffers, at: Evaluator, notation: Notation | None = None) -> AlternatingOffers:
    """The table with an evaluator applied to every expression."""
    def each(mapping: Mapping[Any, sp.Expr]) -> dict[Any, sp.Expr]:
        return {key: at(value) for key, value in mapping.items()}

    states = tuple(State(state.name, each(state.flow), each(state.moves)) for state in table.states)
    broken = None if table.breakdown is None else Breakdown(at(table.breakdown.probability), each(table.breakdown.payoffs))
    ends = None if table.between is None else (at(table.between[0]), at(table.between[1]))
    return replace(table, agreement=each(table.agreement), discount=each(table.discount), between=ends, states=states, drift=each(table.drift),
                   outside=each(table.outside), breakdown=broken, notation=notation or Notation(), costs=each(table.costs), lags=each(table.lags),
                   default=each(table.default), recognition=each(table.recognition))
