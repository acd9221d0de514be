"""Agent quantal response equilibrium of a tree, its limit, and its fit to data.

Each information set is an agent of its own who errs with logit noise. From the uniform profile at
rationality 0 the principal branch is followed to the rationality asked for; on trees with perfect
information the equilibrium is unique and comes from backward recursion.
Source: McKelvey and Palfrey (1998), Experimental Economics 1:9-41; Turocy (2010), Economic Theory
42:255-269 (the limit of the branch is a sequential equilibrium).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import BadInput, NotApplicable, NotDecided
from bargain.games.game import Game
from bargain.games.information import require_recall
from bargain.solution import Solution
from bargain.solvers.information.agents import Agents


@dataclass(frozen=True)
class AgentQuantalResponse:
    """The agent logit quantal response equilibrium at one rationality, on the principal branch.

    rationality: the weight of payoffs in choice (0: uniform; its unit is one over that of payoffs).
    Strategies and payoffs are floating-point numbers whose residual the certificate bounds. With
    imperfect information other equilibria may exist at the same rationality; the status says so.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> solution = bg.solve(m.game, AgentQuantalResponse(1), at={m.w_D: "-1/2"}, free=[])
    >>> round(float(solution.equilibria[0].strategies["D"]["challenge"]["resist"]), 6)
    0.660586
    """

    rationality: Any = 1

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "agent quantal response equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with perfect recall and numeric payoffs, and a rationality that is not a non-negative number."""
        _accepts(problem, "AgentQuantalResponse")
        if not 0 <= float(self.rationality) < float("inf"):
            raise BadInput(f"the rationality {self.rationality} is not a non-negative number", place="AgentQuantalResponse",
                           remedy="use LimitingLogit() for the limit")

    def run(self, problem: Game) -> Solution:
        """Follow the branch to the rationality asked for."""
        agents = Agents(problem)
        point = agents.at(float(self.rationality))
        return agents.solution(self, point, {"rationality": float(self.rationality), "unique": agents.perfect})


@dataclass(frozen=True)
class LimitingLogit:
    """One sequential equilibrium, approximately: the principal branch followed until no agent gains more than `tolerance` of the payoff range.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> bg.solve(m.game, LimitingLogit(), free=[]).equilibria[0].outcome
    'challenge/resist/press'
    """

    tolerance: float = 1e-8
    largest: float = 1e9

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "limit of agent quantal response equilibria"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with perfect recall and numeric payoffs."""
        _accepts(problem, "LimitingLogit")

    def run(self, problem: Game) -> Solution:
        """Follow the branch until the regret of every agent is small."""
        agents = Agents(problem)
        for point in agents.branch(self.largest / agents.range):
            if agents.regret(point) <= self.tolerance * agents.range:
                break
        else:
            raise NotDecided(f"an agent still gains {agents.regret(point):.2g} at rationality {point[-1]:.3g}", place="LimitingLogit",
                             remedy="allow a larger tolerance or rationality")
        return agents.solution(self, point, {"rationality": float(point[-1]), "regret": agents.regret(point)})


@dataclass(frozen=True)
class QuantalFit:
    """Maximum-likelihood rationality on the principal branch, its standard error (expected information), and the fitted strategies."""

    rationality: float
    standard_error: float
    log_likelihood: float
    strategies: Mapping[str, Mapping[str, float]]


def quantal_branch(game: Game, rationalities: Sequence[float]) -> list[tuple[float, dict[str, dict[str, float]]]]:
    """The principal branch at increasing rationalities: (rationality, information set -> action -> probability)."""
    _accepts(game, "quantal_branch")
    agents = Agents(game)
    return [(float(point[-1]), agents.named(point)) for point in agents.through(sorted(map(float, rationalities)))]


def fit_quantal(game: Game, counts: Mapping[str, Mapping[str, int]], *, largest: float | None = None) -> QuantalFit:
    """Fit the rationality to choices: counts[information set][action], sets without data may be missing.

    The likelihood is searched along the principal branch up to `largest` (100 over the payoff range by default).
    """
    from scipy.optimize import minimize_scalar

    _accepts(game, "fit_quantal")
    agents = Agents(game)
    data = agents.counted(counts)
    points = list(agents.branch(largest if largest is not None else 100 / agents.range))
    scores = [float(data @ point[:-1]) for point in points]
    best = int(np.argmax(scores))
    low, high = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
    between = minimize_scalar(lambda value: -float(data @ agents.near(value, points[best])[:-1]), bounds=(low[-1], high[-1]), method="bounded",
                              options={"xatol": 1e-12 * max(1.0, high[-1])})
    point = agents.near(float(between.x), points[best])
    slope = agents.slope(point)
    totals = np.bincount(agents.tree.sets, weights=data)[agents.tree.sets]
    information = float(np.sum(totals * np.exp(point[:-1]) * slope**2))
    return QuantalFit(float(point[-1]), information**-0.5 if information > 0 else float("inf"), float(data @ point[:-1]), agents.named(point))


def _accepts(problem: Any, solver: str) -> None:
    if not isinstance(problem, Game):
        raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place=solver, remedy="use a quantal response of the matrix")
    if problem.notation.symbols:
        raise NotApplicable(f"{problem.notation.symbols[0]} is free", place=solver, remedy="logit responses are numbers: fix every parameter: solve(..., free=[])")
    require_recall(problem, solver)
