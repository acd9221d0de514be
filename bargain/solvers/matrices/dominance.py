"""Dominance and its iteration: which actions survive, what removes the others, and in which order.

Action i of a player is dominated, within the actions A and the others' cells S still present, if some mixture p on A has

    strictly:  sum_k p_k u(k, s) > u(i, s)  for all s in S;     weakly:  >= for all s, > for one.

By linear-programming duality i is not strictly dominated iff it is a best reply to some lottery over S, and not weakly
dominated iff it is one to some lottery with full support. With d_k(s) = u(k, s) - u(i, s) the programs are

    strictly:  max t,  t <= sum_k p_k d_k(s);     weakly:  max sum_s sum_k p_k d_k(s),  sum_k p_k d_k(s) >= 0;     sum_k p_k <= 1,

whose value is positive iff i is dominated; their prices give the lottery. Payoffs may be symbolic: the same pivots are made
by asking for signs, so that every elimination comes with the region in which it happens.
Sources: Gale (1953), PNAS 39:496-499; Pearce (1984), Econometrica 52:1029-1050; Myerson (1991), Game Theory, 1.8 and 2.5.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import sympy as sp

from bargain.games.matrix import MatrixGame
from bargain.regions import Oracle
from bargain.solvers.matrices.programs import Weights, optimum

__all__ = ["Judgement", "Kept", "dominating", "judged", "opponents", "reduced"]

Kept = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Judgement:
    """Either `by`, the dominating mixture (own action -> weight), or `conjecture` (others' cell -> weight) to which the action is a best reply.

    Both are empty for an action that no pure action dominates, if mixtures were not asked about or, with parameters, there are none.
    """

    by: Mapping[str, sp.Expr]
    conjecture: Mapping[tuple[str, ...], sp.Expr]


def opponents(kept: Kept, index: int) -> list[tuple[str, ...]]:
    """The cells of the other players."""
    return list(product(*(names for k, names in enumerate(kept) if k != index)))


def judged(oracle: Oracle, game: MatrixGame, kept: Kept, place: tuple[int, str], *, strict: bool, mixed: bool) -> Judgement:
    """Whether the action at `place` (player's index, action) is dominated within the actions kept; a pure dominator is preferred."""
    index, action = place
    cells, rivals = opponents(kept, index), [name for name in kept[index] if name != action]

    def paid(name: str, cell: tuple[str, ...]) -> sp.Expr:
        return game.payoffs[(*cell[:index], name, *cell[index:])][index]

    gaps = [[sp.expand(paid(name, cell) - paid(action, cell)) for cell in cells] for name in rivals]
    for name, row in zip(rivals, gaps, strict=True):
        if _pure(oracle, row, strict):
            return Judgement({name: sp.Integer(1)}, {})
    if not mixed or (len(rivals) < 2 and game.notation.symbols):  # one rival has no mixtures
        return Judgement({}, {})
    dominator, weights = dominating(oracle, gaps, len(cells), strict)
    if dominator is None:
        return Judgement({}, dict(zip(cells, weights, strict=True)))
    return Judgement({name: weight for name, weight in zip(rivals, dominator, strict=True) if weight != 0}, {})


def _pure(oracle: Oracle, row: Sequence[sp.Expr], strict: bool) -> bool:
    if strict:
        return all(oracle.sign(gap) > 0 for gap in row)
    better = False
    for gap in row:
        sign = oracle.sign(gap)
        if sign < 0:
            return False
        better = better or sign > 0
    return better


def dominating(oracle: Oracle, gaps: Sequence[Sequence[sp.Expr]], cells: int, strict: bool) -> tuple[Weights | None, Weights]:
    """The mixture of rivals whose gains over a strategy (gaps, by the others' cells) dominate it or None, and the conjecture that defends it."""
    one, zero = sp.Integer(1), sp.Integer(0)
    if not gaps:
        return None, tuple(sp.Rational(1, cells) for _ in range(cells))
    rows = [[*(-row[s] for row in gaps), *([one] if strict else [])] for s in range(cells)]
    rows.append([*(one for _ in gaps), *([zero] if strict else [])])
    objective = [*(zero for _ in gaps), one] if strict else [sp.Add(*row) for row in gaps]
    x, y = optimum(oracle, objective, rows, [*(zero for _ in range(cells)), one])
    share = sp.Add(*x[: len(gaps)])
    if oracle.sign(sp.Add(*(gain * weight for gain, weight in zip(objective, x, strict=True)))) > 0:
        return tuple(sp.cancel(weight / share) for weight in x[: len(gaps)]), ()
    lottery = list(y[:cells]) if strict else [1 + price for price in y[:cells]]
    total = sp.Add(*lottery)
    return None, tuple(sp.cancel(weight / total) for weight in lottery)


def reduced(oracle: Oracle, game: MatrixGame, *, strict: bool, mixed: bool) -> Iterator[tuple[Kept, dict[tuple[int, str], Judgement]]]:
    """Round after round: the actions present, and the judgement on each; every dominated action of every player goes at once."""
    kept: Kept = game.actions
    while True:
        verdicts = {(index, action): judged(oracle, game, kept, (index, action), strict=strict, mixed=mixed)
                    for index, names in enumerate(kept) for action in names}
        yield kept, verdicts
        left = tuple(tuple(action for action in names if not verdicts[index, action].by) for index, names in enumerate(kept))
        if left == kept:
            return
        kept = left
