"""Expressions, cells and domains as plain text over names that the grammar of expressions allows."""

import keyword
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.expressions import parse
from bargain.notation import Notation
from bargain.portable.refusals import REMEDY
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell
from bargain.regions.space import Space

_SIGNS = {LT: "<", LE: "<=", EQ: "is", GT: ">", GE: ">=", NE: "!="}
_NEAR = sp.Rational(1, 10**30)  # how close
_TAKEN = {"exp", "log", "sqrt", "Min", "Max", "abs"}


class _Printer(StrPrinter):  # type: ignore[misc]
    def _print_Abs(self, e: Any) -> str:
        return f"abs({self._print(e.args[0])})"


class Writer:
    """Names for the parameters of a notation, and for further variables as they are met (offered shares, what a family leaves free, values)."""

    def __init__(self, notation: Notation, root: int = 0) -> None:
        """With a `root` L every exponential of a multiple of 1/L is written as a power of a parameter that lies close to exp(-1/L)."""
        self.root, self._power = root, sp.Symbol("root of e", positive=True)
        self.names = {s: s.name if _usable(s.name) else f"parameter_{k}" for k, s in enumerate(notation.symbols)}
        self.variables: dict[sp.Symbol, str] = {}
        self._printed = {s: sp.Symbol(name, real=True) for s, name in self.names.items()}
        self._known: dict[sp.Expr, str] = {}
        if root:
            self.names[self._power] = next(name for k in range(len(self.names) + 1) if (name := f"root_{k}") not in self.names.values())
            self._printed[self._power] = sp.Symbol(self.names[self._power], real=True)

    def variable(self, symbol: sp.Symbol) -> str:
        """The text of a symbol that is no parameter; it is declared in the file."""
        if symbol not in self.variables and symbol not in self.names:
            taken = {*self.names.values(), *self.variables.values()}
            self.variables[symbol] = next(name for k in range(len(taken) + 1) if (name := f"variable_{len(self.variables) + k}") not in taken)
            self._printed[symbol] = sp.Symbol(self.variables[symbol], real=True)
        return f"={self._printed[symbol].name}"

    def expression(self, value: Any) -> str:
        """The text of an expression; what does not come back the same is refused."""
        e = self.rooted(sp.sympify(value, strict=True))
        if e not in self._known:
            for symbol in sorted(e.free_symbols, key=str):
                self.variable(symbol)
            real = e.xreplace(self._printed)
            text = _Printer().doprint(real)
            try:
                again = parse(text, {s.name: s for s in self._printed.values()})
            except BadInput as error:
                raise TooLarge(f"an expression cannot be written portably ({error.rule})", place=text[:60], remedy=REMEDY) from error
            if again != real and sp.cancel(again - real) != 0:
                raise NotApplicable("an expression does not survive being written down", place=text[:60], remedy=REMEDY)
            self._known[e] = f"={text}"
        return self._known[e]

    def rooted(self, e: sp.Expr) -> sp.Expr:
        """The expression with its exponentials as powers of the root."""
        if not self.root or not e.atoms(sp.exp):
            return e
        return sp.cancel(sp.together(e.replace(lambda part: isinstance(part, sp.exp) and (part.args[0] * self.root).is_Integer,
                                               lambda part: self._power ** (-part.args[0] * self.root))))

    def table(self, values: Mapping[Any, Any]) -> dict[str, str]:
        """A mapping to expressions, as text."""
        return {name: self.expression(value) for name, value in values.items()}

    def cell(self, cell: Cell) -> list[list[str]]:
        """The sign conditions of a cell."""
        return self.conditions(cell.atoms)

    def conditions(self, atoms: Iterable[tuple[Any, int]]) -> list[list[str]]:
        """Expressions with the signs they have."""
        return [[self.expression(body), _SIGNS[mask]] for body, mask in atoms]

    def interval(self, share: sp.Symbol, ends: tuple[Any, Any] | None) -> list[list[str]]:
        """The conditions for a share to lie in a closed interval; none without ends."""
        return [[self.expression(share - ends[0]), ">="], [self.expression(share - ends[1]), "<="]] if ends is not None else []

    def domain(self, notation: Notation) -> list[list[str]]:
        """The intervals of the parameters and the joint assumptions, as sign conditions."""
        found = []
        for row in notation:
            for end, operator in ((row.domain.low, ">" if row.domain.low_open else ">="), (row.domain.high, "<" if row.domain.high_open else "<=")):
                if end.is_finite:
                    found.append([self.expression(row.symbol - end), operator])
        if self.root:
            close = sp.Rational(sp.N(self._value, 40))
            found += [[self.expression(self._power - close - side * _NEAR), operator] for side, operator in ((-1, ">"), (1, "<"))]
        return found + self.cell(Cell.of(*notation.assumptions))

    @property
    def _value(self) -> sp.Expr:
        return sp.exp(sp.Rational(-1, self.root))

    def inhabited(self, notation: Notation, cells: Iterable[Cell]) -> Iterable[tuple[Cell, dict[str, str]]]:
        """The cells that are not empty, each with a point in it."""
        space = Space(notation)
        for cell in cells:
            verdict = space.feasible(cell)
            if verdict.answer is False:
                continue
            if verdict.witness is None and notation.symbols:
                raise NotApplicable("no point of a regime is known exactly", place=str(cell)[:60], remedy=REMEDY)
            point = {s: (verdict.witness or {}).get(s, sp.Integer(0)) for s in notation.symbols}
            known = {self.names[self._power]: f"=exp(-1/{self.root})"} if self.root else {}
            yield cell, {**{self.names[s]: self.expression(value) for s, value in point.items()}, **known}


def _usable(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name) and name not in _TAKEN and not name.startswith("variable_")
