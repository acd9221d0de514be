"""Limits of time and memory: what was found is kept and marked as not complete."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from bargain.cli import main
from bargain.errors import BadInput
from bargain.limits import Stopped, memory_limit, time_limit
from bargain.notation import Notation, Parameter
from bargain.regions import EQ, LT, Cell, Oracle, Space, explore

P, Q = sp.symbols("p q", real=True)
SLOW_MODEL = '''
"""A game whose last cases never end."""
import time
from dataclasses import dataclass
import sympy as sp
import bargain as bg
from bargain.solvers import SubgamePerfect

p = sp.Symbol("p", real=True)
q = sp.Symbol("q", real=True)
game = bg.Game("Slow", ("A",), (bg.Parameter(p, "payoff", baseline="1/2"), bg.Parameter(q, "payoff", baseline="1/3")),
               bg.decision("A", l=bg.payoffs(A=p), r=bg.payoffs(A=q)))


@dataclass(frozen=True)
class Slow(SubgamePerfect):
    """Sleeps where q is greater."""

    def run(self, problem):
        from bargain.regions import Space, explore
        inner = super()

        def algorithm(oracle):
            if oracle.sign(p - q) > 0:
                while True:
                    time.sleep(0.01)
            return inner.run(problem).regimes[0].equilibria
        explore(Space(problem.notation), algorithm, boundaries=False)


model = bg.Model("slow", {"game": (game, Slow())})
'''


def test_a_stopped_exploration_carries_the_cases_that_were_complete() -> None:
    space = Space(Notation((Parameter(P, "p"), Parameter(Q, "q"))))

    def algorithm(oracle: Oracle) -> str:
        if oracle.sign(P) > 0:  # the cell that is tried last
            while True:
                time.sleep(0.01)
        return "left"

    started = time.monotonic()
    with pytest.raises(Stopped) as caught, time_limit(1.0):
        explore(space, algorithm, boundaries=True)
    assert time.monotonic() - started < 10
    assert {result for _, result in caught.value.found} == {"left"}
    assert [cell for cell, _ in caught.value.found] == [Cell().where(P, LT), Cell().where(P, EQ)]


def test_memory_that_is_used_up_stops_with_what_was_found() -> None:
    space = Space(Notation((Parameter(P, "p"),)))

    def algorithm(oracle: Oracle) -> int:
        if oracle.sign(P) < 0:
            raise MemoryError
        return 1

    with pytest.raises(Stopped) as caught:
        explore(space, algorithm, boundaries=False)
    assert len(caught.value.found) <= 1 and "not complete" in str(caught.value)


def test_a_stop_inside_another_error_is_still_a_stop() -> None:
    """Libraries turn what is raised inside them into errors of their own."""
    with pytest.raises(Stopped), time_limit(0.2):
        try:
            while True:
                time.sleep(0.01)
        except Stopped as stop:
            raise TypeError("argument 1: Stopped") from stop


def test_without_a_limit_nothing_is_changed() -> None:
    with time_limit(None), memory_limit(None):
        assert sp.Integer(1) == 1
    with time_limit(30):
        pass
    with pytest.raises(ValueError, match="own"), time_limit(30):
        raise ValueError("own")


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_limit_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(BadInput), time_limit(seconds):
        pass


def test_the_command_line_prints_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "slow.py"
    path.write_text(SLOW_MODEL, encoding="utf-8")
    assert main(["solve", str(path), "--time-limit", "6"]) == 1
    told = capsys.readouterr()
    assert "not complete" in told.err and "not certified" in told.err and told.err.count("\n") == 1, told.err
    assert "not decided within the limits given" in " ".join(told.out.split())


def test_the_command_line_stops_in_time_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "slow.py"
    path.write_text(SLOW_MODEL, encoding="utf-8")
    started = time.process_time()
    assert main(["solve", str(path), "--time-limit", "1"]) == 1
    assert "status: not complete: the time limit of 1 seconds was reached" in capsys.readouterr().err
    assert time.process_time() - started < 15


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_a_memory_limit_ends_in_a_message(capfd: pytest.CaptureFixture[str]) -> None:
    """In a fresh process, whose memory is its own."""
    command = [sys.executable, "-m", "bargain", "solve", "classics/surge", "--memory-limit", "60"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 1 and "status: not complete" in told.stderr and "Traceback" not in told.stderr
    assert main(["solve", "classics/surge", "--at", "baseline", "--memory-limit", "8000"]) == 0
    assert capfd.readouterr().out


def test_a_number_of_cases_is_estimated_before_work(capsys: pytest.CaptureFixture[str]) -> None:
    """A game of many players with many actions is refused before anything is listed."""
    from bargain import MatrixGame, Nash, solve
    from bargain.errors import BargainError

    started = time.process_time()
    cells: dict[tuple[str, ...], Any] = {}
    with pytest.raises(BargainError):
        names = tuple(f"P{k}" for k in range(40))
        solve(MatrixGame("Too many", names, tuple(("a", "b") for _ in names), cells), Nash())
    assert time.process_time() - started < 2
