"""From solved systems to equilibria, and from equilibria to regimes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.games.nodes import Terminal, show
from bargain.regions import ANY, EQ, GE, GT, LE, LT, Cell, Region, Space
from bargain.solution import Equilibrium, Regime
from bargain.solvers.information.assessments import Strategies, Tree
from bargain.solvers.information.trembles import EPSILON, Beliefs


@dataclass(frozen=True)
class Family:
    """Equilibria that share one description, and the cells of parameters over which they exist."""

    equilibrium: Equilibrium
    cells: tuple[Cell, ...]


def written(problem: Any, tree: Tree, concept: str, strategies: Strategies, beliefs: Beliefs, values: Mapping[sp.Symbol, sp.Expr],
            free: Cell) -> Equilibrium:
    """An equilibrium with the unknowns found put in."""
    def put(expression: sp.Expr) -> sp.Expr:
        return sp.cancel(expression.xreplace(dict(values))) if expression.free_symbols & set(values) else expression

    played = {name: {action: put(p) for action, p in actions.items()} for name, actions in strategies.items()}
    believed = {}
    for own in tree.sets:
        if len(own.members) > 1:
            weights = [put(w) for w in beliefs.weights[own.name]]
            total = sp.cancel(sp.Add(*weights))
            believed[own.name] = {show(member): _share(w, total) for member, w in zip(own.members, weights, strict=True)}
    trembles: dict[str, dict[str, sp.Expr]] = {}
    if concept == "sequential equilibrium":
        for own in tree.sets:
            off = {action: put(beliefs.trembles.get((own.name, action), EPSILON)) for action in own.actions if played[own.name][action] == 0}
            if off:
                trembles[own.name] = off
    paid = tree.values((), played, {})
    on = _reached(tree, played)
    by_player = {player: {s.name: played[s.name] for s in tree.sets if s.player == player} for player in problem.players}
    story = ", ".join(_played(played[name], name if _several(tree) else "") for name in on)
    return Equilibrium(concept, by_player, {player: sp.factor(value) for player, value in paid.items()}, _path(tree, played), story,
                       beliefs=believed, free=free, trembles=trembles)


def _share(weight: sp.Expr, total: sp.Expr) -> sp.Expr:
    return sp.factor(sp.cancel(weight / total)) if total != 1 else weight


def _reached(tree: Tree, played: Strategies) -> list[str]:
    return [own.name for own in tree.sets
            if any(all(played[name][action] != 0 for name, action in tree.paths[member] if name in played) for member in own.members)]


def _several(tree: Tree) -> bool:
    """Whether information sets need names in a description of the path: more than one node somewhere, or nature moves."""
    return bool(tree.draws) or any(len(own.members) > 1 for own in tree.sets)


def _played(actions: Mapping[str, sp.Expr], name: str) -> str:
    text = " or ".join(action for action, p in actions.items() if p != 0)
    return f"{name}: {text}" if name else text


def _path(tree: Tree, played: Strategies) -> tuple[str, ...]:
    """The moves of play if only one end can be reached, else nothing: the outcome says what is played where."""
    ends = [history for history, path in tree.paths.items() if isinstance(tree.nodes[history], Terminal)
            and all(played[name][action] != 0 for name, action in path if name in played)]
    return ends[0] if len(ends) == 1 else ()


def regimes(space: Space, families: list[Family], *, degenerate: bool) -> tuple[tuple[Regime, ...], list[Cell]]:
    """One regime per family, and the strata on which the others exist; equal descriptions are united, redundant conditions dropped.

    degenerate: a family that exists only where parameters satisfy an equation is a regime, too.
    """
    united: dict[str, tuple[Equilibrium, list[Cell]]] = {}
    left_out: list[Cell] = []
    for family in families:
        cells = [tidied(space, cell) for cell in family.cells]
        if not degenerate:
            left_out += [Cell((atom,)) for cell in cells for atom in cell.atoms if atom[1] == EQ]
            cells = [cell for cell in cells if not cell.has_equality]
        if cells:
            united.setdefault(repr(family.equilibrium), (family.equilibrium, []))[1].extend(cells)
    return tuple(Regime(Region(tuple(_fewer(space, cells))), (equilibrium,)) for equilibrium, cells in united.values()), left_out


def tidied(space: Space, cell: Cell) -> Cell:
    """The same set with simpler conditions: factors of known sign dropped, equations that are implied stated, redundant conditions removed."""
    for body, mask in cell.atoms:
        rest = cell.without(body)
        kept, turn = sp.Integer(1), 1
        constant, factors = sp.factor_list(body)
        for factor, power in factors:
            signs = space.sign(factor, rest) if len(factors) > 1 else ANY
            if signs in (LT, GT):
                turn *= -1 if signs == LT and power % 2 else 1
            else:
                kept *= factor**power
        if len(factors) > 1:
            cell = rest.where(constant * turn * kept, mask)
    for body, mask in cell.atoms:
        if mask in (LE, GE) and space.sign(body, cell) == EQ:
            cell = cell & Cell(((body, EQ),))
    return space.reduced(cell)


def _fewer(space: Space, cells: list[Cell]) -> list[Cell]:
    """Cells with the same union: joined where they differ in one sign, without redundant conditions, none inside another."""
    kept = list(dict.fromkeys(cells))
    while (pair := next(((a, b, joined) for k, a in enumerate(kept) for b in kept[k + 1:] if (joined := _joined(a, b)) is not None), None)) is not None:
        kept = [cell for cell in kept if cell not in pair[:2]] + [space.reduced(pair[2])]
    return [cell for k, cell in enumerate(kept)
            if not any(j != k and space.proves(cell, other) and (j < k or not space.proves(other, cell))
                       for j, other in enumerate(kept))]


def _joined(a: Cell, b: Cell) -> Cell | None:
    """The union of two cells, if they differ in the sign of one expression only."""
    left, right = dict(a.atoms), dict(b.atoms)
    if set(left) != set(right):
        return None
    differing = [body for body in left if left[body] != right[body]]
    if len(differing) != 1:
        return None
    joined = Cell(tuple(atom for atom in a.atoms if atom[0] != differing[0]))
    return joined.where(differing[0], left[differing[0]] | right[differing[0]])


__all__ = ["Family", "regimes", "tidied", "written"]
