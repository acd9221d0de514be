"""A solution along one parameter: where its conditions change sign, and which regimes hold between.

Every condition alpha t + beta is linear in the parameter t. Which root -beta/alpha is the larger, on which side of it a regime lies, and which
of the conditions without t hold, is asked of an oracle for the other parameters (`bargain.regions.explore`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from bargain.errors import NotApplicable
from bargain.regions.cells import EQ, GT, LT, Cell
from bargain.regions.explore import Oracle
from bargain.regions.space import Space
from bargain.solution import Solution

_BITS = {-1: LT, 0: EQ, 1: GT}


@dataclass(frozen=True)
class Segment:
    """An interval of the parameter (its ends are cut-points, ends of the domain or infinite) and the regimes that hold on it, by index.

    Regimes that list the same equilibria count as the first of them. No regime holds on a segment that the solution leaves unsolved.
    """

    low: sp.Expr
    high: sp.Expr
    low_closed: bool
    high_closed: bool
    regimes: tuple[int, ...]


class Line:
    """A solution along one parameter: its conditions as linear functions of it."""

    def __init__(self, solution: Solution, parameter: sp.Symbol, space: Space) -> None:
        self.parameter, self.space = parameter, space
        self.regimes = [regime.condition.cells for regime in solution.regimes]
        listed = [regime.equilibria for regime in solution.regimes]
        self.same = [listed.index(equilibria) for equilibria in listed]
        self.linear: dict[sp.Expr, tuple[sp.Expr, sp.Expr]] = {}
        for cell in (space.domain, *(cell for cells in self.regimes for cell in cells)):
            for body, _ in cell.atoms:
                if parameter in body.free_symbols and body not in self.linear:
                    self.linear[body] = self._line(body)

    def _line(self, body: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """Slope and constant; a factor of known sign that holds the parameter is dropped first (see `sign`)."""
        reduced, orientation = self.space.essential(body)
        slope = sp.expand(orientation * sp.diff(reduced, self.parameter))
        if self.parameter in slope.free_symbols:
            raise NotApplicable(f"the condition on {body} is not linear in {self.parameter}", place="cut-points", remedy="choose another parameter")
        return slope, sp.expand(orientation * reduced - slope * self.parameter)

    def segments(self, oracle: Oracle) -> tuple[Segment, ...]:
        """What happens along the line, at the other parameters of the oracle's cell."""
        direction = {body: oracle.sign(slope) for body, (slope, _) in self.linear.items()}
        groups: list[list[sp.Expr]] = []  # roots in increasing order, equal ones together
        place: dict[sp.Expr, int] = {}
        for body, (slope, constant) in self.linear.items():
            if direction[body]:
                _insert(oracle, groups, sp.cancel(-constant / slope))
        for body, (slope, constant) in self.linear.items():
            if direction[body]:
                root = sp.cancel(-constant / slope)
                place[body] = next(number for number, group in enumerate(groups) if root in group)
        roots = [group[0] for group in groups]
        pieces = []
        for number in range(2 * len(roots) + 1):  # even: the interval below root number/2; odd: the root itself
            signs = {body: self._sign(oracle, body, direction[body], number, place) for body in self.linear}
            if _allowed(oracle, self.space.domain, signs, self.parameter):
                inside = dict.fromkeys(self.same[k] for k, cells in enumerate(self.regimes) if any(_allowed(oracle, cell, signs, None) for cell in cells))
                pieces.append((number, tuple(inside)))
        return tuple(_joined(pieces, roots))

    def _sign(self, oracle: Oracle, body: sp.Expr, direction: int, number: int, place: dict[sp.Expr, int]) -> int:
        if not direction:
            return oracle.sign(self.linear[body][1])
        root = 2 * place[body] + 1
        return direction * ((number > root) - (number < root))


def _insert(oracle: Oracle, groups: list[list[sp.Expr]], root: sp.Expr) -> None:
    for position, group in enumerate(groups):
        if root in group:
            return
        sign = oracle.sign(root - group[0])
        if sign == 0:
            group.append(root)
            return
        if sign < 0:
            groups.insert(position, [root])
            return
    groups.append([root])


def _allowed(oracle: Oracle, cell: Cell, signs: dict[sp.Expr, int], only: sp.Symbol | None) -> bool:
    """Whether a cell's atoms hold: first those whose sign is known, then, by asking, the rest (none of the rest if `only` is given)."""
    if not all(mask & _BITS[signs[body]] for body, mask in cell.atoms if body in signs):
        return False
    return only is not None or all(mask & _BITS[oracle.sign(body)] for body, mask in cell.atoms if body not in signs)


def _joined(pieces: list[tuple[int, tuple[int, ...]]], roots: list[sp.Expr]) -> Iterator[Segment]:
    """Neighbouring pieces with the same regimes as one segment; a root at which no regime holds separates the intervals around it."""
    runs: list[tuple[int, int, tuple[int, ...]]] = []
    for number, inside in pieces:
        if number % 2 and not inside and len(pieces) > 1:
            continue
        if runs and runs[-1][2] == inside and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number, inside)
        else:
            runs.append((number, number, inside))
    for first, last, inside in runs:
        low = roots[first // 2] if first % 2 else roots[first // 2 - 1] if first else -sp.oo
        high = roots[last // 2] if last < 2 * len(roots) else sp.oo
        yield Segment(low, high, bool(first % 2), bool(last % 2), inside)
