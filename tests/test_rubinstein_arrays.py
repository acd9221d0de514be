"""The array route and the exact route to alternating offers agree."""

import numpy as np
import pytest
import sympy as sp

from bargain import AlternatingOffers, BadInput, Rubinstein, State, solve
from bargain.kernels.rubinstein import alternating_offers

x = sp.Symbol("x", real=True)


def test_a_discount_factor_of_one_is_refused() -> None:
    with pytest.raises(BadInput, match="below 1"):
        alternating_offers(1.0, 0.5)


def test_published_shares_are_found() -> None:
    shares = alternating_offers([0.9, 0.5, 0.9, 0.9, 0.9], [0.8, 0.5, 0.9, 0.9, 0.8],
                                outside=([-np.inf, -np.inf, 0, 0.6, 0.7], [-np.inf, -np.inf, 0.6, 0, 0.25]))
    assert shares.first == pytest.approx([5 / 7, 2 / 3, 2 / 5, 16 / 25, 3 / 4], abs=1e-12)


def test_random_tables_agree_with_the_exact_solver() -> None:
    draws = np.random.default_rng(11)
    for _ in range(40):
        numbers = [sp.Rational(int(k), 20) for k in draws.integers(1, 19, size=4)]
        d1, d2, o1, o2 = numbers
        g1, g2 = (sp.Rational(int(k), 20) for k in draws.integers(0, 9, size=2))
        table = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d1, "B": d2}, states=(State("talks", {"A": g1, "B": g2}),),
                                  outside={"A": o1, "B": o2})
        shares = alternating_offers(float(d1), float(d2), flows=(float(g1), float(g2)), outside=(float(o1), float(o2)))
        found = [e.quantities.get("x_A") for e in solve(table, Rubinstein()).extreme]
        if shares.deal[0]:
            assert any(share is not None and abs(float(share) - shares.first[0]) < 1e-12 for share in found), (numbers, g1, g2, found, shares)
        else:
            assert None in found, (numbers, g1, g2, found)
