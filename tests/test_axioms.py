"""The axioms table: what is known of each solution, counterexamples re-derived by another route, refusals, printing."""

import numpy as np
import pytest
import sympy as sp

from bargain import (
    BargainingProblem,
    Egalitarian,
    EqualArea,
    EqualLoss,
    KalaiSmorodinsky,
    NashBargaining,
    NotApplicable,
    PerlesMaschler,
    Utilitarian,
    axioms,
    latex,
)
from bargain.analysis.axioms import AXIOMS
from bargain.kernels.axiomatic import kalai_smorodinsky, nash_bargaining

R = sp.Rational
KINKED = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
CUT = BargainingProblem("Cut", ("A", "B"), {"A": R(1, 10), "B": R(1, 5)}, vertices=((0, 0), (0, 1), (1, 1), (2, 0)))
IIA, SCALE, MONOTONE, STRONG = AXIOMS[6], AXIOMS[5], AXIOMS[7], AXIOMS[8]


@pytest.mark.parametrize("problem", [KINKED, CUT], ids=lambda problem: problem.title)
def test_no_solution_fails_an_axiom_that_characterises_it(problem: BargainingProblem) -> None:
    satisfied = {NashBargaining(): ("Pareto optimality", "anonymity", SCALE, IIA, "midpoint domination", "disagreement monotonicity"),
                 KalaiSmorodinsky(): ("Pareto optimality", "anonymity", SCALE, MONOTONE, "midpoint domination", "disagreement monotonicity"),
                 Egalitarian(): ("weak Pareto optimality", "anonymity", IIA, MONOTONE, STRONG, "disagreement monotonicity"),
                 EqualLoss(): ("weak Pareto optimality", "anonymity", MONOTONE), PerlesMaschler(): ("Pareto optimality", "anonymity", SCALE)}
    report = axioms(problem, list(satisfied))
    for solver, names in satisfied.items():
        assert all(report.verdict(solver, name).holds is not False for name in names), solver


def test_failures_are_found_where_the_theory_says() -> None:
    solvers = [NashBargaining(), KalaiSmorodinsky(), Egalitarian(), EqualLoss(), EqualArea(), Utilitarian(), NashBargaining(weights={"A": "3/4"})]
    report = axioms(KINKED, solvers)
    failing = {(number, found.axiom) for number, row in enumerate(report.verdicts) for found in row if found.holds is False}
    nash, kalai, equal, loss, area, total, weighted = range(len(solvers))
    assert {(nash, MONOTONE), (nash, STRONG), (kalai, IIA), (kalai, STRONG), (equal, SCALE), (loss, SCALE), (loss, IIA), (area, IIA), (total, SCALE),
            (total, "midpoint domination"), (weighted, "anonymity"), (weighted, "midpoint domination")} <= failing


def test_counterexamples_hold_by_the_array_route() -> None:
    report = axioms(KINKED, [NashBargaining(), KalaiSmorodinsky()])
    for solver, kernel, axiom in ((NashBargaining(), nash_bargaining, MONOTONE), (KalaiSmorodinsky(), kalai_smorodinsky, IIA)):
        found = report.verdict(solver, axiom)
        assert found.holds is False and found.changed is not None
        corners = np.array(found.changed.vertices, dtype=float)
        assert np.allclose(kernel(corners[None], [[0, 0]]).payoffs[0], [float(u) for u in found.selected[0]], atol=1e-9)
        inside = [float(v[0]) <= 4 and float(v[1]) <= 3 and float(v[0] + v[1]) <= 4 and float(v[0] + 2 * v[1]) <= 6 for v in found.changed.vertices]
        assert all(inside) == (axiom == IIA)      # alternatives are taken away for one axiom, added for the other


def test_a_point_that_is_only_weakly_optimal_is_told_from_one_that_is_optimal() -> None:
    flat = BargainingProblem("Flat", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 1), (3, 1), (4, 0)))
    report = axioms(flat, [Egalitarian()])
    assert report.verdict(Egalitarian(), "weak Pareto optimality").holds is True
    assert report.verdict(Egalitarian(), "Pareto optimality").holds is False


def test_the_report_prints_and_refuses_what_it_does_not_cover() -> None:
    report = axioms(CUT, [NashBargaining(), Egalitarian()])
    text, source = " ".join(str(report).split()), latex(report)
    assert "independence of irrelevant alternatives" in text and "not refuted (" in text and "which is no proof" in text
    assert r"\begin{tabular" in source and "egalitarian" in source
    for wrong in (BargainingProblem("List", ("A", "B"), {"A": 0, "B": 0}, points=((1, 2), (2, 1))),
                  BargainingProblem("Edge", ("A", "B"), {"A": 1, "B": 1}, vertices=((0, 2), (2, 0)))):
        with pytest.raises(NotApplicable):
            axioms(wrong, [NashBargaining()])
