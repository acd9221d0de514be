"""Two-by-two games: dominance, coordination or matching.

The row player R chooses up or down, the column player C left or right. Only four differences
matter: what R gains by moving from down to up against each column, and what C gains by moving
from right to left against each row. All eight payoffs are parameters; the map lets two of R's vary.
A player whose two differences agree in sign has a dominant
action, and the equilibrium is unique and pure. Where neither has one, the game is either one of
coordination (two pure equilibria and a mixed one) or one of matching (only the mixed one).

Source: the textbook classification; Nash (1951), Annals of Mathematics 54:286-295, and Osborne
and Rubinstein (1994), A Course in Game Theory, ch. 2 and 3.
"""

from sympy import symbols

from bargain import Claim, MatrixGame, Model, Nash, Notation, Parameter, RegionMap

a, b, c, d = symbols("a_UL a_UR a_DL a_DR", real=True)
e, f, g, h = symbols("b_UL b_UR b_DL b_DR", real=True)

_CELLS = ("up, left", "up, right", "down, left", "down, right")
NOTATION = Notation(tuple(
    Parameter(symbol, f"payoff of {player} at ({cell})", "utility", "real", baseline, (-4, 4), "illustration")
    for player, symbols_, baselines in (("R", (a, b, c, d), (3, 0, 0, 1)), ("C", (e, f, g, h), (1, 0, 0, 3)))
    for symbol, cell, baseline in zip(symbols_, _CELLS, baselines, strict=True)
))

matrix = MatrixGame.from_arrays(
    [[a, b], [c, d]], [[e, f], [g, h]],
    title="Two-by-two game", players=("R", "C"), actions=(("up", "down"), ("left", "right")), notation=NOTATION,
)

model = Model(
    "classics/two_by_two",
    problems={"matrix": (matrix, Nash())},
    claims=(
        Claim("R has a dominant action", (a - c) * (b - d) > 0, "Osborne and Rubinstein (1994)"),
        Claim("C has a dominant action", (e - f) * (g - h) > 0, "Osborne and Rubinstein (1994)"),
        Claim("there are several equilibria", lambda at: len(at.solution().extreme) > 1, "Nash (1951)"),
    ),
    exhibits=(RegionMap("Equilibria of a two-by-two game", "matrix", (a, -1, 4), (d, -1, 2)),),
    summary=__doc__ or "",
)
