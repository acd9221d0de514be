"""Corruptions: a right answer, or the problem it is held against, with one number moved."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp

from bargain.certify.check import _checker
from bargain.errors import BargainError
from bargain.notation import Notation
from bargain.solution import Certificate, Component, Equilibrium, Regime, Solution

_APART = ("concept", "ties", "free", "title", "source", "notation", "players", "subsets", "round", "number", "share", "time", "worth_symbol", "period")
_NONE = (BargainError, TypeError, ValueError, AttributeError, KeyError)


def moved(value: Any, step: sp.Expr, label: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one exact number inside it moved by the step, for each such number, and where it stands."""
    if isinstance(value, sp.Expr):
        if not isinstance(value, sp.Piecewise) and not value.is_infinite:
            yield label, value + step
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            for place, wrong in moved(inner, step, f"{label}[{key if isinstance(key, str) else ','.join(map(str, key)) if isinstance(key, tuple) else key}]"):
                yield place, {**value, key: wrong}
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            for place, wrong in moved(inner, step, f"{label}[{number}]"):
                yield place, (*value[:number], wrong, *value[number + 1:])
    elif is_dataclass(value) and not isinstance(value, type | Notation):
        for field in fields(value):
            if field.init and field.name not in _APART:
                for place, wrong in moved(getattr(value, field.name), step, f"{label}.{field.name}"):
                    try:
                        yield place, replace(value, **{field.name: wrong})
                    except _NONE:
                        continue  # such a problem or answer does not exist


def answers(solution: Solution, step: sp.Expr) -> Iterator[tuple[str, Solution]]:
    """The solution with one number of one of its first three equilibria moved."""
    for number, regime in enumerate(solution.regimes[:3]):
        for place, item in enumerate(regime.equilibria[:3]):
            vertices = item.vertices[:2] if isinstance(item, Component) else (item,)
            for index, vertex in enumerate(vertices):
                for label, wrong in moved(vertex, step):
                    changed = replace(item, vertices=(*item.vertices[:index], wrong, *item.vertices[index + 1:])) if isinstance(item, Component) else wrong
                    yield f"regime {number}, {place}.{index}{label}", _put(solution, number, place, changed)


def _put(solution: Solution, number: int, place: int, item: Equilibrium | Component) -> Solution:
    regime = solution.regimes[number]
    changed = Regime(regime.condition, (*regime.equilibria[:place], item, *regime.equilibria[place + 1:]), regime.label)
    return replace(solution, regimes=(*solution.regimes[:number], changed, *solution.regimes[number + 1:]))


def problems(solution: Solution, step: sp.Expr) -> Iterator[tuple[str, Solution]]:
    """The solution held against the problem with one number moved."""
    for label, wrong in moved(solution.problem, step):
        yield f"problem{label}", replace(solution, problem=wrong)


def gains(certificate: Certificate) -> tuple[int, str]:
    """How many accusations a certificate makes, and the sum of the gains they state as numbers."""
    total = 0.0
    for said in (*certificate.refuted, *certificate.undecided):
        found = re.search(r"\(gain ([^a-zA-Z]*)\)$", said)
        total += float(sp.Rational(found[1])) if found and re.fullmatch(r"-?\d+(/\d+)?", found[1]) else 0.0
    return len(certificate.refuted) + 1000 * len(certificate.undecided), f"{total:.7g}"


def evidence(solution: Solution) -> dict[str, tuple[int, str]]:
    """What is checked of an answer: for every kind of check how many there are, and a weighted sum of excesses and conditions at one generic point."""
    found: dict[str, tuple[int, float]] = {}
    checker = _checker(solution.solver.concept, solution.problem)
    for regime in solution.regimes[:3]:
        for item in regime.equilibria[:3]:
            for check in checker(solution.problem, solution.solver, item):
                kind = check.what.split(":")[0]
                count, total = found.get(kind, (0, 0.0))
                size = _size(check.excess) + sum((mask + 2) * _size(body) / (3 + place) for place, (body, mask) in enumerate(check.where.atoms)) + check.open
                found[kind] = (count + 1, total + size / (5 + count))
    return {kind: (count, f"{total:.6g}") for kind, (count, total) in sorted(found.items())}


def _size(value: sp.Expr) -> float:
    """The value at a generic point (its real part where it has another)."""
    symbols = sorted(value.free_symbols, key=lambda symbol: (str(symbol), symbol.is_positive is True))
    point = {symbol: sp.Rational(1, 3) + sp.Rational(number, 7) for number, symbol in enumerate(symbols)}
    number = sp.sympify(value.subs(point)).evalf(15)
    return float(sp.re(number)) if number.is_number and number.is_finite else 0.125
