"""Markov perfect equilibria of stochastic games in pure strategies, each where it exists.

A pure stationary profile fixes the chances of moving, so every player's values solve a linear system. With v the values,
flow u, discount factor d (discrete) or rate r and hazards h (continuous), an action is worth

    (1 - d) u + d (sum_s' p(s') v(s') + stay v(s))          or          u + sum_s' h(s') (v(s') - v(s)) / r,

and the profile is an equilibrium iff in no state another action is worth more: the one-shot deviation principle.
Source: Shapley (1953); Maskin and Tirole (2001), Journal of Economic Theory 100:191-219.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.stochastic import Result, StochasticGame
from bargain.regions import GE, Cell, Region, Space
from bargain.regions.explore import number_sign
from bargain.solution import Equilibrium, Regime, Solution, Status

_PROFILES = 5000
Choice = dict[str, tuple[str, ...]]  # state -> profile
Values = dict[str, dict[str, sp.Expr]]  # player -> state -> value


@dataclass(frozen=True)
class MarkovPerfect:
    """All Markov perfect equilibria in pure strategies; mixed ones are not listed, and the status says that others may exist.

    Strategies depend on the state only. Regimes are the regions in which each equilibrium exists; several can coexist.

    >>> import bargain as bg
    >>> from bargain.games.stochastic import Result, Stage, StochasticGame
    >>> peace = Stage({"A": ("keep", "break")}, {("keep",): Result({"A": 0}, {"war": "1/10"}), ("break",): Result({"A": "1/5"}, {"war": "1/2"})})
    >>> game = StochasticGame("Ceasefire", ("A",), {"peace": peace, "war": Stage.fixed({"A": -1})}, "9/10", start="peace")
    >>> bg.solve(game, MarkovPerfect()).equilibria[0].strategies
    {'A': {'peace': {'keep': 1, 'break': 0}}}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Markov perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a stochastic game, and more pure profiles than can be tried."""
        if not isinstance(problem, StochasticGame):
            raise NotApplicable(f"a {type(problem).__name__} has no states", place="MarkovPerfect", remedy="give a StochasticGame")
        count = 1
        for stage in problem.states.values():
            count *= len(stage.results)
        if count > _PROFILES:
            raise TooLarge(f"{count} pure stationary profiles", place=f"stochastic game {problem.title!r}", remedy=f"at most {_PROFILES} are tried")

    def run(self, problem: StochasticGame) -> Solution:
        """Try every pure stationary profile."""
        space = Space(problem.notation)
        regimes, tried = [], 0
        for choice in _profiles(problem):
            tried += 1
            values = {player: _values(problem, choice, player) for player in problem.players}
            cell = self._cell(problem, space, choice, values)
            if cell is None or (not cell.trivially_empty and space.feasible(cell).answer is False) or cell.trivially_empty:
                continue
            cell = space.reduced(cell)
            regimes.append(Regime(Region((cell,)) if problem.notation.symbols else Region.everything(), (_equilibrium(self, problem, choice, values),)))
        if not problem.notation.symbols:
            regimes = [Regime(Region.everything(), tuple(e for regime in regimes for e in regime.equilibria))]
        return Solution(problem, self, Status.INCOMPLETE, tuple(regimes), stats={"profiles": tried, "queries": space.queries},
                        overlapping=bool(problem.notation.symbols))

    def _cell(self, problem: StochasticGame, space: Space, choice: Choice, values: Values) -> Cell | None:
        """The conditions under which nobody gains by another action in any state; None if some never hold."""
        cell = Cell()
        for state, stage in problem.states.items():
            for player, actions in stage.actions.items():
                index = list(stage.actions).index(player)
                for action in actions:
                    profile = (*choice[state][:index], action, *choice[state][index + 1:])
                    if profile == choice[state]:
                        continue
                    gain = sp.together(worth(problem, state, stage.results[profile], player, values[player]) - values[player][state])
                    if not gain.free_symbols:
                        if number_sign(gain) > 0:
                            return None
                        continue
                    body, orientation = space.essential(-gain)
                    cell = cell.where(body * orientation, GE)
        return cell


def worth(problem: StochasticGame, state: str, result: Result, player: str, values: Mapping[str, sp.Expr]) -> sp.Expr:
    """What a result is worth to a player who gets `values` from the next state on."""
    d, flow = problem.patience[player], result.payoffs[player]
    if problem.continuous:
        return flow + sp.Add(*(hazard * (values[other] - values[state]) for other, hazard in result.moves.items())) / d
    stay = 1 - sp.Add(*result.moves.values())
    return (1 - d) * flow + d * (sp.Add(*(chance * values[other] for other, chance in result.moves.items())) + stay * values[state])


def _profiles(problem: StochasticGame) -> Iterator[Choice]:
    for combination in product(*(stage.results for stage in problem.states.values())):
        yield dict(zip(problem.states, combination, strict=True))


def _values(problem: StochasticGame, choice: Choice, player: str) -> dict[str, sp.Expr]:
    """The player's value in every state under a pure stationary profile, by exact elimination over the parameters' field."""
    names = list(problem.states)
    unknown = {name: sp.Dummy(f"v{k}") for k, name in enumerate(names)}
    equations = [worth(problem, name, problem.states[name].results[choice[name]], player, unknown) - unknown[name] for name in names]
    named = {power: sp.Dummy() for power in set().union(*(equation.atoms(sp.exp) for equation in equations))}  # elimination is over rational functions
    equations = [equation.xreplace(named) for equation in equations]
    back = {symbol: power for power, symbol in named.items()}
    matrix, right = sp.linear_eq_to_matrix(equations, list(unknown.values()))
    reduced, pivots = sp.polys.matrices.DomainMatrix.from_Matrix(matrix.row_join(right)).to_field().rref()
    assert pivots == tuple(range(len(names))), "discounted values are unique"
    return {name: sp.factor(value).xreplace(back) for name, value in zip(names, reduced.to_Matrix()[: len(names), -1], strict=True)}


def _equilibrium(solver: MarkovPerfect, problem: StochasticGame, choice: Choice, values: Values) -> Equilibrium:
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in problem.players}
    for state, stage in problem.states.items():
        for player, played in zip(stage.actions, choice[state], strict=True):
            strategies[player][state] = {action: sp.Integer(action == played) for action in stage.actions[player]}
    told = tuple(f"{state}: {', '.join(choice[state])}" for state, stage in problem.states.items() if stage.actions)
    quantities = {f"value of {player} in {state}": value for player, own in values.items() for state, value in own.items()}
    payoffs = {player: values[player][problem.start] for player in problem.players}
    return Equilibrium(solver.concept, strategies, payoffs, told, "; ".join(told), quantities=quantities)
