"""The paper's notation table: parameters with meaning, unit, domain, baseline, prior and source.

A `Notation` is the declaration of a model's parameters *and* its table of symbols;
joint assumptions (``p1 < p2``) belong to it because no single domain can state them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from bargain.errors import BadInput, InvalidModel
from bargain.expressions import Evaluator, exact, number
from bargain.showing import Shown

_INTERVAL = re.compile(r"([\[(])\s*([^,]+?)\s*,\s*([^,]+?)\s*([\])])\Z")


@dataclass(frozen=True)
class Domain:
    """An interval of the real line with rational or infinite ends.

    >>> Domain.parse("(0, 1]")
    Domain.parse('(0, 1]')
    >>> Domain.parse(">=0").contains(sp.Integer(0)), Domain.parse(">0").contains(sp.Integer(0))
    (True, False)
    """

    low: sp.Expr
    high: sp.Expr
    low_open: bool
    high_open: bool

    @classmethod
    def parse(cls, text: str) -> "Domain":
        """The interval written as ``real``, ``>0``, ``>=0``, ``(0, 1]`` (ends rational or ``oo``)."""
        text = text.strip()
        if text == "real":
            return cls(-sp.oo, sp.oo, True, True)
        if text.startswith(">"):
            closed = text.startswith(">=")
            return cls(number(text[2 if closed else 1 :]), sp.oo, not closed, True)
        match = _INTERVAL.match(text)
        if not match:
            raise InvalidModel(f"domain {text!r} is not understood", remedy="write real, >0, >=0 or an interval such as (0, 1]")
        low, high = (_end(match[2]), _end(match[3]))
        if low > high:
            raise InvalidModel(f"domain {text!r} is empty", remedy="swap its ends")
        return cls(low, high, match[1] == "(" or low == -sp.oo, match[4] == ")" or high == sp.oo)

    def __repr__(self) -> str:
        return f"Domain.parse({str(self)!r})"

    def __str__(self) -> str:
        if self.low == -sp.oo and self.high == sp.oo:
            return "real"
        if self.high == sp.oo:
            return f"{'>' if self.low_open else '>='}{self.low}"
        return f"{'(' if self.low_open else '['}{self.low}, {self.high}{')' if self.high_open else ']'}"

    def contains(self, value: sp.Expr) -> bool:
        """Whether the exact number lies in the interval."""
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return bool(above) and bool(below)


def _end(text: str) -> sp.Expr:
    return {"oo": sp.oo, "-oo": -sp.oo}[text] if text in ("oo", "-oo") else number(text)


@dataclass(frozen=True)
class Parameter:
    """One row of the notation table.

    `domain` is text (see `Domain.parse`); `baseline` and the ends of `prior` are exact
    (a decimal string or float means that decimal). `prior` is the range of a uniform
    prior, or None for a parameter that is held fixed. `source` marks where the number
    comes from: stated in the source document, assumed, a normalisation, linked.

    >>> p = sp.Symbol("p", real=True)
    >>> Parameter(p, "chance of winning", domain="[0, 1]", baseline="0.35").baseline
    7/20
    """

    symbol: sp.Symbol
    meaning: str
    unit: str = ""
    domain: Any = "real"
    baseline: Any = None
    prior: Any = None
    source: str = ""

    def __post_init__(self) -> None:
        name = getattr(self.symbol, "name", str(self.symbol))
        if not isinstance(self.symbol, sp.Symbol):
            raise InvalidModel("a parameter needs a sympy Symbol", place=f"parameter {name}", remedy="use symbols(..., real=True)")
        domain = self.domain if isinstance(self.domain, Domain) else Domain.parse(self.domain)
        object.__setattr__(self, "domain", domain)
        if self.baseline is not None:
            object.__setattr__(self, "baseline", self._inside(exact(self.baseline), "baseline"))
        if self.prior is not None:
            low, high = (exact(end) for end in self.prior)
            if not low <= high:
                raise InvalidModel("prior range is empty", place=f"parameter {name}", remedy="write (low, high)")
            object.__setattr__(self, "prior", (low, high))

    @property
    def name(self) -> str:
        """The symbol as text."""
        return str(self.symbol.name)

    def _inside(self, value: sp.Expr, what: str) -> sp.Expr:
        if not self.domain.contains(value):
            raise InvalidModel(f"{what} {value} lies outside the domain {self.domain}", place=f"parameter {self.name}",
                               remedy="change the number or the domain")
        return value


@dataclass(frozen=True)
class Notation(Shown):
    """Parameters in the order of the paper's table, and joint assumptions on them.

    >>> p, q = sp.symbols("p q", real=True)
    >>> table = Notation((Parameter(p, "high", domain="[0, 1]", baseline="1/2"), Parameter(q, "low", domain="[0, 1]", baseline="1/3")), (q < p,))
    >>> table.point({"q": "0.4"})
    {p: 1/2, q: 2/5}
    """

    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Any, ...] = ()
    _by_name: Mapping[str, Parameter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(self.parameters))
        object.__setattr__(self, "assumptions", tuple(self.assumptions))
        names = [parameter.name for parameter in self.parameters]
        for name in names:
            if names.count(name) > 1:
                raise InvalidModel("declared twice", place=f"parameter {name}", remedy="keep one row")
        object.__setattr__(self, "_by_name", {parameter.name: parameter for parameter in self.parameters})
        for assumption in self.assumptions:
            unknown = assumption.free_symbols - set(self.symbols)
            if unknown:
                raise InvalidModel(f"unknown symbol {sorted(map(str, unknown))[0]}", place=f"assumption {assumption}", remedy="declare it")
        if all(parameter.baseline is not None for parameter in self.parameters):
            self._check_assumptions(self.baseline, InvalidModel)

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The symbols, in table order."""
        return tuple(parameter.symbol for parameter in self.parameters)

    @property
    def names(self) -> dict[str, sp.Symbol]:
        """Symbol by name."""
        return {parameter.name: parameter.symbol for parameter in self.parameters}

    @property
    def baseline(self) -> dict[sp.Symbol, sp.Expr]:
        """The baseline value of every parameter that has one."""
        return {p.symbol: p.baseline for p in self.parameters if p.baseline is not None}

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    def __getitem__(self, key: str | sp.Symbol) -> Parameter:
        name = key if isinstance(key, str) else key.name
        if name not in self._by_name:
            raise BadInput(f"unknown parameter {name!r}", remedy="known: " + (", ".join(self._by_name) or "none"))
        return self._by_name[name]

    def values(self, given: Mapping[Any, Any]) -> dict[sp.Symbol, sp.Expr]:
        """The given values, exact, each checked against its domain."""
        result = {}
        for key, value in given.items():
            parameter = self[key]
            try:
                number_ = exact(value)
            except BadInput as error:
                raise BadInput(error.rule, place=f"parameter {parameter.name}", remedy=error.remedy) from error
            if number_.free_symbols or not number_.is_real:
                raise BadInput(f"value {number_} is not a real number", place=f"parameter {parameter.name}", remedy="give a number")
            if not parameter.domain.contains(number_):
                raise BadInput(f"value {number_} lies outside the domain {parameter.domain}", place=f"parameter {parameter.name}",
                               remedy="choose a value inside it")
            result[parameter.symbol] = number_
        return result

    def point(self, given: Mapping[Any, Any] | None = None) -> dict[sp.Symbol, sp.Expr]:
        """A full point: baseline values, overridden by `given`; assumptions checked."""
        point = {**self.baseline, **self.values(given or {})}
        missing = [parameter.name for parameter in self.parameters if parameter.symbol not in point]
        if missing:
            raise BadInput("no value given and no baseline", place=f"parameter {missing[0]}", remedy=f"add {missing[0]}=...")
        self._check_assumptions(point, BadInput)
        return {symbol: point[symbol] for symbol in self.symbols}

    def _check_assumptions(self, point: Mapping[sp.Symbol, sp.Expr], error: type[InvalidModel] | type[BadInput]) -> None:
        at = Evaluator(point)
        for assumption in self.assumptions:
            gap = at(assumption.lhs - assumption.rhs)
            if not bool(assumption.func(gap, 0)):
                raise error(f"the assumption {assumption} does not hold", place="parameters", remedy="change the values it names")

    def restricted(self, keep: set[sp.Symbol]) -> "Notation":
        """The rows of the symbols in `keep`, with the assumptions that mention only them."""
        rows = tuple(parameter for parameter in self.parameters if parameter.symbol in keep)
        return Notation(rows, tuple(a for a in self.assumptions if a.free_symbols <= keep))

    def substitute(self, values: Mapping[sp.Symbol, sp.Expr]) -> "Notation":
        """The notation of the symbols left free once `values` are put in (assumptions included)."""
        rows = tuple(parameter for parameter in self.parameters if parameter.symbol not in values)
        left = [assumption.subs(values) for assumption in self.assumptions]
        if any(assumption == sp.false for assumption in left):
            raise BadInput("the given values contradict an assumption", place="parameters", remedy="change them")
        return Notation(rows, tuple(assumption for assumption in left if assumption != sp.true))
