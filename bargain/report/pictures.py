"""Exhibits and trees as figures, each with its caption and a description in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from bargain.claims import Model
from bargain.exhibits import Curve, Listing, OutcomeMap, Plane, RegionMap
from bargain.expressions import exact
from bargain.games import Game
from bargain.notation import Notation
from bargain.report.along import largest
from bargain.report.content import Explorer, Picture, Statement, Tabular, stem
from bargain.report.evaluate import CurveData, Evaluation
from bargain.report.numbers import cell, rounded
from bargain.report.outcomes import OutcomeData, outcome_data
from bargain.report.statements import by_regime
from bargain.solution import Solution
from bargain.solving import solve
from bargain.tables import Table
from bargain.tables.symbols import latex_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FOLD = 34  # nodes drawn of a tree; the rest is folded


def exhibits(evaluation: Evaluation, known: Mapping[str, Solution]) -> Iterator[Picture | Tabular | Statement | Explorer]:
    """The figures that a model asks for; `known` holds its problems solved with every parameter free.

    Before a map of regimes stands what it shows: a proposition, or a table.
    """
    model, solved = evaluation.model, dict(known)
    for exhibit in model.exhibits:
        file = f"{stem(model.name)}-{stem(exhibit.title)}"
        if isinstance(exhibit, Listing):
            yield Tabular(file, _listed(exhibit, evaluation), f"{exhibit.title}. Every other parameter stands at its baseline.")
            continue
        if isinstance(exhibit, RegionMap):
            solution = _mapped(exhibit, evaluation, solved)
            if exhibit.problem not in known:
                yield by_regime(file, solution, exhibit.title, free=[str(exhibit.x[0]), str(exhibit.y[0])])
        figure, caption, alt = _drawn(exhibit, evaluation, solved)
        yield Picture(file, figure, caption, alt)
        if isinstance(exhibit, RegionMap):
            yield _explorer(file, exhibit, _mapped(exhibit, evaluation, solved), evaluation)


def _listed(exhibit: Listing, evaluation: Evaluation) -> Table:
    """One row per value of the parameter, and the limit."""
    def shown(value: Any) -> Any:
        return rounded(value) if isinstance(value, sp.Expr) else cell(value)

    points = [(exact(value), evaluation.at(exhibit.parameter, exact(value))) for value in exhibit.values]
    rows = [(value, *(shown(point[name]) for name in exhibit.columns.values())) for value, point in points]
    if exhibit.limit is not None:
        title, names = exhibit.limit
        rows.append((title, *(shown(evaluation.point[names[column]]) if column in names else "" for column in exhibit.columns)))
    return Table("", (exhibit.parameter, *exhibit.columns), tuple(rows))


def _drawn(exhibit: Curve | OutcomeMap | RegionMap | Plane, evaluation: Evaluation, known: Mapping[str, Solution]) -> tuple["Figure", str, str]:
    if isinstance(exhibit, Curve):
        return _curve(exhibit, evaluation)
    if isinstance(exhibit, OutcomeMap):
        return _outcomes(exhibit, evaluation)
    if isinstance(exhibit, RegionMap):
        return _regions(exhibit, evaluation, known)
    return _plane(exhibit, evaluation)


def _explorer(file: str, exhibit: RegionMap, solution: Solution, evaluation: Evaluation) -> Explorer:
    """The map to move about in: sliders for its two parameters, and for others that the solution leaves free and a prior bounds."""
    from bargain.report.explorer import MOST, fragment

    notation = solution.problem.notation
    ranges = {symbol: (low, high) for symbol, low, high in (exhibit.x, exhibit.y)}
    for row in notation:
        if row.prior is not None and row.symbol not in ranges and len(ranges) < MOST:
            ranges[row.symbol] = row.prior
    at = {symbol: value for symbol, value in evaluation.point.values.items() if symbol in set(notation.symbols)}
    return Explorer(file, fragment(f"explore-{file}", exhibit.title, solution, ranges, at))


def tree(name: str, solution: Solution, drawn: Game, caption: str) -> Picture:
    """The tree of a game with its equilibrium paths in bold."""
    from bargain.figures import tree_figure

    paths = [equilibrium.path for equilibrium in solution.extreme]
    figure = tree_figure(drawn, highlight=paths, fold=_FOLD)
    played = " or ".join(dict.fromkeys(", ".join(e.path) or e.outcome for e in solution.extreme)).replace("_", " ")
    alt = f"Game tree of {drawn.title} with {drawn.count['ends']} end nodes. Play at the baseline: {played}."
    folded = " Dashed boxes stand for subgames that are folded away." if drawn.count["nodes"] > _FOLD else ""
    bold = " Bold: equilibrium play at the baseline." if any(paths) else ""
    return Picture(name, figure, f"{caption}.{bold}{folded}", alt)


def axis(notation: Notation, symbol: sp.Symbol) -> str:
    """What stands beside an axis: the meaning of the parameter and its symbol."""
    row = notation[symbol]
    from bargain.figures.style import plain

    return f"{plain(row.meaning)}, ${latex_name(row.name)}$" if row.meaning else f"${latex_name(row.name)}$"


def _curve(exhibit: Curve, evaluation: Evaluation) -> tuple["Figure", str, str]:
    data = evaluation.curve(exhibit)
    notation = evaluation.model.notation
    assert notation is not None
    label = axis(notation, exhibit.parameter)
    others = [name for name in data.lines if name not in (exhibit.band or ())]
    banded = exhibit.band is not None and len(others) == 1
    figure = _range(exhibit, data, others[0], label, float(evaluation.point.values[exhibit.parameter])) if banded else _lines(exhibit, data, label)
    low, high = (float(end) for end in (data.across[0], data.across[-1]))
    alt = f"{exhibit.title}: {', '.join(data.lines)}, for {exhibit.parameter} from {low:g} to {high:g}."
    more = ", and at more where a line jumps" if data.broken else ""
    pointwise = f" Solved at {data.points} points, joined by straight lines{more}." if data.points else ""
    several = f" Where there are several equilibria, the number is that of {data.chosen}." if data.chosen else ""
    if any(", equilibrium " in name for name in data.lines):
        several = " Where there are several equilibria, each has its line."
    band = ""
    if exhibit.around is not None:
        symbol, *ends = exhibit.around
        band = f" The band: {symbol} from {float(exact(ends[0])):g} to {float(exact(ends[1])):g}."
    return figure, f"{exhibit.title}. Every other parameter stands at its baseline.{band}{several}{pointwise}", alt


def _range(exhibit: Curve, data: CurveData, agreed: str, label: str, baseline: float) -> "Figure":
    from bargain.figures import Labels, Marks, range_figure

    assert exhibit.band is not None
    low, high = exhibit.band
    words = (agreed, exhibit.reference[0] if exhibit.reference else "", exhibit.threshold[0] if exhibit.threshold else "", "baseline")
    marks = Marks(data.lines[agreed], data.reference, data.threshold, baseline, words)
    return range_figure(data.across, data.lines[low], data.lines[high], marks=marks, labels=Labels(label, exhibit.ordinate), ends=("range", low, high))


def _lines(exhibit: Curve, data: CurveData, label: str) -> "Figure":
    from bargain.figures import Labels, Span, curve_figure
    from bargain.figures.ranges import Curve as Line

    lines = [Line(values, name, *data.bands.get(name, ())) for name, values in data.lines.items()]
    if exhibit.band is not None:
        low, high = exhibit.band
        lines.append(Line((data.lines[low] + data.lines[high]) / 2, "", data.lines[low], data.lines[high]))
    if exhibit.reference is not None and data.reference is not None:
        lines.append(Line(data.reference, exhibit.reference[0]))
    spans = [] if exhibit.threshold is None or data.threshold is None else [Span(data.threshold, data.threshold, exhibit.threshold[0])]
    if exhibit.span is not None:
        said, left, right = exhibit.span
        spans.insert(0, Span(float(exact(left)), float(exact(right)), said))
    return curve_figure(data.across, lines, spans=spans, labels=Labels(label, exhibit.ordinate))


def _outcomes(exhibit: OutcomeMap, evaluation: Evaluation) -> tuple["Figure", str, str]:
    from bargain.figures import Labels, MapLabels, Overlay, regime_map

    data = outcome_data(exhibit, evaluation)
    notation = evaluation.model.notation
    assert notation is not None
    places = {code: evaluation.place(name) for code, name in enumerate(data.names)}
    labels = MapLabels(Labels(axis(notation, exhibit.x[0]), axis(notation, exhibit.y[0])), dict(enumerate(data.names)), data.panels, places)
    base = tuple(float(evaluation.point.values[symbol]) for symbol in (exhibit.x[0], exhibit.y[0]))
    seen = data.x[0] <= base[0] <= data.x[-1] and data.y[0] <= base[1] <= data.y[-1]
    overlay = Overlay(point=(base[0], base[1])) if seen else Overlay()
    figure = regime_map(data.x, data.y, data.codes, labels=labels, overlay=overlay)
    return figure, _map_caption(exhibit, data), _map_alt(exhibit, data)


def _map_caption(exhibit: OutcomeMap, data: OutcomeData) -> str:
    fixed = "; ".join(f"{title + ': ' if title else ''}{', '.join(f'{symbol} = {float(exact(value)):g}' for symbol, value in values.items())}"
                      for title, values in exhibit.panels if values)
    changed = f" ({fixed})" if fixed else ""
    key = f" {exhibit.key}" if exhibit.key else ""
    return (f"{exhibit.title}{changed}.{key} Backward induction at {data.codes[0].size:,} points; every other parameter stands at its baseline, "
            "and among equally good actions the first listed is taken.")


def _map_alt(exhibit: OutcomeMap, data: OutcomeData) -> str:
    parts = []
    for title, codes in zip(data.panels, data.codes, strict=True):
        shares = [(float(np.mean(codes == k)), name) for k, name in enumerate(data.names) if (codes == k).any()]
        parts.append((f"{title}: " if title else "") + ", ".join(f"{name} on {share:.0%} of the map" for share, name in sorted(shares, reverse=True)))
    return f"Map of outcomes over {exhibit.x[0]} and {exhibit.y[0]}. " + "; ".join(parts) + "."


def _regions(exhibit: RegionMap, evaluation: Evaluation, known: Mapping[str, Solution]) -> tuple["Figure", str, str]:
    from bargain.figures import exact_regime_map

    (x, *across), (y, *up) = exhibit.x, exhibit.y
    solution = _mapped(exhibit, evaluation, dict(known))
    left, right, bottom, top = (float(exact(end)) for end in (*across, *up))
    overlay = None if exhibit.contours is None else _contours(exhibit, evaluation, solution, (left, right, bottom, top))
    figure = exact_regime_map(solution, x, y, x_range=(left, right), y_range=(bottom, top), overlay=overlay)
    alt = f"Map of {len(solution.regimes)} regimes over {x} and {y}: {', '.join(solution.outcomes)}."
    rest = "" if set(evaluation.point.values) <= {x, y} else " Every other parameter stands at its baseline."
    several = " Where several equilibria exist, an area lists them." if solution.overlapping else ""
    drawn = "" if exhibit.contours is None else f" Dotted: {exhibit.contours[0]}, the largest among the equilibria at a point."
    return figure, f"{exhibit.title}. The borders are those of the exact solution.{several}{drawn}{rest}", alt


def _contours(exhibit: RegionMap, evaluation: Evaluation, solution: Solution, ends: tuple[float, float, float, float]) -> Any:
    """Contour lines of a number of the equilibria; it jumps at borders, so that lines are drawn regime by regime."""
    from bargain.figures import Level, Overlay
    from bargain.figures.exact import FINE

    assert exhibit.contours is not None
    name, number, at = exhibit.contours
    x, y = exhibit.x[0], exhibit.y[0]
    across, up = np.meshgrid(np.linspace(*ends[:2], FINE), np.linspace(*ends[2:], FINE))
    values = largest(solution, number, {x: across.ravel(), y: up.ravel()}).reshape(across.shape)
    base = tuple(float(evaluation.point.values[symbol]) for symbol in (x, y))
    return Overlay(point=(base[0], base[1]), levels=(Level(values, at, name),))


def _mapped(exhibit: RegionMap, evaluation: Evaluation, solved: dict[str, Solution]) -> Solution:
    """The problem with the two parameters of a map free; it is solved once and kept in `solved`."""
    x, y = exhibit.x[0], exhibit.y[0]
    solution = solved.get(exhibit.problem)
    if solution is None or set(solution.problem.notation.symbols) != {x, y}:
        solution = solved[exhibit.problem] = _freed(evaluation, exhibit.problem, (x, y))
    return solution


def _freed(evaluation: Evaluation, name: str, symbols: Sequence[sp.Symbol]) -> Solution:
    model: Model = evaluation.model
    problem, solver = model.problems[name]
    built: Any = problem(evaluation.point) if callable(problem) else problem
    evaluation.progress(f"{model.name}: solving {name!r} with {' and '.join(map(str, symbols))} free")
    point = {symbol: value for symbol, value in evaluation.point.values.items() if symbol in built.notation.symbols}
    return solve(built, solver, free=symbols, at=point)


def _plane(exhibit: Plane, evaluation: Evaluation) -> tuple["Figure", str, str]:
    from bargain.figures import Labels, Wall, walls_figure
    from bargain.figures.matrix import Point as Dot

    dots = [Dot(float(x), float(y), name) for name, x, y in exhibit.points(evaluation.point)]
    ends = np.array([min(dot.x for dot in dots), max(dot.x for dot in dots)])
    ends = ends + (np.ptp(ends) or 1.0) * np.array([-0.2, 0.2])
    walls = [Wall(ends, float(slope) * ends + float(level), name) for name, slope, level in exhibit.lines(evaluation.point)]
    figure = walls_figure(dots, walls, labels=Labels(*exhibit.axes))
    places = "; ".join(f"{dot.name} at ({dot.x:.3g}, {dot.y:.3g})" for dot in dots)
    return figure, f"{exhibit.title}, at the baseline.", f"{exhibit.axes[1]} against {exhibit.axes[0]}: {places}."
