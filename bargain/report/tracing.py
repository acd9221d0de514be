"""Lines of a figure from values at points: where a line jumps or ends is found by bisection, and the line is broken there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import sympy as sp

Numbers = npt.NDArray[np.float64]
Sampled = tuple[Mapping[sp.Rational, Sequence[float]], Callable[[sp.Rational], Sequence[float]]]
_VISIBLE = 0.03  # of the height of a line: a smaller step is no jump that could be seen
_STEEPER = 1.6  # times as steep as the pieces beside it: then it may be a jump
_NARROW = 1 / 1500  # of the width of the figure: between ends as near as this there is no gap that could be seen
_TRIED, _SMOOTH = 3, 0.35  # a step that so many halvings shrink to this part of itself is a slope


@dataclass
class Trace:
    """One line: exact values at some points, more asked for where it may jump.

    value: the number at an exact point, nan where there is none. breaks: pairs of points between which the line jumps, begins or ends.
    """

    value: Callable[[sp.Rational], float]
    known: dict[sp.Rational, float]
    breaks: list[tuple[sp.Rational, sp.Rational]] = field(default_factory=list)

    def at(self, point: sp.Rational) -> float:
        """The value at a point; each is asked for once."""
        if point not in self.known:
            self.known[point] = self.value(point)
        return self.known[point]

    def broken(self) -> "Trace":
        """The line with the breaks between the points known at first."""
        points = sorted(self.known)
        narrow = (points[-1] - points[0]) * sp.Rational(_NARROW)
        found = [self.known[point] for point in points]
        finite = [value for value in found if np.isfinite(value)]
        height = max(finite) - min(finite) if finite else 0.0
        steps = [abs(after - before) for before, after in zip(found, found[1:], strict=False)]
        for k, (left, right) in enumerate(zip(points, points[1:], strict=False)):
            beside = [float(np.nan_to_num(steps[j])) for j in (k - 1, k + 1) if 0 <= j < len(steps)]
            exists = [np.isfinite(found[j]) for j in (k, k + 1)]
            if exists[0] != exists[1] or steps[k] > _VISIBLE * height and steps[k] > _STEEPER * float(np.mean(beside or [0.0])):
                self._search(left, right, narrow, _VISIBLE * height)
        return self

    def _search(self, left: sp.Rational, right: sp.Rational, narrow: sp.Rational, least: float) -> None:
        """Halve the interval towards the greater step, until it is narrow or turns out to be a slope."""
        ends, first, count = (left, right), self._step(left, right), 0
        while ends[1] - ends[0] > narrow:
            middle = (ends[0] + ends[1]) / 2
            ends = max((ends[0], middle), (middle, ends[1]), key=lambda pair: self._step(*pair))
            count += 1
            if count == _TRIED and self._step(*ends) < _SMOOTH * first:
                return
        if self._step(*ends) > min(least, first / 8):
            self.breaks.append(ends)

    def _step(self, left: sp.Rational, right: sp.Rational) -> float:
        before, after = self.at(left), self.at(right)
        if np.isfinite(before) and np.isfinite(after):
            return abs(after - before)
        return float("inf") if np.isfinite(before) or np.isfinite(after) else 0.0

    def on(self, across: Numbers) -> Numbers:
        """The line on a grid, straight between known points, with nothing inside its breaks."""
        points = sorted(self.known)
        places, found = np.array([float(point) for point in points]), np.array([self.known[point] for point in points])
        values = np.interp(across, places, found)
        below = np.minimum(np.searchsorted(places, across), len(places) - 1)
        values = np.where(places[below] == across, found[below], values)  # an end of the line, beside which there is nothing
        for left, right in self.breaks:
            values[(across > float(left)) & (across < float(right))] = np.nan
        return values


def joined(across: Numbers, traces: Iterable[Trace]) -> Numbers:
    """The grid with the ends and the middle of every break."""
    ends = [float(end) for trace in traces for left, right in trace.breaks for end in (left, (left + right) / 2, right)]
    return np.unique(np.concatenate([across, ends]))


def sampled(values: Mapping[sp.Rational, Sequence[float]], more: Callable[[sp.Rational], Sequence[float]]) -> list[Trace]:
    """One line for each number of a list that is known at some points: none where the list is shorter."""
    count = max(map(len, values.values()), default=0)

    def one(number: int, row: Sequence[float]) -> float:
        return row[number] if number < len(row) else float("nan")

    def asked(number: int) -> Callable[[sp.Rational], float]:
        return lambda point: one(number, more(point))

    return [Trace(asked(number), {point: one(number, row) for point, row in values.items()}).broken() for number in range(count)]


def everywhere(formula: Callable[[Numbers], Sequence[Numbers]], points: Sequence[sp.Rational]) -> Sampled:
    """What formulas give at these points, and at any other."""
    columns = formula(np.array([float(point) for point in points]))
    known = {point: [float(column[k]) for column in columns] for k, point in enumerate(points)}
    return known, lambda point: [float(column[0]) for column in formula(np.array([float(point)]))]


def differences(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """The differences of two lists of numbers, as far as both go."""
    return [one - other for one, other in zip(first, second, strict=False)]
