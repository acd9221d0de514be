"""House style of the figures: colours, hatches, type sizes, and a save that is byte-stable.

Figures are `matplotlib.figure.Figure` objects, drawn without a screen and without any
global state: every figure is built inside `journal()`, which restores what it changes.
Colours: Okabe and Ito (2008), Color Universal Design; each comes with a hatch or a line
style, so that a black-and-white print still tells them apart.
"""

import os
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLACK, GREY = "#000000", "#666666"
BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, YELLOW, SILVER = "#56B4E9", "#CC79A7", "#F0E442", "#BBBBBB"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, SILVER)
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "||||")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
TEXT, SMALL = 9.0, 8.0
SINGLE, DOUBLE = 3.4, 7.0  # widths of one and of two columns, in inches
_SHORT, _HELD = 4, 0xE000  # printed characters of a symbol that is not left alone on a line; private characters, which stand for formulas

_SETTINGS: dict[str, Any] = {
    "font.family": ["STIXGeneral", "DejaVu Sans"], "mathtext.fontset": "stix", "font.size": TEXT,
    "axes.labelsize": TEXT, "axes.titlesize": TEXT, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "legend.fontsize": SMALL,
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.4,
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True, "text.usetex": False,
    "hatch.linewidth": 0.5, "hatch.color": BLACK, "legend.frameon": False,
    "svg.hashsalt": "bargain", "svg.fonttype": "path", "pdf.fonttype": 42, "path.simplify": True,
    "savefig.facecolor": "white", "savefig.bbox": None, "figure.facecolor": "white",
}
_METADATA: dict[str, dict[str, None]] = {"png": {"Software": None}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}


@dataclass(frozen=True)
class Labels:
    """Words on the axes; a text may hold mathematics between dollar signs."""

    x: str = ""
    y: str = ""
    title: str = ""


UNLABELLED = Labels()


@contextmanager
def journal() -> Iterator[None]:
    """The house style while the block runs; whatever the user had set comes back after it."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def blank(width: float = SINGLE, height: float = 2.6, *, constrained: bool = True) -> "Figure":
    """An empty figure of the given size in inches; call it inside `journal()`.

    >>> with journal():
    ...     figure = blank(3.0, 2.0)
    >>> [float(side) for side in figure.get_size_inches()]
    [3.0, 2.0]
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained" if constrained else None)
    FigureCanvasAgg(figure)
    return figure


def plain(text: str) -> str:
    """Text that is not mathematics, whatever it contains.

    >>> plain("pay $5")
    'pay \\\\$5'
    """
    return text.replace("$", r"\$")


def wrapped(text: str, across: int) -> str:
    r"""The text on lines of at most `across` characters as printed; mathematics is never broken, and a short symbol stays with the word before it.

    >>> wrapped("chance of winning, $p = 1 - q$", 20)
    'chance of winning,\n$p = 1 - q$'
    >>> wrapped(r"chance of winning the war, $\rho_{X}$", 26)
    'chance of winning the\nwar, $\\rho_{X}$'
    """
    formulas: list[str] = []

    def held(match: re.Match[str]) -> str:
        formulas.append(match[2])
        printed = len(re.sub(r"[\s{}_^$]", "", re.sub(r"\\(math(rm|it))?", "", re.sub(r"\\(?!math)[a-zA-Z]+", "x", match[2]))))
        return ("\0" if match[1] and printed <= _SHORT else match[1]) + chr(_HELD + len(formulas)) * max(printed, 1)

    lines = "\n".join(textwrap.wrap(re.sub(r"(\s?)(\$[^$]*\$)", held, text), across, break_long_words=False))
    return re.sub(f"([{chr(_HELD)}-{chr(_HELD + 999)}])\\1*", lambda match: formulas[ord(match[1]) - _HELD - 1], lines).replace("\0", " ")


def legend(figure: "Figure", handles: list[Any], *, columns: int = 2) -> None:
    """One legend for the whole figure, below the axes, where it hides nothing: as many columns as fit, at most `columns`.

    The figure grows by the height of the legend, so that the plot keeps its size.
    """
    for handle in handles:
        handle.set_label(wrapped(str(handle.get_label()), 56))
    for number in range(min(columns, len(handles)), 0, -1):
        drawn = figure.legend(handles=handles, loc="outside lower center", ncols=number, handlelength=2.2, columnspacing=1.4, borderaxespad=0.2)
        box = drawn.get_window_extent()
        if number == 1 or box.width < figure.bbox.width:
            figure.set_figheight(figure.get_figheight() + box.height / figure.dpi)
            return
        drawn.remove()


def save(figure: "Figure", path: str | Path) -> tuple[Path, ...]:
    """Write the figure; a path without .png, .pdf or .svg gives all three.

    The same figure gives the same bytes on every run, and a file appears complete or not at all.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, journal():
    ...     [written.name for written in save(blank(), Path(folder) / "empty")]
    ['empty.png', 'empty.pdf', 'empty.svg']
    """
    path = Path(path)
    known = tuple("." + kind for kind in _METADATA)
    if path.suffix in known:
        targets: tuple[Path, ...] = (path,)
    elif path.suffix.lower() in (".eps", ".jpg", ".jpeg", ".tif", ".tiff", ".ps"):
        raise BadInput(f"figures are not written as {path.suffix}", place=str(path), remedy="choose " + ", ".join(known))
    else:
        targets = tuple(path.with_name(path.name + suffix) for suffix in known)
    for target in targets:
        _write(figure, target)
    return targets


def _write(figure: "Figure", target: Path) -> None:
    kind = target.suffix[1:]
    temporary = target.with_name(f".{target.name}.part{os.getpid()}")  # the number tells a later run whether its writer was killed
    try:
        with journal():
            figure.savefig(temporary, format=kind, dpi=200, metadata=_METADATA[kind])
        temporary.chmod(0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
