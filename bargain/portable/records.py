"""Numbers of an answer as what stages are worth to a record, so that conditions of other stages can refer to them.

In a stage of its own a clerk, who is paid nothing, names a number, which is paid to the record: nothing there says which. Other stages put the number into
conditions on what may be proposed: a player who best replies to the plans of others proposes these plans too, equal to what is recorded, and an own choice.
Equilibria in numbers (bids, prices, chances, cut-offs) become such best replies to each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from bargain.games.nodes import Terminal
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Conditions, Payoffs, Proposal, Rules, Stage, Staged, value_of
from bargain.regions.cells import EQ

Shares = Mapping[str, tuple[sp.Symbol, sp.Expr]]  # name -> the symbol in conditions and payoffs, and the number proposed


@dataclass
class Records:
    """Stages while they are written; players whom a stage does not name get nothing in it."""

    players: tuple[str, ...]
    stages: dict[str, Stage] = field(default_factory=dict)
    values: dict[str, Payoffs] = field(default_factory=dict)
    choices: Rules = field(default_factory=dict)
    measures: dict[str, sp.Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clerk, self.record = named_unlike("clerk", self.players), named_unlike("record", self.players)

    def paid(self, worth: Payoffs) -> Payoffs:
        """Payoffs with zeros written out."""
        return {p: worth.get(p, sp.Integer(0)) for p in (*self.players, self.clerk, self.record)}

    def end(self, worth: Payoffs) -> Terminal:
        """An end that pays so."""
        return Terminal(self.paid(worth))

    def number(self, name: str, value: sp.Expr) -> sp.Expr:
        """The symbol of a number that is recorded."""
        x = sp.Symbol("number", real=True)
        self.report(name, x, value, {"number": (x, value)})
        return value_of(name, self.record)

    def propose(self, name: str, player: str, shares: Shares, inside: Conditions, paid: Payoffs, worth: Payoffs) -> None:
        """A stage in which a player proposes numbers within conditions; what it is worth at those proposed."""
        self.stages[name] = Proposal(player, {key: symbol for key, (symbol, _) in shares.items()}, inside, self.end(paid))
        self.values[name], self.choices[player, name] = self.paid(worth), {key: value for key, (_, value) in shares.items()}

    def report(self, name: str, formula: sp.Expr, value: sp.Expr, shares: Shares, inside: Conditions = ()) -> None:
        """A reported number: what a formula gives at numbers that conditions tie."""
        self.propose(name, self.clerk, shares, inside, {self.record: formula}, {self.record: value})

    def tied(self, numbers: Shares) -> tuple[Conditions, Shares]:
        """Record numbers; the conditions that proposals are equal to what is recorded, and these proposals."""
        return tuple((symbol - self.number(name, value), EQ) for name, (symbol, value) in numbers.items()), numbers

    def staged(self, why: str, start: str) -> Staged:
        """The stages, from a start on."""
        return Staged(why, (*self.players, self.clerk, self.record), self.stages, self.values, start, self.choices, self.measures)
