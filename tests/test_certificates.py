"""Certificates refute: every right answer is corrupted in every way at hand, and each corruption must be found."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    BargainingProblem,
    Breakdown,
    Cell,
    Component,
    Equilibrium,
    Game,
    KalaiSmorodinsky,
    MatrixGame,
    Nash,
    NashBargaining,
    Notation,
    NotCertified,
    Parameter,
    Region,
    Rubinstein,
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
from bargain.certify import certify
from bargain.models.classics import deterrence, ultimatum

R = sp.Rational
STEPS = (R(1, 10), -R(1, 10), R(1, 1000), -R(1, 1000))
x, w, a, b, d1, d2 = sp.symbols("x w a b d1 d2", real=True)
r1, r2, t = sp.symbols("r1 r2 t", positive=True)
DEGENERATE = json.loads((Path(__file__).parent / "data" / "degenerate_games.json").read_text(encoding="utf-8"))


def table(first: Any = "9/10", second: Any = "4/5", **more: Any) -> AlternatingOffers:
    """A unit pie between A, who proposes first, and B."""
    return AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": first, "B": second}, **more)


def rows(*symbols: sp.Symbol, domain: str = "real") -> Notation:
    """A notation of symbols with one domain."""
    return Notation(tuple(Parameter(symbol, "parameter", domain=domain) for symbol in symbols))


MEET = simultaneous({"A": ("u", "d"), "B": ("l", "r")}, {
    ("u", "l"): payoffs(A=3, B=1), ("u", "r"): payoffs(A="1/3", B=0), ("d", "l"): payoffs(A=0, B="1/2"), ("d", "r"): payoffs(A=1, B=2)})
GAMBLE = Game("Gamble", ("A", "B"), (), decision("A", stay=payoffs(A="-1/2", B=-2), go=chance(  # type: ignore[arg-type]
    good=("1/3", decision("B", share=payoffs(A=1, B="1/2"), grab=payoffs(A=-3, B="1/4"))), bad=("2/3", payoffs(A="-1/7", B=-1)))))
TALKS = Game("Talks", ("A", "B", "C"), (), decision("C", stop=payoffs(A=0, B=0, C="1/9"), talk=bargain_node(  # type: ignore[arg-type]
    table(), spectators={"C": x / 3}, outside={"B": decision("B", fight=payoffs(A="1/10", B="2/5", C=-1), submit=payoffs(A=1, B=0, C=0))})))
PROPOSALS = Game("Proposals", ("A", "B"), (), decision("A", mine=offer("A", x, between=(0, 1), answer=decision(  # type: ignore[arg-type]
    "B", yes=payoffs(A=x, B=1 - x), no=payoffs(A="1/5", B="3/10"))), quit=payoffs(A="1/9", B="1/9")))
TREES = {"deterrence": deterrence.game, "ultimatum": ultimatum.game, "gamble": GAMBLE, "talks": TALKS, "proposals": PROPOSALS,
         "ultimatum at a tie": ultimatum.game.at({"w_A": "3/7", "w_B": "4/7"}),
         "meeting": Game("Meeting", ("A", "B"), (), decision("A", out=payoffs(A="1/9", B=0), play=MEET))}  # type: ignore[arg-type]
FORMS = {"pennies": MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), "chicken": MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]]),
         "free": MatrixGame.from_arrays([[a, "1/3"], ["1/2", b]], [["1/5", 1], [b, "2/7"]], notation=rows(a, b)),
         **{entry["name"].split()[0]: MatrixGame.from_arrays(entry["a"], entry["b"]) for entry in DEGENERATE}}
LIMIT = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": sp.exp(-r1 * t), "B": sp.exp(-r2 * t)}, rows(r1, r2, t, domain=">0"), period=t)
TABLES = {
    "plain": (table(), Rubinstein()), "free": (table(d1, d2, notation=rows(d1, d2, domain="(0, 1)")), Rubinstein()),
    "outside": (table("9/10", "9/10", outside={"A": "1/9", "B": "3/5"}), Rubinstein()), "walk": (table(outside={"A": "7/10", "B": "1/2"}), Rubinstein()),
    "inside": (table(states=(State("talks", {"A": "1/5", "B": "1/10"}),)), Rubinstein()),
    "never": (table(states=(State("talks", {"A": "4/5", "B": "3/10"}),)), Rubinstein()),
    "corner": (table(states=(State("talks", {"A": 0, "B": -9}),)), Rubinstein()),
    "breakdown": (table(1, "9/10", breakdown=Breakdown("1/10", {"A": "1/5", "B": "1/10"})), Rubinstein()),
    "states": (table(states=(State("war", {"A": "-1/5"}, {"lull": "1/3", "war": "2/3"}), State("lull"))), Rubinstein()),
    "delay": (table("1/2", "1/2", states=(State("good", {"A": "3/5", "B": "3/5"}, {"bad": 1}), State("bad", {"B": "1/5"}))), Rubinstein()),
    "limit": (LIMIT, Rubinstein(limit=True)), "limit at a point": (LIMIT.at({"r1": "1/20", "r2": "1/7"}), Rubinstein(limit=True)),
    "exponentials": (LIMIT.at({"r1": "1/20", "r2": "1/7", "t": "1/12"}), Rubinstein()),
}
AXIOMATIC = {
    "kink": (BargainingProblem("Kink", ("A", "B"), {"A": 0, "B": "1/7"}, vertices=((0, 0), (0, 3), (2, 2), (4, 0))), NashBargaining(weights={"A": "3/5"})),
    "parabola": (BargainingProblem("Curve", ("A", "B"), {"A": 0, "B": 0}, curve=(x, (0, 1), {"A": x, "B": 1 - x**2})), NashBargaining()),
    "ray": (BargainingProblem("Kink", ("A", "B"), {"A": "1/9", "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0))), KalaiSmorodinsky()),
}


def one(solution: Solution, number: int, wrong: Equilibrium | Component) -> Solution:
    """One regime of the solution alone, with its first equilibrium replaced and the others left out."""
    return replace(solution, status=Status.INCOMPLETE, regimes=(replace(solution.regimes[number], equilibria=(wrong,)),))


def each(solution: Solution) -> Iterator[tuple[int, Equilibrium]]:
    """The first equilibrium of every regime (of a component, its first vertex)."""
    for number, regime in enumerate(solution.regimes):
        item = regime.equilibria[0]
        yield number, item.vertices[0] if isinstance(item, Component) else item


def put(solution: Solution, number: int, wrong: Equilibrium) -> Solution:
    """The solution with one (extreme) equilibrium replaced, inside its component if it is in one."""
    item = solution.regimes[number].equilibria[0]
    return one(solution, number, replace(item, vertices=(wrong, *item.vertices[1:])) if isinstance(item, Component) else wrong)


def moved(mapping: Mapping[str, sp.Expr]) -> Iterator[dict[str, sp.Expr]]:
    """The mapping with one number moved by each step."""
    for key in mapping:
        for step in STEPS:
            yield {**mapping, key: mapping[key] + step}


def strategies(equilibrium: Equilibrium) -> Iterator[Equilibrium]:
    """The equilibrium with the strategy at one node changed: actions swapped, or some weight moved, lost or invented."""
    for player, nodes in equilibrium.strategies.items():
        for node, rule in nodes.items():
            changes: list[dict[str, Any]] = []
            names = list(rule)
            if len(names) > 1:
                changes.append(dict(zip(names, [*list(rule.values())[1:], rule[names[0]]], strict=True)))
            for name in names:
                if not isinstance(rule[name], sp.Piecewise):
                    changes += [{**rule, name: rule[name] + step} for step in STEPS]
            for change in changes:
                if change != dict(rule):
                    yield replace(equilibrium, strategies={**equilibrium.strategies, player: {**nodes, node: change}})


def refuted(solution: Solution) -> bool:
    """Whether the certificate objects."""
    return bool(certify(solution).refuted)


ALL: dict[str, tuple[Any, Any]] = {**{name: (game, SubgamePerfect()) for name, game in TREES.items()}, **{name: (form, Nash()) for name, form in FORMS.items()},
                                   **{f"table {name}": pair for name, pair in TABLES.items()}, **AXIOMATIC}


@pytest.mark.parametrize(("problem", "solver"), ALL.values(), ids=ALL)
def test_the_right_answer_passes_and_wrong_payoffs_are_refuted(problem: Any, solver: Any) -> None:
    solution = solver.run(problem)
    assert certify(solution).passed
    for number, equilibrium in each(solution):
        for wrong in moved(equilibrium.payoffs):
            assert refuted(put(solution, number, replace(equilibrium, payoffs=wrong))), (number, wrong)


@pytest.mark.parametrize(("problem", "solver"), [(game, SubgamePerfect()) for game in TREES.values()], ids=TREES)
def test_a_changed_strategy_or_path_in_a_tree_is_refuted(problem: Game, solver: SubgamePerfect) -> None:
    solution = solver.run(problem)
    for number, equilibrium in each(solution):
        for wrong in strategies(equilibrium):
            changed = {node for player, nodes in wrong.strategies.items() for node in nodes if nodes[node] != equilibrium.strategies[player][node]}
            if not changed & set(equilibrium.ties):
                assert refuted(put(solution, number, wrong)), (number, changed)
        assert refuted(put(solution, number, replace(equilibrium, path=("elsewhere", *equilibrium.path[1:]))))
        for wrong_shares in moved({name: value for name, value in equilibrium.quantities.items() if "_low" not in name and "_high" not in name}):
            assert refuted(put(solution, number, replace(equilibrium, quantities={**equilibrium.quantities, **wrong_shares}))), wrong_shares
        for name in equilibrium.quantities:
            if "_low" in name and equilibrium.quantities[name] != 0:
                assert refuted(put(solution, number, replace(equilibrium, quantities={**equilibrium.quantities, name: equilibrium.quantities[name] - R(1, 1000)})))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_changed_mixture_in_a_matrix_game_is_refuted(form: MatrixGame) -> None:
    solution = Nash().run(form)
    for number, equilibrium in each(solution):
        for wrong in strategies(equilibrium):
            if any(sp.cancel(sum(rule.values()) - 1) != 0 for nodes in wrong.strategies.values() for rule in nodes.values()):
                assert refuted(put(solution, number, wrong))


def test_an_offer_that_is_not_the_one_reported_is_refuted() -> None:
    solution = solve(PROPOSALS, SubgamePerfect())
    (right,) = solution.extreme
    assert right.strategies["A"]["mine"] == {"x = 7/10": 1}
    wrong = {**right.strategies, "A": {**right.strategies["A"], "mine": {"x = 3/5": sp.Integer(1)}}}
    assert refuted(put(solution, 0, replace(right, strategies=wrong, path=("mine", "x = 3/5", "yes"))))


def test_false_pairs_inside_a_component_are_refuted() -> None:
    for entry in DEGENERATE:
        solution = Nash().run(MatrixGame.from_arrays(entry["a"], entry["b"]))
        parts = [(number, item) for number, item in enumerate(solution.equilibria) if isinstance(item, Component) and len(item.subsets) > 1]
        for number, item in parts:
            everything = replace(item, subsets=(tuple(range(len(item.vertices))),))
            equilibria = tuple(everything if k == number else other for k, other in enumerate(solution.equilibria))
            wrong = replace(solution, regimes=(replace(solution.regimes[0], equilibria=equilibria),))
            rectangles = {tuple(str(v.strategies) for v in (item.vertices[k] for k in subset)) for subset in item.subsets}
            assert refuted(wrong) or len(rectangles) == 1


@pytest.mark.parametrize(("problem", "solver"), TABLES.values(), ids=TABLES)
def test_a_changed_share_proposed_accepted_or_reported_is_refuted(problem: AlternatingOffers, solver: Rubinstein) -> None:
    solution = solver.run(problem)
    for number, equilibrium in each(solution):
        for quantities in moved(equilibrium.quantities):
            assert refuted(put(solution, number, replace(equilibrium, quantities=quantities)))
        for player, nodes in equilibrium.strategies.items():
            for node, rule in nodes.items():
                for step in STEPS:
                    assert refuted(put(solution, number, replace(equilibrium, strategies={**equilibrium.strategies, player: {**nodes, node: shifted(rule, step)}})))


def shifted(rule: Mapping[str, Any], step: sp.Expr) -> dict[str, Any]:
    """A proposal of, or a cut at, a share moved by a step (where nothing is proposed, a proposal of one half)."""
    if "accept" in rule:
        return {name: answer.xreplace({answer.args[0][1]: answer.args[0][1].func(x, answer.args[0][1].rhs + step)}) for name, answer in rule.items()}
    (action,) = rule
    return {f"x = {action.removeprefix('x = ')} + {step}" if action.startswith("x = ") else "x = 1/2": sp.Integer(1)}


@pytest.mark.parametrize(("problem", "solver"), [
    (deterrence.game, SubgamePerfect()), (deterrence.game, SubgamePerfect(exact=True)), (ultimatum.game, SubgamePerfect()), (FORMS["free"], Nash()),
    (table(states=(State("talks", {"A": w, "B": "3/10"}),), notation=rows(w, domain="[0, 1]")), Rubinstein()),
    (replace(LIMIT, states=(State("talks", {"A": w, "B": "3/10"}),), notation=rows(w, r1, r2, t, domain=">0")), Rubinstein(limit=True)),
    (table("9/10", "9/10", outside={"A": "1/9", "B": w}, notation=rows(w, domain="[0, 1]")), Rubinstein()),
    (BargainingProblem("Pie", ("A", "B"), {"A": w, "B": "1/7"}, vertices=((1, 0), (0, 1)), notation=rows(w)), NashBargaining()),
    (BargainingProblem("Pie", ("A", "B"), {"A": w, "B": "1/7"}, vertices=((1, 0), (0, 1)), notation=rows(w)), KalaiSmorodinsky()),
], ids=["deterrence", "deterrence, boundaries", "ultimatum", "2x2", "flows", "flows, limit", "options", "Nash", "Kalai-Smorodinsky"])
def test_a_condition_widened_a_regime_dropped_or_emptied_is_refuted(problem: Any, solver: Any) -> None:
    solution = solver.run(problem)
    assert certify(solution).passed and len(solution.regimes) > 1
    for number, regime in enumerate(solution.regimes):
        others = solution.regimes[:number] + solution.regimes[number + 1 :]
        assert refuted(replace(solution, regimes=others)), f"without {regime.cell}"
        for body, _ in regime.cell.atoms:
            wide = replace(regime, condition=Region((regime.cell.without(body), *regime.condition.cells[1:])))
            assert refuted(replace(solution, regimes=(*others, wide))), f"{regime.cell} without {body}"
        empty = replace(regime, condition=Region((regime.cell & Cell.of(sp.false),)))
        assert refuted(replace(solution, regimes=(*others, empty)))
        if solver.concept in ("Nash equilibrium", "subgame-perfect equilibrium") and problem is not ultimatum.game:
            assert refuted(replace(solution, regimes=(*others, replace(regime, equilibria=()))))


def test_a_solver_that_is_wrong_is_stopped_at_the_door() -> None:
    class Wrong(Nash):
        def run(self, problem: MatrixGame) -> Solution:
            solution = super().run(problem)
            return put(solution, 0, replace(solution.extreme[0], payoffs={"row": sp.Integer(5), "column": sp.Integer(5)}))

    with pytest.raises(NotCertified, match="please report"):
        solve(FORMS["pennies"], Wrong())
