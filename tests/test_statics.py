"""Comparative statics: proved signs agree with finite differences; borders are the hypersurfaces where neighbours meet."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import (
    BadInput,
    Cell,
    Game,
    Nash,
    Notation,
    Parameter,
    Sign,
    Solution,
    Space,
    SubgamePerfect,
    comparative_statics,
    decision,
    latex,
    payoffs,
    solve,
)
from bargain.analysis.borders import borders
from bargain.analysis.signs import sign_on, smooth_pieces
from bargain.analysis.statics import ComparativeStatics
from bargain.models.classics import crisis_status_quo, deterrence, surge, trip_wire, two_by_two
from bargain.tables import to_html, to_text

MODELS: dict[str, Any] = {"deterrence": deterrence, "surge": surge, "trip-wire": trip_wire, "crisis": crisis_status_quo}
x, y = sp.symbols("x y", real=True)
PLANE = Space(Notation((Parameter(x, "free", domain="[-1, 2]"), Parameter(y, "free", domain=">=0"))))


@cache
def solved(name: str) -> Solution:
    return solve(MODELS[name].game, SubgamePerfect())


@cache
def found(name: str) -> ComparativeStatics:
    return comparative_statics(solved(name))


@pytest.mark.parametrize(("expression", "cell", "sign"), [
    (y + 1, Cell(), "+"), (y, Cell(), ">= 0"), (y, Cell.of(y > x, x >= 0), "+"), (-y * (y + 1), Cell(), "<= 0"), (x, Cell(), "changes sign"),
    (x - y, Cell.of(sp.Eq(x, y)), "0"), (1 / (x - 2), Cell(), "-"), (1 / (x - 2) ** 2, Cell(), "+"), (x / (y - 1), Cell.of(x > 0), "changes sign"),
    (y / x, Cell.of(x > 0), ">= 0"), (sp.exp(x), Cell(), "+"), (1 - sp.exp(-y), Cell(), ">= 0"), (x, Cell.of(x > 3), "not defined"),
])
def test_signs_say_what_holds_on_the_whole_region_and_no_more(expression: sp.Expr, cell: Cell, sign: str) -> None:
    assert sign_on(PLANE, expression, cell).value == sign


def test_a_sign_that_the_decider_cannot_settle_is_not_decided() -> None:
    assert sign_on(PLANE, sp.exp(x) - 1 - x - x**2 / 2, Cell.of(x > 0)) is Sign.NOT_DECIDED


def test_kinks_are_split_into_smooth_pieces() -> None:
    pieces = dict(smooth_pieces(sp.Max(x, y) + sp.Abs(x)))
    assert set(pieces.values()) == {2 * x, sp.Integer(0), x + y, y - x} and len(pieces) == 4


def test_derivatives_of_payoffs_with_kinks() -> None:
    k = sp.Symbol("k", real=True)
    game = Game("Kink", ("A",), Notation((Parameter(k, "free", domain="[0, 2]", baseline=1),)), decision("A", only=payoffs(A=sp.Max(k, 1) - sp.Max(2 * k - 3, 0))))
    statics = comparative_statics(solve(game, SubgamePerfect()))
    assert statics.sign(0, "u_A", "k") is Sign.CHANGES
    rising = Game("Kink", ("A",), game.notation, decision("A", only=payoffs(A=sp.Max(k, 1))))
    assert comparative_statics(solve(rising, SubgamePerfect())).sign(0, "u_A", "k") is Sign.WEAKLY_POSITIVE


def test_without_free_parameters_or_with_an_unknown_measure_it_refuses() -> None:
    with pytest.raises(BadInput, match="no parameter is free"):
        comparative_statics(solved("deterrence").at())
    with pytest.raises(BadInput, match="measures there: u_C, u_D"):
        found("deterrence").sign(0, "u_X", "a")


def test_the_signs_of_the_deterrence_game_are_those_of_the_textbook() -> None:
    moving = {(d.regime, str(d.measure), str(d.parameter)): d.sign.value for d in found("deterrence").derivatives if d.sign is not Sign.ZERO}
    assert moving == {(1, "u_C", "g"): "+", (1, "u_D", "l"): "-", (3, "u_C", "w_C"): "+", (3, "u_D", "w_D"): "+"}


def test_a_player_mixes_by_the_payoffs_of_the_other() -> None:
    m = two_by_two
    statics = comparative_statics(solve(m.matrix, Nash()), parameters=["a_UL", "a_DR", "b_UL", "b_DR"], across=False)
    mixed = next(d for d in statics.derivatives if str(d.measure) == "Pr(R: up)" and d.value != 0)
    signs = {str(p): statics.sign(mixed.regime, "Pr(R: up)", p, equilibrium=mixed.equilibrium).value for p in statics.parameters}
    cell = statics.solution.regimes[mixed.regime].cell
    matching = Space(m.NOTATION).implies(cell, Cell.of(m.e < m.f)).answer  # C prefers right against up
    assert signs == {"a_UL": "0", "a_DR": "0", "b_UL": "+" if matching else "-", "b_DR": "-" if matching else "+"}


def test_zero_at_the_edge_of_the_domain_makes_a_sign_weak() -> None:
    statics, fighting = found("trip-wire"), 2
    assert solved("trip-wire").regimes[fighting].equilibria[0].outcome == "attack/{able/fight | unable}"
    assert statics.sign(fighting, "u_C", "q") is Sign.NEGATIVE and statics.sign(fighting, "u_C", "L") is Sign.WEAKLY_NEGATIVE  # q may be 0


@pytest.mark.parametrize("name", MODELS)
def test_proved_signs_agree_with_finite_differences(name: str) -> None:
    notation, draw = MODELS[name].NOTATION, np.random.default_rng(3)
    values = {p.name: draw.uniform(*map(float, p.prior or {"real": (-2, 1)}.get(str(p.domain), ("0.1", 2))), 4000) for p in notation}
    compiled = solved(name).compile()
    base, checked = compiled(values), 0
    for derivative in found(name).derivatives:
        if derivative.measure.kind != "payoff" or derivative.equilibrium:
            continue
        parameter = derivative.parameter.name
        moved = compiled({**values, parameter: np.minimum(values[parameter] + 1e-4, 1 if str(notation[parameter].domain) == "[0, 1]" else np.inf)})
        same = (base.regime == derivative.regime) & (moved.regime == derivative.regime) & (moved.columns[derivative.parameter] > values[parameter])
        change = (moved.payoffs[derivative.measure.player] - base.payoffs[derivative.measure.player])[same]
        allowed = {"+": change > 0, "-": change < 0, "0": abs(change) < 1e-12, ">= 0": change >= -1e-12, "<= 0": change <= 1e-12}
        assert allowed.get(derivative.sign.value, np.array(True)).all(), derivative
        checked += int(same.sum() > 0)
    assert checked >= 2 * len(notation.symbols)


def test_the_borders_of_the_deterrence_game_are_five_and_regimes_i_and_iv_do_not_meet() -> None:
    met = {(border.below, border.above): border.surface for border in borders(solved("deterrence"))}
    bluff, yielding, war = deterrence.a + deterrence.w_C, deterrence.l + deterrence.w_D, deterrence.w_C
    assert met == {(0, 1): bluff, (0, 2): bluff, (1, 2): yielding, (1, 3): yielding, (2, 3): war}


@pytest.mark.parametrize("name", MODELS)
def test_around_a_border_lie_its_two_regimes_and_payoffs_jump_as_stated(name: str) -> None:
    solution, statics = solved(name), found(name)
    space, compiled = Space(MODELS[name].NOTATION), solution.compile()
    for border in statics.borders:
        point = next(verdict.witness for cell in border.where if (verdict := space.feasible(cell)).witness)
        rising, sign = next((s, sign) for s, sign in border.crossing.items() if sign in (Sign.POSITIVE, Sign.NEGATIVE) and _room(space, point, s))
        step = sp.Rational(1, 10**7) * (1 if sign is Sign.POSITIVE else -1)
        low, high = (compiled({**point, rising: point[rising] + k * step}) for k in (-1, 1))
        assert (int(low.regime), int(high.regime)) == (border.below, border.above)
        for jump in statics.jumps:
            if jump.border is border and jump.measure.kind == "payoff":
                change = float(high.payoffs[jump.measure.player] - low.payoffs[jump.measure.player])
                assert {"+": change > 0, "-": change < 0, "0": abs(change) < 1e-5}.get(jump.sign.value, True), (border, jump)
                assert jump.as_rises(rising) in (jump.sign if sign is Sign.POSITIVE else jump.sign * Sign.NEGATIVE,)


def _room(space: Space, point: Any, symbol: sp.Symbol) -> bool:
    """Whether the parameter can move both ways from the point."""
    step = sp.Rational(1, 10**6)
    return all(space.contains({**point, symbol: point[symbol] + k * step}) for k in (-1, 1))


def test_on_a_stratum_parameters_tied_by_its_equation_have_no_derivative() -> None:
    solution = solve(deterrence.game, SubgamePerfect(exact=True))
    statics = comparative_statics(solution, across=False)
    edge = next(n for n, regime in enumerate(solution.regimes) if regime.cell.has_equality and regime.cell.symbols == {deterrence.w_C, deterrence.l, deterrence.w_D})
    assert statics.sign(edge, "u_C", "w_C") is Sign.UNDEFINED and statics.sign(edge, "u_C", "g") is Sign.ZERO and statics.borders == ()


def test_a_regime_at_the_end_of_a_domain_is_a_stratum_without_borders() -> None:
    solution = solve(crisis_status_quo.game, SubgamePerfect(exact=True))
    statics = comparative_statics(solution)
    edge = next(n for n, regime in enumerate(solution.regimes) if len(regime.equilibria) == 2 and not regime.cell.has_equality)  # q >= 1
    assert statics.sign(edge, "u_A", "q") is Sign.UNDEFINED and statics.sign(edge, "u_A", "c_A") is Sign.ZERO
    assert not any(edge in (border.below, border.above) for border in statics.borders)


def test_where_several_equilibria_coexist_a_jump_is_not_defined() -> None:
    statics = comparative_statics(solve(crisis_status_quo.ultimatum, SubgamePerfect(exact=True)))
    assert {jump.sign for jump in statics.jumps} == {Sign.UNDEFINED}


@pytest.mark.parametrize("name", MODELS)
def test_both_tables_print_in_every_format(name: str) -> None:
    statics = found(name)
    for table in (statics.table(), statics.jump_table()):
        assert to_text(table) and to_html(table).count("<tr>") > len(table.rows) and latex(table, standalone=True).count(r"\\") > len(table.rows)
    assert str(statics) and statics.to_latex() == found(name).to_latex() and statics._repr_html_()
