"""Alterations: a right answer with one entry left out, two neighbours exchanged, a number set to zero, a reply to offers or a word changed."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp
from corrupting import _APART, _NONE, _put

from bargain.notation import Notation
from bargain.solution import Component, Solution

R = sp.Rational


def altered(value: Any, label: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one entry left out, two neighbours exchanged, one number zero, one reply to offers or one word changed; and where."""
    if isinstance(value, sp.Piecewise):
        (first, condition), *rest = value.args
        yield f"{label} turned round", sp.Piecewise((1 - first, condition), *((1 - other, where) for other, where in rest))
        yield f"{label} later", value.subs(condition.rhs, condition.rhs + R(1, 97))
    elif isinstance(value, sp.Expr):
        if value != 0:
            yield f"{label} zero", sp.Integer(0)
    elif isinstance(value, str):
        yield f"{label} another word", "another"
    elif isinstance(value, Mapping | tuple):
        yield from _rearranged(value, label)
    elif is_dataclass(value) and not isinstance(value, type | Notation):
        for field in fields(value):
            if field.init and field.name not in _APART:
                for where, wrong in altered(getattr(value, field.name), f"{label}.{field.name}"):
                    try:
                        yield where, replace(value, **{field.name: wrong})
                    except _NONE:
                        continue  # such an answer does not exist


def _rearranged(value: Any, label: str) -> Iterator[tuple[str, Any]]:
    keys, inner = (list(value), list(value.values())) if isinstance(value, Mapping) else (list(range(len(value))), list(value))

    def made(keys: list[Any], inner: list[Any]) -> Any:
        return dict(zip(keys, inner, strict=True)) if isinstance(value, Mapping) else tuple(inner)

    for place, key in enumerate(keys):
        if place in (0, len(keys) - 1):
            yield f"{label} without {key}", made(keys[:place] + keys[place + 1:], inner[:place] + inner[place + 1:])
        if place and inner[place - 1] != inner[place] and isinstance(inner[place], sp.Expr | Mapping):
            yield f"{label} {key} before its neighbour", made(keys, [*inner[:place - 1], inner[place], inner[place - 1], *inner[place + 1:]])
        if not isinstance(inner[place], str):
            for where, wrong in altered(inner[place], f"{label}[{key}]"):
                yield where, made(keys, [*inner[:place], wrong, *inner[place + 1:]])


def alterations(solution: Solution) -> Iterator[tuple[str, Solution]]:
    """The solution with its first equilibrium altered."""
    item = solution.regimes[0].equilibria[0]
    for where, wrong in altered(item.vertices[0] if isinstance(item, Component) else item):
        yield where, _put(solution, 0, 0, replace(item, vertices=(wrong, *item.vertices[1:])) if isinstance(item, Component) else wrong)
