"""The rounds of screening, worked out backwards on one cell of the parameters; see `bargain.solvers.information.skimming`.

A state is the share z of the opponents that has agreed, most eager first. Payoffs of the side that offers are weighted by the opponents who are left.
"""

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.findings.screening import Round, Step
from bargain.games.screening import Screening
from bargain.regions import Oracle

MOST = 200  # rounds


class Ahead:
    """What follows a refusal: values and utilities at every state of the next round (or after the last)."""

    def __init__(self, talks: "Talks", offers: list[Step], ahead: "Ahead | None", number: int) -> None:
        self.talks, self.offers, self.ahead, self.number = talks, offers, ahead, number
        self._values: dict[tuple[Step, sp.Expr, int], sp.Expr] = {}
        self._utilities: dict[tuple[int, Step], sp.Expr] = {}

    def value(self, z: sp.Expr, k: int) -> sp.Expr:
        """The first player's payoff, weighted by who is left, where z have agreed and type k comes next."""
        if z == 1:
            return sp.Integer(0)
        return self.value_of(self._steps(z)[-1] if self.offers else None, z, k)

    def value_of(self, step: Step | None, z: sp.Expr, k: int) -> sp.Expr:
        """The same, given the offer."""
        if step is None:
            return self.talks.first_default * self.talks.left(z, k, self.number)
        key = (step, z, k)
        if key not in self._values:
            self._values[key] = self.talks.worth_of(step, z, k, self.ahead, self.number)
        return self._values[key]

    def _steps(self, z: sp.Expr) -> list[Step]:
        """The steps on the left and on the right of an end z."""
        return [step for step in self.offers if z in (step.low, step.high)]

    def chosen(self, z: sp.Expr, k: int) -> Step | None:
        """Next round's offer at z that is worst for type k: the one that makes him accept the highest price now."""
        if not self.offers:
            return None
        best, *others = self._steps(z)
        for step in others:
            if self.talks.sign(self.utility(k, step) - self.utility(k, best)) < 0:
                best = step
        return best

    def utility(self, k: int, step: Step | None) -> sp.Expr:
        """What type k gets, given the offer."""
        if step is None:
            return self.talks.default[k]
        if step.price is not None and k <= step.marginal:
            return self.talks.worth[k] - step.price
        if (k, step) not in self._utilities:
            assert self.ahead is not None
            after = self.ahead.chosen(step.target, step.marginal) if step.price is not None else self.ahead.within(step)
            self._utilities[k, step] = self.talks.refusing(k, self.ahead.utility(k, after))
        return self._utilities[k, step]

    def within(self, step: Step) -> Step | None:
        """The offer that follows one that nobody accepts: its target is where the stretch begins on which it lies."""
        return next(own for own in self.offers if own.low == step.target) if self.offers else None


class Talks:
    """The backward induction on one cell of the parameters."""

    def __init__(self, problem: Screening, oracle: Oracle) -> None:
        self.problem, self.oracle = problem, oracle
        first, second = problem.players
        self.names = list(problem.types)
        self.share = list(problem.types.values())
        self.worth = list(problem.worth.values())
        assert problem.lasting and problem.ended and problem.costs and problem.default
        self.lasts = list(problem.lasting.values())
        self.default = [problem.default[name] for name in self.names]
        self.first_default = problem.default[first]
        self.mine, self.yours = ((problem.costs[p], problem.ended[p], problem.discount[p]) for p in (first, second))
        self.sold = [sp.Add(*self.share[:k]) for k in range(len(self.share))] + [sp.Integer(1)]
        self.place = f"screening {problem.title!r}"
        self.tied = False  # whether two opening prices, or two answers to one price, are equally good in the round worked out last

    def sign(self, value: sp.Expr) -> int:
        return self.oracle.sign(sp.factor(sp.together(value)))

    def weight(self, k: int, number: int, last: bool = False) -> sp.Expr:
        """The chance that type k is still there in a round (and, with `last`, that a refusal then ends the talks)."""
        return self.lasts[k] ** (number - 1) * (1 - self.lasts[k] if last else 1)

    def left(self, z: sp.Expr, k: int, number: int, last: bool = False) -> sp.Expr:
        """The weighted share of the types that have not agreed, where z have and type k comes next."""
        return (self.sold[k + 1] - z) * self.weight(k, number, last) + sp.Add(*(self.share[i] * self.weight(i, number, last) for i in range(k + 1, len(self.share))))

    def refusing(self, k: int, later: sp.Expr) -> sp.Expr:
        """What type k gets by a refusal, given what he gets next round."""
        cost, ended, discount = self.yours
        return sp.factor(-cost + (1 - self.lasts[k]) * ended + discount * self.lasts[k] * later)

    def refused(self, z: sp.Expr, k: int, number: int, later: sp.Expr) -> sp.Expr:
        """The first player's weighted payoff from refusals by all who have not agreed, given what follows."""
        cost, ended, discount = self.mine
        return -cost * self.left(z, k, number) + ended * self.left(z, k, number, last=True) + discount * later

    def worth_of(self, step: Step, z: sp.Expr, k: int, ahead: Ahead | None, number: int) -> sp.Expr:
        """The first player's weighted payoff from an offer where z have agreed and type k comes next."""
        if ahead is None:  # the last price of endless talks
            return step.price * self.left(z, k, number)
        if step.price is None:
            return sp.factor(self.refused(z, k, number, ahead.value_of(ahead.within(step), z, k)))
        after = self.next_type(step.target, step.marginal)
        if after == len(self.share):
            return sp.factor(step.price * self.left(z, k, number))
        going = self.refused(step.target, after, number, ahead.value(step.target, after))
        return sp.factor(step.price * (self.left(z, k, number) - self.left(step.target, after, number)) + going)

    def next_type(self, z: sp.Expr, marginal: int) -> int:
        """The type that comes next where z have agreed, `marginal` being the last of whom some have."""
        return marginal + 1 if z == self.sold[marginal + 1] else marginal

    def round(self, ahead: Ahead, number: int) -> Round:
        """All offers and answers of a round, given the next."""
        ends = list(dict.fromkeys([*(end for step in ahead.offers for end in (step.low, step.high)), *self.sold])) if not ahead.offers else \
            [ahead.offers[0].low, *(step.high for step in ahead.offers)]
        kinds = self._kinds(ends)
        self.tied = False
        answers = self._answers(ends, kinds, ahead, number)
        offers: list[Step] = []
        for low, high, k in zip(ends, ends[1:], kinds[1:], strict=False):
            offers += self._envelope(low, high, k, [a for a in answers if ends.index(a.target) >= ends.index(high)], ahead, number)
        return Round(tuple(offers), tuple(answers))

    def _kinds(self, ends: list[sp.Expr]) -> list[int]:
        """For every end the last type that has agreed there in part."""
        kinds, k = [], 0
        for end in ends:
            kinds.append(k)
            k += end == self.sold[k + 1]
        return kinds

    def _answers(self, ends: list[sp.Expr], kinds: list[int], ahead: Ahead, number: int) -> list[Step]:
        """The highest price that moves the state to each end."""
        answers: list[Step] = []
        for end, k in zip(ends[1:], kinds[1:], strict=True):
            price = sp.factor(self.worth[k] - self.refusing(k, ahead.utility(k, ahead.chosen(end, k))))
            new = Step(end, end, price, end, k)
            fall = self.sign(answers[-1].price - price) if answers else 1
            if fall < 0:
                raise NotApplicable(f"{self.names[k]} would accept a higher price than more eager types in round {number}", place=self.place,
                                    remedy="name the types in the order in which they give in; if there is none, skimming does not apply")
            if fall == 0:  # one price leads to both states, and to all between: to the better one for the side that offers
                old = answers.pop()
                after = self.next_type(old.target, old.marginal)
                gain = self.worth_of(new, old.target, after, ahead, number) - self.worth_of(old, old.target, after, ahead, number)
                better = self.sign(gain)
                self.tied = self.tied or better == 0
                new = new if better >= 0 else old
            answers.append(new)
        return answers

    def _envelope(self, low: sp.Expr, high: sp.Expr, k: int, answers: list[Step], ahead: Ahead, number: int) -> list[Step]:
        """The best offers from one end to the next, by the upper envelope of their payoffs."""
        choices = [*answers, Step(low, high, None, low, k)]
        heights = [(self.worth_of(choice, low, k, ahead, number), self._at_the_end(choice, high, k, ahead, number)) for choice in choices]
        start, found = low, []
        best = self._first(heights)
        if low == 0:
            self.tied = self.tied or any(self.sign(line[0] - heights[best][0]) == 0 for i, line in enumerate(heights) if i != best)
        while True:
            rising = [i for i, line in enumerate(heights) if i != best and self.sign(line[1] - heights[best][1]) > 0]
            if not rising:
                found.append(self._step(choices[best], start, high))
                return found
            crossings = []
            for i in rising:
                before, after = heights[best][0] - heights[i][0], heights[i][1] - heights[best][1]
                crossings.append(sp.factor(low + (high - low) * before / (before + after)))
            nearest = 0
            for i in range(1, len(rising)):
                order = self.sign(crossings[nearest] - crossings[i])
                if order > 0 or order == 0 and self.sign(heights[rising[i]][1] - heights[rising[nearest]][1]) > 0:
                    nearest = i
            found.append(self._step(choices[best], start, crossings[nearest]))
            start, best = crossings[nearest], rising[nearest]

    def _first(self, heights: list[tuple[sp.Expr, sp.Expr]]) -> int:
        """The best choice just after the start."""
        best = 0
        for i in range(1, len(heights)):
            order = self.sign(heights[i][0] - heights[best][0])
            if order > 0 or order == 0 and self.sign(heights[i][1] - heights[best][1]) > 0:
                best = i
        return best

    def _at_the_end(self, choice: Step, high: sp.Expr, k: int, ahead: Ahead, number: int) -> sp.Expr:
        """The payoff from a choice in the limit of the state `high`."""
        if high == self.sold[k + 1]:
            if k + 1 == len(self.share):
                return sp.Integer(0)
            k += 1
        return self.worth_of(choice, high, k, ahead, number)

    @staticmethod
    def _step(choice: Step, low: sp.Expr, high: sp.Expr) -> Step:
        return Step(low, high, choice.price, choice.target, choice.marginal)

    def rounds(self) -> list[tuple[Round, Ahead]]:
        """The rounds from the first on, each with what follows it; one for all if there is no end."""
        for eager, tough in zip(self.worth, self.worth[1:], strict=False):
            if self.problem.horizon is None and self.sign(eager - tough) <= 0:
                raise NotApplicable("the worth of an agreement does not fall from type to type", place=self.place, remedy="name the most eager type first")
        return self._endless() if self.problem.horizon is None else self._finite(self.problem.horizon)

    def _finite(self, horizon: int) -> list[tuple[Round, Ahead]]:
        ahead = Ahead(self, [], None, horizon + 1)
        rounds: list[tuple[Round, Ahead]] = []
        for number in range(horizon, 0, -1):
            found = self.round(ahead, number)
            rounds.insert(0, (found, ahead))
            ahead = Ahead(self, list(found.offers), ahead, number)
        return rounds

    def _endless(self) -> list[tuple[Round, Ahead]]:
        if self.sign(self.worth[-1]) <= 0:
            raise NotApplicable("an agreement is worth nothing to the toughest type (no gap)", place=self.place, remedy="give a horizon, or UniformScreening")
        last = len(self.share) - 1
        final = [Step(low, high, self.worth[-1], sp.Integer(1), last) for low, high in zip(self.sold, self.sold[1:], strict=False)]
        ahead, before = Ahead(self, final, None, 1), None
        for _ in range(MOST):
            found = self.round(ahead, 1)
            if found == before:
                return [(found, ahead)]
            before = found
            ahead = Ahead(self, list(found.offers), ahead, 1)
        raise TooLarge(f"more than {MOST} rounds", place=self.place, remedy="give a smaller discount factor or a larger gap")
