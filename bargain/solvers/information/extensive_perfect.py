"""Trembling-hand perfect equilibria of trees (perfect in the extensive form), each with a curve of trembles that supports it.

A behaviour strategy is perfect in the extensive form if it is the limit of completely mixed profiles to which, at every information
set, every action played is a best reply: the agents of a player at different sets tremble independently (Selten 1975; this is
perfection of the agent normal form). Perfect equilibria are sequential (Kreps and Wilson 1982), so all sequential ones
are found first. Each is then either shown to be such a limit, by explicit trembles in powers of epsilon, or shown not to be:
no completely mixed profile within 1/1000 satisfies the conditions. What is settled in neither way is named, and the list is
then not called complete.
Sources: Selten (1975), International Journal of Game Theory 4:25-55; Kreps and Wilson (1982), Econometrica 50:863-894.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.findings.selected import Fallen, TremblingHand
from bargain.games.game import Game
from bargain.games.nodes import Terminal, show
from bargain.notation import Notation, Parameter
from bargain.regions import EQ, GE, GT, LE, LT, Cell, Region, Space
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.information.assessments import Strategies, Tree
from bargain.solvers.information.conditions import Conditions, Unsolved, within
from bargain.solvers.information.elimination import Case, Elimination
from bargain.solvers.information.perturbations import Nearby, Reply, along, nearby, replies
from bargain.solvers.information.projection import project
from bargain.solvers.information.sequential import Sequential
from bargain.solvers.information.trembles import EPSILON
from bargain.solvers.information.vanishing import Curve, curve

RADIUS = sp.Rational(1, 1000)
_PIECES = 12  # cells of one family that are looked at
_CHOICES = 40  # sets of trembles for which equations are solved


@dataclass(frozen=True)
class ExtensiveFormPerfect:
    """All trembling-hand perfect equilibria of a finite tree with rational payoffs and perfect recall, n players.

    Every equilibrium carries its trembles: a completely mixed strategy at every information set, whose limit it is. What stays free in
    a family is bound by `Equilibrium.free`; at the ends of that range an equilibrium is perfect as a limit of perfect ones. `dropped` lists the
    sequential equilibria that fall, with the information set at which they fail. limit: as in `Sequential`.

    >>> import bargain as bg
    >>> reply = lambda **paid: bg.decision("B", {m: bg.payoffs(A=u, B=u) for m, u in paid.items()}, information_set="B's")
    >>> game = bg.Game("weak", ("A", "B"), (), bg.decision("A", up=reply(left=1, right=0), down=reply(left=0, right=0)))
    >>> [len(bg.solve(game, solver).extreme) for solver in (bg.Sequential(), ExtensiveFormPerfect())]
    [2, 1]
    """

    limit: int = 200_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "extensive-form perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with rational payoffs and perfect recall."""
        tree = Tree.of(problem, "ExtensiveFormPerfect")
        if tree.costs:
            raise NotApplicable("private costs", place="ExtensiveFormPerfect", remedy="use Sequential()")
        numbers = [*tree.draws.values(), *(value for node in tree.nodes.values() if isinstance(node, Terminal) for value in node.payoffs.values())]
        if not all(value.is_Rational for value in numbers):
            raise NotApplicable("needs rational payoffs and chances", place="ExtensiveFormPerfect", remedy="fix every parameter: solve(..., free=[])")

    def run(self, problem: Game) -> Solution:
        """Find the sequential equilibria and decide each."""
        sequential = Sequential(limit=self.limit).run(problem)
        survey = _Survey(Tree.of(problem, "ExtensiveFormPerfect"), sequential)
        for family in survey.families():
            survey.judge(*family)
        if not survey.kept:
            raise NotDecided("perfect equilibria exist, but none was settled: " + "; ".join(survey.open), place=f"game {problem.title!r}",
                             remedy="simplify the game, or use Sequential()")
        first, *others = (replace(e, dropped=tuple(survey.dropped)) for e in survey.kept)
        complete = sequential.status is Status.CERTIFIED and not survey.open
        undecided = {"undecided": tuple(survey.open)} if survey.open else {}
        stats = {"sequential equilibria (families)": len(sequential.extreme), "dropped": len(survey.fallen), **undecided}
        return Solution(problem, self, Status.CERTIFIED if complete else Status.INCOMPLETE,
                        (Regime(Region.everything(), (replace(first, fallen=tuple(survey.fallen)), *others)),), stats=stats)


class _Survey:
    """The sequential equilibria of one tree, judged one after another."""

    def __init__(self, tree: Tree, sequential: Solution) -> None:
        self.tree, self.sequential = tree, sequential
        self.kept: list[TremblingHand] = []
        self.fallen: list[Fallen] = []
        self.dropped: list[tuple[str, str]] = []
        self.open: list[str] = []

    def families(self) -> Iterator[tuple[Equilibrium, Strategies, Cell]]:
        """Strategies with the range of their free symbols, beliefs projected out; the same strategies with other beliefs are one family."""
        seen: dict[str, list[Cell]] = {}
        for e in self.sequential.extreme:
            limit: Strategies = {name: dict(actions) for nodes in e.strategies.values() for name, actions in nodes.items()}
            symbols = set().union(*(p.free_symbols for actions in limit.values() for p in actions.values()))
            bounds = within(Cell(), sorted(symbols, key=str), closed=False)
            work = Conditions(Notation(tuple(Parameter(s, "free", domain="[0, 1]") for s in sorted(symbols, key=str))))
            try:
                cells = project(work, e.free & bounds)
            except Unsolved:  # a wider range does no harm: the test below is complete by itself
                cells = [Cell(tuple(atom for atom in e.free.atoms if atom[0].free_symbols <= symbols)) & bounds]
            for cell in cells:
                if cell not in seen.setdefault(repr(limit), []):
                    seen[repr(limit)].append(cell)
                    yield e, limit, cell

    def judge(self, e: Equilibrium, limit: Strategies, cell: Cell) -> None:
        """Keep, drop or name as open every piece of a family."""
        profile = nearby(self.tree, limit)
        asked = replies(self.tree, profile)
        space = Space(Notation(tuple(Parameter(s, "free", domain="[0, 1]") for s in profile.free)))
        left, tried = [cell], 0
        while left:
            piece, tried = left.pop(), tried + 1
            if space.feasible(_strict(piece)).answer is False and profile.free:
                continue
            found = None if tried > _PIECES else self.approached(profile, asked, piece)
            if found is None:
                self.refute(profile, asked, piece)
                continue
            everywhere = space.proves(_strict(piece), found.cell)
            self.keep(e, profile, found, space.reduced(piece if everywhere else piece & found.cell.closure()))
            for number, (body, mask) in enumerate(found.cell.atoms):
                left.append((piece & Cell(found.cell.atoms[:number])).where(body, {GT: LT, LT: GT}.get(mask, 0)))

    def approached(self, profile: Nearby, asked: list[Reply], piece: Cell) -> Curve | None:
        """A curve into the family that is good at some point of the piece."""
        if not _convex(piece, profile):
            return None
        work = Elimination(Notation(tuple(Parameter(s, "free", domain="[0, 1]") for s in profile.free)), degenerate=True)
        inside = profile.inside & _strict(piece)
        for reply in asked:
            for body in reply.better:
                inside = work.where(inside, body, GE)
        try:
            for case in _solved(work, [body for reply in asked for body in reply.equal], inside, profile):
                found = curve(profile, case, _strict(piece))
                if found is not None and _convex(found.cell, profile):
                    return found
        except Unsolved:
            return None
        return None

    def refute(self, profile: Nearby, asked: list[Reply], piece: Cell) -> None:
        """Show that no completely mixed profile nearby satisfies the conditions of one information set, or all together; else leave the piece open."""
        name = _named(self.tree, profile.limit, piece)
        rows = tuple(Parameter(s, "unknown", domain="[0, 1]") for s in (*profile.unknowns, *profile.free))
        space = Space(Notation(rows), timeout_ms=5000)
        close = profile.within(RADIUS) & piece
        for reply in asked:
            if space.feasible(reply.cell(close)).answer is False:
                self.fall(profile, piece, name, f"at {reply.name} what is played is a best reply to no completely mixed profile nearby", reply.name)
                return
        for reply in asked:
            close = reply.cell(close)
        if space.feasible(close).answer is False:
            self.fall(profile, piece, name, "no completely mixed profile nearby makes all that is played best replies together", "")
        else:
            self.open.append(name)

    def fall(self, profile: Nearby, piece: Cell, name: str, reason: str, at: str) -> None:
        """Record a piece that is not perfect."""
        self.fallen.append(Fallen(self.by_player(profile.limit), piece, RADIUS, at))
        self.dropped.append((name, reason))

    def by_player(self, strategies: Strategies) -> dict[str, dict[str, dict[str, sp.Expr]]]:
        """Strategies as an equilibrium lists them."""
        return {player: {s.name: strategies[s.name] for s in self.tree.sets if s.player == player} for player in self.tree.game.players}

    def keep(self, e: Equilibrium, profile: Nearby, found: Curve, free: Cell) -> None:
        """Record a piece that is perfect, with its trembles and the beliefs to which they tend."""
        trembles = along(profile, found.values)
        own = Cell(tuple(atom for atom in free.atoms if atom[0].free_symbols))
        self.kept.append(TremblingHand(
            "extensive-form perfect equilibrium", self.by_player(profile.limit), e.payoffs, e.path, e.outcome, beliefs=self.beliefs(trembles), free=own,
            trembles=trembles, reason="the limit of completely mixed profiles to which all that is played is a best reply"))

    def beliefs(self, trembles: Strategies) -> dict[str, dict[str, sp.Expr]]:
        """Limits of the conditional probabilities of nodes."""
        found = {}
        for own in self.tree.sets:
            if len(own.members) > 1:
                steps = [self.tree.paths[member] for member in own.members]
                reach = [sp.Mul(*(self.tree.draws[s] if s in self.tree.draws else trembles[s[0]][s[1]] for s in path)) for path in steps]
                limits = [sp.cancel(sp.together(here / sp.Add(*reach))).subs(EPSILON, 0) for here in reach]
                found[own.name] = {show(member): sp.factor(limit) for member, limit in zip(own.members, limits, strict=True)}
        return found


def _solved(work: Elimination, equations: list[sp.Expr], inside: Cell, profile: Nearby) -> Iterator[Case]:
    """Cases with the equations solved, for probabilities first; what is left is then solved for trembles, one choice of them after another."""
    for first in work.solve(equations, inside, list(profile.mixing)):
        left = [body for body, mask in first.cell.atoms if mask == EQ]
        rest = Cell(tuple(atom for atom in first.cell.atoms if atom[1] != EQ))
        open_ = [symbol for symbol in profile.mixing if symbol not in first.values]
        involved = [tremble for tremble in profile.trembles if any(tremble in body.free_symbols for body in left)]
        for chosen in islice(chain([list(profile.trembles)], combinations(involved, len(left)) if left else ()), _CHOICES):
            try:
                for second in work.solve(left, rest, [*open_, *chosen]):
                    put = {symbol: sp.cancel(sp.together(value.subs(second.values))) for symbol, value in first.values.items()}
                    yield replace(second, values={**second.values, **put})
            except Unsolved:  # another choice of trembles may do
                continue


def _strict(cell: Cell) -> Cell:
    """The cell with every inequality strict."""
    return Cell(tuple((body, {GE: GT, LE: LT}.get(mask, mask)) for body, mask in cell.atoms))


def _convex(cell: Cell, profile: Nearby) -> bool:
    """Whether the conditions on the free symbols are linear: then a range is the closure of its inside, if that is not empty."""
    return all(mask in (GE, GT, LE, LT) and sp.Poly(body, *body.free_symbols).total_degree() <= 1 for body, mask in cell.atoms if body.free_symbols)


def _named(tree: Tree, strategies: Strategies, piece: Cell) -> str:
    """A profile in words."""
    told = []
    for own in tree.sets:
        played = {action: p for action, p in strategies[own.name].items() if p != 0}
        told.append(f"{own.name}: " + (next(iter(played)) if len(played) == 1 else " + ".join(f"({p}) {action}" for action, p in played.items())))
    return "; ".join(told)


__all__ = ["ExtensiveFormPerfect"]
