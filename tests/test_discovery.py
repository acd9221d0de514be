"""Regimes by discovery: the same partition as the case-by-case route, and the same answers as arrays."""

import random
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
import z3

from bargain import BadInput, Game, NotApplicable, Notation, Parameter, Status, SubgamePerfect, TooLarge, chance, decision, payoffs, solve
from bargain.certify import certify
from bargain.certify.plays import Plays
from bargain.compile import compile_game
from bargain.games.nodes import Node
from bargain.models.ukraine import grand_bargain as grand
from bargain.regions import Cell, Region, Space
from bargain.regions.explore import Oracle
from bargain.solution import Regime, Solution
from bargain.solvers.regimes.comparisons import Comparisons
from bargain.solvers.regimes.decider import Decider, Incremental
from bargain.solvers.regimes.discovery import discover
from bargain.solvers.regimes.enlarge import Finder
from bargain.solvers.regimes.polynomials import bounds, polynomial, primitive
from bargain.solvers.regimes.search import Search
from bargain.solvers.trees.induction import Induction

SYMBOLS = a, b, c, p, q = sp.symbols("a b c p q", real=True)
PLAYERS = ("A", "B", "C")


def notation(count: int) -> Notation:
    return Notation(tuple(Parameter(s, "free", domain="[-2, 2]", prior=(-2, 2), baseline="1/3") for s in SYMBOLS[:count]))


def tree(draw: random.Random, depth: int, count: int, *, chancy: bool = False, curved: bool = False) -> Node:
    """A random tree with payoffs linear in two of `count` parameters; `curved` adds products, `chancy` moves of chance."""
    if depth == 0:
        def payoff() -> sp.Expr:
            extra = draw.randint(-2, 2) * a * b if curved else 0
            return sum(draw.randint(-3, 3) * s for s in draw.sample(SYMBOLS[:count], min(count, 2))) + extra + sp.Rational(draw.randint(-7, 7), 3)
        return payoffs({player: payoff() for player in PLAYERS})
    children = {name: tree(draw, depth - draw.choice((1, 2)) if depth > 1 else 0, count, chancy=chancy, curved=curved) for name in ("l", "r")}
    if chancy and draw.random() < 0.3:
        return chance({"l": (sp.Rational(1, 3), children["l"]), "r": (sp.Rational(2, 3), children["r"])})
    return decision(draw.choice(PLAYERS), children)


def by_outcome(solution: Solution) -> dict[tuple[str, ...], list[Cell]]:
    cells: dict[tuple[str, ...], list[Cell]] = {}
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            cells.setdefault(equilibrium.path, []).extend(regime.condition.cells)
    return cells


def assert_equal_partitions(cases: Solution, found: Solution) -> None:
    """Each outcome's region by cases (closed) and by discovery cover each other, proved."""
    space = Space(found.problem.notation)
    left, right = by_outcome(cases), by_outcome(found)
    assert set(left) == set(right)
    for path, cells in left.items():
        closed = [cell.closure() for cell in cells]
        for cell in right[path]:
            assert space.uncovered(closed, cell).answer is False, (path, cell)
        for cell in closed:
            assert space.uncovered(right[path], cell).answer is False, (path, cell)


def random_game(seed: int, *, chancy: bool = False, curved: bool = False) -> Game:
    """Three parameters and up to 8 ends, or (seeds that are no multiple of 3) four or five parameters and up to 4 ends."""
    draw = random.Random(seed)
    count = 3 if curved or chancy else 3 + seed % 3
    return Game(f"random {seed}", PLAYERS, notation(count), tree(draw, 3 if count == 3 else 2, count, chancy=chancy, curved=curved))


def test_what_is_no_finite_tree_of_decisions_and_chance_is_refused() -> None:
    from bargain.models.classics import ultimatum

    with pytest.raises(NotApplicable, match="finite tree"):
        discover(ultimatum.game, SubgamePerfect(), limit=10)
    with pytest.raises(BadInput, match="positive number of seconds"):
        SubgamePerfect(time_limit=0)


@pytest.mark.slow
def test_a_search_that_cannot_end_is_refused_with_an_estimate_and_what_to_fix() -> None:
    with pytest.raises(TooLarge, match=r"the first \d+ cells cover .*% of the sample points.*fix some .*most conditions first: \w+, .*time_limit"):
        solve(grand.game, SubgamePerfect())


@pytest.mark.parametrize("seed", range(12))
def test_discovery_and_cases_give_the_same_partition(seed: int) -> None:
    game = random_game(seed)
    found = discover(game, SubgamePerfect(), limit=500)
    assert found.status.complete and certify(found).passed
    assert_equal_partitions(SubgamePerfect().run(game), found)


@pytest.mark.parametrize("seed", [3, 6])
def test_products_of_parameters_change_nothing_in_that(seed: int) -> None:
    game = random_game(seed, curved=True)
    found = discover(game, SubgamePerfect(), limit=500)
    assert found.status.complete and certify(found).passed
    assert_equal_partitions(SubgamePerfect().run(game), found)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_two_hundred_random_trees_are_partitioned_alike_by_both_routes(block: int) -> None:
    for seed in range(1000 + 50 * block, 1050 + 50 * block):
        game = random_game(seed)
        found = discover(game, SubgamePerfect(), limit=2000)
        assert found.status.complete, seed
        assert_equal_partitions(SubgamePerfect().run(game), found)


@pytest.mark.parametrize("seed", [6, 11, 18, 28])
def test_chance_moves_are_certified_and_agree_with_exact_induction_at_points(seed: int) -> None:
    game = random_game(seed, chancy=True)
    assert game.count["chance"]
    found = discover(game, SubgamePerfect(), limit=500)
    assert found.status.complete and certify(found).passed
    assert_agrees_with_induction(found, random.Random(seed), 40)


def assert_agrees_with_induction(found: Solution, draw: random.Random, count: int) -> None:
    space = Space(found.problem.notation)
    for _ in range(count):
        point = {s: sp.Rational(draw.randint(-20, 20), 10) for s in found.problem.notation.symbols}
        here = found.problem.at(point)
        exact = {tuple(play.payoffs) for play in Induction(PLAYERS, Oracle(Space(here.notation), Cell())).plays(here.root)}
        listed = {tuple(e.payoffs[player].subs(point) for player in PLAYERS)
                  for regime in found.regimes if any(space.contains(point, cell) for cell in regime.condition) for e in regime.extreme()}
        assert listed and listed <= exact, point


def corrupted(solution: Solution, cells: Iterable[Cell], *, regime: int = 0) -> Solution:
    changed = Regime(Region(tuple(cells)), solution.regimes[regime].equilibria)
    return replace(solution, regimes=(*solution.regimes[:regime], changed, *solution.regimes[regime + 1 :]))


@pytest.mark.parametrize("chancy", [False, True])
def test_the_certificate_objects_to_a_cell_too_large_a_missing_one_an_empty_one_and_a_wrong_payoff(chancy: bool) -> None:
    solution = discover(random_game(18, chancy=chancy), SubgamePerfect(), limit=500)
    assert certify(solution).passed and len(solution.regimes) > 2
    first = solution.regimes[0].condition.cells
    larger = next(cell for regime in solution.regimes for cell in regime.condition if cell.atoms)
    k = next(k for k, regime in enumerate(solution.regimes) if larger in regime.condition.cells)
    assert any("is subgame perfect on" in text for text in certify(corrupted(solution, [larger.without(larger.atoms[0][0])], regime=k)).refuted)
    assert any("cover the parameter space" in text for text in certify(replace(solution, regimes=solution.regimes[1:])).refuted)
    assert any("only where it is listed" in text for text in certify(replace(solution, regimes=solution.regimes[1:])).refuted)
    assert any("is empty" in text for text in certify(corrupted(solution, [*first, Cell.of(a > 3)])).refuted)
    equilibrium = solution.regimes[0].equilibria[0]
    wrong = replace(equilibrium, payoffs={**equilibrium.payoffs, "A": equilibrium.payoffs["A"] + sp.Rational(1, 1000)})
    lied = replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)), *solution.regimes[1:]))
    assert any("does not pay what is claimed" in text for text in certify(lied).refuted)


def test_outcomes_that_coexist_off_all_ties_are_all_listed_with_regions_that_overlap() -> None:
    """B is indifferent between two ends that A is not: both outcomes of B's choice can follow, wherever a is small enough."""
    game = Game("Indifferent answer", ("A", "B"), notation(1), decision("A", out=payoffs(A=a, B=0), go=decision("B", l=payoffs(A=1, B=1), r=payoffs(A=0, B=1))))
    found = discover(game, SubgamePerfect(), limit=50)
    assert found.status.complete and found.overlapping and certify(found).passed
    regions = {regime.equilibria[0].outcome: regime.condition for regime in found.regimes}
    assert set(regions) == {"out", "go/l", "go/r"}
    at = {value: set(found.at(a=value).outcomes) for value in ("-1", "1/2", "3/2")}
    assert at == {"-1": {"go/l", "go/r"}, "1/2": {"out", "go/l"}, "3/2": {"out"}}
    hidden = replace(found, regimes=tuple(r for r in found.regimes if r.equilibria[0].outcome != "go/r"), overlapping=False)
    assert any("go/r is an equilibrium outcome only where it is listed" in text for text in certify(hidden).refuted)


def test_of_outcomes_that_pay_everybody_the_same_one_is_listed_and_the_others_are_named() -> None:
    end = payoffs(A=0, B=a)
    game = Game("Two ways to stop", ("A", "B"), notation(1), decision("A", stop=end, quit=end, go=payoffs(A=a, B=0)))
    found = discover(game, SubgamePerfect(), limit=50)
    assert found.status.complete and certify(found).passed
    assert len(found.regimes) == 2 and found.stats["same payoffs"] in ({"stop": ("quit",)}, {"quit": ("stop",)})


def test_a_search_that_is_stopped_returns_certified_regimes_and_the_share_of_the_prior_box_they_cover() -> None:
    full = discover(random_game(1), SubgamePerfect(), limit=500)
    part = discover(random_game(1), SubgamePerfect(), limit=2)
    assert full.stats["share"] == 1 and "stopped" not in full.stats
    assert part.status is Status.INCOMPLETE and part.stats["cells"] == 2 and part.stats["stopped"] == "limit of 2 cells"
    assert certify(part).passed and 0 < part.stats["share"] < 1 and part.stats["share error"] < 0.01
    inside = by_outcome(part)
    draws = np.random.default_rng(1).uniform(-2, 2, (len(part.problem.notation.symbols), 20_000))
    covered = np.zeros(20_000, dtype=bool)
    for cells in inside.values():
        for cell in cells:
            covered |= holds(cell, dict(zip(part.problem.notation.symbols, draws, strict=True)))
    assert abs(covered.mean() - part.stats["share"]) < 5 * part.stats["share error"]


def test_a_time_limit_ends_the_search_with_what_was_found() -> None:
    solution = solve(grand.game, SubgamePerfect(time_limit=0.5), free=("v_US", "b_1", "b_0", "psi", "K_S", "eta"))
    assert solution.status is Status.INCOMPLETE and solution.certificate.passed
    assert solution.stats["stopped"] == "time limit" and solution.stats["share"] > 0
    conditions = {body for regime in solution.regimes for cell in regime.condition for body, _ in cell.atoms}
    count = {s.name: sum(s in body.free_symbols for body in conditions) for s in solution.problem.notation.symbols}
    assert solution.stats["fix first"] == tuple(sorted(count, key=lambda name: (-count[name], name))[:5])


def test_questions_about_products_are_asked_afresh_until_they_are_decided_or_the_time_is_up() -> None:
    notation = Notation(tuple(Parameter(s, "free", domain="[0, 1]") for s in SYMBOLS))
    decider = Decider(Space(notation), Comparisons(notation))
    term = {s: z3.Real(s.name) for s in SYMBOLS}
    decider.condition(2 * decider.comparisons._atom(decider.comparisons._key(polynomial(a * b, {a: 0, b: 1}), None)[0]))  # a product is met
    solver = Incremental(decider, 30)
    solver.add(term[a] * term[b] > 2)
    asked: list[int] = []

    class Undecided:
        def set(self, name: str, value: int) -> None:
            asked.append(value)

        def check(self, *assumed: object) -> z3.CheckSatResult:
            return z3.unknown

    solver._solver = Undecided()
    assert solver.check() is None and asked == [30]
    solver.limit(60_000)
    solver._solver = Undecided()
    assert solver.check() is False and asked == [30, 2000]  # a fresh solver knows the assertions


def test_the_conditions_that_a_refutation_rests_on_suffice_for_it() -> None:
    search = Search(random_game(3, curved=True), 512)
    assert search.run(500, None)
    exact = Finder(search.tree, search.decider, 60_000)
    for found in search.found:
        exact.exclude(search.tree.kind(found.play), found.conditions)
    for found in search.found:
        kind = search.tree.kind(found.play)
        assert exact.inside(kind, found.conditions) is False
        core = exact.core(found.conditions)
        assert core & ~found.conditions == 0 and exact.inside(kind, core) is False


def holds(cell: Cell, values: dict[sp.Symbol, np.ndarray]) -> np.ndarray:
    """Which points lie in a cell, within rounding."""
    inside = np.ones(next(iter(values.values())).shape, dtype=bool)
    for body, mask in cell.atoms:
        value = np.broadcast_to(sp.lambdify(list(values), body)(*values.values()), inside.shape)
        inside &= {3: value <= 1e-9, 6: value >= -1e-9, 2: abs(value) <= 1e-9}[mask]
    return inside


def assert_agrees_with_arrays(solution: Solution, count: int, seed: int) -> None:
    """At draws from the prior box the outcome reached by numeric induction is one of those listed there; all draws are covered."""
    symbols = list(solution.problem.notation.symbols)
    draws = np.random.default_rng(seed)
    values = {s: draws.uniform(float(grand.NOTATION[s].prior[0]), float(grand.NOTATION[s].prior[1]), count) for s in symbols}
    compiled = compile_game(solution.problem)
    reached = np.array(["/".join(compiled.paths[k]) for k in compiled.outcomes(values)])
    right = np.zeros(count, dtype=bool)
    for path, cells in by_outcome(solution).items():
        name = "/".join(path)
        same = np.isin(reached, [name, *solution.stats["same payoffs"].get(name, ())])
        for cell in cells:
            right |= holds(cell, values) & same
    assert right.all()


def test_the_grand_tree_over_three_parameters_is_proved_and_agrees_with_arrays_at_a_hundred_thousand_points() -> None:
    solution = solve(grand.game, SubgamePerfect(), free=("v_US", "a_pc", "d"))
    assert solution.status.certified and solution.status.complete and solution.certificate.passed
    assert_agrees_with_arrays(solution, 100_000, 5)


def test_on_the_borders_of_the_grand_trees_regimes_the_listed_outcomes_are_equilibria() -> None:
    """Points of the borders (one condition met with equality), solved exactly by the recursion of the other route."""
    solution = solve(grand.game, SubgamePerfect(), free=("v_US", "a_pc", "d"))
    space = Space(solution.problem.notation)
    checked = 0
    for regime in solution.regimes:
        for cell in regime.condition.cells[:2]:
            for body, _ in cell.atoms[:3]:
                point = space.feasible(cell & Cell(((body, 2),))).witness
                if point is not None:
                    here = solution.problem.at(point)
                    plays = Induction(grand.PLAYERS, Oracle(Space(here.notation), Cell())).plays(here.root)
                    wanted = tuple(regime.equilibria[0].payoffs[player].subs(point) for player in grand.PLAYERS)
                    assert wanted in {tuple(play.payoffs) for play in plays}, (cell, body)
                    checked += 1
    assert checked >= 15


def test_the_regimes_give_the_baseline_answer() -> None:
    solution = solve(grand.game, SubgamePerfect(), free=("F_R",))
    assert solution.at().outcomes == ("Compact/TalksFirst/P/Swap/Accept/Comply",)
    assert solution.at(F_R="0.05").outcomes == solve(grand.game, SubgamePerfect(), at={**grand.NOTATION.baseline, grand.F_R: "0.05"}).outcomes


def test_the_grand_tree_with_chance_moves_is_certified() -> None:
    solution = solve(grand.version(True, False), SubgamePerfect(), free=("pi_K",))
    assert solution.status.complete and solution.certificate.passed
    assert solution.at().outcomes == solve(grand.version(True, False), SubgamePerfect(), at=grand.NOTATION.baseline).outcomes


@pytest.mark.slow
@pytest.mark.parametrize("free", [("v_US", "a_pc", "d", "F_R", "eta"), ("v_US", "a_pc", "d", "F_R", "eta", "alpha_S"), ("half", "q", "e_N", "F_U", "s_0", "m_PK"),
                                  ("f", "F_R", "a_d", "alpha_B", "Y_R", "alpha_P", "b_0", "c_E"), ("alpha_P", "F_R", "e_W", "h_L", "Delta_a", "a_pc", "e_N",
                                  "v_US")])
def test_the_grand_tree_over_more_parameters_is_proved(free: tuple[str, ...]) -> None:
    solution = solve(grand.game, SubgamePerfect(), free=free)
    assert solution.status.complete and solution.certificate.passed


def test_bounds_contain_every_value_and_are_sharp_for_one_monomial() -> None:
    x, y = sp.symbols("x y", real=True)
    row = polynomial(sp.expand((x - y) ** 2 * x - 3 * y), {x: 0, y: 1})
    assert row is not None
    key, sign = primitive(row)
    box = ((Fraction(-1), Fraction(2)), (Fraction(0), Fraction(3)))
    low, high = bounds(key, box)
    assert low is not None and high is not None
    for i in range(7):
        for j in range(7):
            at = {x: sp.Rational(-1) + sp.Rational(i, 2), y: sp.Rational(j, 2)}
            assert low <= Fraction(str(sign * ((x - y) ** 2 * x - 3 * y).subs(at))) <= high
    assert bounds((((0, 1), 1),), box) == (Fraction(-3), Fraction(6))
    assert bounds((((0, 0), 1),), box) == (Fraction(0), Fraction(4))
    assert bounds((((1,), -2),), ((None, None), (Fraction(1), None))) == (None, Fraction(-2))


def test_plays_listed_by_the_solver_and_by_the_certificate_agree_in_number_path_and_payoffs() -> None:
    game = random_game(2, chancy=True)
    search, plays = Search(game, 8), Plays(game)
    assert search.tree.plays == len(plays.below(()))
    for play in range(search.tree.plays):
        other = plays.named(search.tree.path(play))
        assert other is not None
        values = [search.comparisons.formula(value) for value in search.tree.payoffs(search.tree.root, play)]
        assert plays.pays(other, dict(zip(PLAYERS, values, strict=True)))
