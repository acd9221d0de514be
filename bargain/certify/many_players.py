"""Regret of mixed strategies whose probabilities are algebraic, or enclosed, in a game with any number of players.

Algebraic: all probabilities are polynomials in one number, a square root or a `CRootOf`. Expected payoffs are
computed in its field: a difference that reduces to zero modulo the number's polynomial is zero, and the sign of any other
is read off an interval around the number (FLINT's ball arithmetic).

Enclosed: probabilities rounded, with the radius in which the exact ones are said to lie. Krawczyk's test proves that in the box
of that radius lies exactly one point where all actions played are equally good; that they are positive there and no
other action is better is checked over the whole box.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
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
_FIRST = 64  # bits with which a sign is first sought
_MOST = 65_536  # bits to which a sign is pursued
_UNKNOWN = sp.Symbol("t")

Weights = Sequence[Mapping[str, Any]]
Check = Callable[[MatrixGame, Equilibrium], Iterator[Violation]]


def many_player_violations(game: MatrixGame, item: Equilibrium | Component, symbolic: Check) -> Iterator[Violation]:
    """Every deviation, by the arithmetic that the probabilities ask for; `symbolic` checks an equilibrium whose probabilities or payoffs have symbols."""
    if isinstance(item, Component):
        for vertex in item.vertices:
            yield from _violations(game, vertex, symbolic)
        yield from exchange(game, item, symbolic)
    elif item.free.atoms:
        for violation in symbolic(game, item):
            excess = sp.cancel(violation.excess)
            yield Violation(violation.what, excess, Cell() if excess.is_number else violation.where & item.free, violation.open)
    elif "radius" in item.quantities:
        yield from enclosed_violations(game, item)
    else:
        yield from _violations(game, item, symbolic)


def _violations(game: MatrixGame, equilibrium: Equilibrium, symbolic: Check) -> Iterator[Violation]:
    numbers = [w for player in game.players for w in equilibrium.strategies[player][""].values()]
    algebraic = any(w.is_number and not w.is_Rational for w in numbers)
    if not algebraic:
        numbers += equilibrium.payoffs.values()
    if all(payoff.is_Rational for payoffs in game.payoffs.values() for payoff in payoffs) and (algebraic or all(value.is_Rational for value in numbers)):
        return exact_violations(game, equilibrium)
    return symbolic(game, equilibrium)


def exact_violations(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    """The checks of `bargain.certify.nash`, in the field of the equilibrium's numbers."""
    strategies = [equilibrium.strategies[player][""] for player in game.players]
    field = _field([w for own in strategies for w in own.values()] + list(equilibrium.payoffs.values()))
    weights = [{action: field.element(w) for action, w in own.items()} for own in strategies]
    played = [{action: w for action, w in own.items() if w != 0} for own in weights]
    one = field.element(sp.S.One)
    for player, own in zip(game.players, weights, strict=True):
        for action, w in own.items():
            yield Violation(f"probability: of {player}'s {action} is negative", field.bound(-w))
        excess = sum(own.values(), -one)
        yield Violation(f"probability: {player}'s weights exceed one", field.bound(excess))
        yield Violation(f"probability: {player}'s weights fall short of one", field.bound(-excess))
    for index, player in enumerate(game.players):
        paid, expected = field.element(equilibrium.payoffs[player]), 0 * one
        table = _table(game, index, [game.actions[k] if k == index else list(own) for k, own in enumerate(played)])
        for action in game.actions[index]:
            value = _expected(table, played, index, action, 0 * one, field.reduced)
            expected += weights[index][action] * value
            yield Violation(f"deviation: {player} to {action}", field.bound(value - paid))
        yield Violation(f"payoff: {player} gets less than claimed", field.bound(paid - expected))


def _table(game: MatrixGame, index: int, actions: Sequence[Sequence[str]], chosen: tuple[str, ...] = ()) -> Any:
    """A player's rational payoffs at some actions of every player, first by the first player's, then by the second's, and so on."""
    if len(chosen) == len(actions):
        payoff = game[chosen][index]
        return fmpq(int(payoff.p), int(payoff.q))
    return {action: _table(game, index, actions, (*chosen, action)) for action in actions[len(chosen)]}


class _Rationals:
    """Rational numbers."""

    def element(self, value: sp.Expr) -> fmpq:
        return fmpq(int(value.p), int(value.q))

    def reduced(self, value: fmpq) -> fmpq:
        return value

    def bound(self, value: fmpq) -> sp.Expr:
        """The number itself."""
        return sp.Rational(int(value.p), int(value.q))


class _Field:
    """The numbers that are polynomials in one real root of an integer polynomial."""

    def __init__(self, generator: sp.Expr, polynomial: fmpz_poly, index: int) -> None:
        self.generator, self.polynomial, self.index = generator, polynomial, index
        self.modulus = fmpq_poly(polynomial)

    @classmethod
    def of(cls, numbers: Sequence[sp.Expr]) -> "_Field":
        """The field of numbers written with one square root or one `CRootOf`."""
        terms = [_term(term) for value in numbers for term in sp.Add.make_args(value)]
        roots = {term[1] for term in terms if term is not None and term[2]}
        if None in terms or not all(map(_is_root, roots)):
            roots = {atom for value in numbers for atom in value.atoms(sp.CRootOf, sp.Pow) if _is_root(atom)}
        if len(roots) != 1:
            raise NotDecided(f"the probabilities and payoffs of an equilibrium lie in one field, these need {len(roots)}", place="certificate",
                             remedy="write all of them with one square root or one CRootOf")
        (root,) = roots
        if isinstance(root, sp.CRootOf):
            return cls(root, fmpz_poly([int(c) for c in reversed(root.poly.all_coeffs())]), int(root.index))
        return cls(root, fmpz_poly([-int(root.base), 0, 1]), 1)

    def element(self, value: sp.Expr) -> fmpq_poly:
        """A number as a polynomial in the generator."""
        terms = [_term(term) for term in sp.Add.make_args(value)]
        if any(term is None or (term[2] and term[1] != self.generator) for term in terms):
            coefficients = sp.Poly(value.xreplace({self.generator: _UNKNOWN}), _UNKNOWN).all_coeffs()
            return self.reduced(fmpq_poly([fmpq(int(c.p), int(c.q)) for c in reversed(coefficients)]))
        listed = [fmpq(0)] * (1 + max(power for _, _, power in filter(None, terms)))
        for c, _, power in filter(None, terms):
            listed[power] += fmpq(int(c.p), int(c.q))
        return self.reduced(fmpq_poly(listed))

    def reduced(self, value: fmpq_poly) -> fmpq_poly:
        return value % self.modulus if value.degree() >= self.degree else value

    @cached_property
    def degree(self) -> int:
        return int(self.modulus.degree())

    @cached_property
    def _coefficients(self) -> tuple[int, ...]:
        return tuple(map(int, self.polynomial.coeffs()))

    def bound(self, value: fmpq_poly) -> sp.Expr:
        """Zero if the number is zero; else a rational of its sign: an upper bound if negative, a lower bound if positive."""
        value = self.reduced(value)
        if value.degree() <= 0:
            return sp.Rational(int(value[0].p), int(value[0].q))
        precision = _FIRST
        while precision <= _MOST:
            with ctx.workprec(precision):
                near = arb_poly(value)(_real_zeros(self._coefficients, precision)[self.index])
            if near < 0 or near > 0:
                return _rational(near.upper() if near < 0 else near.lower())
            precision *= 2
        raise NotDecided("a sign in the field of an equilibrium's numbers", place="certificate", remedy="report the game")


@lru_cache(maxsize=256)
def _real_zeros(coefficients: tuple[int, ...], precision: int) -> tuple[arb, ...]:
    """Enclosures of the real zeros of an irreducible polynomial, ascending."""
    with ctx.workprec(precision):
        return tuple(sorted((z.real for z, _ in fmpz_poly(list(coefficients)).complex_roots() if z.imag == 0), key=lambda z: z.mid()))


def _field(numbers: Sequence[sp.Expr]) -> "_Rationals | _Field":
    return _Rationals() if all(value.is_Rational for value in numbers) else _Field.of(numbers)


def _term(term: sp.Expr) -> tuple[sp.Rational, sp.Expr, int] | None:
    """c, x and k of a term c x^k, k a natural number (x is 1 if k is 0); None if it has another form."""
    c, rest = term.as_coeff_Mul()
    if rest is sp.S.One:
        return (c, rest, 0) if c.is_Rational else None
    if rest.is_Pow and rest.exp.is_Integer and rest.exp > 0:
        return (c, rest.base, int(rest.exp)) if c.is_Rational else None
    return (c, rest, 1) if c.is_Rational else None


def _is_root(atom: sp.Expr) -> bool:
    """Whether it is a `CRootOf` or the square root of an integer."""
    return isinstance(atom, sp.CRootOf) or bool(atom.is_Pow and atom.exp == sp.S.Half and atom.base.is_Integer)


def _rational(end: arb) -> sp.Expr:
    mantissa, exponent = (int(part) for part in end.man_exp())
    return sp.Integer(mantissa << exponent) if exponent >= 0 else sp.Rational(mantissa, 1 << -exponent)


def _expected(table: Any, weights: Weights, index: int, action: str, zero: Any, reduced: Callable[[Any], Any], player: int = 0) -> Any:
    """A player's expected payoff from one action against the others' strategies, in the arithmetic of the weights."""
    if player == len(weights):
        return table
    if player == index:
        return _expected(table[action], weights, index, action, zero, reduced, player + 1)
    total = zero
    for a, w in weights[player].items():
        total = total + reduced(w * _expected(table[a], weights, index, action, zero, reduced, player + 1))
    return total


def enclosed_violations(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    """Whether exactly one equilibrium with the same supports lies within the radius of the probabilities listed."""
    given = [equilibrium.strategies[player][""] for player in game.players]
    own = [[a for a, w in strategy.items() if w != 0] for strategy in given]
    radius = equilibrium.quantities["radius"]
    tables = [_table(game, index, game.actions) for index in range(len(game.players))]
    for player, strategy in zip(game.players, given, strict=True):
        yield Violation(f"probability: {player}'s weights do not sum to one", sp.Abs(sp.Add(*strategy.values()) - 1))
    with ctx.workprec(_PRECISION):
        middle = [{a: _ball(strategy[a], sp.Integer(0)) for a in played} for strategy, played in zip(given, own, strict=True)]
        box = [{a: _ball(strategy[a], radius * (1 if k else len(played) - 1)) for k, a in enumerate(played)}
               for strategy, played in zip(given, own, strict=True)]
        proved = _one_zero(tables, middle, box, own, _ball(sp.Integer(0), radius).rad())
        yield Violation("existence: of an exact equilibrium within the radius was not proved", sp.Integer(0 if proved else 1), open=True)
        for player, strategy in zip(game.players, box, strict=True):
            for a, w in strategy.items():
                yield Violation(f"probability: of {player}'s {a} may be zero", sp.Integer(0) if w > 0 or len(strategy) == 1 else sp.Integer(1), open=True)
        for index, player in enumerate(game.players):
            base = _expected(tables[index], box, index, own[index][0], arb(0), _same)
            for a in (a for a in game.actions[index] if a not in own[index]):
                gain = _expected(tables[index], box, index, a, arb(0), _same) - base
                if gain > 0:
                    yield Violation(f"deviation: {player} to {a}", _rational(gain.lower()))
                else:
                    yield Violation(f"deviation: {player} to {a}", _rational(gain.upper()), open=True)
            paid = equilibrium.payoffs[player]
            expected = sum((w * _expected(tables[index], middle, index, a, arb(0), _same) for a, w in middle[index].items()), arb(0))
            yield Violation(f"payoff: of {player} is not the one claimed", sp.Integer(0 if (expected - _ball(paid, sp.Integer(0))).contains(0) else 1))


def _same(value: Any) -> Any:
    return value


def _ball(value: sp.Expr, radius: sp.Expr) -> arb:
    return arb(fmpq(int(value.p), int(value.q))) + arb(0, 1) * arb(fmpq(int(radius.p), int(radius.q)))


def _one_zero(tables: Sequence[Any], middle: Weights, box: Weights, own: Sequence[Sequence[str]], radius: arb) -> bool:
    """Krawczyk's test for the differences between actions played, in the weights of all but the first of each player."""
    unknowns = [(j, a) for j, played in enumerate(own) for a in played[1:]]
    size = len(unknowns)

    def gap(weights: Weights, i: int, a: str) -> arb:
        return _expected(tables[i], weights, i, a, arb(0), _same) - _expected(tables[i], weights, i, own[i][0], arb(0), _same)

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


def exchange(game: MatrixGame, component: Component, symbolic: Check) -> Iterator[Violation]:
    """Within each subset, every combination of the players' strategies is an equilibrium; so is then every mixture, payoffs being multilinear."""
    for subset in component.subsets:
        members = [component.vertices[k] for k in subset]
        choices = [list({str(e.strategies[p]): e.strategies[p] for e in members}.values()) for p in game.players]
        listed = {str([e.strategies[p] for p in game.players]) for e in members}
        for profile in product(*choices):
            if str(list(profile)) in listed:
                continue
            strategies = dict(zip(game.players, profile, strict=True))
            mixed = Equilibrium("Nash equilibrium", strategies, _payoffs(game, [own[""] for own in profile]))
            yield from _violations(game, mixed, symbolic)


def _payoffs(game: MatrixGame, weights: Weights) -> dict[str, sp.Expr]:
    totals = dict.fromkeys(game.players, sp.Integer(0))
    for cell in product(*game.actions):
        weight = sp.Mul(*(own[a] for own, a in zip(weights, cell, strict=True)))
        for player, payoff in zip(game.players, game[cell], strict=True):
            totals[player] += weight * payoff
    return totals
