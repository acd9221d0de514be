"""Abandonment in composite parameters: stay, mix or sell out, for all parameters.

The game of `abandonment` depends on eight numbers: the prior that the United States is
tough, what a sell-out pays before attacks, the temptation to attack a flexible United States in each theatre, how far toughness
lowers it, and what an attack costs. Staying is worth more the more a flexible United States sells out, so it stays, mixes or sells out,
and each observer attacks now and then or never, after it stayed or at all. No observer is sure to attack: a temptation stays below 1.
Payoffs of the United States are counted from staying without an attack, so that they exceed those of `abandonment` by the cost of aid.

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
LINKED = "linked to abandonment"
NOTATION = Notation((
    Parameter(mu, "prior that the US is tough", "prob", "(0, 1)", "1/2", None, LINKED),
    Parameter(need, "US gain from a sell-out before attacks, which reputation has to outweigh", "US-stake", "real", "0.18122", None, LINKED),
    Parameter(g_N, "net gain to Russia from attacking another neighbour if the US is flexible", "greatest attack cost", "(-1, 1)", "0.428", None, LINKED),
    Parameter(g_X, "net gain to China from attacking Taiwan if the US is flexible", "greatest attack cost", "(-1, 1)", "0.175", None, LINKED),
    Parameter(w_N, "fall in the net gain from attacking another neighbour if the US is tough", "greatest attack cost", ">0", "0.42", None, LINKED),
    Parameter(w_X, "fall in the net gain from attacking Taiwan if the US is tough", "greatest attack cost", ">0", "0.125", None, LINKED),
    Parameter(h_N, "US loss if another neighbour of Russia is attacked", "US-stake", ">0", "0.3", None, LINKED),
    Parameter(h_X, "US loss if Taiwan is attacked", "US-stake", ">0", 1, None, LINKED),
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
