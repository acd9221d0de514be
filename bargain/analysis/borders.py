"""Where regimes meet: the hypersurfaces across which a small change of the parameters leads from one to another.

Two regimes are neighbours iff on some surface f = 0, f an irreducible factor of a condition of
both, there is an admissible point at which all their other conditions hold strictly: around it one
regime lies where f < 0 and the other where f > 0. The decider settles whether there is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import sympy as sp

from bargain.analysis.signs import Sign, plain_cells, sign_on
from bargain.regions.cells import EQ, GT, LT, Cell, Region
from bargain.regions.space import Space
from bargain.solution import Solution


@dataclass(frozen=True)
class Border:
    """The common boundary of two regimes (by index): `below` where surface < 0, `above` where surface > 0.

    where: the part of the surface on which they meet. crossing: for each parameter of the surface, ``+`` if
    raising it leads from `below` to `above`, ``-`` if the other way. proved: whether it was confirmed that they meet.
    """

    below: int
    above: int
    surface: sp.Expr
    where: Region
    crossing: Mapping[sp.Symbol, Sign]
    proved: bool = True


def borders(solution: Solution, space: Space | None = None) -> tuple[Border, ...]:
    """Every border between regimes with different equilibria. Strata of measure zero and overlapping regimes have none.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> for border in borders(bg.solve(m.game, bg.SubgamePerfect())):
    ...     print(border.below, border.above, border.surface, *(f"{s}{sign}" for s, sign in border.crossing.items()))
    0 1 a + w_C a+ w_C+
    0 2 a + w_C a+ w_C+
    1 2 l + w_D l+ w_D+
    1 3 l + w_D l+ w_D+
    2 3 w_C w_C+
    """
    if solution.overlapping:
        return ()
    space = space or Space(solution.problem.notation)
    cells = [tuple(plain_cells(space, regime.condition)) for regime in solution.regimes]
    found = []
    for first, second in combinations(range(len(cells)), 2):
        if solution.regimes[first].equilibria == solution.regimes[second].equilibria:
            continue
        meeting: dict[tuple[sp.Expr, bool], list[tuple[Cell, bool]]] = {}
        for left in cells[first]:
            for right in cells[second]:
                for surface, rising, cell, proved in _met(space, left, right):
                    meeting.setdefault((surface, rising), []).append((cell, proved))
        for (surface, rising), parts in meeting.items():
            where = Region(tuple(dict.fromkeys(cell for cell, _ in parts)))
            crossing = {symbol: sign_on(space, sp.diff(surface, symbol), where) for symbol in space.notation.symbols if symbol in surface.free_symbols}
            if any(sign is not Sign.ZERO for sign in crossing.values()):
                low, high = (first, second) if rising else (second, first)
                found.append(Border(low, high, surface, where, crossing, any(proved for _, proved in parts)))
    return tuple(found)


def _met(space: Space, left: Cell, right: Cell) -> Iterator[tuple[sp.Expr, bool, Cell, bool]]:
    """The surface between two cells, if there is one: the body, whether `right` lies where it is positive, the stratum, whether it was confirmed."""
    signs = dict(left.atoms)
    opposite = [body for body, mask in right.atoms if signs.get(body, mask) != mask]
    if len(opposite) != 1:  # with none they are separated elsewhere or share points; two surfaces meet in less than a border
        return
    (body,) = opposite
    stratum = space.reduced((left.without(body) & right.without(body)) & Cell(((body, EQ),)))
    answer = space.feasible(stratum).answer
    if answer is not False:
        assert signs[body] in (LT, GT)
        yield body, signs[body] == LT, stratum, answer is True
