"""Sequential and weak perfect Bayesian equilibria: published games, consistency, parameters, and Gambit as the other route."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import Game, NotApplicable, Notation, Parameter, Status, SubgamePerfect, TooLarge, chance, decision, payoffs, solve
from bargain.certify import certify
from bargain.errors import InvalidModel
from bargain.games import simultaneous
from bargain.games.disturbed import DisturbedGame, UniformCost
from bargain.models.classics import deterrence
from bargain.regions import Cell, Region, Space
from bargain.solution import Equilibrium, Solution
from bargain.solvers.information.assessments import Tree, probabilities
from bargain.solvers.information.conditions import Unsolved
from bargain.solvers.information.elimination import Elimination
from bargain.solvers.information.families import tidied
from bargain.solvers.information.projection import project
from bargain.solvers.information.sequential import PerfectBayesian, Sequential
from bargain.solvers.information.trembles import consistent

p, a, q = sp.symbols("p a q", real=True)
HALF = sp.Rational(1, 2)


def played(e: Equilibrium) -> dict[str, dict[str, sp.Expr]]:
    """Strategies by information set, actions of probability zero left out."""
    return {name: {action: w for action, w in actions.items() if w != 0} for nodes in e.strategies.values() for name, actions in nodes.items()}


def pure(e: Equilibrium) -> dict[str, str]:
    """The action at each set where one is taken for sure."""
    return {name: next(iter(actions)) for name, actions in played(e).items() if len(actions) == 1}


def admits(e: Equilibrium, **values: Any) -> bool:
    """Whether a family has a member with these values of its free symbols (named by a part of their name)."""
    symbols = sorted(e.free.symbols, key=str)
    cell = e.free
    for part, value in values.items():
        (symbol,) = [s for s in symbols if part in str(s)]
        cell = cell.where(symbol - sp.Rational(str(value)), 2)
    return Space(Notation(tuple(Parameter(s, "free") for s in symbols))).feasible(cell).answer is True


def beer_quiche(strong: Any, notation: tuple[Parameter, ...] = ()) -> Game:
    """Cho and Kreps (1987), figure I."""
    def message(kind: str, drink: str) -> Any:
        likes = int((kind, drink) in (("strong", "beer"), ("weak", "quiche")))
        return decision("R", {"duel": payoffs(S=likes, R=1 if kind == "weak" else -1), "not": payoffs(S=likes + 2, R=0)}, information_set=f"after {drink}")

    return Game("Beer and quiche", ("S", "R"), notation, chance({kind: (chance_of, decision("S", {drink: message(kind, drink) for drink in ("beer", "quiche")},
                information_set=kind)) for kind, chance_of in (("strong", strong), ("weak", 1 - strong))}))


def horse() -> Game:
    """Selten (1975), figure 1."""
    def third(left: tuple[int, int, int], right: tuple[int, int, int]) -> Any:
        return decision("3", {name: payoffs(dict(zip("123", u, strict=True))) for name, u in (("L", left), ("R", right))}, information_set="3")

    return Game("Selten's horse", ("1", "2", "3"), (), decision("1", {
        "D": third((3, 3, 2), (0, 0, 0)), "C": decision("2", {"d": third((4, 4, 0), (0, 0, 1)), "c": payoffs({"1": 1, "2": 1, "3": 1})})}))


def certified(problem: Any, solver: Any = None) -> Solution:
    solution = solve(problem, solver or Sequential())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    return solution


# Refusals

def test_games_without_a_finite_list_of_moves_and_games_with_too_many_parameters_are_refused() -> None:
    from bargain.models.classics import ultimatum

    with pytest.raises(NotApplicable, match="no finite list"):
        solve(ultimatum.game, Sequential(), at=ultimatum.game.notation.baseline)
    symbols = sp.symbols("x0:14", real=True)
    many = Game("many", ("A",), tuple(Parameter(s, "") for s in symbols), decision("A", {str(s): payoffs(A=s) for s in symbols}))
    with pytest.raises(TooLarge, match="14 free parameters"):
        solve(many, Sequential())
    with pytest.raises(TooLarge, match="combinations of supports"):
        solve(many.at({s: k for k, s in enumerate(symbols)}), Sequential(limit=10))


def test_forgetful_players_and_draws_that_never_happen_are_refused() -> None:
    node = decision("A", {"x": payoffs(A=1), "y": payoffs(A=0)}, information_set="A's")
    with pytest.raises(NotApplicable, match="imperfect recall"):
        solve(Game("forgets", ("A",), (), decision("A", {"l": node, "r": node})), Sequential())
    with pytest.raises(NotApplicable, match="never draws"):
        solve(Game("never", ("A",), (), chance({"l": (0, payoffs(A=1)), "r": (1, payoffs(A=1))})), Sequential())


# Published games

def test_beer_and_quiche_has_two_poolings_each_with_its_off_path_beliefs_and_replies() -> None:
    families = certified(beer_quiche(sp.Rational(9, 10))).extreme
    for drink, other in (("beer", "quiche"), ("quiche", "beer")):
        pooling = [e for e in families if pure(e)["strong"] == drink]
        assert len(pooling) == 2 and all(pure(e)["weak"] == drink and pure(e)[f"after {drink}"] == "not" for e in pooling)
        (sure,) = [e for e in pooling if pure(e).get(f"after {other}") == "duel"]
        (mixed,) = [e for e in pooling if f"after {other}" not in pure(e)]
        assert admits(sure, belief=0) and admits(sure, belief="1/2") and not admits(sure, belief="0.51")
        assert mixed.beliefs[f"after {other}"][f"strong/{other}"] == HALF
        assert admits(mixed, Pr="1/2") and not admits(mixed, Pr="0.49")
    assert len(families) == 4


def test_beer_and_quiche_is_solved_for_every_share_of_strong_types() -> None:
    solution = solve(beer_quiche(p, (Parameter(p, "share of strong types", domain="(0, 1)"),)), Sequential())
    assert solution.status is Status.PROVED and solution.overlapping and solution.certificate.passed
    conditions = {regime.condition.cells for regime in solution.regimes}
    assert conditions == {(Cell.of(p >= HALF),), (Cell.of(p < HALF),)} and len(solution.regimes) == 5
    (hybrid,) = [regime.equilibria[0] for regime in solution.regimes if regime.condition.cells == (Cell.of(p < HALF),)]
    assert isinstance(hybrid, Equilibrium) and sp.cancel(played(hybrid)["weak"]["beer"] - p / (1 - p)) == 0
    assert played(hybrid)["after beer"] == {"duel": HALF, "not": HALF}
    assert len(solution.at({p: "9/10"}).extreme) == 4 and len(solution.at({p: "1/3"}).extreme) == 1
    tie = solution.at({p: HALF})
    assert tie.status is Status.CERTIFIED and len(tie.extreme) > 4  # solved at the boundary itself


def test_seltens_horse_has_one_family_of_sequential_equilibria_and_more_nash_equilibria() -> None:
    families = certified(horse()).extreme
    assert {e.payoffs["1"] for e in families} == {1} and all(e.path == ("C", "c") for e in families)
    (mixed,) = [e for e in families if "3" not in pure(e)]
    assert admits(mixed, Pr="1/4") and not admits(mixed, Pr="0.26")
    (sure,) = [e for e in families if pure(e).get("3") == "R"]
    assert admits(sure, belief="1/3") and not admits(sure, belief="0.34")


def test_entrants_come_in_and_the_chain_store_shares_every_market() -> None:
    def market(number: int, store: int, earned: tuple[int, ...]) -> Any:
        if number == 3:
            return payoffs({"M": store, "E1": earned[0], "E2": earned[1]})
        fight = decision("M", {"share": market(number + 1, store + 2, (*earned, 2)), "fight": market(number + 1, store, (*earned, 0))})
        return decision(f"E{number}", {"in": fight, "out": market(number + 1, store + 5, (*earned, 1))})

    (only,) = certified(Game("Chain store, two markets", ("M", "E1", "E2"), (), market(1, 0, ()))).extreme
    assert only.path == ("in", "share", "in", "share") and set(pure(only).values()) == {"in", "share"}  # Selten (1978)


def tying_hands(cost: Any, notation: tuple[Parameter, ...] = ()) -> Game:
    """A mobilises at an audience cost or not; B concedes or resists; A attacks or backs down. Two types of A."""
    def kind(war: Any, name: str) -> Any:
        stand = decision("A", {"war": payoffs(A=war, B=-HALF), "back down": payoffs(A=-cost, B=1)}, information_set=f"{name} resisted")
        return decision("A", {"mobilise": decision("B", {"concede": payoffs(A=1, B=0), "resist": stand}, information_set="B"),
                              "quiet": payoffs(A=0, B=1)}, information_set=name)

    return Game("Tying hands", ("A", "B"), notation, chance({"strong": (HALF, kind(sp.Rational(1, 5), "strong")), "weak": (HALF, kind(-sp.Rational(1, 5), "weak"))}))


def test_with_a_small_audience_cost_the_weak_type_bluffs_half_the_time() -> None:
    (only,) = [e for e in certified(tying_hands(sp.Rational(1, 10))).extreme]
    assert played(only)["weak"]["mobilise"] == HALF and played(only)["B"]["concede"] == sp.Rational(1, 11)


def test_audience_costs_tie_hands_exactly_from_the_weak_types_war_value_on() -> None:
    solution = solve(tying_hands(a, (Parameter(a, "audience cost", domain=">0"),)), Sequential())
    assert solution.status is Status.PROVED
    bluff, tied = (next(r for r in solution.regimes if pure(next(r.extreme())).get("weak resisted") == move) for move in ("back down", "war"))
    assert bluff.condition.cells == (Cell.of(a <= sp.Rational(1, 5)),) and tied.condition.cells == (Cell.of(a >= sp.Rational(1, 5)),)
    assert isinstance(bluff.equilibria[0], Equilibrium) and sp.cancel(played(bluff.equilibria[0])["B"]["concede"] - a / (1 + a)) == 0
    assert isinstance(tied.equilibria[0], Equilibrium) and pure(tied.equilibria[0])["B"] == "concede"


@pytest.mark.parametrize(("types", "cost", "war", "expected"), [
    pytest.param(("-7/4", "-5/4", "-3/4", "-1/4", "1/4", "3/4"), "1/2", "-1/2", ("3/4", "1/3", "1/3"), marks=pytest.mark.slow),
    (("-3", "-2", "-3/2", "1/2"), "1", "-2", ("3/4", "1/2", "1/8")),
], ids=["AC1.1g", "AC1.2g"])
def test_audience_cost_games_pin_down_the_mass_of_bluffers_only(types: tuple[str, ...], cost: str, war: str, expected: tuple[str, ...]) -> None:
    def named(w: str) -> str:
        return f"w = {w}".replace("/", ":")

    def kind(w: str) -> Any:
        stand = decision("A", {"war": payoffs(A=sp.Rational(w), B=sp.Rational(war)), "back down": payoffs(A=-sp.Rational(cost), B=1)},
                         information_set=f"{named(w)} resisted")
        return decision("A", {"challenge": decision("B", {"concede": payoffs(A=1, B=0), "resist": stand}, information_set="B"),
                              "quiet": payoffs(A=0, B=1)}, information_set=named(w))

    share = sp.Rational(1, len(types))
    families = certified(Game("Audience costs", ("A", "B"), (), chance({named(w): (share, kind(w)) for w in types}))).extreme
    challenge, concede, fought = map(sp.Rational, expected)
    for e in families:
        at = {s: v for s, v in (Space(Notation(tuple(Parameter(s, "") for s in sorted(e.free.symbols, key=str)))).feasible(e.free).witness or {}).items()}
        rates = {w: e.strategies["A"][named(w)]["challenge"].subs(at) for w in types}
        assert sum(rates.values()) * share == challenge and played(e)["B"]["concede"] == concede
        wars = sum(rates[w] for w in types if sp.Rational(w) >= -sp.Rational(cost)) * share * (1 - concede)
        assert wars == fought


def test_myersons_card_game_is_played_with_one_bluff_in_three() -> None:
    def card(sign: int) -> Any:
        meet = decision("2", {"meet": payoffs({"1": 2 * sign, "2": -2 * sign}), "pass": payoffs({"1": 1, "2": -1})}, information_set="2")
        return decision("1", {"raise": meet, "fold": payoffs({"1": sign, "2": -sign})}, information_set="red" if sign > 0 else "black")

    (only,) = certified(Game("Card game", ("1", "2"), (), chance(red=(HALF, card(1)), black=(HALF, card(-1))))).extreme
    assert played(only)["black"] == {"raise": sp.Rational(1, 3), "fold": sp.Rational(2, 3)}
    assert played(only)["2"]["meet"] == sp.Rational(2, 3) and only.payoffs["1"] == sp.Rational(1, 3)  # Myerson (1991), section 2.1


def haggling(low: Any, mu: Any, delta: Any, grid: tuple[Any, ...]) -> Game:
    """A seller names a price out of a grid twice; the buyer is worth 3 with probability mu, else `low`."""
    def round_(number: int, before: str, kind: str) -> Any:
        worth = sp.Integer(3) if kind == "h" else low
        def reply(price: Any) -> Any:
            weight = delta ** (number - 1)
            later = round_(2, f"{float(price)}", kind) if number == 1 else payoffs(S=0, B=0)
            return decision("B", {"accept": payoffs(S=weight * price, B=weight * (worth - price)), "reject": later}, information_set=f"{kind} at {before} {price}")
        return decision("S", {f"{float(price)}": reply(price) for price in grid}, information_set=f"S after {before}")

    return Game("Haggling", ("S", "B"), (), chance(h=(mu, round_(1, "-", "h")), l=(1 - mu, round_(1, "-", "l"))))


@pytest.mark.parametrize(("mu", "first"), [("1/2", "19/10"), ("1/4", "9/10")], ids=["FT1.1 skim", "FT1.3 pool"])
def test_a_seller_with_two_offers_skims_or_pools(mu: str, first: str) -> None:
    """Fudenberg and Tirole's two-period sale with prices just below the values, so that no buyer is indifferent."""
    grid = tuple(map(sp.Rational, ("9/10", "19/10")))
    (profit,) = {e.payoffs["S"] for e in certified(haggling(sp.Integer(1), sp.Rational(mu), HALF, grid)).extreme}
    share, low, high = sp.Rational(mu), *grid
    skim, pool = share * high + (1 - share) * HALF * low, low  # the high type takes 19/10 at once, as 3 - 19/10 > (3 - 9/10)/2
    assert profit == max(skim, pool) and (profit == pool) == (first == "9/10")


# Consistency

def two_receivers() -> Game:
    """A sender who knows the state may enter; each of two receivers, who see only that, guards against one state or not."""
    def second(state: str, one: str) -> Any:
        def end(two: str) -> Any:
            mine, yours = (2 if one == state else 0), (2 if two == state else 0)
            harm = -3 if (one, two) == ("x", "y") else 1
            return payoffs(S=harm, A=mine, B=yours)
        return decision("B", {two: end(two) for two in ("x", "y")}, information_set="B")

    def start(state: str) -> Any:
        return decision("S", {"out": payoffs(S=0, A=0, B=0), "in": decision("A", {one: second(state, one) for one in ("x", "y")}, information_set="A")},
                        information_set=f"S in {state}")

    return Game("Two receivers", ("S", "A", "B"), (), chance(x=(sp.Rational(1, 3), start("x")), y=(sp.Rational(2, 3), start("y"))))


def test_two_receivers_of_one_deviation_hold_the_same_belief_unless_beliefs_are_arbitrary() -> None:
    """Staying out needs A to guard x and B to guard y: beliefs that differ. Only the weak concept allows them for sure."""
    def apart(solution: Solution) -> list[Equilibrium]:
        return [e for e in solution.extreme if pure(e).get("S in x") == "out" == pure(e).get("S in y") and pure(e).get("A") == "x" and pure(e).get("B") == "y"]

    (tie,), (loose,) = apart(certified(two_receivers())), apart(certified(two_receivers(), PerfectBayesian()))
    assert not tie.free.atoms and tie.beliefs["A"]["x/in"] == HALF == tie.beliefs["B"]["x/in/x"]  # consistent only where both are indifferent
    assert admits(loose, **{"belief(x/in)": 1}) and admits(loose, **{"belief(x/in/x)": 0})


def test_two_deviations_at_once_are_less_likely_than_one() -> None:
    """A third player who sees that somebody deviated must not believe that both did."""
    def watch(*deviated: bool) -> Any:
        if not any(deviated):
            return payoffs(A=0, B=0, C=0)
        both = all(deviated)
        return decision("C", {"punish": payoffs(A=-1, B=-1, C=1 if both else -1), "forgive": payoffs(A=1, B=1, C=0)}, information_set="C")

    game = Game("Watchman", ("A", "B", "C"), (), simultaneous({"A": ("stay", "go"), "B": ("stay", "go")},
                {(x, y): watch(x == "go", y == "go") for x, y in product(("stay", "go"), repeat=2)}))
    assert all(pure(e).get("A") != "stay" or pure(e).get("B at (start)") != "stay" for e in certified(game).extreme)
    quiet = [e for e in certified(game, PerfectBayesian()).extreme if e.payoffs["A"] == 0]
    assert quiet and all(pure(e)["C"] == "punish" for e in quiet if "C" in pure(e))


def test_the_odds_of_trembles_multiply_to_one_around_a_cycle() -> None:
    """Three receivers see one pair of deviations each: their odds a:b, b:c and c:a are bound together (after Kreps and Ramey 1987)."""
    pairs = {"X": "ab", "Y": "bc", "Z": "ca"}

    def after(truth: str) -> Any:
        return chance({w: (HALF, decision(w, {"l": payoffs(S=-1, X=0, Y=0, Z=0), "r": payoffs(S=-1, X=0, Y=0, Z=0)}, information_set=w))
                       for w in pairs if truth in pairs[w]})

    game = Game("Cycle", ("S", "X", "Y", "Z"), (), decision("S", {"stay": payoffs(S=0, X=0, Y=0, Z=0), **{t: after(t) for t in "abc"}}))
    tree = Tree.of(game, "test")
    support = {s.name: s.actions[:1] for s in tree.sets}
    families = list(consistent(tree, support, {s.name: probabilities(s, support[s.name]) for s in tree.sets}))
    inner = [f for f in families if len(f.unknowns) == 3]
    (bound,) = inner
    (equation,) = bound.equations
    at = {symbol: sp.Rational(k + 2, 5) for k, symbol in enumerate(bound.unknowns)}
    odds = [sp.prod([w.subs(at) for w in bound.weights[name][:1]]) / bound.weights[name][1].subs(at) for name in "XYZ"]
    product_ = odds[0] * odds[1] / odds[2]  # Z lists a before c
    assert (equation.subs(at) == 0) == (product_ == 1) and equation.subs({s: HALF for s in bound.unknowns}) == 0
    kept = {tuple(tuple(bool(w != 0) for w in f.weights[name]) for name in "XYZ") for f in families}
    assert len(families) == 13 and ((True, False), (True, False), (False, True)) not in kept  # thirteen weak orders of three trembles; no cycle a > b > c > a


# Private costs

def test_a_private_cost_turns_a_move_into_a_response() -> None:
    worth = sp.Symbol("worth", real=True)
    game = Game("Raid", ("A",), (Parameter(worth, "gain"),), decision("A", raid=payoffs(A=worth), stay=payoffs(A=0)))
    solution = solve(DisturbedGame(game, {"(start)": UniformCost("raid", "1/4", "3/4")}), Sequential())
    found = {regime.condition.cells: played(regime.equilibria[0]).get("(start)", {}).get("raid", 0) for regime in solution.regimes}  # type: ignore[arg-type]
    assert solution.status is Status.PROVED and len(found) == 3
    assert found[Cell.of(4 * worth > 1, 4 * worth < 3),] == 2 * worth - HALF
    (middle,) = (e for r in solution.regimes for e in r.extreme() if " or " in e.outcome)
    assert sp.expand(middle.payoffs["A"] - (worth - sp.Rational(1, 4)) ** 2) == 0  # the integral of worth - cost
    with pytest.raises(NotApplicable, match="needs a game tree"):
        solve(DisturbedGame(game.at({worth: HALF}), {"(start)": UniformCost("raid")}), SubgamePerfect())
    with pytest.raises(InvalidModel, match="no interval"):
        UniformCost("raid", 1, 1)
    with pytest.raises(InvalidModel, match="no information set"):
        DisturbedGame(game, {"nowhere": UniformCost("raid")})


# Systems that resist, and corrupted answers

def test_a_system_that_cannot_be_solved_says_so() -> None:
    x, y = sp.symbols("x y", real=True)
    work = Elimination(Notation((Parameter(a, "", domain="(0, 1)"),)), degenerate=False)
    inside = Cell.of(x > 0, x < 1)
    with pytest.raises(Unsolved):
        list(work.solve([x**5 + a * x - 1], inside, [x]))
    (root,) = list(work.solve([x**2 - a], inside, [x]))
    assert root.values[x] == sp.sqrt(a)
    numeric = Elimination(Notation(), degenerate=True)
    (case,) = [c for c in numeric.solve([x**2 - 2 * y**2, x + y**2 - 1], Cell.of(x > 0, x < 1, y > 0, y < 1), [x, y])]
    assert sp.simplify(case.values[x] ** 2 - 2 * case.values[y] ** 2) == 0 and 0 < case.values[x] < 1


def test_supports_whose_equations_resist_are_named_and_the_list_is_called_incomplete() -> None:
    """Players 2, 3 and 4 copy each other's frequency of x; player 1 is indifferent where its cube is a."""
    def cell(*moves: str) -> Any:
        x = [int(move == "x") for move in moves]
        return payoffs({"1": (x[1] * x[2] * x[3] if x[0] else a), **{str(k + 1): (x[(k + 1) % 4] if x[k] else x[k - 1]) for k in (1, 2, 3)}})

    game = Game("Cube", tuple("1234"), (Parameter(a, "threshold", domain="(0, 1)"),),
                simultaneous(dict.fromkeys("1234", ("x", "y")), {moves: cell(*moves) for moves in product("xy", repeat=4)}))
    solution = solve(game, Sequential())
    assert solution.status is Status.INCOMPLETE and solution.status.complete is None and solution.certificate.passed
    assert any("(start): x/y" in reason or "1 at (start): x/y" in reason for reason in solution.stats["unsolved"])


def test_projection_by_elimination_is_exact() -> None:
    x, y = sp.symbols("x y", real=True)
    work = Elimination(Notation((Parameter(a, "", domain="real"),)), degenerate=False)
    cells = project(work, Cell.of(x >= 0, y >= 0, x + y <= 1, x + 2 * y >= a))
    assert Space(work.notation).implies(Cell.of(a <= 2), cells[0]).answer and Space(work.notation).implies(cells[0], Cell.of(a <= 2)).answer
    assert [tidied(Space(work.notation), cell) for cell in project(work, Cell.of(x >= 0, x <= 1, a * x >= 2))] == [Cell.of(a >= 2)]


def corrupted(solution: Solution, **changes: Any) -> Solution:
    regime = solution.regimes[0]
    return replace(solution, regimes=(replace(regime, equilibria=(replace(regime.equilibria[0], **changes), *regime.equilibria[1:])), *solution.regimes[1:]))  # type: ignore[arg-type]


def test_the_certificate_refutes_wrong_strategies_beliefs_trembles_and_regions() -> None:
    solution = solve(beer_quiche(p, (Parameter(p, "share of strong types", domain="(0, 1)"),)), Sequential())
    first = solution.regimes[0].equilibria[0]
    assert isinstance(first, Equilibrium) and certify(solution).passed
    other = {**first.strategies, "R": {**first.strategies["R"], "after quiche": {"duel": sp.Integer(0), "not": sp.Integer(1)}}}
    beliefs = {**first.beliefs, "after beer": {"strong/beer": HALF, "weak/beer": HALF}}
    epsilon = sp.Symbol("epsilon", positive=True)
    for change in ({"strategies": other}, {"beliefs": beliefs}, {"free": Cell()}, {"payoffs": {"S": sp.Integer(3), "R": sp.Integer(0)}},
                   {"trembles": {**first.trembles, "strong": {"quiche": epsilon}, "weak": {"quiche": epsilon}}}, {"trembles": {}}):
        assert certify(corrupted(solution, **change)).refuted, change
    impossible = replace(solution, regimes=(replace(solution.regimes[0], condition=Region.everything()), *solution.regimes[1:]))
    assert certify(impossible).refuted
    assert certify(replace(solution, regimes=solution.regimes[:1])).refuted  # no longer covers
    (symbol,) = first.free.symbols
    assert certify(corrupted(solution, free=first.free.where(symbol - 2, 4))).refuted  # a family without members


def test_renaming_players_and_scaling_payoffs_changes_nothing_else() -> None:
    def scaled(node: Any) -> Any:
        if hasattr(node, "payoffs"):
            return payoffs({"Z" if name == "S" else name: 3 * value + 7 for name, value in node.payoffs.items()})
        if hasattr(node, "draws"):
            return chance({name: (w, scaled(child)) for name, w, child in node.draws})
        return decision("Z" if node.player == "S" else node.player, {name: scaled(child) for name, child in node.moves}, information_set=node.information_set)

    game = beer_quiche(sp.Rational(9, 10))
    plain, moved = certified(game).extreme, certified(Game("scaled", ("Z", "R"), (), scaled(game.root))).extreme
    assert [(played(e), e.free) for e in plain] == [(played(e), e.free) for e in moved]


# Gambit as the other route

def gambit(game: Game) -> tuple[Any, dict[str, Any]]:
    """A pygambit copy of a numeric tree, and its information sets by name."""
    gbt = pytest.importorskip("pygambit")
    copy = gbt.Game.new_tree(players=list(game.players), title=game.title)
    sets: dict[str, Any] = {}
    number = iter(range(10_000))

    def rational(value: sp.Expr) -> Any:
        return gbt.Rational(int(value.p), int(value.q))

    def grow(node: Any, source: Any, where: str) -> None:
        if hasattr(source, "payoffs"):
            copy.set_outcome(node, copy.add_outcome(f"o{next(number)}", [rational(source.payoffs[player]) for player in game.players]))
            return
        names = [name for name, _ in source.moves]
        if hasattr(source, "draws"):
            copy.append_move(node, copy.players.chance, names)
            copy.set_chance_probs(node.infoset, [rational(w) for _, w, _ in source.draws])
        else:
            name = source.information_set or where or "(start)"
            if name in sets:
                copy.append_infoset(node, sets[name])
            else:
                copy.append_move(node, source.player, names)
                sets[name] = node.infoset
                node.infoset.label = name
        for child, (name, below) in zip(node.children, source.moves, strict=True):
            grow(child, below, f"{where}/{name}".strip("/"))

    grow(copy.root, game.root, "")
    return copy, {infoset.label: infoset for infoset in copy.infosets}


def signalling(seed: int) -> Game:
    """Two types, two messages, two replies; integer payoffs, no two of them equal."""
    draw = Random(seed)
    prior = sp.Rational(draw.randint(1, 6), 7)
    numbers = draw.sample(range(-30, 31), 16)
    u = {cell: (numbers[2 * k], numbers[2 * k + 1]) for k, cell in enumerate(product("st", "mn", "xy"))}
    return Game(f"signalling {seed}", ("S", "R"), (), chance({t: (w, decision("S", {m: decision("R", {r: payoffs(S=u[t, m, r][0], R=u[t, m, r][1]) for r in "xy"},
                information_set=f"R {m}") for m in "mn"}, information_set=t)) for t, w in (("s", prior), ("t", 1 - prior))}))


def on_path(strategies: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    """The sender's strategy and the replies to messages that are sent, to nine digits."""
    sent = {m for t in "st" for m in "mn" if abs(float(strategies[t][m])) > 1e-9}
    return tuple(round(float(strategies[t]["m"]), 9) for t in "st") + tuple((m, round(float(strategies[f"R {m}"]["x"]), 9)) for m in sorted(sent))


def deterred(game: Game, strategies: Mapping[str, Mapping[str, Any]], value: Mapping[str, float]) -> bool:
    """Whether some belief and best reply after the message nobody sends keeps both types from sending it (a fine grid of beliefs, ends and ties)."""
    unused = next(m for m in "mn" if all(abs(float(strategies[t][m])) <= 1e-9 for t in "st"))
    u = {(t, r): game.node(t, unused, r).payoffs for t in "st" for r in "xy"}  # type: ignore[union-attr]
    gap = {t: u[t, "x"]["R"] - u[t, "y"]["R"] for t in "st"}
    crossing = [Fraction(int(-gap["t"]), int(gap["s"] - gap["t"]))] if gap["s"] != gap["t"] else []
    for belief in [Fraction(k, 40) for k in range(41)] + [c for c in crossing if 0 <= c <= 1]:
        net = belief * int(gap["s"]) + (1 - belief) * int(gap["t"])
        for x in [1.0] if net > 0 else [0.0] if net < 0 else [k / 400 for k in range(401)]:
            if all(x * float(u[t, "x"]["S"]) + (1 - x) * float(u[t, "y"]["S"]) <= value[t] + 1e-9 for t in "st"):
                return True
    return False


@pytest.mark.parametrize("seed", range(5))
def test_every_family_is_nash_in_gambit_and_every_sequential_nash_outcome_of_gambit_is_listed(seed: int) -> None:
    gbt = pytest.importorskip("pygambit")
    game = signalling(seed)
    copy, sets = gambit(game)
    ours = set()
    for e in certified(game).extreme:
        symbols = sorted(e.free.symbols, key=str)
        at = Space(Notation(tuple(Parameter(s, "") for s in symbols))).feasible(e.free).witness or {} if symbols else {}
        strategies = {name: {action: w.subs(at) for action, w in actions.items()} for nodes in e.strategies.values() for name, actions in nodes.items()}
        profile = copy.mixed_behavior_profile(rational=True)
        for name, actions in strategies.items():
            profile[sets[name]] = [gbt.Rational(int(w.p), int(w.q)) for w in actions.values()]
        assert profile.max_regret() == 0
        ours.add(on_path(strategies))
    theirs = set()
    for profile in gbt.nash.enumpoly_solve(copy).equilibria:
        strategies = {name: {action.label: profile[action] for action in infoset.actions} for name, infoset in sets.items()}
        value = {t: float(profile.infoset_value(sets[t])) for t in "st"}
        both = all(any(abs(float(strategies[t][m])) > 1e-9 for t in "st") for m in "mn")
        if both or deterred(game, strategies, value):
            theirs.add(on_path(strategies))
    assert ours == theirs


def test_the_deterrence_game_has_the_regimes_of_subgame_perfection() -> None:
    sequential = solve(deterrence.game, Sequential())
    space = Space(deterrence.NOTATION)
    perfect = solve(deterrence.game, SubgamePerfect())
    assert sequential.status is Status.PROVED
    for regime in perfect.regimes:
        moves = next(regime.extreme()).path
        assert any(next(other.extreme()).path == moves and space.implies(regime.cell, other.cell).answer for other in sequential.regimes)
