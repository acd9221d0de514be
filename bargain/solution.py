"""What a solver returns: regimes, each a condition on parameters with its equilibria.

A numeric answer is one regime whose condition is the whole space, so nothing downstream
asks "symbolic or numeric?".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.equilibrium import Component as Component
from bargain.equilibrium import Equilibrium as Equilibrium
from bargain.equilibrium import Strategies as Strategies
from bargain.errors import BadInput
from bargain.expressions import Evaluator
from bargain.regions.cells import Cell, Region
from bargain.showing import Shown

if TYPE_CHECKING:
    from bargain.analysis.arrays import CompiledSolution
    from bargain.analysis.cutpoints import CutPoints
    from bargain.analysis.shares import Share
    from bargain.analysis.statics import ComparativeStatics


class Status(Enum):
    """How much was established; each value is a sentence and claims no more than was done."""

    PROVED = "proved for all parameters: every regime passed its certificate, and the regimes cover the parameter space"
    CERTIFIED = "certified exactly at this point: every equilibrium passed an independent check"
    WITHIN = "verified within numerical tolerance, not exactly"
    INCOMPLETE = "every equilibrium listed is certified, but the list is not proved complete"
    UNCERTIFIED = "computed, but the certificate could not be decided"
    NOT_DECIDED = "not decided within the limits given"

    @property
    def certified(self) -> bool:
        """Whether every equilibrium listed passed an exact check."""
        return self in (Status.PROVED, Status.CERTIFIED, Status.INCOMPLETE)

    @property
    def complete(self) -> bool | None:
        """True if the list is complete, False if it is not, None if unknown."""
        return True if self in (Status.PROVED, Status.CERTIFIED) else None


@dataclass(frozen=True)
class Regime:
    """A condition on parameters and the equilibria that exist there (all of them, unless the status says otherwise)."""

    condition: Region
    equilibria: tuple[Equilibrium | Component, ...]
    label: str = ""

    @property
    def cell(self) -> Cell:
        """The first conjunction of the condition."""
        return self.condition.cells[0]

    def extreme(self) -> Iterator[Equilibrium]:
        """Every equilibrium, components replaced by their vertices."""
        for equilibrium in self.equilibria:
            yield from equilibrium.vertices if isinstance(equilibrium, Component) else (equilibrium,)


@dataclass(frozen=True)
class Certificate:
    """The evidence: what was checked, how many checks, and the largest gain from deviating that remained possible."""

    max_regret: sp.Expr | None
    checks: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was refuted and nothing left undecided."""
        return not self.refuted and not self.undecided


@dataclass(frozen=True)
class Solution(Shown):
    """The answer to ``solve(problem, solver)``: regimes, their status, and the certificate.

    `boundary` holds the strata of measure zero that the regimes leave out; on them the
    equilibria of the adjacent regimes coexist, and others may exist. With ``exact=True`` only strata to
    which the algorithm does not apply are left out; these are unsolved. `overlapping`: each regime is
    the region in which its equilibria exist, and regimes share points where several equilibria coexist;
    otherwise regimes are disjoint and each lists every equilibrium of its points.
    """

    problem: Any
    solver: Any
    status: Status
    regimes: tuple[Regime, ...]
    certificate: Certificate = Certificate(None)
    boundary: Region = Region()
    stats: Mapping[str, Any] = field(default_factory=dict)
    overlapping: bool = False

    @property
    def equilibria(self) -> tuple[Equilibrium | Component, ...]:
        """The equilibria of a one-regime (numeric) solution."""
        if len(self.regimes) != 1:
            raise BadInput(f"the solution has {len(self.regimes)} regimes", place="solution", remedy="choose a point: solution.at(...)")
        return self.regimes[0].equilibria

    @property
    def extreme(self) -> tuple[Equilibrium, ...]:
        """All equilibria of a one-regime solution, components replaced by their vertices."""
        return tuple(e for item in self.equilibria for e in (item.vertices if isinstance(item, Component) else (item,)))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The distinct outcomes over all regimes, in order."""
        return tuple(dict.fromkeys(e.outcome for regime in self.regimes for e in regime.extreme()))

    def at(self, values: Mapping[Any, Any] | None = None, **more: Any) -> "Solution":
        """The solution at one point: the regime that holds there, with numbers put in.

        On a boundary between regimes the problem is solved at the point itself.
        """
        from bargain.regions.space import Space

        notation = self.problem.notation
        point = notation.point({**(values or {}), **more})
        space, evaluate = Space(notation), Evaluator(point)
        here = [r for r in self.regimes if any(space.contains(point, cell) for cell in r.condition)]
        if not here or any(space.contains(point, cell) for cell in self.boundary):
            from bargain.solving import solve

            return solve(self.problem, self.solver, at=point)
        found = dict.fromkeys(_key(e.at(evaluate)) for regime in here for e in regime.equilibria)
        equilibria = tuple(e for _, e in sorted(enumerate(key.value for key in found)))
        if self.overlapping and hasattr(self.solver, "gathered"):
            equilibria = self.solver.gathered(self.problem.at(point), equilibria)
        return replace(self, problem=self.problem.at(point), regimes=(Regime(Region.everything(), equilibria),), boundary=Region(), overlapping=False)

    def compile(self) -> "CompiledSolution":
        """The solution as a vectorised function of arrays; see `bargain.analysis.arrays`."""
        from bargain.analysis.arrays import compile_solution

        return compile_solution(self)

    def shares(self, prior: Mapping[Any, Any] | None = None) -> "tuple[Share, ...]":
        """The share of the prior box that each regime occupies; see `bargain.analysis.shares`."""
        from bargain.analysis.shares import regime_shares

        return regime_shares(self, prior=prior)

    def cut_points(self, parameter: str | sp.Symbol, **options: Any) -> "CutPoints":
        """The cut-points in one parameter, ordered, and the cases between them; see `bargain.analysis.cutpoints`."""
        from bargain.analysis.cutpoints import cut_points

        return cut_points(self, parameter, **options)

    def comparative_statics(self, **options: Any) -> "ComparativeStatics":
        """How payoffs, quantities and choices move with the parameters; see `bargain.analysis.statics`."""
        from bargain.analysis.statics import comparative_statics

        return comparative_statics(self, **options)

    def rows(self) -> list[dict[str, Any]]:
        """Plain rows: one per regime and equilibrium."""
        from bargain.tables import solution_rows

        return solution_rows(self).records()

    def to_latex(self, **options: Any) -> str:
        """The equilibrium table as a LaTeX fragment."""
        from bargain.latex import latex

        return latex(self, **options)


@dataclass(frozen=True)
class _Keyed:
    """An equilibrium wrapped so that equal ones are found by their text (sympy values hash by structure)."""

    text: str
    value: Any = field(compare=False)


def _key(item: Equilibrium | Component) -> _Keyed:
    return _Keyed(repr(item), item)
