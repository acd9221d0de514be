"""Records beside the baselines: first drafts of the calibration, the exchange of land for security, single changes that replace the compact, and links."""

import json
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from bargain.claims import Claim
from bargain.models.ukraine import abandonment, burden, commitment, enforcement, grand_bargain, guarantees, leverage, surge_threat, territory
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.flips import thresholds
from bargain.sensitivity.points import Vectorised

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"), parse_float=str)
HISTORY = EXPECTED["calibration_history"]


def same(found: Any, recorded: Any) -> bool:
    """Equality with a record of twelve digits."""
    if isinstance(recorded, list):
        return len(found) == len(recorded) and all(map(same, found, recorded))
    if isinstance(recorded, bool) or recorded is None or isinstance(found, str):
        return bool(found == recorded)
    return abs(float(found) - float(recorded)) <= 1e-9 * max(1, abs(float(recorded)))


@pytest.mark.parametrize(("draft", "module"), [("L_first_draft", leverage), ("E_no_temptation_cut", enforcement)])
def test_the_first_drafts_give_the_recorded_quantities(draft: str, module: Any) -> None:
    at = module.model.at(HISTORY[draft]["params"])
    assert HISTORY[draft]["expected"] and {name: str(at[name]) for name, value in HISTORY[draft]["expected"].items() if not same(at[name], value)} == {}


def test_every_arrangement_asks_for_the_recorded_territory_and_keeps_the_peace_or_not() -> None:
    assert {row["arr"]: row["sig"] for row in EXPECTED["C_curve_sigma"]} == {name: value if value != "0" else 0 for name, value in commitment.STRENGTHS.items()}
    for row in EXPECTED["C_curve_sigma"]:
        at = commitment.model.at({"sig": row["sig"]})
        assert same(at["xmin"], row["xmin"]) and at["peace_now"] is row["peace"], row["arr"]


def test_one_change_at_a_time_that_makes_the_us_settle_without_a_compact_is_the_recorded_one() -> None:
    """The instruments of the grand tree: shares, values and costs do it, image and spill-over never."""
    record, model = EXPECTED["X_instruments"], grand_bargain.model
    claim = Claim("a settlement that holds without a compact", lambda at: grand_bargain.holds(grand_bargain.path(at, "NoCompact")))
    wide = dict.fromkeys(record, ("0", "1")) | {"b_0": ("0.05", "0.6"), "v_US": ("0.3", "0.9"), "C_eff": ("0.5", "1.5")}
    fixed = {row.name: row.baseline for row in model.notation if row.name not in wide}  # type: ignore[union-attr]
    found = thresholds(Vectorised(model), [claim], model.at().values, Prior(model, {**fixed, **wide}))[claim.name]
    cuts = {cut.parameter: cut.value for cut in found}
    assert not model.at().holds(claim) and set(cuts) == {name for name, value in record.items() if value is not None}
    assert {name: value for name, value in cuts.items() if abs(value - float(record[name])) > 1e-6} == {}


def at(module: Any, expression: Any) -> sp.Expr:
    """An expression of a model at its baseline."""
    return module.model.at().evaluate(expression)


def test_what_one_model_takes_from_another_has_its_value_there() -> None:
    t, g, c, s, a, b, e, x = territory, guarantees, commitment, surge_threat, abandonment, burden, enforcement, grand_bargain.X
    grand = grand_bargain
    fighting_R, fighting_U = at(t, -t.c_R + t.g / t.r_R), at(t, -t.c_U - t.g / t.r_U)
    assert fighting_R == at(g, g.F_R) == at(s, s.F_R) == at(e, e.w_R) == at(grand, x["F_R"]) and fighting_U == at(g, g.F_U) == at(e, e.w_U) == at(grand, x["F_U"])
    assert [at(t, p) for p in (t.c_U, t.c_R, t.r_U, t.r_R, t.w)] == [at(c, p) for p in (c.c_U, c.c_R, c.r_U, c.r_R, c.xbar)]
    assert at(grand, x["d"]) == at(s, s.d_hi) and at(s, s.d_lo) == sp.Rational("0.045") and at(s, s.ell) == at(g, g.e["P"])
    assert [at(e, p) for p in (e.sig_0, e.sig_k, e.sig_acc)] == [at(g, g.sigma[j]) for j in "BPW"] == [sp.Rational(c.STRENGTHS[j]) for j in "BPW"]
    assert at(e, e.e_acc) == at(g, g.e["W"] - g.f) and at(g, g.p) == at(c, c.p1 + c.Delta_p / 2) == at(e, e.p) == at(grand, x["p"])
    assert at(leverage, leverage.chi) == at(s, s.mu) and at(grand, x["m_PK"]) == at(e, e.m_pk / (e.r_E + e.acc))
    assert at(grand, x["Lam"]) == at(a, a.spill_over * a.mu_A) and at(grand, x["A_r"]) == at(a, a.image)
    assert [at(grand, x[name]) for name in ("v_US", "C_eff", "eta", "b_0", "b_1")] == [at(b, p) for p in (b.v_L, b.C_tot, b.eta, b.share_now, b.share_full)]
