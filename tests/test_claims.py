"""Claims over the priors: the formulas agree with exact solutions, and shares with the recorded ones."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import Model
from bargain.claims import Claim
from bargain.errors import BadInput, NotCertified
from bargain.models.ukraine import abandonment, commitment, enforcement, grand_bargain, guarantees, leverage, surge_threat, territory, territory_or_security
from bargain.sensitivity import study as studies
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.study import study

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"))
SHARES = EXPECTED["monte_carlo"]["results"]
QUICK: dict[str, Model] = {"G": guarantees.model, "C": commitment.model, "L": leverage.model, "X": grand_bargain.model, "TG": territory_or_security.model}
SLOW: dict[str, Model] = {"T": territory.model, "S": surge_threat.model, "A": abandonment.model, "E": enforcement.model}


def recorded(code: str) -> Mapping[str, float]:
    """The recorded shares by the name of the claim (those of the focal line, for the grand tree)."""
    return {name.removeprefix("focal: "): value for name, value in SHARES[code]["share"].items() if not name.startswith("rubinstein")}


def disagreements(model: Model, count: int, *, seed: int) -> list[tuple[int, str]]:
    """Claims on which the exact point and the formulas differ, by draw."""
    draws = Prior(model).draws(count, seed=seed)
    truth = Vectorised(model).truth(draws)
    points = [model.at({symbol: float(column[k]) for symbol, column in draws.items()}) for k in range(count)]
    return [(k, claim.name) for k, point in enumerate(points) for claim, row in zip(model.claims, truth, strict=True) if point.holds(claim) != bool(row[k])]


def shares(model: Model, count: int, **options: Any) -> dict[str, float]:
    """Shares of draws."""
    draws = Prior(model).draws(count, seed=20)
    truth = Vectorised(model).truth(draws, **options)
    return {claim.name: float(np.nanmean(row)) for claim, row in zip(model.claims, truth, strict=True)}


@pytest.mark.parametrize("code", [code for code in QUICK if code != "X"])
def test_formulas_agree_with_exact_points_at_a_hundred_random_draws(code: str) -> None:
    assert disagreements(QUICK[code], 100, seed=7) == []


@pytest.mark.parametrize("code", QUICK)
def test_prior_shares_are_those_on_record(code: str) -> None:
    found = shares(QUICK[code], 10_000)
    tolerance = 0.04 if code == "X" else 0.02
    assert {name: share for name, share in recorded(code).items() if abs(found[name] - share) > tolerance} == {}


@pytest.mark.slow
@pytest.mark.study
@pytest.mark.parametrize(("code", "count"), [("T", 25), ("S", 100), ("A", 100), ("E", 100), ("X", 25)])
def test_formulas_agree_with_exact_points_in_models_that_solve_slowly(code: str, count: int) -> None:
    assert disagreements({**QUICK, **SLOW}[code], count, seed=8) == []


@pytest.mark.slow
@pytest.mark.study
@pytest.mark.parametrize("code", SLOW)
def test_prior_shares_of_models_that_solve_slowly_are_those_on_record(code: str) -> None:
    found = shares(SLOW[code], 10_000)
    assert {name: share for name, share in recorded(code).items() if abs(found[name] - share) > 0.02} == {}


@pytest.mark.parametrize("changes", [{}, territory_or_security.SURGE])
def test_the_comparison_of_territory_and_security_gives_the_recorded_numbers(changes: dict[Any, str]) -> None:
    none = {symbol: "0" for symbol in territory_or_security.SURGE}
    at = territory_or_security.model.at(changes or none)
    for name, value in EXPECTED["TG"]["surge" if changes else "no_surge"].items():
        assert at[name] == value if isinstance(value, bool) else abs(float(at[name]) - value) < 1e-9, name


def test_a_claim_that_the_formulas_get_wrong_is_refused() -> None:
    """The audit solves the first draws exactly: a claim that can tell floats from exact numbers is caught."""
    model = leverage.model
    odd = Model(model.name, model.problems, claims=(Claim("is exact", lambda at: isinstance(at.values[leverage.tau], sp.Expr)),))
    with pytest.raises(NotCertified, match="disagrees"):
        study(odd, draws=10, flips=False)


def test_the_share_of_an_affine_claim_is_exact_and_agrees_with_the_draws() -> None:
    found = {finding.claim.name[:2]: finding for finding in study(territory_like(), draws=4000, flips=True, audit=1).findings}
    lam = found["T5"]
    assert lam.exact is not None and lam.exact.value == sp.Rational(1, 2) and abs(float(lam.share) - 0.5) < 4 * lam.share.error
    assert lam.flip is not None and lam.flip.exact and lam.flip.changes == {"lam_U": sp.Rational(1, 25), "lam_R": sp.Rational(1, 25)}
    assert lam.flip.distance == pytest.approx((0.1**2 + 0.1**2) ** 0.5)
    assert {name for name, _ in lam.decisive[:2]} == {"lam_U", "lam_R"}


def territory_like() -> Model:
    """The territory model with the claims that are relations."""
    model = territory.model
    return Model(model.name, model.problems, claims=tuple(c for c in model.claims if isinstance(c.holds, sp.Basic)))


def test_a_study_resumes_from_its_finished_chunks_and_ignores_a_damaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "_CHUNK", 200)
    first = study(leverage.model, draws=600, cache=tmp_path, flips=False, audit=0)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    files[1].write_bytes(b"torn")
    computed: list[int] = []
    real = studies._write
    monkeypatch.setattr(studies, "_write", lambda path, *rest: (computed.append(1), real(path, *rest))[1])
    again = study(leverage.model, draws=600, cache=tmp_path, flips=False, audit=0)
    assert computed == [1] and [f.share for f in again.findings] == [f.share for f in first.findings]
    assert study(leverage.model, draws=600, seed=1, cache=tmp_path, flips=False, audit=0).findings[0].share != first.findings[0].share


def test_a_claim_beyond_the_budget_of_exact_solutions_is_judged_on_fewer_draws() -> None:
    shift = commitment.model.problems["shift"]
    only = Model("built from a solution", {"shift": shift, "again": (lambda at: shift[0] if at.solution("shift") else None, shift[1])},
                 claims=(Claim("solved", lambda at: bool(at.solution("again").extreme)),))
    found = study(only, draws=50, exact=7, flips=False, audit=0).findings[0]
    assert found.share.points == 7


def test_draws_satisfy_orders_and_ties() -> None:
    draws = Prior(guarantees.model).draws(500, seed=3)
    assert (draws[guarantees.alpha["P"]] == draws[guarantees.alpha["B"]]).all() and (draws[guarantees.q] <= draws[guarantees.p]).all()
    assert (draws[guarantees.e["B"]] <= draws[guarantees.e["P"]]).all()
    with pytest.raises(BadInput, match="hardly any draw"):
        Prior(guarantees.model, {"q": ("0.6", "0.7"), "p": ("0.1", "0.2")}).draws(5)
