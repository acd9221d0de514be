"""Figures and tables a model asks for, as plain data: what to draw, never how.

A model lists exhibits; the report computes and draws them. A line of a `Curve` is an expression
of the parameters, the name of a quantity of the model, a pair (problem, quantity) solved with the
curve's parameter left free, a pair of such pairs (their difference), or a function of the model that returns an expression.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Curve:
    """Quantities along one parameter. `band` names two of the lines as the edges of a shaded band;
    `reference` is a horizontal line (an expression), `threshold` a vertical one. `around`: another parameter and two values of it, between
    which every line is a band. `span`: a shaded interval of the parameter. `ordinate`: what the vertical axis measures."""

    title: str
    parameter: sp.Symbol
    interval: tuple[Any, Any]
    lines: Mapping[str, Any]
    band: tuple[str, str] | None = None
    reference: tuple[str, Any] | None = None
    threshold: tuple[str, Any] | None = None
    around: tuple[sp.Symbol, Any, Any] | None = None
    span: tuple[str, Any, Any] | None = None
    ordinate: str = ""


@dataclass(frozen=True)
class OutcomeMap:
    """Outcomes of a perfect-information tree over a grid of two parameters.

    `code` turns a path of play into a short label, which `key` explains in the caption; each panel is a
    title with parameter values.
    """

    title: str
    problem: str
    x: tuple[sp.Symbol, Any, Any]
    y: tuple[sp.Symbol, Any, Any]
    code: Callable[[tuple[str, ...]], str]
    panels: tuple[tuple[str, Mapping[sp.Symbol, Any]], ...] = (("", {}),)
    key: str = ""


@dataclass(frozen=True)
class RegionMap:
    """Regimes of a problem over two parameters left free, with exact borders.

    contours: a name, a number of an equilibrium and its levels; where several equilibria exist, the largest number is drawn.
    """

    title: str
    problem: str
    x: tuple[sp.Symbol, Any, Any]
    y: tuple[sp.Symbol, Any, Any]
    contours: tuple[str, Callable[[Any], Any], tuple[float, ...]] | None = None


@dataclass(frozen=True)
class Plane:
    """Labelled points against curves, from a function of the `Point`: points (label, x, y), lines (label, slope, intercept)."""

    title: str
    axes: tuple[str, str]
    points: Callable[[Any], list[tuple[str, Any, Any]]]
    lines: Callable[[Any], list[tuple[str, Any, Any]]] = field(default=lambda point: [])


@dataclass(frozen=True)
class Listing:
    """A table of quantities of the model, one row per value of a parameter; `limit` gives a last row its title and the quantity of each column."""

    title: str
    parameter: sp.Symbol
    values: tuple[Any, ...]
    columns: Mapping[str, str]
    limit: tuple[str, Mapping[str, str]] | None = None


Exhibit = Curve | OutcomeMap | RegionMap | Plane | Listing
