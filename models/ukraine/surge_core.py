"""The surge threat in composite parameters: every regime, for all parameters.

The game of `surge_threat` depends on its 22 parameters only through ten numbers: two beliefs, the net
values of a surge to the two American types, resolved (H) and not (L), the damage to the two Russian types, the loss from acquiescing, the gain when
the United States backs down, the value of a settlement and the audience cost. Stated in these, the complete solution is
found once: where the threat separates, pools or is mixed, where it never works or cannot be refused, and where
making no threat is an equilibrium as well.

Source: a two-sided version of the crisis game of Fearon (1994), American Political Science Review 88(3):577-592.
"""

from typing import Any

from sympy import Expr, Integer, symbols

from bargain import Equilibrium, Game, Model, Notation, Parameter, RegionMap, chance, decision, payoffs
from bargain.solvers import Sequential

mu, theta, n_H, n_L, d_hi, d_lo, loss, b, v, alpha = symbols("mu theta n_H n_L d_hi d_lo loss b v alpha", real=True)

NOTATION = Notation((
    Parameter(mu, "belief that the US is resolved", "prob", "(0, 1)", "2/5", None, "linked to surge threat"),
    Parameter(theta, "belief that Russia is cost-sensitive", "prob", "(0, 1)", "1/2", None, "linked to surge threat"),
    Parameter(n_H, "net value of a surge to a resolved US (H)", "US-stake", "real", "-0.05", None, "linked to surge threat"),
    Parameter(n_L, "net value of a surge to an unresolved US (L)", "US-stake", "real", "-0.35", None, "linked to surge threat"),
    Parameter(d_hi, "damage of a surge to a cost-sensitive Russia", "R-stake", ">0", "0.18", None, "linked to surge threat"),
    Parameter(d_lo, "damage of a surge to a cost-tolerant Russia", "R-stake", ">=0", "0.045", None, "linked to surge threat"),
    Parameter(loss, "Russia's loss from acquiescing", "R-stake", "real", "0.06", None, "linked to surge threat"),
    Parameter(b, "Russian gain if the US backs down", "R-stake", ">0", "0.05", None, "linked to surge threat"),
    Parameter(v, "US value of a settlement", "US-stake", ">0", "0.4", None, "linked to surge threat"),
    Parameter(alpha, "audience cost to the US of backing down", "US-stake", ">0", "0.15", None, "linked to surge threat"),
), (n_L < n_H, d_lo < d_hi))


def crisis(title: str, notation: Notation, *, resolve: Expr, sensitive: Expr, net: dict[str, Expr], damage: dict[str, Expr], give: Expr,
           gain: Expr, value: Expr, audience: Expr) -> Game:
    """Nature draws both types; the US threatens or not; Russia acquiesces or resists; the US surges or backs down."""
    def called(ours: str, theirs: str) -> Any:
        return decision("US", {"surge": payoffs(US=net[ours], R=-damage[theirs]), "back down": payoffs(US=-audience, R=gain)},
                        information_set=f"{ours} resisted")

    def threatened(ours: str, theirs: str) -> Any:
        return decision("R", {"acquiesce": payoffs(US=value, R=-give), "resist": called(ours, theirs)}, information_set=f"{theirs} threatened")

    def start(ours: str, theirs: str) -> Any:
        return decision("US", {"threat": threatened(ours, theirs), "no threat": payoffs(US=Integer(0), R=Integer(0))}, information_set=ours)

    draws = {f"{ours} {theirs}": (p * q, start(ours, theirs)) for ours, p in (("H", resolve), ("L", 1 - resolve))
             for theirs, q in (("sensitive", sensitive), ("tolerant", 1 - sensitive))}
    return Game(title, ("US", "R"), notation, chance(draws))


game = crisis("Surge threat, composite parameters", NOTATION, resolve=mu, sensitive=theta, net={"H": n_H, "L": n_L},
              damage={"sensitive": d_hi, "tolerant": d_lo}, give=loss, gain=b, value=v, audience=alpha)


def cut(e: Equilibrium) -> Expr:
    """The chance that a threat is made and Russia acquiesces."""
    us, russia = e.strategies["US"], e.strategies["R"]
    threat = mu * us["H"]["threat"] + (1 - mu) * us["L"]["threat"]
    return threat * (theta * russia["sensitive threatened"]["acquiesce"] + (1 - theta) * russia["tolerant threatened"]["acquiesce"])


model = Model("ukraine/surge_core", problems={"game": (game, Sequential())},
              exhibits=(RegionMap("Equilibria of the surge threat: beliefs about resolve and about costs", "game", (mu, 0, 1), (theta, 0, 1),
                                  ("chance that Russia cuts its losses", cut, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9))),),
              summary=__doc__ or "")
