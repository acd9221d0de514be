"""Deterrence with a threat that may be a bluff.

A challenger holds or challenges; the defender concedes or resists; after resistance the
challenger backs down or presses, which is war. A threat moves the defender only if
pressing beats backing down; war happens only if the challenger likes it better than the status
quo and the defender better than conceding. Outcomes: the status quo (SQ), the status quo after
backing down (SQ'), the defender concedes (CD), war (W).

Source: a standard three-stage crisis game; cases as in the literature after Zagare and
Kilgour (2000), Perfect Deterrence, Cambridge University Press.
"""

from sympy import symbols

from bargain import Game, Model, Notation, Parameter, RegionMap, SubgamePerfect, decision, payoffs

g, l, a, w_C, w_D = symbols("g l a w_C w_D", real=True)  # noqa: E741 - the paper's letter

NOTATION = Notation((
    Parameter(g, "challenger's gain from a concession", "challenger's stake", domain=">0", baseline=1, source="illustration"),
    Parameter(l, "defender's loss from a concession", "defender's stake", domain=">0", baseline=1, source="illustration"),
    Parameter(a, "challenger's cost of backing down", "challenger's stake", domain=">0", baseline="1/2", source="illustration"),
    Parameter(w_C, "challenger's value of war", "challenger's stake", baseline="1/5", source="illustration"),
    Parameter(w_D, "defender's value of war", "defender's stake", baseline="-1/2", source="illustration"),
))

threat = decision(
    "C",
    press=payoffs(C=w_C, D=w_D, label="W"),
    back_down=payoffs(C=-a, D=0, label="SQ'"),
)

game = Game(
    title="Deterrence",
    players=("C", "D"),
    notation=NOTATION,
    source="after Zagare and Kilgour (2000)",
    root=decision(
        "C",
        hold=payoffs(C=0, D=0, label="SQ"),
        challenge=decision("D", concede=payoffs(C=g, D=-l, label="CD"), resist=threat),
    ),
)

model = Model("classics/deterrence", problems={"game": (game, SubgamePerfect())},
              exhibits=(RegionMap("Regimes of the deterrence game", "game", (w_C, -1, 1), (w_D, -2, 1)),), summary=__doc__ or "")
