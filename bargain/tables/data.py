"""Tables as CSV, and a solution as the JSON document of the command line (a stable interface).

Exact numbers are strings ("3/7"), formulas are strings that `bargain.expressions.parse` reads
back, floats and irrational numbers are JSON numbers.
"""

import csv
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from bargain.findings import Finding
from bargain.solution import Component, Equilibrium, Regime, Solution
from bargain.tables.conditions import Condition
from bargain.tables.mathematics import TEXT, tidy, typical_point
from bargain.tables.table import Table, render


class _Code(StrPrinter):  # type: ignore[misc]
    """Formulas in the grammar of `bargain.expressions.parse`."""

    def _print_Abs(self, expression: sp.Abs) -> str:
        return f"abs({self._print(expression.args[0])})"

    def _print_Exp1(self, _: Any) -> str:
        return "exp(1)"


def to_csv(table: Table) -> str:
    """The rows as comma-separated values, headings first.

    >>> print(to_csv(Table("", ("n", "half"), ((1, sp.Rational(1, 2)),))), end="")
    n,half
    1,1/2
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(render(column, TEXT) for column in table.columns)
    writer.writerows(record.values() for record in table.records())
    return out.getvalue()


def to_json(solution: Solution, *, model: str = "", concept: str | None = None, parameters: Mapping[Any, Any] | None = None,
            quantities: Mapping[str, Any] | None = None, claims: Mapping[str, bool | None] | None = None) -> dict[str, Any]:
    """The solution as plain data, ready for ``json.dumps``."""
    return {
        "model": model or getattr(solution.problem, "title", ""),
        "concept": concept or str(solution.solver.concept),
        "parameters": {str(name): plain(value) for name, value in (parameters or {}).items()},
        "status": solution.status.value,
        "complete": solution.status.complete,
        "regimes": [_regime(regime, solution) for regime in solution.regimes],
        "quantities": plain(quantities or {}),
        "claims": {str(name): holds for name, holds in (claims or {}).items()},
        "certificate": {"max_regret": plain(solution.certificate.max_regret), "checks": list(solution.certificate.checks)},
    }


def plain(value: Any) -> Any:
    """A value as JSON data: exact numbers and formulas as strings, floats and irrational numbers as numbers.

    >>> plain({"x": sp.Rational(3, 7), "y": sp.exp(-sp.Rational(1, 80)), "z": [True, None]})
    {'x': '3/7', 'y': 0.9875778004938814, 'z': [True, None]}
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float | sp.Float):
        return _finite(float(value))
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, Decimal):
        return str(Fraction(value))
    if hasattr(value, "dtype"):
        return plain(value.tolist())
    if value in (sp.true, sp.false):
        return bool(value)
    return _formula(value) if isinstance(value, sp.Basic) else str(value)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _formula(formula: Any) -> Any:
    if isinstance(formula, sp.Piecewise):
        return {"cases": [{"when": "otherwise" if when == sp.true else _Code().doprint(when), "value": plain(value)}
                          for value, when in formula.args]}
    if formula.is_number and not formula.is_Rational and formula.is_real:
        return _finite(float(sp.N(formula, 17)))
    return _Code().doprint(formula)


def _regime(regime: Regime, solution: Solution) -> dict[str, Any]:
    return {"condition": Condition.of(regime.condition, solution.problem.notation).code(),
            "equilibria": [_equilibrium(item, solution) for item in regime.equilibria]}


def _equilibrium(item: Equilibrium | Component, solution: Solution) -> dict[str, Any]:
    if isinstance(item, Component):
        return {"component": True, "vertices": [_equilibrium(vertex, solution) for vertex in item.vertices],
                "subsets": [list(subset) for subset in item.subsets]}
    point = typical_point(solution.problem.notation)
    return {"path": list(item.path), "outcome": item.outcome,
            "strategies": {player: _strategy(nodes) for player, nodes in item.strategies.items()},
            "beliefs": plain(item.beliefs), **({"details": plain(item.details)} if isinstance(item, Finding) else {}),
            "payoffs": {player: plain(tidy(sp.sympify(value, strict=True), point)) for player, value in item.payoffs.items()}}


def _strategy(nodes: Mapping[str, Mapping[str, sp.Expr]]) -> Any:
    """One player's strategy; that of a matrix game has no nodes."""
    return plain(nodes[""] if list(nodes) == [""] else nodes)
