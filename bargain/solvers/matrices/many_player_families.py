"""Continua of equilibria that are no products of polytopes: some probabilities free, the others rational functions of them.

An equation that is linear in an unknown, c v + d = 0, gives v = -d / c where c is not zero; it is put into the other
equations, and the points with c = 0 are a smaller system, solved afresh. What remains is a cell of the free unknowns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp
from flint import fmpz_mpoly

from bargain.games.matrix import MatrixGame
from bargain.kernels.indifference import System
from bargain.kernels.varieties import Point, belongs, factors, variety
from bargain.notation import Notation, Parameter
from bargain.regions import Cell, Space
from bargain.regions.cells import EQ, GT, LE, NE
from bargain.solution import Equilibrium

_PIECES = 40  # systems that a family is divided into
_PATIENCE = 3000  # milliseconds for a question about a cell


@dataclass(frozen=True)
class Family:
    """Equilibria with one support: every unknown as an expression, wherever the cell of the free unknowns holds."""

    system: System
    values: tuple[sp.Expr, ...]
    cell: Cell


@dataclass(frozen=True)
class Pieces:
    """What a positive-dimensional set of zeros comes to: families of equilibria, isolated zeros, and whether that is all of it."""

    families: tuple[Family, ...]
    points: tuple[Point, ...]
    complete: bool


def pieces_of(system: System, basis: Sequence[fmpz_mpoly]) -> Pieces:
    """The equilibria among the zeros of a system of positive dimension."""
    space = _space(system)
    stack, seen = [tuple(basis)], [tuple(basis)]
    families: list[Family] = []
    points: list[Point] = []
    complete = True
    while stack:
        parts = _eliminated(list(stack.pop()), system) if len(seen) <= _PIECES else None
        solved, rest = parts if parts is not None else (None, [])
        complete &= parts is not None
        for zeros in (variety(smaller, system.positive) for smaller in rest):
            complete &= zeros is not None
            points += zeros.points if zeros is not None else ()
            for family in zeros.families if zeros is not None else ():
                if family not in seen:
                    seen.append(family)
                    stack.append(family)
        if solved is not None:
            values, cell = _described(system, solved)
            verdict = space.feasible(cell)
            complete &= not verdict.unknown
            if verdict.answer:
                families.append(Family(system, values, space.reduced(cell)))
    return Pieces(tuple(families), tuple(points), complete)


def proved_empty(system: System, basis: Sequence[fmpz_mpoly]) -> bool:
    """Whether no zero of the basis is an equilibrium with the system's support (decided by `bargain.regions`)."""
    cell = Cell()
    for polynomials, mask in ((basis, EQ), (system.positive, GT), (system.outside, LE)):
        for polynomial in polynomials:
            cell = cell.where(_expression(polynomial, _symbols(system)), mask)
    return _space(system).feasible(cell).answer is False


def _space(system: System) -> Space:
    return Space(Notation(tuple(Parameter(symbol, "probability") for symbol in _symbols(system))), timeout_ms=_PATIENCE)


def _symbols(system: System) -> list[sp.Symbol]:
    return [sp.Symbol(f"w_{number + 1}", real=True) for number in range(len(system.unknowns))]


Solved = list[tuple[int, fmpz_mpoly, fmpz_mpoly]]  # (unknown v, c, d) in the order of elimination: c v + d = 0


def _eliminated(equations: list[fmpz_mpoly], system: System) -> tuple[Solved | None, list[list[fmpz_mpoly]]] | None:
    """The unknowns solved for one by one, and the systems that hold the other zeros; None if no equation is linear in an unknown.

    Where an elimination brings out several factors, the zeros are divided among them instead.
    """
    left, solved, rest = list(equations), [], []
    excluded = [f for w in system.positive for f, _ in factors(w)]
    while left:
        choice = min(((len(c), len(g), k, v, c, d) for k, g in enumerate(left) for v, c, d in _linear(g)), key=lambda item: item[:4], default=None)
        if choice is None:
            return None
        *_, k, v, c, d = choice
        if not c.is_constant():
            rest.append([*equations, c])
            excluded += [f for f, _ in factors(c)]
        solved.append((v, c, d))
        pivot, others = left[k], left[:k] + left[k + 1 :]
        left = []
        for g in others:
            image = g.resultant(pivot, v) if g.degrees()[v] else g
            if image.is_zero():
                continue
            parts = [f for f, _ in factors(image) if f not in excluded]
            if not parts:
                return None, rest
            implied = [f for f in parts if len(parts) == 1 or belongs(f, equations)]
            if not implied:
                return None, rest + [[*equations, f] for f in parts]
            left.append(implied[0])
    return solved, rest


def _linear(polynomial: fmpz_mpoly) -> list[tuple[int, fmpz_mpoly, fmpz_mpoly]]:
    """Every unknown of degree one, with its coefficient and the rest."""
    found = []
    for v, degree in enumerate(polynomial.degrees()):
        if degree == 1:
            slope = polynomial.derivative(v)
            found.append((v, slope, polynomial - slope * polynomial.context().gens()[v]))
    return found


def _expression(polynomial: fmpz_mpoly, symbols: Sequence[sp.Expr]) -> sp.Expr:
    return sp.Add(*(int(c) * sp.Mul(*(s ** int(e) for s, e in zip(symbols, m, strict=True))) for m, c in polynomial.to_dict().items()))


def _described(system: System, solved: Solved) -> tuple[tuple[sp.Expr, ...], Cell]:
    """The unknowns where every c is not zero, and the cell in which they are equilibria."""
    values: list[sp.Expr] = list(_symbols(system))
    cell = Cell()
    for v, c, d in reversed(solved):
        slope = _expression(c, values)
        values[v] = sp.cancel(-_expression(d, values) / slope)
        if not slope.is_number:
            cell = cell.where(slope, NE)
    for polynomials, mask in ((system.positive, GT), (system.outside, LE)):
        for polynomial in polynomials:
            cell = cell.where(sp.cancel(_expression(polynomial, values)), mask)
    return tuple(values), cell


def family_equilibrium(game: MatrixGame, family: Family) -> Equilibrium:
    """The family as one equilibrium with free symbols."""
    own = dict(zip(family.system.unknowns, family.values, strict=True))
    profile = []
    for j, (size, support) in enumerate(zip(game.shape, family.system.support, strict=True)):
        rest = [own[j, k] for k in range(1, len(support))]
        weights = dict(zip(support, [sp.factor(sp.cancel(1 - sp.Add(*rest))), *map(sp.factor, rest)], strict=True))
        profile.append([weights.get(a, sp.Integer(0)) for a in range(size)])
    totals = dict.fromkeys(game.players, sp.Integer(0))
    for cell in game:
        weight = sp.Mul(*(w[names.index(a)] for w, names, a in zip(profile, game.actions, cell, strict=True)))
        if weight != 0:
            for player, payoff in zip(game.players, game[cell], strict=True):
                totals[player] += weight * payoff
    strategies = {player: {"": dict(zip(names, w, strict=True))} for player, names, w in zip(game.players, game.actions, profile, strict=True)}
    outcome = ", ".join(" + ".join(a if w == 1 else f"({w}) {a}" for a, w in zip(names, ws, strict=True) if w != 0)
                        for names, ws in zip(game.actions, profile, strict=True))
    return Equilibrium("Nash equilibrium", strategies, {player: sp.factor(total) for player, total in totals.items()}, (outcome,), outcome, free=family.cell)
