"""Two-sided private information: optimal mechanisms, double auctions; published values, a grid search, refutations, refusals."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import BadInput, BestMechanism, DoubleAuction, InvalidModel, LinearBids, NashBargaining, NotApplicable, PrivateInformation, solve
from bargain.certify import certify
from bargain.cli import main
from bargain.loading import load
from bargain.models.classics import double_auction, mediation

R = sp.Rational
HALVES = {"low": "1/2", "high": "1/2"}


def trade(size: int) -> PrivateInformation:
    return PrivateInformation.trade("Trade", double_auction.grid(size), double_auction.grid(size))


def test_data_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="sum to 1"):
        PrivateInformation.war("Bad", ("A", "B"), {"low": "1/2"}, HALVES, lambda a, b: (0, 0))
    with pytest.raises(InvalidModel, match="every pair"):
        replace(mediation.dispute, conflict={("strong", "strong"): (0, 0)})
    with pytest.raises(InvalidModel, match="in \\[0, 1\\]"):
        DoubleAuction("Bad", 2)
    with pytest.raises(BadInput):
        BestMechanism("luck")
    for problem, solver in ((mediation.dispute, LinearBids()), (DoubleAuction("Talks"), BestMechanism()), (mediation.dispute, NashBargaining())):
        with pytest.raises(NotApplicable):
            solve(problem, solver)


def test_the_best_arbitrator_keeps_the_peace_as_often_as_published() -> None:                       # MD1.1
    found = solve(mediation.dispute, BestMechanism()).extreme[0]
    assert found.quantities["chance of agreement"] == R(896, 1025)
    best, parts = 0.0, np.linspace(0, 1, 81)
    q, left, wins = 0.2, 0.7, 0.9                        # symmetric mechanisms: peace with chances hh, hl, ll; the strong gets b against the weak
    for hl in parts:
        for hh in parts:
            b = np.linspace(0.5, 1, 401)
            strong = q * (hh * 0.5 + (1 - hh) * left / 2) + (1 - q) * (hl * b + (1 - hl) * left * wins)
            takes_part = strong >= q * left / 2 + (1 - q) * left * wins - 1e-12
            ll = parts[:, None]
            weak = q * (hl * (1 - b) + (1 - hl) * left * (1 - wins)) + (1 - q) * (ll * 0.5 + (1 - ll) * left / 2)
            lies = q * (hh * 0.5 + (1 - hh) * left * (1 - wins)) + (1 - q) * (hl * b + (1 - hl) * left / 2)
            good = takes_part & (weak >= lies - 1e-12) & (weak >= q * left * (1 - wins) + (1 - q) * left / 2 - 1e-12)
            if good.any():
                best = max(best, q * q * hh + 2 * q * (1 - q) * hl + (1 - q) ** 2 * float((ll * good).max()))
    assert 896 / 1025 - 0.03 < best < 896 / 1025 + 1e-9


@pytest.mark.parametrize(("strongest", "always"), [("39/100", True), ("2/5", True), ("41/100", False)])
def test_peace_can_always_be_kept_iff_the_strongest_types_fit_into_the_pie(strongest: str, always: bool) -> None:   # FR1.1
    assert (solve(mediation.private(strongest), BestMechanism()).outcomes == ("always agreement",)) == always


def test_the_linear_equilibrium_of_the_double_auction() -> None:                                     # CS1.1, CS1.2, MS1.1
    found = solve(DoubleAuction("Talks"), LinearBids()).extreme[0]
    assert found.quantities["buyer's bid at 0"] + found.quantities["buyer's slope"] * R(3, 4) == R(7, 12)
    assert (found.quantities["seller's ask at 0"], found.quantities["seller's slope"]) == (R(1, 4), R(2, 3))
    assert (found.quantities["expected gains"], found.quantities["chance of trade"]) == (R(9, 64), R(9, 32))
    assert found.quantities["subsidy for efficient trade"] == R(1, 6)
    draws = np.random.default_rng(5).random((2, 400_000))                                            # another route: the bids played
    for split in (R(0), R(1, 3), R(1)):
        e = solve(DoubleAuction("Talks", split), LinearBids()).extreme[0]
        q = {name: float(value) for name, value in e.quantities.items()}
        bids, asks = q["buyer's bid at 0"] + q["buyer's slope"] * draws[0], q["seller's ask at 0"] + q["seller's slope"] * draws[1]
        deal, price = bids >= asks, float(split) * bids + (1 - float(split)) * asks
        assert np.isclose(deal.mean(), q["chance of trade"], atol=0.004)
        assert np.isclose((deal * (draws[0] - price)).mean(), float(e.payoffs["buyer"]), atol=0.002)
        assert np.isclose((deal * (price - draws[1])).mean(), float(e.payoffs["seller"]), atol=0.002)


def test_the_second_best_on_grids_comes_down_to_the_auction() -> None:                               # MS1.2
    values = [solve(trade(size), BestMechanism("gains")).extreme[0].quantities["expected gains"] for size in (4, 8)]
    assert values == [R(5, 32), R(49, 320)] and values[0] > values[1] > R(9, 64)


@pytest.mark.slow
def test_the_second_best_on_sixteen_types_is_nearer_still() -> None:                                 # MS1.2
    value = solve(trade(16), BestMechanism("gains")).extreme[0].quantities["expected gains"]
    assert round(float(value), 5) == 0.14811


@pytest.mark.parametrize(("name", "holding"), [("mediation", [False, True, True]), ("double_auction", [False, True]), ("car_emissions", [True, True, False]),
                                               ("kursk_swap", [True] * 5)])
def test_the_shipped_models_hold_what_they_claim_and_print_in_every_format(name: str, holding: list[bool], capsys: pytest.CaptureFixture[str]) -> None:
    assert [holds for _, holds in load(f"classics/{name}").at().claims()] == holding
    for style in ("text", "json", "latex", "html", "csv"):
        assert main(["solve", f"classics/{name}", "--format", style]) in (0, 1)      # 1: certified, but the list is not proved complete
        printed = capsys.readouterr().out
        assert printed and (style != "json" or json.loads(printed))


@pytest.mark.parametrize(("problem", "solver"), [(mediation.dispute, BestMechanism()), (trade(3), BestMechanism("gains"))], ids=["dispute", "trade"])
def test_wrong_mechanisms_are_refuted(problem: Any, solver: Any) -> None:
    solution = solve(problem, solver)
    found = solution.extreme[0]
    for field in ("agreement", "transfer", "prices", "quantities", "payoffs"):
        for name, value in getattr(found, field).items():
            for gap in (R(1, 50), -R(1, 50)):
                wrong = replace(found, **{field: {**getattr(found, field), name: value + gap}})
                assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted, (field, name)


def test_wrong_bids_are_refuted() -> None:
    solution = solve(DoubleAuction("Talks", R(1, 3)), LinearBids())
    found = solution.extreme[0]
    for name in found.quantities:
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] + R(1, 40)})
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted, name
