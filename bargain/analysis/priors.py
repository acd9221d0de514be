"""The box of a uniform prior: intervals for the parameters that vary, values for those held fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import exact
from bargain.notation import Notation


@dataclass(frozen=True)
class PriorBox:
    """Independent uniform priors on intervals of positive length; every other parameter has a value."""

    intervals: Mapping[sp.Symbol, tuple[sp.Rational, sp.Rational]]
    fixed: Mapping[sp.Symbol, sp.Expr]

    @classmethod
    def of(cls, notation: Notation, prior: Mapping[Any, Any] | None = None) -> "PriorBox":
        """The priors of a notation, those in `prior` put in their place: a pair (low, high), or a number that fixes the parameter.

        A parameter without a prior is held at its baseline. An interval is cut to the parameter's domain.
        """
        given = {notation[name].symbol: value for name, value in (prior or {}).items()}
        intervals, fixed = {}, {}
        for parameter in notation:
            value = given.get(parameter.symbol, parameter.prior if parameter.prior is not None else parameter.baseline)
            place = f"prior of {parameter.name}"
            if value is None:
                raise BadInput("neither a prior nor a baseline", place=place, remedy=f"give prior={{'{parameter.name}': (low, high)}}")
            ends = tuple(map(exact, value)) if isinstance(value, tuple | list) else (exact(value), exact(value))
            if len(ends) != 2 or not all(end.is_Rational for end in ends) or ends[0] > ends[1]:
                raise BadInput(f"{value} is not an interval", place=place, remedy="give (low, high) with rational ends, low at most high")
            low, high = max(ends[0], parameter.domain.low), min(ends[1], parameter.domain.high)
            if low > high or (low == high and not parameter.domain.contains(low)):
                raise BadInput(f"[{ends[0]}, {ends[1]}] lies outside the domain {parameter.domain}", place=place, remedy="choose an interval inside it")
            if low == high:
                fixed[parameter.symbol] = low
            else:
                intervals[parameter.symbol] = (low, high)
        if not intervals:
            raise BadInput("no parameter has a prior", place="prior", remedy="give prior={'name': (low, high), ...}")
        return cls(intervals, fixed)
