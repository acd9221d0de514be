"""The pictures of gallery.md, from shipped models: ``python docs/gallery.py FOLDER`` draws them; so does the build of the site."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Integer, Rational

import bargain as bg
from bargain import figures
from bargain.models.classics import deterrence, log_rolling
from bargain.models.ukraine import leverage
from bargain.sensitivity.indices import tornado
from bargain.sensitivity.points import Vectorised


def tree() -> Any:
    """The deterrence game with the path of one regime."""
    return figures.tree_figure(bg.solve(deterrence.game, bg.SubgamePerfect()), regime=3)


def regime_map() -> Any:
    """The regimes of the deterrence game over both values of war."""
    solution = bg.solve(deterrence.game, bg.SubgamePerfect(), free=["w_C", "w_D"])
    return figures.exact_regime_map(solution, "w_C", "w_D", x_range=(-1, 1), y_range=(-2, 1))


def bargaining_set() -> Any:
    """Two issues as one set of agreements where A gets 3/2 without one, and four axiomatic solutions."""
    issues, _ = log_rolling.model.problems["package"]
    problem = replace(issues.at(issues.notation.baseline).problem(), disagreement={"A": Rational(3, 2), "B": Integer(0)})
    solvers = {"Nash": bg.NashBargaining(), "Kalai–Smorodinsky": bg.KalaiSmorodinsky(), "egalitarian": bg.Egalitarian(), "utilitarian": bg.Utilitarian()}
    return figures.bargaining_set_figure(problem, {name: bg.solve(problem, solver) for name, solver in solvers.items()})


def swings() -> Any:
    """How far each prior moves the advantage of building leverage first."""
    return figures.tornado_figure(tornado(Vectorised(leverage.model), "LF_minus_TF"))


PICTURES: dict[str, Callable[[], Any]] = {"tree": tree, "regime_map": regime_map, "bargaining_set": bargaining_set, "tornado": swings}


def draw(folder: Path) -> list[Path]:
    """Draw all pictures into a folder; the SVG files, in the order of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    return [next(path for path in figures.save(make(), folder / name) if path.suffix == ".svg") for name, make in PICTURES.items()]


if __name__ == "__main__":
    print(*draw(Path(sys.argv[1] if len(sys.argv) > 1 else "build/pictures")), sep="\n")
