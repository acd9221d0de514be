"""What a reader of the report sees: fractions of one line, words upright, information sets by name, mixed moves with their chances, no empty marks."""

import sympy as sp

import bargain as bg
from bargain.figures.style import journal
from bargain.figures.tree import tree_drawing
from bargain.games import MatrixGame
from bargain.latex import latex
from bargain.latex.layout import layout
from bargain.latex.metrics import room
from bargain.latex.proof import Proof
from bargain.models.classics import attrition, crisis_demands, deterrence, outside_option, power_shift, ultimatum
from bargain.models.ukraine import abandonment_core
from bargain.report.content import Tabular
from bargain.report.numbers import quantities
from bargain.report.problems import answered
from bargain.report.sections import Study
from bargain.report.statements import proof
from bargain.report.tex import fragment
from bargain.tables import Table
from bargain.tables.mathematics import LATEX, TEXT
from bargain.tables.profile import profile
from bargain.tables.table import Phrase, render

a, b, loss = sp.symbols("a b loss", real=True)


def test_fractions_have_the_height_of_a_line_and_names_of_several_letters_are_upright() -> None:
    values = [a / (1 - b), 1 / (a * b), sp.Rational(-2, 3) * a**2, sp.exp(-a / 2), loss * a / 2, (a + 1) * (a - b) / (a + b) + loss / 3, 1 / sp.sqrt(a), a ** (-b)]
    printed = [LATEX.formula(value) for value in values]
    assert not any("frac" in text for text in printed)
    assert printed[0] == "a/{(1 - b)}" and printed[1] == "1/(a b)" and printed[4] == r"a\, \mathrm{loss}/2"


def test_a_short_sum_in_brackets_does_not_break_and_a_long_formula_does() -> None:
    short, long = ((a + b + 1) / loss, (a + b + 1) * (a + 2 * b + 3 * loss + 17) / (a + b))
    assert len(room(f"${LATEX.formula(short)}$").parts) == 1 and len(room(f"${LATEX.formula(long)}$").parts) > 2


def test_a_profile_names_the_information_sets_of_a_game_with_private_costs() -> None:
    solution = abandonment_core.model.at().solution()
    text = render(profile(solution.problem, solution.extreme[0]), TEXT)
    assert all(f"{place}: " in text for place in ("N after stay", "X after stay", "flexible", "N after sell out", "X after sell out"))


def test_a_probability_has_no_sign_and_of_two_formulas_the_shorter_is_stated() -> None:
    """In the demand game some weights are quotients whose numerator and denominator are negative at the typical point."""
    solution = bg.solve(*crisis_demands.model.problems["matrix"])
    assert not any("+ -" in text or text.startswith("-") for row in solution.rows() for text in (row["A"], row["B"]))
    moves = [{"rest": 1 - a / 2, "go": a / 2}, {"go": a * b / 3, "rest": 1 - a * b / 3}]
    for plan in moves:
        game = bg.Game("Go", ("A",), bg.Notation(), bg.decision("A", rest=bg.payoffs(A=0), go=bg.payoffs(A=0)))
        found = bg.Equilibrium("Nash equilibrium", {"A": {"(start)": plan}}, {"A": sp.Integer(0)})
        assert render(profile(game, found), TEXT) == f"go with probability {sp.sstr(plan['go'])}, else rest"


def _entered() -> bg.Solution:
    """Two who must go different ways: mixed with chances 1/3 and 2/3, after a first move."""
    ways = {(x, y): bg.payoffs(A=(x != y) * (2 if x == "left" else 1), B=(x == y) * (2 if x == "left" else 1)) for x in ("left", "right") for y in ("left", "right")}
    meet = bg.simultaneous({"A": ("left", "right"), "B": ("left", "right")}, ways)
    return bg.solve(bg.Game("Meeting", ("A", "B"), bg.Notation(), bg.decision("A", stay=bg.payoffs(A=-1, B=0), go=meet)), bg.SubgamePerfect())


def test_mixed_moves_are_drawn_with_their_chances() -> None:
    solution = _entered()
    plans = [next(iter(nodes[name] for name in nodes if name == "go")) for nodes in solution.extreme[0].strategies.values()]
    with journal():
        words = [text.words.shown for text in tree_drawing(solution).texts]
    for (one, weight), (other, chance) in ((x, y) for x in plans[0].items() for y in plans[1].items()):
        assert any(text.startswith(f"{one}, {other} [{weight * chance}") for text in words), words


def test_payoffs_of_a_small_tree_are_written_out_and_a_dot_is_explained() -> None:
    with journal():
        small = " ".join(text.words.shown for text in tree_drawing(power_shift.game).texts)
        ends = {f"move {k}": bg.payoffs(A=sum(power_shift.game.notation.symbols) ** 2 / (k + 2)) for k in range(14)}
        large = tree_drawing(bg.Game("Many", ("A",), power_shift.game.notation, bg.decision("A", ends)))
        dotted = " ".join(text.words.shown for text in large.texts)
    assert r"\cdot" not in small and "x_{1}" in small
    assert r"$\cdot$: a formula too long to be drawn" in dotted


def test_the_legend_of_a_matrix_names_only_marks_that_are_there() -> None:
    pennies = MatrixGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert "no pure equilibrium exists" in latex(pennies) and "boxed" not in latex(pennies)
    free = latex(crisis_demands.model.problems["matrix"][0])
    assert "no cell is an equilibrium at all parameter values" in free and r"\fbox" not in free


def test_a_table_of_one_row_is_a_sentence() -> None:
    text = fragment(Tabular("one", Table("", ("Outcome", Phrase.of(a)), (("war", sp.Rational(1, 3)),), ("Checked.",)), "At the start"))
    assert "tabular" not in text and text.startswith(r"\par\noindent\textbf{At the start.} Outcome: war. $a = 1/3$.\par") and "Checked." in text


def test_symbols_of_one_problem_are_in_the_notation_and_have_their_baseline() -> None:
    """The notation of a model is that of its first problem unless it says otherwise."""
    model = bg.Model("m", {"game": (deterrence.game, bg.SubgamePerfect()), "offer": (ultimatum.game, bg.SubgamePerfect())})
    study = Study(model.at(), lambda said: None)
    assert [row.name for row in study._notation()] == ["g", "l", "a", "w_C", "w_D", "w_A", "w_B"]
    solution, free = study._at_baseline("offer"), study.point.solution("offer")
    assert not solution.problem.notation.parameters and free.problem.notation.parameters
    captions = [answered("x", one, study.point, "X").caption for one in (solution, free)]
    assert captions == ["X: equilibria at the baseline", "X: equilibria, every parameter free"]


def test_quantities_are_named_by_symbol_or_meaning() -> None:
    model = bg.Model("m", {"game": (deterrence.game, bg.SubgamePerfect())}, quantities=(
        bg.Quantity("x_star", sp.Integer(1), "what is asked"), bg.Quantity("pr_war", sp.Integer(0), "chance of war below w_C"),
        bg.Quantity("waste", sp.Integer(2), "by war")))
    (table,) = quantities("m", model.at(), "M")
    rows = [[render(cell, LATEX) for cell in row[:2]] for row in table.content.rows]
    assert rows == [["$x^{*}$", "what is asked"], ["", "chance of war below $w_{C}$"], ["", "waste: by war"]]


def test_what_only_reports_a_certificate_is_called_a_verification() -> None:
    stated = bg.proposition(bg.solve(*attrition.model.problems["private"]), label="prop:private")
    assert proof(stated).startswith(r"\begin{proof}[Verification of Proposition~\ref{prop:private}]")
    argued = bg.proposition(bg.solve(*outside_option.model.problems["table"]), label="prop:table")
    assert proof(argued).startswith(r"\begin{proof}[Proof of Proposition~\ref{prop:table}]") and Proof((), "best replies").latex().startswith(r"\begin{proof}\emer")


def test_rows_of_many_lines_stand_apart_and_short_columns_stay_whole() -> None:
    long = "a long text that goes on and on until it takes several lines of a narrow column in the table " * 5
    rows = tuple((k, long, long, sp.Symbol("p") - sp.Symbol("q")) for k in range(8))
    shape = layout(Table("", ("n", "One", "Other", "u"), rows))
    assert shape.apart and r"\addlinespace" in latex(Table("", ("n", "One", "Other", "u"), rows))
    assert not layout(Table("", ("n",), (("x",), ("y",)))).apart
