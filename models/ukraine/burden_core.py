"""Burden sharing in composite parameters: separate, pool, mix or leave the compact unsigned, for all parameters.

The game of `burden` (burden sharing) depends on its sixteen parameters only through eight numbers: the belief that Europe is willing, what walking away
is worth to the United States and how much more leading is worth with no compact, with one delivered in full and with one delivered by a slacker, what the
compact costs each kind of Europe, and what American leadership is worth to it. Whether the compact is signed by both kinds, by the willing
alone, by a slacker now and then, or by nobody, and which of these coexist, is found once for all of them.

Source: Spence (1973), Quarterly Journal of Economics 87:355-374, with a partly sunk signal.
"""

from typing import Any

from sympy import Expr, Integer, symbols

from bargain import Game, Model, Notation, Parameter, chance, decision, payoffs
from bargain.solvers import Sequential

nu, o, m_0, m_w, m_s, k_w, k_s, V = symbols("nu o m_0 m_w m_s k_w k_s V", real=True)

NOTATION = Notation((
    Parameter(nu, "US belief that Europe is willing", "prob", "(0, 1)", "1/4", None, "linked to burden sharing"),
    Parameter(o, "US payoff from walking away", "US-stake", "real", "0.1", None, "linked to burden sharing"),
    Parameter(m_0, "gain of the US from leading over walking away with no compact", "US-stake", "real", "-0.15", None, "linked to burden sharing"),
    Parameter(m_w, "gain of the US from leading with a compact delivered in full", "US-stake", "real", "0.075", None, "linked to burden sharing"),
    Parameter(m_s, "gain of the US from leading with a compact that a slacker delivers", "US-stake", "real", "-0.0375", None, "linked to burden sharing"),
    Parameter(k_w, "cost of the compact to a willing Europe", "EU-stake", ">0", "0.2", None, "linked to burden sharing"),
    Parameter(k_s, "cost to a slacker of the part of the compact that it delivers", "EU-stake", ">0", "0.4", None, "linked to burden sharing"),
    Parameter(V, "European value of US leadership", "EU-stake", ">0", "0.5", None, "linked to burden sharing"),
))


def signing(title: str, notation: Notation, *, willing: Expr, value: Expr, walk: Expr, lead: dict[str, Expr], cost: dict[str, Expr]) -> Game:
    """Europe, of a kind it knows, signs or not; the United States sees that alone, then leads or walks.

    value: of leadership to Europe. lead: what leading pays the United States after a compact by each kind, and with ``none``. cost: of the
    compact, by kind.
    """
    def answer(kind: str, signed: str) -> Any:
        paid, delivered = (cost[kind], kind) if signed == "compact" else (Integer(0), "none")
        return decision("US", {"lead": payoffs(EU=value - paid, US=lead[delivered], label="lead"), "walk": payoffs(EU=-paid, US=walk, label="walk")},
                        information_set=f"after {signed}")

    def europe(kind: str) -> Any:
        return decision("EU", {signed: answer(kind, signed) for signed in ("compact", "none")}, information_set=f"{kind} Europe")

    return Game(title, ("EU", "US"), notation, chance({"willing": (willing, europe("willing")), "slacker": (1 - willing, europe("slacker"))}))


game = signing("Burden-sharing compact, composite parameters", NOTATION, willing=nu, value=V, walk=o,
               lead={"none": o + m_0, "willing": o + m_w, "slacker": o + m_s}, cost={"willing": k_w, "slacker": k_s})

model = Model("ukraine/burden_core", problems={"game": (game, Sequential())}, summary=__doc__ or "")
