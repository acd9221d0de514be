"""Sequential equilibria and weak perfect Bayesian equilibria of finite trees, all of them, by regimes.

Every combination of supports (one set of actions per information set) is visited, from the last movers up;
a combination is left as soon as what it asks for is proved impossible. For each that remains, indifference
and Bayes' rule are solved for the unknown probabilities and beliefs, and the rest of the unknowns is projected out:
what is left is the exact region of parameters in which the family of equilibria exists.
Source: Kreps and Wilson (1982), Econometrica 50:863-894.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.information import InformationSet
from bargain.notation import Notation, Parameter
from bargain.regions import EQ, GT, Cell, Region, Space, strata
from bargain.solution import Regime, Solution, Status
from bargain.solvers.information.assessments import Strategies, Support, Tree, probabilities, supports
from bargain.solvers.information.conditions import Unsolved, within
from bargain.solvers.information.elimination import Case, Elimination
from bargain.solvers.information.families import Family, regimes, written
from bargain.solvers.information.projection import project
from bargain.solvers.information.rationality import demands, plan_demands, possible
from bargain.solvers.information.trembles import Beliefs, consistent, unrestricted

_FREE = 12


@dataclass(frozen=True)
class Sequential:
    """All sequential equilibria (Kreps and Wilson 1982) of a finite tree with perfect recall, pure and mixed.

    With free parameters the answer lists *existence regions*: one regime per family of equilibria, and regimes
    overlap where equilibria coexist. Families that exist only where parameters satisfy an equation are
    left out, and these equations are collected in `Solution.boundary`; exact: list them as regimes too. What
    is not pinned down (beliefs and strategies off the path) stays a symbol of the equilibrium, bound by `Equilibrium.free`.
    limit: largest number of combinations of supports visited. Simultaneous moves are read as moves that nobody observes.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> solution = bg.solve(deterrence.game, Sequential())
    >>> [regime.equilibria[0].outcome for regime in solution.regimes]
    ['challenge, concede', 'hold', 'challenge, resist, press', 'hold']
    """

    exact: bool = False
    limit: int = 200_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "sequential equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with perfect recall."""
        Tree.of(problem, "Sequential")

    def run(self, problem: Any) -> Solution:
        """Visit all supports and solve each."""
        return _Search(problem, self, consistent=True).solution()


@dataclass(frozen=True)
class PerfectBayesian:
    """All weak perfect Bayesian equilibria of a finite tree with perfect recall.

    Weak: strategies are optimal at every information set given the beliefs there, over all plans for the rest of the game;
    beliefs follow Bayes' rule where the set is reached and are arbitrary elsewhere, even where players signal what
    they do not know (Mas-Colell, Whinston and Green 1995, definition 9.C.3). Options as in `Sequential`.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> bg.solve(deterrence.game, PerfectBayesian(), at=deterrence.NOTATION.baseline).equilibria[0].outcome
    'challenge, resist, press'
    """

    exact: bool = False
    limit: int = 200_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "weak perfect Bayesian equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with perfect recall."""
        tree = Tree.of(problem, "PerfectBayesian")
        for own in tree.sets:
            if any(tree.named[later].player == own.player for later in tree.below[own.name]) and tree.costs:
                raise NotApplicable(f"{own.player} moves again after {own.name!r} in a game with private costs", place="PerfectBayesian",
                                    remedy="use Sequential(): with consistent beliefs one-step deviations suffice")

    def run(self, problem: Any) -> Solution:
        """Visit all supports and solve each."""
        return _Search(problem, self, consistent=False).solution()


class _Search:
    def __init__(self, problem: Any, solver: Sequential | PerfectBayesian, *, consistent: bool) -> None:
        self.problem, self.solver, self.consistent = problem, solver, consistent
        self.tree = Tree.of(problem, type(solver).__name__)
        free = len(problem.notation.symbols)
        if free > _FREE:
            raise TooLarge(f"{free} free parameters", place=f"game {problem.title!r}",
                           remedy=f"leave at most {_FREE} free (free=[...]), or state the game in composite parameters")
        self.symbolic = bool(free)
        self.work = Elimination(problem.notation, degenerate=solver.exact or not free)
        self.visited = 0
        self.open: list[str] = []

    def solution(self) -> Solution:
        families: list[Family] = []
        for support, strategies, cell in self.profiles():
            families += self.families(support, strategies, cell)
        base = self.work.space(())
        status = Status.INCOMPLETE if self.open else Status.PROVED if self.symbolic else Status.CERTIFIED
        stats = {"supports": self.visited, "families": len(families), "queries": self.work.queries, "exact": self.solver.exact,
                 **({"undecided": self.work.undecided} if self.work.undecided else {}), **({"unsolved": tuple(self.open)} if self.open else {})}
        if not self.symbolic:
            return Solution(self.problem, self.solver, status, (Regime(Region.everything(), tuple(family.equilibrium for family in families)),), stats=stats)
        found, left_out = regimes(base, families, degenerate=self.work.degenerate)
        boundary = Region(strata(base, [*self.work.strata, *left_out]))
        return Solution(self.problem, self.solver, status, found, boundary=boundary, stats=stats, overlapping=True)

    # The combinations of supports

    def start(self) -> Cell:
        """Nature draws everything with positive probability."""
        cell = Cell()
        for probability in self.tree.draws.values():
            cell = self.work.where(cell, probability, GT)
            if self.work.sign(probability) & EQ:
                self.work.strata[Cell().where(probability, EQ)] = None
        return cell

    def profiles(self) -> Iterator[tuple[dict[str, Support], Strategies, Cell]]:
        """Every combination of supports that is not proved impossible, with conditions it implies."""
        order = self.tree.bottom_up
        stack: list[tuple[int, dict[str, Support], Strategies, Cell]] = [(0, {}, {}, self.start())]
        while stack:
            depth, support, strategies, cell = stack.pop()
            if depth == len(order):
                yield support, strategies, cell
                continue
            own, found = order[depth], []
            for chosen in supports(own):
                self.visited += 1
                if self.visited > self.solver.limit:
                    raise TooLarge(f"more than {self.solver.limit} combinations of supports", place=f"game {self.problem.title!r}",
                                   remedy="fix parameters, make the tree smaller, or raise the limit")
                played = {**strategies, own.name: probabilities(own, chosen)}
                narrowed = self.narrowed(own, chosen, played, cell)
                if narrowed is not None:
                    found.append((depth + 1, {**support, own.name: chosen}, played, narrowed))
            stack.extend(reversed(found))

    def narrowed(self, own: InformationSet, chosen: Support, strategies: Strategies, cell: Cell) -> Cell | None:
        """The cell with what the support asks for whatever the beliefs; None if that is impossible."""
        symbols = [s for p in strategies[own.name].values() for s in p.free_symbols]
        cell = within(cell, dict.fromkeys(symbols), closed=False)
        if len(chosen) > 2:
            cell = self.work.where(cell, strategies[own.name][chosen[-1]], GT)
        if not self.tree.below[own.name] <= set(strategies):
            return cell
        for demand in demands(self.tree, own, chosen, strategies):
            gap = demand.same
            if gap is not None and not self.binds(gap, demand.mask, cell):
                return None
            if gap is not None:
                cell = self.work.where(cell, gap, demand.mask or EQ)
            elif not possible(demand.mask, [self.work.sign(g, cell) for g in demand.gaps]):
                return None
        return cell if self.work.feasible(cell) else None

    def binds(self, gap: sp.Expr, mask: int, cell: Cell) -> bool:
        """Whether a gap may have the sign asked for; an equation on parameters alone is a stratum unless these are wanted."""
        signs = self.work.sign(gap, cell)
        if not signs & (mask or EQ):
            return False
        if mask == 0 and signs != EQ and self.symbolic and not self.work.degenerate and gap.free_symbols <= self.work.parameters:
            self.work.strata[Cell().where(gap, EQ)] = None
            return False
        return True

    # One combination of supports

    def families(self, support: dict[str, Support], strategies: Strategies, cell: Cell) -> Iterator[Family]:
        """The families of equilibria with these supports."""
        every = consistent if self.consistent else unrestricted
        for beliefs in every(self.tree, support, strategies):
            equations, inside, unknowns = self.system(support, strategies, beliefs, cell & beliefs.cell)
            try:
                for case in self.work.solve(equations, inside, unknowns):
                    found = self.family(strategies, beliefs, case)
                    if found is not None:
                        yield found
            except Unsolved as reason:
                played = ", ".join(f"{name}: {'/'.join(actions)}" for name, actions in support.items())
                self.open.append(f"{played} ({reason})")

    def system(self, support: dict[str, Support], strategies: Strategies, beliefs: Beliefs, cell: Cell) -> tuple[list[sp.Expr], Cell, list[sp.Symbol]]:
        """Equations, inequalities and unknowns of one combination."""
        equations = list(beliefs.equations)
        for own in self.tree.sets:
            weights = beliefs.weights[own.name]
            wanted = list(demands(self.tree, own, support[own.name], strategies))
            if not self.consistent:
                wanted += plan_demands(self.tree, own, strategies)
            for demand in wanted:
                gap = demand.same if demand.same is not None else sp.Add(*(w * g for w, g in zip(weights, demand.gaps, strict=True)))
                gap = sp.fraction(sp.together(gap))[0] if demand.mask == 0 else sp.together(gap)
                if demand.mask == 0:
                    equations.append(sp.expand(gap))
                else:
                    cell = self.work.where(cell, gap, demand.mask)
        mixing = [s for actions in strategies.values() for p in actions.values() for s in sorted(p.free_symbols, key=str)]
        return equations, cell, list(dict.fromkeys((*mixing, *beliefs.unknowns)))

    def family(self, strategies: Strategies, beliefs: Beliefs, case: Case) -> Family | None:
        """The family of a solved case, or nothing if it exists only on a boundary that is left out."""
        conditions = Cell(tuple(atom for atom in case.cell.atoms if atom[0].free_symbols <= self.work.parameters))
        free = self.bounds(case.cell, conditions)
        cells = [conditions] if not self.symbolic else project(self.work, case.cell)
        if not cells:
            return None
        return Family(written(self.problem, self.tree, self.solver.concept, strategies, beliefs, case.values, free), tuple(cells))

    def bounds(self, cell: Cell, conditions: Cell) -> Cell:
        """The conditions on what stays free, those dropped that the others imply."""
        unknowns = cell.symbols - self.work.parameters
        rows = (*self.problem.notation.parameters, *(Parameter(symbol, "unknown") for symbol in sorted(unknowns, key=str)))
        whole = Space(Notation(rows, self.problem.notation.assumptions), timeout_ms=self.work.timeout_ms)
        for atom in sorted((atom for atom in cell.atoms if atom not in conditions.atoms), key=lambda atom: (-len(str(atom[0])), str(atom[0]))):
            rest = cell.without(atom[0])
            if unknowns <= rest.symbols and whole.proves(rest, Cell((atom,))):
                cell = rest
        return Cell(tuple(atom for atom in cell.atoms if atom not in conditions.atoms))


__all__ = ["PerfectBayesian", "Sequential"]
