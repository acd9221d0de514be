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
    """The recorded shares by the name of the claim."""
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


def test_half_exactly_is_enough_only_where_the_compact_as_drawn_is() -> None:
    """B2 takes the drawn share, or that the US leads already; B2' one half exactly: it implies B2, and B2 fails exactly where the compact cannot work."""
    m, draws = burden, Prior(burden.model).draws(10_000, seed=20)
    truth = dict(zip((claim.name.split()[0] for claim in m.model.claims), formulas("B").truth(draws), strict=True))
    leads = {key: formulas("B").values(draws, m.leading(share) - m.o_US) >= 0 for key, share in (
        ("now", m.share_now), ("B2", m.share_full), ("B2b", m.half_alone))}
    for key in ("B2", "B2b"):
        assert (truth[key] == (leads["now"] | leads[key])).all() and (truth[key] >= truth[key + "'"]).all()
        assert abs((truth[key] != truth[key + "'"]).mean() - 0.05) < 0.01
    assert abs(1 - truth["B2"].mean() - SHARES["B"]["regimes"]["compact cannot work"]) < 0.02


def test_where_effort_makes_the_united_states_leave_a_higher_share_is_not_enough_by_itself() -> None:
    """At eta = 11/10 and v_L = 19/25 the US leads now (11/100 > 1/10) and would walk at a European share of 3/5 (17/200 < 1/10)."""
    claims = {claim.name.split()[0]: claim for claim in burden.model.claims}
    for changes, wanted in (({}, (True, True)), ({"eta": "1.1"}, (False, False)), ({"eta": "1.1", "v_L": "0.76"}, (True, False))):
        at = burden.model.at(changes)
        assert tuple(at.holds(claims[name]) for name in ("B2", "B2'")) == wanted


def test_the_command_gives_every_claim_on_record_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "ukraine", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    wanted = {MODELS[code].name: EXPECTED[code]["claims"] for code in MODELS if code in EXPECTED and code != "TG"}
    wanted[grand_bargain_linked.model.name] = EXPECTED["X"]["claims_rubinstein"]
    assert len(wanted) == 10 and {name: {claim: printed[name][claim] for claim in claims} for name, claims in wanted.items()} == wanted
    assert {claim.split()[0] for name, claims in wanted.items() for claim in printed[name].keys() - claims.keys()} == {"B2'", "B2b'"}  # not on record
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
