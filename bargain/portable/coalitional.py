"""The nucleolus, the prenucleolus and the tau value, written as stages.

Nucleolus: the auditor proposes payoffs, the excess of every group of coalitions, and weights; she may propose only payoffs whose excesses fall from group to
group and whose groups, from the first to each, are balanced: with positive weights on all their coalitions (nonnegative ones on players who get just their own
worth, where payoffs have to be individually rational) every player is covered equally. That is so at the nucleolus alone (Schmeidler 1969, SIAM
Journal on Applied Mathematics 17:1163-1170; Kohlberg 1971, ibid. 20:62-66; Maschler, Peleg and Shapley 1979, Mathematics of Operations Research
4:303-338, for the prenucleolus). No weights are written for a group whose coalitions are all combinations of those with positive weights in the balanced
collection before it: they get small weights at the expense of the others.
Tau value: every player chooses the coalition to which to pay the others their utopia payoffs, and gets what is left, the minimal right; the auditor proposes
how far payoffs lie from minimal rights towards utopia payoffs, within what shares the worth of everyone (Tijs 1981, in Game Theory and Mathematical Economics).
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.coalitional import Coalition, CoalitionalGame, coalitions
from bargain.games.nodes import Decision
from bargain.portable.drafting import Shares
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged, value_of
from bargain.regions.cells import EQ, GE, GT

_BALANCED = "payoffs are allowed only where all groups of coalitions of the greatest excess are balanced, which is so at the nucleolus alone"
_COALITIONS = 32  # of everyone, and as many numbers for every level of excess


def nucleolus(game: CoalitionalGame, solver: Any, e: Any) -> Staged:
    """One proposal: payoffs, excesses, and the weights that balance."""
    draft, sign = Draft(game.players), -1 if game.costs else 1
    if 2 ** len(game.players) > _COALITIONS:
        raise NotApplicable(f"no portable certificate: {2 ** len(game.players)} coalitions, at most {_COALITIONS} are written", place="certificate", remedy=REMEDY)
    share = {p: sp.Symbol(f"share of {p}", real=True) for p in game.players}
    names: dict[str, tuple[sp.Symbol, sp.Expr]] = {f"share of {p}": (share[p], sign * e.payoffs[p]) for p in game.players}
    excess = {s: sign * game.worth[s] - sp.Add(*(sign * e.payoffs[p] for p in s)) for s in coalitions(game.players) if 0 < len(s) < len(game.players)}
    conditions = [(sp.Add(*share.values()) - sign * game.worth[game.everyone], EQ)]
    if solver.individually_rational:
        conditions += [(share[p] - sign * game.worth[frozenset((p,))], GE) for p in game.players]
    ranked = sorted(excess, key=lambda s: (-excess[s], len(s), sorted(s)))
    members: list[Coalition] = []
    covered: list[Coalition] = []
    above: sp.Symbol | None = None
    for number, (level, group) in enumerate(groupby(ranked, key=excess.__getitem__)):
        own, new = sp.Symbol(f"excess {number + 1}", real=True), list(group)
        names[str(own)] = (own, level)
        conditions += [(sign * game.worth[s] - sp.Add(*(share[p] for p in s)) - own, EQ) for s in new] + ([(above - own, GT)] if above is not None else [])
        members, above = [*members, *new], own
        if _rank(game.players, [*covered, *new]) > _rank(game.players, covered):
            weights = {s: w for s, w in e.levels[level].items() if w != 0}
            covered = list(weights)
            extra = [s for s in weights if s not in members]
            own_names = {s: sp.Symbol(f"weight of {' '.join(sorted(s))} at excess {number + 1}", real=True) for s in weights}
            names.update({str(symbol): (symbol, weights[s]) for s, symbol in own_names.items()})
            conditions += [(own_names[s], GT) for s in members] + [(own_names[s], GE) for s in extra]
            conditions += [(share[p] - sign * game.worth[s], EQ) for s in extra for p in s]
            total = [sp.Add(*(symbol for s, symbol in own_names.items() if p in s)) for p in game.players]
            conditions += [(other - total[0], EQ) for other in total[1:]]
    draft.audit("payoffs", tuple(conditions), names, {p: sign * share[p] for p in game.players}, e.payoffs)
    return draft.staged(_BALANCED, "payoffs")


def _rank(players: Sequence[str], sets: Iterable[Coalition]) -> int:
    """How many of the sets are independent, as vectors of zeros and ones."""
    rows = [[int(p in s) for p in players] for s in sets]
    return int(sp.Matrix(rows).rank()) if rows else 0


def tau(game: CoalitionalGame, solver: Any, e: Any) -> Staged:
    """A choice of a coalition by every player, then the point between minimal rights and utopia payoffs."""
    draft, sign, everyone = Draft(game.players), -1 if game.costs else 1, game.everyone
    high = {p: sign * (game.worth[everyone] - game.worth[everyone - {p}]) for p in game.players}
    left = {p: {" ".join(sorted(s)): sign * game.worth[s] - sp.Add(*(high[q] for q in s if q != p)) for s in coalitions(game.players) if p in s}
            for p in game.players}
    low: dict[str, sp.Expr] = {}
    for p, own in left.items():
        best = max(own, key=lambda s, own=own: own[s])  # type: ignore[misc]
        here, low[p] = f"minimal right of {p}", own[best]
        draft.add(here, Decision(p, tuple((s, draft.end({p: value})) for s, value in own.items())), {p: own[best]},
                  {(p, here): {s: sp.Integer(s == best) for s in own}})
        draft.add(f"utopia of {p}", draft.end({p: high[p]}), {p: high[p]})
    way, share = sp.Symbol("way", real=True), {p: sp.Symbol(f"share of {p}", real=True) for p in game.players}
    ends = {p: (value_of(f"minimal right of {p}", p), value_of(f"utopia of {p}", p)) for p in game.players}
    spread, total = sp.Add(*high.values()) - sp.Add(*low.values()), sign * game.worth[everyone]
    shares: Shares = {"way": (way, (total - sp.Add(*low.values())) / spread if spread != 0 else sp.Integer(0)),
                      **{f"share of {p}": (symbol, e.payoffs[p]) for p, symbol in share.items()}}
    conditions = [(way, GE), (1 - way, GE), *((b - a, GE) for a, b in ends.values()), (sp.Add(*share.values()) - sign * total, EQ),
                  *((sign * share[p] - (1 - way) * a - way * b, EQ) for p, (a, b) in ends.items()), *(((way, EQ),) if spread == 0 else ())]
    draft.audit("payoffs", tuple(conditions), shares, share, e.payoffs)
    return draft.staged("minimal rights as the best choice of a coalition, and the point towards utopia payoffs that shares the worth of everyone", "payoffs")
