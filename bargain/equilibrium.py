"""One equilibrium: strategies on and off the path, payoffs, beliefs; and connected continua of equilibria."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sympy as sp

from bargain.expressions import Evaluator
from bargain.regions.cells import Cell

Strategies = Mapping[str, Mapping[str, Mapping[str, sp.Expr]]]


@dataclass(frozen=True)
class Equilibrium:
    """One equilibrium: strategies on and off the path, payoffs, and what happens.

    strategies: player -> node, information set or ``""`` (matrix game) -> action -> probability.
    An answer to an offer is a probability that is a function of the offered share.
    path: the moves of play; where chance or mixing makes several, the most telling ones as a tree
    of moves joined by " | ". `quantities` are named numbers of the equilibrium (an agreed share ...).
    ties: nodes at which another action is equally good, with those actions.
    A family has symbols of its own (probabilities or beliefs that are not pinned down): every value of them
    that satisfies `free`, together with parameters of the regime, gives an equilibrium. trembles: perturbed
    strategies in powers of epsilon, whose Bayesian beliefs tend to the beliefs stated.
    """

    concept: str
    strategies: Strategies
    payoffs: Mapping[str, sp.Expr]
    path: tuple[str, ...] = ()
    outcome: str = ""
    beliefs: Mapping[str, Mapping[str, sp.Expr]] = field(default_factory=dict)
    quantities: Mapping[str, sp.Expr] = field(default_factory=dict)
    ties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    free: Cell = Cell()
    trembles: Mapping[str, Mapping[str, sp.Expr]] = field(default_factory=dict)

    def at(self, evaluate: Evaluator) -> "Equilibrium":
        """This equilibrium with parameters replaced by numbers."""
        return replace(
            self,
            strategies={p: {h: {a: evaluate(v) for a, v in actions.items()} for h, actions in nodes.items()} for p, nodes in self.strategies.items()},
            payoffs={p: evaluate(v) for p, v in self.payoffs.items()},
            beliefs={h: {n: evaluate(v) for n, v in nodes.items()} for h, nodes in self.beliefs.items()},
            quantities={name: evaluate(v) for name, v in self.quantities.items()},
            free=_cell_at(self.free, evaluate),
            trembles={h: {a: evaluate(v) for a, v in actions.items()} for h, actions in self.trembles.items()},
        )


@dataclass(frozen=True)
class Component:
    """A connected continuum of equilibria: a union of products of polytopes, given by its extreme equilibria.

    `subsets` are the maximal Nash subsets, each a list of indices into `vertices` whose strategies
    may be mixed independently.
    """

    vertices: tuple[Equilibrium, ...]
    subsets: tuple[tuple[int, ...], ...] = ()

    @property
    def concept(self) -> str:
        """The concept of the equilibria inside."""
        return self.vertices[0].concept

    def at(self, evaluate: Evaluator) -> "Component":
        """This component with parameters replaced by numbers."""
        return replace(self, vertices=tuple(vertex.at(evaluate) for vertex in self.vertices))


def _cell_at(cell: Cell, evaluate: Evaluator) -> Cell:
    found = Cell()
    for body, mask in cell.atoms:
        found = found.where(evaluate(body), mask)
    return found
