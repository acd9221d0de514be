"""The supplement says each thing once: cut-offs as intervals, indices beside directions, notation and rules shared, one table of checks."""

from dataclasses import replace

import sympy as sp

from bargain import Claim
from bargain.analysis.shares import Share
from bargain.latex import latex
from bargain.latex.proposition import joined
from bargain.notation import Notation, Parameter
from bargain.regions.cells import Cell, Region
from bargain.regions.space import Space
from bargain.report.content import Prose, Section, Tabular
from bargain.report.numbers import quantities
from bargain.report.shared import checked, shared
from bargain.report.supplement import cutoffs, influence
from bargain.sensitivity.flips import Threshold
from bargain.sensitivity.indices import Course, SobolIndex
from bargain.sensitivity.study import ClaimFinding, study
from bargain.solution import Status
from bargain.tables import Table, notation_rows
from bargain.tables.claims import decided, placed, sampled
from bargain.tables.mathematics import TEXT
from bargain.tables.table import render

p, q = sp.symbols("p q", real=True)
NOTATION = Notation((Parameter(p, "p", baseline="1/2", prior=(0, 1)), Parameter(q, "q", baseline="1/2", prior=(0, 1))))


def said(table: Table | None, row: int, column: int) -> str:
    """One cell in plain characters."""
    assert table is not None
    return render(table.rows[row][column], TEXT)


def test_cut_offs_of_one_parameter_are_intervals() -> None:
    """Rises open an interval, falls close it; what bisection leaves of a zero is zero; claims that nothing changes are named once."""
    cuts = (Threshold("p", 0.25, True), Threshold("p", 0.75, False), Threshold("q", 8.7e-12, False), Threshold("q", sp.Rational(2, 3), True, True))
    table = cutoffs({"first": cuts, "second": ()}, NOTATION)
    assert said(table, 0, 1) == "0.25 < p < 0.75; q < 0 or q > 0.6667"
    assert table is not None and len(table.rows) == 1 and "second" in render(table.notes[0], TEXT)
    assert cutoffs({"second": ()}, NOTATION) is None


def test_an_exact_cut_off_is_marked() -> None:
    assert said(cutoffs({"first": (Threshold("p", sp.Rational(1, 2), True, True),)}, NOTATION), 0, 1) == "p > 0.5 *"


def test_directions_stand_beside_indices_and_idle_parameters_below() -> None:
    courses = (Course("p", "rises", sp.Rational(1, 3)), Course("q", "constant", None))
    table = influence(courses, (SobolIndex("p", -0.0001, 0.9), SobolIndex("q", 0.0, 0.0)))
    assert [render(value, TEXT) for value in table.rows[0]] == ["p", "rises", "0.3333", "0.000", "0.900"]
    assert len(table.rows) == 1 and render(table.notes[0], TEXT) == "No effect: q."


def notation(count: int, name: str) -> Tabular:
    """A notation table of symbols s0, s1, ..."""
    return Tabular(f"{name}-notation", Table("", ("Symbol", "Meaning"), tuple((f"s{k}", "meaning") for k in range(count))), f"{name}: notation")


def test_a_notation_names_only_what_an_earlier_model_does_not() -> None:
    first, second, third = shared([Section("one", "One: a model", (), details=(notation(8, "one"),)), Section("two", "Two", (), details=(notation(9, "two"),)),
                                   Section("three", "Three", (), details=(notation(8, "three"),))])
    assert len(first.details[0].content.rows) == 8  # type: ignore[union-attr]
    assert second.details[0].content.rows == (("s8", "meaning"),) and "8 symbols" in second.details[0].content.notes[0]  # type: ignore[union-attr]
    assert isinstance(third.details[0], Prose) and "\u201cOne\u201d" in third.details[0].paragraphs[0]


def test_rows_of_numbers_that_a_matrix_shows_are_not_printed_again() -> None:
    """What each side gets in the race is its matrix; the quantities of one cell stay."""
    from bargain.models.ukraine import leverage

    names = {table.name for table in quantities("leverage", leverage.model.at(), "Leverage")}
    assert "leverage-quantities" in names and not {"leverage-quantity-race-w", "leverage-quantity-race-r"} & names
    assert {"race_W", "race_R"} <= {quantity.name for quantity in leverage.model.quantities}


def test_ranges_of_a_notation_do_not_break() -> None:
    (section,) = shared([Section("one", "One", (), details=(Tabular("one-notation", notation_rows(NOTATION), "notation"),))])
    assert r"[$0$,~$1$]" in latex(section.details[0].content)  # type: ignore[union-attr]


def test_equal_rules_are_printed_once_and_sides_that_are_alike_share_a_row() -> None:
    rows = (("discount factor", "A", p), ("discount factor", "B", p), ("offers", "A", 1))
    tables = tuple(Tabular(f"{name}-rules", Table("", ("Rule", "For", "Value"), rows), f"{name}: rules") for name in ("pie", "bounds"))
    (section,) = shared([Section("one", "One", (), details=tables)])
    (only,) = section.details
    assert isinstance(only, Tabular) and only.caption == "pie; bounds: rules"
    assert only.content.rows == (("discount factor", "A, B", p), ("offers", "A", 1))  # type: ignore[union-attr]


def test_checks_of_all_models_are_one_table_with_the_strongest_of_each_problem() -> None:
    proved, certified = Status.PROVED.value, Status.CERTIFIED.value
    rows = (("game", "baseline", "SPE", certified, "payoff 4"),
            ("game", "everywhere", "SPE", proved, "payoff 8; regimes 2 cells non-empty; regimes 2 apart; cover of the parameter space proved"),
            ("talks", "baseline", "SPE", certified, "payoff 2"))
    section = Section("one", "One: a model", (), details=(Tabular("one-checks", Table("", ("Problem", "Where", "Concept", "Status", "Checks"), rows), "checks"),))
    (rest,), found = checked([section])
    assert rest.details == () and found is not None
    table = next(block.content for block in found.blocks if isinstance(block, Tabular))
    assert isinstance(table, Table) and [row[1:3] for row in table.rows] == [("game", "all"), ("talks", "point")]
    assert table.rows[0][5] == "payoff 8; 2 regimes, disjoint, covering" and len(table.notes) == 2


def test_a_boundary_is_joined_only_where_the_pieces_make_it_whole() -> None:
    space, line = Space(NOTATION), sp.Eq(q, 0)
    whole = joined(space, Region((Cell.of(sp.Eq(p, 0)), Cell.of(line, p > 0), Cell.of(line, p < 0))))
    assert set(whole.cells) == {Cell.of(sp.Eq(p, 0)), Cell.of(line)}
    half = Region((Cell.of(sp.Eq(p, 0)), Cell.of(line, p > 0)))
    assert joined(space, half) == half


def finding(share: float, decisive: tuple[tuple[str, float], ...], region: object = "not decided") -> ClaimFinding:
    """What a study of 20,000 draws finds about one claim."""
    return ClaimFinding("m", Claim("c", p > 0), True, Share(share, 0.001, 20_000), None, region, decisive)


def test_words_of_the_ledger_follow_the_draws() -> None:
    """A share is 0 or 1 only where all draws agree; who decides is named only where an index can be seen; a relation holds on a part."""
    assert [sampled(finding(share, ())).split()[0] for share in (1, 0.99996, 0.5, 0.00004, 0)] == ["1.000", ">0.999", "0.500", "<0.001", "0.000"]
    assert decided(finding(0.5, (("p", 0.004), ("q", 0.001)))) == "none alone" and decided(finding(1, ())) == ""
    assert render(decided(finding(0.5, (("p", 0.3), ("q", 0.004))), indices=True), TEXT) == "p 0.30"
    assert placed(finding(0.5, (), p > 0)) == "on a part"


def test_draws_that_show_both_verdicts_place_a_claim_without_a_formula_on_a_part() -> None:
    from bargain.models.classics import deterrence as m

    assert m.model.notation is not None
    rows = tuple(replace(row, prior=(-1, 1)) if row.name == "w_C" else row for row in m.model.notation)
    claims = (Claim("war pays", lambda at: at.values[m.w_C] > 0), Claim("numbers", lambda at: at.values[m.w_C] < 2))
    found = study(replace(m.model, claims=claims, notation=Notation(rows, m.model.notation.assumptions)), draws=50, flips=False, audit=0).findings
    assert [one.region for one in found] == ["on a part", "not decided"]


def test_an_index_of_first_order_above_the_total_is_called_an_error_of_sampling() -> None:
    table = influence((), (SobolIndex("p", 0.31, 0.3), SobolIndex("q", 0.1, 0.2)))
    assert [render(note, TEXT) for note in table.notes] == ["An index of first order above the total one is an error of sampling."]
    assert influence((), (SobolIndex("p", 0.3, 0.3),)).notes == ()


def test_a_break_even_outside_what_is_possible_says_so() -> None:
    from bargain.models.ukraine import enforcement

    (table,) = (one for one in quantities("e", enforcement.model.at(), "E") if one.name == "e-quantities")
    said = {render(row[1], TEXT): row for row in table.content.rows}  # type: ignore[union-attr]
    marked = sorted(words.rpartition("(")[2] for words in said if "cannot be met" in words)
    assert marked == ["above 1: cannot be met)", "below 0: cannot be met)"]
