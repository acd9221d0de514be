"""Running the checks of a solution: exact at a point, proved on every regime otherwise."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import combinations, product
from math import prod
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse
from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Bargain, Offer
from bargain.regions.cells import EQ, GT, LT, Cell
from bargain.regions.explore import number_sign
from bargain.regions.space import Space
from bargain.solution import Certificate, Component, Equilibrium, Regime, Solution

_BITS = {-1: LT, 0: EQ, 1: GT}
_FACTORS = 4  # of a gain, whose signs are then tried one choice after the other
paired = partial(zip, strict=True)  # rows of equal length, side by side
_PATIENCE = 15_000  # milliseconds for one question: a busy machine must not turn a proof into a doubt


@dataclass(frozen=True)
class Violation:
    """A way to fail: the answer is wrong where `excess` is positive (within `where`, if given).

    `excess` is a gain from deviating or a gap in an equation (then checked for both signs by two
    violations). `where` restricts the check, with extra symbols declared in `notation` of the space.
    Where the check assumed something, `open` says that a violation leaves the answer undecided.
    """

    what: str
    excess: sp.Expr
    where: Cell = Cell()
    open: bool = False


Checker = Callable[[Any, Any, Equilibrium | Component], Iterator[Violation]]


def certify(solution: Solution) -> Certificate:
    """Check every equilibrium of every regime, and that the regimes are non-empty and cover the space."""
    if solution.stats.get("method") == "discovery":
        from bargain.certify.outcomes import certificate

        return certificate(solution)
    if solution.stats.get("method") == "coexistence":
        from bargain.certify.coexisting import coexistence

        return coexistence(solution)
    checker = _checker(solution.solver.concept, solution.problem)
    space = Space(solution.problem.notation, timeout_ms=_PATIENCE)
    done: dict[str, int] = {}
    refuted: list[str] = []
    undecided: list[str] = []
    worst: sp.Expr = sp.Integer(0)
    for regime in solution.regimes:
        for equilibrium in regime.equilibria:
            for violation in checker(solution.problem, solution.solver, equilibrium):
                kind = violation.what.split(":")[0]
                done[kind] = done.get(kind, 0) + 1
                answer, value = _possible(space, regime, violation)
                if answer and value is not None and not violation.open and number_sign(value - worst) > 0:
                    worst = value
                if answer is not False:
                    (undecided if answer is None or violation.open else refuted).append(f"{violation.what} (gain {violation.excess})")
    checks = [f"{kind}: {count} checked" for kind, count in done.items()]
    if "balanced weights" in solution.stats:
        from bargain.certify.coalitional import balanced

        refuted += [] if balanced(solution.problem, solution.stats["balanced weights"]) else ["the weights do not prove that the core is empty"]
        checks.append("balanced weights: the core is empty")
    if any(e.free.atoms for regime in solution.regimes for e in regime.extreme()):
        from bargain.certify.sequential import existence

        families = list(existence(solution, space))
        refuted += [f"it is not so that {what}" for answer, what in families if answer is False]
        undecided += [what for answer, what in families if answer is None]
        checks.append(f"families: {len(families)} shown to exist wherever they are listed")
    if _always_solvable(solution.problem):
        refuted += [f"no equilibrium is listed on {regime.cell}, where one exists" for regime in solution.regimes if not regime.equilibria]
    if space.notation.symbols:
        _cover(solution, space, checks, refuted, undecided)
    return Certificate(worst if not undecided else None, tuple(checks), tuple(refuted), tuple(undecided))


def _possible(space: Space, regime: Regime, violation: Violation) -> tuple[bool | None, sp.Expr | None]:
    """Whether the violation is possible somewhere on the regime, and its size if it is a number."""
    if violation.excess.is_Rational and not violation.where.atoms:
        return violation.excess.p > 0, violation.excess if violation.excess.p > 0 else sp.Integer(0)
    if violation.excess.is_number and all(body.is_number for body, _ in violation.where.atoms):
        inside = all(mask and mask & _BITS[number_sign(body)] for body, mask in violation.where.atoms)
        positive = inside and number_sign(violation.excess) > 0
        return positive, violation.excess if positive else sp.Integer(0)
    wide = _with_symbols(space, violation)
    undecided = False
    for cell in regime.condition:
        here = cell & violation.where
        cases = _positive(violation.excess)
        if cases and all(wide.feasible(_where(here, case)).answer is False for case in cases):
            continue
        verdict = wide.feasible(here.where(violation.excess, GT))
        if verdict.answer:
            return True, None
        undecided |= verdict.unknown
    return (None if undecided else False), None


def _where(cell: Cell, signs: Iterable[tuple[sp.Expr, int]]) -> Cell:
    for factor, mask in signs:
        cell = cell.where(factor, mask)
    return cell


def _positive(excess: sp.Expr) -> list[tuple[tuple[sp.Expr, int], ...]]:
    """The signs of its factors with which a rational expression is positive: a list of conjunctions of short conditions; empty if it has one factor."""
    if not excess.is_rational_function():
        return []
    numerator, denominator = sp.fraction(sp.cancel(excess))
    sign, factors = 1, []
    for part in (numerator, denominator):
        constant, found = (part, []) if part.is_number else sp.factor_list(part)
        sign *= number_sign(constant)
        factors += [factor for factor, power in found if power % 2]
    if not 2 <= len(factors) <= _FACTORS:
        return []
    choices = (choice for choice in product((1, -1), repeat=len(factors)) if prod(choice) == sign)
    return [tuple((factor, GT if up == 1 else LT) for factor, up in paired(factors, choice)) for choice in choices]


def read(text: str, symbols: Mapping[str, sp.Symbol]) -> sp.Expr | None:
    """The expression written in an action's name; None if it uses parameters that have been replaced since."""
    try:
        return parse(text, symbols)
    except BadInput:
        return None


def _with_symbols(space: Space, violation: Violation) -> Space:
    """The space, widened by real variables for symbols that only the check uses (an offered share, say)."""
    from bargain.notation import Notation, Parameter

    extra = (violation.excess.free_symbols | violation.where.symbols) - set(space.notation.symbols)
    if not extra:
        return space
    rows = tuple(Parameter(symbol, "variable of the check") for symbol in sorted(extra, key=str))
    return Space(Notation((*space.notation.parameters, *rows), space.notation.assumptions), timeout_ms=space.timeout_ms)


def _cover(solution: Solution, space: Space, checks: list[str], refuted: list[str], undecided: list[str]) -> None:
    cells = [cell for regime in solution.regimes for cell in regime.condition]
    empty = [cell for cell in cells if space.feasible(cell).answer is False]
    refuted += [f"regime {cell} is empty" for cell in empty]
    checks.append(f"regimes: {len(cells)} cells non-empty")
    if solution.status.complete is None:
        return
    if not solution.overlapping:
        _apart(solution, space, checks, refuted)
    verdict = Space(space.notation).uncovered([*cells, *solution.boundary.cells])  # briefly, in one question
    if verdict.unknown:
        from bargain.certify.cover import uncovered_by_cases

        verdict = uncovered_by_cases(space, [*cells, *solution.boundary.cells])
    if verdict.answer:
        refuted.append(f"the regimes leave out the point {dict(verdict.witness or {})}")
    elif verdict.unknown:
        undecided.append("cover of the parameter space: " + verdict.reason)
    else:
        checks.append("cover of the parameter space: proved")


def _apart(solution: Solution, space: Space, checks: list[str], refuted: list[str]) -> None:
    """Regimes that list different equilibria (each claims to list all) share no point."""
    for first, second in combinations(solution.regimes, 2):
        if first.equilibria == second.equilibria:
            continue
        for cell in (a & b for a in first.condition for b in second.condition):
            if not cell.trivially_empty and space.feasible(cell).answer:
                refuted.append(f"two regimes with different equilibria share the point {dict(space.feasible(cell).witness or {})}")
    checks.append(f"regimes: {len(solution.regimes)} apart")


def _always_solvable(problem: Any) -> bool:
    """Whether an equilibrium exists at every point: finite games (Nash 1951; Kuhn 1953)."""
    if isinstance(problem, MatrixGame):
        return True
    return isinstance(problem, Game) and not any(isinstance(node, Offer | Bargain) for _, node in problem.nodes())


def _checker(concept: str, problem: Any) -> Checker:
    if isinstance(problem, Game) and concept == "Nash equilibrium":
        concept = "Nash equilibrium of a tree"
    module, name = {
        "subgame-perfect equilibrium": ("subgame_perfect", "violations"),
        "Nash equilibrium": ("nash", "violations"),
        "Nash equilibrium of a tree": ("tree_nash", "violations"),
        "epsilon-equilibrium": ("tree_nash", "within"),
        "Rubinstein equilibrium": ("rubinstein", "violations"),
        "subgame-perfect equilibrium of a finite horizon": ("finite_horizon", "violations"),
        "subgame-perfect equilibrium payoffs of alternating offers": ("payoff_bounds", "violations"),
        "stationary equilibrium on a curved frontier": ("curved_frontier", "violations"),
        "stationary equilibrium of package bargaining": ("package", "violations"),
        "subgame-perfect equilibrium of an agenda": ("package", "agenda_violations"),
        "stationary equilibrium under unanimity": ("unanimity", "violations"),
        "Nash bargaining solution": ("axiomatic", "nash_violations"),
        "bargaining range": ("costly_war", "range_violations"),
        "proposal of an agenda setter": ("agenda", "violations"),
        "range of settlements by state": ("stochastic_pie", "war_violations"),
        "stationary equilibrium over a stochastic pie": ("stochastic_pie", "pie_violations"),
        "equilibrium of a war of attrition": ("attrition", "violations"),
        "self-enforcing division of a flow": ("stream", "violations"),
        "subgame-perfect payoffs of talks with conflict": ("talks", "conflict_violations"),
        "subgame-perfect equilibrium of talks of optimists": ("talks", "optimist_violations"),
        "perfect Bayesian equilibrium of a crisis with audience costs": ("audience", "violations"),
        "symmetric equilibrium of a war of attrition with private values": ("attrition_private", "violations"),
        "stationary equilibrium of a war of attrition by rounds": ("attrition_private", "round_violations"),
        "Baron and Ferejohn's equilibrium under the open rule": ("open_rule", "violations"),
        "stationary equilibrium without delay of spatial bargaining": ("spatial", "violations"),
        "perfect Bayesian equilibrium in skimming strategies": ("screening", "violations"),
        "perfect Bayesian equilibrium in linear skimming strategies": ("linear_screening", "violations"),
        "optimal demand under uncertainty": ("costly_war", "demand_violations"),
        "Kalai-Smorodinsky solution": ("axiomatic", "kalai_smorodinsky_violations"),
        **dict.fromkeys(("egalitarian solution", "proportional solution", "equal loss solution", "equal area solution", "Perles-Maschler solution",
                         "discrete Raiffa solution", "utilitarian solution"), ("frontier_path", "violations")),
        "continuous Raiffa solution": ("raiffa", "violations"),
        "static expected-utility values": ("positions", "violations"),
        "optimal incentive-compatible mechanism": ("mechanisms", "violations"),
        "linear equilibrium of a double auction": ("mechanisms", "auction_violations"),
        **dict.fromkeys(("Shapley value", "Banzhaf value", "normalised Banzhaf value"), ("coalitional", "value_violations")),
        **dict.fromkeys(("nucleolus", "prenucleolus"), ("coalitional", "nucleolus_violations")),
        "core": ("coalitional", "core_violations"),
        "subgame-perfect path of a power shift": ("power_shift", "violations"),
        "Markov perfect equilibrium": ("markov", "violations"),
        "stationary subgame-perfect equilibrium": ("legislative", "violations"),
        "tau value": ("coalitional", "tau_violations"),
        "agent quantal response equilibrium": ("quantal", "violations"),
        "limit of agent quantal response equilibria": ("quantal", "violations"),
        "iterated strict dominance": ("dominance", "violations"),
        "iterated weak dominance": ("dominance", "violations"),
        "rationalizability": ("dominance", "violations"),
        "extensive-form correlated equilibrium": ("extensive_correlated", "violations"),
        "extensive-form coarse correlated equilibrium": ("extensive_correlated", "violations"),
        "correlated equilibrium": ("correlated", "violations"),
        "coarse correlated equilibrium": ("correlated", "violations"),
        "security levels": ("threats", "security_violations"),
        "coco value": ("threats", "coco_violations"),
        "Nash variable-threat solution": ("threats", "threat_violations"),
        "logit quantal response equilibrium": ("logit", "violations"),
        "trembling-hand perfect equilibrium": ("refinements", "perfect_violations"),
        "proper equilibrium": ("refinements", "proper_violations"),
        "extensive-form perfect equilibrium": ("extensive_perfect", "violations"),
        **dict.fromkeys(("sequential equilibrium", "weak perfect Bayesian equilibrium"), ("sequential", "violations")),
        "risk-dominant equilibrium": ("refinements", "risk_violations"),
        "payoff-undominated equilibrium": ("refinements", "payoff_violations"),
    }[concept]
    return getattr(import_module(f"bargain.certify.{module}"), name)
