"""Perfect Bayesian equilibria of a crisis with audience costs, by the chance that the challenged side concedes.

With q that chance, a challenger of war value w gets q prize + (1 - q) max(w, -audience). Those with w < -audience bluff; they are indifferent at q =
audience/(prize + audience). Conceding pays 0, resisting the stake against bluffs and `war` against the rest. Each of q = 0, q = 1 and the indifference
point is an equilibrium where the answer is a best reply.
Source: Fearon (1994), American Political Science Review 88:577-592, in one stage.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.audience import AudienceCosts
from bargain.games.costly_war import Costs
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class CrisisBluff:
    """All perfect Bayesian equilibria up to who among the bluffers bluffs, and up to the answer to a challenge that nobody makes.

    quantities: the chances of a challenge, of a concession to it, of a bluff and of war. A type of war value 0 challenges; a type
    indifferent between war and backing down fights.

    >>> import bargain as bg
    >>> crisis = AudienceCosts("Crisis", ("A", "B"), Costs.uniform("-3/2", "1/2"), audience="1/2", war="-1/2")
    >>> found = bg.solve(crisis, CrisisBluff()).equilibria[0].quantities
    >>> found["chance of a challenge"], found["chance of a concession"], found["chance of war"]
    (3/4, 1/3, 1/3)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "perfect Bayesian equilibrium of a crisis with audience costs"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, AudienceCosts):
            raise NotApplicable(f"a {type(problem).__name__} is not a crisis with audience costs", place="CrisisBluff", remedy="give AudienceCosts")

    def run(self, problem: AudienceCosts) -> Solution:
        """Try each chance of a concession, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: tuple(_found(problem, oracle, self.concept)), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        if _indifferent(problem) or any(_tied(e) for _, found in leaves for e in found):
            status = Status.INCOMPLETE
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "all, up to which bluffers bluff"})


def _indifferent(problem: AudienceCosts) -> bool:
    """Whether types of positive chance do not care whether they fight, or challenge, or the other side whether it is war or a concession."""
    return problem.war == 0 or any(sp.simplify(value * (value + problem.audience)) == 0 for value in problem.values.atoms)


def _tied(found: Equilibrium) -> bool:
    """Whether the challenged side is indifferent although it answers for sure (a knife edge)."""
    return bool(found.quantities["gain from resisting"] == 0 and found.quantities["chance of a concession"] in (0, 1))


def at_least(values: Costs, place: sp.Expr, oracle: Oracle, weight: sp.Expr = sp.S.One) -> sp.Expr:
    """The integral of `weight`, an expression of the value, over the values of at least `place`."""
    parts = [chance * weight.subs(values.cost, value) for value, chance in values.atoms.items() if oracle.sign(value - place) >= 0]
    for piece in values.pieces:
        if oracle.sign(place - piece[0]) <= 0:
            parts.append(values.mass(piece, weight=weight))
        elif oracle.sign(place - piece[1]) < 0:
            parts.append(values.mass(piece, low=place, weight=weight))
    return sp.factor(sp.Add(*parts))


def _found(problem: AudienceCosts, oracle: Oracle, concept: str) -> Iterator[Equilibrium]:
    fighters = at_least(problem.values, -problem.audience, oracle)
    eager = at_least(problem.values, sp.Integer(0), oracle)
    war, stake = problem.war, problem.stake
    everybody = sp.factor(fighters * war + (1 - fighters) * stake)  # what resisting pays if all types challenge
    if oracle.sign(everybody) <= 0:
        yield _equilibrium(problem, oracle, sp.Integer(1), fighters, 1 - fighters, everybody, concept)
    if oracle.sign(eager) == 0 and (oracle.sign(1 - fighters) > 0 or oracle.sign(war) >= 0):  # a challenge would be taken for a bluff
        yield _equilibrium(problem, oracle, sp.Integer(0), sp.Integer(0), sp.Integer(0), stake if oracle.sign(1 - fighters) > 0 else war, concept)
    elif oracle.sign(eager) > 0 and oracle.sign(war) >= 0:
        yield _equilibrium(problem, oracle, sp.Integer(0), eager, sp.Integer(0), war, concept)
    if oracle.sign(fighters) > 0:
        bluffs = sp.factor(-fighters * war / stake)
        if oracle.sign(bluffs) > 0 and oracle.sign(1 - fighters - bluffs) >= 0:
            chance = problem.audience / (problem.prize + problem.audience)
            yield _equilibrium(problem, oracle, chance, fighters, bluffs, sp.Integer(0), concept)


def _equilibrium(problem: AudienceCosts, oracle: Oracle, concede: sp.Expr, fight: sp.Expr, bluff: sp.Expr, gain: sp.Expr, concept: str) -> Equilibrium:
    """The equilibrium in which types that make up `fight` challenge to fight, and `bluff` to back down."""
    first, second = problem.players
    least = sp.Integer(0) if concede == 0 else -problem.audience
    worth = at_least(problem.values, least, oracle, problem.values.cost) if fight != 0 else sp.Integer(0)
    challenge = sp.factor(fight + bluff)
    mine = concede * problem.prize * challenge + (1 - concede) * (worth - problem.audience * bluff)
    yours = (1 - challenge) * problem.stake + (1 - concede) * (fight * problem.war + bluff * problem.stake)
    named = {"chance of a challenge": challenge, "chance of a concession": concede, "chance of a bluff": bluff, "chance of war": fight * (1 - concede),
             "gain from resisting": gain if concede in (0, 1) else sp.Integer(0)}
    outcome = "no challenge" if challenge == 0 else "concession" if concede == 1 else "resistance" if concede == 0 else "bluffs and a risk of war"
    payoffs = {first: sp.factor(sp.together(mine)), second: sp.factor(sp.together(yours))}
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities={name: sp.factor(sp.together(value)) for name, value in named.items()})
