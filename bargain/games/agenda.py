"""Agenda setting on a line: one actor proposes, the others vote it up or down against the status quo.

Sources: Romer and Rosenthal (1978), Public Choice 33:27-43; Black (1948), Journal of Political Economy 56:23-34.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class AgendaSetting:
    """A setter proposes a point of the line, which replaces the status quo if voters with enough weight find it no farther from their ideals.

    setter: the name of the proposer. ideals: ideal point of the setter and of every voter. weights: voter -> weight (numbers); the
    setter votes only if listed here too. quota: the weight needed (a number). All dislike distance.

    >>> AgendaSetting("School budget", "setter", {"setter": 1, "median": 0}, {"median": 1}, 1, "-2/5").status_quo
    -2/5
    """

    title: str
    setter: str
    ideals: Mapping[str, Any]
    weights: Mapping[str, Any]
    quota: Any
    status_quo: Any
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"agenda setting {self.title!r}"
        object.__setattr__(self, "ideals", {name: exact(value) for name, value in self.ideals.items()})
        object.__setattr__(self, "weights", {name: exact(value) for name, value in self.weights.items()})
        for name in ("quota", "status_quo"):
            object.__setattr__(self, name, exact(getattr(self, name)))
        if self.setter not in self.ideals or not set(self.weights) <= set(self.ideals):
            raise InvalidModel("the setter and every voter need an ideal point", place=place, remedy="complete ideals")
        total = sp.Add(*self.weights.values())
        if not all(weight.is_number and weight > 0 for weight in self.weights.values()) or not self.quota.is_number:
            raise InvalidModel("weights and the quota must be numbers, weights positive", place=place, remedy="change them")
        if not 0 < self.quota <= total:
            raise InvalidModel(f"the quota {self.quota} is not between 0 and the total weight {total}", place=place, remedy="change it")
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")

    @property
    def players(self) -> tuple[str, ...]:
        """The setter and the voters."""
        return tuple(self.ideals)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (*self.ideals.values(), self.status_quo)

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield from (("proposes", self.setter, ""), ("status quo", "", self.status_quo), ("votes needed", "", self.quota))
        yield from (("ideal point", player, value) for player, value in self.ideals.items())
        yield from (("votes", player, value) for player, value in self.weights.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"agenda setting, {self.quota} of {sp.Add(*self.weights.values())} votes"

    def at(self, values: Mapping[Any, Any]) -> "AgendaSetting":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, ideals={n: put(v) for n, v in self.ideals.items()}, status_quo=put(self.status_quo), notation=self.notation.substitute(point))
