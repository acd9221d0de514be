"""Logit responses checked from the strategies alone: conditional payoffs by enumeration of paths, in 60-digit arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp

from bargain.certify.check import Violation
from bargain.games.game import Game
from bargain.games.information import successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.solution import Component, Equilibrium

_TOLERANCE = sp.Rational(1, 10**9)
_REACHED = mpmath.mpf("1e-300")  # below it probabilities, which are written as floats, have lost their digits, and beliefs are only a lottery


def violations(problem: Game, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Each action's probability differs from the logit response by at most 1e-9; in the limit, no agent gains more than twice the tolerance."""
    assert isinstance(equilibrium, Equilibrium)
    with mpmath.workdps(60):
        found = list(_checked(successive(problem), solver, equilibrium))
    yield from found


def _checked(game: Game, solver: Any, equilibrium: Equilibrium) -> Iterator[Violation]:
    strategies = {(player, name): {a: mpmath.mpf(str(w)) for a, w in actions.items()}
                  for player, own in equilibrium.strategies.items() for name, actions in own.items()}
    met: dict[str, list[_Met]] = {}
    paid = _visit(game, game.root, (), mpmath.mpf(1), strategies, met)
    for (_, name), weights in strategies.items():
        yield from _close(f"probability: sum at {name}", sum(weights.values()), 1)
        worth = _worth(met[name], {node: mpmath.mpf(str(share)) for node, share in equilibrium.beliefs.get(name, {}).items()})
        if hasattr(solver, "rationality"):
            rate = mpmath.mpf(str(solver.rationality))
            response = {action: mpmath.exp(rate * value) for action, value in worth.items()}
            total = sum(response.values())
            for action, value in response.items():
                yield from _close(f"logit response: at {name} {action}", weights[action], value / total)
        else:
            gain = max(worth.values()) - sum(weights[a] * worth[a] for a in worth)
            yield Violation(f"regret: at {name}", _exact(gain) - _exact(2 * mpmath.mpf(str(solver.tolerance)) * _range(game)))
    for name, shares in equilibrium.beliefs.items():
        mass = sum(node.reach for node in met[name])
        yield from _close(f"belief: sum at {name}", sum(mpmath.mpf(str(share)) for share in shares.values()), 1)
        for node in met[name]:
            share = mpmath.mpf(str(shares[node.history]))
            yield from _close(f"belief: at {name} in {node.history}", share, node.reach / mass if mass > _REACHED else max(share, 0))
    if hasattr(solver, "rationality"):
        asked = mpmath.mpf(str(sp.N(solver.rationality, 50)))
        yield from _close("rationality: not the one asked for", mpmath.mpf(str(equilibrium.quantities["rationality"])), asked, scale=1 + asked)
    for player in game.players:
        claimed = mpmath.mpf(str(equilibrium.payoffs[player]))
        yield from _close(f"payoff: {player}", claimed, paid[player], scale=1 + abs(claimed))


@dataclass(frozen=True)
class _Met:
    """A node of an information set: its history in words, the probability of reaching it, what each action pays its player from there."""

    history: str
    reach: Any
    worth: dict[str, Any]


def _worth(nodes: list[_Met], claimed: dict[str, Any]) -> dict[str, Any]:
    """Payoff of each action given that the set is reached; the claimed beliefs count only where the set has no measurable probability."""
    mass = sum(node.reach for node in nodes)
    share = {node.history: node.reach / mass if mass else claimed.get(node.history, mpmath.mpf(1) / len(nodes)) for node in nodes}
    return {action: sum(share[node.history] * node.worth[action] for node in nodes) for action in nodes[0].worth}


def _close(what: str, left: Any, right: Any, scale: Any = 1) -> Iterator[Violation]:
    yield Violation(what, _exact(abs(left - right) / scale) - _TOLERANCE)


def _exact(value: Any) -> sp.Expr:
    return sp.Float(str(value), 40)


def _range(game: Game) -> Any:
    values = [mpmath.mpf(str(sp.N(v, 30))) for _, node in game.nodes() if isinstance(node, Terminal) for v in node.payoffs.values()]
    return max(values) - min(values)


def _visit(game: Game, node: Node, history: History, reach: Any, strategies: dict[tuple[str, str], dict[str, Any]], met: dict[str, list[_Met]]) -> dict[str, Any]:
    """Expected payoffs after a history; on the way, what every action at every node of every set pays."""
    if isinstance(node, Terminal):
        return {player: mpmath.mpf(str(sp.N(value, 50))) for player, value in node.payoffs.items()}
    if isinstance(node, Chance):
        weights = {action: mpmath.mpf(str(sp.N(p, 50))) for action, p, _ in node.draws}
    else:
        assert isinstance(node, Decision)
        weights = strategies[node.player, node.information_set or show(history)]
    after = {name: _visit(game, child, (*history, name), reach * weights[name], strategies, met) for name, child in node.moves}
    if isinstance(node, Decision):
        own = _Met(show(history), reach, {name: values[node.player] for name, values in after.items()})
        met.setdefault(node.information_set or show(history), []).append(own)
    return {player: sum(weights[name] * values[player] for name, values in after.items()) for player in game.players}
