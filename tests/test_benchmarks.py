"""The speed gate: it marks a slowed kernel, it does not mark the same code, and the table is written in every form."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest

pytest.importorskip("benchmarks.task", reason="the benchmarks are not beside the tests")
pytest.importorskip("quantecon")
pytest.importorskip("pygambit")

from benchmarks import curves
from benchmarks.__main__ import main
from benchmarks.compare import ROOT, compared, exported
from benchmarks.measure import interval, measured
from benchmarks.task import Task
from benchmarks.tasks import tasks

REPOSITORY = pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="no git repository")


def offers():
    return [task for task in tasks(quick=True) if task.name.startswith("Rubinstein")]


@pytest.mark.slow
@REPOSITORY
def test_the_gate_marks_a_slowed_kernel_and_not_the_same_code():
    with exported("HEAD") as base, exported("HEAD") as here:
        (same,) = compared(offers(), base, here, rounds=15, quick=True)
        assert not same.slower and not same.failed and same.low < 1.1
        kernel = here / "bargain" / "kernels" / "rubinstein.py"
        text = kernel.read_text()
        start = "    xp, beside = namespace(*values),"
        assert start in text
        kernel.write_text(text.replace(start, "    for _ in range(3):\n        np.sort(np.random.default_rng(0).random(20_000))\n" + start, 1))
        (slowed,) = compared(offers(), base, here, rounds=15, quick=True)
        assert slowed.slower and slowed.low > 1.1


@REPOSITORY
def test_an_unknown_revision_is_an_error():
    with pytest.raises(subprocess.CalledProcessError), exported("no-such-revision"):
        pass


def test_curves_run_and_fit_their_exponent(monkeypatch, capsys):
    square = curves.Curve("squares", "list", (2, 4, 8), lambda size: size, lambda size: size)
    assert square.exponent([3.0 * size**2 for size in square.sizes]) == pytest.approx(2)
    monkeypatch.setattr(curves, "CURVES", tuple(replace(curve, sizes=curve.sizes[:2]) for curve in curves.CURVES))
    curves.main()
    assert capsys.readouterr().out.count("time ~ n^") == len(curves.CURVES) >= 7


def test_answers_that_differ_stop_a_task():
    def differ(ours, theirs):
        assert ours == theirs

    wrong = Task("wrong", "item", lambda number: number, lambda given: given, 1, lambda given: given + 1, "other", 1, differ)
    with pytest.raises(AssertionError):
        measured(wrong, 2)


def test_the_interval_holds_the_median_and_shrinks_with_agreement():
    low, high = interval([1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.02])
    assert 0.9 <= low <= 1.0 <= high <= 1.1
    assert interval([2.0] * 5) == (2.0, 2.0)


def test_the_command_writes_its_table_its_history_and_its_picture(tmp_path, capsys):
    places = {name: tmp_path / name for name in ("h.jsonl", "t.tex", "p.png")}
    written = [word for option, place in zip(("--history", "--latex", "--picture"), places.values(), strict=True) for word in (option, str(place))]
    words = ["--quick", "--rounds", "2", "--task", "Rubinstein", *written]
    assert main(words) == 0 and main(words) == 0
    assert "Rubinstein shares" in capsys.readouterr().out
    runs = [json.loads(line) for line in places["h.jsonl"].read_text().splitlines()]
    assert len(runs) == 2 and runs[0]["tasks"][0]["ratio"] > 0 and runs[0]["environment"]["numpy"]
    assert places["t.tex"].read_text().count("&") == 10 and places["p.png"].stat().st_size > 1000
    assert main(["--task", "nosuch"]) == 2 and main(["--list"]) == 0
