"""How much of the prior a region occupies: an exact fraction where that can be had, an estimate with its error otherwise.

With uniform priors the share of a region R is vol(R and A and B) / vol(A and B), B the prior box
and A the set of admissible points (domains and joint assumptions). Conditions that are products
of affine functions of the free parameters cut B into polytopes, whose volumes are exact rationals:
the union of the cells of R is measured by splitting B along one condition after the other, so
overlaps count once. Otherwise, or where that would take too many pieces, scrambled Sobol points
are counted; the standard error comes from independent scramblings (Owen 1997, Annals of
Statistics 25:1541-1562).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from bargain.analysis.planes import Plane, TooManyPieces, affine_factors, union
from bargain.analysis.priors import PriorBox
from bargain.compile import vectorised
from bargain.errors import BadInput, NotApplicable
from bargain.expressions import Evaluator
from bargain.kernels.volume import box
from bargain.notation import Notation
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell, Region
from bargain.regions.explore import number_sign
from bargain.regions.space import Space
from bargain.solution import Solution

_DIMENSIONS, _PIECES = 6, 20_000  # beyond these the volume is estimated
_COMPARE = {LT: np.less, EQ: np.equal, LE: np.less_equal, GT: np.greater, NE: np.not_equal, GE: np.greater_equal}
_SCRAMBLINGS, _POWER = 16, 13  # 16 independent sets of 2**13 points


@dataclass(frozen=True)
class Share:
    """A share of the prior: an exact rational (`error` 0), or an estimate with its standard error and the points it rests on.

    >>> print(Share(sp.Rational(1, 3), 0.0), "|", Share(0.33329, 0.0004, 131072))
    1/3 (exact) | 0.3333 (standard error 0.0004, 131072 points)
    """

    value: Any
    error: float
    points: int = 0

    @property
    def exact(self) -> bool:
        """Whether the value is exact."""
        return self.points == 0

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return f"{self.value} (exact)" if self.exact else f"{float(self.value):.4f} (standard error {self.error:.1g}, {self.points} points)"


def share(region: Region | Cell, notation: Notation, *, prior: Mapping[Any, Any] | None = None, seed: int = 0) -> Share:
    """The share of the prior box that a region occupies.

    prior: {name: (low, high)} instead of the priors of the notation; a single number fixes a parameter.
    Parameters without a prior are held at their baseline. seed: of the scrambled points, if any are needed.

    >>> import bargain as bg
    >>> p, c = sp.symbols("p c", real=True)
    >>> unit = Notation((bg.Parameter(p, "chance", prior=(0, 1)), bg.Parameter(c, "cost", prior=(0, 2))))
    >>> print(share(Cell.of(p > c), unit))
    1/4 (exact)
    """
    return _Measure(PriorBox.of(notation, prior), notation, seed).share(region.cells if isinstance(region, Region) else (region,))


def regime_shares(solution: Solution, *, prior: Mapping[Any, Any] | None = None, seed: int = 0) -> tuple[Share, ...]:
    """The share of the prior of each regime, in the order of the regimes.

    Regimes that list the same equilibria may overlap; `outcome_shares` counts such points once.
    """
    measure = _Measure(PriorBox.of(solution.problem.notation, prior), solution.problem.notation, seed)
    return tuple(measure.share(regime.condition.cells) for regime in solution.regimes)


def outcome_shares(solution: Solution, *, prior: Mapping[Any, Any] | None = None, seed: int = 0) -> dict[str, Share]:
    """The share of the prior in which each outcome is an equilibrium outcome; several can be where equilibria coexist.

    >>> import bargain as bg
    >>> from bargain.models.classics import ultimatum as m
    >>> found = outcome_shares(bg.solve(m.game, bg.SubgamePerfect(exact=True)), prior={"w_A": (0, 1), "w_B": (0, 1)})
    >>> {outcome: str(part) for outcome, part in found.items()}
    {'agreement': '1/2 (exact)', 'outside options': '1/2 (exact)'}
    """
    measure = _Measure(PriorBox.of(solution.problem.notation, prior), solution.problem.notation, seed)
    cells: dict[str, dict[Cell, None]] = {}
    for regime in solution.regimes:
        for outcome in dict.fromkeys(equilibrium.outcome for equilibrium in regime.extreme()):
            cells.setdefault(outcome, {}).update(dict.fromkeys(regime.condition.cells))
    return {outcome: measure.share(tuple(found)) for outcome, found in cells.items()}


class _Measure:
    """Shares of one prior box; the volume of its admissible part is found once."""

    def __init__(self, prior: PriorBox, notation: Notation, seed: int) -> None:
        self.prior, self.seed = prior, seed
        self.symbols = list(prior.intervals)
        self._at = Evaluator(prior.fixed)
        self._planes: dict[tuple[sp.Expr, tuple[sp.Symbol, ...]], tuple[list[Plane], int]] = {}
        self._assumed = self._fixed(Space(notation).domain)
        if self._assumed is None:
            raise BadInput("the fixed values contradict an assumption or a domain", place="prior", remedy="change them")

    def share(self, cells: Sequence[Cell]) -> Share:
        """Exact if conditions and assumptions are affine and the pieces not too many."""
        kept = [cell for cell in map(self._fixed, cells) if cell is not None and not cell.has_equality]
        assert self._assumed is not None
        used = _linked(set().union(*(cell.symbols for cell in kept)), self._assumed, self.symbols) if kept else []
        if len(used) > _DIMENSIONS:
            return self._estimate(kept)
        try:
            return Share(self._exact(kept, used), 0.0)
        except (TooManyPieces, NotApplicable):
            return self._estimate(kept)

    def _fixed(self, cell: Cell) -> Cell | None:
        """The cell with the fixed values put in; None if it is empty."""
        held = set(self.prior.fixed)
        result = Cell(tuple((body, mask) for body, mask in cell.atoms if not body.free_symbols & held))
        for body, mask in cell.atoms:
            if not body.free_symbols & held:
                continue
            value = self._at(body)
            if value.is_number:
                if not mask & {-1: LT, 0: EQ, 1: GT}[number_sign(value)]:
                    return None
                continue
            result = result.where(value, mask)
        return None if result.trivially_empty else result

    def _exact(self, cells: list[Cell], used: list[sp.Symbol]) -> sp.Rational:
        assert self._assumed is not None
        if not used:
            return sp.Integer(int(bool(cells)))
        body = box([_pair(self.prior.intervals[symbol]) for symbol in used])
        linked = Cell(tuple(atom for atom in self._assumed.atoms if atom[0].free_symbols <= set(used)))
        whole = list(self._sides(linked, used))
        inside = [{**a, **b} for a in whole for cell in cells for b in self._sides(cell, used) if all(a.get(plane, side) == side for plane, side in b.items())]
        planes = list(dict.fromkeys(plane for sides in (*whole, *inside) for plane in sides))
        number = {plane: index for index, plane in enumerate(planes)}
        total, part = (union(body, [{number[plane]: side for plane, side in sides.items()} for sides in parts], planes, [_PIECES])
                       for parts in (whole, inside))
        if not total:
            raise BadInput("the prior box has no admissible part", place="prior", remedy="change the intervals or the assumptions")
        part /= total
        return sp.Rational(part.numerator, part.denominator)

    def _sides(self, cell: Cell, symbols: list[sp.Symbol]) -> Iterator[dict[Plane, int]]:
        """The cell, up to sets of measure zero, as alternatives: each a choice of sides of planes (one per sign pattern of a product)."""
        choices = []
        for body, mask in cell.atoms:
            if mask == NE:
                continue
            factors, sign = self._factors(body, symbols)
            wanted = sign * (1 if mask & GT else -1)
            choices.append([dict(zip(factors, signs, strict=True)) for signs in product((-1, 1), repeat=len(factors)) if np.prod(signs, dtype=int) == wanted])
        for combination in product(*choices):
            sides: dict[Plane, int] = {}
            if all(sides.setdefault(plane, side) == side for part in combination for plane, side in part.items()):
                yield sides

    def _factors(self, body: sp.Expr, symbols: list[sp.Symbol]) -> tuple[list[Plane], int]:
        key = (body, tuple(symbols))
        if key not in self._planes:
            self._planes[key] = affine_factors(body, symbols)
        return self._planes[key]

    def _estimate(self, cells: list[Cell]) -> Share:
        from scipy.stats import qmc

        assert self._assumed is not None
        bodies = list(dict.fromkeys(atom[0] for cell in (*cells, self._assumed) for atom in cell.atoms))
        signs = vectorised(bodies, self.symbols) if bodies else None
        low, high = (np.array([float(self.prior.intervals[symbol][end]) for symbol in self.symbols]) for end in (0, 1))
        seeds = np.random.SeedSequence(self.seed).spawn(_SCRAMBLINGS)
        counts = []
        for one in seeds:
            draws = qmc.scale(qmc.Sobol(len(self.symbols), seed=np.random.default_rng(one)).random_base2(_POWER), low, high)
            values = dict(zip(bodies, signs(list(draws.T)), strict=True)) if signs else {}
            admissible = _holds(self._assumed, values, len(draws))
            inside = np.zeros(len(draws), dtype=bool)
            for cell in cells:
                inside |= _holds(cell, values, len(draws))
            counts.append((int((inside & admissible).sum()), int(admissible.sum())))
        hits, base = (np.array(column, dtype=float) for column in zip(*counts, strict=True))
        if not base.sum():
            raise BadInput("no admissible point among those drawn", place="prior", remedy="change the intervals or the assumptions")
        value = hits.sum() / base.sum()
        spread = np.sqrt(((hits - value * base) ** 2).sum() * _SCRAMBLINGS / (_SCRAMBLINGS - 1)) / base.sum()
        return Share(float(value), float(spread), _SCRAMBLINGS * 2**_POWER)


def _linked(used: set[sp.Symbol], assumed: Cell, order: list[sp.Symbol]) -> list[sp.Symbol]:
    """The symbols that matter: those used, and those that assumptions tie to them."""
    before = -1
    while before != len(used):
        before = len(used)
        for body, _ in assumed.atoms:
            if len(body.free_symbols) > 1 and body.free_symbols & used:
                used |= body.free_symbols
    return [symbol for symbol in order if symbol in used]


def _pair(ends: tuple[sp.Rational, sp.Rational]) -> tuple[Fraction, Fraction]:
    return Fraction(int(ends[0].p), int(ends[0].q)), Fraction(int(ends[1].p), int(ends[1].q))


def _holds(cell: Cell, values: Mapping[sp.Expr, np.ndarray[Any, Any]], size: int) -> np.ndarray[Any, Any]:
    inside = np.ones(size, dtype=bool)
    for body, mask in cell.atoms:
        value = values[body]
        if np.isnan(value).any():
            raise NotApplicable(f"{body} has no value at some points of the prior", place="share", remedy="restrict the priors")
        inside &= _COMPARE[mask](value, 0)
    return inside
