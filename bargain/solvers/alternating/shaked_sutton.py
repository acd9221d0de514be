"""Least and greatest subgame-perfect payoffs of alternating offers, by bounds that imply each other.

In each slot (who proposes, and when) both sides' payoffs lie between bounds. A responder accepts whatever beats the most that
refusing can be worth and refuses whatever falls short of the least; so the bounds at one date follow from those at the
next. Starting from all feasible payoffs, the largest bounds that reproduce themselves contain every subgame-perfect
payoff. Where they coincide payoffs are unique; where they do not, each bound is the threat that supports the other.

With discounting, and leaving only when answering, the operator is a contraction: its fixed point is found by solving the
linear equations of a pattern of binding constraints until the pattern reproduces itself. With fixed costs, or when a player may
leave after his own offer, it is not: the bounds are iterated from the top, exactly, and then solved on the pattern reached.
Source: Shaked and Sutton (1984), Econometrica 52:1351-1364; Osborne and Rubinstein (1990), Bargaining and Markets, ch. 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.alternating import AlternatingOffers
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Component, Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

Slot = tuple[str, int, str]  # state, date within the cycle, proposer
Key = tuple[Slot, str, int]  # slot, player, 0 for the least and 1 for the greatest payoff
UNIQUE, MANY = "unique subgame-perfect payoffs", "a continuum of subgame-perfect payoffs"
_ROUNDS = 400


@dataclass(frozen=True)
class ShakedSutton:
    """The set of subgame-perfect payoffs of a table without a last offer, uniqueness proved where the bounds coincide.

    A continuum is a `Component` whose vertices are its two ends. Payoffs affine in a share that lies in an interval; any order of
    proposers, random recognition, states, options to leave at either moment, breakdown, lags. With fixed costs, or a
    player who may leave after his own offer: numbers only (and one state, proposers in a fixed order, for the latter).

    >>> import sympy as sp, bargain as bg
    >>> x = sp.Symbol("x", real=True)
    >>> pie = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "9/10", "B": "4/5"})
    >>> bg.solve(pie, ShakedSutton()).equilibria[0].outcome
    'unique subgame-perfect payoffs'
    """

    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium payoffs of alternating offers"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and those to which the bounds do not apply."""
        if not isinstance(problem, AlternatingOffers) or problem.horizon is not None:
            raise NotApplicable("needs an AlternatingOffers table without a last offer", place="ShakedSutton", remedy="use FiniteHorizon() if there is one")
        place = f"alternating offers {problem.title!r}"
        if problem.drift or problem.between is None or any(sp.diff(value, problem.share, 2) != 0 for value in problem.agreement.values()):
            raise NotApplicable("needs payoffs affine in a share of an interval, and no drift", place=place, remedy="give between=, or use Rubinstein()")
        if not contracts(problem) and problem.notation.symbols:
            raise NotApplicable("the bounds of tables with fixed costs or exit after one's own offer need numbers", place=place, remedy="give at=")
        if problem.leavers("refused") and (len(problem.states) > 1 or problem.recognition):
            raise NotApplicable("exit after one's own offer needs one state and a fixed order", place=place, remedy="drop states= and recognition=")

    def run(self, problem: AlternatingOffers) -> Solution:
        """The bounds, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_Bounds(problem, oracle).answer(self.concept),), boundaries=self.exact)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        regimes = regimes_of(space, leaves, closed=self.exact)
        unique = all(isinstance(item, Equilibrium) for regime in regimes for item in regime.equilibria)
        return Solution(problem, self, status, regimes, boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "uniqueness": "least and greatest payoffs coincide" if unique else "a continuum of payoffs"})


def contracts(table: AlternatingOffers) -> bool:
    """Whether bounds at one date depend on those at the next with slopes below 1."""
    return not table.costs and not table.leavers("refused")


def slots(table: AlternatingOffers) -> list[Slot]:
    """Every state, date in the cycle and proposer; those that can open come first."""
    return [(state.name, date, proposer) for date, turn in enumerate(table.turns) for state in table.states for proposer in turn]


class _Bounds:
    """The operator on payoff bounds under one oracle."""

    def __init__(self, table: AlternatingOffers, oracle: Oracle) -> None:
        self.table, self.oracle, self.slots = table, oracle, slots(table)
        assert table.between is not None
        self.ends = {player: tuple(value.subs(table.share, end) for end in table.between) for player, value in table.agreement.items()}
        order = {player: oracle.sign(high - low) for player, (low, high) in self.ends.items()}
        first, second = table.players
        if order[first] * order[second] >= 0:
            raise NotApplicable("both sides want the share to move the same way", place=f"alternating offers {table.title!r}", remedy="check the payoffs")
        self.span = {player: (low, high) if order[player] > 0 else (high, low) for player, (low, high) in self.ends.items()}
        self.states = {state.name: state for state in table.states}

    def other(self, player: str) -> str:
        """The other side."""
        first, second = self.table.players
        return second if player == first else first

    def left(self, player: str, other: sp.Expr) -> sp.Expr:
        """What agreement leaves a player when the other side gets a value."""
        (low, high), (least, most) = self.span[player], self.span[self.other(player)]
        return high - (other - least) * (high - low) / (most - least)

    def nexts(self, slot: Slot) -> dict[Slot, sp.Expr]:
        """The slots that follow a refusal, with their probabilities."""
        date = (slot[1] + 1) % len(self.table.turns)
        return {(name, date, proposer): chance * p for name, chance in self.states[slot[0]].moves.items() for proposer, p in self.table.turns[date].items()}

    def on(self, slot: Slot, player: str, end: int, bounds: Mapping[Key, sp.Expr]) -> sp.Expr:
        """The bound on what going on after a refusal is worth."""
        table = self.table
        factor = table.factor(player, self.other(slot[2]))
        later = sp.Add(*(p * bounds[after, player, end] for after, p in self.nexts(slot).items()))
        value = (1 - factor) * self.states[slot[0]].flow[player] + factor * later - table.cost(player)
        broken = table.breakdown
        return value if broken is None else broken.probability * broken.payoffs[player] + (1 - broken.probability) * value

    def refusal(self, slot: Slot, bounds: Mapping[Key, sp.Expr]) -> dict[tuple[str, int], sp.Expr]:
        """Bounds on what each side gets after a refusal, once the proposer has chosen whether to leave, and the responder."""
        proposer, responder = slot[2], self.other(slot[2])
        got = {(player, end): self.on(slot, player, end, bounds) for player in self.table.players for end in (0, 1)}
        exits, sign = self.table.outside, self.oracle.sign
        if proposer in self.table.leavers("refused"):
            may, must = sign(exits[proposer] - got[proposer, 0]) >= 0, sign(exits[proposer] - got[proposer, 1]) > 0
            if must:
                got = {(player, end): exits[player] for player in self.table.players for end in (0, 1)}
            elif may:
                (after,) = self.nexts(slot)
                needed = self.owed(slot, proposer, exits[proposer])  # he goes on only if his next payoff is at least this
                capped = self.least([self.left(responder, self.greatest([needed, bounds[after, proposer, 0]])), bounds[after, responder, 1]])
                going = self.on(slot, responder, 1, {**bounds, (after, responder, 1): capped})
                got = {(proposer, 0): exits[proposer], (proposer, 1): got[proposer, 1],
                       (responder, 0): self.least([exits[responder], got[responder, 0]]), (responder, 1): self.greatest([exits[responder], going])}
        if responder in self.table.leavers():
            may, must = sign(exits[responder] - got[responder, 0]) > 0, sign(exits[responder] - got[responder, 1]) > 0
            if must:
                got = {(player, end): exits[player] for player in self.table.players for end in (0, 1)}
            elif may:
                got = {(responder, 0): exits[responder], (responder, 1): got[responder, 1],
                       (proposer, 0): self.least([exits[proposer], got[proposer, 0]]), (proposer, 1): self.greatest([exits[proposer], got[proposer, 1]])}
        return got

    def owed(self, slot: Slot, player: str, value: sp.Expr) -> sp.Expr:
        """The next payoff at which going on is worth `value` to a player."""
        z = sp.Dummy()
        (after,) = self.nexts(slot)
        return sp.expand(sp.solve(self.on(slot, player, 0, {(after, player, 0): z}) - value, z)[0])

    def greatest(self, values: list[sp.Expr]) -> sp.Expr:
        """The greater of two."""
        first, second = values
        return first if self.oracle.sign(first - second) >= 0 else second

    def least(self, values: list[sp.Expr]) -> sp.Expr:
        """The smaller of two."""
        first, second = values
        return second if self.oracle.sign(first - second) >= 0 else first

    def image(self, bounds: Mapping[Key, sp.Expr], use: Mapping[Key, sp.Expr] | None = None) -> dict[Key, sp.Expr]:
        """The bounds at every slot that follow from bounds at the next."""
        found: dict[Key, sp.Expr] = {}
        for slot in self.slots:
            proposer, responder = slot[2], self.other(slot[2])
            got = self.refusal(slot, bounds)
            low, high = self.span[responder]
            for end in (0, 1):
                offered = self.greatest([got[responder, end], low])  # what the responder is sure to take, or must at least be given
                keeps, waits = self.left(proposer, offered), got[proposer, 1 - end]
                agreed = self.oracle.sign(got[responder, end] - high) <= 0 and self.oracle.sign(keeps - waits) >= 0
                found[slot, responder, end] = offered if agreed else got[responder, end]  # who would rather wait offers nothing
                found[slot, proposer, 1 - end] = keeps if agreed else waits
        return found

    def answer(self, concept: str) -> Equilibrium | Component:
        """The bounds as one equilibrium payoff, or as the two ends of a continuum."""
        bounds = self.fixed()
        openings = {slot: p for slot in self.slots if slot[1] == 0 and slot[0] == self.table.states[0].name for p in (self.table.turns[0][slot[2]],)}
        ends = [{player: sp.factor(sp.Add(*(p * bounds[slot, player, end] for slot, p in openings.items()))) for player in self.table.players}
                for end in (0, 1)]
        quantities = {name(self.table, key): sp.factor(value) for key, value in bounds.items()}
        if all(self.oracle.sign(ends[1][player] - ends[0][player]) == 0 for player in self.table.players):
            return Equilibrium(concept, {}, ends[0], (UNIQUE,), UNIQUE, quantities=quantities)
        if len(openings) > 1 or not self.supported(bounds):
            raise NotDecided(f"payoffs lie between {ends[0]} and {ends[1]}; that all between are reached is not shown",
                             place=f"alternating offers {self.table.title!r}", remedy="change the options, or use Rubinstein() for stationary equilibria")
        first, second = self.table.players
        pairs = ({first: ends[0][first], second: ends[1][second]}, {first: ends[1][first], second: ends[0][second]})
        return Component(tuple(Equilibrium(concept, {}, paid, (MANY,), MANY, quantities=quantities) for paid in pairs))

    def supported(self, bounds: Mapping[Key, sp.Expr]) -> bool:
        """Whether in every slot agreement on every bound is possible, each bound being the threat that supports the other."""
        for slot in self.slots:
            proposer, responder = slot[2], self.other(slot[2])
            for end in (0, 1):
                if self.oracle.sign(bounds[slot, proposer, 1 - end] - self.left(proposer, bounds[slot, responder, end])) != 0:
                    return False
        return True

    def fixed(self) -> dict[Key, sp.Expr]:
        """The largest bounds that reproduce themselves."""
        bounds = self.top()
        for _ in range(_ROUNDS):
            step = self.image(bounds)
            if all(sp.expand(step[key] - bounds[key]) == 0 for key in step):
                return bounds
            solved = self.solved(bounds)
            if solved is not None and all(self.oracle.sign(value - solved[key]) == 0 for key, value in self.image(solved).items()) \
                    and (contracts(self.table) or self.reached(step, solved)):
                return solved
            bounds = solved if solved is not None and contracts(self.table) else step
        raise NotDecided(f"the bounds have not settled after {_ROUNDS} rounds", place=f"alternating offers {self.table.title!r}", remedy="change the parameters")

    def top(self) -> dict[Key, sp.Expr]:
        """Bounds that contain every feasible payoff (with fixed costs: everything that agreement can give)."""
        reach = {}
        for player in self.table.players:
            for end in (0, 1):
                value = self.span[player][end]
                others = [state.flow[player] for state in self.table.states] + ([self.table.outside[player]] if self.table.outside else [])
                others += [self.table.breakdown.payoffs[player]] if self.table.breakdown else []
                for other in others:
                    value = self.greatest([value, other]) if end else self.least([value, other])
                reach[player, end] = value
        return {(slot, player, end): value for slot in self.slots for (player, end), value in reach.items()}

    def solved(self, bounds: Mapping[Key, sp.Expr]) -> dict[Key, sp.Expr] | None:
        """The fixed point of the linear equations that hold at `bounds`; None where they have none, or many."""
        unknown: dict[Key, sp.Symbol] = {key: sp.Dummy(f"v{number}") for number, key in enumerate(bounds)}
        here = {symbol: bounds[key] for key, symbol in unknown.items()}
        image = _Bounds(self.table, _At(self.oracle, here)).image(unknown)  # type: ignore[arg-type]
        matrix, right = sp.linear_eq_to_matrix([image[key] - unknown[key] for key in unknown], list(unknown.values()))
        field = sp.polys.matrices.DomainMatrix.from_Matrix(matrix.row_join(right)).to_field()
        reduced, pivots = field.rref()
        if pivots != tuple(range(len(unknown))):
            return None
        values = [sp.factor(value) for value in reduced.to_Matrix()[: len(unknown), -1]]
        return dict(zip(unknown, values, strict=True))

    def reached(self, step: Mapping[Key, sp.Expr], solved: Mapping[Key, sp.Expr]) -> bool:
        """Whether iteration from `step` ends at `solved`: the same constraints bind at both, and each bound moves towards it."""
        inside = all((value - solved[key]) * (1 if key[2] else -1) >= 0 for key, value in step.items())
        marks = [_At(self.oracle, {}), _At(self.oracle, {})]
        for mark, bounds in zip(marks, (step, solved), strict=True):
            _Bounds(self.table, mark).image(bounds)  # type: ignore[arg-type]
        return inside and marks[0].signs == marks[1].signs


class _At:
    """An oracle that puts values in for symbols, and remembers which signs it told."""

    def __init__(self, oracle: Oracle, values: Mapping[sp.Symbol, sp.Expr]) -> None:
        self.oracle, self.values, self.signs = oracle, dict(values), list[int]()

    def sign(self, expression: sp.Expr) -> int:
        """The sign of the expression at the values."""
        self.signs.append(self.oracle.sign(sp.together(sp.sympify(expression, strict=True).xreplace(self.values))))
        return self.signs[-1]


def name(table: AlternatingOffers, key: Key) -> str:
    """How a bound is reported: who gets at least or at most how much, and where."""
    (state, date, proposer), player, end = key
    where = f"{proposer} proposes" + (f" at {date}" if table.order else "") + (f" in {state}" if len(table.states) > 1 else "")
    return f"{player} at {'most' if end else 'least'} when {where}"
