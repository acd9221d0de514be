"""Subgame-perfect equilibria of trees with offers, chance moves, simultaneous moves and bargaining tables."""

from typing import Any

import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    Cell,
    Game,
    InvalidModel,
    MatrixGame,
    Nash,
    NotApplicable,
    Parameter,
    Solution,
    State,
    Status,
    SubgamePerfect,
    bargain_node,
    chance,
    decision,
    offer,
    payoffs,
    simultaneous,
    solve,
)

R = sp.Rational
x, y, w, v, q = sp.symbols("x y w v q", real=True)


def tree(root: Any, players: tuple[str, ...] = ("A", "B"), rows: tuple[Parameter, ...] = ()) -> Game:
    """A game around a root."""
    return Game("Test", players, rows, root)  # type: ignore[arg-type]


def outcomes_paid(solution: Solution) -> set[tuple[sp.Expr, ...]]:
    """The payoffs of a one-regime solution."""
    return {tuple(e.payoffs.values()) for e in solution.extreme}


def test_two_offers_of_the_same_share_are_solved_each_at_its_node() -> None:
    def proposed(first: str, second: str) -> Any:
        return offer(first, x, between=(0, 1), answer=decision(
            second, accept=payoffs({first: x, second: 1 - x}), reject=payoffs(A="1/5", B="3/10")))

    solution = solve(tree(decision("A", mine=proposed("A", "B"), yours=proposed("B", "A"))), SubgamePerfect())
    (equilibrium,) = solution.extreme
    assert equilibrium.path == ("mine", "x = 7/10", "accept") and equilibrium.quantities["x after yours"] == R(4, 5)


def test_offers_may_follow_each_other() -> None:
    """A second offer after a refusal: B, who then keeps all but A's outside option, cannot be held to less."""
    second = offer("B", y, between=(0, 1), answer=decision("A", take=payoffs(A=(1 - y) / 2, B=y / 2), leave=payoffs(A="1/10", B=0)))
    first = offer("A", x, between=(0, 1), answer=decision("B", accept=payoffs(A=x, B=1 - x), counter=second))
    (equilibrium,) = solve(tree(first), SubgamePerfect()).extreme
    assert equilibrium.payoffs == {"A": R(3, 5), "B": R(2, 5)} and equilibrium.quantities["y"] == R(4, 5)


def test_chance_is_averaged_and_its_branches_are_solved() -> None:
    gamble = chance(good=(q, decision("B", share=payoffs(A=3, B=1), grab=payoffs(A=0, B=0))), bad=(1 - q, payoffs(A=-1, B=0)))
    game = tree(decision("A", stay=payoffs(A=0, B=0), go=gamble), rows=(Parameter(q, "chance", domain="[0, 1]"),))
    solution = solve(game, SubgamePerfect())
    assert {r.cell: r.equilibria[0].path for r in solution.regimes} == {
        Cell.of(4 * q > 1): ("go", "{good/share | bad}"), Cell.of(4 * q < 1): ("stay",)}
    assert solution.at(q="1/4").outcomes == ("stay", "go/{good/share | bad}") and solution.at(q="1/2").extreme[0].payoffs["A"] == 1


def test_every_nash_equilibrium_of_a_simultaneous_node_feeds_the_induction() -> None:
    meet = simultaneous({"A": ("u", "d"), "B": ("l", "r")}, {
        ("u", "l"): payoffs(A=2, B=1), ("u", "r"): payoffs(A=0, B=0), ("d", "l"): payoffs(A=0, B=0), ("d", "r"): payoffs(A=1, B=2)})
    solution = solve(tree(decision("A", out=payoffs(A=v, B=0), play=meet), rows=(Parameter(v, "outside"),)), SubgamePerfect())
    mixed = "{u,l | u,r | d,l | d,r}"
    assert {r.cell: {e.path[-1] for e in r.extreme()} for r in solution.regimes} == {
        Cell.of(v < R(2, 3)): {"u,l", "d,r", mixed}, Cell.of(v > R(2, 3), v < 1): {"out", "u,l", "d,r"},
        Cell.of(v > 1, v < 2): {"out", "u,l"}, Cell.of(v > 2): {"out"}}
    assert {e.path[-1] for e in solution.at(v="2/3").extreme} == {"out", "u,l", "d,r", mixed}
    nash = solve(MatrixGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]]), Nash())
    assert outcomes_paid(nash) == outcomes_paid(solution.at(v=-1))


def talks(**changes: Any) -> AlternatingOffers:
    """A table over a pie with unequal patience."""
    return AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": R(9, 10), "B": R(4, 5)}, **changes)


def test_a_table_in_a_tree_pays_its_spectator_and_gives_way_to_the_subgame_behind_its_exit() -> None:
    war = decision("B", fight=payoffs(A="1/10", B=w, C=-1), submit=payoffs(A="9/10", B="1/20", C=0))
    root = decision("C", talk=bargain_node(talks(), spectators={"C": x / 2}, outside={"B": war}), stop=payoffs(A=0, B=0, C="1/10"))
    solution = solve(tree(root, ("A", "B", "C"), (Parameter(w, "war"),)), SubgamePerfect())
    assert solution.status is Status.PROVED
    for value, paid in (("1/5", (R(5, 7), R(2, 7), R(5, 14))), ("7/20", (R(13, 20), R(7, 20), R(13, 40))), ("9/10", (0, 0, R(1, 10)))):
        assert outcomes_paid(solution.at(w=value)) == {paid}
    assert solution.at(w="9/10").outcomes == ("stop",)


def test_a_side_with_a_better_subgame_than_the_whole_pie_walks_into_it() -> None:
    war = payoffs(A="-1/5", B="11/10", C="1/3")
    (equilibrium,) = solve(tree(bargain_node(talks(), spectators={"C": x / 2}, outside={"B": war}), ("A", "B", "C")), SubgamePerfect()).extreme
    assert equilibrium.path == ("B walks away",) and equilibrium.payoffs == {"A": -R(1, 5), "B": R(11, 10), "C": R(1, 3)}


def test_two_tables_in_one_tree_are_solved_each_at_its_node() -> None:
    hasty = AlternatingOffers("Hasty", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": R(1, 10), "B": R(1, 5)})
    (equilibrium,) = solve(tree(decision("A", slow=bargain_node(talks()), fast=bargain_node(hasty))), SubgamePerfect()).extreme
    assert equilibrium.path == ("fast", "agree on x = 40/49") and equilibrium.quantities["x_A after slow"] == R(5, 7)


def test_talks_that_fail_before_spectators_are_refused() -> None:
    useless = talks(states=(State("talks", flow={"A": R(4, 5), "B": R(3, 5)}),))
    with pytest.raises(NotApplicable, match="talks fail"):
        solve(tree(bargain_node(useless, spectators={"C": x}), ("A", "B", "C")), SubgamePerfect())
    with pytest.raises(InvalidModel):
        tree(bargain_node(useless), ("A", "B", "C"))


