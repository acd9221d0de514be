"""Trees of three and more players in Gambit's catalogue, and perfect equilibria of its trees: every equilibrium Gambit finds is among ours."""

from typing import Any

import pytest

from bargain import ExtensiveFormPerfect, Game, Nash, Sequential, Status, SubgamePerfect, solve
from bargain.games.information import forgotten
from bargain.games.nodes import Chance, Decision, Node, Terminal
from bargain.interop.gambit import from_pygambit
from bargain.solution import Equilibrium

gambit = pytest.importorskip("pygambit")


def trees() -> list[tuple[str, Any, Game]]:
    """The catalogue's trees with perfect recall."""
    loaded = ((name, gambit.catalog.load(name)) for name in gambit.catalog.games()["Game"])
    found = [(name, theirs, from_pygambit(theirs)) for name, theirs in loaded if theirs.is_tree]
    return [(name, theirs, game) for name, theirs, game in found if isinstance(game, Game) and forgotten(game) is None]


def ends(game: Game, e: Equilibrium) -> tuple[float, ...]:
    """The chance of every end, in tree order."""
    found: list[float] = []

    def walk(node: Node, history: tuple[str, ...], reach: float) -> None:
        if isinstance(node, Terminal):
            found.append(round(reach, 7))
            return
        assert isinstance(node, Decision | Chance)
        chances = {name: p for name, p, _ in node.draws} if isinstance(node, Chance) else own(e, node, history)
        for name, child in node.moves:
            walk(child, (*history, name), reach * float(chances[name]))

    walk(game.root, (), 1.0)
    return tuple(found)


def own(e: Equilibrium, node: Decision, history: tuple[str, ...]) -> Any:
    """The mover's lottery."""
    return e.strategies[node.player][node.information_set or "/".join(history) or "(start)"]


def is_pure(e: Equilibrium) -> bool:
    return all(w in (0, 1) for nodes in e.strategies.values() for actions in nodes.values() for w in actions.values())


def theirs_ends(theirs: Any, profile: Any) -> tuple[float, ...]:
    """The same of Gambit's profile."""
    behaviour = profile.as_behavior() if hasattr(profile, "as_behavior") else profile
    found: list[float] = []

    def walk(node: Any, reach: float) -> None:
        if node.is_terminal:
            found.append(round(reach, 7))
            return
        for action, child in zip(node.infoset.actions, node.children, strict=True):
            walk(child, reach * float(action.prob if node.player.is_chance else behaviour[action]))

    walk(theirs.root, 1.0)
    return tuple(found)


def test_every_tree_of_three_and_more_players_has_gambits_equilibria() -> None:
    """Pure ones are the same; the isolated ones that enumpoly finds, and the limit of Gambit's logit branch, are among ours."""
    compared = []
    for name, theirs, game in trees():
        if len(game.players) < 3:
            continue
        solution = solve(game, Nash())
        assert solution.status is Status.CERTIFIED, name
        ours = {ends(game, e) for e in solution.extreme}
        pure = {theirs_ends(theirs, profile) for profile in gambit.nash.enumpure_solve(theirs).equilibria}
        assert pure == {ends(game, e) for e in solution.extreme if is_pure(e)}, name
        assert {theirs_ends(theirs, profile) for profile in gambit.nash.enumpoly_solve(theirs).equilibria} <= ours, name
        perfect = {ends(game, e) for e in solve(game, SubgamePerfect()).extreme}
        sequential = {ends(game, e) for e in solve(game, Sequential()).extreme if not e.free.atoms}
        assert sequential <= perfect <= ours, name
        (limit,) = gambit.nash.logit_solve(theirs, maxregret=1e-10).equilibria
        assert any(max(abs(a - b) for a, b in zip(theirs_ends(theirs, limit), known, strict=True)) < 1e-3 for known in perfect), name
        compared.append(name)
    assert len(compared) == 3


@pytest.mark.slow
def test_perfect_equilibria_of_gambits_trees_are_equilibria_in_gambit_and_all_are_settled() -> None:
    """Every tree with at most five information sets; each perfect equilibrium, put into Gambit exactly, has regret zero."""
    settled = 0
    for name, theirs, game in trees():
        if len(list(theirs.infosets)) > 5:
            continue
        solution = solve(game, ExtensiveFormPerfect())
        assert solution.status is Status.CERTIFIED and solution.certificate.passed, (name, solution.stats)
        for e in solution.extreme:
            if not e.free.atoms:
                profile = theirs.mixed_behavior_profile(rational=True)
                put(game.root, (), theirs.root, e, profile)
                assert profile.max_regret() == 0 and profile.agent_max_regret() == 0, name
        settled += 1
    assert settled == 25


def put(node: Node, history: tuple[str, ...], other: Any, e: Equilibrium, profile: Any) -> None:
    """Write our behaviour into Gambit's profile, node by node."""
    if isinstance(node, Terminal):
        return
    assert isinstance(node, Decision | Chance)
    if isinstance(node, Decision):
        for (name, _), action in zip(node.moves, other.infoset.actions, strict=True):
            weight = own(e, node, history)[name]
            profile[action] = gambit.Rational(int(weight.p), int(weight.q))
    for (name, child), below in zip(node.moves, other.children, strict=True):
        put(child, (*history, name), below, e, profile)
