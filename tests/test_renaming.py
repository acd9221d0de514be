"""Other names for players and actions: every output uses them, nothing else changes, and the certificate still passes."""

import random

import pytest
import sympy as sp
from test_figures import mixed

import bargain as bg
from bargain.errors import BadInput, NotApplicable
from bargain.figures import tree_tikz
from bargain.models.classics import deterrence, ultimatum
from bargain.tables.renaming import renamed

WORDS = {"C": "Challenger", "D": "Defender"}
MOVES = {"hold": "wait & see", "press": "α", "back_down": "give in"}


def test_every_output_uses_the_new_names() -> None:
    solution = bg.solve(*deterrence.model.problems["game"])
    found = renamed(solution, players=WORDS, actions=MOVES)
    stated = bg.proposition(found).to_latex()
    assert r"(wait \& see; resist; give in)" in stated and r"Challenger plays give in in (a): $- a > w_{C}$; $\alpha$ in" in stated
    assert r"$u_{\textup{Challenger}}^*$" in bg.latex(found) and r"wait \& see" in tree_tikz(found, regime=0)
    assert [row["u_Challenger"] for row in found.rows()] == [row["u_C"] for row in solution.rows()]
    assert [str(regime.condition) for regime in found.regimes] == [str(regime.condition) for regime in solution.regimes]
    offers = renamed(bg.solve(*ultimatum.model.problems["game"]), players={"A": "Ann"}, actions={"accept": "sign"})
    assert r"sign iff $x \le 1 - w_{B}$" in bg.latex(offers)


def test_a_renamed_solution_is_that_of_the_renamed_game() -> None:
    solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    again = bg.solve(renamed(deterrence.game, players=WORDS, actions=MOVES), bg.SubgamePerfect())
    found = renamed(solution, players=WORDS, actions=MOVES)
    assert found.problem == again.problem and found.regimes == again.regimes


def test_renaming_back_gives_the_same_game() -> None:
    back = renamed(renamed(deterrence.game, players=WORDS, actions=MOVES), players={new: old for old, new in WORDS.items()},
                   actions={new: old for old, new in MOVES.items()})
    assert back == deterrence.game
    draw = random.Random(3)
    payoffs = [[[draw.randint(0, 9) for _ in range(3)] for _ in range(3)] for _ in range(2)]
    matrix = bg.MatrixGame.from_arrays(*payoffs)
    nash = renamed(bg.solve(matrix, bg.Nash()), players={"row": "column", "column": "row"}, actions={"r1": "r2", "r2": "r1"})
    assert nash.problem["r2", "c1"] == matrix["r1", "c1"] and nash.problem.players == ("column", "row")
    assert {e.payoffs["column"] for e in nash.extreme} == {e.payoffs["row"] for e in bg.solve(matrix, bg.Nash()).extreme}


def test_unknown_and_colliding_names_and_tables_inside_trees_are_refused() -> None:
    with pytest.raises(BadInput, match="no player or action is called 'fly'"):
        renamed(deterrence.game, actions={"fly": "x"})
    with pytest.raises(BadInput, match="become one"):
        renamed(deterrence.game, actions={"hold": "challenge"})
    with pytest.raises(BadInput, match="become one"):
        renamed(deterrence.game, players={"C": "D"})
    with pytest.raises(BadInput, match="holds one of"):
        renamed(deterrence.game, actions={"hold": "stay/wait"})
    with pytest.raises(NotApplicable, match="alternating-offers"):
        renamed(mixed(), players={"A": "Ann"})
    with pytest.raises(BadInput, match="no actions"):
        renamed(bg.solve(bg.BargainingProblem("P", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 1), (sp.Integer(1), 0))), bg.NashBargaining()),
                players={"A": "Ann"})
