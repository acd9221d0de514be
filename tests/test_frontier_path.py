"""Solutions found along the frontier: published values, symbolic kinks, an independent numeric route, refutations."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from bargain import BargainingProblem, NotApplicable, Notation, NotDecided, Parameter, solve
from bargain.certify import certify
from bargain.solvers import DiscreteRaiffa, Egalitarian, EqualArea, EqualLoss, PerlesMaschler, Utilitarian

R = sp.Rational
x, a, b, s = sp.symbols("x a b s", real=True)
S_A, S_B = ((0, 0), (0, 1), (1, 1), (2, 0)), ((0, 0), (0, 3), (2, 2), (4, 0))
NONE = Notation()
KINK = Notation((Parameter(a, "kink of A", domain="(0, 4)", baseline=2), Parameter(b, "kink of B", domain="(0, 3)", baseline=2)), (3 * a + 4 * b > 12,))


def polygon(vertices: object, d: tuple[object, object] = (0, 0), notation: Notation = NONE) -> BargainingProblem:
    return BargainingProblem("Polygon", ("A", "B"), {"A": d[0], "B": d[1]}, vertices=vertices, notation=notation)  # type: ignore[arg-type]


def found(problem: BargainingProblem, solver: object) -> tuple[sp.Expr, ...]:
    solution = solve(problem, solver)
    assert solution.certificate.passed
    return tuple(solution.equilibria[0].payoffs.values())


@pytest.mark.parametrize(("vertices", "solver", "expected"), [
    (S_A, Egalitarian(), (1, 1)), (S_A, EqualLoss(), (R(3, 2), R(1, 2))), (S_A, EqualArea(), (R(5, 4), R(3, 4))),
    (S_A, DiscreteRaiffa(), (R(5, 4), R(3, 4))), (S_A, PerlesMaschler(), (R(3, 2), R(1, 2))),
    (S_B, Egalitarian(), (2, 2)), (S_B, EqualLoss(), (R(5, 2), R(3, 2))), (S_B, EqualArea(), (R(9, 4), R(7, 4))),
    (S_B, DiscreteRaiffa(), (R(9, 4), R(7, 4))), (S_B, PerlesMaschler(), (3 - sp.sqrt(2) / 2, 1 + sp.sqrt(2) / 2)),
])
def test_published_values(vertices: object, solver: object, expected: tuple[sp.Expr, ...]) -> None:
    assert found(polygon(vertices), solver) == expected


def test_utilitarian_solutions_can_be_a_segment() -> None:
    assert [tuple(e.payoffs.values()) for e in solve(polygon(S_A), Utilitarian()).equilibria] == [(1, 1), (2, 0)]
    parabola = BargainingProblem("Parabola", ("A", "B"), {"A": 0, "B": 0}, curve=(x, (0, 1), {"A": x, "B": 1 - x**2}))
    assert found(parabola, Utilitarian()) == (R(1, 2), R(3, 4))
    assert found(parabola, Egalitarian()) == ((sp.sqrt(5) - 1) / 2,) * 2
    assert found(polygon(S_B), Utilitarian(weights={"A": 2, "B": 3})) == (2, 2)


@pytest.mark.parametrize("solver", [Egalitarian(), Egalitarian(weights={"A": 2, "B": 3}), EqualLoss(), EqualArea(), Utilitarian()], ids=str)
def test_a_symbolic_kink_agrees_with_itself_at_points(solver: object) -> None:
    problem = polygon(((0, 0), (0, 3), (a, b), (4, 0)), notation=KINK)
    solution = solve(problem, solver)
    assert solution.certificate.passed
    for point in ({a: R(5, 2), b: R(7, 3)}, {a: R(7, 2), b: R(1, 2)}, {a: 1, b: R(29, 10)}):
        assert [tuple(e.payoffs.values()) for e in solution.at(point).equilibria] == [tuple(e.payoffs.values()) for e in solve(problem.at(point), solver).equilibria]


@pytest.mark.parametrize("seed", range(10))
def test_against_a_fine_walk_along_the_frontier(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = [(R(int(p), 7), R(int(q), 7)) for p, q in rng.integers(-6, 40, (7, 2))]
    d = (R(int(rng.integers(-6, 8)), 7), R(int(rng.integers(-6, 8)), 7))
    problem = polygon((*corners, d), d)
    walk = _walk(np.array([*corners, d], float), np.array(d, float))
    if walk is None:
        assert solve(problem, Egalitarian()).equilibria[0].outcome == "no gains from trade"
        return
    base = np.array(d, float)
    gains = walk - base
    area = np.concatenate([[0], np.cumsum(gains[1:, 0] * gains[:-1, 1] - gains[:-1, 0] * gains[1:, 1])])
    steps = np.diff(walk, axis=0)
    length = np.concatenate([[0], np.cumsum(np.sqrt(np.maximum(-steps[:, 0] * steps[:, 1], 0)))])
    for solver, height in [(Egalitarian(), gains[:, 0] - gains[:, 1]), (EqualArea(), 2 * area - area[-1]), (PerlesMaschler(), 2 * length - length[-1])]:
        k = int(np.argmin(np.abs(height)))
        assert np.array(found(problem, solver), float) == pytest.approx(walk[k], abs=5e-3)


def _walk(points: np.ndarray, d: np.ndarray) -> np.ndarray | None:
    """The weak frontier above d as many points: for each direction from d, the farthest point below the hull."""
    from scipy.spatial import ConvexHull

    hull = ConvexHull(np.vstack([points, [[d[0], points[:, 1].max()]] * 0 or points[:1]]))
    best = [points[:, 0].max(), points[:, 1].max()]
    equations = np.array([row for row in hull.equations if row[0] >= -1e-12 and row[1] >= -1e-12] + [[1, 0, -best[0]], [0, 1, -best[1]]])
    found = []
    for angle in np.linspace(np.pi / 2, 0, 20_001):
        ray = np.array([np.cos(angle), np.sin(angle)])
        speed = equations[:, :2] @ ray
        slack = -(equations[:, :2] @ d + equations[:, 2])
        if (slack < 1e-9).any():
            return None
        found.append(d + ray * np.min(np.where(speed > 1e-12, slack / np.where(speed > 1e-12, speed, 1), np.inf)))
    return np.array(found)


@pytest.mark.parametrize("solver", [Egalitarian(), EqualLoss(), EqualArea(), PerlesMaschler(), DiscreteRaiffa(), Utilitarian()], ids=str)
def test_a_corrupted_answer_is_refuted(solver: object) -> None:
    solution = solve(polygon(S_B), solver)
    right = solution.equilibria[0]
    along = [] if isinstance(solver, Utilitarian) else [(R(1, 50), -R(1, 50)), (-R(1, 50), R(1, 50))]  # the edge is utilitarian as a whole
    for shift in (*along, (-R(1, 50), -R(1, 50)), (R(1, 50), 0)):
        moved = replace(right, payoffs={"A": right.payoffs["A"] + shift[0], "B": right.payoffs["B"] + shift[1]})
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(moved,)),))).refuted


def test_refusals() -> None:
    three = BargainingProblem("three", ("A", "B", "C"), dict.fromkeys("ABC", 0), vertices=((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    with pytest.raises(NotApplicable, match="3 players"):
        solve(three, EqualArea())
    with pytest.raises(NotDecided, match="corner"):
        solve(polygon(((0, 0), (0, 3), (2, 2), (3, 0))), DiscreteRaiffa())
    with pytest.raises(NotApplicable, match="on a curve"):
        solve(BargainingProblem("P", ("A", "B"), {"A": 0, "B": 0}, curve=(x, (0, 1), {"A": x, "B": 1 - x**2})), DiscreteRaiffa())
