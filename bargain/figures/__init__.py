"""Figures of a paper: game trees, bargaining sets and ranges, regime maps, walls, quantal branches, convergence, sensitivity.

Every function but `tree_tikz` (text for LaTeX) returns a `matplotlib.figure.Figure`; `save` writes it. Names load on first
use, so that nothing of matplotlib is imported before a figure is drawn.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_PUBLIC = {
    "bargain.figures.style": ("Labels", "save"),
    "bargain.figures.tree": ("tree_figure",),
    "bargain.figures.tikz": ("tree_tikz",),
    "bargain.figures.ranges": ("Curve", "Marks", "Span", "curve_figure", "range_figure"),
    "bargain.figures.regimes": ("Level", "MapLabels", "Overlay", "Path", "regime_map"),
    "bargain.figures.exact": ("exact_regime_map",),
    "bargain.figures.sets": ("bargaining_set_figure",),
    "bargain.figures.branches": ("branch_figure",),
    "bargain.figures.matrix": ("Arrow", "Point", "Wall", "walls_figure"),
    "bargain.figures.convergence": ("convergence_figure",),
    "bargain.figures.bars": ("Bar", "index_figure", "share_figure", "tornado_figure"),
}
_WHERE = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = ["Arrow", "Bar", "Curve", "Labels", "Level", "MapLabels", "Marks", "Overlay", "Path", "Point", "Span", "Wall",
           "bargaining_set_figure", "branch_figure", "convergence_figure", "curve_figure", "exact_regime_map", "index_figure", "range_figure",
           "regime_map", "save", "share_figure", "tornado_figure", "tree_figure", "tree_tikz", "walls_figure"]

if TYPE_CHECKING:
    from bargain.figures.bars import Bar, index_figure, share_figure, tornado_figure
    from bargain.figures.branches import branch_figure
    from bargain.figures.convergence import convergence_figure
    from bargain.figures.exact import exact_regime_map
    from bargain.figures.matrix import Arrow, Point, Wall, walls_figure
    from bargain.figures.ranges import Curve, Marks, Span, curve_figure, range_figure
    from bargain.figures.regimes import Level, MapLabels, Overlay, Path, regime_map
    from bargain.figures.sets import bargaining_set_figure
    from bargain.figures.style import Labels, save
    from bargain.figures.tikz import tree_tikz
    from bargain.figures.tree import tree_figure


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain.figures' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
