"""Exact linear programs over coalitions: the core's vertices, its emptiness, and the nucleolus.

Nucleolus by the sequence of Maschler, Peleg and Shapley (1979), Mathematics of Operations
Research 4:303-338: minimise the greatest excess; fix the excesses of the coalitions that are at it in every
optimal point (those with a positive dual price suffice to go on); repeat until one payoff is left.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from bargain.errors import NotDecided
from bargain.games.coalitional import Coalition, coalitions
from bargain.kernels.exact_lp import Infeasible, LinearProgram, Optimal, solve_lp
from bargain.kernels.polytope import cut

Worths = Mapping[Coalition, Fraction]
Shares = dict[str, Fraction]


def proper(players: Sequence[str]) -> list[Coalition]:
    """Every coalition but the empty and the grand one."""
    return [s for s in coalitions(players) if 0 < len(s) < len(players)]


def nucleolus(players: Sequence[str], worth: Worths, *, individually_rational: bool) -> tuple[Shares, Fraction]:
    """The nucleolus (or prenucleolus) and its greatest excess over proper coalitions (0 with one player)."""
    n, everyone = len(players), frozenset(players)
    if n == 1:
        return {players[0]: worth[everyone]}, Fraction(0)
    rows = {s: [Fraction(player in s) for player in players] for s in coalitions(players)}
    fixed: dict[Coalition, Fraction] = {everyone: Fraction(0)}
    first: Fraction | None = None
    while True:
        open_ = [s for s in proper(players) if not _spanned(rows[s], [rows[f] for f in fixed])]
        if not open_:
            equations = LinearProgram([0] * n, a_eq=[rows[s] for s in fixed], b_eq=[worth[s] - gap for s, gap in fixed.items()], free=range(n))
            outcome = solve_lp(equations)
            if not isinstance(outcome, Optimal):
                raise NotDecided("the fixed excesses contradict each other", place="nucleolus", remedy="please report this game; it is a defect")
            assert first is not None
            return dict(zip(players, outcome.x, strict=True)), first
        bounds = [s for s in proper(players) if len(s) == 1] if individually_rational else []
        program = LinearProgram(
            [*[0] * n, -1],
            a_ub=[[*(-v for v in rows[s]), Fraction(-1)] for s in open_] + [[*(-v for v in rows[s]), Fraction(0)] for s in bounds],
            b_ub=[*(-worth[s] for s in open_), *(-worth[s] for s in bounds)],
            a_eq=[[*rows[s], 0] for s in fixed], b_eq=[worth[s] - gap for s, gap in fixed.items()], free=range(n + 1))
        outcome = solve_lp(program)
        if not isinstance(outcome, Optimal):
            raise NotDecided("the excesses have no least upper bound", place="nucleolus", remedy="please report this game; it is a defect")
        level = outcome.x[-1]
        first = level if first is None else first
        fixed.update({s: level for s, price in zip(open_, outcome.y_ub, strict=False) if price > 0})
        fixed.update({s: Fraction(0) for s, price in zip(bounds, outcome.y_ub[len(open_):], strict=True) if price > 0 and s not in fixed})


def _spanned(row: Sequence[Fraction], others: Sequence[Sequence[Fraction]]) -> bool:
    """Whether a row is a combination of others."""
    from flint import fmpq, fmpq_mat

    def rank(rows: Sequence[Sequence[Fraction]]) -> int:
        return int(fmpq_mat(len(rows), len(row), [fmpq(v.numerator, v.denominator) for r in rows for v in r]).rref()[1])

    return rank([*others, row]) == rank(others)


def core_vertices(players: Sequence[str], worth: Worths) -> tuple[list[Shares], dict[Coalition, Fraction]]:
    """The vertices of the core; where it is empty, none, and balanced weights that prove it."""
    everyone, n = frozenset(players), len(players)
    open_ = proper(players)
    rows = [[Fraction(player in s) for player in players] for s in open_]
    program = LinearProgram([0] * n, a_ub=[[-v for v in row] for row in rows], b_ub=[-worth[s] for s in open_],
                            a_eq=[[1] * n], b_eq=[worth[everyone]], free=range(n))
    outcome = solve_lp(program)
    if isinstance(outcome, Infeasible):
        scale = abs(outcome.y_eq[0])
        return [], {s: price / scale for s, price in zip(open_, outcome.y_ub, strict=True) if price > 0}
    return _vertices(players, worth), {}


def _vertices(players: Sequence[str], worth: Worths) -> list[Shares]:
    """The vertices of a non-empty core: the rays of {y >= 0 : y(S) >= t (v(S) - own worths of S)}, y what players get beyond their own worth."""
    own = {player: worth[frozenset((player,))] for player in players}
    surplus = worth[frozenset(players)] - sum(own.values())
    if surplus == 0:
        return [own]
    gains = [(s, (worth[s] - sum(own[p] for p in s)) / surplus) for s in proper(players) if len(s) > 1]
    slacks = [[(player in s) - gain for player in players] for s, gain in gains]
    scales = [lcm(*(value.denominator for value in row)) for row in slacks]
    pending = [[int(value * scale) for value in row] for row, scale in zip(slacks, scales, strict=True)][::-1]
    n, everything = len(players), (1 << len(players)) - 1
    points = [[int(k == i) for k in range(n)] + [row[i] for row in pending] for i in range(n)]
    labels = [everything ^ (1 << i) for i in range(n)]
    for number in range(len(gains)):
        points, labels = cut(points, labels, n - 1, 1 << (n + number))
    return [{player: own[player] + surplus * Fraction(weight, sum(ray)) for player, weight in zip(players, ray, strict=True)} for ray in points]


def balancing(players: Sequence[str], worth: Worths, point: Shares, *, individually_rational: bool) -> dict[Fraction, dict[Coalition, Fraction]]:
    """Kohlberg's weights at every level of excess: positive on all coalitions at or above it, every player covered equally."""
    excess = {s: worth[s] - sum(point[p] for p in s) for s in proper(players)}
    tight = [s for s in excess if individually_rational and len(s) == 1 and excess[s] == 0]
    found = {}
    for level in sorted(set(excess.values()), reverse=True):
        members = [s for s, value in excess.items() if value >= level]
        pool = [*members, *(s for s in tight if s not in members)]
        rows = [[*(Fraction(player in s) for s in pool), Fraction(-1)] for player in players]
        least = [[Fraction(-(k == j)) for k in range(len(pool) + 1)] for j in range(len(members))]
        outcome = solve_lp(LinearProgram([0] * (len(pool) + 1), a_ub=least, b_ub=[-1] * len(members), a_eq=rows, b_eq=[0] * len(players)))
        if isinstance(outcome, Optimal):
            found[level] = {s: weight for s, weight in zip(pool, outcome.x, strict=False) if weight}
    return found
