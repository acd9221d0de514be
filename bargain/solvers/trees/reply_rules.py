"""The responder's strategy after an offer: the probability of each reply as a function of the offered share.

Between the shares at which replies tie the reply is forced, or any of several; it is extended past the ends of the
interval, so that a cut at an end reads like any other.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sympy as sp

from bargain.games.nodes import Offer
from bargain.regions import Oracle
from bargain.solvers.trees.replies import Piece, Reply, ends

if TYPE_CHECKING:
    from bargain.solvers.trees.induction import Induction

ONE, ZERO = sp.Integer(1), sp.Integer(0)


def rule(induction: "Induction", node: Offer, pieces: list[Piece], chosen: tuple[Piece, ...], reply: Reply, cuts: list[sp.Expr]) -> dict[str, sp.Expr]:
    """The replies that make the chosen proposals, answered by `reply`, the best ones."""
    oracle, share = induction.oracle, node.share
    if not cuts:
        replies = pieces[len(pieces) // 2].replies
        action = next((r for r in replies if r.action == reply.action), replies[0]).action
        return {name: ONE if name == action else ZERO for name, _ in node.answer.moves}
    segments: list[tuple[sp.Expr, str]] = []
    outer = [cuts[0] - 1, *((a + b) / 2 for a, b in zip(cuts, cuts[1:], strict=False)), cuts[-1] + 1]
    replies = tuple({id(r): r for piece in pieces for r in piece.replies}.values())
    for number, middle in enumerate(outer):
        segments.append((middle, forced(oracle, replies, share, middle, reply, chosen, _between(pieces, cuts, number))))
        if number < len(cuts):
            segments.append((cuts[number], _at_cut(induction, node, pieces, chosen, reply, cuts[number])))
    return {name: _piecewise(share, name, segments, cuts) for name, _ in node.answer.moves}


def _between(pieces: list[Piece], cuts: list[sp.Expr], number: int) -> Piece | None:
    """The open interval before the cut of that number (or after the last); None where the cut is the end of the interval."""
    for piece in pieces:
        if not piece.is_point and ((number < len(cuts) and piece.high == cuts[number]) or (number and piece.low == cuts[number - 1])):
            return piece
    return None


def forced(oracle: Oracle, replies: Sequence[Reply], share: sp.Symbol, middle: sp.Expr, reply: Reply, chosen: tuple[Piece, ...] = (),
           here: Piece | None = None) -> str:
    """The reply that is best at a share. Of several, the one given in equilibrium; where that is none of them, one that makes no offer in the
    piece around the share worth more than those chosen."""
    values = [sp.expand(r.responder.subs(share, middle)) for r in replies]
    best = [replies[k] for k in oracle.greatest(values)]
    same = [r for r in best if r.action == reply.action]
    if same or len(best) == 1 or here is None:
        return (same or best)[0].action
    worth = reply.proposer.subs(share, chosen[0].low)
    return next(r for r in best if all(oracle.sign(end - worth) <= 0 for end in ends(r, here, share))).action


def _at_cut(induction: "Induction", node: Offer, pieces: list[Piece], chosen: tuple[Piece, ...], reply: Reply, cut: sp.Expr) -> str:
    if any(piece.low == cut or piece.high == cut for piece in chosen):
        return reply.action
    piece = next(piece for piece in pieces if piece.is_point and piece.low == cut)
    proposer = induction.players.index(node.player)
    ordered = sorted(piece.replies, key=lambda r: r.action)
    worst = ordered[0]
    for other in ordered[1:]:
        gap = (other.play.payoffs[proposer] - worst.play.payoffs[proposer]).subs(node.share, cut)
        if induction.oracle.sign(gap) < 0:
            worst = other
    return worst.action


def _piecewise(share: sp.Symbol, name: str, segments: list[tuple[sp.Expr, str]], cuts: list[sp.Expr]) -> sp.Expr:
    """Segments alternate interval, cut, interval ...; equal neighbours are joined."""
    parts: list[tuple[sp.Expr, sp.Basic]] = []
    for number, (_, action) in enumerate(segments[:-1]):
        value = ONE if action == name else ZERO
        cut = cuts[number // 2]
        condition = sp.Lt(share, cut) if number % 2 == 0 else sp.Le(share, cut)
        if parts and parts[-1][0] == value:
            parts.pop()
        parts.append((value, condition))
    last = ONE if segments[-1][1] == name else ZERO
    if parts and parts[-1][0] == last:
        parts.pop()
    return sp.Piecewise(*parts, (last, True)) if parts else last
