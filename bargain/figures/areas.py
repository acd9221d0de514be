"""The areas of an exact map: which regimes of a solution hold at a point of the plane of its two parameters.

Where regimes are disjoint an area belongs to one of them. Where they are existence regions of equilibria (`Solution.overlapping`)
an area is a cell of their overlay: the points at which the same set of equilibria exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput, TooLarge
from bargain.figures.regimes import Codes, Numbers, look
from bargain.figures.style import HATCHES, PALETTE
from bargain.notation import Notation
from bargain.regions.cells import EQ, GT, LT, Region
from bargain.regions.space import Space
from bargain.solution import Solution
from bargain.tables.mathematics import TEXT
from bargain.tables.profile import played
from bargain.tables.table import render

_BITS = {-1: LT, 0: EQ, 1: GT}
_MOST = 60  # regions of an overlay: one bit each
_SHORT = 32  # characters of a name that stands in the plot as it is


@dataclass(frozen=True)
class Chart:
    """Named regions over two symbols, with every body as a function of two arrays."""

    names: tuple[str, ...]
    regions: tuple[Region, ...]
    domain: Region
    symbols: tuple[sp.Symbol, sp.Symbol]
    overlapping: bool = False

    @classmethod
    def of(cls, solution: Solution, symbols: tuple[sp.Symbol, sp.Symbol]) -> "Chart":
        """The regions of a solution, those of equal name joined."""
        named: dict[str, list[Region]] = {}
        for place, regime in enumerate(solution.regimes):
            outcomes = dict.fromkeys(equilibrium.outcome for equilibrium in regime.extreme())
            name = regime.label or " or ".join(_spoken(outcome) for outcome in outcomes if outcome) or f"regime {place + 1}"
            named.setdefault(name, []).append(regime.condition)
        regions = tuple(Region.union(parts) for parts in named.values())
        free = set().union(*(cell.symbols for region in regions for cell in region)) - set(symbols)
        if free:
            raise BadInput(f"the regimes also depend on {', '.join(sorted(map(str, free)))}", place="regime map",
                           remedy="solve with free=[" + ", ".join(repr(symbol.name) for symbol in symbols) + "]")
        if solution.overlapping and len(named) > _MOST:
            raise TooLarge(f"{len(named)} regions overlap", place="regime map", remedy=f"at most {_MOST}: give regimes of one kind the same label")
        return cls(_brief(tuple(named)), regions, Region((Space(solution.problem.notation).domain,)), symbols, solution.overlapping)

    def bodies(self) -> list[sp.Expr]:
        """The canonical expressions of all conditions, domain included, in a fixed order."""
        return sorted({body for region in (*self.regions, self.domain) for cell in region for body, _ in cell.atoms}, key=str)

    def values(self, body: sp.Expr, across: Numbers, up: Numbers) -> Numbers:
        """The expression on a grid or along a line."""
        with np.errstate(all="ignore"):
            found = sp.lambdify(self.symbols, body, "numpy")(across, up)
        return np.broadcast_to(np.asarray(found, dtype=float), across.shape)

    def codes(self, across: Numbers, up: Numbers) -> Codes:
        """One code per point; -1 where no region holds (outside the assumptions).

        Disjoint: the place of the first region that holds. Overlapping: the sum of 2**place over the regions that hold.
        """
        signs = {body: np.sign(self.values(body, across, up)) for body in self.bodies()}
        codes: Codes = np.full(across.shape, -1, dtype=np.int64)
        for weak in (False, True):  # on a border the regimes that meet there hold too
            held = [_held(region, signs, across.shape, weak) for region in self.regions]
            found = self._overlaid(held, across.shape) if self.overlapping else self._first(held, across.shape)
            codes = np.where(codes < 0, found, codes)
        return np.where(_held(self.domain, signs, across.shape, True), codes, -1)

    def _first(self, held: list[Any], shape: tuple[int, ...]) -> Codes:
        codes: Codes = np.full(shape, -1, dtype=np.int64)
        for place, here in reversed(list(enumerate(held))):
            codes = np.where(here, place, codes)
        return codes

    def _overlaid(self, held: list[Any], shape: tuple[int, ...]) -> Codes:
        codes: Codes = np.zeros(shape, dtype=np.int64)
        for place, here in enumerate(held):
            codes |= np.where(here, np.int64(1) << place, 0)
        return np.where(codes == 0, -1, codes)

    def members(self, code: int) -> tuple[int, ...]:
        """The places of the regions that a code stands for."""
        return tuple(place for place in range(len(self.names)) if code >> place & 1) if self.overlapping else (code,)


@dataclass(frozen=True)
class Areas:
    """The areas seen on a grid: codes in the order of the legend, what stands in the plot, what in the legend, colour and hatch."""

    codes: tuple[int, ...]
    marks: tuple[str, ...]
    entries: tuple[str, ...]
    looks: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, chart: Chart, grid: Codes) -> "Areas":
        """Single regions first, in their order, then sets of them; long names give way to letters once sets occur."""
        codes = sorted({int(code) for code in np.unique(grid) if code >= 0}, key=lambda code: (len(chart.members(code)), chart.members(code)))
        sets = [chart.members(code) for code in codes]
        if all(len(members) == 1 for members in sets):
            names = tuple(chart.names[members[0]] for members in sets)
            return cls(tuple(codes), names, names, tuple(look(members[0]) for members in sets))
        seen = sorted({place for members in sets for place in members})
        short = {place: chart.names[place] for place in seen}
        if max(len(" and ".join(short[place] for place in members)) for members in sets) > _SHORT:
            short = {place: _letter(number) for number, place in enumerate(seen)}
        marks = tuple((", " if short[seen[0]] != chart.names[seen[0]] else " and ").join(short[place] for place in members) for members in sets)
        told = {place: name if name == chart.names[place] else f"{name}: {chart.names[place]}" for place, name in short.items()}
        entries = tuple(told[members[0]] if len(members) == 1 else mark for members, mark in zip(sets, marks, strict=True))
        alone = {members[0] for members in sets if len(members) == 1}
        others = tuple(told[place] for place in seen if place not in alone and told[place] != short[place])
        return cls(tuple(codes), marks, entries, _looks(sets), others)


def without_lines(grid: Codes) -> Codes:
    """The codes with those that occur on lines only (where the border of a region meets the grid) replaced by their nearest neighbours."""
    from scipy.ndimage import distance_transform_edt

    blocks = (grid[:-1, :-1] == grid[1:, :-1]) & (grid[:-1, :-1] == grid[:-1, 1:]) & (grid[:-1, :-1] == grid[1:, 1:])
    thin = ~np.isin(grid, np.unique(grid[:-1, :-1][blocks]))
    if thin.all() or not thin.any():
        return grid
    nearest = distance_transform_edt(thin, return_distances=False, return_indices=True)
    return np.asarray(grid[tuple(nearest)])


def _spoken(outcome: str) -> str:
    """A play in words; a cell of a matrix as it is."""
    return render(played(outcome, Notation()), TEXT).strip() if "/" in outcome else outcome


def _brief(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in which equilibria in mixed strategies are counted, not spelled; two that become equal are numbered.

    >>> _brief(("up,left or 3/4 up + 1/4 down, 1/2 left + 1/2 right", "down"))
    ('(up, left) or a mixed equilibrium', 'down')
    """
    found = []
    for name in names:
        parts = name.split(" or ")
        pure = [f"({part.replace(',', ', ')})" if "," in part and ", " not in part else part for part in parts if " + " not in part]
        mixed = len(parts) - len(pure)
        found.append(" or ".join([*pure, *(["a mixed equilibrium" if mixed == 1 else f"{mixed} mixed equilibria"] if mixed else [])]))
    return tuple(name if found.count(name) == 1 else f"{name} ({found[: place + 1].count(name)})" for place, name in enumerate(found))


def _letter(number: int) -> str:
    return ascii_lowercase[number] if number < 26 else f"{ascii_lowercase[number // 26 - 1]}{ascii_lowercase[number % 26]}"


def _looks(sets: Sequence[tuple[int, ...]]) -> tuple[tuple[str, str], ...]:
    """Areas of several regions are hatched, areas of one are plain as far as the colours go."""
    hatches = ("" if len(members) == 1 and place < len(PALETTE) else HATCHES[1 + (place + place // len(PALETTE)) % (len(HATCHES) - 1)]
               for place, members in enumerate(sets))
    return tuple((PALETTE[place % len(PALETTE)], hatch) for place, hatch in enumerate(hatches))


def _held(region: Region, signs: dict[sp.Expr, Numbers], shape: tuple[int, ...], weak: bool) -> Any:
    held = np.zeros(shape, dtype=bool)
    for cell in region:
        here = np.ones(shape, dtype=bool)
        for body, mask in cell.atoms:
            allowed = mask | EQ if weak else mask
            here &= np.isin(signs[body], [sign for sign, bit in _BITS.items() if bit & allowed])
        held |= here
    return held


__all__ = ["Areas", "Chart", "without_lines"]
