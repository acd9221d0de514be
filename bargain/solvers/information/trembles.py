"""Consistent beliefs: limits of Bayesian beliefs along strategies that tremble.

An action outside the support trembles with probability c*epsilon^k. At an information set only the nodes reached
by the fewest trembles keep belief, in proportion to the coefficients on their paths; trembles common to all nodes of
a set cancel. Sets are linked where they depend on the same trembles: linked sets that each see one tremble out of the
same list share one simplex of relative frequencies; otherwise every pattern of surviving nodes is listed, with
the equations between products of beliefs that it implies.
Source: Kreps and Wilson (1982), Econometrica 50:863-894; the labelling of trembles after Kohlberg and Reny (1997), Journal of
Economic Theory 75:280-313, and Perea, Jansen and Peters (1997), Games and Economic Behavior 21:238-252.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from math import lcm

import sympy as sp

from bargain.errors import TooLarge
from bargain.games.information import InformationSet
from bargain.games.nodes import History, show
from bargain.notation import Notation, Parameter
from bargain.regions import EQ, GE, GT, LE, LT, Cell, Space
from bargain.solvers.information.assessments import Step, Strategies, Support, Tree

EPSILON = sp.Symbol("epsilon", positive=True)
_PATTERNS = 4096


@dataclass(frozen=True)
class Beliefs:
    """Weights of the nodes of every set, up to a factor, with the unknowns in them and what binds these.

    trembles: the leading part, a polynomial in epsilon, of every action outside the support that matters.
    """

    weights: dict[str, tuple[sp.Expr, ...]]
    unknowns: tuple[sp.Symbol, ...] = ()
    equations: tuple[sp.Expr, ...] = ()
    cell: Cell = Cell()
    trembles: dict[Step, sp.Expr] = field(default_factory=dict)

    def __add__(self, other: "Beliefs") -> "Beliefs":
        return Beliefs({**self.weights, **other.weights}, self.unknowns + other.unknowns, self.equations + other.equations,
                       self.cell & other.cell, {**self.trembles, **other.trembles})


@dataclass(frozen=True)
class _Paths:
    """One information set: per node, the trembles and the probability of its path, what is common left out."""

    own: InformationSet
    trembles: tuple[Counter[Step], ...]
    chances: tuple[sp.Expr, ...]

    @property
    def involved(self) -> frozenset[Step]:
        return frozenset().union(*self.trembles)


def consistent(tree: Tree, support: Mapping[str, Support], strategies: Strategies) -> Iterator[Beliefs]:
    """All consistent beliefs of strategies with the given supports, as a union of families."""
    fixed, open_ = Beliefs({}), []
    for own in tree.sets:
        paths = _paths(tree, own, support, strategies)
        certain = [not trembles for trembles in paths.trembles]
        if any(certain):
            fixed += Beliefs({own.name: tuple(p if sure else sp.Integer(0) for sure, p in zip(certain, paths.chances, strict=True))})
        else:
            open_.append(paths)
    for parts in product(*(list(_families(group)) for group in _linked(open_))):
        yield sum(parts, fixed)


def unrestricted(tree: Tree, support: Mapping[str, Support], strategies: Strategies) -> Iterator[Beliefs]:
    """Beliefs by Bayes' rule at the sets that are reached, any beliefs elsewhere (weak perfect Bayesian equilibrium)."""
    found = Beliefs({})
    for own in tree.sets:
        paths = _paths(tree, own, support, strategies)
        reached = [all(action in support[name] for name, action in tree.paths[member] if name in support) for member in own.members]
        if any(reached):
            found += Beliefs({own.name: tuple(p if here else sp.Integer(0) for here, p in zip(reached, paths.chances, strict=True))})
        else:
            weights, unknowns, cell = _simplex([belief(member) for member in own.members])
            found += Beliefs({own.name: weights}, unknowns, cell=cell)
    yield found


def belief(member: History) -> sp.Symbol:
    """The symbol of an unknown belief."""
    return sp.Symbol(f"belief({show(member)})", real=True)


def _paths(tree: Tree, own: InformationSet, support: Mapping[str, Support], strategies: Strategies) -> _Paths:
    steps = [Counter(tree.paths[member]) for member in own.members]
    common = steps[0].copy()
    for other in steps[1:]:
        common &= other
    trembles, chances = [], []
    for path in steps:
        left = path - common
        trembles.append(Counter({step: n for step, n in left.items() if step not in tree.draws and step[1] not in support[step[0]]}))
        sure = [step for step in left if step not in trembles[-1]]
        chances.append(sp.Mul(*((tree.draws[step] if step in tree.draws else strategies[step[0]][step[1]])**left[step] for step in sure)))
    shared = trembles[0].copy()
    for counter in trembles[1:]:
        shared &= counter
    return _Paths(own, tuple(counter - shared for counter in trembles), tuple(chances))


def _linked(sets: list[_Paths]) -> list[list[_Paths]]:
    """Sets that depend on a common tremble, directly or through others, together."""
    groups: list[tuple[set[Step], list[_Paths]]] = []
    for paths in sets:
        involved, members = set(paths.involved), [paths]
        apart = []
        for steps, group in groups:
            if steps & involved:
                involved |= steps
                members = group + members
            else:
                apart.append((steps, group))
        groups = [*apart, (involved, members)]
    return [members for _, members in groups]


def _simplex(symbols: list[sp.Symbol], *, closed: bool = True) -> tuple[tuple[sp.Expr, ...], tuple[sp.Symbol, ...], Cell]:
    """Weights that sum to one: all symbols but the last are unknowns."""
    unknowns = tuple(symbols[:-1])
    weights = (*unknowns, 1 - sp.Add(*unknowns))
    cell = Cell()
    for weight in weights:
        cell = cell.where(weight, GE if closed else GT)
    for unknown in unknowns:
        cell = cell.where(unknown - 1, LE if closed else LT)
    return weights, unknowns, cell


def _families(group: list[_Paths]) -> Iterator[Beliefs]:
    actions = sorted(frozenset().union(*(paths.involved for paths in group)))
    simple = all(paths.involved == set(actions) and all(sum(counter.values()) == 1 for counter in paths.trembles) for paths in group)
    return iter([_shared(group, actions)]) if simple else _patterns(group, actions)


def _shared(group: list[_Paths], actions: list[Step]) -> Beliefs:
    """Every set of the group sees one tremble out of the same list: one simplex of relative frequencies for all."""
    base = next((paths for paths in group if len(paths.own.members) == len(actions)), None)
    if base is not None:
        weights, unknowns, cell = _simplex([belief(member) for member in base.own.members])
        frequency = {next(iter(counter)): w / p for counter, w, p in zip(base.trembles, weights, base.chances, strict=True)}
    else:
        weights, unknowns, cell = _simplex([sp.Symbol(f"tremble({action} | {name})", real=True) for name, action in actions])
        frequency = dict(zip(actions, weights, strict=True))
    found = {paths.own.name: tuple(sp.cancel(frequency[next(iter(counter))] * p) for counter, p in zip(paths.trembles, paths.chances, strict=True))
             for paths in group}
    return Beliefs(found, unknowns, cell=cell, trembles={step: EPSILON * (frequency[step] + EPSILON) for step in actions})


def _patterns(group: list[_Paths], actions: list[Step]) -> Iterator[Beliefs]:
    """All ways in which orders of the trembles can leave nodes with belief, each with the equations among beliefs that it implies."""
    choices = [[kept for size in range(1, len(paths.own.members) + 1) for kept in combinations(range(len(paths.own.members)), size)] for paths in group]
    total = sp.prod(len(choice) for choice in choices)
    if total > _PATTERNS:
        raise TooLarge(f"{total} patterns of beliefs at {len(group)} linked information sets", place="consistency of beliefs",
                       remedy="use PerfectBayesian(), or a smaller tree")
    order = {step: sp.Symbol(f"order{number}", real=True) for number, step in enumerate(actions)}
    space = Space(Notation(tuple(Parameter(symbol, "order of a tremble", domain=">=1") for symbol in order.values())))
    for pattern in product(*choices):
        verdict = space.feasible(_ordering(group, pattern, order))
        if verdict.answer is False:
            continue
        assert verdict.witness is not None
        scale = lcm(*(int(value.q) for value in verdict.witness.values()))
        yield _pattern(group, pattern, actions, {step: int(verdict.witness[symbol] * scale) for step, symbol in order.items()})


def _ordering(group: list[_Paths], pattern: tuple[tuple[int, ...], ...], order: Mapping[Step, sp.Symbol]) -> Cell:
    cell = Cell()
    for paths, kept in zip(group, pattern, strict=True):
        totals = [sp.Add(*(n * order[step] for step, n in counter.items())) for counter in paths.trembles]
        for node, total in enumerate(totals):
            cell = cell.where(total - totals[kept[0]], EQ if node in kept else GT)
    return cell


def _pattern(group: list[_Paths], pattern: tuple[tuple[int, ...], ...], actions: list[Step], orders: Mapping[Step, int]) -> Beliefs:
    found, unknowns, cell = {}, tuple[sp.Symbol, ...](), Cell()
    rows: list[list[int]] = []
    ratios: list[sp.Expr] = []
    for paths, kept in zip(group, pattern, strict=True):
        positive, new, inside = _simplex([belief(paths.own.members[node]) for node in kept], closed=False)
        weights = dict(zip(kept, positive, strict=True))
        found[paths.own.name] = tuple(weights.get(node, sp.Integer(0)) for node in range(len(paths.own.members)))
        unknowns, cell = unknowns + new, cell & inside
        for node in kept[1:]:
            rows.append([paths.trembles[node][step] - paths.trembles[kept[0]][step] for step in actions])
            ratios.append(weights[node] * paths.chances[kept[0]] / (weights[kept[0]] * paths.chances[node]))
    coefficients, equations = _balanced(rows, ratios, actions)
    return Beliefs(found, unknowns, equations, cell, {step: coefficients[step] * EPSILON**orders[step] for step in actions})


def _balanced(rows: list[list[int]], ratios: list[sp.Expr], actions: list[Step]) -> tuple[dict[Step, sp.Expr], tuple[sp.Expr, ...]]:
    """Coefficients with product(coefficient**row) = ratio in every row, and what the ratios must satisfy for them to exist."""
    coefficients: dict[Step, sp.Expr] = {step: sp.Integer(1) for step in actions}
    if not rows:
        return coefficients, ()
    matrix = sp.Matrix(rows)
    equations = []
    for vector in matrix.T.nullspace():
        scaled = vector * lcm(*(int(entry.q) for entry in vector))
        powers = [(r, int(c)) for r, c in zip(ratios, scaled, strict=True)]
        gap = sp.Mul(*(r**c for r, c in powers if c > 0)) - sp.Mul(*(r**-c for r, c in powers if c < 0))
        equations.append(sp.fraction(sp.together(gap))[0])
    reduced, pivots = sp.Matrix.hstack(matrix, sp.eye(len(rows))).rref()
    for row, pivot in enumerate(pivots):
        if pivot < len(actions):
            powers = reduced[row, len(actions):]
            coefficients[actions[pivot]] = sp.Mul(*(r**power for r, power in zip(ratios, powers, strict=True)))
    return coefficients, tuple(equations)
