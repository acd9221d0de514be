"""The surge threat and abandonment as games, against the recorded numbers; refinements of signalling equilibria."""

import json
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from test_sequential import beer_quiche, pure

from bargain import D1, Equilibrium, IntuitiveCriterion, Model, Parameter, Sequential, Status, SubgamePerfect, UniversalDivinity, solve
from bargain.claims import Point
from bargain.errors import NotApplicable
from bargain.expressions import Evaluator
from bargain.models.classics import deterrence
from bargain.models.ukraine import abandonment, abandonment_core, surge_core, surge_threat
from bargain.regions import Cell, Space
from bargain.solution import Solution

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"), parse_float=str)
MODELS: dict[str, Model] = {"S": surge_threat.model, "A": abandonment.model}
SOLVED: dict[Any, Any] = {}


def point(name: str, **changes: Any) -> Point:
    """A model at the recorded parameters, some changed; each point is solved once."""
    key = name, *sorted(changes.items())
    if key not in SOLVED:
        SOLVED[key] = MODELS[name].at({**EXPECTED[name]["params"], **changes})
    return SOLVED[key]


def same(found: Any, recorded: Any) -> bool:
    if isinstance(recorded, bool) or isinstance(found, str):
        return bool(found == recorded)
    return abs(float(found) - float(recorded)) <= 1e-9 * max(1, abs(float(recorded)))


@pytest.mark.parametrize("name", MODELS)
def test_every_recorded_quantity_and_claim_is_reproduced_by_the_certified_game(name: str) -> None:
    at = point(name)
    wrong = {key: (at[key], value) for key, value in EXPECTED[name]["expected"].items() if not same(at[key], value)}
    assert not wrong and {claim.name: holds for claim, holds in at.claims()} == EXPECTED[name]["claims"]
    assert at.solution().status is Status.CERTIFIED and at.solution().certificate.passed


def test_the_first_draft_of_the_surge_calibration_pools() -> None:
    draft = EXPECTED["calibration_history"]["S_first_draft"]
    at = surge_threat.model.at(draft["params"])
    assert all(same(at[key], value) for key, value in draft["expected"].items())


@pytest.mark.slow
@pytest.mark.parametrize(("record", "parameter"), [("S_curve_T", "T"), ("S_curve_alpha", "alpha")])
def test_the_tables_over_the_length_and_the_audience_cost_are_reproduced(record: str, parameter: str) -> None:
    for row in EXPECTED[record]:
        at = point("S", **{parameter: row[parameter]})
        assert all(same(at[key], value) for key, value in row.items() if key != parameter), row


@pytest.mark.parametrize(("changes", "found"), [
    ({"ell": "0.01", "f": "0.08"}, "terms acceptable anyway"),
    ({"alpha": "0.5", "D_lo": "0.2"}, "offer cannot be refused"),
    ({"alpha": "0.8", "G_s": "0", "k_L": "0.9", "theta0": "0.6"}, "always credible, only H threatens"),
    ({"theta0": "0.2"}, "separating"),
    ({"theta0": "0.25", "D_lo": "0.2", "lam_H": "0.5"}, "semi-separating, tolerant type mixes"),
    ({"theta0": "0.05", "k_H": "0.3"}, "no threat"),
    ({"mu0": "0.8"}, "pooling"),
])
def test_every_other_regime_of_the_surge_threat_occurs(changes: dict[str, str], found: str) -> None:
    assert point("S", **changes)["regime"] == found


@pytest.mark.parametrize(("changes", "regime"), [({"rho_X": "0.6"}, "stay"), ({"rho_X": "0", "rho_N": "0.3"}, "sell out"), ({}, "mixed")])
def test_abandonment_stays_sells_out_or_mixes_and_one_equilibrium_exists(changes: dict[str, str], regime: str) -> None:
    at = point("A", **changes)
    assert at["regime"] == regime and len(at.solution().extreme) == 1


def test_attack_chances_at_zero_are_found_where_the_closed_form_no_longer_applies() -> None:
    """With Taiwan well defended its chance of attack is zero after staying; q then solves a steeper equation."""
    at = point("A", b_X="0.3", s0_X="0.8", D_X="0.6", rho_X="0.6", a_pc="0.2", H_X="1.5")
    assert at["att_stay_X"] == 0 and not at["interior"] and at["regime"] == "mixed"
    need = sum(at.values[abandonment.H[j]] * at[f"embolden_{j}"] for j in ("N", "X"))
    assert need == at["need"]  # in the mixed regime the spill-over supplies exactly what is needed


@pytest.mark.slow
def test_abandonment_has_three_regimes_for_all_parameters() -> None:
    solution = solve(abandonment_core.game, Sequential())
    assert solution.status is Status.PROVED and solution.certificate.passed
    m = abandonment_core
    gamma = m.h_N * m.w_N + m.h_X * m.w_X
    assert {regime.condition.cells for regime in solution.regimes} == {
        (Cell.of(gamma * m.mu >= m.need),), (Cell.of(gamma <= m.need),), (Cell.of(gamma * m.mu < m.need, gamma > m.need),)}
    at = point("A")
    inside = {symbol: at.evaluate(expression) for symbol, expression in abandonment.composites.items()}
    (here,) = [r.equilibria[0] for r in solution.regimes if Space(m.NOTATION).contains(inside, r.cell)]
    assert isinstance(here, Equilibrium) and Evaluator(inside)(here.strategies["US"]["flexible"]["sell out"]) == at["q"]


def core() -> Solution:
    if "core" not in SOLVED:
        SOLVED["core"] = solve(surge_core.game, Sequential())
    return SOLVED["core"]


CELLS = {  # a member of every regime of models.md: threat by H and L, acquiescence by both Russian types, its exact region
    "offer cannot be refused": ((1, 1), (1, 1), Cell.of(surge_core.n_L >= -surge_core.alpha, surge_core.d_lo >= surge_core.loss)),
    "always credible": ((1, 1), (1, 0), Cell.of(surge_core.n_L >= -surge_core.alpha, surge_core.d_lo <= surge_core.loss, surge_core.d_hi >= surge_core.loss,
                                              surge_core.theta * surge_core.v + (1 - surge_core.theta) * surge_core.n_L >= 0)),
    "separating": ((1, 0), (1, 0), Cell.of(surge_core.n_L <= -surge_core.alpha, surge_core.d_lo <= surge_core.loss, surge_core.d_hi >= surge_core.loss,
                                          surge_core.theta * (surge_core.v + surge_core.alpha) <= surge_core.alpha,
                                          surge_core.theta * surge_core.v + (1 - surge_core.theta) * surge_core.n_H >= 0)),
    "surge as policy": ((1, 1), (0, 0), Cell.of(surge_core.n_L >= 0, surge_core.d_hi <= surge_core.loss)),
    "pooling": ((1, 1), (1, 0), Cell.of(surge_core.n_H >= -surge_core.alpha, surge_core.n_L <= -surge_core.alpha,
                                       surge_core.mu * (surge_core.b + surge_core.d_hi) >= surge_core.b + surge_core.loss,
                                       surge_core.mu * (surge_core.b + surge_core.d_lo) <= surge_core.b + surge_core.loss,
                                       surge_core.theta * (surge_core.v + surge_core.alpha) >= surge_core.alpha)),
    "never works": ((0, 0), None, Cell.of(surge_core.n_H <= -surge_core.alpha, surge_core.b + surge_core.loss >= 0)),
    "terms acceptable anyway": ((1, 1), (1, 1), Cell.of(surge_core.n_H <= -surge_core.alpha, surge_core.b + surge_core.loss <= 0)),
}


def chances(regime: Any) -> dict[str, sp.Expr]:
    return surge_threat.chances(regime.equilibria[0])


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_the_surge_threat_has_its_regimes_with_exact_regions(name: str) -> None:
    threat, yields, expected = CELLS[name]
    space = Space(surge_core.NOTATION)
    found = [r.cell for r in core().regimes if (chances(r)["t_H"], chances(r)["t_L"]) == threat
             and (yields is None or (chances(r)["a_hi"], chances(r)["a_lo"]) == yields)]
    assert any(space.implies(cell, expected).answer and space.implies(expected, cell).answer for cell in found)


@pytest.mark.slow
def test_the_semi_separating_regimes_of_the_surge_threat_are_the_published_formulas() -> None:
    """Beliefs beta*, theta*, the bluff t and the mixture a of models.md, on their exact regions; the cover is proved."""
    m = surge_core
    assert core().status is Status.PROVED and core().certificate.passed and core().overlapping
    star = m.alpha / (m.v + m.alpha)
    for damage, mixing, sure in ((m.d_hi, "a_hi", None), (m.d_lo, "a_lo", "a_hi")):
        (regime,) = [r for r in core().regimes if chances(r)["t_H"] == 1 and chances(r)["t_L"].free_symbols and chances(r)[mixing].free_symbols]
        beta, c = (m.b + m.loss) / (m.b + damage), chances(regime)
        assert sp.simplify(c["t_L"] - m.mu * (1 - beta) / ((1 - m.mu) * beta)) == 0
        assert sp.simplify(c[mixing] - (star / m.theta if sure is None else (star - m.theta) / (1 - m.theta))) == 0
        expected = Cell.of(m.n_H >= -m.alpha, m.n_L <= -m.alpha, m.loss < damage, m.mu * (m.b + damage) < m.b + m.loss,
                           m.theta > star if sure is None else m.theta < star)
        space = Space(m.NOTATION)
        assert space.implies(regime.cell, expected).answer and space.implies(expected, regime.cell).answer


@pytest.mark.slow
def test_the_core_and_the_full_game_agree_at_the_records() -> None:
    space = Space(surge_core.NOTATION)
    for row in EXPECTED["S_curve_T"]:
        at = point("S", T=row["T"])
        inside = {symbol: at.evaluate(e) for symbol, e in surge_threat.composites.items()}
        if any(space.contains(inside, cell) for cell in core().boundary):
            continue
        here = [r.equilibria[0].at(Evaluator(inside)) for r in core().regimes if any(space.contains(inside, cell) for cell in r.condition)]
        full = [surge_threat.chances(e) for e in at.solution().extreme]
        assert sorted(map(str, map(surge_threat.chances, here))) == sorted(map(str, full))


# Refinements

CRITERIA = (IntuitiveCriterion(), D1(), UniversalDivinity())


def test_pooling_on_beer_survives_every_criterion_and_pooling_on_quiche_none() -> None:
    game = beer_quiche(sp.Rational(9, 10))
    for e in solve(game, Sequential()).extreme:
        verdicts = [criterion.judge(game, e) for criterion in CRITERIA]
        assert [v.survives for v in verdicts] == [pure(e)["strong"] == "beer"] * 3
        assert all(v.reasons[0].startswith("quiche" if pure(e)["strong"] == "beer" else "beer: weak is ruled out") for v in verdicts)


def test_quiche_falls_for_every_share_of_strong_types() -> None:
    p = sp.Symbol("p", real=True)
    game = beer_quiche(p, (Parameter(p, "share of strong types", domain="(0, 1)"),))
    for regime in solve(game, Sequential()).regimes:
        e = regime.equilibria[0]
        assert isinstance(e, Equilibrium)
        verdicts = {criterion.judge(game, e, regime.condition).survives for criterion in CRITERIA}
        assert verdicts == {pure(e)["strong"] == "beer"}


def test_making_no_threat_is_an_equilibrium_beside_the_reported_one_and_fails_d1() -> None:
    at = point("S")
    solution = at.solution()
    quiet = [e for e in solution.extreme if surge_threat.chances(e)["t_H"] == 0]
    assert at["no_threat_pbe_also"] and len(quiet) == 2 and len(solution.extreme) == 3
    for e in quiet:
        assert D1().judge(solution.problem, e).survives is False and UniversalDivinity().judge(solution.problem, e).survives is False
        assert IntuitiveCriterion().judge(solution.problem, e).survives is True
    assert all(criterion.judge(solution.problem, surge_threat.reported(at)).survives for criterion in CRITERIA)


def test_games_without_types_have_no_signalling_refinement() -> None:
    (e,) = solve(deterrence.game, SubgamePerfect(), at=deterrence.NOTATION.baseline).extreme
    with pytest.raises(NotApplicable, match="one sender"):
        D1().judge(deterrence.game.at(deterrence.NOTATION.baseline), e)
