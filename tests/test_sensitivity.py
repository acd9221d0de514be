"""Swings, Sobol indices and cut-offs against the recorded ones and against each other."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain.cli import main
from bargain.models.classics import crisis_status_quo
from bargain.models.ukraine import abandonment, burden, commitment, enforcement, guarantees, leverage, surge_threat, territory
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.flips import thresholds
from bargain.sensitivity.indices import first_order, sobol, tornado
from bargain.sensitivity.nearest import affine_flip, searched_flip
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.study import study

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"))
QUANTITIES: dict[str, tuple[Any, Any]] = {
    "T.x_lim": (territory, "x_lim"), "T.width": (territory, "width"), "C.sigma_min": (commitment, "sigma_min"), "S.pr_cut": (surge_threat, "pr_cut"),
    "A.q": (abandonment, "q"), "B.pr_lead": (burden, "pr_lead"), "L.LF_minus_TF": (leverage, leverage.advantage), "E.ok_bilateral": (enforcement, "ok_bilateral")}
SLOW = ("T.x_lim", "S.pr_cut", "A.q")  # the model is solved for all parameters first, in 15 to 25 seconds
ON_A_BORDER = ("S.pr_cut", "G_s")  # at its low end, 0, a resolved US is indifferent between surging and backing down
FORMULAS: dict[str, Vectorised] = {}


def formulas(module: Any) -> Vectorised:
    """The formulas of a model, found once for all tests."""
    return FORMULAS.setdefault(module.__name__, Vectorised(module.model))


def check_tornado(key: str, module: Any, quantity: Any) -> None:
    """Base, both ends of every recorded swing, and their order, in which swings of one size may change places.

    The one swing with an end on a border, where several equilibria exist, has the value of another of them there (proved by a test of its own): its
    other end is compared, and with the recorded end put in, it takes its recorded place among all swings.
    """
    found, wanted = tornado(formulas(module), quantity), EXPECTED["tornado"][key]
    assert found.base == pytest.approx(wanted["base"], abs=1e-9)
    swings = {swing.parameter: swing for swing in found.swings}
    if key == ON_A_BORDER[0]:
        ((low, _),) = [ends for name, *ends in wanted["rows"] if name == ON_A_BORDER[1]]
        assert swings[ON_A_BORDER[1]].low == pytest.approx(found.base, abs=1e-9) != low
        swings[ON_A_BORDER[1]] = replace(swings[ON_A_BORDER[1]], low=low)
    for name, low, high in wanted["rows"]:
        assert (swings[name].low, swings[name].high) == pytest.approx((low, high), abs=1e-9), name
    listed, widest = [name for name, _, _ in wanted["rows"]], sorted((swing.size for swing in swings.values()), reverse=True)
    assert [swings[name].size for name in listed] == pytest.approx(widest[: len(listed)], abs=1e-9)


def check_sobol(key: str, module: Any, quantity: Any, points: int) -> None:
    found = {index.parameter: index for index in sobol(formulas(module), quantity, points=points)}
    for name, first, total in EXPECTED["sobol"]["first_total"][key]:
        assert abs(found[name].first - first) < 0.05 and abs(found[name].total - total) < 0.05, name


def test_every_quantity_on_record_is_checked() -> None:
    assert set(QUANTITIES) == set(EXPECTED["tornado"]) and {"L.LF_minus_TF", "T.x_lim", "S.pr_cut"} == set(EXPECTED["sobol"]["first_total"])


@pytest.mark.parametrize("key", [pytest.param(key, marks=[pytest.mark.slow] if key in SLOW else []) for key in QUANTITIES])
def test_swings_are_those_on_record(key: str) -> None:
    check_tornado(key, *QUANTITIES[key])


def test_on_the_border_of_credibility_the_recorded_value_and_ours_are_both_equilibria() -> None:
    """The record has 0 at G_s = 0, where n_H = -alpha: the threat that works sometimes and no threat are both equilibria there."""
    at = surge_threat.model.at({"G_s": "0"})
    (recorded,) = [low for name, low, _ in EXPECTED["tornado"]["S.pr_cut"]["rows"] if name == "G_s"]
    assert at["n_H"] == -at.values[surge_threat.alpha] and recorded == 0
    threats = [[surge_threat.chances(e)[kind] for kind in ("t_H", "t_L")] for e in at.solution().extreme]
    assert [0, 0] in threats and any(chance != 0 for pair in threats for chance in pair)
    assert at["no_threat_pbe_also"] and float(at["pr_cut"]) == pytest.approx(EXPECTED["tornado"]["S.pr_cut"]["base"], abs=1e-9)
    assert not 0 - 0.2 * 0.75 >= -0.15  # the record follows the same rule, a threat is credible from n_H = -alpha on, in floats


@pytest.mark.parametrize(("key", "points"), [("L.LF_minus_TF", 4096), pytest.param("T.x_lim", 2048, marks=pytest.mark.slow),
                                             pytest.param("S.pr_cut", 2048, marks=pytest.mark.slow)])
def test_sobol_indices_are_those_on_record(key: str, points: int) -> None:
    check_sobol(key, *QUANTITIES[key], points)


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


@pytest.mark.parametrize(("module", "number"), [(commitment, 1), (commitment, 2), (guarantees, 7)])
def test_a_searched_flip_is_a_flip_and_hardly_farther_than_the_exact_one(module: Any, number: int) -> None:
    model, at = module.model, module.model.at()
    prior, source, claim = Prior(model), formulas(module), model.claims[number]
    draws = prior.draws(1000, seed=2)
    cuts = thresholds(source, [claim], at.values, prior)[claim.name]
    flip, exact = searched_flip(source, prior, claim, at.values, at.holds(claim), draws, source.truth(draws, [claim])[0], cuts), affine_flip(prior, claim, at.values)
    assert flip is not None and exact is not None and exact.exact and not flip.exact
    assert model.at(flip.changes).holds(claim) != at.holds(claim)
    assert exact.distance - 1e-9 <= flip.distance <= 1.002 * exact.distance


@pytest.mark.parametrize("module", [burden, leverage, crisis_status_quo])
def test_no_nearest_flip_is_farther_than_a_cut_off_in_one_parameter(module: Any) -> None:
    model = module.model
    prior, at, cuts = Prior(model), model.at(), thresholds(formulas(module), model.claims, model.at().values, Prior(model))
    far = {}
    for finding in study(model, draws=300, audit=0, source=formulas(module), cuts=cuts).findings:
        for cut in cuts[finding.claim.name]:
            symbol = model.notation[cut.parameter].symbol
            low, high = prior.box.intervals[symbol]
            if finding.flip is None or finding.flip.distance > abs(float((cut.value - at.values[symbol]) / (high - low))) + 1e-8:
                far[finding.claim.name, cut.parameter] = finding.flip
        if finding.flip is not None and not finding.flip.exact and not {symbol.name for symbol in prior.ties} & set(finding.flip.changes):
            assert model.at(finding.flip.changes).holds(finding.claim) != finding.holds, finding.claim.name
    assert far == {} and sum(map(len, cuts.values())) > 2


def test_an_equation_of_numbers_has_no_cut_off_where_a_point_is_solved_exactly() -> None:
    """Where the status quo is p + c_B two equilibria are alike; the grid of cut-offs meets that border, and the claim, an equation, holds there too."""
    m = crisis_status_quo
    columns = {row.symbol: np.full(2, float(row.baseline)) for row in m.model.notation} | {m.q: np.array([0.5, 0.7])}
    block = formulas(m).block(columns)
    assert block.truth(m.model.claims[:1]).tolist() == [[1, 1]] and block.exact == 1


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


def test_labelled_ends_have_the_outcomes_of_exact_solutions():
    from bargain.models.classics import deterrence
    from bargain.sensitivity.points import Vectorised

    source = Vectorised(deterrence.model)
    columns = {row.symbol: np.array([float(row.baseline), float(row.baseline)]) for row in deterrence.game.notation}
    columns[deterrence.w_C] = np.array([0.3, -0.9])
    block = source.block(columns)
    assert [point.equilibrium().outcome for point in block] == [block.point(k).equilibrium().outcome for k in (0, 1)] == ["W", "SQ"]


def test_a_claim_that_cannot_be_evaluated_is_refused_where_it_is_declared():
    from bargain import Claim, InvalidModel

    with pytest.raises(InvalidModel, match="claim kept"):
        Claim("kept", "a sentence")


def test_a_prior_that_ends_where_its_domain_is_open_leaves_that_end_out():
    from bargain.models.classics import battlefield_learning as m

    prior = Prior(m.model)
    columns = {row.symbol: np.full(3, float(row.baseline)) for row in m.model.notation}
    columns[m.k] = np.array([0.0, 0.2, 0.4])
    assert prior.admissible(columns).tolist() == [False, True, False]
