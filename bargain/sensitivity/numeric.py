"""One point of a block: what `bargain.claims.Point` offers to claims and quantities, in floats.

Tables, strategies and payoffs are evaluated when they are looked up, so that a claim pays only for what it reads.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.claims import Model, Quantity
from bargain.errors import BadInput, NotApplicable
from bargain.games import MatrixGame
from bargain.sensitivity.draws import Columns
from bargain.sensitivity.formulas import Found
from bargain.solution import Equilibrium

if TYPE_CHECKING:
    from bargain.sensitivity.points import Block

_NUMBERS = frozenset(("strategies", "payoffs", "beliefs", "quantities"))  # of an equilibrium


def declared(model: Model, name: str) -> Quantity:
    """A quantity of a model by its name."""
    for quantity in model.quantities:
        if quantity.name == name:
            return quantity
    raise BadInput(f"no quantity {name!r}", place=f"model {model.name}", remedy="quantities: " + ", ".join(q.name for q in model.quantities))


class NumericPoint:
    """One point of a block: what `bargain.claims.Point` offers to claims and quantities, in floats."""

    def __init__(self, block: "Block", index: int) -> None:
        self.block, self.index, self.model = block, index, block.source.model
        self._known: dict[str, Any] = {}
        self._solved: dict[str, Any] = {}

    @property
    def values(self) -> Mapping[sp.Symbol, float]:
        """The parameters."""
        return _Values(self.block.formulas.columns, self.index)

    def evaluate(self, expression: Any) -> float:
        """The value of an expression of the parameters."""
        return float(self.block.formulas(sp.sympify(expression, strict=True))[self.index])

    def elsewhere(self, changes: Mapping[Any, Any]) -> "NumericPoint":
        """This point with some parameters changed."""
        return self.block.other(changes)[self.index]

    def solution(self, name: str | None = None) -> Any:
        """The equilibria of a problem: `extreme`, `equilibria`, `outcomes`, and `problem` for the payoffs of a matrix game."""
        name = name or next(iter(self.model.problems))
        if name not in self._solved:
            found: Found | None = self.block.found(name)[self.index]
            self._solved[name] = self.block.point(self.index).solution(name) if found is None else NumericSolution(self, name, found)
        return self._solved[name]

    def equilibrium(self, name: str | None = None) -> Any:
        """The first equilibrium."""
        return self.solution(name).extreme[0]

    def play(self, name: str, *after: str) -> tuple[str, ...]:
        """The moves that the first equilibrium leads to after some moves."""
        plays = self.block.plays(name, after)
        play = None if plays is None else plays[self.index]
        return self.block.point(self.index).play(name, *after) if play is None else play

    def __getitem__(self, name: str) -> Any:
        """A declared quantity."""
        if name not in self._known:
            value = self.block.source.declared(name)
            self._known[name] = self._evaluated(value(self) if callable(value) and not isinstance(value, sp.Basic) else value)
        return self._known[name]

    def _evaluated(self, value: Any) -> Any:
        if value is None or isinstance(value, float | int | str):
            return value
        if isinstance(value, sp.Expr):  # what stays free in a family of equilibria stays a formula
            return self.block.formulas.at(value, self.index)
        if isinstance(value, Mapping):
            return _Lazy(value, self._evaluated)
        if isinstance(value, list | tuple):
            return [self._evaluated(item) for item in value]
        return value


class _Values(Mapping[sp.Symbol, float]):
    def __init__(self, columns: Columns, index: int) -> None:
        self._columns, self._index = columns, index

    def __getitem__(self, symbol: sp.Symbol) -> float:
        return float(self._columns[symbol][self._index])

    def __iter__(self) -> Iterator[sp.Symbol]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class _Lazy(Mapping[Any, Any]):
    """A table of formulas whose entries are evaluated when looked up."""

    def __init__(self, table: Mapping[Any, Any], evaluate: Any) -> None:
        self._table, self._evaluate = table, evaluate

    def __getitem__(self, key: Any) -> Any:
        return self._evaluate(self._table[key])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


class NumericSolution:
    """The equilibria of one point: `extreme`, `equilibria`, `outcomes`, and `problem` for the payoffs of a matrix game."""

    def __init__(self, point: NumericPoint, name: str, found: Found) -> None:
        self._point, self._name, self._found = point, name, found
        self._listed: tuple[NumericEquilibrium, ...] | None = None

    @property
    def extreme(self) -> "tuple[NumericEquilibrium, ...]":
        """Every equilibrium that is found."""
        if self._listed is None:
            self._listed = tuple([NumericEquilibrium(stated, self._found) for stated in self._found.equilibria])
        return self._listed

    @property
    def equilibria(self) -> "tuple[NumericEquilibrium, ...]":
        """The same."""
        return self.extreme

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Their outcomes, each once."""
        return tuple(dict.fromkeys([stated.outcome for stated in self._found.equilibria]))

    @property
    def problem(self) -> "_Payoffs":
        """The payoffs by cell."""
        return _Payoffs(self._point.block.source.route(self._name)[0], self._point)


class NumericEquilibrium:
    """An equilibrium at one point: what `bargain.Equilibrium` offers, its numbers evaluated when looked up.

    What stays free in a family stays a formula.
    """

    def __init__(self, stated: Equilibrium, found: Found) -> None:
        self._stated, self._found = stated, found

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._stated, name)
        if name in _NUMBERS:
            value = _Lazy(value, self._evaluated)
        self.__dict__[name] = value
        return value

    def _evaluated(self, value: Any) -> Any:
        if isinstance(value, sp.Expr):
            return int(value) if value.is_Integer else self._found.formulas.at(value, self._found.index)
        return _Lazy(value, self._evaluated) if isinstance(value, Mapping) else value


class _Payoffs:
    """The payoffs of a matrix game at one point, by the actions of the players."""

    def __init__(self, game: Any, point: NumericPoint) -> None:
        self._game, self._point = game, point

    def __getitem__(self, cell: Any) -> tuple[float, ...]:
        if not isinstance(self._game, MatrixGame):
            raise NotApplicable("only a matrix game has payoffs by cell", place="numeric point", remedy="ask for quantities")
        return tuple(self._point.evaluate(value) for value in self._game[cell])
