"""The best mechanism under two-sided private information, by one exact linear program.

Unknown for each pair of reports: the chance of agreement q and the expected transfer x (within its bounds times q). Constraints: no type gains by reporting another
(interim incentive compatibility), none prefers conflict against everybody (interim participation). Maximised: the chance of agreement, or the
expected gains over conflict. The value bounds every equilibrium of every protocol that the sides may refuse to enter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import sympy as sp

from bargain.errors import BadInput, NotApplicable, NotDecided, TooLarge
from bargain.findings.settlements import Mechanism
from bargain.games.mechanisms import PrivateInformation
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status

_MOST = 40  # types of a side
Row = tuple[str, list[Fraction]]


@dataclass(frozen=True)
class BestMechanism:
    """A mechanism that maximises the chance of agreement, or the expected gains over conflict (``objective="gains"``).

    >>> import bargain as bg
    >>> half = {"weak": "1/2", "strong": "1/2"}
    >>> dispute = PrivateInformation.war("Dispute", ("A", "B"), half, half, lambda a, b: ["3/5" if t == "strong" else "3/10" for t in (a, b)])
    >>> bg.solve(dispute, BestMechanism()).equilibria[0].quantities["chance of agreement"]
    3/4
    """

    objective: Literal["agreement", "gains"] = "agreement"

    def __post_init__(self) -> None:
        if self.objective not in ("agreement", "gains"):
            raise BadInput(f"{self.objective!r} is not an objective", place="BestMechanism", remedy='"agreement" or "gains"')

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "optimal incentive-compatible mechanism"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and many types."""
        if not isinstance(problem, PrivateInformation):
            raise NotApplicable(f"a {type(problem).__name__} has no private types on both sides", place="BestMechanism", remedy="give PrivateInformation")
        if max(len(types) for types in problem.types.values()) > _MOST:
            raise TooLarge("many types", place="BestMechanism", remedy=f"at most {_MOST} on each side")

    def run(self, problem: PrivateInformation) -> Solution:
        """The optimum with its prices."""
        pairs, chances = problem.pairs, [_f(problem.chance(pair)) for pair in problem.pairs]
        size = len(pairs)
        rows = list(_constraints(problem))
        ones = [("chance at most 1 " + " ".join(pair), [Fraction(int(k == n)) for k in range(2 * size)]) for n, pair in enumerate(pairs)]
        bounds = list(_bounds(problem))
        gains = [_f(sum(problem.agreement[pair]) - sum(problem.conflict[pair])) for pair in pairs]
        goal = [c * (g if self.objective == "gains" else 1) for c, g in zip(chances, gains, strict=True)] + [Fraction(0)] * size
        own = {player: _f(sum(problem.chance(pair) * problem.conflict[pair][i] for pair in pairs)) for i, player in enumerate(problem.players)}
        right = [Fraction(0)] * len(rows) + [Fraction(1)] * size + [Fraction(0)] * len(bounds)
        free = set(range(size, 2 * size))
        outcome = solve_lp(LinearProgram(goal, a_ub=[[-value for value in row] for _, row in rows] + [row for _, row in (*ones, *bounds)], b_ub=right, free=free))
        if not isinstance(outcome, Optimal):
            raise NotDecided("the program has no optimum", place="BestMechanism", remedy="please report this problem; it is a defect")
        q, x = outcome.x[:size], outcome.x[size:]
        names = [name for name, _ in (*rows, *ones, *bounds)]
        payoffs = {}
        for i, player in enumerate(problem.players):
            side = 1 if i == 0 else -1
            total = sum((c * (a * _f(problem.agreement[pair][i] - problem.conflict[pair][i]) + side * b)
                         for pair, c, a, b in zip(pairs, chances, q, x, strict=True)), Fraction(0))
            payoffs[player] = _number(total + own[player])
        quantities = {"chance of agreement": _number(sum((c * a for c, a in zip(chances, q, strict=True)), Fraction(0))),
                      "expected gains": _number(sum((c * a * g for c, a, g in zip(chances, q, gains, strict=True)), Fraction(0)))}
        found = Mechanism(self.concept, {}, payoffs, (), "always agreement" if all(a == 1 for a in q) else "conflict for some types",
                          quantities=quantities, agreement={pair: _number(a) for pair, a in zip(pairs, q, strict=True)},
                          transfer={pair: _number(b) for pair, b in zip(pairs, x, strict=True)},
                          prices={name: _number(price) for name, price in zip(names, outcome.y_ub, strict=True) if price})
        return Solution(problem, self, Status.INCOMPLETE, (Regime(Region.everything(), (found,)),))  # the value is unique, the mechanism need not be


def _constraints(problem: PrivateInformation) -> Iterator[Row]:
    """Gains over conflict of honesty over every other report, and of taking part, as rows over (q, x); each must be at least zero."""
    pairs = problem.pairs
    for i, player in enumerate(problem.players):
        other = problem.types[problem.players[1 - i]]
        side = Fraction(1 if i == 0 else -1)

        def value(report: str, true: str, i: int = i, other: Any = other, side: Fraction = side) -> list[Fraction]:
            row = [Fraction(0)] * (2 * len(pairs))
            for name, chance in other.items():
                told, real = ((report, name), (true, name)) if i == 0 else ((name, report), (name, true))
                k = pairs.index(told)
                row[k] = _f(chance) * _f(problem.agreement[real][i] - problem.conflict[real][i])
                row[len(pairs) + k] = _f(chance) * side
            return row

        for true in problem.types[player]:
            honest = value(true, true)
            yield f"{player} {true} takes part", honest
            for report in problem.types[player]:
                if report != true:
                    yield f"{player} {true} not as {report}", [a - b for a, b in zip(honest, value(report, true), strict=True)]


def _bounds(problem: PrivateInformation) -> Iterator[Row]:
    if problem.transfer is None:
        return
    low, high = map(_f, problem.transfer)
    size = len(problem.pairs)
    for k, pair in enumerate(problem.pairs):
        for name, limit, side in (("at least the lowest", low, 1), ("at most the highest", high, -1)):
            row = [Fraction(0)] * (2 * size)
            row[k], row[size + k] = limit * side, Fraction(-side)
            yield f"transfer {name} {' '.join(pair)}", row


def _f(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else Fraction(value)


def _number(value: Fraction) -> sp.Expr:
    return sp.Rational(value.numerator, value.denominator)
