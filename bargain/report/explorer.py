"""A solution that a reader can move about in: sliders, a map of its regimes, and the equilibria at the point, in one HTML fragment.

The conditions and payoffs in the page are those of the solution, printed as JavaScript by sympy. A page has one copy of the program
(`PROGRAM`) and one fragment an exhibit.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import sympy as sp

from bargain.analysis.measures import Measure, measures
from bargain.expressions import Evaluator
from bargain.notation import Parameter
from bargain.solution import Solution
from bargain.tables.conditions import Condition
from bargain.tables.mathematics import TEXT
from bargain.tables.table import render

__all__ = ["MOST", "PROGRAM", "fragment"]

PROGRAM = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
MOST = 4  # sliders
_STEPS = 1000
_KINDS = ("payoff", "quantity")


def fragment(name: str, title: str, solution: Solution, ranges: Mapping[sp.Symbol, tuple[Any, Any]], at: Mapping[sp.Symbol, Any]) -> str:
    """HTML for an explorer of a symbolic solution; `PROGRAM` must stand before it in the page.

    ranges: the parameters with sliders and their ends, the first two those of the map. at: where the point starts, and the values of
    all parameters without a slider.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> solution = bg.solve(m.game, bg.SubgamePerfect())
    >>> page = fragment("d", "Deterrence", solution, {m.w_C: (-1, 1), m.w_D: (-1, 1)}, m.game.notation.baseline)
    >>> page.count("<input"), page.count("<canvas")
    (2, 1)
    """
    sliders = [_slider(solution.problem.notation[symbol], ends, at[symbol]) for symbol, ends in ranges.items()]
    controls = "\n".join(_control(f"{name}-{k}", slider) for k, slider in enumerate(sliders))
    model = _model(solution, list(ranges), sliders, at)
    return (f'<div class="explorer" id="{escape(name)}" role="group" aria-label="{escape(title)}">\n'
            f'<p><strong>{escape(title)}.</strong> Move the sliders, or click on the map.</p>\n'
            f'{controls}\n<canvas width="360" height="360" role="img" aria-label="{escape(title)}"></canvas>\n<div class="wide" aria-live="polite"></div>\n'
            f'<script>explorer(document.getElementById({json.dumps(name)}), {model});</script>\n</div>')


def _slider(parameter: Parameter, ends: tuple[Any, Any], base: Any) -> dict[str, Any]:
    low, high = (float(sp.sympify(end, strict=True)) if not isinstance(end, str) else float(sp.Rational(end)) for end in ends)
    return {"name": parameter.name, "label": parameter.meaning or parameter.name, "low": low, "high": high, "base": min(max(float(base), low), high)}


def _control(name: str, slider: Mapping[str, Any]) -> str:
    step = (slider["high"] - slider["low"]) / _STEPS
    return (f'<p><label for="{escape(name)}">{escape(slider["label"])} ({escape(slider["name"])})</label>\n'
            f'<input type="range" id="{escape(name)}" min="{slider["low"]!r}" max="{slider["high"]!r}" step="{step!r}" value="{slider["base"]!r}">\n'
            f'<output for="{escape(name)}">{slider["base"]:.6g}</output></p>')


def _model(solution: Solution, moved: Sequence[sp.Symbol], sliders: Sequence[Mapping[str, Any]], at: Mapping[sp.Symbol, Any]) -> str:
    """The solution as a JavaScript object: data as JSON, conditions and values as two functions of the point."""
    value = Evaluator({symbol: number for symbol, number in at.items() if symbol not in set(moved)})
    bodies: dict[sp.Expr, int] = {}
    values: dict[sp.Expr, int] = {}
    listed = [[measures(solution.problem, e) for e in regime.extreme()] for regime in solution.regimes]
    columns = [m for m in dict.fromkeys(m for group in listed for found in group for m in found) if m.kind in _KINDS]
    regimes = [
        {
            "condition": render(Condition.of(regime.condition, solution.problem.notation), TEXT),
            "cells": [[[bodies.setdefault(value(body), len(bodies)), relation] for body, relation in cell.atoms] for cell in regime.condition.cells],
            "equilibria": [{"outcome": e.outcome or e.concept, "values": _places(found, columns, value, values)}
                           for e, found in zip(regime.extreme(), group, strict=True)],
        }
        for regime, group in zip(solution.regimes, listed, strict=True)
    ]
    data = {"parameters": list(sliders), "columns": [str(column) for column in columns], "regimes": regimes}
    plain = json.dumps(data).replace("</", "<\\/")
    return f"{{...{plain}, bodies: {_function(list(bodies), moved)}, values: {_function(list(values), moved)}}}"


def _places(found: Mapping[Measure, sp.Expr], columns: Sequence[Measure], value: Evaluator, values: dict[sp.Expr, int]) -> list[int]:
    """Where each column's value stands among the values; -1 if the equilibrium has none."""
    return [values.setdefault(value(found[column]), len(values)) if column in found else -1 for column in columns]


def _function(expressions: Sequence[sp.Expr], moved: Sequence[sp.Symbol]) -> str:
    """A JavaScript function from the moved parameters to the values of the expressions."""
    names = [sp.Symbol(f"p{k}", real=True) for k in range(len(moved))]
    renamed = dict(zip(moved, names, strict=True))
    shared, reduced = sp.cse([e.xreplace(renamed) for e in expressions], symbols=sp.numbered_symbols("t"), order="none")
    lines = [f"const {symbol} = {sp.jscode(part)};" for symbol, part in shared]
    return f"([{', '.join(map(str, names))}]) => {{ {' '.join(lines)} return [{', '.join(sp.jscode(part) for part in reduced)}]; }}"
