"""Models with what they assert: problems, named quantities, and propositions.

A `Model` collects the games of one question, each with the concept that solves it, and
declares quantities of their equilibria and claims about them. At a point of the parameters
everything is evaluated lazily and once, exactly.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from bargain.errors import BadInput, InvalidModel
from bargain.exhibits import Exhibit
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation, Parameter
from bargain.solution import Equilibrium, Solution
from bargain.solving import solve


@dataclass(frozen=True)
class Quantity:
    """A named number (or table of numbers) of a model: an expression of the parameters, or a function of a `Point`.

    within: the least and the greatest value that what it stands for can have (a discount factor, a chance); a break-even beyond them cannot be met, and
    tables say so.
    """

    name: str
    value: Any
    meaning: str = ""
    within: tuple[Any, Any] | None = None

    def beyond(self, value: Any) -> str:
        """How a value of the quantity breaks its bounds, in words; empty where it does not, or has none.

        >>> Quantity("patience", sp.Integer(2), "least discount factor", within=(0, 1)).beyond(sp.Rational(25, 24))
        'above 1: cannot be met'
        """
        if self.within is None or not isinstance(value, sp.Expr) or not value.is_number:
            return ""
        low, high = map(exact, self.within)
        return f"below {low}: cannot be met" if value < low else f"above {high}: cannot be met" if value > high else ""


@dataclass(frozen=True)
class Claim:
    """A named proposition: a sympy relation over the parameters, or a function of a `Point` that returns a truth value."""

    name: str
    holds: Any
    source: str = ""

    def __post_init__(self) -> None:
        if not callable(self.holds) and not isinstance(self.holds, sp.logic.boolalg.Boolean | bool):
            raise InvalidModel(f"holds is {self.holds!r}"[:120], place=f"claim {self.name}", remedy="give a relation of the parameters or a function of the point")


@dataclass(frozen=True)
class Reduction:
    """The same problem in fewer, composite parameters: it can be solved for all of them once.

    problem: stated in composites. values: what each composite is in the parameters of the model. Where a composite leaves its
    domain the reduction does not apply.
    """

    problem: Any
    solver: Any
    values: Mapping[Any, sp.Expr]


@dataclass(frozen=True)
class Model:
    """Problems by name, each with its solver; the first is the model's main problem.

    A problem may be a function of the `Point`, when one game is built from the solution of another. reductions: by problem,
    the same in composite parameters, for studies that evaluate the model at many points. among: relations that draws from the priors
    satisfy beside the assumptions of the notation: an order of parameters, or ``Eq(a, b)`` if a has the value of b. outputs: names of the
    quantities whose dependence on the parameters is studied. selection: of which equilibrium quantities are, where there are several
    (completes "that of ..."; by default, of the first that the solver lists).

    >>> from bargain.models.classics import deterrence
    >>> deterrence.model.at().solution().outcomes
    ('W',)
    """

    name: str
    problems: Mapping[str, tuple[Any, Any]]
    quantities: tuple[Quantity, ...] = ()
    claims: tuple[Claim, ...] = ()
    summary: str = ""
    notation: Notation | None = None
    exhibits: tuple[Exhibit, ...] = ()
    reductions: Mapping[str, Reduction] = field(default_factory=dict)
    among: tuple[Any, ...] = ()
    outputs: tuple[str, ...] = ()
    selection: str = "the first that is listed"

    def __post_init__(self) -> None:
        if not self.problems:
            raise InvalidModel("declares no problem", place=f"model {self.name}", remedy="give problems={'game': (game, solver)}")
        if self.notation is None:
            object.__setattr__(self, "notation", self.main[0].notation)
        unknown = set(self.outputs) - {quantity.name for quantity in self.quantities}
        if unknown:
            raise InvalidModel(f"has no quantity {min(unknown)!r} to study", place=f"model {self.name}", remedy="name declared quantities in outputs=")

    @property
    def main(self) -> tuple[Any, Any]:
        """The main problem and its solver."""
        return next(iter(self.problems.values()))

    def at(self, values: Mapping[Any, Any] | None = None) -> "Point":
        """The model at the baseline, some values replaced."""
        assert self.notation is not None
        return Point(self, self.notation.point(values))

    def recalibrated(self, values: Mapping[Any, Any] | None = None, prior: Mapping[Any, Any] | None = None) -> "Model":
        """The same model with other baselines and priors, marked in the source column; what is not given stays.

        Errors: a value or an interval outside the domain, an interval that is none, a baseline against the assumptions (`BadInput`).

        >>> from bargain.models.ukraine import leverage as m
        >>> m.model.recalibrated({"chi": "0.6"}).notation["chi"].baseline
        3/5
        """
        assert self.notation is not None
        exactly = self.notation.values(values or {})
        priors = {self.notation[name].symbol: given for name, given in (prior or {}).items()}
        if not exactly and not priors:
            return self
        self.notation.point(exactly)
        rows = tuple(_changed(row, exactly, priors) for row in self.notation)
        return replace(self, notation=Notation(rows, self.notation.assumptions))


def _changed(row: Parameter, values: Mapping[sp.Symbol, Any], priors: Mapping[sp.Symbol, Any]) -> Parameter:
    """A row of the notation with another baseline or prior."""
    if row.symbol not in values and row.symbol not in priors:
        return row
    baseline, prior = values.get(row.symbol, row.baseline), priors.get(row.symbol, row.prior)
    for end in prior or ():
        if not row.domain.contains(exact(end)):
            raise BadInput(f"the end {end} lies outside the domain {row.domain}", place=f"prior of {row.name}", remedy="choose an interval inside it")
    return replace(row, baseline=baseline, prior=prior, source="given by the reader")


@dataclass(frozen=True)
class Point:
    """A model at one point of its parameters; solutions and quantities are computed when first asked for."""

    model: Model
    values: Mapping[sp.Symbol, sp.Expr]
    _solved: dict[str, Solution] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def evaluate(self) -> Evaluator:
        """Exact evaluation of expressions of the parameters."""
        return Evaluator(self.values)

    def solution(self, name: str | None = None) -> Solution:
        """The certified solution of one of the model's problems (the main one by default)."""
        name = name or next(iter(self.model.problems))
        if name not in self.model.problems:
            raise BadInput(f"no problem {name!r}", place=f"model {self.model.name}", remedy="problems: " + ", ".join(self.model.problems))
        if name not in self._solved:
            problem, solver = self.model.problems[name]
            built = problem(self) if callable(problem) else problem
            known = {symbol: value for symbol, value in self.values.items() if symbol in set(built.notation.symbols)}
            self._solved[name] = solve(built, solver, at=known)
        return self._solved[name]

    @property
    def several(self) -> bool:
        """Whether a problem that has been solved here has several equilibria."""
        return any(len(solution.extreme) > 1 for solution in self._solved.values())

    def equilibrium(self, name: str | None = None) -> Equilibrium:
        """The first (extreme) equilibrium of a problem's solution."""
        return self.solution(name).extreme[0]

    def play(self, name: str, *after: str) -> tuple[str, ...]:
        """The moves that the first equilibrium of a tree leads to in the subgame after some moves (none: from the start).

        Where chance or mixing makes several plays, the most telling ones, as in `Equilibrium.path`.
        """
        if not after:
            return self.equilibrium(name).path
        if (name, after) not in self._known:
            subgame, solver = self.solution(name).problem.subgame(*after), self.model.problems[name][1]
            self._known[name, after] = solver.run(subgame).extreme[0].path
        return tuple(self._known[name, after])

    def elsewhere(self, changes: Mapping[Any, Any]) -> "Point":
        """The model at this point with some parameters changed."""
        return self.model.at({**self.values, **changes})

    def __getitem__(self, name: str) -> Any:
        """A declared quantity; an expression or nested table is evaluated at this point."""
        if name not in self._known:
            for quantity in self.model.quantities:
                if quantity.name == name:
                    value = quantity.value(self) if callable(quantity.value) and not isinstance(quantity.value, sp.Basic) else quantity.value
                    self._known[name] = self._evaluated(value)
                    break
            else:
                raise BadInput(f"no quantity {name!r}", place=f"model {self.model.name}", remedy="quantities: " + ", ".join(q.name for q in self.model.quantities))
        return self._known[name]

    def _evaluated(self, value: Any) -> Any:
        if isinstance(value, sp.Expr):
            return self.evaluate(value)
        if isinstance(value, Mapping):
            return {key: self._evaluated(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._evaluated(item) for item in value]
        return value

    def quantities(self) -> dict[str, Any]:
        """All declared quantities, in order."""
        return {quantity.name: self[quantity.name] for quantity in self.model.quantities}

    def holds(self, claim: Claim) -> bool:
        """Whether a claim is true at this point."""
        verdict: Callable[[Point], bool] | Any = claim.holds
        if isinstance(verdict, sp.Basic):
            gap = self.evaluate(verdict.lhs - verdict.rhs)  # type: ignore[attr-defined]
            return bool(verdict.func(gap, 0))
        return bool(verdict(self))

    def claims(self) -> Iterator[tuple[Claim, bool]]:
        """Every claim with its truth value, in order."""
        for claim in self.model.claims:
            yield claim, self.holds(claim)
