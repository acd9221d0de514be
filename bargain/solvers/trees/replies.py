"""The responder's side of an offer: which replies are optimal at which shares.

The replies' payoffs are affine in the offered share x. The points where two replies tie cut the interval into
points and open intervals. On an open interval one reply is forced, or several tie everywhere on it; where such
replies are worth the same to the proposer the interval is cut too, so that inside an interval the same one of them is worst for her.
"""

from dataclasses import dataclass

import sympy as sp

from bargain.games.nodes import Offer
from bargain.regions import Oracle
from bargain.solvers.trees.plays import Play


@dataclass(frozen=True, eq=False)
class Reply:
    """An action of the responder with a continuation: payoffs affine in the share."""

    action: str
    play: Play
    proposer: sp.Expr
    responder: sp.Expr


@dataclass(frozen=True)
class Piece:
    """A point (low is high) or an open interval of shares, with the replies that are optimal there."""

    low: sp.Expr
    high: sp.Expr
    is_point: bool
    replies: tuple[Reply, ...]


def cuts(oracle: Oracle, replies: list[Reply], node: Offer) -> list[sp.Expr]:
    """The shares in the interval at which replies tie (or the proposer is indifferent between replies that tie everywhere), increasing, equal ones once."""
    low, high = node.between
    found: list[sp.Expr] = []
    for index, left in enumerate(replies):
        for right in replies[index + 1 :]:
            if left.action == right.action:
                continue
            cut = _crossing(oracle, left, right, node.share)
            if cut is not None and oracle.sign(cut - low) >= 0 and oracle.sign(cut - high) <= 0:
                insert(oracle, found, cut)
    return found


def _crossing(oracle: Oracle, left: Reply, right: Reply, share: sp.Symbol) -> sp.Expr | None:
    """Where two replies are worth the same to the responder; where they are everywhere, to the proposer; None if nowhere or everywhere."""
    for gap in (sp.expand(left.responder - right.responder), sp.expand(left.proposer - right.proposer)):
        slope, level = gap.coeff(share, 1), gap.coeff(share, 0)
        if oracle.sign(slope) != 0:
            return sp.cancel(-level / slope)
        if not oracle.equal(level, sp.Integer(0)):
            return None
    return None


def insert(oracle: Oracle, ordered: list[sp.Expr], value: sp.Expr) -> None:
    """Put a value into an increasing list, unless an equal one is there."""
    for position, other in enumerate(ordered):
        sign = oracle.sign(value - other)
        if sign == 0:
            return
        if sign < 0:
            ordered.insert(position, value)
            return
    ordered.append(value)


def pieces(oracle: Oracle, replies: list[Reply], node: Offer, at: list[sp.Expr]) -> list[Piece]:
    """The interval cut at the given shares: points and open intervals by turns."""
    low, high = node.between
    points = list(at)
    insert(oracle, points, low)
    insert(oracle, points, high)
    found = []
    for number, point in enumerate(points):
        found.append(Piece(point, point, True, _optimal(oracle, replies, node, point)))
        if number + 1 < len(points):
            middle = (point + points[number + 1]) / 2
            found.append(Piece(point, points[number + 1], False, _optimal(oracle, replies, node, middle)))
    return found


def _optimal(oracle: Oracle, replies: list[Reply], node: Offer, share: sp.Expr) -> tuple[Reply, ...]:
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


def smallest(oracle: Oracle, values: list[sp.Expr]) -> sp.Expr:
    """The least of several values (the first such)."""
    least = values[0]
    for value in values[1:]:
        if oracle.sign(value - least) < 0:
            least = value
    return least


def ends(reply: Reply, piece: Piece, share: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    """What a reply is worth to the proposer at both ends of a piece."""
    return reply.proposer.subs(share, piece.low), reply.proposer.subs(share, piece.high)
