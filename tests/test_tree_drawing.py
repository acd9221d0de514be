"""Drawn trees: one layout for two renderers, words that never meet, information sets whole, TikZ that compiles and fits."""

import os
import random
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import sympy as sp

import bargain as bg
from bargain import figures
from bargain.errors import BadInput
from bargain.figures.drawing import Drawing
from bargain.figures.folding import Twig, drawn
from bargain.figures.layout import laid_out
from bargain.figures.style import journal
from bargain.figures.tree import tree_drawing
from bargain.figures.words import overlap
from bargain.games.information import subgame_roots
from bargain.games.nodes import Decision, Node, Terminal
from bargain.models.classics import deterrence

ENGINES = ["pdflatex", "lualatex", "xelatex"]
PLAYERS = ("United States", "EU", "R")
NAMES = ("wait", "accept the terms", "fight", "surge aid at once, with allies, before the talks", "x", "go_on", "50% & more")
p, w_C, kw = sp.symbols("p w_C kw_dG", real=True)


def grown(draw: random.Random, size: int, *, sets: bool) -> bg.Game:
    """A random tree of at most `size` nodes; with `sets`, decisions of one player with as many moves are often joined, even along a path."""
    left = size - 1
    groups: dict[tuple[str, int, int], tuple[str, ...]] = {}

    def node(depth: int) -> Node:
        nonlocal left
        moves = draw.choice((1, 2, 2, 3))
        if depth > 5 or left < moves or (depth and draw.random() < 0.2):
            values = (sp.Rational(draw.randint(-99, 99), draw.randint(1, 99)), p - kw, sp.Integer(draw.randint(-3, 3)))
            return bg.payoffs(dict(zip(PLAYERS, values, strict=True)), label=draw.choice(("", "war", "a deal")))
        left -= moves
        names = tuple(draw.sample(NAMES, moves))
        if draw.random() < 0.15:
            return bg.chance({name: (sp.Rational(1, moves), node(depth + 1)) for name in names})
        player = draw.choice(PLAYERS)
        label = ""
        if sets and draw.random() < 0.6:
            label = f"{player}/{moves}/{draw.randint(0, 1)}"
            names = groups.setdefault((player, moves, int(label[-1])), names)
        return bg.decision(player, {name: node(depth + 1) for name in names}, information_set=label)

    first = {f"start {number}": node(1) for number in range(2)}
    return bg.Game("Random", PLAYERS, [bg.Parameter(s, "m") for s in (p, kw)], bg.decision("EU", first))


@cache
def layout(seed: int, sets: bool) -> tuple[Twig, Drawing]:
    draw = random.Random(seed)
    game = grown(draw, draw.randint(8, 60), sets=sets)
    root = drawn(game, [], 60)
    with journal():
        return root, laid_out(root, game.players)


@pytest.mark.parametrize("sets", [False, True], ids=["perfect information", "information sets"])
@pytest.mark.parametrize("seed", range(30))
def test_no_two_labels_of_a_random_tree_overlap_nor_leave_the_frame(seed: int, sets: bool) -> None:
    root, drawing = layout(seed, sets)
    assert len(list(root)) <= 62
    with journal():
        boxes = [(text.words.shown, text.box) for text in drawing.texts]
    for (one, first), (other, second) in combinations(boxes, 2):
        assert overlap(first, second) < 1e-6, f"{one!r} meets {other!r}"
    left, bottom, right, top = drawing.frame
    assert all(left <= a and bottom <= b and c <= right and d <= top for _, (a, b, c, d) in boxes)


@pytest.mark.parametrize("seed", range(30))
def test_every_information_set_is_joined_and_no_join_runs_through_words(seed: int) -> None:
    root, drawing = layout(seed, True)
    members: dict[tuple[str, str], int] = {}
    for twig in root:
        if isinstance(twig.node, Decision) and twig.node.information_set and not twig.hidden:
            key = twig.node.player, twig.node.information_set
            members[key] = members.get(key, 0) + 1
    joins = [stroke for stroke in drawing.strokes if stroke.kind == "join"]
    assert len(joins) == sum(count - 1 for count in members.values())
    with journal():
        words = [(text.words.shown, text.box) for text in drawing.texts]
    for join in joins:
        if len(join.points) == 2 and join.points[0][0] != join.points[1][0]:
            continue  # a set that some path meets twice: its nodes stand in different columns
        for (x, y), (across, up) in zip(join.points, join.points[1:], strict=False):
            room = min(x, across) - 0.1, min(y, up) - 0.1, max(x, across) + 0.1, max(y, up) + 0.1
            assert not [name for name, box in words if overlap(room, box) > 0]


def test_an_information_set_shares_a_column_and_leaves_other_nodes_alone() -> None:
    def reply(player: str, name: str) -> Decision:
        return bg.decision(player, {"in": bg.payoffs(A=1, B=2), "out": bg.payoffs(A=0, B=1)}, information_set=name)

    draws = {"a": reply("A", "one"), "b": reply("B", "two"), "c": reply("A", "one"),
             "d": bg.decision("A", {"go": reply("B", "two"), "no": bg.payoffs(A=0, B=0)})}
    game = bg.Game("Interleaved", ("A", "B"), (), bg.chance({name: (sp.Rational(1, 4), node) for name, node in draws.items()}))
    with journal():
        drawing = tree_drawing(game)
    first, second = [stroke.points for stroke in drawing.strokes if stroke.kind == "join"]
    assert first[0][0] == first[-1][0] and second[0][0] == second[-1][0] > first[0][0]
    assert len(second) == 6, "the second set goes round the ends that stand between its members"


def nested(depth: int) -> bg.Game:
    """Pennies again and again: each round is a proper subgame with an information set inside."""
    node: Node = bg.payoffs(A=0, B=0)
    for turn in range(depth):
        def second(after: Node, name: str = f"B{turn}") -> Decision:
            return bg.decision("B", {"heads": after, "tails": bg.payoffs(A=1, B=0)}, information_set=name)

        node = bg.decision("A", {"heads": second(node), "tails": second(bg.payoffs(A=0, B=1))})
    return bg.Game("Pennies", ("A", "B"), (), node)


def test_folds_hide_proper_subgames_only() -> None:
    game = nested(9)
    roots = set(subgame_roots(game))
    for fold in (8, 14, 20, 33):
        twigs = list(drawn(game, [], fold))
        folded = [twig for twig in twigs if twig.hidden]
        assert folded and {twig.history for twig in folded} <= roots and len(twigs) <= fold
        assert sum(twig.hidden or 1 for twig in twigs if not twig.children) == game.count["ends"]


def test_a_game_without_proper_subgames_is_folded_by_node() -> None:
    rounds = 60
    hidden = bg.chance({f"draw {k}": (sp.Rational(1, rounds), bg.decision("A", {"l": bg.payoffs(A=k), "r": bg.payoffs(A=0)}, information_set="A"))
                        for k in range(rounds)})
    twigs = list(drawn(bg.Game("Lottery", ("A",), (), hidden), [], 70))
    assert len(twigs) <= 70 and any(twig.hidden for twig in twigs)


def test_the_path_of_a_regime_is_bold_in_both_renderers() -> None:
    solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    for number, last in enumerate(("hold", "concede", "hold", "press")):
        with journal():
            bold = [text.words.shown for text in tree_drawing(solution, regime=number).texts if text.tone == "bold" and text.anchor == "south west"]
        assert bold[-1] == last
        assert figures.tree_tikz(solution, regime=number).count(r"\draw[bargainpath,line width=2bp]") == len(bold)
        words = {text.get_text(): text.get_color() for text in figures.tree_figure(solution, regime=number).axes[0].texts}
        assert words[last] == "#D55E00"
    assert "bargainpath," not in figures.tree_tikz(solution)
    with pytest.raises(BadInput, match="no regime 4"):
        figures.tree_tikz(solution, regime=4)
    with pytest.raises(BadInput, match="not a tree"):
        figures.tree_tikz(bg.MatrixGame.from_arrays([[1]], [[1]]))  # type: ignore[arg-type]


def test_both_renderers_draw_the_same_nodes_lines_and_words() -> None:
    game = grown(random.Random(5), 40, sets=True)
    with journal():
        drawing = tree_drawing(game)
    tikz, axes = figures.tree_tikz(game), figures.tree_figure(game).axes[0]
    assert tikz.count(r"\node[") == len(axes.texts) == len(drawing.texts)
    edges = [stroke for stroke in drawing.strokes if stroke.kind == "edge"]
    assert tikz.count(r"\draw[black]") + tikz.count("dash pattern=on 4bp") == len(drawing.strokes)
    assert sum(line.get_linestyle() == "-" and len(line.get_xdata()) == 3 for line in axes.lines) == len(edges)


def compiled(engine: str, source: str, folder: Path) -> str:
    """The log of one run; the test is skipped where the engine is missing."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    (folder / "picture.tex").write_text(source, encoding="utf-8")
    settings = {**os.environ, "max_print_line": "10000"}
    done = subprocess.run([engine, "-interaction=nonstopmode", "-no-shell-escape", "picture.tex"], cwd=folder, capture_output=True, text=True,
                          errors="replace", env=settings, timeout=240)
    missing = re.search(r"File `([^']+)' not found|luaotfload-main' not found", done.stdout)
    if missing:
        pytest.skip(f"{engine} is installed without {missing[1] or 'its fonts'}")
    assert not [line for line in done.stdout.splitlines() if line.startswith("!")], done.stdout[-2000:]
    return done.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_the_tikz_of_large_trees_compiles_inside_the_text(engine: str, tmp_path: Path) -> None:
    trees = [figures.tree_tikz(grown(random.Random(seed), 60, sets=True), caption="50% of it & more", label=f"t{seed}") for seed in (1, 2)]
    source = (r"\documentclass{article}\usepackage{amsmath,amssymb,tikz}\begin{document}" + "\n" + "\n\\clearpage\n".join(trees) + "\\end{document}\n")
    log = compiled(engine, source, tmp_path)
    assert not re.findall(r"Overfull [^\n]*", log) and "Float too large" not in log


def test_a_standalone_tree_compiles_and_every_word_fits_the_room_reserved_for_it(tmp_path: Path) -> None:
    games = [grown(random.Random(seed), 60, sets=True) for seed in range(8)]
    with journal():
        texts = {text.words.tex: text.words.size for game in games for text in tree_drawing(game).texts}
    measured = "".join(rf"\sbox0{{\begin{{tabular}}{{@{{}}l@{{}}}}{tex.replace(chr(10), chr(92) * 2)}\end{{tabular}}}}\typeout{{ROOM {number} \the\wd0}}"
                       + "\n" for number, tex in enumerate(texts))
    source = figures.tree_tikz(games[0], standalone=True).replace(r"\end{document}", r"\footnotesize" + "\n" + measured + r"\end{document}")
    log = compiled("pdflatex", source, tmp_path)
    widths = [float(width) for _, width in re.findall(r"ROOM (\d+) ([\d.]+)pt", log)]
    assert len(widths) == len(texts) > 40
    for (tex, (wide, _)), width in zip(texts.items(), widths, strict=True):
        assert width / 1.00375 <= wide + 0.6, tex


def test_tikz_is_the_same_bytes_whatever_the_hash_seed() -> None:
    code = ("import random, test_tree_drawing as t; from bargain import figures\n"
            "print(figures.tree_tikz(t.grown(random.Random(3), 60, sets=True)))")
    paths = os.pathsep.join((str(Path(__file__).parents[1]), str(Path(__file__).parent)))
    runs = {subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}, capture_output=True,
                           check=True).stdout for seed in ("0", "4242")}
    assert len(runs) == 1


def test_ends_are_counted_once_in_a_long_chain() -> None:
    node: Node = bg.payoffs(A=0)
    for turn in range(1500):
        node = bg.decision("A", {"stop": bg.payoffs(A=turn), "go": node})
    twigs = list(drawn(bg.Game("Chain", ("A",), (), node), [], 12))
    assert sum(twig.hidden or isinstance(twig.node, Terminal) for twig in twigs) == 1501
