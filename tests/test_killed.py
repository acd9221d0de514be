"""Nothing is lost: work that is killed at any moment is done by the same command again, with the same bytes; a file is whole or not there."""

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bargain.cli import main
from bargain.verify import verify

KILLS = 20


def started(arguments: Sequence[str]) -> int:
    """A process of its own that runs the command line (forked: everything is imported already)."""
    child = os.fork()
    if child == 0:
        status = 1
        with (contextlib.suppress(BaseException), open(os.devnull, "w", encoding="utf-8") as silent,
              contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent)):
            status = main(list(arguments))
        os._exit(status)
    return child


def killed_at_random(arguments: Sequence[str], draw: random.Random, whole: float) -> int:
    """Kill the command at a random moment, again and again; how many kills hit it while it was running."""
    hits = 0
    for _ in range(KILLS):
        child = started(arguments)
        time.sleep(draw.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        hits += os.WIFSIGNALED(status)
    return hits


def duration(arguments: Sequence[str]) -> float:
    begun = time.monotonic()
    _, status = os.waitpid(started(arguments), 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.monotonic() - begun


@pytest.mark.slow
def test_draws_killed_twenty_times_end_with_the_same_bytes(tmp_path: Path) -> None:
    """Chunks are kept as soon as they are complete; what was half-written is made again."""
    def command(name: str) -> list[str]:
        places = ["--cache", str(tmp_path / name), "--out", str(tmp_path / f"{name}.json")]
        return ["claims", "ukraine/leverage", "--draws", "6000", "--jobs", "1", "--seed", "3", "--format", "json", *places]

    whole = duration(command("reference"))
    hits = killed_at_random(command("killed"), random.Random(5), whole)
    assert hits >= KILLS // 3
    assert os.waitstatus_to_exitcode(os.waitpid(started(command("killed")), 0)[1]) == 0
    assert (tmp_path / "killed.json").read_bytes() == (tmp_path / "reference.json").read_bytes()
    kept, expected = ({path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*")} for name in ("killed", "reference"))
    assert kept == expected


def test_an_answer_killed_twenty_times_is_whole_or_absent(tmp_path: Path) -> None:
    answer, evidence = tmp_path / "answer.json", tmp_path / "certificate.json"
    command = ["solve", "classics/surge", "--at", "baseline", "--format", "json", "--out", str(answer), "--certificate", str(evidence)]
    whole = duration(command)
    right = answer.read_bytes(), evidence.read_bytes()
    draw = random.Random(7)
    for _ in range(KILLS):
        for path in (answer, evidence):
            path.unlink(missing_ok=True)
        child = started(command)
        time.sleep(draw.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for path, content in zip((answer, evidence), right, strict=True):
            assert not path.exists() or path.read_bytes() == content
    assert main(command) == 0 and (answer.read_bytes(), evidence.read_bytes()) == right
    assert verify(evidence).verified and json.loads(answer.read_text(encoding="utf-8"))["status"]


def test_an_old_answer_survives_a_write_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The disk is full: one line says so, the old file stays, and nothing half-written is left beside it."""
    out = tmp_path / "answer.txt"
    out.write_text("old\n", encoding="utf-8")

    def full(self: Path, *more: Any, **options: Any) -> int:
        with open(self, "w", encoding="utf-8") as file:
            file.write("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_text", full)
    assert main(["solve", "classics/surge", "--at", "baseline", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "No space left" in said and said.count("\n") == 1
    assert out.read_text(encoding="utf-8") == "old\n" and [path.name for path in tmp_path.iterdir()] == ["answer.txt"]


def test_a_place_that_cannot_be_written_is_an_error_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "file"
    taken.write_text("", encoding="utf-8")
    for command in (["solve", "classics/surge", "--at", "baseline", "--out", str(taken / "answer.txt")],
                    ["solve", "classics/surge", "--at", "baseline", "--certificate", "/proc/none/c.json"],
                    ["claims", "ukraine/leverage", "--draws", "10", "--cache", str(taken / "cache")]):
        assert main(command) == 2, command
        said = capsys.readouterr().err
        assert said.startswith("bargain: ") and "Traceback" not in said, said


def test_an_interruption_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def interrupted(*given: Any, **more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("bargain.cli.claims.run_claims", interrupted)
    assert main(["claims", "ukraine/leverage", "--draws", "10", "--cache", str(tmp_path)]) == 130
    assert f"kept in {tmp_path}: run the same command again" in capsys.readouterr().err
    assert main(["claims", "ukraine/leverage", "--draws", "10"]) == 130
    assert "--cache DIR" in capsys.readouterr().err


@pytest.mark.slow
def test_a_report_into_a_place_that_cannot_be_written_is_an_error_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "classics/ultimatum", "--out", "/proc/none/report"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("bargain: ") and "Traceback" not in said


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("given", [["classics/deterrence"], ["ukraine/leverage", "--draws", "6000", "--jobs", "1"]], ids=["baseline", "prior"])
def test_a_report_killed_twenty_times_ends_with_the_same_bytes(given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there is whole, and a rerun ends with every byte and nothing else. Without TeX, which would take most of the time and writes elsewhere."""
    monkeypatch.setenv("PATH", "/nonexistent")

    def command(name: str) -> list[str]:
        return ["report", *given, "--out", str(tmp_path / name)]

    assert main(command("reference")) == 0  # here, so that what is imported and cached need not be again in every fork
    whole = duration(command("again"))
    right, draw, hits = contents(tmp_path / "reference"), random.Random(11), 0
    assert contents(tmp_path / "again") == right
    assert {"report.html", "report.tex", "report.json"} <= set(right)
    for _ in range(KILLS):
        child = started(command("killed"))
        time.sleep(draw.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        hits += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        for name, content in contents(tmp_path / "killed").items():
            assert Path(name).name.startswith(".") or content == right[name], name
        shutil.rmtree(tmp_path / "killed" / "figures", ignore_errors=True)
    assert hits >= KILLS // 3
    (tmp_path / "killed" / "tables").mkdir(parents=True, exist_ok=True)
    (tmp_path / "killed" / "tables" / ".left.tex.part4194999").write_bytes(b"half")
    assert os.waitstatus_to_exitcode(os.waitpid(started(command("killed")), 0)[1]) == 0
    assert contents(tmp_path / "killed") == right


@pytest.mark.parametrize("kind", ["a table", "a figure"])
def test_a_full_disk_in_the_middle_of_a_report_is_one_line(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An older file of the same name stays as it was, and nothing half-written is left."""
    monkeypatch.setenv("PATH", "/nonexistent")
    out = tmp_path / "report"
    (out / "tables").mkdir(parents=True)
    (out / "report.tex").write_text("old", encoding="utf-8")

    def full(self: Any, place: Any, *more: Any, **options: Any) -> None:
        Path(place).write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))

    if kind == "a figure":
        monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    else:
        monkeypatch.setattr(Path, "write_bytes", lambda self, content: full(None, self) if self.name != "report.tex" else None)
    assert main(["report", "classics/deterrence", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("bargain: ") and said.count("\n") == 1 and "no space left" in said.lower(), said
    assert (out / "report.tex").read_bytes() == b"old" and not [path for path in out.rglob(".*")]
