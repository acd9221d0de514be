"""The region of a play as one formula over comparisons of payoffs.

z is subgame perfect iff at every node on the way to z each other branch has an equilibrium worth no
more than z to the mover. A branch has one worth at most t to player i iff: at an end, u_i <= t; where
i moves, every branch has one; elsewhere, some play w with u_i(w) <= t is subgame perfect in it.
"""

from collections.abc import Iterable
from typing import Any

import z3

from bargain.solvers.regimes.comparisons import bits
from bargain.solvers.regimes.decider import Decider, Incremental
from bargain.solvers.regimes.outcomes import OutcomeTree

_PLAYS = 4096  # plays of a subtree up to which formulas list them


def listable(tree: OutcomeTree, *, whole: bool = False) -> bool:
    """Whether the plays below every chance move (with `whole`, all plays) are few enough to be listed in a formula."""
    return all(vertex.count <= _PLAYS for vertex in tree.vertices if whole or vertex.kind == "chance")


class PlayRegions:
    """Formulas for "z is subgame perfect", built on demand, parts shared.

    With `strict`, every comparison that can tie is strict: what is left of z's region off all ties.
    """

    def __init__(self, tree: OutcomeTree, decider: Decider, *, strict: bool = False) -> None:
        self.tree, self.decider, self.strict = tree, decider, strict
        self._region: dict[tuple[int, int], Any] = {}
        self._cheap: dict[tuple[int, int, int], Any] = {}

    def region(self, number: int, play: int) -> Any:
        """The formula for: the play is an equilibrium outcome of the subtree at a node."""
        key = (number, play)
        if key not in self._region:
            vertex = self.tree.vertices[number]
            parts: list[Any] = []
            if vertex.kind == "chance":
                parts = [self.region(child, part) for child, part in zip(vertex.children, self.tree.parts(number, play), strict=True)]
            elif vertex.kind == "choose":
                move, below = self.tree.chosen(number, play)
                target = self.tree.payoffs(number, play)[vertex.mover]
                parts = [self.cheap(child, vertex.mover, target) for k, child in enumerate(vertex.children) if k != move]
                parts.append(self.region(vertex.children[move], below))
            self._region[key] = conjunction(parts)
        return self._region[key]

    def cheap(self, number: int, player: int, target: int) -> Any:
        """The formula for: the subtree has an equilibrium worth at most the target to the player."""
        key = (number, player, target)
        if key not in self._cheap:
            vertex = self.tree.vertices[number]
            if vertex.kind == "end":
                self._cheap[key] = self._below(vertex.payoffs[player], target)
            elif vertex.mover == player:
                self._cheap[key] = conjunction(self.cheap(child, player, target) for child in vertex.children)
            else:
                options = []
                for play in range(vertex.count):
                    below = self._below(self.tree.payoffs(number, play)[player], target)
                    if below is not False:
                        options.append(conjunction([below, self.region(number, play)]))
                self._cheap[key] = disjunction(options)
        return self._cheap[key]

    def _below(self, left: int, right: int) -> Any:
        condition = self.tree.comparisons.below(left, right)
        if condition is True or condition is False:
            return condition
        return z3.Not(self.decider.condition(condition ^ 1)) if self.strict else self.decider.condition(condition)


def conjunction(parts: Iterable[Any]) -> Any:
    """And, with constants folded and repetitions dropped."""
    kept: dict[int, Any] = {}
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept[part.get_id()] = part
    return True if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.And(*kept.values())


def disjunction(parts: Iterable[Any]) -> Any:
    """Or, with constants folded and repetitions dropped."""
    kept: dict[int, Any] = {}
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept[part.get_id()] = part
    return False if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.Or(*kept.values())


class Refuter:
    """Asks for a point of a cell at which a play is not an equilibrium outcome; one solver for all plays."""

    def __init__(self, tree: OutcomeTree, decider: Decider, timeout_ms: int) -> None:
        self.regions, self.solver = PlayRegions(tree, decider), Incremental(decider, timeout_ms)
        self._outside: dict[int, Any] = {}

    def possible(self, play: int, cell: int, more: Iterable[Any] = ()) -> bool | None:
        """Whether there is such a point, with `more` literals assumed (False is a proof; True leaves a model in the solver; None: not decided)."""
        if play not in self._outside:
            formula = self.regions.region(self.regions.tree.root, play)
            name = z3.Bool(f"outside {play}")
            self.solver.add(z3.Implies(name, z3.Not(z3.BoolVal(formula) if isinstance(formula, bool) else formula)))
            self._outside[play] = name
        return self.solver.check([self._outside[play], *self.regions.decider.conditions(cell), *more])


class Finder:
    """Asks for a point (off all ties, if strict) at which a play is an equilibrium outcome, outside the cells listed for it; one solver for all plays."""

    def __init__(self, tree: OutcomeTree, decider: Decider, timeout_ms: int, *, strict: bool = True) -> None:
        self.regions, self.solver = PlayRegions(tree, decider, strict=strict), Incremental(decider, timeout_ms)
        self._asked: set[int] = set()
        self._strict: dict[int, Any] = {}

    def exclude(self, kind: int, cell: int) -> None:
        """Leave a cell out of all later searches for plays of one kind (those with the same payoffs)."""
        self.solver.add(z3.Implies(z3.Bool(f"kind {kind}"), z3.Not(z3.And(*self.regions.decider.conditions(cell)))))

    def inside(self, kind: int, cell: int) -> bool | None:
        """Whether the interior of a cell meets the outside of the cells listed for a kind (as `possible`)."""
        return self.solver.check([z3.Bool(f"kind {kind}"), *(self._strictly(literal) for literal in bits(cell))])

    def core(self, cell: int) -> int:
        """Of the conditions of a cell that `inside` refuted, those that the refutation rests on."""
        used = {literal.get_id() for literal in self.solver.core()}
        return sum(1 << literal for literal in bits(cell) if self._strictly(literal).get_id() in used)

    def _strictly(self, literal: int) -> Any:
        if literal not in self._strict:
            self._strict[literal] = z3.Not(self.regions.decider.condition(literal ^ 1))
        return self._strict[literal]

    def possible(self, play: int, *more: Any) -> bool | None:
        """Whether there is such a point (False is a proof; True leaves a model in the solver; None: not decided)."""
        tree = self.regions.tree
        formula = self.regions.region(tree.root, play)
        if formula is False:
            return False
        name = z3.Bool(f"reached {play}")
        if play not in self._asked:
            self.solver.add(z3.Implies(name, z3.BoolVal(True) if formula is True else formula))
            self._asked.add(play)
        return self.solver.check([name, z3.Bool(f"kind {tree.kind(play)}"), *more])
