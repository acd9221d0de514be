"""The surge threat and abandonment as games, against the recorded numbers; refinements of signalling equilibria."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random
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


def abandoned() -> Solution:
    if "abandoned" not in SOLVED:
        SOLVED["abandoned"] = solve(abandonment_core.game, Sequential())
    return SOLVED["abandoned"]


def sold_out(regime: Any) -> sp.Expr:
    return regime.equilibria[0].strategies["US"]["flexible"]["sell out"]


@pytest.mark.slow
def test_abandonment_stays_sells_out_or_mixes_for_all_parameters() -> None:
    """Where every observer attacks now and then the regions are those of models.md; the cover is proved with the corners included."""
    m, solution = abandonment_core, abandoned()
    assert solution.status is Status.PROVED and solution.certificate.passed and "unsolved" not in solution.stats
    gamma, space = m.h_N * m.w_N + m.h_X * m.w_X, Space(m.NOTATION)
    interior = Cell.of(m.w_N < m.g_N, m.w_X < m.g_X)
    for sells, expected in ((0, Cell.of(gamma * m.mu >= m.need)), (1, Cell.of(gamma <= m.need)), (None, Cell.of(gamma * m.mu < m.need, gamma > m.need))):
        found = [r.cell for r in solution.regimes if (None if sold_out(r).free_symbols else sold_out(r)) == sells and space.feasible(r.cell & interior).answer]
        assert len(found) == 1 and space.implies(found[0] & interior, expected).answer and space.implies(expected & interior, found[0]).answer
    at = point("A")
    inside = {symbol: at.evaluate(expression) for symbol, expression in abandonment.composites.items()}
    (here,) = [r.equilibria[0] for r in solution.regimes if space.contains(inside, r.cell)]
    assert isinstance(here, Equilibrium) and Evaluator(inside)(here.strategies["US"]["flexible"]["sell out"]) == at["q"]


@pytest.mark.slow
def test_abandonment_has_one_equilibrium_and_it_solves_the_monotone_equation_at_random_points() -> None:
    """What staying saves with belief x is sum h_j (max(0, g_j) - max(0, g_j - x w_j)); it rises in x, and x rises from mu to 1 in the share of sell-outs."""
    m, draw, seen = abandonment_core, Random(20261123), set()
    space = Space(m.NOTATION)
    for _ in range(400):
        at = {m.mu: sp.Rational(draw.randint(1, 98), 99), m.need: sp.Rational(draw.randint(-40, 120), 201)}
        for g, w, h in ((m.g_N, m.w_N, m.h_N), (m.g_X, m.w_X, m.h_X)):
            at |= {g: sp.Rational(draw.randint(-60, 198), 199), w: sp.Rational(draw.randint(1, 200), 197), h: sp.Rational(draw.randint(1, 200), 193)}

        def saved(x: Any, at: Any = at) -> Any:
            return sum(at[h] * (max(0, at[g]) - max(0, at[g] - x * at[w])) for g, w, h in ((m.g_N, m.w_N, m.h_N), (m.g_X, m.w_X, m.h_X)))

        (regime,) = [r for r in abandoned().regimes if space.contains(at, r.cell)]
        q = Evaluator(at)(sold_out(regime))
        belief = at[m.mu] / (at[m.mu] + (1 - at[m.mu]) * (1 - q))
        assert saved(belief) == at[m.need] if 0 < q < 1 else saved(at[m.mu]) >= at[m.need] if q == 0 else saved(1) <= at[m.need]
        seen.add((q == 0, q == 1, at[m.g_N] > belief * at[m.w_N], at[m.g_X] > belief * at[m.w_X]))
    assert len(seen) == 11  # staying, selling out or mixing, times who still attacks a United States that stayed; mixing needs somebody who does


def core() -> Solution:
    if "core" not in SOLVED:
        SOLVED["core"] = solve(surge_core.game, Sequential())
    return SOLVED["core"]


M = surge_core
NET_H, NET_L = (M.theta * M.v + (1 - M.theta) * n for n in (M.n_H, M.n_L))  # what a threat earns a type that surges, if the sensitive alone yield
NEED_HI, NEED_LO = (M.mu * (M.b + d) - M.b - M.loss for d in (M.d_hi, M.d_lo))  # at least 0: this type yields to a threat that H alone carries out
SURE, BLUFF, IDLE = (M.n_L >= -M.alpha,), (M.n_H >= -M.alpha, M.n_L <= -M.alpha), (M.n_H <= -M.alpha,)  # both types, H alone, nobody surges when resisted
STAR = M.theta * (M.v + M.alpha) - M.alpha  # at least 0: a bluff breaks even against a sensitive Russia that yields
CELLS = [  # every family: regime of models.md, threat by H and L, acquiescence by both Russian types, surge by H and L (None: mixed), its exact region
    ("terms acceptable anyway", (1, 1), (1, 1), (0, 0), Cell.of(*IDLE, M.b + M.loss <= 0)),
    ("never works", (0, 0), (0, 0), (0, 0), Cell.of(*IDLE, M.b + M.loss >= 0)),
    ("never works", (0, 0), (0, 0), (1, 1), Cell.of(*SURE, M.d_hi <= M.loss, M.n_H <= 0)),
    ("never works", (0, 0), (0, 0), (1, 0), Cell.of(*BLUFF, M.b + M.loss >= 0, M.n_H <= 0)),  # wherever H would lose by surging: disbelief deters it
    ("surge as policy", (1, 1), (0, 0), (1, 1), Cell.of(M.n_L >= 0, M.d_hi <= M.loss)),
    ("surge as policy", (1, 0), (0, 0), (1, 1), Cell.of(*SURE, M.n_H >= 0, M.n_L <= 0, M.d_hi <= M.loss)),
    ("surge as policy", (1, 0), (0, 0), (1, 0), Cell.of(M.n_L <= -M.alpha, M.n_H >= 0, M.d_hi <= M.loss)),
    ("offer cannot be refused", (1, 1), (1, 1), (1, 1), Cell.of(*SURE, M.d_lo >= M.loss)),
    ("always credible", (1, 1), (1, 0), (1, 1), Cell.of(*SURE, M.d_lo <= M.loss, M.d_hi >= M.loss, NET_L >= 0)),
    ("always credible, only H threatens", (1, 0), (1, 0), (1, 1), Cell.of(*SURE, M.d_lo <= M.loss, M.d_hi >= M.loss, NET_L <= 0, NET_H >= 0)),
    ("no threat", (0, 0), (1, 0), (1, 1), Cell.of(*SURE, M.d_lo <= M.loss, M.d_hi >= M.loss, NET_H <= 0)),
    ("no threat", (0, 0), (1, 0), (1, 0), Cell.of(*BLUFF, M.b + M.loss >= 0, M.d_hi >= M.loss, NET_H <= 0)),
    ("pooling", (1, 1), (1, 0), (1, 0), Cell.of(*BLUFF, NEED_HI >= 0, NEED_LO <= 0, STAR >= 0)),
    ("pooling", (1, 1), (1, 1), (1, 0), Cell.of(*BLUFF, NEED_LO >= 0)),
    ("separating", (1, 0), (1, 0), (1, 0), Cell.of(M.n_L <= -M.alpha, M.d_lo <= M.loss, M.d_hi >= M.loss, STAR <= 0, NET_H >= 0)),
    ("semi-separating", (1, None), (None, 0), (1, 0), Cell.of(*BLUFF, M.d_hi > M.loss, NEED_HI < 0, STAR > 0)),
    ("semi-separating, tolerant type mixes", (1, None), (1, None), (1, 0), Cell.of(*BLUFF, M.d_lo > M.loss, NEED_LO < 0, STAR < 0)),
    ("no threat", (0, 0), (None, 0), (1, 0), Cell.of(*BLUFF, M.b + M.loss >= 0, M.d_hi >= M.loss, M.n_H < 0)),
    ("no threat", (0, 0), (1, None), (1, 0), Cell.of(*BLUFF, M.b + M.loss >= 0, M.d_lo >= M.loss, NET_H < 0)),
]


def chances(regime: Any) -> dict[str, sp.Expr]:
    return surge_threat.chances(regime.equilibria[0])


def shape(regime: Any) -> tuple[tuple[int | None, ...], ...]:
    """Who threatens, who yields, who surges; None where a type mixes."""
    c = chances(regime)
    return tuple(tuple(int(c[k]) if c[k] in (0, 1) else None for k in keys) for keys in (("t_H", "t_L"), ("a_hi", "a_lo"), ("s_H", "s_L")))


@pytest.mark.slow
@pytest.mark.parametrize("row", range(len(CELLS)), ids=[f"{k} {row[0]}" for k, row in enumerate(CELLS)])
def test_the_surge_threat_has_its_regimes_with_exact_regions(row: int) -> None:
    _, *expected, cell = CELLS[row]
    space = Space(surge_core.NOTATION)
    (found,) = [r for r in core().regimes if shape(r) == tuple(expected)]
    assert len(found.condition.cells) == 1 and space.implies(found.cell, cell).answer and space.implies(cell, found.cell).answer


@pytest.mark.slow
def test_the_surge_threat_has_no_other_regimes() -> None:
    assert core().status is Status.PROVED and "unsolved" not in core().stats  # the cover is proved, nothing is left open
    assert sorted(map(str, map(shape, core().regimes))) == sorted(str(tuple(row[1:4])) for row in CELLS)


def by_the_table(x: dict[str, Fraction]) -> tuple[str, Fraction]:
    """The decision table of the model's description: regime and chance that Russia cuts its losses."""
    mu, theta, b, loss, alpha = x["mu"], x["theta"], x["b"], x["loss"], x["alpha"]
    star = alpha / (x["v"] + alpha)
    beta, beta_lo = (b + loss) / (b + x["d_hi"]), (b + loss) / (b + x["d_lo"])

    def yields(belief: Fraction) -> Fraction:
        return Fraction(0) if belief < beta else theta if belief < beta_lo else Fraction(1)

    def earned(n: Fraction) -> Fraction:
        return yields(Fraction(1)) * x["v"] + (1 - yields(Fraction(1))) * n

    if b + loss <= 0:
        return "terms acceptable anyway", Fraction(1)
    if x["n_H"] < -alpha or (yields(Fraction(1)) == 0 and x["n_H"] < 0):
        return "never works", Fraction(0)
    if yields(Fraction(1)) == 0:
        return "surge as policy", Fraction(0)
    if x["n_L"] >= -alpha and x["d_lo"] >= loss:
        return "offer cannot be refused", Fraction(1)
    if x["n_L"] >= -alpha:
        if earned(x["n_H"]) < 0:
            return "no threat", Fraction(0)
        return ("always credible", theta) if earned(x["n_L"]) >= 0 else ("always credible, only H threatens", mu * theta)
    if yields(mu) > star:
        return "pooling", yields(mu)
    if yields(Fraction(1)) <= star:
        return ("separating", mu * yields(Fraction(1))) if earned(x["n_H"]) >= 0 else ("no threat", Fraction(0))
    if mu < beta and theta > star:
        return "semi-separating", mu / beta * star
    return "semi-separating, tolerant type mixes", mu / beta_lo * star


@pytest.mark.slow
def test_the_decision_table_of_the_description_holds_at_random_points() -> None:
    """One of the equilibria found at each point has the regime and the chance of the table; every row of it occurs."""
    draw, space, seen = Random(20261123), Space(surge_core.NOTATION), dict[str, int]()
    named = {str(tuple(row[1:4])): row[0] for row in CELLS}
    for _ in range(500):
        x = {s.name: Fraction(draw.randint(1, 199), 200) for s in surge_core.NOTATION.symbols}
        x |= {"n_H": Fraction(draw.randint(-99, 99), 150), "loss": Fraction(draw.randint(-99, 149), 300)}
        x |= {"n_L": x["n_H"] - Fraction(draw.randint(1, 150), 301), "d_lo": x["d_hi"] * Fraction(draw.randint(1, 98), 99)}
        at = {s: sp.Rational(x[s.name].numerator, x[s.name].denominator) for s in surge_core.NOTATION.symbols}
        regime, chance = by_the_table(x)
        found = set()
        for r in core().regimes:
            if space.contains(at, r.cell):
                c = {k: Evaluator(at)(v) if not v.free_symbols - set(at) else None for k, v in chances(r).items()}
                threat, rest = at[M.mu] * c["t_H"], (1 - at[M.mu]) * c["t_L"]
                yielding = 0 if threat + rest == 0 else at[M.theta] * c["a_hi"] + (1 - at[M.theta]) * c["a_lo"]
                label = "terms acceptable anyway" if x["b"] + x["loss"] <= 0 else named[str(shape(r))]  # the table asks this first
                found.add((label, (threat + rest) * yielding))
        assert (regime, sp.Rational(chance.numerator, chance.denominator)) in found, (x, regime, found)
        seen[regime] = seen.get(regime, 0) + 1
    assert set(seen) == {row[0] for row in CELLS}


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
