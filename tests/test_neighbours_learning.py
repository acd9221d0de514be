"""Learning and evolution through nashpy: labels, seeds, refusals, and where well-known paths end."""

import numpy as np
import pytest
import sympy as sp

from bargain import BadInput, MatrixGame, NotApplicable, Notation, Parameter
from bargain.interop.nashpy import (
    asymmetric_replicator_dynamics,
    fictitious_play,
    regret_minimization,
    replicator_dynamics,
    stochastic_fictitious_play,
    to_nashpy,
)

PENNIES = MatrixGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], players=("A", "B"), actions=(("H", "T"), ("h", "t")))
HAWK = MatrixGame.from_arrays([[-1, 4], [0, 2]], [[-1, 0], [4, 2]], actions=(("hawk", "dove"), ("hawk", "dove")))


def test_what_nashpy_cannot_take_is_refused() -> None:
    a = sp.Symbol("a", real=True)
    three = MatrixGame("Three", ("A", "B", "C"), (("u",), ("l",), ("s",)), {("u", "l", "s"): (1, 1, 1)})  # type: ignore[dict-item]
    for wrong in (three, MatrixGame.from_arrays([[a]], [[1]], notation=Notation((Parameter(a, "payoff"),)))):
        with pytest.raises(NotApplicable):
            to_nashpy(wrong)
    with pytest.raises(NotApplicable, match="symmetric"):
        replicator_dynamics(PENNIES, [0, 1])
    with pytest.raises(BadInput):
        fictitious_play(PENNIES, 0)
    with pytest.raises(BadInput):
        replicator_dynamics(HAWK, [0, 1], start={"hawk": 0.7, "dove": 0.7})


def test_fictitious_play_converges_in_frequencies_and_repeats_with_its_seed() -> None:
    path = fictitious_play(PENNIES, 3000, seed=4)
    assert path.frequencies["A"].shape == (3000, 2) and path.actions["B"] == ("h", "t")
    assert max(abs(share - 0.5) for own in path.last.values() for share in own.values()) < 0.05
    assert path.rows() == fictitious_play(PENNIES, 3000, seed=4).rows() and path.to_frame().columns[0] == "iteration"


def test_other_learning_rules_return_lotteries() -> None:
    for path in (stochastic_fictitious_play(PENNIES, 50, seed=1), stochastic_fictitious_play(PENNIES, 50, noise=2.0, shock=0.5, seed=1),
                 regret_minimization(PENNIES, 40, rate=0.3)):
        assert all(np.allclose(table.sum(axis=1), 1) and (table >= 0).all() for table in path.frequencies.values()), path.method


def test_a_population_of_hawks_and_doves_reaches_its_stable_share() -> None:
    path = replicator_dynamics(HAWK, np.linspace(0, 40, 50).tolist(), start={"hawk": 0.1, "dove": 0.9})
    assert abs(path.last["row"]["hawk"] - 2 / 3) < 1e-3 and path.clock == "time" and list(path.frequencies) == ["row"]


def test_two_populations_of_hawks_and_doves_part() -> None:
    path = asymmetric_replicator_dynamics(HAWK, np.linspace(0, 60, 50).tolist(), start={"row": {"hawk": 0.7, "dove": 0.3}, "column": {"hawk": 0.6, "dove": 0.4}})
    assert path.last["row"]["hawk"] > 0.99 and path.last["column"]["dove"] > 0.99
