"""Nash's solution with variable threats, written as threats against every reply and a lottery over outcomes that a line supports.

The line has positive weights, so that nothing feasible is better for both. Against the threat of one side and any reply of the other, with the disagreement where
these meet, Nash's product at the solution rises towards no outcome that gives the one less: so it never settles for less, whatever the other threatens;
that is enough for pure replies and single outcomes, as the condition is linear in both. If it holds for either side the threats are optimal and the
outcome is the solution for them (Nash 1953, Econometrica 21:128-140). Weights, threats and the lottery are recorded (`bargain.portable.records`). Outcomes
that give more, and replies that give the one more than the solution already, count for nothing: their parts, which are chosen, must be zero.
"""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.findings.strategic import Threats
from bargain.games.matrix import MatrixGame
from bargain.portable.drafting import Shares
from bargain.portable.records import Records
from bargain.portable.stages import Conditions, Staged, bounds, value_of
from bargain.regions.cells import EQ, GT


def variable(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """The outcomes agreed, that none is better, and both threats."""
    assert isinstance(e, Threats)
    records, q, cells = Records(game.players), e.quantities, list(game.payoffs)
    lots, agreed, drawn = _recorded(records, {f"chance of {', '.join(cell)}": e.agreement.get(cell, sp.Integer(0)) for cell in cells})
    mean = {p: sp.Add(*(s * game.payoffs[cell][k] for cell, s in zip(cells, lots, strict=True))) for k, p in enumerate(game.players)}
    records.propose("agreement", records.clerk, drawn, (*agreed, *lottery(lots)), mean, dict(e.payoffs))
    u = {p: sp.Symbol(f"payoff of {p}", real=True) for p in game.players}
    paid = tuple((u[p] - value_of("agreement", p), EQ) for p in game.players)
    numbers: Shares = {str(s): (s, e.payoffs[p]) for p, s in u.items()}
    weights, same, shares = _recorded(records, {f"weight of {p}": q[f"weight of {p}"] for p in game.players})
    better = sp.Add(*(s * sp.Add(*(w * (v - u[p]) for w, v, p in zip(weights, game.payoffs[cell], game.players, strict=True)))
                      for cell, s in zip(cells, lots, strict=True)))
    records.propose("a better agreement", records.clerk, {**shares, **numbers, **drawn}, (*same, *paid, *lottery(lots), *((w, GT) for w in weights)),
                    {records.clerk: better}, {})
    threats = []
    for place, player in enumerate(game.players):
        own = {f"{player} threatens {a}": e.strategies[player][""].get(a, sp.Integer(0)) for a in game.actions[place]}
        threats.append(_recorded(records, own))
        chances, same, shares = threats[-1]
        for reply in game.actions[1 - place]:
            _reply(records, game, place, reply, chances, (*same, *paid, *lottery(chances)), {**shares, **numbers})
    (x, same_x, shares_x), (y, same_y, shares_y) = threats
    for k, player in enumerate(game.players):
        met = sp.Add(*(a * b * game.payoffs[i, j][k] for i, a in zip(game.actions[0], x, strict=True) for j, b in zip(game.actions[1], y, strict=True)))
        records.report(f"disagreement of {player}", met, q[f"disagreement of {player}"], {**shares_x, **shares_y}, (*same_x, *same_y))
    return records.staged("no reply to either threat, and no outcome, makes Nash's product rise towards less", "agreement")


def _reply(records: Records, game: MatrixGame, place: int, reply: str, chances: list[sp.Symbol], inside: Conditions, numbers: Shares) -> None:
    """Against a threat and a reply to it the product rises towards no outcome that is worse for who threatens; the clerk picks parts of outcomes."""
    first, second = (sp.Symbol(f"payoff of {p}", real=True) for p in game.players)
    u = (first, second)
    d = [sp.Add(*(w * game.payoffs[(a, reply) if place == 0 else (reply, a)][i] for a, w in zip(game.actions[place], chances, strict=True))) for i in (0, 1)]
    parts = {cell: sp.Symbol(f"part of {', '.join(cell)}", real=True) for cell in game.payoffs}
    rise = sp.Add(*(s * ((p[0] - u[0]) * (u[1] - d[1]) + (p[1] - u[1]) * (u[0] - d[0])) for s, p in zip(parts.values(), game.payoffs.values(), strict=True)))
    limits = [(s, 1 - s, s * (u[place] - p[place]), s * (u[place] - d[place])) for s, p in zip(parts.values(), game.payoffs.values(), strict=True)]
    counts = bounds(*(limit for own in limits for limit in own))
    records.propose(f"{reply} against {game.players[place]}", records.clerk, {**numbers, **{str(s): (s, sp.Integer(0)) for s in parts.values()}},
                    (*inside, *counts), {records.clerk: rise}, {})


def _recorded(records: Records, numbers: dict[str, sp.Expr]) -> tuple[list[sp.Symbol], Conditions, Shares]:
    """Numbers on record: their symbols, the conditions that proposals are equal to them, and these proposals."""
    shares = {name: (sp.Symbol(name, real=True), value) for name, value in numbers.items()}
    same, told = records.tied(shares)
    return [symbol for symbol, _ in shares.values()], same, told


def lottery(chances: Iterable[sp.Expr]) -> Conditions:
    """That numbers are a lottery."""
    whole = list(chances)
    return (*bounds(*whole), (sp.Add(*whole) - 1, EQ))
