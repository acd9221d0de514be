"""Claims over the priors: the formulas agree with exact solutions, and shares with the recorded ones."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from bargain import Model
from bargain.claims import Claim
from bargain.cli import main
from bargain.errors import BadInput, NotCertified
from bargain.models.ukraine import (
    abandonment,
    burden,
    commitment,
    enforcement,
    grand_bargain,
    grand_bargain_linked,
    guarantees,
    leverage,
    surge_threat,
    territory,
    territory_or_security,
)
from bargain.sensitivity import study as studies
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.study import study

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"))
SHARES = EXPECTED["monte_carlo"]["results"]
MODELS: dict[str, Model] = {
    "T": territory.model, "G": guarantees.model, "C": commitment.model, "S": surge_threat.model, "A": abandonment.model, "B": burden.model,
    "L": leverage.model, "E": enforcement.model, "X": grand_bargain.model, "X linked": grand_bargain_linked.model, "TG": territory_or_security.model}
SLOW = ("T", "S", "A")  # solved for all parameters in 15 to 25 seconds
FORMULAS: dict[str, Vectorised] = {}


def cases(**counts: int) -> list[Any]:
    """One parameter set per model, with a number of draws if given; those that solve slowly are marked."""
    chosen = counts or dict.fromkeys(MODELS, 0)
    return [pytest.param(*((code, count) if counts else (code,)), id=code, marks=[pytest.mark.slow] if code in SLOW or count > 100 else [])
            for code, count in ((code.replace("_", " "), count) for code, count in chosen.items())]


def formulas(code: str) -> Vectorised:
    """The formulas of a model, found once for all tests."""
    return FORMULAS.setdefault(code, Vectorised(MODELS[code]))


def recorded(code: str) -> Mapping[str, float]:
    """The recorded shares by the name of the claim, but for two claims of the compact, which have a test of their own."""
    if code == "B":
        return {name: value for name, value in SHARES[code]["share"].items() if not name.startswith(("B2 ", "B2b "))}
    if code.startswith("X"):
        version = "rubinstein: " if code == "X linked" else "focal: "
        return {name.removeprefix(version): value for name, value in SHARES["X"]["share"].items() if name.startswith(version)}
    return dict(SHARES[code]["share"])


@pytest.mark.parametrize(("code", "count"), cases(T=6, G=60, C=40, S=20, A=12, B=12, L=30, E=10, X=8, X_linked=8, TG=60))
def test_formulas_agree_with_exact_points_at_random_draws(code: str, count: int) -> None:
    draws = Prior(MODELS[code]).draws(count, seed=8)
    truth = formulas(code).truth(draws)
    points = [MODELS[code].at({symbol: float(column[k]) for symbol, column in draws.items()}) for k in range(count)]
    rows = list(zip(MODELS[code].claims, truth, strict=True))
    assert [(k, claim.name) for k, point in enumerate(points) for claim, row in rows if point.holds(claim) != bool(row[k])] == []


@pytest.mark.parametrize("code", cases())
def test_prior_shares_are_those_on_record(code: str) -> None:
    block = formulas(code).block(Prior(MODELS[code]).draws(10_000, seed=20))
    found = {claim.name: float(row.mean()) for claim, row in zip(MODELS[code].claims, block.truth(MODELS[code].claims), strict=True)}
    tolerance = 0.04 if code.startswith("X") else 0.02
    assert len(recorded(code)) > 4 and {name: share for name, share in recorded(code).items() if abs(found[name] - share) > tolerance} == {}
    assert block.exact <= 5  # formulas reach all but knife edges


def test_the_record_compares_b2_with_a_share_that_is_no_floor_where_effort_is_an_excuse_to_leave() -> None:
    """The record asks whether the European share reaches b*. Where effort makes the United States leave (eta > C) it then walks; we ask whether it leads."""
    m, draws = burden, Prior(burden.model).draws(10_000, seed=20)
    source, half = formulas("B"), sp.Rational(1, 2)
    b_star, slope = (source.values(draws, name) for name in ("b_star", "slope"))
    for claim, rest in (("B2 ", 1), ("B2b ", m.bn_0)):
        share = m.omega * half + (1 - m.omega) * rest
        reaches, leads = source.values(draws, share) >= b_star, source.values(draws, m.leading(share) - m.o_US) >= 0
        (wanted,) = [value for name, value in SHARES["B"]["share"].items() if name.startswith(claim)]
        (ours,) = source.truth(draws, [c for c in m.model.claims if c.name.startswith(claim)])
        assert abs(reaches.mean() - wanted) < 0.02 and (ours == leads).all()
        assert (reaches == leads)[slope > 0].all() and not (reaches == leads)[slope < 0].any()


def test_the_command_gives_every_claim_on_record_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "ukraine", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    wanted = {MODELS[code].name: EXPECTED[code]["claims"] for code in MODELS if code in EXPECTED and code != "TG"}
    wanted[grand_bargain_linked.model.name] = EXPECTED["X"]["claims_rubinstein"]
    assert len(wanted) == 10 and {name: printed[name] for name in wanted} == wanted
    compared = {f"{kind}: {claim}": EXPECTED["TG"][kind.replace(" ", "_")][key] for kind in ("no surge", "surge") for claim, key in (
        ("territory easier", "easier"), ("territorial range exists", "territory_range"), ("security range exists", "security_range"))}
    assert printed[territory_or_security.model.name] == compared


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
        study(odd, draws=10, flips=False, exact=1)


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
    first = study(leverage.model, draws=600, cache=tmp_path, flips=False, audit=0, source=formulas("L"))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    files[1].write_bytes(b"torn")
    computed: list[int] = []
    real = studies._write
    monkeypatch.setattr(studies, "_write", lambda path, *rest: (computed.append(1), real(path, *rest))[1])
    again = study(leverage.model, draws=600, cache=tmp_path, flips=False, audit=0, source=formulas("L"))
    assert computed == [1] and [f.share for f in again.findings] == [f.share for f in first.findings]
    assert study(leverage.model, draws=600, seed=1, cache=tmp_path, flips=False, audit=0, source=formulas("L")).findings[0].share != first.findings[0].share


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
