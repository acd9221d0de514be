"""Exact linear programs: every outcome proves itself, both routes agree, and a corrupted outcome is refused."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from bargain import BadInput
from bargain.kernels import exact_lp
from bargain.kernels.exact_lp import Infeasible, LinearProgram, Optimal, Outcome, Unbounded, holds, solve_lp

ENTRIES = (0, 0, 1, -1, 2, -2, Fraction(1, 3), Fraction(-3, 2))


def random_program(random: Random) -> LinearProgram:
    """A small program, often degenerate, redundant, infeasible or unbounded."""
    n, m, k = random.randint(1, 6), random.randint(0, 5), random.randint(0, 3)

    def row(values: tuple[Fraction | int, ...], length: int) -> list[Fraction | int]:
        return [random.choice(values) for _ in range(length)]

    free = [j for j in range(n) if random.random() < 0.25]
    return LinearProgram(row(ENTRIES, n), [row(ENTRIES, n) for _ in range(m)], row((0, 1, 2, -1), m),
                         [row(ENTRIES, n) for _ in range(k)], row((0, 0, 1, -1, 2), k), free)


@pytest.mark.parametrize("wrong", [
    lambda: LinearProgram((1, 2), a_ub=((1,),), b_ub=(1,)),
    lambda: LinearProgram((1, 2), a_ub=((1, 2),), b_ub=()),
    lambda: LinearProgram((1, 2), free=(2,)),
    lambda: LinearProgram((0.5,)),  # type: ignore[arg-type]
])
def test_programs_that_do_not_add_up_are_refused(wrong: object) -> None:
    with pytest.raises(BadInput) as refusal:
        wrong()  # type: ignore[operator]
    assert refusal.value.remedy


def test_both_routes_agree_on_random_programs() -> None:
    random = Random(901)
    kinds: dict[type, int] = {}
    for trial in range(600):
        program = random_program(random)
        outcome = solve_lp(program)
        kinds[type(outcome)] = kinds.get(type(outcome), 0) + 1
        assert holds(program, outcome), f"seed 901, trial {trial}"
        proposed = exact_lp._proposed(program)
        assert proposed is None or (isinstance(outcome, Optimal) and proposed.value == outcome.value), f"seed 901, trial {trial}"
    assert min(kinds.get(kind, 0) for kind in (Optimal, Infeasible, Unbounded)) > 100


def test_a_large_program_is_solved_from_the_floating_point_proposal() -> None:
    random = Random(902)
    program = LinearProgram([random.randint(1, 20) for _ in range(80)], [[Fraction(random.randint(-3, 20), 7) for _ in range(80)] for _ in range(80)], [1] * 80)
    outcome = solve_lp(program)
    assert isinstance(outcome, Optimal) and outcome == exact_lp._proposed(program)
    assert outcome.value == exact_lp._pivoted(program).value  # type: ignore[union-attr]


def test_a_cycling_example_of_beale_ends() -> None:
    rows = ((Fraction(1, 4), -60, Fraction(-1, 25), 9), (Fraction(1, 2), -90, Fraction(-1, 50), 3), (0, 0, 1, 0))
    outcome = solve_lp(LinearProgram((Fraction(3, 4), -150, Fraction(1, 50), -6), a_ub=rows, b_ub=(0, 0, 1)))
    assert isinstance(outcome, Optimal) and outcome.value == Fraction(1, 20)


def test_a_corrupted_outcome_does_not_hold() -> None:
    program = LinearProgram((3, 2), a_ub=((1, 1), (1, 0)), b_ub=(4, 3))
    best = solve_lp(program)
    assert isinstance(best, Optimal)
    wrong: list[Outcome] = [replace(best, value=best.value + 1), replace(best, x=(Fraction(3), Fraction(2))), replace(best, y_ub=(Fraction(2), Fraction(0))),
                            replace(best, y_ub=(Fraction(-1), Fraction(4))), Unbounded(best.x, (Fraction(1), Fraction(0)))]
    assert not any(holds(program, outcome) for outcome in wrong)
