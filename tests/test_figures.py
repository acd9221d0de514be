"""Figures: words never meet, folding keeps the path, areas are where the codes are, files are byte-stable."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import figures
from bargain.errors import BadInput
from bargain.figures.folding import drawn, resolve, unfolded
from bargain.figures.words import overlap

ROOT = Path(__file__).resolve().parent.parent
x, p, c, k, V, d, a, b = sp.symbols("x p c k V d a b", real=True)
PLAYERS = ("United States", "EU", "Russia")


def boxes(figure):
    """Every written word of a figure with its box in pixels."""
    figure.draw_without_rendering()
    texts = [text for axes in figure.axes for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label, axes.title)]
    texts += [text for legend in figure.legends for text in legend.get_texts()]
    return [(text.get_text(), tuple(text.get_window_extent().extents)) for text in texts if text.get_text()]


def assert_readable(figure):
    words = boxes(figure)
    width, height = figure.get_size_inches() * figure.dpi
    for name, box in words:
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height, f"{name!r} is clipped"
    for (one, first), (other, second) in combinations(words, 2):
        assert overlap(first, second) <= 1.0, f"{one!r} meets {other!r}"


def crossings(figure) -> Iterator[str]:
    """Words of a tree that an edge runs through."""
    axes = figure.axes[0]
    for name, (left, bottom, right, top) in boxes(figure):
        for line in axes.lines:
            corners = axes.transData.transform(line.get_xydata())
            for start, end in zip(corners[:-1], corners[1:], strict=True):
                spots = np.linspace(start, end, 60)
                inside = (spots[:, 0] > left + 1) & (spots[:, 0] < right - 1) & (spots[:, 1] > bottom + 2) & (spots[:, 1] < top - 1)
                if inside.any() and line.get_linestyle() == "-" and line.get_zorder() < 4:
                    yield name
                    break


def full(depth, moves):
    if depth == 0:
        return bg.payoffs({player: sp.Rational(i - 1, 7) for i, player in enumerate(PLAYERS)}, label="an end")
    return bg.decision(PLAYERS[depth % 3], {f"a longer action {i}": full(depth - 1, moves) for i in range(moves)})


def chain(depth):
    if depth == 0:
        return bg.payoffs({player: 1 for player in PLAYERS})
    return bg.decision(PLAYERS[depth % 3], {"stop": bg.payoffs({player: depth for player in PLAYERS}, label="stopped"), "go_on": chain(depth - 1)})


def grown(draw, depth):
    if depth == 0 or draw.random() < 0.12:
        paid = {player: sp.Rational(draw.randint(-99, 99), draw.randint(1, 99)) for player in PLAYERS}
        return bg.payoffs(paid, label=draw.choice(["", "war", "deal"]))
    names = draw.sample(["wait", "accept the terms", "fight", "surge aid at once, with allies, before the talks", "x"], draw.randint(2, 3))
    if draw.random() < 0.3:
        return bg.chance({name: (sp.Rational(1, len(names)), grown(draw, depth - 1)) for name in names})
    return bg.decision(draw.choice(PLAYERS), {name: grown(draw, depth - 1) for name in names})


def mixed():
    reply = bg.decision("A", accept=bg.payoffs(A=x, B=1 - x, label="deal"),
                        resist=bg.chance(win=(p, bg.payoffs(A=V - k, B=-c)), lose=(1 - p, bg.payoffs(A=-k, B=V - c))))
    patience = bg.Parameter(d, "patience", domain="(0, 1)")
    table = bg.AlternatingOffers("Table", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d, "B": d}, bg.Notation((patience,)))
    cells = {(i, j): bg.payoffs(A=0, B=1) for i in ("hawk", "dove") for j in ("hawk", "dove")}
    root = bg.decision("A", demand=bg.offer("B", x, between=(0, 1), answer=reply),
                       wait=bg.simultaneous({"A": ["hawk", "dove"], "B": ["hawk", "dove"]}, cells),
                       talk=bg.bargain_node(table, outside={"B": bg.decision("B", quit=bg.payoffs(A=1, B=sp.Rational(1, 3)))}))
    return bg.Game("Mixed", ("A", "B"), [bg.Parameter(s, "m") for s in (p, c, k, V)] + [patience], root)


SHAPES = {"binary": full(4, 2), "wide": full(1, 40), "ternary": full(3, 3), "chain": chain(12), "single": full(1, 1)}


@pytest.mark.parametrize("shape", SHAPES)
def test_words_of_a_tree_never_meet(shape):
    figure = figures.tree_figure(bg.Game(shape, PLAYERS, (), SHAPES[shape]))
    assert_readable(figure)
    assert not list(crossings(figure))


@pytest.mark.parametrize("seed", range(12))
def test_words_of_a_random_tree_never_meet(seed):
    draw = random.Random(seed)
    game = bg.Game(f"seed {seed}", PLAYERS, (), bg.decision("EU", {"left": grown(draw, 4), "right": grown(draw, 3)}))
    figure = figures.tree_figure(game, fold=60)
    assert_readable(figure)
    assert not list(crossings(figure))


def test_a_tree_with_every_kind_of_node_is_readable_and_complete():
    game = mixed()
    figure = figures.tree_figure(game, highlight=[("demand", "x = 1/2", "resist", "{win | lose}"), ("talk", "x = 2/3")])
    assert_readable(figure)
    words = [text.get_text() for text in figure.axes[0].texts]
    assert {"chance", "A & B", "A ⇄ B", "agreement", "hawk, dove", "win [$p$]", "Payoffs: (A, B)"} <= set(words)


def test_a_folded_tree_keeps_the_highlighted_path_and_counts_what_it_hides():
    game = bg.Game("Big", PLAYERS, (), full(6, 3))
    path = tuple(f"a longer action {i}" for i in (1, 0, 2, 2, 1, 0))
    root = drawn(game, [resolve(game, path)], 60)
    twigs = list(root)
    assert len(twigs) <= 60
    assert {path[:depth] for depth in range(7)} == {twig.history for twig in twigs if twig.bold}
    assert sum(twig.hidden or 1 for twig in twigs if not twig.children) == 3**6
    assert_readable(figures.tree_figure(game, highlight=[path]))


def test_a_path_longer_than_the_fold_is_still_drawn():
    game = bg.Game("Chain", PLAYERS, (), chain(30))
    path = ("go_on",) * 30
    assert path in {twig.history for twig in drawn(game, [path], 10)}


def test_fold_limits_the_nodes_drawn():
    game = bg.Game("Big", PLAYERS, (), full(5, 3))
    assert len(list(drawn(game, [], 13))) == 13 and len(list(drawn(game, [], 400))) == 364


def test_forks_of_an_equilibrium_path_are_unfolded():
    assert unfolded(("a", "{b/c | d/{e | f/g}}")) == [("a", "b", "c"), ("a", "d", "e"), ("a", "d", "f", "g")]


def test_an_unknown_highlight_is_refused():
    with pytest.raises(BadInput, match="no move 'fly'"):
        figures.tree_figure(bg.Game("Chain", PLAYERS, (), chain(2)), highlight=[("fly",)])


GRID = np.linspace(0, 1, 41), np.linspace(0, 2, 31)
AREAS = np.where(GRID[1][:, None] > 1 + GRID[0] ** 2, 0, np.where(GRID[1][:, None] > GRID[0], 3, 7))


def colours(figure, axes, points):
    """The colour in the middle of the swatches of a rendered figure at data points, hatches removed by taking the commonest."""
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    for point in points:
        column, row = axes.transData.transform(point)
        row = picture.shape[0] - 1 - row
        patch = picture[int(row) - 6 : int(row) + 7, int(column) - 6 : int(column) + 7].reshape(-1, 3)
        values, counts = np.unique(patch, axis=0, return_counts=True)
        yield tuple(values[counts.argmax()])


def test_regions_of_a_regime_map_match_the_codes():
    figure = figures.regime_map(*GRID, AREAS, labels=figures.MapLabels(figures.Labels("x", "y"), {0: "peace", 3: "talks", 7: "war"}))
    assert_readable(figure)
    found = dict(zip("abcde", colours(figure, figure.axes[0], [(0.3, 1.7), (0.2, 0.6), (0.8, 0.3), (0.5, 1.9), (0.9, 1.3)]), strict=True))
    assert found["a"] == found["d"] and found["b"] == found["e"] and len({found["a"], found["b"], found["c"]}) == 3


def test_panels_share_colours_and_show_overlays():
    level = figures.Level(GRID[0] * GRID[1][:, None], (0.5, 1.0), "chance")
    overlay = figures.Overlay((0.5, 1.0), "here", (figures.Path([0, 1], [0, 1], "border"),), (level,))
    figure = figures.regime_map(*GRID, [AREAS, np.full_like(AREAS, 7)], labels=figures.MapLabels(panels=("one", "two")), overlay=overlay)
    left, right = figure.axes
    assert next(colours(figure, left, [(0.9, 0.2)])) == next(colours(figure, right, [(0.9, 0.2)]))
    assert [t.get_text() for t in figure.legends[0].get_texts()] == ["outcome 0", "outcome 3", "outcome 7", "border", "chance", "here"]
    assert (left.get_title(), right.get_title()) == ("one", "two")


@pytest.mark.parametrize(("codes", "words"), [(np.zeros((3, 3), int), "shape"), (np.zeros((31, 41)), "type")])
def test_a_wrong_grid_of_codes_is_refused(codes, words):
    with pytest.raises(BadInput, match=words):
        figures.regime_map(*GRID, codes)


def quadratic():
    table = (bg.Parameter(a, "first", domain="[-1, 1]", baseline=0), bg.Parameter(b, "second", domain="[-1, 1]", baseline="1/3"))
    talk = bg.decision("B", yes=bg.payoffs(A=a * b, B=b - a**2, label="agree"), no=bg.payoffs(A=-1, B=0, label="stall"))
    return bg.Game("Q", ("A", "B"), table, bg.decision("A", fight=bg.payoffs(A=a**2 + b**2 - sp.Rational(1, 2), B=0, label="fight"), talk=talk))


def test_an_exact_map_has_the_outcome_of_the_solution_at_every_point_tried():
    solution = bg.solve(quadratic(), bg.SubgamePerfect())
    figure = figures.exact_regime_map(solution, "a", "b")
    assert_readable(figure)
    names = [t.get_text() for t in figure.legends[0].get_texts()]
    assert names[-1] == "baseline" and {"agree", "fight"} <= set(names)
    for text in list(figure.axes[0].texts):
        text.remove()  # names hide the colours under them
    points = [(sp.Rational(i, 10), sp.Rational(j, 10)) for i in (-8, -3, 3, 8) for j in (-7, -2, 5, 9)]
    outcomes = [solution.at({a: i, b: j}).outcomes[0] for i, j in points]
    seen: dict[str, set[tuple[int, ...]]] = {}
    for outcome, colour in zip(outcomes, colours(figure, figure.axes[0], [(float(i), float(j)) for i, j in points]), strict=True):
        seen.setdefault(outcome, set()).add(colour)
    assert len(seen) >= 2 and all(len(each) == 1 for each in seen.values()) and len(set.union(*seen.values())) == len(seen)


def test_borders_of_an_exact_map_lie_on_the_zero_lines_where_the_outcome_changes():
    figure = figures.exact_regime_map(bg.solve(quadratic(), bg.SubgamePerfect()), a, b)
    segments = np.array(figure.axes[0].collections[-1].get_segments()).reshape(-1, 2)
    first, second = segments[(np.abs(segments) < 0.999).all(axis=1)].T  # without the frame
    on_reply, on_fight = np.abs(second - first**2), np.abs(first**2 + second**2 - 0.5 - first * second)
    assert len(segments) > 100 and (np.minimum(on_reply, on_fight) < 1e-4).all()


def test_a_map_over_too_few_parameters_or_without_a_range_is_refused():
    u, v, w = sp.symbols("u v w", real=True)
    root = bg.decision("A", go=bg.payoffs(A=u + v + w), stay=bg.payoffs(A=0))
    solution = bg.solve(bg.Game("Three", ("A",), [bg.Parameter(s, "m", baseline=0) for s in (u, v, w)], root), bg.SubgamePerfect())
    with pytest.raises(BadInput, match="also depend on w"):
        figures.exact_regime_map(solution, "u", "v", x_range=(0, 1), y_range=(0, 1))
    with pytest.raises(BadInput, match="no finite range for u"):
        figures.exact_regime_map(bg.solve(solution.problem, bg.SubgamePerfect(), free=["u", "v"]), "u", "v", x_range=None, y_range=(0, 1))


def range_example():
    g = np.linspace(0, 0.02, 41)
    marks = figures.Marks(0.77 - 8 * g, 0.81, 0.008, 0.006, ("agreed line", "front line", "$g = r_R c_R$", "baseline"))
    labels = figures.Labels("drift", "share")
    return figures.range_figure(g, 0.69 - g / 0.15, 0.89 - g / 0.1, marks=marks, labels=labels, ends=("range", "least", "most"))


def walls_example():
    names = ["neutrality", "memorandum", "bilateral commitments", "European troops", "West German model", "Article 5"]
    places = [(0, 0), (0.12, 0.03), (0.35, 0.12), (0.55, 0.25), (0.75, 0.45), (0.85, 0.62)]
    points = [figures.Point(*place, name, name == "European troops") for place, name in zip(places, names, strict=True)]
    walls = [figures.Wall([0, 1], [-0.2, 0.62], "deters", "below"), figures.Wall([0, 1], [0.2, 0.2], "acceptable", "below"),
             figures.Wall([0.4, 0.4], [0, 1], "strong enough", "right")]
    return figures.walls_figure(points, walls, arrows=[figures.Arrow((0.95, 0.2), (0.95, 0.35), "surge")], labels=figures.Labels("strength", "cost"))


def convergence_example():
    period = np.linspace(0.01, 1, 50)
    return figures.convergence_figure(period, {"U proposes": 0.5 + 0.1 * period, "R proposes": 0.5 - 0.2 * period}, limit=0.5)


def curve_example():
    t = np.linspace(0, 2, 30)
    curves = [figures.Curve(t**2, "chance", t**2 / 2, 2 * t**2), figures.Curve(1 - t, "cost")]
    return figures.curve_figure(t, curves, spans=[figures.Span(0.5, 1, "six to twelve months"), figures.Span(1.5, 1.5, "baseline")])


EXAMPLES = {
    "tree": lambda: figures.tree_figure(mixed(), highlight=[("wait", "hawk,dove")]), "range": range_example, "walls": walls_example,
    "convergence": convergence_example, "curve": curve_example,
    "map": lambda: figures.regime_map(*GRID, AREAS), "exact": lambda: figures.exact_regime_map(bg.solve(quadratic(), bg.SubgamePerfect()), "a", "b"),
    "tornado": lambda: figures.tornado_figure([figures.Bar("c_U", 0.76, 0.64), figures.Bar("w", 0.69, 0.75)], 0.72, labels=figures.Labels("share")),
    "index": lambda: figures.index_figure([figures.Bar("ell", 0.13, 0.36), figures.Bar("F_R", 0.12, 0.35)]),
    "share": lambda: figures.share_figure([figures.Bar("T1", 0.997, 0.004), figures.Bar("G4", 0.785, 0.004)]),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_figure_is_readable(kind):
    assert_readable(EXAMPLES[kind]())


def test_names_with_dollars_are_written_as_they_are_and_information_sets_are_joined():
    own = bg.decision("B", {"pay $5": bg.payoffs(A=1, B=sp.Max(0, p)), "take $a$": bg.payoffs(A=0, B=0)}, information_set="unseen")
    other = bg.decision("B", {"pay $5": bg.payoffs(A=0, B=1), "take $a$": bg.payoffs(A=1, B=1)}, information_set="unseen")
    game = bg.Game("Signs", ("A", "B"), [bg.Parameter(p, "chance")], bg.decision("A", up=own, down=other))
    figure = figures.tree_figure(game)
    assert_readable(figure)
    assert [text.get_text() for text in figure.axes[0].texts].count(r"take \$a\$") == 2
    assert sum(line.get_linestyle() == "--" for line in figure.axes[0].lines) == 1


def test_long_words_are_wrapped_and_never_clipped():
    long = "the share of its territory of 1991 that the government controls at the start of the negotiation, $x_0 + y$"
    names = {0: long, 3: "settlement along the present line of contact", 7: "a war that goes on for as long as anybody can see"}
    assert_readable(figures.regime_map(*GRID, AREAS, labels=figures.MapLabels(figures.Labels(long, long), names)))
    t = np.linspace(0, 1, 5)
    assert_readable(figures.range_figure(t, t - 1, t, labels=figures.Labels(long, long), ends=(long, long, "most")))


def test_nothing_is_bold_without_a_highlight():
    game = mixed()
    assert not any(twig.bold for twig in drawn(game, [], 60))


def test_the_range_is_empty_where_the_edges_have_crossed():
    t = np.linspace(0, 1, 11)
    figure = figures.range_figure(t, t, 0.5 * np.ones(11))
    assert figure.axes[0].collections[0].get_datalim(figure.axes[0].transData).x1 == pytest.approx(0.5)
    with pytest.raises(BadInput, match="low has shape"):
        figures.range_figure(t, t[:3], t)


def test_names_of_points_stay_clear_of_points_and_walls():
    figure = walls_example()
    axes = figure.axes[0]
    for name, box in boxes(figure)[:7]:
        for line in axes.lines[:3]:
            start, end = axes.transData.transform(line.get_xydata())
            spots = np.linspace(start, end, 400)
            assert not ((spots > box[:2]) & (spots < box[2:])).all(axis=1).any(), f"a wall runs through {name!r}"


def saved(folder):
    """Save two figures in all formats and return the hash of each file."""
    for kind in ("tree", "exact", "walls"):
        figures.save(EXAMPLES[kind](), Path(folder) / kind)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(Path(folder).iterdir())}


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_saved_files_are_the_same_bytes_in_every_process(tmp_path, seed):
    here = tmp_path / "here"
    there = tmp_path / "there"
    here.mkdir(), there.mkdir()
    script = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]; import test_figures as t; print(t.saved({str(there)!r}))"
    result = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
    hashes = saved(here)
    assert result.stdout.strip() == repr(hashes) and len(hashes) == 9


def test_the_suffix_chooses_the_format_and_nothing_else_is_left_behind(tmp_path):
    assert [path.name for path in figures.save(range_example(), tmp_path / "fig.1.svg")] == ["fig.1.svg"]
    assert [path.name for path in tmp_path.iterdir()] == ["fig.1.svg"]
    with pytest.raises(BadInput, match="not written as .jpg"):
        figures.save(range_example(), tmp_path / "fig.jpg")


def test_a_failed_save_keeps_the_old_file(tmp_path):
    target = tmp_path / "old.png"
    target.write_bytes(b"old")
    figure = range_example()
    figure.axes[0].set_title("$\\broken{$")
    with pytest.raises(ValueError):
        figures.save(figure, target)
    assert target.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_no_pyplot_and_no_settings_are_left_behind():
    script = ("import sys, matplotlib; before = matplotlib.rcParams.copy(); import test_figures as t;"
              "[make() for make in t.EXAMPLES.values()]; assert 'matplotlib.pyplot' not in sys.modules;"
              "assert before == matplotlib.rcParams.copy(); print('clean')")
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    result = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert result.stdout.strip() == "clean", result.stderr


def test_importing_the_package_does_not_import_matplotlib():
    script = "import sys, bargain.figures; assert 'matplotlib' not in sys.modules; print(bargain.figures.save.__name__)"
    result = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert result.stdout.strip() == "save", result.stderr
