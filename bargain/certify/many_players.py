"""Regret of mixed strategies whose probabilities are algebraic, or enclosed, in a game with any number of players.

Algebraic: all probabilities are polynomials in one number, a square root or a `CRootOf`. Expected payoffs are
computed in its field: a difference that reduces to zero modulo the number's polynomial is zero, and the sign of any other
is read off an interval around the number (FLINT's ball arithmetic).

Enclosed: probabilities rounded, with the radius in which the exact ones are said to lie. Krawczyk's test proves that in the box
of that radius lies exactly one point where all actions played are equally good; that they are positive there and no
other action is better is checked over the whole box.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import sympy as sp
from flint import arb, arb_mat, arb_poly, ctx, fmpq, fmpq_poly, fmpz_poly

from bargain.certify.check import Violation
from bargain.errors import NotDecided
from bargain.games.matrix import MatrixGame
from bargain.regions.cells import Cell
from bargain.solution import Component, Equilibrium

_PRECISION = 256
_MOST = 65_536  # bits to which a sign is pursued
_UNKNOWN = sp.Symbol("t")

Weights = Sequence[Mapping[str, Any]]
Check = Callable[[MatrixGame, Equilibrium], Iterator[Violation]]


def many_player_violations(game: MatrixGame, item: Equilibrium | Component, rational: Check) -> Iterator[Violation]:
    """Every deviation, by the arithmetic that the probabilities ask for; `rational` checks an equilibrium with rational or symbolic ones."""
    if isinstance(item, Component):
        for vertex in item.vertices:
            yield from rational(game, vertex)
        yield from exchange(game, item, rational)
    elif item.free.atoms:
        for violation in rational(game, item):
            excess = sp.cancel(violation.excess)
            yield Violation(violation.what, excess, Cell() if excess.is_number else violation.where & item.free, violation.open)
    elif "radius" in item.quantities:
        yield from enclosed_violations(game, item)
    elif any(w.is_number and not w.is_Rational for nodes in item.strategies.values() for w in nodes[""].values()):
        yield from algebraic_violations(game, item)
    else:
        yield from rational(game, item)


def algebraic_violations(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    """The checks of `bargain.certify.nash`, in the field of the equilibrium's numbers."""
    strategies = [equilibrium.strategies[player][""] for player in game.players]
    field = _Field.of([w for own in strategies for w in own.values()] + list(equilibrium.payoffs.values()))
    weights = [{action: field.element(w) for action, w in own.items()} for own in strategies]
    one = fmpq_poly([1])
    for player, own in zip(game.players, weights, strict=True):
        for action, w in own.items():
            yield Violation(f"probability: of {player}'s {action} is negative", field.bound(-w))
        excess = field.bound(sum(own.values(), -one))
        yield Violation(f"probability: {player}'s weights exceed one", excess)
        yield Violation(f"probability: {player}'s weights fall short of one", field.bound(one - sum(own.values(), 0 * one)))
    for index, player in enumerate(game.players):
        paid, expected = field.element(equilibrium.payoffs[player]), 0 * one
        for action in game.actions[index]:
            value = _expected(game, weights, index, action, 0 * one, field.reduced)
            expected += weights[index][action] * value
            yield Violation(f"deviation: {player} to {action}", field.bound(value - paid))
        yield Violation(f"payoff: {player} gets less than claimed", field.bound(paid - expected))


class _Field:
    """The numbers that are polynomials in one real root of an integer polynomial."""

    def __init__(self, generator: sp.Expr, polynomial: fmpz_poly, index: int) -> None:
        self.generator, self.polynomial, self.index = generator, polynomial, index
        self.modulus = fmpq_poly(polynomial)

    @classmethod
    def of(cls, numbers: Sequence[sp.Expr]) -> "_Field":
        """The field of numbers written with one square root or one `CRootOf`."""
        roots = {atom for value in numbers for atom in value.atoms(sp.CRootOf)}
        roots |= {atom for value in numbers for atom in value.atoms(sp.Pow) if atom.exp == sp.Rational(1, 2) and atom.base.is_Integer}
        if len(roots) != 1:
            raise AssertionError(f"numbers of one field were expected, not of {len(roots)}")
        (root,) = roots
        if isinstance(root, sp.CRootOf):
            return cls(root, fmpz_poly([int(c) for c in reversed(root.poly.all_coeffs())]), int(root.index))
        return cls(root, fmpz_poly([-int(root.base), 0, 1]), 1)

    def element(self, value: sp.Expr) -> fmpq_poly:
        """A number as a polynomial in the generator."""
        coefficients = sp.Poly(value.xreplace({self.generator: _UNKNOWN}), _UNKNOWN).all_coeffs()
        return self.reduced(fmpq_poly([fmpq(int(c.p), int(c.q)) for c in reversed(coefficients)]))

    def reduced(self, value: fmpq_poly) -> fmpq_poly:
        return value % self.modulus

    def bound(self, value: fmpq_poly) -> sp.Expr:
        """Zero if the number is zero; else a rational of its sign: an upper bound if negative, a lower bound if positive."""
        value = self.reduced(value)
        if value == 0:
            return sp.Integer(0)
        precision = _PRECISION
        while precision <= _MOST:
            with ctx.workprec(precision):
                roots = sorted((z.real for z, _ in self.polynomial.complex_roots() if z.imag == 0), key=lambda z: z.mid())
                near = arb_poly(value)(roots[self.index])
            if near < 0 or near > 0:
                return _rational(near.upper() if near < 0 else near.lower())
            precision *= 2
        raise NotDecided("a sign in the field of an equilibrium's numbers", place="certificate", remedy="report the game")


def _rational(end: arb) -> sp.Expr:
    mantissa, exponent = (int(part) for part in end.man_exp())
    return sp.Integer(mantissa) * sp.Integer(2) ** exponent


def _expected(game: MatrixGame, weights: Weights, index: int, action: str, zero: Any, reduced: Callable[[Any], Any]) -> Any:
    """A player's expected payoff from one action against the others' strategies, in the arithmetic of the weights."""
    total = zero
    for cell in product(*([action] if k == index else list(own) for k, own in enumerate(weights))):
        payoff = game[cell][index]
        term = zero + fmpq(int(payoff.p), int(payoff.q))
        for k, a in enumerate(cell):
            if k != index:
                term = reduced(term * weights[k][a])
        total = total + term
    return total


def enclosed_violations(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    """Whether exactly one equilibrium with the same supports lies within the radius of the probabilities listed."""
    given = [equilibrium.strategies[player][""] for player in game.players]
    own = [[a for a, w in strategy.items() if w != 0] for strategy in given]
    radius = equilibrium.quantities["radius"]
    for player, strategy in zip(game.players, given, strict=True):
        yield Violation(f"probability: {player}'s weights do not sum to one", sp.Abs(sp.Add(*strategy.values()) - 1))
    with ctx.workprec(_PRECISION):
        middle = [{a: _ball(strategy[a], sp.Integer(0)) for a in played} for strategy, played in zip(given, own, strict=True)]
        box = [{a: _ball(strategy[a], radius * (1 if k else len(played) - 1)) for k, a in enumerate(played)}
               for strategy, played in zip(given, own, strict=True)]
        proved = _one_zero(game, middle, box, own, _ball(sp.Integer(0), radius).rad())
        yield Violation("existence: of an exact equilibrium within the radius was not proved", sp.Integer(0 if proved else 1), open=True)
        for player, strategy in zip(game.players, box, strict=True):
            for a, w in strategy.items():
                yield Violation(f"probability: of {player}'s {a} may be zero", sp.Integer(0) if w > 0 or len(strategy) == 1 else sp.Integer(1), open=True)
        for index, player in enumerate(game.players):
            base = _expected(game, box, index, own[index][0], arb(0), _same)
            for a in (a for a in game.actions[index] if a not in own[index]):
                gain = _expected(game, box, index, a, arb(0), _same) - base
                if gain > 0:
                    yield Violation(f"deviation: {player} to {a}", _rational(gain.lower()))
                else:
                    yield Violation(f"deviation: {player} to {a}", _rational(gain.upper()), open=True)
            paid = equilibrium.payoffs[player]
            expected = sum((w * _expected(game, middle, index, a, arb(0), _same) for a, w in middle[index].items()), arb(0))
            yield Violation(f"payoff: of {player} is not the one claimed", sp.Integer(0 if (expected - _ball(paid, sp.Integer(0))).contains(0) else 1))


def _same(value: Any) -> Any:
    return value


def _ball(value: sp.Expr, radius: sp.Expr) -> arb:
    return arb(fmpq(int(value.p), int(value.q))) + arb(0, 1) * arb(fmpq(int(radius.p), int(radius.q)))


def _one_zero(game: MatrixGame, middle: Weights, box: Weights, own: Sequence[Sequence[str]], radius: arb) -> bool:
    """Krawczyk's test for the differences between actions played, in the weights of all but the first of each player."""
    unknowns = [(j, a) for j, played in enumerate(own) for a in played[1:]]
    size = len(unknowns)

    def gap(weights: Weights, i: int, a: str) -> arb:
        return _expected(game, weights, i, a, arb(0), _same) - _expected(game, weights, i, own[i][0], arb(0), _same)

    def slope(weights: Weights, i: int, a: str, j: int, b: str) -> arb:
        if i == j:
            return arb(0)
        step: dict[str, Any] = {c: arb(int(c == b) - int(c == own[j][0])) for c in own[j]}
        return gap([step if k == j else w for k, w in enumerate(weights)], i, a)

    jacobian = arb_mat([[slope(middle, i, a, j, b) for j, b in unknowns] for i, a in unknowns])
    if not abs(jacobian.det()) > 0:
        return False
    inverse = jacobian.inv().mid()
    spread = arb_mat(size, 1, [arb(0, 1) * radius] * size)
    identity = arb_mat([[arb(int(r == c)) for c in range(size)] for r in range(size)])
    defect = identity - inverse * arb_mat([[slope(box, i, a, j, b) for j, b in unknowns] for i, a in unknowns])
    image = defect * spread - inverse * arb_mat(size, 1, [gap(middle, i, a) for i, a in unknowns])
    return all(abs(image[k, 0]) < radius for k in range(size))


def exchange(game: MatrixGame, component: Component, check: Check) -> Iterator[Violation]:
    """Within each subset, every combination of the players' strategies is an equilibrium; so is then every mixture, payoffs being multilinear."""
    for subset in component.subsets:
        members = [component.vertices[k] for k in subset]
        choices = [list({str(e.strategies[p]): e.strategies[p] for e in members}.values()) for p in game.players]
        listed = {str([e.strategies[p] for p in game.players]) for e in members}
        for profile in product(*choices):
            if str(list(profile)) in listed:
                continue
            strategies = dict(zip(game.players, profile, strict=True))
            yield from check(game, Equilibrium("Nash equilibrium", strategies, _payoffs(game, [own[""] for own in profile])))


def _payoffs(game: MatrixGame, weights: Weights) -> dict[str, sp.Expr]:
    totals = dict.fromkeys(game.players, sp.Integer(0))
    for cell in product(*game.actions):
        weight = sp.Mul(*(own[a] for own, a in zip(weights, cell, strict=True)))
        for player, payoff in zip(game.players, game[cell], strict=True):
            totals[player] += weight * payoff
    return totals
