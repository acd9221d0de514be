"""Values and sets of payoffs of coalitional games: Shapley, Banzhaf, core, nucleolus, tau value.

The Shapley and Banzhaf values are linear in the worths and hold for all parameters at once; the
core and the nucleolus come from exact linear programs and need numbers.
Sources: Shapley (1953), Contributions to the Theory of Games II; Banzhaf (1965), Rutgers Law
Review 19:317-343; Gillies (1959); Bondareva (1963); Schmeidler (1969), SIAM Journal on Applied
Mathematics 17:1163-1170; Tijs (1981), Game Theory and Mathematical Economics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.findings.settlements import Balanced
from bargain.games.coalitional import Coalition, CoalitionalGame, coalitions
from bargain.regions import Region
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.coalitions.least_core import balancing, core_vertices, nucleolus


@dataclass(frozen=True)
class _Value:
    """What the solvers of this module share: the kind of problem, and one equilibrium for all parameters."""

    @property
    def concept(self) -> str:
        """The concept's name."""
        raise NotImplementedError

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a coalitional game."""
        if not isinstance(problem, CoalitionalGame):
            raise NotApplicable(f"a {type(problem).__name__} is not a coalitional game", place=type(self).__name__, remedy="give a CoalitionalGame")

    def _solution(self, problem: CoalitionalGame, *found: Equilibrium | Component, **stats: Any) -> Solution:
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, (Regime(Region.everything(), found),), stats=stats)

    def _shares(self, payoffs: Mapping[str, sp.Expr], outcome: str = "", **quantities: sp.Expr) -> Equilibrium:
        return Equilibrium(self.concept, {}, payoffs, outcome=outcome, quantities=quantities)


@dataclass(frozen=True)
class ShapleyValue(_Value):
    """Each player's expected marginal contribution when coalitions form in random order.

    Through the dividends of coalitions (Harsanyi 1959), each shared equally; for all parameters at once.

    >>> from bargain.games.coalitional import airport_game
    >>> ShapleyValue().run(airport_game("Runway", {"a": 1, "b": 2, "c": 3})).equilibria[0].payoffs
    {'a': 1/3, 'b': 5/6, 'c': 11/6}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Shapley value"

    def run(self, problem: CoalitionalGame) -> Solution:
        """Share every dividend equally among its coalition."""
        shares: dict[str, sp.Expr] = dict.fromkeys(problem.players, sp.Integer(0))
        for coalition, dividend in dividends(problem).items():
            for player in coalition:
                shares[player] += dividend / len(coalition)
        return self._solution(problem, self._shares({player: sp.expand(share) for player, share in shares.items()}))


@dataclass(frozen=True)
class BanzhafValue(_Value):
    """Each player's average marginal contribution over all coalitions of the others; normalised: divided so that shares sum to 1.

    In a simple game the average is the chance of being pivotal when everybody votes by the toss of a coin.

    >>> from bargain.games.coalitional import voting_game
    >>> BanzhafValue(normalised=True).run(voting_game("EEC", {"D": 4, "F": 4, "I": 4, "N": 2, "B": 2, "L": 1}, 12)).equilibria[0].payoffs["N"]
    1/7
    """

    normalised: bool = False

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "normalised Banzhaf value" if self.normalised else "Banzhaf value"

    def run(self, problem: CoalitionalGame) -> Solution:
        """Share every dividend in proportion to 2^(1 - size)."""
        shares: dict[str, sp.Expr] = dict.fromkeys(problem.players, sp.Integer(0))
        for coalition, dividend in dividends(problem).items():
            for player in coalition:
                shares[player] += dividend * sp.Rational(1, 2 ** (len(coalition) - 1))
        total = sp.expand(sum(shares.values()))
        if self.normalised and total == 0:
            raise NotApplicable("the Banzhaf values sum to 0", place=f"coalitional game {problem.title!r}", remedy="use BanzhafValue() without normalisation")
        scale = total if self.normalised else sp.Integer(1)
        return self._solution(problem, self._shares({player: sp.cancel(sp.expand(share) / scale) for player, share in shares.items()}))


@dataclass(frozen=True)
class Core(_Value):
    """All efficient payoffs that no coalition can improve upon, as a polytope; or a proof that there are none.

    The vertices are listed. An empty core is proved by balanced weights on coalitions that are together worth more
    than everyone (Bondareva 1963), in ``stats["balanced weights"]``. Parameters must be numbers.
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "core"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a coalitional game with rational worths."""
        super().accepts(problem)
        _numbers(problem, "Core")

    def run(self, problem: CoalitionalGame) -> Solution:
        """The vertices by exact enumeration, or the balanced weights."""
        points, weights = core_vertices(problem.players, _worths(problem))
        vertices = tuple(self._shares(_signed(problem, point)) for point in points)
        found: tuple[Equilibrium | Component, ...] = (Component(vertices, (tuple(range(len(vertices))),)),) if len(vertices) > 1 else vertices
        exact_weights = {s: _rational(weight) for s, weight in weights.items()}
        return self._solution(problem, *found, **({"balanced weights": exact_weights} if weights else {}))


@dataclass(frozen=True)
class Nucleolus(_Value):
    """The efficient payoff whose sorted excesses are lexicographically smallest; unique, and in the core where that is non-empty.

    individually_rational: only payoffs that give each player at least her own worth (Schmeidler's nucleolus, which needs
    v(N) >= the sum of own worths); otherwise the prenucleolus. Its greatest excess is the least-core value, the quantity `excess`.

    >>> from bargain.games.coalitional import bankruptcy_game
    >>> Nucleolus().run(bankruptcy_game("Talmud", 200, {"a": 100, "b": 200, "c": 300})).equilibria[0].payoffs
    {'a': 50, 'b': 75, 'c': 75}
    """

    individually_rational: bool = True

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "nucleolus" if self.individually_rational else "prenucleolus"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a coalitional game with rational worths, and a nucleolus without imputations."""
        super().accepts(problem)
        _numbers(problem, "Nucleolus")
        own = sum(_worths(problem)[frozenset((player,))] for player in problem.players)
        if self.individually_rational and own > _worths(problem)[problem.everyone]:
            raise NotApplicable("nobody can be given her own worth: there are no imputations", place=f"coalitional game {problem.title!r}",
                                remedy="ask for the prenucleolus: Nucleolus(individually_rational=False)")

    def run(self, problem: CoalitionalGame) -> Solution:
        """Maschler's sequence of exact linear programs."""
        worth = _worths(problem)
        point, excess = nucleolus(problem.players, worth, individually_rational=self.individually_rational)
        levels = balancing(problem.players, worth, point, individually_rational=self.individually_rational)
        exact_levels = {_rational(level): {s: _rational(weight) for s, weight in weights.items()} for level, weights in levels.items()}
        return self._solution(problem, Balanced(self.concept, {}, _signed(problem, point), quantities={"excess": _rational(excess)}, levels=exact_levels))


@dataclass(frozen=True)
class TauValue(_Value):
    """The efficient compromise on the line between utopia and minimal-right payoffs (Tijs 1981); quasi-balanced games only."""

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "tau value"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a quasi-balanced coalitional game with rational worths."""
        super().accepts(problem)
        _numbers(problem, "TauValue")
        low, high = _rights(problem), _utopia(problem)
        everyone = _worths(problem)[problem.everyone]
        if any(low[p] > high[p] for p in low) or not sum(low.values()) <= everyone <= sum(high.values()):
            raise NotApplicable("the game is not quasi-balanced", place=f"coalitional game {problem.title!r}",
                                remedy="the tau value needs minimal rights below utopia payoffs, and v(N) between their sums")

    def run(self, problem: CoalitionalGame) -> Solution:
        """The point of the segment that shares the worth of everyone."""
        low, high = _rights(problem), _utopia(problem)
        spread = sum(high.values()) - sum(low.values())
        step = (_worths(problem)[problem.everyone] - sum(low.values())) / spread if spread else Fraction(0)
        return self._solution(problem, self._shares(_signed(problem, {p: low[p] + step * (high[p] - low[p]) for p in low})))


def dividends(problem: CoalitionalGame) -> dict[Coalition, sp.Expr]:
    """What each coalition is worth beyond the dividends of its parts (Harsanyi 1959); zeros are left out."""
    found: dict[Coalition, sp.Expr] = {}
    for coalition in coalitions(problem.players):
        if coalition:
            own = sp.expand(problem.worth[coalition] - sp.Add(*(found[part] for part in coalitions(coalition) if part in found)))
            if own != 0:
                found[coalition] = own
    return found


def _numbers(problem: CoalitionalGame, solver: str) -> None:
    wrong = next((value for value in problem.worth.values() if not value.is_Rational), None)
    if wrong is not None:
        raise NotApplicable(f"the worth {wrong} is not a rational number", place=f"{solver} of {problem.title!r}",
                            remedy="fix every parameter at a rational number: solve(..., free=[])")


def _worths(problem: CoalitionalGame) -> dict[Coalition, Fraction]:
    """Worths as fractions; costs with their sign changed, so that more is better."""
    sign = -1 if problem.costs else 1
    return {s: sign * Fraction(int(value.p), int(value.q)) for s, value in problem.worth.items()}


def _signed(problem: CoalitionalGame, point: Mapping[str, Fraction]) -> dict[str, sp.Expr]:
    sign = -1 if problem.costs else 1
    return {player: _rational(sign * point[player]) for player in problem.players}


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _utopia(problem: CoalitionalGame) -> dict[str, Fraction]:
    worth = _worths(problem)
    return {p: worth[problem.everyone] - worth[problem.everyone - {p}] for p in problem.players}


def _rights(problem: CoalitionalGame) -> dict[str, Fraction]:
    worth, high = _worths(problem), _utopia(problem)
    return {p: max(worth[s] - sum(high[q] for q in s if q != p) for s in coalitions(problem.players) if p in s) for p in problem.players}
