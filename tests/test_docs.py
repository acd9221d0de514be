"""The documentation does what it shows: commands and Python blocks are run in order and what they print is compared; links resolve.

A page is played in an empty folder. ``<!-- file: NAME -->`` before a block saves it; ``$ bargain ...`` lines of a ``console`` block are run, and the lines
below them are what they print; a ``python`` block is executed, and a ``text`` block right after it is what it prints. ``<!-- needs: MODULE -->`` skips a block
where the module is missing, ``<!-- slow -->`` leaves it to the slow tests. White space does not count.
"""

import contextlib
import importlib.util
import io
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import bargain as bg
from bargain.cli import main

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
FENCE = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<kind>[a-z]*)\n(?P<body>.*?)^```$(?P<gap>\s*)", re.M | re.S)
LINK = re.compile(r"\]\((?P<page>[^)#\s]*)(?:#(?P<heading>[^)\s]*))?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block; `shown` is what it is said to print, None where nothing is said."""

    kind: str
    body: str
    note: str
    shown: str | None

    @property
    def needed(self) -> str:
        return (re.findall(r"needs: (\w+)", self.note) or [""])[0]


def blocks(text: str) -> list[Block]:
    found = list(FENCE.finditer(text))
    return [Block(one["kind"], one["body"], one["note"] or "", printed(one, found[k + 1]) if k + 1 < len(found) else None) for k, one in enumerate(found)]


def printed(block: re.Match[str], after: re.Match[str]) -> str | None:
    """The text block right after a block, if there is one."""
    return after["body"] if after.start() == block.end() and after["kind"] == "text" and not after["note"] else None


def compare(shown: str, printed: str, what: str) -> None:
    assert " ".join(printed.split()) == " ".join(shown.split()), f"{what}\n--- printed:\n{printed}"


def play(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, slow: bool = False) -> int:
    """Run what a page shows, in order; the number of blocks that were run."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    names: dict[str, object] = {"__name__": "page"}
    known, done = set(sys.modules), 0
    for block in blocks(text):
        if ("slow" in block.note and not slow) or (block.needed and importlib.util.find_spec(block.needed) is None):
            continue
        if block.note.startswith("file: "):
            Path(block.note[6:]).write_text(block.body)
        elif block.kind == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.body, re.M):
                compare(shown, run(command), command)
        elif block.kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(block.body, "block", "exec"), names)
            if block.shown is not None:
                compare(block.shown, out.getvalue(), block.body)
        else:
            continue
        done += 1
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__file__", None) and Path(sys.modules[name].__file__ or "").parent == folder:
            del sys.modules[name]
    return done


def run(command: str) -> str:
    """The standard output of a ``bargain`` command."""
    program, *words = shlex.split(command)
    assert program == "bargain", f"{command}: only bargain is run here"
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main(words)
    assert code == 0, f"{command}: exit status {code}"
    return out.getvalue()


def script(name: str) -> object:
    """A script of docs/, as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{Path(name).stem}", DOCS / name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RUNNABLE = [page for page in PAGES if any(block.kind in ("python", "console") for block in blocks(page.read_text()))]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert play(page.read_text(), tmp_path, monkeypatch) > 0
    if page.stem == "tutorial":
        assert (tmp_path / "paper" / "report.html").exists() and list((tmp_path / "paper" / "tables").glob("*.tex"))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in RUNNABLE if "<!-- slow" in page.read_text()], ids=lambda page: page.stem)
def test_the_blocks_that_take_longer_run_too(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert play(page.read_text(), tmp_path, monkeypatch, slow=True) > 0


@pytest.mark.parametrize(("text", "right"), [
    ("```python\nprint(2 + 2)\n```\n\n```text\n4\n```\n", True), ("```python\nprint(2 + 2)\n```\n\n```text\n5\n```\n", False),
    ("```console\n$ bargain --version\nbargain 0\n```\n", False), ("<!-- needs: no_such_module -->\n```python\n1 / 0\n```\n", True),
    ("<!-- file: nothing.efg -->\n```text\nEFG\n```\n\n```console\n$ bargain show nothing.efg\n```\n", False)])
def test_a_page_that_shows_something_else_is_noticed(text: str, right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.nullcontext() if right else pytest.raises((AssertionError, SystemExit)):
        play(text, tmp_path, monkeypatch)


def slug(heading: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_resolve(page: Path) -> None:
    made = {f"pictures/{name}.svg" for name in script("gallery.py").PICTURES}  # type: ignore[attr-defined]
    made |= {f"api/{area}.md" for area in script("site/hooks.py").AREAS}  # type: ignore[attr-defined]
    prose = FENCE.sub("", page.read_text())
    for link in LINK.finditer(prose):
        target = link["page"]
        if target.startswith(("http:", "https:")) or target in made:
            continue
        goal = page if not target else page.parent / target
        assert goal.exists(), f"{page.name}: {target}"
        if link["heading"]:
            assert link["heading"] in {slug(line) for line in re.findall(r"^#+ (.*)$", goal.read_text(), re.M)}, f"{page.name}: {target}#{link['heading']}"


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"(\S+\.md)$", (DOCS / "site" / "mkdocs.yml").read_text(), re.M))
    assert {page.name for page in DOCS.glob("*.md")} <= listed
    assert {name for name in listed if name.startswith("api/")} == {f"api/{area}.md" for area in script("site/hooks.py").AREAS}  # type: ignore[attr-defined]


def test_every_public_name_has_a_place_in_the_reference() -> None:
    pages = script("site/hooks.py").reference()  # type: ignore[attr-defined]
    listed = re.findall(r"^::: \S+\.(\w+)$", "\n".join(pages.values()), re.M)
    assert set(bg.__all__) - {"__version__"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_the_pictures_of_the_gallery_are_drawn(tmp_path: Path) -> None:
    gallery = script("gallery.py")
    drawn = gallery.draw(tmp_path)  # type: ignore[attr-defined]
    shown = re.findall(r"!\[(.+?)\]\(pictures/(\w+)\.svg\)", (DOCS / "gallery.md").read_text())
    assert [path.stem for path in drawn] == [name for _, name in shown] and all(len(text) > 40 for text, _ in shown), "every picture has words for who cannot see it"
    assert all(path.read_text().startswith("<?xml") and path.stat().st_size > 3000 for path in drawn)
