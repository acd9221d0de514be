"""Offers: the proposals that are best against the responder's optimal replies.

The responder's replies are optimal on points and open intervals of shares (`bargain.solvers.trees.replies`); where
several are, any may be given. A proposal x* with reply k is an equilibrium iff its value to the proposer is at
least S, the greatest value that she can secure by other offers when replies that tie are the worst for her: the
supremum over the open intervals, and the worst reply at every other point. Whether a supremum is attained decides the tie.
"""

from typing import TYPE_CHECKING

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.nodes import History, Offer, show
from bargain.regions import Oracle
from bargain.solvers.trees.plays import Play
from bargain.solvers.trees.replies import Piece, Reply, cuts, ends, pieces, smallest
from bargain.solvers.trees.reply_rules import forced, rule

if TYPE_CHECKING:
    from bargain.solvers.trees.induction import Induction

ONE = sp.Integer(1)


def offer_plays(induction: "Induction", node: Offer, history: History) -> list[Play]:
    """Every subgame-perfect outcome of an offer node."""
    oracle, answer = induction.oracle, node.answer
    proposer, responder = (induction.players.index(player) for player in (node.player, answer.player))
    here = (*history, f"offer {node.share}")
    replies = []
    for name, child in answer.moves:
        for play in induction.plays(child, (*here, name)):
            reply = Reply(name, play, play.payoffs[proposer], play.payoffs[responder])
            _require_affine(reply, node, history)
            replies.append(reply)
    at = cuts(oracle, replies, node)
    cut = pieces(oracle, replies, node, at)
    found = []
    for chosen, reply in _best(oracle, node, cut):
        varied = len(chosen) > 1 and any(not oracle.equal(sp.diff(value, node.share), sp.Integer(0)) for value in reply.play.payoffs)
        induction.partial |= varied  # the proposer is indifferent, others are not: both ends of the continuum are listed
        answers = rule(induction, node, cut, chosen, reply, at)
        found += [_play(induction, node, history, part, reply, replies, at, answers) for part in ((chosen[:1], chosen[-1:]) if varied else (chosen,))]
    return found


def _require_affine(reply: Reply, node: Offer, history: History) -> None:
    for value in (reply.proposer, reply.responder):
        if sp.diff(value, node.share, 2) != 0:
            raise NotApplicable(f"a payoff is not affine in the offered {node.share}: {value}", place=f"node {show(history)}",
                                remedy="restate the offer in utility units")


def _secured(oracle: Oracle, node: Offer, piece: Piece) -> sp.Expr:
    """What the proposer can be held down to on a piece: the supremum of the worst replies' values."""
    share = node.share
    if piece.is_point:
        return smallest(oracle, [reply.proposer.subs(share, piece.low) for reply in piece.replies])
    for number, reply in enumerate(piece.replies):
        if any(other.action == reply.action and not oracle.equal(other.proposer, reply.proposer) for other in piece.replies[:number]):
            raise NotApplicable("several continuation equilibria after the same offers, with different payoffs", place=f"offer {share}",
                                remedy="solve the continuation games one at a time")
    middle = (piece.low + piece.high) / 2
    least = smallest(oracle, [reply.proposer.subs(share, middle) for reply in piece.replies])
    worst = next(reply for reply in piece.replies if oracle.equal(reply.proposer.subs(share, middle), least))
    values = ends(worst, piece, share)
    return values[oracle.greatest(list(values))[0]]


def _best(oracle: Oracle, node: Offer, cut: list[Piece]) -> list[tuple[tuple[Piece, ...], Reply]]:
    """Proposals (adjacent pieces of equal value joined) with the reply that makes them optimal."""
    secured = [_secured(oracle, node, piece) for piece in cut]
    found: list[tuple[list[Piece], Reply]] = []
    for number, piece in enumerate(cut):
        others = [value for other, value in enumerate(secured) if other != number or not piece.is_point]
        for reply in piece.replies:
            low, high = ends(reply, piece, node.share)
            if piece.is_point or oracle.sign(sp.diff(reply.proposer, node.share)) == 0:
                if all(oracle.sign(low - value) >= 0 for value in others):
                    _append(oracle, node.share, found, piece, reply)
            elif len(piece.replies) > 1 and any(all(oracle.sign(end - value) > 0 for value in others) for end in (low, high)):
                raise NotApplicable(f"a continuum of offers of different worth to {node.player} in equilibrium", place=f"offer {node.share}",
                                    remedy="solve at other parameters, or state the offers as a finite list")
    return [(tuple(chosen), reply) for chosen, reply in found]


def _append(oracle: Oracle, share: sp.Symbol, found: list[tuple[list[Piece], Reply]], piece: Piece, reply: Reply) -> None:
    """Join a piece to the previous one if they touch and the reply (constant for the proposer) is the same."""
    for chosen, other in found:
        if other is reply and chosen[-1].high == piece.low and oracle.sign(sp.diff(reply.proposer, share)) == 0:
            chosen.append(piece)
            return
    found.append(([piece], reply))


def _play(induction: "Induction", node: Offer, history: History, chosen: tuple[Piece, ...], reply: Reply, replies: list[Reply],
          at: list[sp.Expr], answers: dict[str, sp.Expr]) -> Play:
    share = node.share
    low, high = _interval(induction.oracle, node, chosen, reply, replies, at)
    single = low == high
    proposal = f"{share} = {low}" if single else f"{share} in [{low}, {high}]"
    here, answered = show(history), show((*history, f"offer {share}"))
    own = ((node.player, here, {proposal: ONE}), (node.answer.player, answered, answers))
    found = {str(share): low} if single else {f"{share}_low": low, f"{share}_high": high}
    payoffs = tuple(sp.expand(value.subs(share, low)) for value in reply.play.payoffs)
    below = {r.action: r.play for r in reversed(replies)} | {reply.action: reply.play}
    return Play(payoffs, (proposal, reply.action, *reply.play.path), reply.play.label, own, tuple(below.values()), place=here, found=found)


def _interval(oracle: Oracle, node: Offer, chosen: tuple[Piece, ...], reply: Reply, replies: list[Reply], at: list[sp.Expr]) -> tuple[sp.Expr, sp.Expr]:
    """The ends of the proposals of equal value. Where a cut meets an end of the interval, proposals on
    the side that the same reply would continue to are written up to that end (a degenerate interval there)."""
    low, high = chosen[0].low, chosen[-1].high
    if not at or oracle.sign(sp.diff(reply.proposer, node.share)) != 0:
        return low, high
    if oracle.equal(high, node.between[1]) and forced(oracle, replies, node.share, at[-1] + 1, reply) == reply.action:
        high = node.between[1]
    if oracle.equal(low, node.between[0]) and forced(oracle, replies, node.share, at[0] - 1, reply) == reply.action:
        low = node.between[0]
    return low, high
