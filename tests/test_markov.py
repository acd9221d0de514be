"""Stochastic games: the noisy ceasefire and the accession window with their exact thresholds, value iteration, refutations."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import InvalidModel, NotApplicable, Notation, Parameter
from bargain.certify import certify
from bargain.games.stochastic import Result, Stage, StochasticGame
from bargain.solvers.conflict.markov import MarkovPerfect

R = sp.Rational
t, w, m, eps, d, acc, r, e, att = sp.symbols("t w m eps d acc r e att", real=True)
NOISE = Notation((Parameter(t, "temptation", domain=">0", baseline="1/5"), Parameter(w, "value of war", baseline="-1/50"),
                  Parameter(m, "detection", domain="(0, 1)", baseline="7/10"), Parameter(eps, "false alarm", domain="(0, 1)", baseline="1/10"),
                  Parameter(d, "discount factor", domain="(0, 1)", baseline="9/10")), (eps < m, w < 0))


def ceasefire(notation: Notation = NOISE) -> StochasticGame:
    """Side A keeps or breaks; a break is seen with chance m, a false alarm comes with chance eps, war is for ever."""
    peace = Stage({"A": ("keep", "break")}, {("keep",): Result({"A": 0}, {"war": eps}), ("break",): Result({"A": t}, {"war": m})})
    return StochasticGame("Ceasefire", ("A",), {"peace": peace, "war": Stage.fixed({"A": w})}, d, "peace", notation=notation)


def test_the_ceasefire_needs_the_patience_of_the_closed_form() -> None:
    """Kept iff d >= t / ((m - eps)(-w) + (1 - eps) t): with c = 0 the formula of the enforcement model."""
    solution = bg.solve(ceasefire(), MarkovPerfect())
    keep = next(regime for regime in solution.regimes if regime.equilibria[0].strategies["A"]["peace"]["keep"] == 1)
    closed = bg.Cell.of(d * ((m - eps) * (-w) + (1 - eps) * t) >= t)
    space = bg.Space(NOISE)
    assert space.implies(keep.cell, closed).answer and space.implies(closed, keep.cell).answer
    assert solution.certificate.passed and solution.status is bg.Status.INCOMPLETE
    assert space.uncovered([cell for regime in solution.regimes for cell in regime.condition]).answer is False  # one mover: a pure best reply exists


def test_the_accession_window_in_continuous_time() -> None:
    """Russia waits iff -e acc / (r + acc) >= att."""
    notation = Notation((Parameter(acc, "accession hazard", domain=">0", baseline="1/5"), Parameter(r, "rate", domain=">0", baseline="1/10"),
                         Parameter(e, "cost", domain=">0", baseline="7/50"), Parameter(att, "value of attack", baseline="-33/400")))
    window = Stage({"R": ("wait", "attack")}, {("wait",): Result({"R": 0}, {"member": acc}), ("attack",): Result({"R": att})})
    game = StochasticGame("Window", ("R",), {"window": window, "member": Stage.fixed({"R": -e})}, r, "window", continuous=True, notation=notation)
    solution = bg.solve(game, MarkovPerfect())
    wait = next(regime for regime in solution.regimes if regime.equilibria[0].strategies["R"]["window"]["wait"] == 1)
    closed = bg.Cell.of(-e * acc >= att * (r + acc))
    space = bg.Space(notation)
    assert space.implies(wait.cell, closed).answer and space.implies(closed, wait.cell).answer
    assert sp.simplify(wait.equilibria[0].payoffs["R"] + e * acc / (r + acc)) == 0


def random_game(seed: int) -> StochasticGame:
    rng = np.random.default_rng(seed)
    names = ("s0", "s1", "s2")

    def result() -> Result:
        chances = rng.integers(0, 4, 3)
        total = int(chances.sum()) + 1
        return Result({p: R(int(v), 3) for p, v in zip("AB", rng.integers(-6, 7, 2), strict=True)},
                      {s: R(int(c), total) for s, c in zip(names, chances, strict=True)})

    def stage() -> Stage:
        actions = {p: ("x", "y") for p in "AB"}
        return Stage(actions, {(a, b): result() for a in "xy" for b in "xy"})

    return StochasticGame(f"random {seed}", ("A", "B"), {s: stage() for s in names}, {"A": R(4, 5), "B": R(9, 10)}, "s0")


@pytest.mark.parametrize("seed", range(8))
def test_pure_equilibria_are_those_of_policy_evaluation_in_floats(seed: int) -> None:
    game = random_game(seed)
    solution = bg.solve(game, MarkovPerfect())
    found = {tuple(tuple(own["x"] == 1 for own in e.strategies[p].values()) for p in "AB") for e in solution.equilibria}
    assert found == _brute(game) and solution.certificate.passed


def _brute(game: StochasticGame) -> set[tuple[tuple[bool, ...], ...]]:
    from itertools import product

    names, found = list(game.states), set()
    for own, other in product(product("xy", repeat=3), repeat=2):
        stable = True
        for k, player in enumerate("AB"):
            patience = float(game.patience[player])
            chances, flows = np.zeros((2, 3, 3)), np.zeros((2, 3))
            for i, name in enumerate(names):
                for option, action in enumerate("xy"):
                    profile = (action, other[i]) if k == 0 else (own[i], action)
                    result = game.states[name].results[profile]
                    flows[option, i] = float(result.payoffs[player])
                    for target, chance in result.moves.items():
                        chances[option, i, names.index(target)] += float(chance)
                    chances[option, i, i] += 1 - chances[option, i].sum()
            played = [0 if action == "x" else 1 for action in (own, other)[k]]
            moving = np.array([chances[played[i], i] for i in range(3)])
            value = np.linalg.solve(np.eye(3) - patience * moving, (1 - patience) * np.array([flows[played[i], i] for i in range(3)]))
            options = (1 - patience) * flows + patience * chances @ value
            stable &= bool((options.max(axis=0) <= value + 1e-10).all())
        if stable:
            found.add((tuple(a == "x" for a in own), tuple(a == "x" for a in other)))
    return found


def test_a_wrong_value_and_a_wrong_action_are_refuted() -> None:
    solution = bg.solve(ceasefire(), MarkovPerfect(), free=[])
    (right,) = solution.equilibria
    flipped = {"A": {"peace": {"keep": right.strategies["A"]["peace"]["break"], "break": right.strategies["A"]["peace"]["keep"]}}}
    moved = {name: value + R(1, 1000) for name, value in right.quantities.items()}
    for wrong in (replace(right, strategies=flipped), replace(right, quantities=moved)):
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted


def test_bad_games_are_refused() -> None:
    with pytest.raises(InvalidModel, match="discount factor"):
        replace(ceasefire(), patience=1)
    with pytest.raises(InvalidModel, match="unknown state"):
        replace(ceasefire(), states={"peace": Stage.fixed({"A": 0}, {"nowhere": 1})})
    with pytest.raises(InvalidModel, match="exceed 1"):
        replace(ceasefire(), states={"peace": Stage.fixed({"A": 0}, {"peace": "3/2"})})
    with pytest.raises(InvalidModel, match="one result"):
        replace(ceasefire(), states={"peace": Stage({"A": ("x", "y")}, {("x",): Result({"A": 0})})})
    with pytest.raises(NotApplicable, match="no states"):
        bg.solve(bg.MatrixGame.from_arrays([[1]], [[1]]), MarkovPerfect())
