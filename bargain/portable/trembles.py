"""Perfect and proper equilibria of two players' matrices, written as a play of the matrix and of trembles.

Perfect (Selten 1975, International Journal of Game Theory 4:25-55): the auditor plays trembles of either player, which the auditor may do only with positive
chances for all actions, and the other player meets them with the strategy of the equilibrium, which has to be a best reply to them too. So it is
a best reply to (1 - epsilon) times the strategy plus epsilon times the trembles, for every epsilon from 0 to 1: profiles with full support that tend to it.
Proper (Myerson 1978, ibid. 7:73-80): an inspector proposes any epsilon up to a bound, and the auditor answers with a weight for every action, a polynomial in
epsilon, and their sums. Allowed are positive weights which, divided by their sums, are within epsilon over a constant of the strategies, such that an
action that earns less than another against them has at most epsilon times its weight. The bound and the constant are chances, which the auditor chooses.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Chance, Decision
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Conditions, Proposal, Staged, value_of
from bargain.regions.cells import EQ, GE, GT, LE

EPSILON = sp.Symbol("epsilon", positive=True)
_SMALLEST = 40  # halvings of the bound on epsilon, and of the constant


def perfect(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """The matrix, and for either player the other's trembles."""
    draft = Draft(game.players)
    worth, conditions = draft.cells(game), list[tuple[sp.Expr, int]]()
    draft.play(game, worth, e)
    for k, player in enumerate(game.players):
        other, names = game.players[1 - k], game.actions[1 - k]
        tremble = draft.chances(draft.auditor, f"trembles of {other}", {a: e.beliefs[player].get(a, sp.Integer(0)) for a in names})
        conditions += [(symbol, GT) for symbol in tremble.values()]

        def met(own: str, k: int = k, player: str = player, tremble: Mapping[str, sp.Symbol] = tremble) -> Chance:
            return Chance(tuple((b, weight, draft.end({player: worth[(own, b) if k == 0 else (b, own)][player]})) for b, weight in tremble.items()))

        paid = {b: sp.Add(*(e.strategies[player][""].get(a, sp.Integer(0)) * game.payoffs[(a, b) if k == 0 else (b, a)][k] for a in game.actions[k])) for b in names}
        value = sp.cancel(sp.Add(*(e.beliefs[player].get(b, sp.Integer(0)) * paid[b] for b in names)))
        draft.add(f"{player} against trembles", Decision(player, tuple((a, met(a)) for a in game.actions[k]), "play"), {player: value}, measure=2)
    draft.audit("support", tuple(conditions), None, {p: value_of("play", p) for p in game.players}, e.payoffs, measure=3)
    return draft.staged("the matrix; each strategy is also a best reply to trembles of the other with full support", "support")


def proper(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """The matrix, and for every small epsilon weights in the order of what actions earn."""
    draft = Draft(game.players)
    worth = draft.cells(game)
    chance = draft.play(game, worth, e)
    weights, sums = zip(*(_polynomials(e.trembles[p], names) for p, names in zip(game.players, game.actions, strict=True)), strict=True)
    known = {own[p]: paid for cell, own in worth.items() for p, paid in zip(game.players, game.payoffs[cell], strict=True)}
    known.update({symbol: e.strategies[p][""].get(a, sp.Integer(0)) for p, lottery in zip(game.players, chance, strict=True) for a, symbol in lottery.items()})
    book: dict[str, tuple[sp.Symbol, sp.Expr]] = {}

    def share(name: str, value: sp.Expr) -> sp.Symbol:
        book[name] = (sp.Symbol(name, real=True), value)
        known[book[name][0]] = value
        return book[name][0]

    weight = [{a: share(f"weight of {p}'s {a}", own[a]) for a in own} for p, own in zip(game.players, weights, strict=True)]
    total = [share(f"sum of {p}", value) for p, value in zip(game.players, sums, strict=True)]
    slack, order, exact = [], [], []
    for k, player in enumerate(game.players):
        exact.append((sp.Add(*weight[k].values()) - total[k], EQ))
        slack += [(weight[k][a] - chance[k][a] * total[k], total[k]) for a in game.actions[k]]
        earned = {a: sp.Add(*(w * worth[(a, b) if k == 0 else (b, a)][player] for b, w in weight[1 - k].items())) for a in game.actions[k]}
        for a in game.actions[k]:
            for b in game.actions[k]:
                if a != b:
                    gap = share(f"gap of {player}'s {b} over {a}", sp.expand((earned[b] - earned[a]).xreplace(known)))
                    late = share(f"lateness of {player}'s {a} after {b}", sp.expand((weight[k][a] - EPSILON * weight[k][b]).xreplace(known)))
                    exact += [(gap - earned[b] + earned[a], EQ), (late - weight[k][a] + EPSILON * weight[k][b], EQ)]
                    order.append((gap, late))
    conditions: list[tuple[sp.Expr, int]] = [*exact, *((w, GT) for own in weight for w in own.values())]
    cut = _bound([w for own in weights for w in own.values()], [(known[gap], known[late]) for gap, late in order])
    rate = _rate([(sp.expand(gap.xreplace(known)), known[whole]) for gap, whole in slack], cut)
    least = draft.chances(draft.auditor, "bound of epsilon", {"bound": cut, "rest": 1 - cut})["bound"]
    near = draft.chances(draft.auditor, "constant", {"constant": rate, "rest": 1 - rate})["constant"]
    conditions += [(near, GT), *((EPSILON * whole + side * near * gap, GE) for gap, whole in slack for side in (1, -1))]
    conditions += [(sp.Min(gap, late), LE) for gap, late in order]
    orders(draft, tuple(conditions), book, least, cut)
    draft.add("start", draft.end({p: value_of("play", p) for p in game.players}), e.payoffs, measure=3)
    return draft.staged("the matrix; for every small epsilon there are weights in the order of what actions earn, that tend to the strategies", "start")


def orders(draft: Draft, conditions: Conditions, shares: Mapping[str, tuple[sp.Symbol, sp.Expr]], least: sp.Symbol, cut: sp.Expr) -> None:
    """The inspector's proposal of epsilon and the auditor's answer."""
    inner = Proposal(draft.auditor, {name: symbol for name, (symbol, _) in shares.items()}, conditions, draft.end({}))
    outer = Proposal(draft.inspector, {"epsilon": EPSILON}, ((EPSILON, GT), (least - EPSILON, GE)), inner)
    draft.add("orders", outer, {}, {(draft.inspector, "orders"): {"epsilon": cut}, (draft.auditor, "orders/answer"): {n: v for n, (_, v) in shares.items()}})
    draft.values["orders/answer"] = draft.paid({})


def _polynomials(trembles: Mapping[str, sp.Expr], names: tuple[str, ...]) -> tuple[dict[str, sp.Expr], sp.Expr]:
    """Positive weights in proportion to ratios that sum to one, as polynomials in epsilon, and their sum."""
    parts = {a: sp.fraction(sp.cancel(sp.together(trembles[a]))) for a in names}
    whole = sp.Poly(1, EPSILON)
    for _, bottom in parts.values():
        whole = sp.lcm(whole, sp.Poly(bottom, EPSILON))
    sign = sp.sign(sp.Poly(whole, EPSILON).EC())
    found = {a: sp.expand(sign * top * sp.div(whole, sp.Poly(bottom, EPSILON))[0].as_expr()) for a, (top, bottom) in parts.items()}
    return found, sp.expand(sign * whole.as_expr())


def holds(value: sp.Expr, cut: sp.Rational, *, strictly: bool) -> bool:
    """Whether a polynomial in epsilon is positive (or not negative) for all epsilon above zero up to a bound."""
    poly = sp.Poly(value, EPSILON)
    if poly.is_zero:
        return not strictly
    while poly.eval(0) == 0:
        poly = sp.Poly(sp.div(poly, sp.Poly(EPSILON, EPSILON))[0], EPSILON)
    return bool(poly.eval(cut) > 0 and poly.eval(0) > 0 and poly.count_roots(0, cut) == 0)


def _bound(positive: list[sp.Expr], order: list[tuple[sp.Expr, sp.Expr]]) -> sp.Rational:
    """Up to which epsilon weights are positive and in order."""
    for power in range(1, _SMALLEST):
        cut = sp.Rational(1, 2**power)
        if all(holds(w, cut, strictly=True) for w in positive) and all(any(holds(-part, cut, strictly=False) for part in pair) for pair in order):
            return cut
    raise NotApplicable("no portable certificate: the trembles are in order for minute epsilon only", place="certificate", remedy=REMEDY)


def _rate(slack: list[tuple[sp.Expr, sp.Expr]], cut: sp.Rational) -> sp.Rational:
    """The constant with which weights lie within epsilon of the strategies."""
    for power in range(1, _SMALLEST):
        rate = sp.Rational(1, 2**power)
        if all(holds(EPSILON * whole + side * rate * gap, cut, strictly=False) for gap, whole in slack for side in (1, -1)):
            return rate
    raise NotApplicable("no portable certificate: the trembles tend to the strategies too slowly", place="certificate", remedy=REMEDY)
