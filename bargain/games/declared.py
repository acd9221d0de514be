"""What games of two players check alike when they are stated."""

from typing import Any

import sympy as sp

from bargain.errors import InvalidModel

__all__ = ["declared", "two_players"]


def two_players(problem: Any, place: str) -> None:
    """Make the players of a frozen problem a tuple, and refuse any number of different ones but two."""
    object.__setattr__(problem, "players", tuple(problem.players))
    if len(problem.players) != 2 or len(set(problem.players)) != 2:
        raise InvalidModel("needs two players", place=place, remedy="name two")


def declared(expressions: list[sp.Expr], known: set[sp.Symbol], place: str) -> None:
    """Refuse symbols that are not known."""
    unknown = set().union(*(e.free_symbols for e in expressions)) - known
    if unknown:
        raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
