"""The report: complete, self-contained, the same bytes every time, and in agreement with what was solved."""

import errno
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from bargain import BadInput, Claim, Curve, Model, OutcomeMap, Plane, Quantity, SubgamePerfect, solve
from bargain.cli import main
from bargain.errors import InvalidModel
from bargain.inventory import Inventory, Item, Place
from bargain.loading import load
from bargain.models.classics import deterrence, ultimatum
from bargain.models.ukraine import leverage
from bargain.report import Report, write_report
from bargain.report.along import by_regime
from bargain.report.evaluate import Evaluation
from bargain.report.outcomes import outcome_data
from bargain.report.pdf import compiled, overfull
from bargain.sensitivity.assessment import Plan

CLASSICS = (deterrence.model, ultimatum.model)
w_C, w_D, g = deterrence.w_C, deterrence.w_D, deterrence.g
needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def silent(_: str) -> None:
    """Progress nobody reads."""


def studied() -> Model:
    """The deterrence model with every kind of quantity, claim and exhibit."""
    return Model(
        "tests/deterrence_studied", problems=dict(deterrence.model.problems), summary="A crisis & its \\ end: 50% <b>bold</b>.\n\nSecond paragraph.",
        quantities=(
            Quantity("x_U", g / 3, "a third of the gain"),
            Quantity("root_2", sp.sqrt(2) * g, "irrational"),
            Quantity("by_side", {"C": w_C, "D": w_D}, "value of war"),
            Quantity("grid", [[w_C, w_D], [g, -g]]),
            Quantity("plays", lambda at: {"game": {"path": "/".join(at.equilibrium().path), "payoffs": dict(at.equilibrium().payoffs)}}),
            Quantity("outcome", lambda at: at.solution().outcomes[0]),
        ),
        claims=(Claim("war pays the challenger", w_C > 0, "here"), Claim("war pays the defender", w_D > 0, "there")),
        exhibits=(
            *deterrence.model.exhibits,
            Curve("Gains", w_C, (-1, 1), {"half": w_C / 2, "low": w_C - 1, "high": w_C + 1}, band=("low", "high"),
                  reference=("none", 0), threshold=("cost", deterrence.a)),
            OutcomeMap("Who gives way", "game", (w_C, -1, 1), (w_D, -2, 1), lambda path: "/".join(path), (("cheap", {}), ("dear", {deterrence.l: 2}))),
            Plane("Two wars", ("challenger", "defender"), lambda at: [("base", at.values[w_C], at.values[w_D]), ("none", 0, 0)],
                  lambda at: [("equal", 1, 0)]),
        ))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Report]]:
    """A report on three models, written once."""
    out = tmp_path_factory.mktemp("report")
    yield out, write_report((*CLASSICS, studied()), out)


class Page(HTMLParser):
    """What a reader of the page, or a screen reader, is given."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag in ("img", "svg"):
            self.images.append(given)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]


# --- refusals ---------------------------------------------------------------------------------------------------------------------------------


def test_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no model to report on"):
        write_report([], tmp_path)


def test_models_whose_files_would_collide_are_refused(tmp_path: Path) -> None:
    twin = replace(deterrence.model, name="classics-deterrence")
    with pytest.raises(BadInput, match="overwrite"):
        write_report([deterrence.model, twin], tmp_path)


def test_exhibits_with_one_title_are_refused(tmp_path: Path) -> None:
    doubled = replace(deterrence.model, exhibits=deterrence.model.exhibits * 2)
    with pytest.raises(BadInput, match="this file name"):
        write_report([doubled], tmp_path)


def test_a_place_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written.*choose a directory"):
        write_report([deterrence.model], tmp_path / "file" / "report")


def test_a_full_disk_is_refused_and_leaves_no_half_written_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bargain.report.files.os.replace", full)
    with pytest.raises(BadInput, match="no space left on device"):
        write_report([deterrence.model], tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- what is written --------------------------------------------------------------------------------------------------------------------------


def test_every_part_of_the_report_is_written(written: tuple[Path, Report]) -> None:
    out, report = written
    assert len(report.tables) >= 12 and all(path.read_text().strip() for path in report.tables)
    assert {path.suffix for path in report.figures} == {".png", ".pdf", ".svg"} and len(report.figures) >= 3 * 6
    for path in (report.tex, report.html, report.json):
        assert path.stat().st_size > 1000
    assert {path.name for path in out.iterdir()} <= {"tables", "figures", "propositions", "report.tex", "report.html", "report.json", "report.pdf"}
    assert set(report.status["classics/deterrence"]) == {"game"}


def test_the_document_inputs_every_table_and_includes_every_figure(written: tuple[Path, Report]) -> None:
    _, report = written
    text = report.tex.read_text()
    stated = {path.name.removesuffix("-proposition.tex") + "-regimes.tex" for path in report.propositions if path.name.endswith("-proposition.tex")}
    assert set(re.findall(r"\\input\{tables/([^}]+)\}", text)) == {path.name for path in report.tables} - stated  # a proposition says what its table does
    assert set(re.findall(r"\\input\{propositions/([^}]+)\}", text)) == {path.name for path in report.propositions}
    assert set(re.findall(r"\{figures/([^}]+)\}", text)) == {path.name for path in report.figures if path.suffix == ".pdf"}


def test_the_page_loads_nothing_and_describes_every_picture(written: tuple[Path, Report]) -> None:
    text = written[1].html.read_text()
    page = Page(text)
    assert page.tags.count("h1") == 1 and "link" not in page.tags and not re.search(r"<script[^>]+src", text)
    assert all(load.startswith(("#", "data:")) for load in page.loads) and "http" not in re.sub(r"base64,[^\"]+", "", text)
    assert page.images and all(image.get("alt") for image in page.images)
    assert page.tags.count("caption") == page.tags.count("table") == len(written[1].tables)
    assert 'name="viewport"' in text and 'lang="en"' in text


def test_words_of_a_model_are_escaped(written: tuple[Path, Report]) -> None:
    assert "50% &lt;b&gt;bold&lt;/b&gt;" in written[1].html.read_text()
    assert r"50\% \textless{}b\textgreater{}" in written[1].tex.read_text()


def test_a_solution_of_few_cases_is_a_proposition_with_a_proof(written: tuple[Path, Report]) -> None:
    out, report = written
    stem = "classics-deterrence-game-proposition"
    stated, proved = ((out / "propositions" / f"{stem}{end}.tex").read_text() for end in ("", "-proof"))
    assert stated.count(r"\item[") == len(solve(deterrence.game, SubgamePerfect()).regimes) and r"\begin{proof}" not in stated
    assert proved.startswith(r"\begin{proof}[Proof of Proposition~\ref{prop:classics-deterrence-game}]") and "Hence uniqueness" in proved
    tex, html = report.tex.read_text(), report.html.read_text()
    assert tex.index(rf"\input{{propositions/{stem}.tex}}") < tex.index(r"\section{Proofs}") < tex.index(rf"\input{{propositions/{stem}-proof.tex}}")
    said = re.findall(r'<div class="proposition".*?</div>|<details>.*?</details>', html, re.DOTALL)
    assert len(said) == len(report.propositions) and not [part for part in said if re.search(r"[\\${}]", re.sub(r"\{<i>.*?\}", "", part))]
    assert "(c) If −<i>a</i> &lt; <i>w</i><sub>C</sub> &lt; 0, <i>w</i><sub>D</sub> &gt; −<i>ℓ</i>: (hold; resist; press); SQ; (0, 0)." in html


def test_the_data_agree_with_what_was_solved(written: tuple[Path, Report]) -> None:
    models = {entry["model"]: entry for entry in json.loads(written[1].json.read_text())["models"]}
    studied_ = models["tests/deterrence_studied"]
    assert studied_["quantities"]["x_U"] == "1/3" and studied_["quantities"]["by_side"] == {"C": "1/5", "D": "-1/2"}
    assert studied_["quantities"]["root_2"] == pytest.approx(2**0.5, abs=1e-12)
    assert [(claim["claim"], claim["holds"]) for claim in studied_["claims"]] == [("war pays the challenger", True), ("war pays the defender", False)]
    game = models["classics/deterrence"]["problems"]["game"]
    assert game["regimes"][0]["equilibria"][0]["payoffs"] == {"C": "1/5", "D": "-1/2"}
    assert len(game["every_parameter_free"]["regimes"]) == len(solve(deterrence.game, SubgamePerfect()).regimes)


def test_claims_that_fail_are_reported_as_plainly_as_those_that_hold(written: tuple[Path, Report]) -> None:
    table = (written[0] / "tables" / "all-claims.tex").read_text()
    assert re.search(r"war pays the challenger.*holds", table) and re.search(r"war pays the defender.*fails", table)
    text = written[1].tex.read_text()
    assert "1 hold and 1 fail" in text and "assumptions, not estimates" in text


def test_the_report_is_the_same_bytes_every_time(written: tuple[Path, Report], tmp_path: Path) -> None:
    out, first = written
    second = write_report((*CLASSICS, studied()), tmp_path)
    for path in (*first.tables, *first.propositions, *first.figures, first.tex, first.html, first.json, *([first.pdf] if first.pdf else [])):
        assert path.read_bytes() == (tmp_path / path.relative_to(out)).read_bytes(), path.name
    assert len(second.tables) == len(first.tables)


def test_progress_names_each_solve(tmp_path: Path) -> None:
    said: list[str] = []
    write_report([deterrence.model], tmp_path, progress=said.append)
    assert "classics/deterrence: solving 'game' at the baseline" in said and "running pdflatex" in said


def test_a_study_over_the_priors_is_part_of_the_report(tmp_path: Path) -> None:
    """Ledger, cut-offs, comparative statics, tornado and the inventory; finished draws are kept beside the report and give the same bytes again."""
    text = Inventory("The text", (Item("K1", "leverage comes first", Place.of("ukraine/leverage: claim L1")), Item("K2", "left out", note="not modelled")),
                     {"K": ("claims", 2)}, ("How to read it.",), (("Drafts", ("Then", "Now"), (("tau 0.75", "tau 0.25"),)),))
    only = replace(leverage.model, exhibits=(), problems={name: leverage.model.problems[name] for name in ("sequence", "race")},
                   quantities=tuple(q for q in leverage.model.quantities if q.name in ("LF_minus_TF", "chi_star")),
                   claims=tuple(c for c in leverage.model.claims if c.name.startswith(("L1 ", "L1b"))))
    said: list[tuple[str, int, int]] = []
    plan = Plan(200, seed=3, points=16, cache=tmp_path / "draws")
    report = write_report([only], tmp_path, plan=plan, inventories=[text], told=lambda *message: said.append(message))
    parts = ("flips", "thresholds", "statics-1")
    assert {"claims-ledger", "inventory", "reading-1", *(f"ukraine-leverage-{part}" for part in parts)} <= {path.stem for path in report.tables}
    assert {"claims-shares", "ukraine-leverage-tornado-1"} <= {path.stem for path in report.figures} and said == [("ukraine/leverage", 200, 200)]
    assert "share of an arbitrary box, not a probability" in report.tex.read_text() and "not modelled" in (tmp_path / "tables" / "inventory.tex").read_text()
    (entry,) = json.loads(report.json.read_text())["models"]
    assert entry["over the prior"]["seed"] == 3 and entry["over the prior"]["claims"].keys() == {claim.name for claim in only.claims}
    before = {path: path.read_bytes() for path in (*report.tables, report.tex, report.html, report.json)}
    again = write_report([only], tmp_path, plan=plan, inventories=[text])
    assert {path: path.read_bytes() for path in (*again.tables, again.tex, again.html, again.json)} == before
    with pytest.raises(InvalidModel, match="no claim"):
        write_report([deterrence.model], tmp_path, inventories=[text])


# --- exhibits as numbers ----------------------------------------------------------------------------------------------------------------------


def test_an_outcome_map_agrees_with_exact_solutions() -> None:
    model = studied()
    data = outcome_data(next(e for e in model.exhibits if isinstance(e, OutcomeMap)), Evaluation(model.at(), silent))
    for row, column in ((3, 5), (80, 11), (140, 150), (33, 97)):
        for panel, loss in enumerate((1, 2)):
            at = {w_C: sp.Rational(str(round(data.x[column], 6))), w_D: sp.Rational(str(round(data.y[row], 6))), "l": loss}
            path = solve(deterrence.game, SubgamePerfect(), at=deterrence.NOTATION.point(at)).extreme[0].path
            assert data.names[data.codes[panel][row, column]] == "/".join(path)


def test_a_tree_with_an_offer_is_mapped_by_exact_solves() -> None:
    chart = OutcomeMap("Deal", "game", (ultimatum.w_A, 0, 1), (ultimatum.w_B, 0, 1), lambda path: path[-1])
    data = outcome_data(chart, Evaluation(ultimatum.model.at(), silent))
    names = np.array(data.names)[data.codes[0]]
    assert names[2, 2] == "accept" and names[-2, -2] == "reject"


def test_a_quantity_is_evaluated_in_the_regime_that_holds() -> None:
    solution = solve(ultimatum.game, SubgamePerfect(exact=True), free=[ultimatum.w_B])
    across = np.array([-0.5, 0.25, 0.5])
    assert by_regime(solution, "x", ultimatum.w_B, across)[0].tolist() == [1.0, 0.75, 0.5]
    with pytest.raises(BadInput, match="no equilibrium has a quantity"):
        by_regime(solution, "y", ultimatum.w_B, across)


def test_a_curve_over_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(BadInput, match="is not a parameter"):
        Evaluation(ultimatum.model.at(), silent).curve(Curve("Wrong", g, (0, 1), {"share": ("game", "x")}))


def test_a_curve_of_a_quantity_of_the_model_is_exact_at_its_points() -> None:
    model = replace(studied(), quantities=(Quantity("paid", lambda at: at.equilibrium().payoffs["C"]),))
    data = Evaluation(model.at(), silent).curve(Curve("Paid", w_C, (-1, 1), {"to the challenger": "paid"}))
    assert data.points == 21 and np.allclose(data.lines["to the challenger"], np.maximum(data.across, 0), atol=1e-12)
    with pytest.raises(BadInput, match="no quantity 'lost'"):
        Evaluation(model.at(), silent).curve(Curve("Lost", w_C, (-1, 1), {"lost": "lost"}))


def test_a_line_is_broken_where_it_jumps_and_goes_on_through_kinks() -> None:
    """Solved at 21 points, a line jumps at 1/7 and has a kink at 4/7; beside the jump it has the values of both sides."""
    step = Quantity("step", lambda at: sp.Max(0, at.values[w_C] - sp.Rational(4, 7)) + (1 if at.values[w_C] > sp.Rational(1, 7) else 0))
    model = replace(studied(), quantities=(step,))
    data = Evaluation(model.at(), silent).curve(Curve("Step", w_C, (-1, 1), {"step": "step"}))
    gaps = np.flatnonzero(np.isnan(data.lines["step"]))
    assert data.broken and len(gaps) == 1 and abs(data.across[gaps[0]] - 1 / 7) < 2e-3
    assert data.lines["step"][gaps[0] - 1] == 0 and data.lines["step"][gaps[0] + 1] == 1
    wanted = np.maximum(0, data.across - 4 / 7) + (data.across > 1 / 7)
    assert np.nanmax(np.abs(data.lines["step"] - wanted)) < 0.05


def test_a_line_ends_where_its_quantity_ends_and_a_slope_is_no_jump() -> None:
    root = Quantity("root", lambda at: None if at.values[w_C] > sp.Rational(1, 3) else at.values[w_C])
    model = replace(studied(), quantities=(root,))
    data = Evaluation(model.at(), silent).curve(Curve("Root", w_C, (-1, 1), {"root": "root", "steep": 1 / (w_C + sp.Rational(101, 100))}))
    known = np.flatnonzero(np.isfinite(data.lines["root"]))
    assert abs(data.across[known[-1]] - 1 / 3) < 2e-3 and data.lines["root"][known[-1]] == data.across[known[-1]]
    assert np.isfinite(data.lines["steep"]).all()


def test_the_caption_of_a_curve_says_which_of_several_equilibria_it_is_of() -> None:
    """Battle of the sexes has three equilibria; with a_UL below zero the row player has a dominant action."""
    from bargain.models.classics import two_by_two as m
    from bargain.report.pictures import exhibits

    symbol = m.model.notation["a_UL"].symbol
    worth = Quantity("worth", lambda at: at.equilibrium().payoffs["R"])
    for interval, told in (((2, 3), True), ((-2, -1), False)):
        model = replace(m.model, quantities=(worth,), exhibits=(Curve("Worth", symbol, interval, {"worth": "worth"}),), selection="the first of all")
        (picture,) = exhibits(Evaluation(model.at(), silent), {})
        assert ("Where there are several equilibria, the number is that of the first of all." in picture.caption) == told


def test_a_curve_of_a_solved_quantity_follows_the_closed_form() -> None:
    data = Evaluation(ultimatum.model.at(), silent).curve(Curve("Share", ultimatum.w_B, (0, "1/2"), {"share": ("game", "x")}))
    assert np.allclose(data.lines["share"], 1 - data.across) and data.points == 0


# --- TeX --------------------------------------------------------------------------------------------------------------------------------------


def test_wide_boxes_are_listed_and_narrow_ones_are_not() -> None:
    log = "Overfull \\hbox (1.5pt too wide) in paragraph at lines 1--2\nOverfull \\vbox (0.9pt too high) has occurred\n"
    assert overfull(log) == ["overfull hbox, 1.5 pt, in paragraph at lines 1--2"]


def test_without_tex_one_line_says_so(written: tuple[Path, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bargain.report.pdf.shutil.which", lambda _: None)
    content, words = compiled(written[0], "report")
    assert content is None and len(words) == 1 and "no pdflatex" in words[0]


def test_the_command_says_what_tex_complains_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("bargain.report.study.compiled", lambda folder, name: (b"%PDF", ["overfull hbox, 9 pt, in paragraph"]))
    assert main(["report", "classics/ultimatum", "--out", str(tmp_path / "report"), "--draws", "0"]) == 0
    assert "bargain: overfull hbox, 9 pt, in paragraph\n" in capsys.readouterr().err


@needs_tex
def test_the_document_compiles_without_wide_boxes(written: tuple[Path, Report]) -> None:
    report = written[1]
    assert report.pdf is not None and report.pdf.read_bytes().startswith(b"%PDF") and report.warnings == ()


@needs_tex
def test_tables_too_high_for_a_page_break_and_long_runs_are_one_row(tmp_path: Path) -> None:
    """Nine regimes of long formulas, and 128 payoffs of which all are zero; details follow the short report, and nothing is wider or higher than the page."""
    report = write_report([load("classics/forts"), load("classics/double_auction")], tmp_path)
    text = report.tex.read_text()
    assert report.warnings == () and r"\begin{longtable}" in (tmp_path / "tables" / "classics-forts-three-regimes.tex").read_text()
    assert "15/16 and 15/16 (64 rows)" in (tmp_path / "tables" / "classics-double-auction-mechanism-problem.tex").read_text()
    assert text.index(r"\input{tables/classics-double-auction-auction-equilibria.tex}") < text.index(r"\part{Supplement}") < text.index(
        r"\input{tables/classics-forts-notation.tex}")


@needs_tex
def test_a_document_that_does_not_compile_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.tex").write_text("\\documentclass{article}\\begin{document}\\undefined\\end{document}\n")
    content, words = compiled(tmp_path, "broken")
    assert content is None and "Undefined control sequence" in words[0]


@pytest.mark.slow
def test_the_whole_study_is_written(tmp_path: Path) -> None:
    from bargain.models.ukraine import grand_bargain, guarantees, territory

    report = write_report((*CLASSICS, territory.model, guarantees.model, grand_bargain.model), tmp_path)
    assert len(report.tables) >= 40 and len(report.figures) >= 3 * 12
    assert report.warnings == () or shutil.which("pdflatex") is None
    assert all("certified" in sentence or "proved" in sentence for problems in report.status.values() for sentence in problems.values())


@pytest.mark.slow
def test_a_study_with_draws_is_the_same_bytes_twice(tmp_path: Path) -> None:
    """Two runs from nothing, one process and two; every file, the PDF included."""
    from bargain.models.ukraine import commitment

    models = (leverage.model, commitment.model)
    first, second = (write_report(models, tmp_path / str(jobs), plan=Plan(200, seed=3, points=16, jobs=jobs)) for jobs in (1, 2))
    files = {path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*") if path.is_file()}
    assert files == {path.relative_to(tmp_path / "2") for path in (tmp_path / "2").rglob("*") if path.is_file()} and len(files) > 60
    assert [name for name in sorted(files) if (tmp_path / "1" / name).read_bytes() != (tmp_path / "2" / name).read_bytes()] == []
    assert first.warnings == second.warnings and (first.warnings == () or first.pdf is None)
