"""Offers: the responder's acceptance set, and the proposals that are best against it.

The replies' payoffs are affine in the offered share x. The points where two replies tie cut
the interval into points and open intervals. On an open interval the reply is forced; at a tie
the responder may give either reply. A proposal x* with reply k is an equilibrium iff its value
to the proposer is at least S, the supremum over the open intervals, and at least what every
other tie point can be held down to. Whether a supremum is attained decides the tie.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.nodes import History, Offer, show
from bargain.regions import Oracle
from bargain.solvers.trees.plays import Play

if TYPE_CHECKING:
    from bargain.solvers.trees.induction import Induction

ONE = sp.Integer(1)


@dataclass(frozen=True)
class _Reply:
    """An action of the responder with a continuation: payoffs affine in the share."""

    action: str
    play: Play
    proposer: sp.Expr
    responder: sp.Expr


@dataclass(frozen=True)
class _Piece:
    """A point (low is high) or an open interval of shares, with the replies that are optimal there."""

    low: sp.Expr
    high: sp.Expr
    is_point: bool
    replies: tuple[_Reply, ...]


def offer_plays(induction: "Induction", node: Offer, history: History) -> list[Play]:
    """Every subgame-perfect outcome of an offer node."""
    oracle, answer = induction.oracle, node.answer
    proposer, responder = (induction.players.index(player) for player in (node.player, answer.player))
    here = (*history, f"offer {node.share}")
    replies = []
    for name, child in answer.moves:
        for play in induction.plays(child, (*here, name)):
            reply = _Reply(name, play, play.payoffs[proposer], play.payoffs[responder])
            _require_affine(reply, node, history)
            replies.append(reply)
    cuts = _cuts(oracle, replies, node)
    pieces = _pieces(oracle, replies, node, cuts)
    return [_play(induction, node, history, pieces, chosen, reply, replies, cuts) for chosen, reply in _best(oracle, node, pieces)]


def _require_affine(reply: _Reply, node: Offer, history: History) -> None:
    for value in (reply.proposer, reply.responder):
        if sp.diff(value, node.share, 2) != 0:
            raise NotApplicable(f"a payoff is not affine in the offered {node.share}: {value}", place=f"node {show(history)}",
                                remedy="restate the offer in utility units")


def _cuts(oracle: Oracle, replies: list[_Reply], node: Offer) -> list[sp.Expr]:
    """The ties between replies that lie in the interval, in increasing order, equal ones once."""
    low, high = node.between
    cuts: list[sp.Expr] = []
    for index, left in enumerate(replies):
        for right in replies[index + 1 :]:
            gap = sp.expand(left.responder - right.responder)
            slope = gap.coeff(node.share, 1)
            if left.action == right.action or oracle.sign(slope) == 0:
                continue
            cut = sp.cancel(-gap.coeff(node.share, 0) / slope)
            if oracle.sign(cut - low) < 0 or oracle.sign(cut - high) > 0:
                continue
            _insert(oracle, cuts, cut)
    return cuts


def _insert(oracle: Oracle, ordered: list[sp.Expr], value: sp.Expr) -> None:
    for position, other in enumerate(ordered):
        sign = oracle.sign(value - other)
        if sign == 0:
            return
        if sign < 0:
            ordered.insert(position, value)
            return
    ordered.append(value)


def _pieces(oracle: Oracle, replies: list[_Reply], node: Offer, cuts: list[sp.Expr]) -> list[_Piece]:
    low, high = node.between
    points = list(cuts)
    _insert(oracle, points, low)
    _insert(oracle, points, high)
    pieces = []
    for number, point in enumerate(points):
        pieces.append(_Piece(point, point, True, _optimal(oracle, replies, node, point)))
        if number + 1 < len(points):
            middle = (point + points[number + 1]) / 2
            pieces.append(_Piece(point, points[number + 1], False, _optimal(oracle, replies, node, middle)))
    return pieces


def _optimal(oracle: Oracle, replies: list[_Reply], node: Offer, share: sp.Expr) -> tuple[_Reply, ...]:
    """The supportable replies at one share: at least every other action's worst continuation."""
    value = {id(reply): sp.expand(reply.responder.subs(node.share, share)) for reply in replies}
    floors: dict[str, sp.Expr] = {}
    for reply in replies:
        v = value[id(reply)]
        if reply.action not in floors or oracle.sign(v - floors[reply.action]) < 0:
            floors[reply.action] = v
    actions = list(floors)
    level = floors[actions[oracle.greatest([floors[action] for action in actions])[0]]]
    return tuple(reply for reply in replies if oracle.sign(value[id(reply)] - level) >= 0)


def _best(oracle: Oracle, node: Offer, pieces: list[_Piece]) -> list[tuple[tuple[_Piece, ...], _Reply]]:
    """Proposals (adjacent pieces of equal value joined) with the reply that makes them optimal."""
    share = node.share
    floor: dict[int, sp.Expr] = {}
    for number, piece in enumerate(pieces):
        if piece.is_point:
            floor[number] = _smallest(oracle, [r.proposer.subs(share, piece.low) for r in piece.replies])
            continue
        first = piece.replies[0]
        if any(not oracle.equal(r.proposer, first.proposer) for r in piece.replies):
            raise NotApplicable("several continuation equilibria after the same offers, with different payoffs", place=f"offer {share}",
                                remedy="solve the continuation games one at a time")
        ends = [first.proposer.subs(share, end) for end in (piece.low, piece.high)]
        floor[number] = ends[oracle.greatest(ends)[0]]
    found: list[tuple[list[_Piece], _Reply]] = []
    for number, piece in enumerate(pieces):
        for reply in piece.replies:
            if not piece.is_point and oracle.sign(sp.diff(reply.proposer, share)) != 0:
                continue
            value = reply.proposer.subs(share, piece.low)
            if all(oracle.sign(value - other) >= 0 for key, other in floor.items() if key != number or not piece.is_point):
                _append(oracle, share, found, piece, reply)
    return [(tuple(chosen), reply) for chosen, reply in found]


def _append(oracle: Oracle, share: sp.Symbol, found: list[tuple[list[_Piece], _Reply]], piece: _Piece, reply: _Reply) -> None:
    """Join a piece to the previous one if they touch and the reply (constant for the proposer) is the same."""
    for chosen, other in found:
        if other is reply and chosen[-1].high == piece.low and oracle.sign(sp.diff(reply.proposer, share)) == 0:
            chosen.append(piece)
            return
    found.append(([piece], reply))


def _smallest(oracle: Oracle, values: list[sp.Expr]) -> sp.Expr:
    least = values[0]
    for value in values[1:]:
        if oracle.sign(value - least) < 0:
            least = value
    return least


def _play(induction: "Induction", node: Offer, history: History, pieces: list[_Piece], chosen: tuple[_Piece, ...], reply: _Reply,
          replies: list[_Reply], cuts: list[sp.Expr]) -> Play:
    share = node.share
    low, high = _ends(induction.oracle, node, chosen, reply, replies, cuts)
    single = low == high
    proposal = f"{share} = {low}" if single else f"{share} in [{low}, {high}]"
    rule = _rule(induction, node, pieces, chosen, reply, cuts)
    here, answered = show(history), show((*history, f"offer {share}"))
    own = ((node.player, here, {proposal: ONE}), (node.answer.player, answered, rule))
    found = {str(share): low} if single else {f"{share}_low": low, f"{share}_high": high}
    payoffs = tuple(sp.expand(value.subs(share, low)) for value in reply.play.payoffs)
    below = {r.action: r.play for r in reversed(replies)} | {reply.action: reply.play}
    return Play(payoffs, (proposal, reply.action, *reply.play.path), reply.play.label, own, tuple(below.values()), place=here, found=found)


def _ends(oracle: Oracle, node: Offer, chosen: tuple[_Piece, ...], reply: _Reply, replies: list[_Reply],
          cuts: list[sp.Expr]) -> tuple[sp.Expr, sp.Expr]:
    """The ends of the proposals of equal value. Where a cut meets an end of the interval, proposals on
    the side that the same reply would continue to are written up to that end (a degenerate interval there)."""
    low, high = chosen[0].low, chosen[-1].high
    if not cuts or oracle.sign(sp.diff(reply.proposer, node.share)) != 0:
        return low, high
    if oracle.equal(high, node.between[1]) and _forced(oracle, replies, node.share, cuts[-1] + 1) == reply.action:
        high = node.between[1]
    if oracle.equal(low, node.between[0]) and _forced(oracle, replies, node.share, cuts[0] - 1) == reply.action:
        low = node.between[0]
    return low, high


def _rule(induction: "Induction", node: Offer, pieces: list[_Piece], chosen: tuple[_Piece, ...], reply: _Reply,
          cuts: list[sp.Expr]) -> dict[str, sp.Expr]:
    """The responder's strategy: the probability of each reply as a function of the offered share.

    Between cuts the reply is forced; it is extended past the ends of the interval, so that a cut
    at an end reads like any other.
    """
    oracle, share = induction.oracle, node.share
    if not cuts:
        actions = {r.action for r in pieces[len(pieces) // 2].replies}
        action = reply.action if reply.action in actions else sorted(actions)[0]
        return {name: ONE if name == action else sp.Integer(0) for name, _ in node.answer.moves}
    segments: list[tuple[sp.Expr, str]] = []
    outer = [cuts[0] - 1, *((a + b) / 2 for a, b in zip(cuts, cuts[1:], strict=False)), cuts[-1] + 1]
    all_replies = list({id(r): r for piece in pieces for r in piece.replies}.values())
    for number, middle in enumerate(outer):
        segments.append((middle, _forced(oracle, all_replies, share, middle)))
        if number < len(cuts):
            segments.append((cuts[number], _at_cut(induction, node, pieces, chosen, reply, cuts[number])))
    return {name: _piecewise(share, name, segments, cuts) for name, _ in node.answer.moves}


def _forced(oracle: Oracle, replies: list[_Reply], share: sp.Symbol, middle: sp.Expr) -> str:
    """The reply that is best at a share where no two tie."""
    values = [sp.expand(r.responder.subs(share, middle)) for r in replies]
    return replies[oracle.greatest(values)[0]].action


def _at_cut(induction: "Induction", node: Offer, pieces: list[_Piece], chosen: tuple[_Piece, ...], reply: _Reply, cut: sp.Expr) -> str:
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
        value = ONE if action == name else sp.Integer(0)
        cut = cuts[number // 2]
        condition = sp.Lt(share, cut) if number % 2 == 0 else sp.Le(share, cut)
        if parts and parts[-1][0] == value:
            parts.pop()
        parts.append((value, condition))
    last = ONE if segments[-1][1] == name else sp.Integer(0)
    if parts and parts[-1][0] == last:
        parts.pop()
    return sp.Piecewise(*parts, (last, True)) if parts else last
