"""The axioms table: which bargaining solution satisfies which axiom at a problem, and what shows the failures."""

from typing import Any

from bargain.analysis.axioms import AXIOMS, AxiomReport, Verdict
from bargain.tables.solutions import options_of
from bargain.tables.table import Phrase, Table


def axiom_rows(report: AxiomReport) -> Table:
    """One row per axiom, one column per solution; a letter refers to the note with the failure.

    >>> from bargain import BargainingProblem, KalaiSmorodinsky
    >>> from bargain.analysis.axioms import axioms
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> axiom_rows(axioms(kinked, [KalaiSmorodinsky()])).records()[0]
    {'Axiom': 'selects', 'Kalai-Smorodinsky': '(16/7, 12/7)'}
    """
    notes: list[str] = []

    def cell(verdict: Verdict, name: str) -> str:
        if verdict.holds is not None:
            if verdict.holds:
                return "yes"
            notes.append(f"{_letter(len(notes))}: {name}, {verdict.axiom}: {verdict.why}.")
            return f"no ({_letter(len(notes) - 1)})"
        return f"not refuted ({verdict.trials})"

    short = [str(solver.concept).removesuffix(" solution").removesuffix(" bargaining") for solver in report.solvers]
    names = [options_of(solver) if short.count(name) > 1 else name for solver, name in zip(report.solvers, short, strict=True)]
    rows: list[tuple[Any, ...]] = [("selects", *(Phrase.join(" and ", (_point(u) for u in points)) for points in report.selected))]
    for number, axiom in enumerate(AXIOMS):
        rows.append((axiom, *(cell(found[number], name) for found, name in zip(report.verdicts, names, strict=True))))
    explained = ("yes: decided at this problem. not refuted (k): no failure among k changed problems, which is no proof. "
                 "no: fails, by the note with the letter; both solutions are certified.")
    return Table(f"{report.problem.title}: axioms", ("Axiom", *names), tuple(rows), (explained, *notes))


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"a{number}"


def _point(u: tuple[Any, ...]) -> Phrase:
    parts: list[Any] = ["("]
    for k, value in enumerate(u):
        parts += [", "] * bool(k) + [value if len(str(value)) <= 24 else value.evalf(6)]
    return Phrase.of(*parts, ")")
