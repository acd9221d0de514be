"""One equilibrium of a two-player tree through its sequence form, exactly or with a certified bound.

The strategic form of a tree is exponential in its size, the sequence form linear: these solvers reach trees whose plans
cannot be listed. Each returns one equilibrium, strategies at every information set; it need not be subgame perfect.
Source: von Stengel (1996), Games and Economic Behavior 14:220-246; Koller, Megiddo and von Stengel (1996), ibid. 14:247-259;
Tammelin, Burch, Johanson and Bowling (2015), Proceedings of IJCAI 24:645-652.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.findings import Finding
from bargain.games.game import Game
from bargain.games.nodes import Terminal
from bargain.kernels.realization import RealizationForm, Weights
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.trees.stage_equilibria import behaviour, realization_form
from bargain.solvers.trees.stage_plays import profile_of
from bargain.solvers.trees.stages import Stage, whole

_GRID = 10**9
_TOLD = 200  # ends up to which the path of play is written out


@dataclass(frozen=True)
class Near(Finding):
    """An epsilon-equilibrium of a zero-sum tree: `quantities` are the most that either side can gain, and bounds on the value.

    All three are multiples of 10^-9, rounded to the safe side.
    """

    @property
    def details(self) -> Mapping[str, Any]:
        """The bounds."""
        return {"quantities": self.quantities}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the bounds mean."""
        return ("No player gains more than the regret stated by any other strategy; the value of the game, to the first player who moves, "
                "lies between value_low and value_high.",)


@dataclass(frozen=True)
class Lemke:
    """One Nash equilibrium of a two-player tree by Lemke's algorithm on the sequence form; general sum, exact.

    exact: pivot in integers. By default pivots are in floating point and the last basis is solved exactly; where it does
    not prove itself, the pivots are repeated in integers. Random trees with 250 nodes take a few tenths of a second.

    >>> import bargain as bg
    >>> reply = lambda u, v: bg.decision("B", L=bg.payoffs(A=u, B=-u), R=bg.payoffs(A=v, B=-v), information_set="B's")
    >>> bg.solve(bg.Game("pennies", ("A", "B"), (), bg.decision("A", l=reply(2, -1), r=reply(-1, 1))), Lemke()).extreme[0].payoffs["A"]
    1/5
    """

    exact: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse free parameters, imperfect recall, and more than two players who move."""
        _form(problem, self)

    def run(self, problem: Game) -> Solution:
        """Follow the path to its end and turn the realization plans into behaviour."""
        from bargain.kernels.lemke import lemke

        stage, movers, form = _form(problem, self)
        pair = lemke(form, exact=self.exact)
        return _one(problem, self, _equilibrium(problem, stage, movers, pair, self.concept), Status.INCOMPLETE, form)


@dataclass(frozen=True)
class Minimax:
    """Maximin strategies of a zero-sum (or constant-sum) tree by the linear program of its sequence form.

    exact: solve in rational numbers, which suits a few hundred sequences. exact=False: HiGHS in floating point; strategies are
    rounded to millionths and the answer is an epsilon-equilibrium, with the exact most that either side can gain as
    `quantities["regret"]` and the value of the game enclosed by `value_low` and `value_high`.

    >>> import bargain as bg
    >>> reply = lambda u, v: bg.decision("B", L=bg.payoffs(A=u, B=-u), R=bg.payoffs(A=v, B=-v), information_set="B's")
    >>> game = bg.Game("pennies", ("A", "B"), (), bg.decision("A", l=reply(2, -1), r=reply(-1, 1)))
    >>> bg.solve(game, Minimax()).extreme[0].strategies["A"]
    {'(start)': {'l': 2/5, 'r': 3/5}}
    """

    exact: bool = True

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium" if self.exact else "epsilon-equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what `Lemke` refuses, and payoffs that do not add up to a constant."""
        _check_sum(problem, _form(problem, self)[1])

    def run(self, problem: Game) -> Solution:
        """Solve the program; the prices are the other side's strategy."""
        from bargain.kernels.sequence_lp import maximin, maximin_floats

        stage, movers, form = _form(problem, self)
        if self.exact:
            return _one(problem, self, _equilibrium(problem, stage, movers, maximin(form), self.concept), Status.INCOMPLETE, form)
        return _rounded(problem, self, stage, movers, form, maximin_floats(form))


@dataclass(frozen=True)
class CounterfactualRegret:
    """Maximin strategies of a zero-sum tree by counterfactual regret minimisation (CFR+), for trees too large for `Minimax`.

    iterations: rounds in which both sides update. The answer is an epsilon-equilibrium as that of ``Minimax(exact=False)``:
    the bound is computed exactly from the rounded average strategies, whatever the iterations did.
    """

    iterations: int = 1000

    def __post_init__(self) -> None:
        if self.iterations < 1:
            raise BadInput(f"{self.iterations} iterations", place="CounterfactualRegret", remedy="give at least one")

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "epsilon-equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what `Minimax` refuses."""
        _check_sum(problem, _form(problem, self)[1])

    def run(self, problem: Game) -> Solution:
        """Iterate, average, round and bound."""
        from bargain.kernels.counterfactual import average_plans

        stage, movers, form = _form(problem, self)
        return _rounded(problem, self, stage, movers, form, average_plans(form, self.iterations))


def _form(problem: Any, solver: Any) -> tuple[Stage, tuple[str, str], RealizationForm]:
    """The sequence form between the two players who move (a passive player fills an empty place)."""
    name = type(solver).__name__
    if not isinstance(problem, Game):
        raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place=name, remedy="use Nash() for a matrix")
    if problem.notation.symbols:
        raise NotApplicable(f"{len(problem.notation.symbols)} free parameters", place=name, remedy="fix them (at={...}), or use Nash() or SubgamePerfect()")
    stage = whole(problem, name)
    movers = (*stage.sets, *(player for player in problem.players if player not in stage.sets))[:max(2, len(stage.sets))]
    if len(movers) != 2:
        raise NotApplicable(f"{len(movers)} players have moves", place=f"game {problem.title!r}", remedy="two are needed")
    values = [tuple(end.node.payoffs[player] for player in problem.players) for end in stage.ends if isinstance(end.node, Terminal)]
    if not all(value.is_Rational for row in values for value in row) or not all(end.chance.is_Rational for end in stage.ends):
        raise NotApplicable("irrational payoffs", place=f"game {problem.title!r}", remedy="give rational numbers")
    first, second = movers
    return stage, (first, second), realization_form(stage, movers, (problem.players.index(first), problem.players.index(second)), values)


def _check_sum(problem: Game, movers: tuple[str, str]) -> None:
    """Payoffs of the two players add up to the same number at every end."""
    totals: dict[sp.Expr, tuple[str, ...]] = {}
    for history, node in problem.nodes():
        if isinstance(node, Terminal):
            totals.setdefault(sum((node.payoffs[player] for player in movers), sp.Integer(0)), history)
    if len(totals) > 1:
        (one, here), (other, there) = list(totals.items())[:2]
        raise NotApplicable(f"payoffs add up to {one} at {'/'.join(here)} and to {other} at {'/'.join(there)}", place=f"game {problem.title!r}",
                            remedy="Lemke() solves games that are not zero-sum")


def _equilibrium(problem: Game, stage: Stage, movers: Sequence[str], pair: Sequence[Weights], concept: str) -> Equilibrium:
    profile = {player: behaviour(stage, player, weights) for player, weights in zip(movers, pair, strict=True)}
    return profile_of(problem.players, stage, profile, concept, told=len(stage.ends) <= _TOLD)


def _rounded(problem: Game, solver: Any, stage: Stage, movers: Sequence[str], form: RealizationForm, plans: Sequence[Any]) -> Solution:
    """The solution of float plans: rounded, with the exact most that either side can gain."""
    from bargain.kernels.sequence_lp import rounded

    pair = tuple(rounded(sets, plan) for sets, plan in zip(form.sets, plans, strict=True))
    paid = form.expected(*pair)
    best = form.best_reply(0, pair[1]), form.best_reply(1, pair[0])
    bounds = {"regret": ceil(max(best[0] - paid[0], best[1] - paid[1]) * _GRID), "value_low": floor((paid[0] + paid[1] - best[1]) * _GRID),
              "value_high": ceil(best[0] * _GRID)}
    found = _equilibrium(problem, stage, movers, pair, solver.concept)
    near = Near(found.concept, found.strategies, found.payoffs, found.path, found.outcome, quantities={name: sp.Rational(n, _GRID) for name, n in bounds.items()})
    return _one(problem, solver, near, Status.WITHIN, form)


def _one(problem: Game, solver: Any, equilibrium: Equilibrium, status: Status, form: RealizationForm) -> Solution:
    return Solution(problem, solver, status, (Regime(Region.everything(), (equilibrium,)),), stats={"sequences": form.sizes})
