"""Which axioms a bargaining solution satisfies at a problem: computed, with the problem that shows the failure.

Some axioms speak of the point alone and are decided exactly:

    individual rationality, weak and strong Pareto optimality, midpoint domination (Sobel 1981: at least half of the ideal gains)

Others relate the solution of this problem to that of others. Each is tried on changed problems, solved anew: a failure is exact and certified on both
problems; otherwise only the number of problems without a failure is reported, which is no proof.

    anonymity                  renaming the players renames the payoffs
    scale invariance           scaling and shifting a utility scales and shifts the payoff
    independence (IIA)         taking away alternatives, not the solution or disagreement, changes nothing (Nash 1950)
    individual monotonicity    more alternatives with the same most for one player do not hurt the other (Kalai and Smorodinsky 1975)
    strong monotonicity        more alternatives hurt nobody (Kalai 1977)
    disagreement monotonicity  a better disagreement payoff does not hurt its player (Thomson 1987)

Two players, polygons, numbers. Sources: the articles named; Thomson (1994), Handbook of Game Theory 2:1237-1284.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Cell, Oracle, Space
from bargain.regions.explore import number_sign
from bargain.solvers.axiomatic.frontier import Point, disagreement, gains_exist, pareto_frontier
from bargain.solvers.axiomatic.on_frontier import rational_part
from bargain.solving import solve

if TYPE_CHECKING:
    from bargain.tables.table import Table

Selected = tuple[Point, ...]
Change = tuple[str, BargainingProblem, Callable[[Selected], bool]]
AXIOMS = ("individual rationality", "weak Pareto optimality", "Pareto optimality", "midpoint domination", "anonymity", "scale invariance",
          "independence of irrelevant alternatives", "individual monotonicity", "strong monotonicity", "disagreement monotonicity")
_POINTWISE = AXIOMS[:4]


@dataclass(frozen=True)
class Verdict:
    """An axiom at a problem. holds: True or False where decided, None where `trials` changed problems show no failure.

    changed, selected: a problem that shows the failure and what the solution selects there; why: the same in words.
    """

    axiom: str
    holds: bool | None
    trials: int = 0
    why: str = ""
    changed: BargainingProblem | None = None
    selected: Selected = ()


@dataclass(frozen=True)
class AxiomReport:
    """Verdicts by solver, in the order of `AXIOMS`; `selected` is what each solver chooses at the problem itself."""

    problem: BargainingProblem
    solvers: tuple[Any, ...]
    selected: tuple[Selected, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]

    def verdict(self, solver: Any, axiom: str) -> Verdict:
        """One verdict."""
        return next(found for found in self.verdicts[self.solvers.index(solver)] if found.axiom == axiom)

    def table(self) -> "Table":
        """One row per axiom, one column per solution, and the failures as notes; for text, LaTeX, HTML, CSV and JSON."""
        from bargain.tables.axioms import axiom_rows

        return axiom_rows(self)

    def __str__(self) -> str:
        from bargain.tables import to_text

        return to_text(self.table())


def axioms(problem: BargainingProblem, solvers: Sequence[Any]) -> AxiomReport:
    """The axioms that each solution satisfies at a problem.

    Errors: more than two players, curves, finite sets, free parameters, no gains from trade (`NotApplicable`).

    >>> from bargain import KalaiSmorodinsky, NashBargaining
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> report = axioms(kinked, [NashBargaining(), KalaiSmorodinsky()])
    >>> [report.verdict(solver, "independence of irrelevant alternatives").holds for solver in report.solvers]
    [None, False]
    """
    place = f"bargaining problem {problem.title!r}"
    if problem.kind != "polygon" or len(problem.players) != 2 or problem.notation.symbols:
        raise NotApplicable("axioms are checked on polygons of two players, with numbers", place=place, remedy="give vertices, and fix every parameter")
    frame = _Frame(problem)
    if not frame.gains:
        raise NotApplicable("there are no gains from trade", place=place, remedy="give a problem with something to share")
    chosen = tuple(_chosen(problem, solver) for solver in solvers)
    return AxiomReport(problem, tuple(solvers), chosen,
                       tuple(tuple(_verdict(frame, solver, points, axiom) for axiom in AXIOMS) for solver, points in zip(solvers, chosen, strict=True)))


class _Frame:
    """The problem with its frontier, ideal point and individually rational part."""

    def __init__(self, problem: BargainingProblem) -> None:
        oracle = Oracle(Space(problem.notation), Cell())
        self.problem, self.d = problem, disagreement(problem)
        self.frontier = pareto_frontier(oracle, problem.vertices)
        self.gains = gains_exist(oracle, self.frontier, self.d)
        self.walk = rational_part(oracle, self.frontier, self.d) if self.gains else []
        self.ideal = (self.walk[-1][0], self.walk[0][1]) if self.gains else self.d

    def on(self, line: list[Point], u: Point) -> bool:
        """Whether a point lies on a polygonal line."""
        for p, q in zip(line, line[1:] or line, strict=False):
            across = _sign((q[0] - p[0]) * (u[1] - p[1]) - (q[1] - p[1]) * (u[0] - p[0]))
            if across == 0 and all(_sign((u[i] - p[i]) * (q[i] - u[i])) >= 0 for i in (0, 1)):
                return True
        return False

    def with_corners(self, corners: Sequence[Point], d: Point | None = None) -> BargainingProblem:
        """The problem on another hull."""
        given = self.problem.disagreement if d is None else dict(zip(self.problem.players, d, strict=True))
        return replace(self.problem, vertices=tuple(corners), disagreement=given)


def _sign(value: sp.Expr) -> int:
    """The exact sign; rationals of 30 digits (answers within a tolerance) count as zero below 1e-20."""
    if value.is_Rational:
        return 0 if value.q > 10**20 and abs(value) < sp.Rational(1, 10**20) else int(sp.sign(value))
    return number_sign(sp.expand(value))


def _chosen(problem: BargainingProblem, solver: Any, certified: bool = True) -> Selected:
    found = solve(problem, solver) if certified else solver.run(problem)
    return tuple(tuple(e.payoffs[player] for player in problem.players) for e in found.extreme)


def _same(left: Selected, right: Selected) -> bool:
    return len(left) == len(right) and all(any(all(_sign(a - b) == 0 for a, b in zip(u, v, strict=True)) for v in right) for u in left)


def _verdict(frame: _Frame, solver: Any, points: Selected, axiom: str) -> Verdict:
    if axiom in _POINTWISE:
        return _at_point(frame, points, axiom)
    trials = 0
    for what, changed, holds in _CHANGES[axiom](frame, points):
        try:
            solver.accepts(changed)
            if holds(_chosen(changed, solver, certified=False)):
                trials += 1
                continue
        except (NotApplicable, NotDecided):
            continue
        there = _chosen(changed, solver)
        return Verdict(axiom, False, trials, f"{what}: {_listed(points)} becomes {_listed(there)}", changed, there)
    return Verdict(axiom, None, trials)


def _listed(points: Selected) -> str:
    return " and ".join("(" + ", ".join(map(_short, u)) + ")" for u in points)


def _short(value: sp.Expr) -> str:
    return str(value) if len(str(value)) <= 12 else f"{float(value):.4g}"


def _at_point(frame: _Frame, points: Selected, axiom: str) -> Verdict:
    for u in points:
        failed = ""
        if axiom == "individual rationality" and any(_sign(a - b) < 0 for a, b in zip(u, frame.d, strict=True)):
            failed = f"{_listed((u,))} is worse than disagreement for somebody"
        if axiom == "weak Pareto optimality" and not frame.on([(min(frame.frontier[0][0], frame.d[0], u[0]), frame.frontier[0][1]), *frame.frontier,
                                                                (frame.frontier[-1][0], min(frame.frontier[-1][1], frame.d[1], u[1]))], u):
            failed = f"something is better for both than {_listed((u,))}"
        if axiom == "Pareto optimality" and not frame.on(frame.frontier, u):
            failed = f"something is better for one and not worse for the other than {_listed((u,))}"
        if axiom == "midpoint domination":
            middle = tuple((a + b) / 2 for a, b in zip(frame.d, frame.ideal, strict=True))
            if any(_sign(a - b) < 0 for a, b in zip(u, middle, strict=True)):
                failed = f"{_listed((u,))} is below the midpoint {_listed((middle,))}"
        if failed:
            return Verdict(axiom, False, why=failed)
    return Verdict(axiom, True)


def _anonymous(frame: _Frame, points: Selected) -> Iterator[Change]:
    swapped = frame.with_corners([v[::-1] for v in frame.problem.vertices], frame.d[::-1])
    yield "the players change roles", swapped, lambda there: _same(tuple(u[::-1] for u in points), there)


def _scaled(frame: _Frame, points: Selected) -> Iterator[Change]:
    for scale, shift in (((2, 1), (1, 0)), ((1, 3), (0, -sp.Rational(1, 2))), ((sp.Rational(2, 3), 5), (-1, 2))):
        def moved(u: Point, scale: Any = scale, shift: Any = shift) -> Point:
            return tuple(a * s + b for a, s, b in zip(u, scale, shift, strict=True))

        changed = frame.with_corners([moved(v) for v in frame.problem.vertices], moved(frame.d))
        terms = [f"{s} u_{p} + {b}" for p, s, b in zip(frame.problem.players, scale, shift, strict=True)]
        yield (f"with utilities {terms[0]} and {terms[1]}, where {_listed(tuple(map(moved, points)))} would be the same point", changed,
               partial(_same, tuple(map(moved, points))))


def _contracted(frame: _Frame, points: Selected) -> Iterator[Change]:
    for i in (0, 1):
        most = max(points, key=lambda u: float(u[i]))[i]
        for part in (sp.Rational(1, 2), sp.Rational(1, 8), sp.Integer(0)):
            level = most + part * (frame.ideal[i] - most)
            if not level.is_Rational:
                level = sp.Rational(round(float(level) * 720), 720)
            if _sign(level - most) < 0 or _sign(level - frame.ideal[i]) >= 0:
                continue
            what = f"without anything that gives {frame.problem.players[i]} more than {_short(level)}"
            yield what, frame.with_corners(_cut([frame.d, *frame.walk], i, level)), lambda there: _same(points, there)


def _cut(corners: list[Point], i: int, level: sp.Expr) -> list[Point]:
    """The corners of the polygon's part with u_i at most a level."""
    kept = [v for v in corners if _sign(v[i] - level) <= 0]
    for p, q in zip(corners, corners[1:], strict=False):
        if _sign(p[i] - level) * _sign(q[i] - level) < 0:
            step = (level - p[i]) / (q[i] - p[i])
            kept.append(tuple(a + step * (b - a) for a, b in zip(p, q, strict=True)))
    return kept


def _expanded(frame: _Frame, points: Selected, i: int) -> Iterator[tuple[str, BargainingProblem]]:
    """More alternatives that leave the most player i can get as it is."""
    j, fractions = 1 - i, (sp.Rational(1, 4), sp.Rational(1, 2), sp.Rational(3, 4), sp.Integer(1))
    for mine in (sp.Integer(0), *fractions):
        for theirs in (*fractions, sp.Rational(3, 2)):
            new = [sp.Integer(0)] * 2
            for k, part in ((i, mine), (j, theirs)):
                new[k] = frame.d[k] + part * (frame.ideal[k] - frame.d[k])
            corners = [frame.d, *frame.walk, (frame.d[0], new[1]), (new[0], frame.d[1]), tuple(new)]
            yield f"adding ({_short(new[0])}, {_short(new[1])})", frame.with_corners(corners)


def _no_worse(points: Selected, players: tuple[int, ...], there: Selected) -> bool:
    return all(_sign(max(there, key=lambda u: float(u[k]))[k] - min(points, key=lambda u: float(u[k]))[k]) >= 0 for k in players)


def _individually(frame: _Frame, points: Selected) -> Iterator[Change]:
    for i in (0, 1):
        for what, changed in _expanded(frame, points, i):
            yield what, changed, partial(_no_worse, points, (1 - i,))


def _strongly(frame: _Frame, points: Selected) -> Iterator[Change]:
    for i in (0, 1):
        for what, changed in _expanded(frame, points, i):
            yield what, changed, partial(_no_worse, points, (0, 1))


def _disagreeing(frame: _Frame, points: Selected) -> Iterator[Change]:
    for i in (0, 1):
        for part in (sp.Rational(1, 8), sp.Rational(1, 3), sp.Rational(1, 2)):
            d = tuple(value + (part * (frame.ideal[k] - value) if k == i else 0) for k, value in enumerate(frame.d))
            changed = frame.with_corners(frame.problem.vertices, d)
            if _Frame(changed).gains:
                yield f"disagreement at ({_short(d[0])}, {_short(d[1])})", changed, partial(_no_worse, points, (i,))


_CHANGES: dict[str, Callable[[_Frame, Selected], Iterator[Change]]] = {
    "anonymity": _anonymous, "scale invariance": _scaled, "independence of irrelevant alternatives": _contracted, "individual monotonicity": _individually,
    "strong monotonicity": _strongly, "disagreement monotonicity": _disagreeing}
