"""Notebook displays of games, matrices, solutions and notation; trees of any depth have a short repr and can be compared."""

import copy
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy as sp
from test_figures import assert_readable

import bargain as bg
from bargain.figures.grid import table_figure
from bargain.games.nodes import Node
from bargain.models.classics import deterrence, rubinstein, two_by_two, ultimatum
from bargain.tables.notebook import ROWS, svg
from bargain.tables.table import Table

PENNIES = bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], title="Dilemma <&>", actions=(("c", "d"), ("c", "d")))


def shown() -> dict[str, object]:
    return {"game": deterrence.game, "matrix": PENNIES, "three": bg.MatrixGame("T", ("A", "B", "C"), (("a",), ("b",), ("c",)), {("a", "b", "c"): (1, 2, 3)}),
            "solution": bg.solve(*deterrence.model.problems["game"]), "numbers": bg.solve(deterrence.game, bg.SubgamePerfect(), at=deterrence.NOTATION.baseline),
            "nash": bg.solve(PENNIES, bg.Nash()), "table": bg.solve(*rubinstein.model.problems["pie"]), "notation": deterrence.NOTATION}


@pytest.mark.parametrize("name", shown())
def test_every_display_is_made_and_well_formed(name: str) -> None:
    thing = shown()[name]
    html, latex, picture = thing._repr_html_(), thing._repr_latex_(), thing._repr_svg_()  # type: ignore[attr-defined]
    assert "<table" in html and "<script" not in html and "<&>" not in html
    assert latex.count(r"\begin{") == latex.count(r"\end{") and "float" not in latex and r"\caption" not in latex and r"\begin{tabular" in latex
    assert ElementTree.fromstring(picture).tag.endswith("svg") and picture == thing._repr_svg_()  # type: ignore[attr-defined]
    frame = thing.to_frame()  # type: ignore[attr-defined]
    assert len(frame) > 0 and not frame.isna().all(axis=None)


def test_frames_hold_every_row_and_the_values_of_the_table() -> None:
    assert deterrence.game.to_frame()["u_C"].tolist() == [0, "g", "w_C", "-a"]
    assert list(deterrence.NOTATION.to_frame().columns) == ["Symbol", "Meaning", "Unit", "Domain", "Baseline", "Source"]
    wide = bg.Game("Wide", ("A",), (), bg.decision("A", {f"m{k}": bg.payoffs(A=k) for k in range(ROWS + 7)}))
    assert len(wide.to_frame()) == ROWS + 7 and "And 7 more rows." in wide._repr_html_() and "m66" not in wide._repr_html_().split("<tbody>")[1]
    solution = bg.solve(*deterrence.model.problems["game"])
    assert solution.to_frame().to_dict("records") == solution.rows()


def test_a_matrix_shows_best_responses_and_equilibria() -> None:
    html = PENNIES._repr_html_()
    assert html.count("<u>") == 4 and html.count("outline") == 1 and '<td style="outline: 1px solid"><u>1</u>, <u>1</u></td>' in html
    assert r"\fbox{$\underline{1},\ \underline{1}$}" in PENNIES._repr_latex_()
    free = two_by_two.model.problems["matrix"][0]
    assert "<u>" not in free._repr_html_().split("<tbody>")[1].split("</tbody>")[0], "no response is best for every parameter"


def test_the_picture_of_a_solution_is_a_tree_with_its_path_a_map_or_a_table() -> None:
    point = bg.solve(deterrence.game, bg.SubgamePerfect(), at=deterrence.NOTATION.baseline)
    assert "d55e00" in svg(point) and "d55e00" not in svg(deterrence.game)
    a, b = sp.symbols("a b", real=True)
    table = (bg.Parameter(a, "a", domain="[-1, 1]"), bg.Parameter(b, "b", domain="[-1, 1]"))
    game = bg.Game("Map", ("A",), table, bg.decision("A", go=bg.payoffs(A=a - b), stay=bg.payoffs(A=0)))
    assert "pattern" in svg(bg.solve(game, bg.SubgamePerfect())), "a regime map has hatched areas"
    assert "pattern" not in svg(bg.solve(*ultimatum.model.problems["game"])), "without ranges there is no map"


def test_a_table_as_a_picture_is_readable() -> None:
    rows = tuple((n, "some words that go on for longer than a line of the column does, " * (n % 2), sp.Rational(n, 7)) for n in range(8))
    assert_readable(table_figure(Table("A title that is longer than all of the columns together are wide", ("n", "Words", "u"), rows, ("A note. " * 30,))))


def chain(depth: int, last: int = 1) -> bg.Game:
    node: Node = bg.payoffs(A=0, B=last)
    for turn in range(depth):
        node = bg.decision("AB"[turn % 2], {"stop": bg.payoffs(A=turn, B=0), "go": node})
    return bg.Game("Deep", ("A", "B"), (), node)


def test_a_tree_of_5000_moves_has_a_short_repr_can_be_compared_and_shown() -> None:
    start = time.process_time()
    one, same, other = chain(5000), chain(5000), chain(5000, last=2)
    assert len(repr(one)) < 400 and "more than 12 nodes" in repr(one) and "decision" not in repr(one)
    assert one == same and one != other and one.root == same.root and one.root != other.root
    assert "4,9" in svg(one) or "end nodes" in svg(one) or svg(one).startswith("<svg")
    assert "And 4,941 more rows." in one._repr_html_()
    assert time.process_time() - start < 60


def test_shared_subtrees_are_compared_once() -> None:
    def doubled(depth: int) -> Node:
        node: Node = bg.payoffs(A=0)
        for _ in range(depth):
            node = bg.decision("A", {"l": node, "r": node})
        return node

    assert doubled(200) == doubled(200) and doubled(200) != doubled(199)


def test_equality_sees_every_part_of_every_kind_of_node() -> None:
    from test_figures import mixed

    one, same = mixed(), mixed()
    assert one == same and one.root == copy.deepcopy(same.root)
    for history, node in one.nodes():
        assert node == same.node(*history)
    left = bg.decision("A", {"l": bg.payoffs(A=1), "r": bg.payoffs(A=0)})
    assert left != bg.decision("A", {"r": bg.payoffs(A=0), "l": bg.payoffs(A=1)}) and left != bg.decision("B", {"l": bg.payoffs(A=1), "r": bg.payoffs(A=0)})
    assert left != bg.decision("A", {"l": bg.payoffs(A=1), "r": bg.payoffs(A=0)}, information_set="x") and left != bg.payoffs(A=1)
    half, third = ({"l": (p, bg.payoffs(A=1)), "r": (1 - p, bg.payoffs(A=0))} for p in (sp.Rational(1, 2), sp.Rational(1, 3)))
    assert bg.chance(half) == bg.chance(half) != bg.chance(third)
    with pytest.raises(TypeError, match="unhashable"):
        hash(left)


def test_the_repr_of_a_small_tree_names_everything() -> None:
    text = repr(bg.decision("A", {"l": bg.payoffs(A=1), "r": bg.payoffs(A=0)}))
    assert text == "Decision(player='A', moves=(('l', Terminal(payoffs={'A': 1}, label='')), ('r', Terminal(payoffs={'A': 0}, label=''))), information_set='')"


def test_displays_load_pandas_and_matplotlib_only_when_used() -> None:
    script = ("import sys, bargain as bg; from bargain.models.classics import deterrence as d; d.game._repr_latex_(), d.NOTATION._repr_html_();"
              "assert not {'matplotlib', 'pandas'} & set(sys.modules); print('light')")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.stdout.strip() == "light", done.stderr
