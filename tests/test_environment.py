"""Where the package must work: from a wheel, from a checkout, without TeX, display, cache or network, and twice at once."""

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import venv
import zipfile
from configparser import ConfigParser
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bargain.cli import main
from bargain.verify import verify

ROOT = Path(__file__).parent.parent
PROGRAM = "import bargain, bargain.models.classics.ultimatum as m, json; print(json.dumps([bargain.__file__, m.__file__]))"


def run(program: list[str], folder: Path, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter in a folder, with nothing of this one's environment but what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run([python, *program], cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False, timeout=300)


def pip(arguments: list[str], folder: Path, python: str = sys.executable, **environment: str) -> None:
    """Run pip; the test is skipped where there is no index to take the build tools from."""
    configured = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy")}
    told = run(["-m", "pip", *arguments], folder, python, HOME=os.environ.get("HOME", str(folder)), **configured, **environment)
    if told.returncode and any(word in told.stderr for word in ("No matching distribution", "Could not find a version", "Connection")):
        pytest.skip("no index to take the build tools from")
    assert told.returncode == 0, told.stderr[-600:]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of a fresh environment that sees the dependencies installed here, and not this package (path files in there are not read)."""
    place = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(place, with_pip=True)
    python = str(place / ("Scripts" if os.name == "nt" else "bin") / "python")
    told = run(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], place, python)
    Path(told.stdout.strip(), "outer.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source at another place."""
    place = tmp_path_factory.mktemp("checkout")
    for name in ("bargain", "models"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "*.so", "models" if name == "bargain" else ".none"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "setup.py"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, place / name)
    return place


@pytest.mark.slow
def test_a_wheel_holds_the_models_and_runs_where_it_is_unpacked(checkout: Path, tmp_path: Path) -> None:
    pip(["wheel", "--no-deps", "-w", str(tmp_path), str(checkout)], tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    assert {"bargain/py.typed", "bargain/verify.py", "bargain/models/classics/ultimatum.py"} <= set(names)
    assert not [name for name in names if name.startswith(("models/", "tests/"))]
    packages = {str(path.parent.relative_to(ROOT)) for path in (ROOT / "bargain").rglob("*.py")} - {"bargain"}
    assert {package for package in packages if "models" not in package} <= {name.rpartition("/")[0] for name in names}
    found = run(["-c", PROGRAM], tmp_path, PYTHONPATH=str(tmp_path / "installed"), HOME=str(tmp_path))
    assert all(place.startswith(str(tmp_path)) for place in json.loads(found.stdout)), found


MODELS = "import bargain, bargain.models.classics.ultimatum as m; from bargain.loading import groups; print(bargain.core_info(), m.__file__, *groups(), sep='\\n')"
SOLVE = ["-m", "bargain", "solve", "classics/surge", "--at", "baseline"]


@pytest.mark.slow
def test_a_checkout_that_is_not_installed_finds_the_models(checkout: Path, bare: str, tmp_path: Path) -> None:
    assert "No module named" in run(["-c", "import bargain"], tmp_path, bare).stderr
    told = run(["-c", MODELS], tmp_path, bare, PYTHONPATH=str(checkout))
    core, place, *found = told.stdout.splitlines()
    assert core == "numpy" and Path(place) == checkout / "models" / "classics" / "ultimatum.py" and found == ["classics", "ukraine"], told
    (checkout / "neighbour.py").touch()
    assert "No module named" in run(["-c", "import bargain.neighbour"], tmp_path, bare, PYTHONPATH=str(checkout)).stderr  # no other folder is searched
    answer = run(SOLVE, tmp_path, bare, PYTHONPATH=str(checkout))
    assert answer.returncode == 0 and answer.stdout, answer.stderr


@pytest.mark.slow
def test_installed_without_a_compiler_and_then_from_the_source_it_finds_the_models(checkout: Path, bare: str, tmp_path: Path) -> None:
    """A wheel built with a compiler that fails is whole, on numpy, and is not written to when it runs; `pip install -e` takes its place."""
    shutil.rmtree(checkout / "build", ignore_errors=True)
    pip(["wheel", "--no-deps", "-w", str(tmp_path), str(checkout)], tmp_path, CC="/bin/false")
    pip(["install", "--no-deps", "--no-index", str(next(tmp_path.glob("*.whl")))], tmp_path, bare)
    core, place, *found = run(["-c", MODELS], tmp_path, bare).stdout.splitlines()
    assert core == "numpy" and not place.startswith(str(checkout)) and found == ["classics", "ukraine"]
    installed = Path(place).parents[2]
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*")}
    for path in installed.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    answer = run(SOLVE, tmp_path, bare, HOME="/nonexistent")
    listed = run(["-m", "bargain", "list"], tmp_path, bare, HOME="/nonexistent")
    for path in installed.rglob("*"):
        path.chmod(0o755)
    assert answer.returncode == listed.returncode == 0 and "classics/surge" in listed.stdout, (answer.stderr, listed.stderr)
    assert {path: path.stat().st_mtime_ns for path in installed.rglob("*")} == before
    pip(["install", "--no-deps", "-e", str(checkout)], tmp_path, bare)
    core, place, *found = run(["-c", MODELS], tmp_path, bare).stdout.splitlines()
    assert Path(place) == checkout / "models" / "classics" / "ultimatum.py" and found == ["classics", "ukraine"]
    assert run(SOLVE, tmp_path, bare).stdout == answer.stdout


def interpreter(version: str) -> str | None:
    """A Python of this version: this one, one on the path, or one that pyenv keeps."""
    if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
        return sys.executable
    kept = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*/bin/python"))
    for found in (shutil.which(f"python{version}"), *map(str, kept)):
        if found and subprocess.run([found, "-c", "import venv"], capture_output=True, check=False).returncode == 0:  # a shim may name what is not there
            return found
    return None


def installed(version: str, constraints: list[str], checkout: Path, place: Path) -> str:
    """The interpreter of a fresh environment of a version of Python with the package and its dependencies, from wheels and within constraints."""
    found = interpreter(version)
    if found is None:
        pytest.skip(f"there is no Python {version} on the path or in pyenv")
    assert run(["-m", "venv", str(place / "venv")], place, found).returncode == 0
    python = str(place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
    (place / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
    pip(["wheel", "-q", "--no-deps", "-w", str(place), str(checkout)], place)
    (wheel,) = place.glob("*.whl")
    pip(["install", "-q", "--no-compile", "--only-binary", ":all:", "-c", str(place / "constraints.txt"), str(wheel)], place, python)
    return python


def requirements() -> list[Any]:
    """What setup.cfg asks to be installed."""
    from packaging.requirements import Requirement

    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return [Requirement(line) for line in config["options"]["install_requires"].split("\n") if line]


def worked(python: str, folder: Path, seed: str, *more: str, **environment: str) -> dict[str, bytes]:
    """Import every module, solve, write and verify certificates, report, and what else is asked for; the files that came out, without the PDF (no TeX is found)."""
    folder.mkdir()
    bare = {"PATH": "/nonexistent", "HOME": str(folder / "home"), "PYTHONHASHSEED": seed, "MPLCONFIGDIR": str(folder.parent / "matplotlib"), **environment}
    for command in (["-c", EVERY], *(["-m", "bargain", *words.split()] for words in (*WORK, *more))):
        told = run(command, folder, python, **bare)
        assert told.returncode == 0, (command, told.stderr[-600:])
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


EVERY = """
import bargain, importlib, pkgutil
for found in pkgutil.walk_packages(bargain.__path__[:1], "bargain."):
    if found.name not in ("bargain.__main__", "bargain._core"):
        importlib.import_module(found.name)
"""
WORK = ("solve classics/surge --certificate surge.json --out surge.txt", "verify surge.json", "solve classics/two_by_two --format json --out matrix.json",
        "solve classics/two_by_two --certificate matrix-certificate.json --format latex --out matrix.tex", "report classics/deterrence --out report")


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_under_another_python_the_wheel_installs_and_writes_the_same_bytes(version: str, checkout: Path, tmp_path: Path) -> None:
    """The dependencies, and theirs, in the versions installed here; another hash seed too."""
    exactly = sorted({f"{found.name}=={found.version}" for found in metadata.distributions() if found.name != "bargain-solver"})
    python = installed(version, exactly, checkout, tmp_path)
    study = "report ukraine/leverage --draws 64 --jobs 1 --out study"
    there, here = worked(python, tmp_path / "there", "42", study), worked(sys.executable, tmp_path / "here", "0", study, PYTHONPATH=str(ROOT))
    assert {"report/report.html", "report/report.tex", "report/report.json", "study/report.json", "surge.json", "matrix.tex"} <= set(here)
    assert {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)} == set()


@pytest.mark.slow
def test_the_lowest_versions_stated_work(checkout: Path, tmp_path: Path) -> None:
    """Python 3.11 and every requirement at its lower bound; the exact answers are the same.

    Not compared: drawings, which matplotlib makes, and certificates (verified there), whose witnesses are the points that z3 proposes.
    """
    lowest = [f"{row.name}=={bound.version}" for row in requirements() for bound in row.specifier if bound.operator == ">="]
    python = installed("3.11", lowest, checkout, tmp_path)
    there, here = worked(python, tmp_path / "there", "42"), worked(sys.executable, tmp_path / "here", "0", PYTHONPATH=str(ROOT))
    exact = [name for name in here if name.endswith((".tex", ".txt")) or name in ("matrix.json", "report/report.json")]
    assert len(exact) > 5 and {name for name in exact if there.get(name) != here[name]} == set()


@pytest.mark.slow
def test_nothing_is_written_outside_what_is_asked_for(tmp_path: Path) -> None:
    """No home, no cache, no display, no TeX on the path: a solution, a certificate and its check."""
    bare = {**dict.fromkeys(("HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR", "PATH"), "/nonexistent"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    told = run(["-m", "bargain", "solve", "classics/surge", "--certificate", "c.json", "--out", "a.txt"], tmp_path, **bare)
    assert told.returncode == 0 and "Traceback" not in told.stderr, told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "c.json"] and verify(tmp_path / "c.json").verified


@pytest.mark.slow
def test_a_report_needs_no_tex_and_no_display(tmp_path: Path) -> None:
    bare = {"HOME": str(tmp_path / "home"), "PATH": "/nonexistent", "PYTHONPATH": str(ROOT)}
    told = run(["-m", "bargain", "report", "classics/ultimatum", "--out", "report"], tmp_path, **bare)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "report" / "report.html").stat().st_size > 1000 and not (tmp_path / "report" / "report.pdf").exists()


@pytest.mark.slow
def test_two_processes_at_once_share_a_cache_and_an_output(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bargain", "claims", "ukraine/leverage", "--draws", "2000", "--cache", "kept", "--format", "json", "--out", "answer.json"]
    both = [subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.wait(300) for process in both] == [0, 0]
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert not [path for path in tmp_path.rglob("*.part*")]


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*given: Any, **more: Any) -> Any:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    assert main(["solve", "classics/surge", "--at", "baseline"]) == 0
    assert main(["claims", "classics/deterrence"]) == 0
    assert capsys.readouterr().out


def test_the_versions_installed_are_within_the_bounds_stated() -> None:
    """Every requirement states a lower bound, and what runs these tests meets it."""
    stated = requirements()
    assert stated and all(any(bound.operator == ">=" for bound in requirement.specifier) for requirement in stated)
    assert all(requirement.specifier.contains(metadata.version(requirement.name), prereleases=True) for requirement in stated)


def test_every_package_is_listed_for_installation() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    present = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "bargain").rglob("*.py")}
    present |= {".".join(("bargain", *path.parent.relative_to(ROOT).parts)) for path in (ROOT / "models").rglob("*.py")}
    assert present - listed == set()
