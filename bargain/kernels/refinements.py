"""Tests of refinement for an equilibrium (x, y) of a bimatrix game with rational payoffs, exactly.

Perfect: in a two-player game (x, y) is trembling-hand perfect iff x and y are undominated, that is iff x is a best reply to
some strategy with full support, and y too. The linear program  max t,  y_j >= t,  sum y = 1,  A_i y >= A_k y (i played, all k)
has a positive value iff x is one.

Proper: (x, y) is a limit of profiles (x^e, y^e) with full support in which an action worse than another is played at most e
times as often. Along a subsequence the order of all actions by payoff is constant for each player; given both orders
the conditions on x^e and on y^e are separate and linear,

    x^e B ordered as stated,   x^e_i <= e x^e_k (i ranked below k),   x^e > 0,   sum x^e = 1,

so that x is a limit iff, over polynomials in a positive infinitesimal e, the distance of x from this polytope is infinitesimal.
All orders that refine the payoffs at (x, y) are tried.

References: Selten (1975), International Journal of Game Theory 4:25-55; van Damme (1991), Stability and Perfection of Nash
Equilibria, 3.2; Myerson (1978), International Journal of Game Theory 7:73-80.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod

from flint import fmpq, fmpq_poly

from bargain.errors import TooLarge
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.germs import Ratio, germ_maximum, germ_sign, limit

__all__ = ["Order", "Trembles", "defence", "dominator", "orders", "properly"]

Payoffs = Sequence[Sequence[Fraction]]
Mixed = Sequence[Fraction]
Order = tuple[tuple[int, ...], ...]  # classes of equally good actions, best first
_ORDERS = 6_000  # pairs of orders that are tried


@dataclass(frozen=True)
class Trembles:
    """Profiles in powers of epsilon that show an equilibrium to be proper, and the orders of payoffs along them."""

    x: tuple[Ratio, ...]
    y: tuple[Ratio, ...]
    orders: tuple[Order, Order]


def defence(a: Payoffs, played: Sequence[int]) -> tuple[Fraction, ...] | None:
    """A strategy of the other player with full support to which all rows in `played` are best replies; None if there is none.

    >>> defence([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(0)]], [1]) is None
    True
    """
    n, rows = len(a[0]), list(played)
    own = set(rows)
    bounds = [[*(Fraction(-int(j == k)) for k in range(n)), Fraction(1)] for j in range(n)]
    best = [[*(a[k][j] - a[rows[0]][j] for j in range(n)), Fraction(0)] for k in range(len(a)) if k not in own]
    same = [[*(a[k][j] - a[rows[0]][j] for j in range(n)), Fraction(0)] for k in rows[1:]]
    program = LinearProgram([0] * n + [1], [*bounds, *best], [0] * (n + len(best)), [*same, [1] * n + [0]], [0] * len(same) + [1], free=[n])
    found = solve_lp(program)
    return found.x[:n] if isinstance(found, Optimal) and found.value > 0 else None


def dominator(a: Payoffs, x: Mixed) -> tuple[Fraction, ...]:
    """The mixture of rows that weakly dominates x by most in sum; x itself if none does."""
    m, n = len(a), len(a[0])
    paid = [sum((w * row[j] for w, row in zip(x, a, strict=True)), Fraction(0)) for j in range(n)]
    rows = [[-a[i][j] for i in range(m)] for j in range(n)]
    found = solve_lp(LinearProgram([sum(row, Fraction(0)) for row in a], rows, [-value for value in paid], [[1] * m], [1]))
    assert isinstance(found, Optimal), "x itself is feasible"
    return found.x if found.value > sum(paid) else tuple(x)


def orders(values: Mixed, top: Sequence[int]) -> list[Order]:
    """All weak orders, best first, that refine strict comparisons of the values, with all of `top` in the first class.

    >>> len(orders([Fraction(1), Fraction(1), Fraction(0)], [0]))
    2
    """
    levels = [[i for i, value in enumerate(values) if value == level] for level in sorted(set(values), reverse=True)]
    if prod(_count(len(level)) for level in levels) > _ORDERS:
        raise TooLarge("too many actions are equally good at the equilibrium", place="proper equilibrium", remedy="use a smaller game")
    refined = [tuple(part for parts in choice for part in parts) for choice in product(*(list(_weak_orders(tuple(level))) for level in levels))]
    return [order for order in refined if set(top) <= set(order[0])]


def properly(a: Payoffs, b: Payoffs, pair: tuple[Mixed, Mixed]) -> Trembles | None:
    """Trembles that make an equilibrium proper; None if no order of payoffs allows any."""
    x, y = pair
    columns = [list(column) for column in zip(*b, strict=True)]
    worth_x = [sum((w * row[j] for j, w in enumerate(y)), Fraction(0)) for row in a]
    worth_y = [sum((w * column[i] for i, w in enumerate(x)), Fraction(0)) for column in columns]
    first = orders(worth_x, [i for i, w in enumerate(x) if w])
    second = orders(worth_y, [j for j, w in enumerate(y) if w])
    if len(first) * len(second) > _ORDERS:
        raise TooLarge(f"{len(first) * len(second)} pairs of orders would have to be tried", place="proper equilibrium", remedy="use a smaller game")
    for own, other in product(first, second):
        near_x = _approach(columns, x, own, other)
        near_y = _approach(a, y, other, own) if near_x is not None else None
        if near_x is not None and near_y is not None:
            return Trembles(near_x, near_y, (own, other))
    return None


def _weak_orders(items: tuple[int, ...]) -> Iterator[Order]:
    if not items:
        yield ()
    for size in range(1, len(items) + 1):
        for best in combinations(items, size):
            for rest in _weak_orders(tuple(i for i in items if i not in best)):
                yield (best, *rest)


def _count(n: int) -> int:
    """The number of weak orders of n things."""
    counts = [1]
    for m in range(1, n + 1):
        counts.append(sum(comb(m, k) * counts[m - k] for k in range(1, m + 1)))
    return counts[n]


def _approach(other: Payoffs, x: Mixed, own: Order, order: Order) -> tuple[Ratio, ...] | None:
    """Strategies that tend to x, respect the order of their own actions, and give the other player's actions (rows of `other`) theirs."""
    n = len(x)
    epsilon, one, zero = fmpq_poly([0, 1]), fmpq_poly([1]), fmpq_poly([])
    strict, weak = [], []
    for better, worse in zip(own, own[1:], strict=False):
        for i, k in product(worse, better):
            weak.append([one if j == i else -epsilon if j == k else zero for j in range(n)])
    for level in order:
        for i in level[1:]:
            gap = [_constant(other[i][j] - other[level[0]][j]) for j in range(n)]
            weak += [gap, [-value for value in gap]]
    for better, worse in zip(order, order[1:], strict=False):
        strict.append([_constant(other[worse[0]][j] - other[better[0]][j]) for j in range(n)])
    strict += [[-one if j == i else zero for j in range(n)] for i in range(n)]
    total = [one] * n
    inner = germ_maximum([*(zero for _ in range(n)), one], [*([*row, one] for row in strict), *([*row, zero] for row in weak), [*total, zero]],
                         [zero] * (len(strict) + len(weak)) + [one])
    if inner is None or germ_sign(inner[0].numerator) <= 0:
        return None
    close = []
    for i, target in enumerate(x):
        gap = [(one if j == i else zero) - _constant(target) for j in range(n)]
        close += [[*gap, -one], [*(-value for value in gap), -one]]
    rows = [*([*row, zero] for row in (*strict, *weak)), *close, [*total, zero]]
    nearest = germ_maximum([*(zero for _ in range(n)), -one], rows, [zero] * (len(rows) - 1) + [one], full=len(rows) - 1)
    if nearest is None or limit(nearest[0]) != 0:
        return None
    return _mixed(nearest[1][:n], inner[1][:n], epsilon)


def _mixed(near: Sequence[Ratio], inner: Sequence[Ratio], epsilon: fmpq_poly) -> tuple[Ratio, ...]:
    """(1 - epsilon) near + epsilon inner, weights summing to one: strictly inside, and tending to the limit of `near`."""
    total = sum((ratio.numerator for ratio in inner), fmpq_poly([]))
    found = []
    for p, q in zip(near, inner, strict=True):
        numerator = (1 - epsilon) * p.numerator * total + epsilon * q.numerator * p.denominator
        found.append(_lowest(numerator, p.denominator * total))
    return tuple(found)


def _lowest(numerator: fmpq_poly, denominator: fmpq_poly) -> Ratio:
    common = numerator.gcd(denominator)
    numerator, denominator = numerator // common, denominator // common
    sign = germ_sign(denominator)
    return Ratio(numerator * sign, denominator * sign)


def _constant(value: Fraction) -> fmpq_poly:
    return fmpq_poly([fmpq(value.numerator, value.denominator)])
