"""Abandonment in composite parameters: stay, mix or sell out, for all parameters.

The game of `abandonment` depends on eight numbers: the prior that the United States is
tough, what a sell-out pays before attacks, the temptation to attack a flexible United States in each theatre, how far toughness
lowers it, and what an attack costs. Staying is worth more the more a flexible United States sells out, so it stays, mixes or sells out,
and each observer attacks now and then or never, after it stayed or at all. No observer is sure to attack: a temptation stays below 1.

Source: reputation after Kreps and Wilson (1982), Journal of Economic Theory 27:253-279; private costs after Harsanyi (1973),
International Journal of Game Theory 2:1-23.
"""

from typing import Any

from sympy import Expr, Integer, symbols

from bargain import DisturbedGame, Game, Model, Notation, Parameter, UniformCost, chance, decision, payoffs
from bargain.solvers import Sequential

THEATRES = {"N": "other neighbours", "X": "Taiwan"}
HISTORIES = ("stay", "sell out")

mu, need, g_N, g_X, w_N, w_X, h_N, h_X = symbols("mu need g_N g_X w_N w_X h_N h_X", real=True)
NOTATION = Notation((
    Parameter(mu, "prior that the US is tough", "prob", "(0, 1)", "1/2"),
    Parameter(need, "gain from a sell-out before attacks: what reputation has to supply", "US-stake", "real", "0.18122"),
    Parameter(g_N, "temptation to attack a neighbour of a flexible US", "prob", "(-1, 1)", "0.428"),
    Parameter(g_X, "temptation to attack Taiwan under a flexible US", "prob", "(-1, 1)", "0.175"),
    Parameter(w_N, "how far a tough US lowers it, neighbours", "prob", ">0", "0.42"),
    Parameter(w_X, "how far a tough US lowers it, Taiwan", "prob", ">0", "0.125"),
    Parameter(h_N, "US loss if a neighbour is attacked", "US-stake", ">0", "0.3"),
    Parameter(h_X, "US loss if Taiwan is attacked", "US-stake", ">0", 1),
))


def reputation(title: str, notation: Notation, *, tough: Expr, sell: Expr, stay: Expr, loss: dict[str, Expr], tempted: dict[tuple[str, str], Expr]) -> DisturbedGame:
    """The game with what an attack on j is worth to its author, before his private cost, against each type: ``tempted[j, type]``."""
    def observed(kind: str, moved: str, paid: Expr) -> Any:
        def end(attacked: tuple[str, ...]) -> Any:
            worth = {j: tempted[j, kind] if j in attacked else Integer(0) for j in THEATRES}
            return payoffs({"US": paid - sum((loss[j] for j in attacked), Integer(0)), **worth})

        def move(j: str, attacked: tuple[str, ...]) -> Any:
            after = {"attack": (*attacked, j), "hold": attacked}
            return decision(j, {m: move("X", done) if j == "N" else end(done) for m, done in after.items()}, information_set=f"{j} after {moved}")

        return move("N", ())

    root = chance({"tough": (tough, observed("tough", "stay", stay)),
                   "flexible": (1 - tough, decision("US", {"stay": observed("flexible", "stay", stay), "sell out": observed("flexible", "sell out", sell)}))})
    return DisturbedGame(Game(title, ("US", "N", "X"), notation, root), {f"{j} after {moved}": UniformCost("attack") for j in THEATRES for moved in HISTORIES})


game = reputation("Abandonment, composite parameters", NOTATION, tough=mu, sell=need, stay=Integer(0), loss={"N": h_N, "X": h_X},
                  tempted={("N", "flexible"): g_N, ("N", "tough"): g_N - w_N, ("X", "flexible"): g_X, ("X", "tough"): g_X - w_X})

model = Model("ukraine/abandonment_core", problems={"game": (game, Sequential())}, summary=__doc__ or "")
