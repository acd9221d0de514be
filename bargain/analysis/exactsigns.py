"""Signs of expressions at many points: floats where they suffice, exact arithmetic where rounding could turn the sign.

A polynomial of n monomials of degree at most d, its inputs and coefficients rounded once each, is evaluated with
an error of at most gamma sum |c_k| |x|^k, gamma = (n + 2d + 2) u / (1 - (n + 2d + 2) u), u = 2**-53 (Higham
2002, Accuracy and Stability of Numerical Algorithms, section 3.1); |x| is bounded by its largest value in the
block. For other expressions no such bound is at hand, and values of small relative size are decided exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from bargain.compile import vectorised
from bargain.expressions import Evaluator, exact
from bargain.regions.explore import number_sign

Array = np.ndarray[Any, Any]
Exact = Mapping[sp.Symbol, sp.Expr]
SignFunction = Callable[[Mapping[sp.Symbol, Array], Exact], tuple[Array, Array]]
Terms = list[tuple[tuple[int, ...], float]]
_DOUBT = 1e-9  # relative size under which the sign of an expression that is not polynomial is decided exactly


def sign_function(bodies: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> SignFunction:
    """Maps a block of N points, and the exact values of parameters that do not vary, to boolean arrays (bodies, N): positive, negative.

    Where both are False the value is zero, exactly; a float stands for its shortest decimal.

    >>> x, y = sp.symbols("x y", real=True)
    >>> positive, negative = sign_function([x + y - 1], [x, y])({x: np.array([0.7, 0.1, 0.2]), y: np.array([0.3, 0.8, 0.9])}, {})
    >>> positive.tolist(), negative.tolist()
    ([[False, False, True]], [[False, True, False]])
    """
    polynomial = [body.is_polynomial(*symbols) for body in bodies]
    terms = [[(powers, float(c)) for powers, c in sp.Poly(body, *symbols).terms()] if plain else [] for body, plain in zip(bodies, polynomial, strict=True)]
    others = [k for k, plain in enumerate(polynomial) if not plain]
    rest = vectorised([bodies[k] for k in others], list(symbols)) if others else None

    def signs(block: Mapping[sp.Symbol, Array], known: Exact) -> tuple[Array, Array]:
        size = next(iter(block.values())).size if block else 1
        values = np.zeros((len(bodies), size))
        columns = [block[symbol] for symbol in symbols]
        monomials: dict[tuple[int, ...], Array] = {}
        for k, listed in enumerate(terms):
            _sum(listed, columns, monomials, values[k])
        if rest is not None:
            values[others] = rest(columns)
        largest = [float(np.abs(column).max()) for column in columns]
        positive, negative = values > 0, values < 0
        for k, body in enumerate(bodies):
            limit = _bound(terms[k], largest) if polynomial[k] else _DOUBT * max(1.0, float(np.abs(values[k]).max()))
            for n in np.flatnonzero(~(np.abs(values[k]) > limit)):
                point = {symbol: known[symbol] if symbol in known else exact(float(block[symbol][n])) for symbol in body.free_symbols}
                sign = number_sign(Evaluator(point)(body))
                positive[k, n], negative[k, n] = sign > 0, sign < 0
        return positive, negative

    return signs


def _sum(terms: Terms, columns: Sequence[Array], monomials: dict[tuple[int, ...], Array], total: Array) -> None:
    """Add a polynomial up in place; monomials are shared by all polynomials of a block."""
    for powers, coefficient in terms:
        if powers not in monomials:
            product: Any = 1.0
            for column, power in zip(columns, powers, strict=True):
                product = product * column**power if power > 1 else product * column if power else product
            monomials[powers] = product
        total += monomials[powers] if coefficient == 1 else coefficient * monomials[powers]


def _bound(terms: Terms, largest: Sequence[float]) -> float:
    """The largest rounding error of a polynomial where each |x_k| is at most `largest[k]`, doubled."""
    steps = len(terms) + 2 * max(sum(powers) for powers, _ in terms) + 2
    total = 0.0
    for powers, coefficient in terms:
        size = abs(coefficient)
        for value, power in zip(largest, powers, strict=True):
            size *= value**power
        total += size
    return 2 * total * steps * 2.0**-53 / (1 - steps * 2.0**-53)
