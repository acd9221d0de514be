"""The grand composition: what its matrices and tables do agrees with solving each of them alone."""

from itertools import product

import pytest
import sympy as sp

from bargain import AlternatingOffers, MatrixGame, Nash, Notation, Parameter, State, Status, SubgamePerfect, bargain_node, solve
from bargain.claims import Point
from bargain.errors import NotApplicable
from bargain.games import Bargain, Game, Simultaneous
from bargain.models.ukraine import grand_bargain
from bargain.models.ukraine import grand_composition as m
from bargain.models.ukraine.grand_notation import X


@pytest.fixture(scope="module")
def at() -> Point:
    """The baseline, solved once."""
    return m.model.at()


def line(at: Point, j: str, leverage: int, counter: int) -> sp.Expr:
    """Ukraine's first offer from the two indifference conditions, solved by hand: refusing costs a period of war and the drift."""
    first, second = sp.symbols("first second")
    v = {name: at.values[symbol] for name, symbol in X.items()}
    period, a_R, h_W = (at.values[s] for s in (m.Delta, m.a_R, m.h_W))
    d_U, d_R = 1 / (1 + v["r_U"] * period), 1 / (1 + v["r_R"] * period)
    war_U, war_R = -v["c_U"] + leverage * v["a_L"] - counter * h_W, -v["c_R"] - leverage * v["h_L"] + counter * a_R
    worth_U, worth_R = v["s_" + j], v["f"] - v["e_" + j]
    (found,) = sp.linsolve([worth_R - first - (1 - d_R) * war_R - d_R * (worth_R - second + v["g"] * period),
                            worth_U + second - (1 - d_U) * war_U - d_U * (worth_U + first - v["g"] * period)], (first, second))
    return found[0]


def test_the_composition_has_tables_and_matrices_and_is_certified(at: Point) -> None:
    kinds = [type(node) for _, node in m.game.nodes()]
    assert kinds.count(Simultaneous) == 10 and kinds.count(Bargain) == 24
    assert at.solution().status is Status.CERTIFIED and at.solution().certificate.passed and len(at.solution().extreme) == 1


@pytest.mark.parametrize(("j", "leverage", "counter"), product(m.ARRANGEMENTS, (0, 1), (0, 1)))
def test_each_table_settles_on_the_line_of_the_indifference_conditions(at: Point, j: str, leverage: int, counter: int) -> None:
    cell = f"{'Build' if leverage else 'Wait'},{'Build' if counter else 'Wait'}"
    table = m.game.at(at.values).subgame("Compact", "Talks", cell, f"{j},Comply")
    (found,) = SubgamePerfect().run(table).extreme
    assert found.payoffs["UA"] == line(at, j, leverage, counter) + at.values[X["s_" + j]]


def test_as_offers_follow_each_other_at_once_the_line_is_that_of_the_linked_tree(at: Point) -> None:
    near = m.model.at({"Delta": "1/1000000"})
    for j, leverage in product(m.ARRANGEMENTS, (0, 1)):
        assert abs(float(line(near, j, leverage, 0) - at.evaluate(grand_bargain.moved(j, leverage, 0)))) < 1e-6


def cells(at: Point, game: Game) -> MatrixGame:
    """A simultaneous node as a matrix of its two movers, each cell solved alone."""
    node = game.root
    assert isinstance(node, Simultaneous)
    paid = {cell: SubgamePerfect().run(game.subgame(",".join(cell))).extreme[0].payoffs for cell in node.cells}
    return MatrixGame("cells", node.players, node.actions, {cell: tuple(paid[cell][p] for p in node.players) for cell in node.cells})


@pytest.mark.parametrize("after", [("Compact", "Talks", "Wait,Wait"), ("NoCompact", "Talks", "Build,Wait"), ("Compact", "Talks")])
def test_each_matrix_is_played_as_a_nash_equilibrium_of_its_cells(at: Point, after: tuple[str, ...]) -> None:
    game = m.game.at(at.values).subgame(*after)
    matrix = cells(at, game)
    played = {player: dict(at.equilibrium().strategies[player]["/".join(after)]) for player in matrix.players}
    listed = [{player: dict(e.strategies[player][""]) for player in matrix.players} for e in solve(matrix, Nash()).extreme]
    assert played in listed


def test_free_leverage_moves_the_line_and_is_still_not_built(at: Point) -> None:
    """Ukraine gains what leverage adds to the line; the United States, which would build it, does not."""
    free = m.model.at({"kappa_L": "0"})
    assert all(line(free, j, 1, 0) > line(free, j, 0, 0) for j in m.ARRANGEMENTS)
    assert free["race"]["US"] == {"Build": 0, "Wait": 1}


def test_a_table_whose_front_drifts_is_refused_inside_a_tree_once_the_front_has_a_value() -> None:
    z, x, d = sp.symbols("z x d", real=True)
    notation = Notation((Parameter(z, "front"), Parameter(d, "discount factor", domain="(0, 1)")))
    table = AlternatingOffers("drifting", ("A", "B"), x, {"A": x, "B": -x}, {"A": d, "B": d}, notation, None,
                              (State("war", flow={"A": z - 1, "B": -z - 1}),), {z: z - sp.Rational(1, 10)})
    game = Game("tree", ("A", "B"), notation, bargain_node(table))
    with pytest.raises(NotApplicable, match="loses the drift"):
        game.at({z: 0, d: "9/10"})
