"""Agent quantal response: published numbers, Gambit's tracing, the closed recursion, the limit, and the fit."""

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import Game, NotApplicable, chance, decision, payoffs
from bargain.models.classics import deterrence
from bargain.solvers.information.agent_quantal import AgentQuantalResponse, LimitingLogit, fit_quantal, quantal_branch
from bargain.solvers.information.agents import Agents

R = sp.Rational
POINT = {deterrence.g: 1, deterrence.l: 1, deterrence.a: R(1, 2), deterrence.w_C: R(1, 5), deterrence.w_D: R(-1, 2)}


def end(*values: object) -> object:
    return payoffs(dict(zip("ABC", values, strict=False)))


def card_game() -> Game:
    def hand(sign: int) -> object:
        meet = decision("B", {"meet": end(2 * sign, -2 * sign), "pass": end(1, -1)}, information_set="b")
        return decision("A", {"raise": meet, "fold": end(sign, -sign)})

    return Game("card game", ("A", "B"), (), chance(red=("1/2", hand(1)), black=("1/2", hand(-1))))


def horse() -> Game:
    third = {x: decision("C", L=end(*left), R=end(*right), information_set="C's") for x, left, right in
             [("D", (3, 3, 2), (0, 0, 0)), ("d", (4, 4, 0), (0, 0, 1))]}
    return Game("Selten's horse", ("A", "B", "C"), (), decision("A", C=decision("B", c=end(1, 1, 1), d=third["d"]), D=third["D"]))


def test_published_logit_response_of_the_deterrence_game() -> None:
    found = bg.solve(deterrence.game, AgentQuantalResponse(1), at=POINT).equilibria[0].strategies
    chances = [float(found[p][h][a]) for p, h, a in [("C", "(start)", "challenge"), ("D", "challenge", "resist"), ("C", "challenge/resist", "press")]]
    assert chances == pytest.approx([0.5788606458, 0.6605858644, 0.6681877722], abs=1e-10)
    assert np.prod(chances) == pytest.approx(0.2555064246, abs=1e-10)


@pytest.mark.parametrize("rationality", [0.3, 1.7, 6.0])
@pytest.mark.parametrize("game", [card_game(), horse()], ids=["cards", "horse"])
def test_gambit_traces_the_same_branch(game: Game, rationality: float) -> None:
    pygambit = pytest.importorskip("pygambit")
    ours = quantal_branch(game, [rationality])[0][1]
    other = pygambit.Game.new_tree(players=list(game.players), title=game.title)
    _grow(pygambit, other, other.root, game.root, {})
    theirs = pygambit.qre.logit_solve_lambda(other, lam=[rationality])[0]
    names = [(i.label, a.label) for player in other.players for i in player.infosets for a in i.actions]
    assert {name: theirs[k] for k, name in enumerate(names)} == pytest.approx(
        {(s, a): w for s, actions in ours.items() for a, w in actions.items()}, abs=1e-6)


def _grow(pygambit: object, tree: object, where: object, node: object, sets: dict[str, object], history: tuple[str, ...] = ()) -> None:
    from bargain.games.information import place
    from bargain.games.nodes import Chance, Terminal, show

    if isinstance(node, Terminal):
        tree.set_outcome(where, tree.add_outcome(show(history), [float(v) for v in node.payoffs.values()]))
        return
    if isinstance(node, Chance):
        tree.append_move(where, tree.players.chance, [n for n, _ in node.moves])
        tree.set_chance_probs(where.infoset, [pygambit.Rational(int(p.p), int(p.q)) for _, p, _ in node.draws])
    elif (name := place(node, history)) in sets:
        tree.append_infoset(where, sets[name])
    else:
        tree.append_move(where, node.player, [n for n, _ in node.moves])
        sets[name] = where.infoset
        where.infoset.label = name
    for (name, child), below in zip(node.moves, where.children, strict=True):
        _grow(pygambit, tree, below, child, sets, (*history, name))


def random_tree(seed: int) -> Game:
    from test_information import random_game

    return random_game(np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(8))
def test_the_branch_is_certified_on_random_trees(seed: int) -> None:
    game = random_tree(seed)
    for rationality in (0, R(1, 3), 2):
        solution = bg.solve(game, AgentQuantalResponse(rationality))
        assert solution.certificate.passed and solution.status is bg.Status.WITHIN


@pytest.mark.parametrize("seed", range(8))
def test_recursion_and_tracing_agree_on_perfect_information(seed: int) -> None:
    game = bg.Game("plain", ("A", "B"), (), _told(random_tree(seed).root))
    agents = Agents(game)
    assert agents.perfect
    traced = next(point for point in agents.tree.curve.points(agents.tree.uniform) if point[-1] > 1)
    assert np.exp(agents.near(traced[-1], agents.tree.uniform)[:-1]) == pytest.approx(np.exp(traced[:-1]), abs=1e-8)


def _told(node: object) -> object:
    from dataclasses import replace

    from bargain.games.nodes import Chance, Decision

    if isinstance(node, Decision):
        return replace(node, moves=tuple((n, _told(c)) for n, c in node.moves), information_set="")
    return Chance(tuple((n, p, _told(c)) for n, p, c in node.draws)) if isinstance(node, Chance) else node


def test_limits() -> None:
    cards = bg.solve(card_game(), LimitingLogit()).equilibria[0]
    assert float(cards.strategies["A"]["black"]["raise"]) == pytest.approx(1 / 3, abs=1e-4)
    assert float(cards.strategies["B"]["b"]["meet"]) == pytest.approx(2 / 3, abs=1e-4)
    selten = bg.solve(horse(), LimitingLogit()).equilibria[0]
    assert selten.path == ("C", "c") and float(selten.strategies["C"]["C's"]["L"]) <= 0.25 + 1e-6


def test_the_fit_recovers_the_rationality_that_made_the_data() -> None:
    game, rationality, choices = card_game(), 1.3, 4000
    ((_, chances),) = quantal_branch(game, [rationality])
    rng = np.random.default_rng(11)
    counts = {name: dict(zip(actions, map(int, rng.multinomial(choices, list(actions.values()))), strict=True)) for name, actions in chances.items()}
    fit = fit_quantal(game, counts)
    assert abs(fit.rationality - rationality) < 3 * fit.standard_error < 0.3
    beside = [quantal_branch(game, [fit.rationality + step])[0][1] for step in (-1e-3, 1e-3)]
    scores = [sum(n * np.log(found[s][a]) for s, own in counts.items() for a, n in own.items()) for found in beside]
    assert fit.log_likelihood > max(scores)


def test_refusals() -> None:
    with pytest.raises(NotApplicable, match="is free"):
        bg.solve(deterrence.game, AgentQuantalResponse(1))
    with pytest.raises(bg.BadInput, match="no action"):
        fit_quantal(card_game(), {"b": {"jump": 3}})
    with pytest.raises(bg.BadInput, match="not a non-negative number"):
        bg.solve(card_game(), AgentQuantalResponse(-1))


def test_the_certificate_refutes_a_wrong_strategy() -> None:
    from dataclasses import replace

    from bargain.certify import certify

    solution = bg.solve(card_game(), AgentQuantalResponse(1))
    (regime,) = solution.regimes
    (right,) = regime.equilibria
    moved = {**right.strategies["A"], "red": {"raise": right.strategies["A"]["red"]["raise"] - sp.Float("1e-7"),
                                              "fold": right.strategies["A"]["red"]["fold"] + sp.Float("1e-7")}}
    wrong = replace(right, strategies={**right.strategies, "A": moved})
    assert certify(replace(solution, regimes=(replace(regime, equilibria=(wrong,)),))).refuted


def test_gambits_catalogue_has_the_same_agent_quantal_responses() -> None:
    """Every tree with perfect recall. In SLB fig. 5.10 the branch passes a pitchfork: ours goes straight on, Gambit's turns off; both are equilibria."""
    pygambit = pytest.importorskip("pygambit")
    from bargain.games.information import forgotten
    from bargain.games.nodes import Terminal
    from bargain.interop.gambit import from_pygambit

    compared, apart = 0, []
    for name in pygambit.catalog.games()["Game"]:
        other = pygambit.catalog.load(name)
        if not other.is_tree or forgotten(game := from_pygambit(other)) is not None:
            continue
        ends = [float(v) for _, node in game.nodes() if isinstance(node, Terminal) for v in node.payoffs.values()]
        if max(ends) == min(ends):
            continue
        rationality = R(3) / R(str(max(ends) - min(ends)))
        solution = bg.solve(game, AgentQuantalResponse(rationality))
        assert solution.certificate.passed, name
        ours = sorted(float(w) for own in solution.equilibria[0].strategies.values() for actions in own.values() for w in actions.values())
        profile = pygambit.qre.logit_solve_lambda(other, lam=[float(rationality)])[0]
        theirs = sorted(profile[k] for k in range(len(ours)))
        compared += 1
        apart += [name] if max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) > 1e-6 else []
    assert compared >= 25 and apart == ["books/shohamleytonbrown2008/fig5_10"]
