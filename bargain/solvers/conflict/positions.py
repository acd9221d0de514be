"""The static block of the expected utility model: weighted mean and median, Condorcet winners, and a chain of challenges.

Under proportional voting with utilities linear in distance a position beats every other where it lies at the weighted median. In the chain every position is
challenged by each other with equal chances and gives way with the chance that the challenger beats it; its stationary distribution is a probabilistic
Condorcet winner. None of this is an equilibrium of a bargaining game. Source: see `bargain.games.positions`.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.positions import Positions
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime, Solution, Status


@dataclass(frozen=True)
class WeightedPositions:
    """Weighted mean, weighted median (both, where exactly half of the weight lies on either side), Condorcet winners, stationary chances.

    >>> import bargain as bg
    >>> from bargain.games.positions import Actor
    >>> issue = Positions("Issue", {"A": Actor(0, 2, 1), "B": Actor(10, 1, "1/2"), "C": Actor(4, 1, 1)})
    >>> found = bg.solve(issue, WeightedPositions()).equilibria[0]
    >>> found.outcome, found.quantities["weighted mean"]
    ('0 beats every other position', 18/7)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "static expected-utility values"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, Positions):
            raise NotApplicable(f"a {type(problem).__name__} is not a list of positions", place="WeightedPositions", remedy="give Positions")

    def run(self, problem: Positions) -> Solution:
        """The numbers, exactly."""
        weights = {name: problem.weight(name) for name in problem.players}
        total = sum(weights.values(), sp.Integer(0))
        line = problem.positions
        mean = sum((weights[name] * actor.position for name, actor in problem.actors.items()), sp.Integer(0)) / total
        medians = [x for x in line if all(2 * sum((weights[n] for n, a in problem.actors.items() if side * (a.position - x) > 0), sp.Integer(0)) <= total
                                          for side in (1, -1))]
        winners = [x for x in line if all(x == y or 2 * problem.beats(x, y) >= 1 for y in line)]
        quantities = {"weighted mean": mean, "weighted median": medians[0]}
        if len(medians) > 1:
            quantities["upper weighted median"] = medians[-1]
        quantities |= {f"stationary chance of {x}": chance for x, chance in zip(line, _stationary(problem), strict=True)}
        outcome = " and ".join(map(str, winners)) + (" beats every other position" if len(winners) == 1 else " are beaten by no other position")
        found = Equilibrium(self.concept, {}, {}, (), outcome if winners else "every position is beaten", quantities=quantities)
        return Solution(problem, self, Status.CERTIFIED, (Regime(Region.everything(), (found,)),))


def _stationary(problem: Positions) -> tuple[sp.Expr, ...]:
    """The chances that the chain of challenges leaves unchanged."""
    line = problem.positions
    gives_way = sp.Matrix(len(line), len(line), lambda i, j: 0 if i == j else problem.beats(line[j], line[i]))
    generator = gives_way - sp.diag(*(sum(gives_way[i, :]) for i in range(len(line))))
    (kernel,) = generator.T.nullspace()
    return tuple(value / sum(kernel) for value in kernel)
