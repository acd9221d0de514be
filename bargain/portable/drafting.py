"""Stages while they are being written, with two helpers beside the players of the problem: the common part of `evidence` and `records`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

import sympy as sp

from bargain.games.nodes import Terminal
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Payoffs, Rules, Stage, Staged

Shares = Mapping[str, tuple[sp.Symbol, sp.Expr]]  # name -> the symbol in conditions and payoffs, and the number proposed


@dataclass
class Drafting:
    """Stages, and what is worth and chosen in them; players whom a stage does not name get nothing in it."""

    players: tuple[str, ...]
    stages: dict[str, Stage] = field(default_factory=dict)
    values: dict[str, Payoffs] = field(default_factory=dict)
    choices: Rules = field(default_factory=dict)
    measures: dict[str, sp.Expr] = field(default_factory=dict)
    roles: ClassVar[tuple[str, str]]

    def __post_init__(self) -> None:
        self.helpers = tuple(named_unlike(role, self.players) for role in self.roles)

    def paid(self, worth: Payoffs) -> Payoffs:
        """Payoffs with zeros written out."""
        return {p: worth.get(p, sp.Integer(0)) for p in (*self.players, *self.helpers)}

    def end(self, worth: Payoffs) -> Terminal:
        """An end that pays so."""
        return Terminal(self.paid(worth))

    def staged(self, why: str, start: str) -> Staged:
        """The stages, from a start on."""
        return Staged(why, (*self.players, *self.helpers), self.stages, self.values, start, self.choices, self.measures)


def fraction(value: Any) -> Fraction:
    """A rational number of sympy as Python's."""
    return Fraction(int(value.p), int(value.q))
