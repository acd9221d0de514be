"""Alternating offers with risk aversion or any curved frontier: all stationary pairs of proposals, isolated and proved complete.

Orient the share so that A's payoff u rises and B's v falls in it. A's proposal x is the greatest share with
v(x) >= max(outside, (1 - d) flow + d v(y)), B's y the least with u(y) >= max(outside, (1 - d) flow + d u(x)). Both answers rise in the other
proposal, so x is a zero of h(x) = v(x) - need(y(x)), whose range over an interval follows from its ends. Intervals without a
zero are dropped; in the others the slope of h is bounded away from zero in ball arithmetic, so that each holds exactly one.
Sources: Rubinstein (1982), Econometrica 50:97-109; Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17:176-188.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.alternating import AlternatingOffers
from bargain.kernels.balls import Ball, ball, compiled
from bargain.regions import Cell, Space
from bargain.regions.explore import number_sign
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.alternating.recognition import recognised
from bargain.solvers.trees.subgame_perfect import regimes_of

_DEPTH, _SLIVER, _FINE, _CELLS = 40, 20, 150, 20_000
_HALF, _ASIDE = Fraction(1, 2), Fraction(499, 1000)


@dataclass(frozen=True)
class CurvedFrontier:
    """Every stationary equilibrium with agreement, of a table with numbers and payoffs that are curved in the share.

    Two players in turn, one state; flows, breakdown-free; options to leave when answering. Payoffs must move strictly in opposite
    directions, proved by ball arithmetic except on slivers of a millionth of the interval where a slope is infinite. Proposals that
    solve an equation of degree at most three are exact; others are reported as the middle of a box of width below 1e-40, whose
    ends are in the quantities, and the status says that they are not exact. More than one pair is possible where a payoff is not concave.

    >>> import sympy as sp, bargain as bg
    >>> x = sp.Symbol("x", real=True)
    >>> pie = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": sp.sqrt(x), "B": 1 - x}, {"A": "81/100", "B": "81/100"})
    >>> bg.solve(pie, CurvedFrontier()).equilibria[0].quantities["x"]
    10000/24661
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium on a curved frontier"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, parameters, and protocols that are not covered."""
        if not isinstance(problem, AlternatingOffers):
            raise NotApplicable(f"a {type(problem).__name__} is not an AlternatingOffers table", place="CurvedFrontier", remedy="give one")
        place = f"alternating offers {problem.title!r}"
        if any(e.free_symbols for e in problem.expressions()) or problem.between is None:
            raise NotApplicable("needs numbers and an interval of shares", place=place, remedy="give at= and between=")
        if problem.horizon or problem.order or problem.recognition or problem.leavers("refused") or len(problem.states) > 1 or problem.drift \
                or problem.costs or problem.breakdown or problem.lags:
            raise NotApplicable("needs two players in turn, one state, no breakdown, fixed costs or lags", place=place, remedy="drop what is not covered")

    def run(self, problem: AlternatingOffers) -> Solution:
        """Isolate every stationary pair."""
        curve = _Curve(problem)
        pairs = curve.pairs()
        if not pairs:
            raise NotDecided("no stationary pair with agreement", place=f"alternating offers {problem.title!r}", remedy="check options and flows")
        equilibria = tuple(curve.equilibrium(x, y, self.concept) for x, y in pairs)
        exact = all(f"{problem.share} from" not in e.quantities for e in equilibria)
        return Solution(problem, self, Status.CERTIFIED if exact else Status.WITHIN, regimes_of(Space(problem.notation), [(Cell(), equilibria)], closed=True),
                        stats={"pairs": len(pairs), "uniqueness": f"{len(pairs)} stationary pair{'s' * (len(pairs) != 1)} with agreement, all found"})


class _Curve:
    """The two payoffs as functions of an oriented share."""

    def __init__(self, table: AlternatingOffers) -> None:
        self.table = table
        assert table.between is not None
        self.low, self.high = (Fraction(int(e.p), int(e.q)) for e in map(sp.nsimplify, table.between))
        first, second = table.players
        z = sp.Symbol("z", real=True)
        ends = [table.agreement[first].subs(table.share, end) for end in table.between]
        self.flipped = number_sign(ends[1] - ends[0]) < 0
        put = sum(table.between) - z if self.flipped else z
        self.z, self.u, self.v = z, table.agreement[first].subs(table.share, put), table.agreement[second].subs(table.share, put)
        self.fast = {name: compiled(e, z) for name, e in (("u", self.u), ("v", self.v), ("du", sp.diff(self.u, z)), ("dv", sp.diff(self.v, z)))}
        self.factor = {player: ball(table.discount[player]) for player in table.players}
        flow = table.states[0].flow
        self.flow = {player: ball((1 - table.discount[player]) * flow[player]) for player in table.players}
        self.option = {player: ball(table.outside[player]) for player in table.leavers()}
        self.monotone("du", 1)
        self.monotone("dv", -1)

    def monotone(self, slope: str, sign: int) -> None:
        """Prove that a payoff moves strictly one way."""
        stack = [(self.low, self.high, 0)]
        while stack:
            a, b, depth = stack.pop()
            value = self.fast[slope](Ball.over(a, b)) * Ball.at(sign)
            if value.positive:
                continue
            if depth >= _SLIVER or value.negative:
                if (a == self.low or b == self.high) and self.fast[slope](Ball.at((a + b) / 2)).sign() == sign:
                    continue
                raise NotApplicable(f"the payoffs are not shown to move strictly in opposite directions near {float(a):.6g}",
                                    place=f"alternating offers {self.table.title!r}", remedy="restate the share")
            middle = (a + b) / 2
            stack += [(a, middle, depth + 1), (middle, b, depth + 1)]

    def need(self, player: str, value: Ball) -> Ball:
        """What a responder must get if his own proposal gives `value`."""
        on = self.flow[player] + self.factor[player] * value
        return on.maximum(self.option[player]) if player in self.option else on

    def reply(self, x: Fraction, bits: int) -> tuple[Fraction, Fraction]:
        """An enclosure of B's proposal y if A proposes x: the least share that gives A what A needs."""
        first = self.table.players[0]
        target = self.need(first, self.fast["u"](Ball.at(x)))
        low, high = self.low, self.high
        if (self.fast["u"](Ball.at(low)) - target).sign() >= 0:
            return low, low
        for _ in range(bits):
            for part in (_HALF, _ASIDE):  # the middle may be the reply itself, where no sign is found
                middle = low + (high - low) * part
                sign = (self.fast["u"](Ball.at(middle)) - target).sign()
                if sign:
                    break
            else:
                break
            low, high = (low, middle) if sign > 0 else (middle, high)
        return low, high

    def gap(self, x: Fraction, bits: int) -> Ball:
        """An enclosure of h(x)."""
        low, high = self.reply(x, bits)
        second = self.table.players[1]
        inner = self.fast["v"](Ball.at(low)).hull(self.fast["v"](Ball.at(high)))
        return self.fast["v"](Ball.at(x)) - self.need(second, inner)

    def steep(self, a: Fraction, b: Fraction) -> bool:
        """Whether the slope of h keeps one sign on an interval."""
        first, second = self.table.players
        low, high = self.reply(a, _DEPTH)[0], self.reply(b, _DEPTH)[1]
        x, y = Ball.over(a, b), Ball.over(low, high)
        on = {first: self.flow[first] + self.factor[first] * self.fast["u"](x), second: self.flow[second] + self.factor[second] * self.fast["v"](y)}
        slope = self.fast["dv"](x)
        free = {player: player not in self.option or (on[player] - self.option[player]).positive for player in on}
        held = {player: player in self.option and (self.option[player] - on[player]).positive for player in on}
        if not all(free[player] or held[player] for player in on):
            return False
        if free[first] and free[second] and low > self.low:
            slope = slope - self.factor[second] * self.fast["dv"](y) * self.factor[first] * self.fast["du"](x) / self.fast["du"](y)
        elif low == self.low and high > self.low:
            return False
        return slope.sign() != 0

    def pairs(self) -> list[tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]]:
        """Enclosures of x and y for every stationary pair."""
        found: list[tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]] = []
        second = self.table.players[1]
        if self.gap(self.high, _FINE).sign() > 0:
            found.append(((self.high, self.high), self.reply(self.high, 2 * _FINE)))
        stack = [(self.low, self.high)]
        for count in range(_CELLS + 1):
            if not stack:
                break
            if count == _CELLS:
                raise NotDecided("zeros too close to tell apart", place=f"alternating offers {self.table.title!r}",
                                 remedy="choose factors further from 1, or change the parameters slightly")
            a, b = stack.pop()
            below, above = self.reply(a, _DEPTH)[0], self.reply(b, _DEPTH)[1]
            most = self.fast["v"](Ball.at(a)) - self.need(second, self.fast["v"](Ball.at(above)))
            least = self.fast["v"](Ball.at(b)) - self.need(second, self.fast["v"](Ball.at(below)))
            if most.sign() < 0 or least.sign() > 0:
                continue
            signs = self.gap(a, _FINE).sign(), self.gap(b, _FINE).sign()
            if 0 not in signs and self.steep(a, b):
                if signs[0] != signs[1]:
                    box = self.refined(a, b, signs[0])
                    ends = self.reply(box[0], 2 * _FINE), self.reply(box[1], 2 * _FINE)
                    found.append((box, (ends[0][0], ends[1][1]) if signs[0] > 0 else (ends[0][1], ends[1][0])))
                continue
            middle = a + (b - a) * Fraction(499, 1000)  # never the middle itself: zeros at simple fractions stay inside
            stack += [(a, middle), (middle, b)]
        return sorted(found)

    def refined(self, a: Fraction, b: Fraction, sign: int) -> tuple[Fraction, Fraction]:
        """The zero of an interval, by bisection."""
        for _ in range(_FINE):
            middle = (a + b) / 2
            here = self.gap(middle, 2 * _FINE).sign()
            if here == 0:
                break
            a, b = (middle, b) if here == sign else (a, middle)
        return a, b

    def equilibrium(self, x: tuple[Fraction, Fraction], y: tuple[Fraction, Fraction], concept: str) -> Equilibrium:
        """The pair, exact where it is recognised and verified."""
        first, second = self.table.players
        exact = [recognised(*ends) for ends in (x, y)]
        sure = all(value is not None for value in exact) and self.verified(*exact)  # type: ignore[arg-type]
        shares = exact if sure else [sp.Rational(a + b) / 2 for a, b in (x, y)]
        back = (lambda s: sum(self.table.between or ()) - s) if self.flipped else (lambda s: s)
        at = {first: sp.sympify(back(shares[0]), strict=True), second: sp.sympify(back(shares[1]), strict=True)}
        name = str(self.table.share)
        quantities = {name: at[first], f"{name}_{first}": at[first], f"{name}_{second}": at[second]}
        if not sure:
            boxes = {first: x, second: y}
            for player, (a, b) in boxes.items():
                low, high = sorted((back(sp.Rational(a)), back(sp.Rational(b))))
                quantities |= {f"{name}_{player} from": low, f"{name}_{player} to": high}
            quantities |= {f"{name} from": quantities[f"{name}_{first} from"], f"{name} to": quantities[f"{name}_{first} to"]}
        payoffs = {player: value.subs(self.table.share, at[first]) for player, value in self.table.agreement.items()}
        for who, other in ((first, second), (second, first)):  # neither proposer may prefer to wait, or the other to leave
            own = self.table.agreement[who]
            waits = (1 - self.table.discount[who]) * self.table.states[0].flow[who] + self.table.discount[who] * own.subs(self.table.share, at[other])
            leaves = [self.table.outside[who]] if other in self.table.leavers() else []
            if any(number_sign(sp.N(value - own.subs(self.table.share, at[who]), 30)) > 0 for value in (waits, *leaves)):
                raise NotDecided(f"{who} would rather have no agreement", place=f"alternating offers {self.table.title!r}", remedy="lower flows or options")
        return Equilibrium(concept, {}, payoffs, ("agreement",), "agreement", quantities=quantities)

    def verified(self, x: sp.Expr, y: sp.Expr) -> bool:
        """Whether exact shares satisfy both conditions exactly."""
        first, second = self.table.players
        for player, payoff, given, proposed, best in ((second, self.v, x, y, self.high), (first, self.u, y, x, self.low)):
            factor = self.table.discount[player]
            on = (1 - factor) * self.table.states[0].flow[player] + factor * payoff.subs(self.z, proposed)
            if player in self.option and number_sign(self.table.outside[player] - on) > 0:
                on = self.table.outside[player]
            sign = number_sign(sp.simplify(payoff.subs(self.z, given) - on))
            if sign < 0 or (sign > 0 and given != sp.Rational(best)):
                return False
        return True
