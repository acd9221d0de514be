"""Equilibria of trees with information sets: stages, components, the sequence form, Lemke, linear programs and regret minimisation."""

import json
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from test_information import end, random_game

from bargain import (
    AlternatingOffers,
    BadInput,
    Component,
    CounterfactualRegret,
    Equilibrium,
    Game,
    Lemke,
    Minimax,
    Nash,
    NotApplicable,
    Parameter,
    Status,
    SubgamePerfect,
    TooLarge,
    bargain_node,
    chance,
    decision,
    offer,
    payoffs,
    simultaneous,
    solve,
)
from bargain.certify import certify
from bargain.certify import deviations as tried
from bargain.games.information import information_sets, subgame_roots
from bargain.games.nodes import Chance, Decision, Node, Terminal
from bargain.games.sequence_form import sequence_form
from bargain.games.strategic import planned_form
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.realization import extreme_realizations
from bargain.solvers.trees.stage_equilibria import realization_form
from bargain.solvers.trees.stages import whole

R = sp.Rational
a, g, h, x = sp.symbols("a g h x", real=True)


def kuhn() -> Game:
    """Kuhn (1950): three cards, ante one, one bet of one."""
    draws = {}
    for mine, yours in permutations("JQK", 2):
        sign = 1 if "JQK".index(mine) > "JQK".index(yours) else -1
        again = decision("A", fold=end(-1, 1), call=end(2 * sign, -2 * sign), information_set=f"{mine} checked")
        checked = decision("B", check=end(sign, -sign), bet=again, information_set=f"{yours} after check")
        bet = decision("B", fold=end(1, -1), call=end(2 * sign, -2 * sign), information_set=f"{yours} after bet")
        draws[mine + yours] = ("1/6", decision("A", check=checked, bet=bet, information_set=mine))
    return Game("Kuhn poker", ("A", "B"), (), chance(draws))


def card_game(stake: Any = 1) -> Game:
    """Myerson (1991, fig. 2.1), the amount added by raising left open: 1 in the book."""
    def hand(sign: int) -> Decision:
        meet = decision("B", {"meet": end(sign * (1 + stake), -sign * (1 + stake)), "pass": end(1, -1)}, information_set="b")
        return decision("A", {"raise": meet, "fold": end(sign, -sign)})

    notation = (Parameter(a, "stake", domain="(-1, 5)", baseline=1),) if stake == a else ()
    return Game("card game", ("A", "B"), notation, chance(red=("1/2", hand(1)), black=("1/2", hand(-1))))


def horse() -> Game:
    """Selten (1975, fig. 1)."""
    def three(*values: int) -> Terminal:
        return payoffs(dict(zip("123", values, strict=True)))

    third = {"D": decision("3", L=three(3, 3, 2), R=three(0, 0, 0), information_set="three"), "d": decision("3", L=three(4, 4, 0), R=three(0, 0, 1),
             information_set="three")}
    return Game("horse", ("1", "2", "3"), (), decision("1", D=third["D"], C=decision("2", d=third["d"], c=three(1, 1, 1))))


def ultimatum(pie: int) -> Game:
    moves = {f"offer {k}": decision("R", yes=payoffs(P=pie - k, R=k), no=payoffs(P=0, R=0)) for k in range(pie + 1)}
    return Game("ultimatum", ("P", "R"), (), decision("P", moves))


def is_pure(e: Equilibrium) -> bool:
    return all(weight in (0, 1) for sets in e.strategies.values() for actions in sets.values() for weight in actions.values())


def zero_sum(game: Game) -> Game:
    def turned(node: Node) -> Node:
        if isinstance(node, Terminal):
            return end(node.payoffs["A"], R(1, 2) - node.payoffs["A"])
        if isinstance(node, Decision):
            return replace(node, moves=tuple((name, turned(child)) for name, child in node.moves))
        assert isinstance(node, Chance)
        return Chance(tuple((name, p, turned(child)) for name, p, child in node.draws))

    return replace(game, root=turned(game.root))


@pytest.mark.parametrize("solver", [Nash(), SubgamePerfect()])
def test_kuhn_poker_is_worth_a_loss_of_one_eighteenth_and_its_first_player_has_one_parameter(solver: Any) -> None:
    solution = solve(kuhn(), solver)
    (component,) = solution.equilibria
    assert solution.status is Status.CERTIFIED and isinstance(component, Component) and component.subsets == ((0, 1),)
    assert {e.payoffs["A"] for e in component.vertices} == {R(-1, 18)}
    bluffs = sorted(e.strategies["A"]["J"]["bet"] for e in component.vertices)
    assert bluffs == [0, R(1, 3)]
    for e in component.vertices:  # Kuhn's family: bluff alpha, bet the king 3 alpha, call with the queen alpha + 1/3
        alpha = e.strategies["A"]["J"]["bet"]
        assert (e.strategies["A"]["K"]["bet"], e.strategies["A"]["Q checked"]["call"]) == (3 * alpha, alpha + R(1, 3))
        assert (e.strategies["B"]["Q after bet"]["call"], e.strategies["B"]["J after check"]["bet"]) == (R(1, 3), R(1, 3))


def test_the_card_game_is_solved_for_every_stake() -> None:
    (book,) = solve(card_game(), Nash()).equilibria
    assert isinstance(book, Equilibrium)
    assert (book.strategies["A"]["black"]["raise"], book.strategies["B"]["b"]["meet"], book.payoffs["A"]) == (R(1, 3), R(2, 3), R(1, 3))
    for solver in (Nash(exact=True), SubgamePerfect(exact=True)):
        solution = solve(card_game(a), solver)
        assert solution.status is Status.PROVED and len(solution.regimes) == 3
        (there,) = solution.at(a=3).extreme
        assert there.strategies["A"]["black"] == {"raise": R(3, 5), "fold": R(2, 5)} and there.strategies["B"]["b"]["meet"] == R(2, 5)
        tie = next(r for r in solution.regimes if r.condition.cells[0].has_equality)
        assert isinstance(tie.equilibria[0], Component)
        assert {repr(e.strategies) for e in tie.extreme()} == {repr(e.strategies) for e in solve(card_game(0), solver).extreme}


def test_both_kinds_of_equilibria_of_seltens_horse() -> None:
    for solver in (Nash(), SubgamePerfect()):
        solution = solve(horse(), solver)
        kinds = {item.vertices[0].outcome: {(e.strategies["2"]["C"]["c"], e.strategies["3"]["three"]["R"]) for e in item.vertices}
                 for item in solution.equilibria if isinstance(item, Component)}
        assert kinds == {"D/L": {(1, 0), (R(1, 3), 0)}, "C/c": {(1, 1), (1, R(3, 4))}}
        assert solution.status is Status.CERTIFIED


@pytest.mark.parametrize(("pie", "perfect", "equilibria"), [(1, 3, 5), (2, 2, 9), (4, 2, 33)])
def test_pure_equilibria_of_the_discrete_ultimatum(pie: int, perfect: int, equilibria: int) -> None:
    solution = solve(ultimatum(pie), Nash())
    assert len([e for e in solution.extreme if is_pure(e)]) == equilibria and solution.status is Status.CERTIFIED
    assert len(solve(ultimatum(pie), SubgamePerfect()).extreme) == perfect


ENTRY = {("F", "F"): (-1, -1), ("F", "A"): (g, 0), ("A", "F"): (-2, h), ("A", "A"): (2, 1)}


def entry(inside: Node) -> Game:
    notation = (Parameter(g, "gain", domain="(0, 4)", baseline=1), Parameter(h, "hold", domain="(-3, 3)", baseline=1))
    return Game("entry", ("A", "B"), notation, decision("A", out=end(0, 2), enter=inside))


def test_simultaneous_moves_and_an_information_set_are_the_same_game() -> None:
    cells = simultaneous({"A": "FA", "B": "FA"}, {cell: end(*paid) for cell, paid in ENTRY.items()})
    blind = decision("A", {m: decision("B", {n: end(*ENTRY[m, n]) for n in "FA"}, information_set="blind") for m in "FA"})
    one, two = (solve(entry(inside), SubgamePerfect()) for inside in (cells, blind))
    assert one.status is two.status is Status.PROVED and len(one.regimes) == len(two.regimes) > 3
    rng = np.random.default_rng(5)
    for _ in range(6):
        point = {g: R(int(rng.integers(1, 40)), 11), h: R(int(rng.integers(-29, 30)), 11)}
        paid = [{tuple(e.payoffs[player] for player in "AB") for e in solution.at(point).extreme} for solution in (one, two)]
        fresh = solve(entry(blind), SubgamePerfect(), at=point)
        assert paid[0] == paid[1] == {tuple(e.payoffs[player] for player in "AB") for e in fresh.extreme}
    whole_space = solve(entry(blind), SubgamePerfect(exact=True))
    for point in ({g: 1, h: 1}, {g: 2, h: 1}, {g: 2, h: 2}, {g: R(1, 2), h: 0}):  # ties and a generic point
        full, simple = whole_space.at(point), solve(entry(cells), SubgamePerfect(), at=point)
        assert {e.outcome.replace("/", ",") for e in full.extreme if is_pure(e)} == {e.outcome.replace("/", ",") for e in simple.extreme if is_pure(e)}


def test_offers_and_tables_stand_above_and_below_stages_but_not_inside() -> None:
    war = decision("A", {m: decision("B", {n: end(*{"aa": (-1, -2), "aw": (3, -4), "wa": (-5, 2), "ww": (0, 0)}[m + n]) for n in "aw"},
                                     information_set="B in war") for m in "aw"})
    above = Game("talk, then war", ("A", "B"), (), offer("A", x, between=(0, 1), answer=decision("B", yes=end(x, 1 - x), no=war)))
    (settled,) = solve(above, SubgamePerfect()).extreme
    assert (settled.outcome, settled.strategies["B"]["B in war"]["a"], settled.strategies["A"]["offer x/no"]["a"]) == ("x = 1/yes", 1, 1)
    table = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": R(9, 10), "B": R(4, 5)})
    below = {m: decision("B", {"talk": bargain_node(table), "war": end({"l": 1, "r": 0}[m], {"l": R(1, 10), "r": R(1, 10)}[m])}, information_set="b") for m in "lr"}
    (talks,) = solve(Game("move, then talk", ("A", "B"), (), decision("A", below | {"out": end(R(1, 2), 0)})), SubgamePerfect()).extreme[:1]
    assert talks.payoffs["A"] == R(5, 7) and talks.strategies["B"]["b"]["talk"] == 1
    hidden = {m: (R(1, 2), offer("A", x, between=(0, 1), answer=decision("B", yes=end(x, 1 - x), no=end(0, k), information_set="b"))) for k, m in enumerate("hl")}
    with pytest.raises(NotApplicable, match="Offer node lies among nodes"):
        solve(Game("hidden", ("A", "B"), (), chance(hidden)), SubgamePerfect())


def test_a_continuum_in_a_smaller_subgame_leaves_the_list_open() -> None:
    flat = decision("A", {m: decision("B", {n: end({"t": 1, "b": 0}[m], 0 if n == "l" else 0) for n in "lr"}, information_set="b") for m in "tb"})
    assert solve(Game("same payoffs", ("A", "B"), (), decision("B", stay=flat, out=end(0, -1))), SubgamePerfect()).status is Status.CERTIFIED
    varied = decision("A", {m: decision("B", {n: end(1 if n == "l" else -1, 0) for n in "lr"}, information_set="b") for m in "tb"})
    solution = solve(Game("payoffs vary", ("A", "B"), (), decision("A", stay=varied, out=end(0, 0))), SubgamePerfect())
    assert solution.status is Status.INCOMPLETE and {e.outcome for e in solution.extreme} >= {"stay/t/l", "out"}


def test_more_than_two_players_with_free_parameters_get_pure_equilibria() -> None:
    def three(*values: object) -> Terminal:
        return payoffs(dict(zip("123", values, strict=True)))

    def majority(value: object) -> Game:
        ends = {cell: three(*(value if cell.count(move) > 1 else 0 for move in cell)) for cell in product("lr", repeat=3)}
        third = {m + n: decision("3", {k: ends[m, n, k] for k in "lr"}, information_set="3") for m in "lr" for n in "lr"}
        root = decision("1", {m: decision("2", {n: third[m + n] for n in "lr"}, information_set="2") for m in "lr"})
        return Game("majority", ("1", "2", "3"), (Parameter(a, "prize", domain=">0", baseline=1),) if value == a else (), root)

    open_ended = solve(majority(a), SubgamePerfect())
    assert open_ended.status is Status.INCOMPLETE and {e.outcome for e in open_ended.extreme} == {"l/l/l", "r/r/r"}
    numbers = solve(majority(2), SubgamePerfect())
    assert {e.outcome for e in numbers.extreme if is_pure(e)} == {"l/l/l", "r/r/r"} and len(numbers.extreme) == 3
    with pytest.raises(NotApplicable, match="3 players have moves"):
        solve(majority(a), Nash())


# --- random trees -------------------------------------------------------------------------------------------------------------------------------

def weights_of(game: Game, e: Equilibrium) -> tuple[tuple[sp.Expr, ...], ...]:
    form = sequence_form(game)
    return tuple(tuple(form.weights(k, e.strategies[player])) for k, player in enumerate(game.players))


def in_hull(point: tuple[sp.Expr, ...], corners: list[tuple[sp.Expr, ...]]) -> bool:
    from fractions import Fraction

    rows = [[Fraction(int(corner[k].p), int(corner[k].q)) for corner in corners] for k in range(len(point))]
    right = [Fraction(int(value.p), int(value.q)) for value in point]
    return isinstance(solve_lp(LinearProgram([0] * len(corners), a_eq=[*rows, [1] * len(corners)], b_eq=[*right, 1])), Optimal)


def covered(pair: tuple[tuple[sp.Expr, ...], ...], game: Game, items: tuple[Any, ...]) -> bool:
    """Whether a pair of realization plans lies in one of the maximal subsets listed."""
    for item in items:
        vertices = item.vertices if isinstance(item, Component) else (item,)
        for subset in (item.subsets if isinstance(item, Component) else ((0,),)):
            sides = list(zip(*(weights_of(game, vertices[k]) for k in subset), strict=True))
            if all(in_hull(point, list(dict.fromkeys(corners))) for point, corners in zip(pair, sides, strict=True)):
                return True
    return False


def gambit_equilibria(game: Game, theirs: Any, *, pure: bool = False) -> set[tuple[tuple[sp.Expr, ...], ...]]:
    """Gambit's equilibria of the reduced strategic form as realization plans, information sets matched node by node."""
    import pygambit

    names: dict[tuple[str, int], str] = {}
    stack = [(game.root, (), theirs.root)]
    while stack:
        node, history, other = stack.pop()
        if isinstance(node, Terminal):
            continue
        if isinstance(node, Decision):
            names[other.player.label, other.infoset.number] = node.information_set or "/".join(history) or "(start)"
        stack += [(child, (*history, name), below) for (name, child), below in zip(node.moves, other.children, strict=True)]
    method = pygambit.nash.enumpure_solve if pure else pygambit.nash.enummixed_solve
    result = method(theirs) if pure else method(theirs, rational=True)
    form, found = sequence_form(game), set()
    for profile in result.equilibria:
        pair = []
        for k, player in enumerate(theirs.players):
            plans = []
            for strategy in player.strategies:
                taken = ((i, strategy.action(i)) for i in player.infosets)
                numbered = {names[player.label, i.number]: next(n for n, b in enumerate(i.actions) if b == act) for i, act in taken if act is not None}
                plans.append((numbered, R(str(profile[strategy]))))
            actions = {s.name: s.actions for s in form.sets[k]}
            weights = [sp.Integer(1)]
            for number, (name, action) in enumerate(form.sequences[k][1:], start=1):
                own, position = [(name, action)], form.before[k][name]
                while position:
                    own.append(form.sequences[k][position])
                    position = form.before[k][own[-1][0]]
                weights.append(sum((p for plan, p in plans if all(plan.get(s) == actions[s].index(act) for s, act in own)), sp.Integer(0)))
                assert len(weights) == number + 1
            pair.append(tuple(weights))
        found.add(tuple(pair))
    return found


def agrees_with_gambit(game: Game, theirs: Any) -> None:
    """Our extreme equilibria are Gambit's as realization plans; Gambit's others are mixtures of ours; pure ones agree too."""
    solution = solve(game, Nash())
    ours, listed = {weights_of(game, e) for e in solution.extreme}, gambit_equilibria(game, theirs)
    assert ours <= listed and all(covered(pair, game, solution.equilibria) for pair in listed - ours)
    pure = {pair for pair in ours if all(weight in (0, 1) for side in pair for weight in side)}
    assert pure == gambit_equilibria(game, theirs, pure=True)
    one = solve(game, Lemke()).extreme[0]
    assert covered(weights_of(game, one), game, solution.equilibria)
    perfect = solve(game, SubgamePerfect())
    assert all(covered(weights_of(game, e), game, solution.equilibria) for e in perfect.extreme)


def test_every_two_player_tree_of_gambits_catalogue_has_gambits_equilibria() -> None:
    pygambit = pytest.importorskip("pygambit")
    from bargain.games.information import forgotten
    from bargain.interop.gambit import from_pygambit

    compared = 0
    for name in pygambit.catalog.games().Game:
        theirs = pygambit.catalog.load(name)
        if not theirs.is_tree:
            continue
        game = from_pygambit(theirs)
        assert isinstance(game, Game)
        if forgotten(game) is not None:
            with pytest.raises(NotApplicable, match="imperfect recall"):
                solve(game, SubgamePerfect())
        elif len(game.players) == 2:
            agrees_with_gambit(game, theirs)
            compared += 1
    assert compared >= 23


@pytest.mark.parametrize("seed", range(20))
def test_random_trees_have_gambits_equilibria(seed: int) -> None:
    pytest.importorskip("pygambit")
    from bargain.interop.gambit import to_pygambit

    game = random_game(np.random.default_rng(100 + seed), depth=4)
    if len({s.player for s in information_sets(game)}) == 2 and len(planned_form(game, reduced=True).matrix.payoffs) <= 60:
        agrees_with_gambit(game, to_pygambit(game))


def pure_perfect(game: Game) -> set[tuple[tuple[str, ...], tuple[sp.Expr, ...]]]:
    """Outcomes (path, payoffs) of all pure subgame-perfect equilibria, from every pure profile and every pure deviation in every subgame."""
    sets = information_sets(game)
    roots = [game.node(*history) for history in subgame_roots(game)]
    starts = subgame_roots(game)

    def run(node: Node, history: tuple[str, ...], plan: dict[str, str]) -> tuple[tuple[str, ...], tuple[sp.Expr, ...]]:
        if isinstance(node, Terminal):
            return (), tuple(node.payoffs[player] for player in game.players)
        if isinstance(node, Decision):
            action = plan[node.information_set or "/".join(history) or "(start)"]
            path, paid = run(dict(node.moves)[action], (*history, action), plan)
            return (action, *path), paid
        assert isinstance(node, Chance)
        parts = [(name, p, *run(child, (*history, name), plan)) for name, p, child in node.draws]
        story = " | ".join("/".join((name, *path)) for name, _, path, _ in parts)
        return (f"{{{story}}}",), tuple(sum(p * paid[k] for _, p, _, paid in parts) for k in range(len(game.players)))

    def stable(plan: dict[str, str]) -> bool:
        for k, player in enumerate(game.players):
            own = [s for s in sets if s.player == player]
            others = [dict(zip((s.name for s in own), choice, strict=True)) for choice in product(*(s.actions for s in own))]
            for root, start in zip(roots, starts, strict=True):
                here = run(root, start, plan)[1][k]
                if any(run(root, start, {**plan, **other})[1][k] > here for other in others):
                    return False
        return True

    profiles = (dict(zip((s.name for s in sets), choice, strict=True)) for choice in product(*(s.actions for s in sets)))
    return {run(game.root, (), plan) for plan in profiles if stable(plan)}


@pytest.mark.parametrize("seed", range(40))
def test_random_trees_have_the_pure_perfect_equilibria_of_brute_force(seed: int) -> None:
    game = random_game(np.random.default_rng(300 + seed), depth=3)
    if len(information_sets(game)) <= 6:
        solution = solve(game, SubgamePerfect())
        ours = {(e.path, tuple(e.payoffs[player] for player in game.players)) for e in solution.extreme}
        assert pure_perfect(game) <= ours
        assert {(e.path, tuple(e.payoffs[player] for player in game.players)) for e in solution.extreme if is_pure(e)} <= pure_perfect(game)
        assert solution.status in (Status.CERTIFIED, Status.INCOMPLETE)


@pytest.mark.parametrize("seed", range(12))
def test_zero_sum_trees_have_one_value_by_every_route(seed: int) -> None:
    game = zero_sum(random_game(np.random.default_rng(500 + seed), depth=5))
    if not {s.player for s in information_sets(game)}:
        return
    values = {e.payoffs[player] for solver in (Minimax(), Lemke(), Lemke(exact=True)) for e in solve(game, solver).extreme for player in "A"}
    assert len(values) == 1
    (value,) = values
    for solver in (Minimax(exact=False), CounterfactualRegret(200)):
        solution = solve(game, solver)
        (near,) = solution.extreme
        to_first = value if "A" in {s.player for s in information_sets(game)} else R(1, 2) - value
        assert near.quantities["value_low"] <= to_first <= near.quantities["value_high"] and solution.status is Status.WITHIN
        assert near.quantities["regret"] < (R(1, 10**4) if isinstance(solver, Minimax) else R(1, 10))


def test_the_number_of_rounds_tightens_the_bound() -> None:
    few, many = (solve(kuhn(), CounterfactualRegret(n)).extreme[0].quantities["regret"] for n in (20, 2000))
    assert many < R(1, 5000) < few
    with pytest.raises(BadInput, match="0 iterations"):
        CounterfactualRegret(0)


def test_sequence_form_solvers_refuse_what_they_cannot_solve() -> None:
    with pytest.raises(NotApplicable, match="add up to 0 at .* and to 1"):
        solve(Game("battle", ("A", "B"), (), decision("A", l=end(0, 0), r=end(1, 0))), Minimax())
    with pytest.raises(NotApplicable, match="1 free parameters"):
        solve(card_game(a), Lemke())
    with pytest.raises(NotApplicable, match="3 players have moves"):
        solve(horse(), Lemke())
    forgets = decision("A", {m: decision("A", {n: end(1, 0) for n in "xy"}, information_set="again") for m in "lr"})
    for solver in (Nash(), Lemke(), Minimax(), CounterfactualRegret(), SubgamePerfect()):
        with pytest.raises(NotApplicable, match="imperfect recall"):
            solve(Game("forgets", ("A", "B"), (), forgets), solver)


def test_the_enumeration_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bargain.kernels.realization._RAYS", 5)
    game = kuhn()
    stage = whole(game, "test")
    form = realization_form(stage, ("A", "B"), (0, 1), [tuple(e.node.payoffs.values()) for e in stage.ends if isinstance(e.node, Terminal)])
    with pytest.raises(TooLarge, match="use Lemke"):
        extreme_realizations(form)


# --- certificates -------------------------------------------------------------------------------------------------------------------------------

def corrupted(solution: Any, player: str, name: str, weights: dict[str, Any]) -> Any:
    """The first equilibrium with one behaviour replaced, alone in its regime."""
    e = next(iter(solution.regimes[0].extreme()))
    strategies = {**e.strategies, player: {**e.strategies[player], name: {action: sp.sympify(w) for action, w in weights.items()}}}
    return replace(solution, regimes=(replace(solution.regimes[0], equilibria=(replace(e, strategies=strategies),)),))


@pytest.mark.parametrize("solver", [Nash(), SubgamePerfect(), Lemke(), Minimax()])
def test_a_wrong_mixture_is_refuted(solver: Any) -> None:
    solution = solve(card_game(), solver)
    assert solution.certificate.passed
    refuted = certify(corrupted(solution, "B", "b", {"meet": R(2, 3) + R(1, 1000), "pass": R(1, 3) - R(1, 1000)})).refuted
    assert any("plan deviation: " in reason for reason in refuted)
    assert any("weights" in reason for reason in certify(corrupted(solution, "B", "b", {"meet": R(2, 3), "pass": R(1, 2)})).refuted)
    assert certify(corrupted(solve(card_game(a), solver), "B", "b", {"meet": 1 / (a + 2), "pass": (a + 1) / (a + 2)})).refuted if not isinstance(
        solver, Lemke | Minimax) else True


def test_an_empty_threat_passes_as_nash_but_not_as_subgame_perfect() -> None:
    inside = decision("A", {m: decision("B", {n: end(*{"FF": (-1, -1), "FA": (1, 0), "AF": (0, 1), "AA": (3, 3)}[m + n]) for n in "FA"},
                                        information_set="blind") for m in "FA"})
    game = Game("entry", ("A", "B"), (), decision("A", out=end(2, 5), enter=inside))
    threat = {"A": {"(start)": {"out": 1, "enter": 0}, "enter": {"F": 1, "A": 0}}, "B": {"blind": {"F": 1, "A": 0}}}
    strategies = {p: {s: {k: sp.Integer(w) for k, w in actions.items()} for s, actions in sets.items()} for p, sets in threat.items()}
    for solver, passes in ((Nash(), True), (SubgamePerfect(), False)):
        solution = solve(game, solver)
        claim = Equilibrium(solver.concept, strategies, {"A": sp.Integer(2), "B": sp.Integer(5)}, ("out",), "out")
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(claim,)),))).passed is passes
    assert {e.outcome for e in solve(game, SubgamePerfect()).extreme} == {"enter/A/A"}


def test_a_bound_that_is_too_small_and_a_wrong_exchange_are_refuted() -> None:
    solution = solve(kuhn(), CounterfactualRegret(50))
    (near,) = solution.extreme
    for name, value in (("regret", near.quantities["regret"] / 2), ("value_high", near.quantities["value_low"]), ("value_low", near.quantities["value_high"])):
        claim = replace(near, quantities={**near.quantities, name: value})
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(claim,)),))).refuted
    coordination = {m: decision("B", {n: end(int(m == n), int(m == n)) for n in "lr"}, information_set="b") for m in "lr"}
    for solver in (Nash(), SubgamePerfect()):
        solution = solve(Game("coordination", ("A", "B"), (), decision("A", coordination)), solver)
        pure = tuple(e for e in solution.extreme if is_pure(e))
        assert len(pure) == 2 and len(solution.equilibria) == 3
        joined = replace(solution.regimes[0], equilibria=(Component(pure, ((0, 1),)),))
        assert certify(replace(solution, regimes=(joined,))).refuted


def test_plans_too_many_to_list_leave_the_certificate_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried, "_PLANS", 1)
    for solver in (Nash(), SubgamePerfect()):
        solution = solve(card_game(a), solver)
        assert solution.status is Status.UNCERTIFIED and "more than 1 plans" in solution.certificate.undecided[0]


# --- command line -------------------------------------------------------------------------------------------------------------------------------

MODEL = """
'''Two cards.'''
from bargain import *
def hand(sign):
    meet = decision("B", {"meet": payoffs(A=2*sign, B=-2*sign), "pass": payoffs(A=1, B=-1)}, information_set="B's only set")
    return decision("A", {"raise": meet, "fold": payoffs(A=sign, B=-sign)})
game = Game("cards", ("A", "B"), (), chance(red=("1/2", hand(1)), black=("1/2", hand(-1))))
"""


@pytest.mark.parametrize("concept", ["nash", "subgame-perfect", "lemke", "minimax", "counterfactual-regret"])
def test_the_command_line_names_information_sets(concept: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from bargain.cli import main

    path = tmp_path / "cards.py"
    path.write_text(MODEL, encoding="utf-8")
    assert main(["solve", str(path), "--concept", concept, "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["regimes"][0]["equilibria"]
    if concept == "counterfactual-regret":
        assert set(found["details"]["quantities"]) == {"regret", "value_low", "value_high"}
        return
    assert found["strategies"] == {"A": {"red": {"raise": "1", "fold": "0"}, "black": {"raise": "1/3", "fold": "2/3"}},
                                   "B": {"B's only set": {"meet": "2/3", "pass": "1/3"}}}
    assert main(["solve", str(path), "--concept", concept]) == 0
    printed = [line[: line.find("  ")] for line in capsys.readouterr().out.splitlines()]
    assert "2/3 meet + 1/3 pass" in " ".join(printed)
