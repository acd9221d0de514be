"""The study as a whole: another calibration, the inventory of the text, processes, and going on after being killed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bargain import Curve, Listing, OutcomeMap, Plane, RegionMap
from bargain.cli import main
from bargain.errors import BadInput, InvalidModel
from bargain.inventory import Inventory, Item, Place
from bargain.loading import inventory, load, load_group
from bargain.models.ukraine import commitment, leverage
from bargain.report.claims import listed, opened
from bargain.report.content import Section
from bargain.report.sections import Study, closing, with_claims
from bargain.report.studies import begun
from bargain.sensitivity.assessment import Plan, assess, studied
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.study import study

COUNTS = {"A": 14, "O": 29, "Q": 14, "K": 41}  # of the numbered items of the text


# --- the inventory ----------------------------------------------------------------------------------------------------------------------------


def test_every_item_of_the_text_is_mapped_to_something_that_exists() -> None:
    found = inventory("ukraine")
    assert found is not None and {letter: count for letter, (_, count) in found.series.items()} == COUNTS
    assert [item.code for item in found.items] == [f"{letter}{k + 1}" for letter, count in COUNTS.items() for k in range(count)]
    found.check(load_group("ukraine"))
    assert [item.code for item in found.items if not item.places] == ["A14"]


def test_every_claim_is_a_place_of_every_item_that_it_names_as_its_source() -> None:
    found = inventory("ukraine")
    assert found is not None
    places = {(item.code, place.model, place.name) for item in found.items for place in item.places if place.kind == "claim"}
    named = [(code, model.name, claim.name) for model in load_group("ukraine") if model.name != "ukraine/grand_bargain_linked"  # the claims of grand_bargain
             for claim in model.claims for code in claim.source.split(", ")]
    assert len(named) > 70 and [row for row in named if not places & {row, (*row[:2], row[2].split()[0])}] == []


@pytest.mark.parametrize("code", ["A14", "K17", "Q14", "O1"])
def test_an_inventory_without_one_of_its_items_is_refused(code: str) -> None:
    found = inventory("ukraine")
    assert found is not None
    with pytest.raises(InvalidModel, match=code):
        replace(found, items=tuple(item for item in found.items if item.code != code))


def test_an_inventory_with_an_item_left_out_or_mapped_to_nothing_is_refused() -> None:
    item = Item("K1", "tone", Place.of("ukraine/leverage: claim L1"))
    with pytest.raises(InvalidModel, match="K2"):
        Inventory("text", (item,), {"K": ("claims", 2)})
    with pytest.raises(InvalidModel, match="mapped to nothing"):
        Item("K2", "nothing")
    with pytest.raises(InvalidModel, match="ukraine/leverage has no claim 'L9'"):
        Inventory("text", (replace(item, places=Place.of("ukraine/leverage: claim L9")),), {"K": ("claims", 1)}).check([leverage.model])


# --- tables and figures -----------------------------------------------------------------------------------------------------------------------

TABLES = {  # what the paper tabulates: the model, and its problems and quantities; the report prints every one of them
    "Tab 3 territorial equilibrium": ("territory", ("talks", "limit"), ("x_U", "x_R", "premK", "x_lim")),
    "Tab 4 guarantees: payoff matrix": ("guarantees", ("matrix",), ("U", "R", "Jstar")),
    "Tab 5 Nash equilibria and the proposal equilibrium": ("guarantees", ("matrix", "proposal"), ("pure_nash", "spe_proposals")),
    "Tab 6 three walls": ("guarantees", (), ("sigma", "sigma_star", "dm", "am", "um", "approved")),
    "Tab 7 surge": ("surge_threat", ("game",), ("regime", "t_L", "a_hi", "post", "pr_cut")),
    "Tab 8 compact": ("burden", ("compact",), ("regime", "pr_lead", "posterior")),
    "Tab 9 grand tree": ("grand_bargain", ("X1_focal", "X1_rubinstein", "X2_focal", "X2_rubinstein"), ("X1_focal", "spe_outcomes_X1_focal")),
}
FIGURES: dict[str, tuple[str, type, str]] = {  # what the paper draws: the model, the kind of exhibit and its title
    "Tab 3 by the time between offers": ("territory", Listing, "Territorial equilibrium by the time between offers"),
    "Fig 1": ("territory", Curve, "Bargaining range and the drifting front"),
    "Fig 2": ("territory", Curve, "Worth of the Kursk chip"),
    "Fig 3": ("guarantees", Plane, "What deters against what is acceptable"),
    "Fig 4": ("commitment", Curve, "Territory for security"),
    "Fig 5": ("surge_core", RegionMap, "Equilibria of the surge threat: beliefs about resolve and about costs"),
    "Fig 6": ("surge_threat", Curve, "Length of the surge"),
    "Fig 7": ("abandonment", Curve, "Sell-out and the link to Taiwan"),
    "Fig 8": ("burden", RegionMap, "Who signs: belief against the sunk part of the compact"),
    "Fig 9": ("leverage", RegionMap, "Leverage or talks: belief in the threat against time to build"),
    "Fig 10": ("enforcement", Curve, "The accession window: waiting against attacking"),
    "Fig 11a": ("grand_bargain", OutcomeMap, "Peace-candidate gain against the value of leading"),
    "Fig 11b": ("grand_bargain", OutcomeMap, "Russia's war value against surge damage"),
}


@pytest.mark.parametrize("exhibit", TABLES)
def test_every_table_of_the_paper_has_what_it_tabulates(exhibit: str) -> None:
    name, problems, quantities = TABLES[exhibit]
    model = load(f"ukraine/{name}")
    assert set(problems) <= set(model.problems) and set(quantities) <= {quantity.name for quantity in model.quantities}


@pytest.mark.parametrize("exhibit", FIGURES)
def test_every_figure_of_the_paper_is_an_exhibit(exhibit: str) -> None:
    name, kind, title = FIGURES[exhibit]
    assert [type(one) for one in load(f"ukraine/{name}").exhibits if one.title == title] == [kind]


def test_the_tables_and_figures_that_every_report_has_are_there() -> None:
    """Tab 1, 2, 10, 11 and Fig 12 to 15: actors, parameters, ledger, drafts, tree, eight tornados, indices, shares."""
    models = load_group("ukraine")
    assert sorted(output for model in models for output in model.outputs) == sorted(
        ["x_lim", "width", "sigma_min", "pr_cut", "q", "pr_lead", "LF_minus_TF", "ok_bilateral"])
    text, points = inventory("ukraine"), [load(f"ukraine/{name}").at() for name in ("leverage",)]
    assert text is not None and "baselines came about" in opened(text).blocks[1].caption  # type: ignore[union-attr]
    studies = [Study(point, lambda _: None) for point in points]
    for one in studies:
        one.assessment = assess(one.point.model, Plan(200, points=16))
    sections = [opened(text), *(with_claims(one.section(), one) for one in studies), *closing(studies), Section("inventory", "", tuple(listed(text)))]
    names = {block.name for section in sections for block in (*section.tables, *section.pictures)}
    assert {"inventory", "ukraine-leverage-notation", "claims-ledger", "ukraine-leverage-flips", "reading-1", "ukraine-leverage-sequence-tree",
            "ukraine-leverage-tornado-1", "ukraine-leverage-indices-1", "ukraine-leverage-statics-1", "claims-shares"} <= names


# --- another calibration ----------------------------------------------------------------------------------------------------------------------


def test_a_reader_changes_values_and_priors_for_the_whole_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At chi = 0.6 talks come first; with a prior that believes every threat, leverage never does."""
    name = "L1 leverage should be generated before negotiating"
    file = tmp_path / "mine.toml"
    file.write_text('[values]\nchi = 0.6\n[prior]\nchi = ["0.9", 1]\n[prior.leverage]\ntau = [0.1, 0.2]\n')
    for given in (["--at", "chi=0.6", "--prior", "leverage.chi=0.9:1", "tau=0.1:0.2"], ["--at", str(file), "--prior", str(file)]):
        assert main(["claims", "ukraine/leverage", "--draws", "400", "--format", "json", *given]) == 0
        found = json.loads(capsys.readouterr().out)["ukraine/leverage"]["claims"][name]
        assert found["holds"] is False and found["share"] == 0.0
    assert leverage.model.notation is not None and leverage.model.notation["chi"].baseline != leverage.model.recalibrated({"chi": "0.6"}).notation["chi"].baseline


@pytest.mark.parametrize(("words", "parts"), [
    (["--at", "kappa=0.1"], ["--at", "kappa has different baselines", "leverage.kappa, territory.kappa"]),
    (["--at", "leverage.nobody=1"], ["--at", "unknown parameter 'leverage.nobody'", "known: "]),
    (["--at", "leverage.chi=2"], ["--at (model ukraine/leverage)", "parameter chi", "outside the domain"]),
    (["--prior", "chi=0.2"], ["--prior", "range of chi is not a pair", "name=low:high"]),
    (["--prior", "chi=0.9:0.2"], ["--prior", "range of chi is empty"]),
    (["--prior", "chi=0:3"], ["--prior (model ukraine/leverage)", "prior of chi", "outside the domain"]),
    (["--prior", "chi=0:__import__"], ["--prior chi"]),
    (["--prior", "wrong.json"], ["wrong.json", "range of chi is not a pair"]),
    (["--prior", "keys.toml"], ["keys.toml", "key 'more' is not known beside values and prior"]),
])
def test_what_is_wrong_in_a_calibration_is_named_with_file_key_and_rule(
        words: list[str], parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.json").write_text('{"chi": [0.1, 0.2, 0.3]}')
    Path("keys.toml").write_text("more = 1\n[prior]\nchi = [0, 1]\n")
    assert main(["claims", "ukraine", *words]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in parts), said


def test_a_baseline_against_the_assumptions_is_refused() -> None:
    with pytest.raises(BadInput, match="assumption"):
        load("ukraine/burden").recalibrated({"kappa_w": "0.9"})


# --- processes, and going on ------------------------------------------------------------------------------------------------------------------


def test_findings_do_not_depend_on_the_number_of_processes() -> None:
    models = [commitment.model, leverage.model.recalibrated({"chi": "0.6"}, {"tau": ("0.1", "0.4")})]
    said: list[tuple[str, int, int]] = []
    with begun(models, Plan(300, seed=5, points=16, jobs=2), lambda *message: said.append(message)) as running:
        apart = [running.found(model) for model in models]
    for model, found in zip(models, apart, strict=True):
        alone = assess(model, Plan(300, seed=5, points=16))
        assert [(f.holds, f.share, f.flip) for f in found.study.findings] == [(f.holds, f.share, f.flip) for f in alone.study.findings]
        assert found.thresholds == alone.thresholds and found.tornados == alone.tornados and found.indices == alone.indices
        assert found.study.model is model and {f.claim for f in found.study.findings} == set(model.claims)
    assert {message[0] for message in said} == {model.name for model in models}


def test_a_study_killed_by_the_system_goes_on_from_its_finished_chunks(tmp_path: Path) -> None:
    draws = 50_000
    command = [sys.executable, "-m", "bargain", "claims", "ukraine/leverage", "--draws", str(draws), "--cache", str(tmp_path), "--format", "json"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 240
        while len(list(tmp_path.glob("*.npz"))) < 2:
            assert running.poll() is None and time.monotonic() < end
            time.sleep(0.02)
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    assert 2 <= len(kept) < 20
    source = Vectorised(leverage.model)
    again = study(leverage.model, draws=draws, cache=tmp_path, flips=False, audit=0, source=source)
    assert all(path.stat().st_mtime_ns == written for path, written in kept.items()) and len(list(tmp_path.glob("*.npz"))) == 20
    assert [f.share for f in again.findings] == [f.share for f in study(leverage.model, draws=draws, flips=False, audit=0, source=source).findings]


def test_models_without_claims_or_priors_are_not_studied() -> None:
    assert studied(leverage.model) and not studied(load("ukraine/burden_core")) and not studied(load("ukraine/grand_composition"))
    with pytest.raises(BadInput, match="power of two"):
        Plan(points=100)
