"""Numbers of an answer as what stages are worth to a record, so that conditions of other stages can refer to them.

In a stage of its own a clerk, who is paid nothing, names a number, which is paid to the record: nothing there says which. Other stages put the number into
conditions on what may be proposed: a player who best replies to the plans of others proposes these plans too, equal to what is recorded, and an own choice.
Equilibria in numbers (bids, prices, chances, cut-offs) become such best replies to each other.
"""

from dataclasses import dataclass

import sympy as sp

from bargain.portable.drafting import Drafting, Shares
from bargain.portable.stages import Conditions, Payoffs, Proposal, value_of
from bargain.regions.cells import EQ


@dataclass
class Records(Drafting):
    """Stages with a clerk, who names numbers, and the record, which is paid them."""

    roles = ("clerk", "record")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.clerk, self.record = self.helpers

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
