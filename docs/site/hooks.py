"""What the build of the site makes: the API reference (one page per area, from the package's own list of names) and the pictures of the gallery."""

import importlib.util
import tempfile
from pathlib import Path
from typing import Any

import bargain
import bargain.figures

AREAS = {  # page -> its title, and the modules whose public names it documents; the longest prefix that fits decides
    "games": ("Games and problems", ("bargain.games", "bargain.notation", "bargain.errors")),
    "solving": ("Solving and solutions", ("bargain.solving", "bargain.solution", "bargain.regions")),
    "trees": ("Solvers: trees of perfect information", ("bargain.solvers.trees", "bargain.solvers.regimes")),
    "information": ("Solvers: hidden moves and private information", ("bargain.solvers.information",)),
    "matrices": ("Solvers: matrix games", ("bargain.solvers.matrices",)),
    "alternating": ("Solvers: alternating offers", ("bargain.solvers.alternating",)),
    "axiomatic": ("Solvers: axiomatic bargaining", ("bargain.solvers.axiomatic",)),
    "coalitions": ("Solvers: coalitions", ("bargain.solvers.coalitions",)),
    "conflict": ("Solvers: war, attrition, legislatures", ("bargain.solvers.conflict",)),
    "analysis": ("Analysis: claims, sweeps, comparative statics", ("bargain.analysis", "bargain.claims", "bargain.sweeping", "bargain.exhibits")),
    "output": ("LaTeX and figures", ("bargain.latex", "bargain.figures", "bargain.tables")),
    "interop": ("Other packages", ("bargain.interop",)),
    "arrays": ("Arrays and large games", ("bargain.kernels",)),
}


def area(module: str) -> str:
    """The page of a module's names; KeyError if no area names it."""
    fits = [(len(prefix), page) for page, (_, prefixes) in AREAS.items() for prefix in prefixes if f"{module}.".startswith(f"{prefix}.")]
    if not fits:
        raise KeyError(f"{module} is in no area of the reference; add it to AREAS")
    return max(fits)[1]


def reference() -> dict[str, str]:
    """The pages of the API reference: area -> Markdown."""
    names: dict[str, list[str]] = {page: [] for page in AREAS}
    homes = {**{name: home for name, home in bargain._WHERE.items()}, **{name: home for name, home in bargain.figures._WHERE.items() if name not in bargain._WHERE}}
    for name, home in sorted(homes.items(), key=lambda item: item[0].lower()):
        names[area(home)].append(f"::: {home}.{name}")
    return {page: f"# {title}\n\n" + "\n\n".join(names[page]) + "\n" for page, (title, _) in AREAS.items()}


def pictures() -> list[Path]:
    """The pictures of the gallery, drawn anew."""
    path = Path(__file__).resolve().parents[1] / "gallery.py"
    spec = importlib.util.spec_from_file_location("gallery", path)
    assert spec is not None and spec.loader is not None
    gallery: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    drawn: list[Path] = gallery.draw(Path(tempfile.mkdtemp()))
    return drawn


def on_files(files: Any, config: Any) -> Any:
    """Called by mkdocs: add what is generated to the files of the site."""
    from mkdocs.structure.files import File

    for page, text in reference().items():
        files.append(File.generated(config, f"api/{page}.md", content=text))
    for picture in pictures():
        files.append(File.generated(config, f"pictures/{picture.name}", content=picture.read_bytes()))
    return files
