"""All Nash equilibria of a stage in behaviour strategies.

One active player: her best plans. Two: with rational payoffs the extreme points of the sequence form, with
symbolic ones those of the reduced strategic form, under an oracle. Three or more: with rational payoffs and at most
5,000 combinations of supports all that `bargain.solvers.matrices.many_players` finds, otherwise the pure equilibria.
Source: Nash (1951); Kuhn (1953); von Stengel (1996).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

import sympy as sp

from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import Pair, components, maximal_nash_subsets
from bargain.kernels.realization import RealizationForm, Sets, extreme_realizations
from bargain.notation import Notation
from bargain.regions import Oracle
from bargain.solution import Component, Equilibrium, Status
from bargain.solvers.matrices.supports import extreme_points
from bargain.solvers.trees.stages import Behaviour, Stage

Values = Sequence[Sequence[sp.Expr]]  # (ends, players)
Behaviours = Mapping[str, Behaviour]
Group = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]
_SUPPORTS = 5_000


@dataclass(frozen=True)
class Found:
    """Equilibria of a stage, strategies at every information set; `complete`: every equilibrium is a mixture of them.

    groups: the profiles by component, as their numbers, and the subsets (positions in that list) that mix independently.
    """

    profiles: tuple[Behaviours, ...]
    groups: tuple[Group, ...]
    complete: bool = True


def stage_equilibria(oracle: Oracle, stage: Stage, players: Sequence[str], values: Values) -> Found:
    """Every extreme equilibrium of a stage whose ends pay `values`, distinct as behaviour strategies."""
    active = list(stage.sets)
    if len(active) == 1:
        return _grouped(_best(oracle, stage, players, values), active)
    rational = all(value.is_Rational for row in values for value in row) and all(end.chance.is_Rational for end in stage.ends)
    if len(active) > 2:
        if rational and prod(2 ** len(plans) - 1 for plans in stage.plans.values()) <= _SUPPORTS:
            return _several(stage, players, values)
        return replace(_grouped(_pure(oracle, stage, players, values), active), complete=False)
    first, second = (players.index(player) for player in active)
    if rational:
        return _grouped(_sequential(stage, active, first, second, values), active)
    rows, columns = (range(len(stage.plans[player])) for player in active)
    cells = [[stage.expected(dict(zip(active, (i, j), strict=True)), values) for j in columns] for i in rows]
    a, b = ([[cell[index] for cell in row] for row in cells] for index in (first, second))
    found = ({player: stage.mixed(player, weights) for player, weights in zip(active, pair, strict=True)} for pair in extreme_points(oracle, a, b))
    return _grouped(list({repr(profile): profile for profile in found}.values()), active)


def _grouped(profiles: Sequence[Behaviours], active: Sequence[str]) -> Found:
    return Found(tuple(profiles), tuple(continua(profiles, active)))


def _best(oracle: Oracle, stage: Stage, players: Sequence[str], values: Values) -> list[Behaviours]:
    (player, plans), = stage.plans.items()
    index = list(players).index(player)
    paid = [stage.expected({player: k}, values)[index] for k in range(len(plans))]
    return [{player: stage.mixed(player, [sp.Integer(i == k) for i in range(len(plans))])} for k in oracle.greatest(paid)]


def _several(stage: Stage, players: Sequence[str], values: Values) -> Found:
    """All equilibria of three or more players that are exact numbers; those only enclosed are left out, and the list is then not complete."""
    from bargain.solvers.matrices.many_players import all_equilibria

    matrix, labels = plan_matrix(stage, tuple(stage.sets), players, values)
    answer = all_equilibria(matrix, None)
    profiles: list[Behaviours] = []
    groups: list[Group] = []
    for item in (item for regime in answer.regimes for item in regime.equilibria):
        vertices = item.vertices if isinstance(item, Component) else (item,)
        if any(weight.has(sp.Float) for e in vertices for own in e.strategies.values() for weight in own[""].values()):
            continue
        groups.append((tuple(range(len(profiles), len(profiles) + len(vertices))), item.subsets if isinstance(item, Component) else ()))
        profiles += [mixed_profile(stage, labels, e) for e in vertices]
    return Found(tuple(profiles), tuple(groups), answer.status is Status.CERTIFIED)


def plan_matrix(stage: Stage, movers: tuple[str, ...], players: Sequence[str], values: Values,
                notation: Notation = Notation()) -> tuple[MatrixGame, Mapping[str, tuple[str, ...]]]:
    """The reduced strategic form of a stage between some players (those without moves have one plan), and the labels of the plans."""
    labels = {player: tuple(f"plan {k + 1}" for k in range(len(stage.plans.get(player, ((),))))) for player in movers}
    cells = {}
    for chosen in product(*(range(len(labels[player])) for player in movers)):
        paid = stage.expected({player: k for player, k in zip(movers, chosen, strict=True) if player in stage.sets}, values)
        own = tuple(paid[list(players).index(player)] if player in players else sp.Integer(0) for player in movers)
        cells[tuple(labels[player][k] for player, k in zip(movers, chosen, strict=True))] = own
    return MatrixGame(stage.title, movers, tuple(labels[player] for player in movers), cells, notation), labels


def mixed_profile(stage: Stage, labels: Mapping[str, tuple[str, ...]], equilibrium: Equilibrium) -> Behaviours:
    """An equilibrium between plans as behaviour strategies."""
    zero = sp.Integer(0)
    return {player: stage.mixed(player, [equilibrium.strategies[player][""].get(label, zero) for label in labels[player]]) for player in stage.sets}


def _pure(oracle: Oracle, stage: Stage, players: Sequence[str], values: Values) -> list[Behaviours]:
    """Every combination of plans in which no player gains by another plan."""
    active, counts = list(stage.plans), [len(plans) for plans in stage.plans.values()]
    paid = {cell: stage.expected(dict(zip(active, cell, strict=True)), values) for cell in product(*map(range, counts))}
    places = [list(players).index(player) for player in active]

    def stable(cell: tuple[int, ...]) -> bool:
        return all(oracle.sign(paid[*cell[:k], other, *cell[k + 1:]][index] - paid[cell][index]) <= 0
                   for k, index in enumerate(places) for other in range(counts[k]) if other != cell[k])

    return [{player: stage.mixed(player, [sp.Integer(i == chosen) for i in range(counts[k])]) for k, (player, chosen) in enumerate(zip(active, cell, strict=True))}
            for cell in paid if stable(cell)]


def _sequential(stage: Stage, active: Sequence[str], first: int, second: int, values: Values) -> list[Behaviours]:
    """By the sequence form, in rational numbers."""
    pairs = extreme_realizations(realization_form(stage, active, (first, second), values))
    return [{player: behaviour(stage, player, weights) for player, weights in zip(active, pair, strict=True)} for pair in pairs]


def behaviour(stage: Stage, player: str, weights: Sequence[Fraction]) -> Behaviour:
    """The behaviour strategy of a realization plan; where the plan itself never comes, the first action."""
    known = numbered(stage, player)
    return {own.name: own.normalised({action: _number(weights[known[own.name, action]]) for action in own.actions}) for own in stage.sets.get(player, ())}


def numbered(stage: Stage, player: str) -> dict[tuple[str, str], int]:
    """The number of every sequence of a player by its last move."""
    pairs = [(own.name, action) for own in stage.sets.get(player, ()) for action in own.actions]
    return {pair: k + 1 for k, pair in enumerate(pairs)}


def realization_form(stage: Stage, active: Sequence[str], places: tuple[int, int], values: Values) -> RealizationForm:
    """The sequence form of a stage with rational payoffs; `places` number the two active players among all."""
    numbers = [numbered(stage, player) for player in active]
    sets: list[Sets] = []
    for player, known in zip(active, numbers, strict=True):
        sets.append(tuple((known[own.past[-1]] if own.past else 0, tuple(known[own.name, action] for action in own.actions)) for own in stage.sets.get(player, ())))
    payoffs: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
    chances: dict[tuple[int, int], Fraction] = {}
    for end, paid in zip(stage.ends, values, strict=True):
        s, t = (known[end.done[player][-1]] if end.done[player] else 0 for player, known in zip(active, numbers, strict=True))
        chance = _fraction(end.chance)
        a, b = payoffs.get((s, t), (Fraction(0), Fraction(0)))
        payoffs[s, t] = a + chance * _fraction(paid[places[0]]), b + chance * _fraction(paid[places[1]])
        chances[s, t] = chances.get((s, t), Fraction(0)) + chance
    return RealizationForm((sets[0], sets[1]), payoffs, chances)


def _fraction(value: sp.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _number(value: Fraction) -> sp.Expr:
    return sp.Rational(value.numerator, value.denominator)


def continua(profiles: Sequence[Behaviours], active: Sequence[str]) -> list[Group]:
    """Extreme equilibria of one stage by component: their numbers, and the subsets (positions in that list) that mix independently.

    An isolated equilibrium has no subsets. With other than two active players: one player's best plans are one component,
    and pure equilibria of several stand alone.
    """
    if len(active) == 1 and len(profiles) > 1:
        return [(tuple(range(len(profiles))), (tuple(range(len(profiles))),))]
    if len(active) != 2:
        return [((k,), ()) for k in range(len(profiles))]
    texts = [tuple(repr(profile[player]) for player in active) for profile in profiles]
    sides = [list(dict.fromkeys(text[side] for text in texts)) for side in (0, 1)]
    named: list[Pair] = [((Fraction(sides[0].index(x)),), (Fraction(sides[1].index(y)),)) for x, y in texts]
    subsets = maximal_nash_subsets(named)
    groups = []
    for members in components(subsets):
        inside = tuple(k for k, name in enumerate(named) if any(name[0] in subsets[m][0] and name[1] in subsets[m][1] for m in members))
        position = {named[k]: n for n, k in enumerate(inside)}
        parts = tuple(tuple(sorted(position[x, y] for x in subsets[m][0] for y in subsets[m][1])) for m in members)
        groups.append((inside, parts if len(inside) > 1 else ()))
    return sorted(groups)
