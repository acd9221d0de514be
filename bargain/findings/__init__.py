"""Answers that are more than a profile of strategies, with the numbers that prove them.

Each is an `Equilibrium` with further fields; the modules group them by what they are about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.solution import Equilibrium

Mixture = Mapping[str, sp.Expr]
Lottery = Mapping[tuple[str, ...], sp.Expr]


@dataclass(frozen=True)
class Finding(Equilibrium):
    """An answer with `details` (plain data for JSON) and `remarks` (sentences for the notes of a table)."""

    @property
    def details(self) -> Mapping[str, Any]:
        """What the further fields say, as nested mappings of exact values."""
        return {}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the table must know."""
        return ()
