"""Swings, Sobol indices and cut-offs against the recorded ones and against each other."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain.cli import main
from bargain.models.ukraine import abandonment, commitment, enforcement, leverage, surge_threat, territory
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.flips import searched_flip, thresholds
from bargain.sensitivity.indices import first_order, sobol, tornado
from bargain.sensitivity.points import Vectorised

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"))
QUANTITIES: dict[str, tuple[Any, Any]] = {
    "L.LF_minus_TF": (leverage, leverage.advantage), "C.sigma_min": (commitment, "sigma_min"), "E.ok_bilateral": (enforcement, "ok_bilateral"),
    "T.width": (territory, "width")}
SLOW: dict[str, tuple[Any, Any]] = {"T.x_lim": (territory, "x_lim"), "S.pr_cut": (surge_threat, "pr_cut"), "A.q": (abandonment, "q")}


def check_tornado(key: str, module: Any, quantity: Any) -> None:
    """Base, order and both ends of the widest swings; equal swings may come in either order."""
    found, wanted = tornado(Vectorised(module.model), quantity), EXPECTED["tornado"][key]
    assert found.base == pytest.approx(wanted["base"], abs=1e-9)
    swings = {swing.parameter: swing for swing in found.swings}
    sizes = [swing.size for swing in found.swings[: len(wanted["rows"])]]
    assert sizes == pytest.approx([abs(high - low) for _, low, high in wanted["rows"]], abs=1e-9)
    for name, low, high in wanted["rows"]:
        assert (swings[name].low, swings[name].high) == pytest.approx((low, high), abs=1e-9), name


def check_sobol(key: str, module: Any, quantity: Any, points: int) -> None:
    found = {index.parameter: index for index in sobol(Vectorised(module.model), quantity, points=points)}
    for name, first, total in EXPECTED["sobol"]["first_total"][key]:
        assert abs(found[name].first - first) < 0.05 and abs(found[name].total - total) < 0.05, name


@pytest.mark.parametrize("key", QUANTITIES)
def test_swings_are_those_on_record(key: str) -> None:
    check_tornado(key, *QUANTITIES[key])


@pytest.mark.slow
@pytest.mark.study
@pytest.mark.parametrize("key", SLOW)
def test_swings_of_models_that_solve_slowly_are_those_on_record(key: str) -> None:
    check_tornado(key, *SLOW[key])


def test_sobol_indices_are_those_on_record() -> None:
    check_sobol("L.LF_minus_TF", leverage, leverage.advantage, 4096)


@pytest.mark.slow
@pytest.mark.study
@pytest.mark.parametrize("key", ["T.x_lim", "S.pr_cut"])
def test_sobol_indices_of_models_that_solve_slowly_are_those_on_record(key: str) -> None:
    check_sobol(key, *SLOW[key], 4096 if key.startswith("T") else 2048)


def test_first_order_indices_from_draws_agree_with_those_from_designed_points() -> None:
    prior, source = Prior(leverage.model), Vectorised(leverage.model)
    draws = prior.draws(20_000, seed=4)
    found = first_order(draws, prior.symbols, source.values(draws, leverage.advantage))
    assert all(abs(found[index.parameter] - index.first) < 0.02 for index in sobol(source, leverage.advantage))


def test_cut_offs_are_the_closed_forms() -> None:
    """Leverage first pays up to chi* and up to the longest build-up worth waiting for."""
    model, at = leverage.model, leverage.model.at()
    claims = [claim for claim in model.claims if claim.name.startswith(("L1 ", "L3 "))]
    cuts = {cut.parameter: cut for cut in thresholds(Vectorised(model), claims, at.values, Prior(model))[claims[0].name]}
    assert cuts["chi"].exact and sp.simplify(cuts["chi"].value - at["chi_star"]) == 0 and not cuts["chi"].rises
    assert not cuts["tau"].exact and cuts["tau"].value == pytest.approx(float(at["tau_max"]), abs=1e-8)
    race = {cut.parameter: cut.value for cut in thresholds(Vectorised(model), claims, at.values, Prior(model))[claims[1].name]}
    assert race == pytest.approx({"h_R": 0.15, "kappa": 0.1, "a_R": 0.2, "h_W": 0.2}, abs=1e-6)


def test_a_searched_flip_is_a_flip_and_no_nearer_than_an_exact_one() -> None:
    prior, source = Prior(commitment.model), Vectorised(commitment.model)
    claim = next(claim for claim in commitment.model.claims if claim.name.startswith("C2b"))
    draws = prior.draws(3000, seed=2)
    at = commitment.model.at()
    flip = searched_flip(source, prior, claim, at.values, at.holds(claim), draws, source.truth(draws, [claim])[0])
    assert flip is not None and not flip.exact
    assert commitment.model.at(flip.changes).holds(claim) != at.holds(claim)
    gap = claim.holds.lhs - claim.holds.rhs
    widths = {s: prior.box.intervals[s][1] - prior.box.intervals[s][0] for s in prior.symbols}
    slope = sp.sqrt(sum((sp.diff(gap, s) * width) ** 2 for s, width in widths.items()))
    exact = float(abs(at.evaluate(gap)) / at.evaluate(slope))
    assert exact - 1e-9 <= flip.distance <= 1.5 * exact


def test_the_command_prints_swings_indices_and_cut_offs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "ukraine/leverage", "--quantity", "LF", "--points", "64", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tornado"][0]["Parameter"] == "beta" and len(found["sobol"]) == 14
    assert main(["sensitivity", "ukraine/leverage", "--format", "json"]) == 0
    assert {row["Parameter"] for row in json.loads(capsys.readouterr().out)["thresholds"]} >= {"chi", "tau"}
    assert main(["sensitivity", "ukraine/leverage", "--points", "100"]) == 2


def test_the_command_studies_claims_over_the_priors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "ukraine/leverage", "--draws", "500", "--seed", "3", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["ukraine/leverage"]
    share = found["claims"]["L1 leverage should be generated before negotiating"]
    assert share["draws"] == 500 and share["holds"] and abs(share["share"] - 0.1423) < 5 * share["standard_error"]
    assert np.isfinite(share["nearest_flip"]["distance"])
