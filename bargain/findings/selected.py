"""Equilibria kept by a refinement, and why the others fell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.findings import Finding
from bargain.regions.cells import Cell
from bargain.solution import Strategies


@dataclass(frozen=True)
class Fallen:
    """A sequential equilibrium, or a family with free symbols in `free`, that is not perfect: within `radius` no completely mixed
    profile makes what is played a best reply at the information set `at`, or at all of them together if that is empty."""

    strategies: Strategies
    free: Cell
    radius: sp.Expr
    at: str = ""


@dataclass(frozen=True)
class Selected(Finding):
    """An equilibrium that a refinement or a selection criterion keeps, with the reason and the ones it drops."""

    reason: str = ""
    dropped: tuple[tuple[str, str], ...] = ()

    @property
    def details(self) -> Mapping[str, Any]:
        """The reason, the named numbers behind it, and what falls and why."""
        return {"reason": self.reason, "quantities": self.quantities, "dropped": [{"equilibrium": name, "reason": why} for name, why in self.dropped]}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why this one, and why not the others."""
        return (f"{self.outcome}: {self.reason}.", *(f"Dropped: {name}: {why}." for name, why in self.dropped))


@dataclass(frozen=True)
class TremblingHand(Selected):
    """A perfect equilibrium of a tree with its trembles at every information set; the first one listed also holds what falls."""

    fallen: tuple[Fallen, ...] = ()
