"""A solution as a proposition: lettered cases in primitives, the equilibria of each, boundaries, and a proof.

What is claimed follows the status: "exactly one" only where the proof shows every choice forced, "exactly"
only where the list of equilibria is complete. Solutions that are not certified have no proposition.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

from bargain.analysis.cutpoints import CutPoints, cut_points
from bargain.errors import NotCertified
from bargain.findings import Finding
from bargain.games import Game, MatrixGame
from bargain.latex.preamble import document
from bargain.latex.proof import Proof, proof_of
from bargain.latex.wording import Wording, cases, letter, plural
from bargain.notation import Notation
from bargain.regions.cells import EQ, GE, LE, Cell, Region, flip
from bargain.regions.space import Space
from bargain.solution import Equilibrium, Regime, Solution
from bargain.tables.conditions import Chain, Condition
from bargain.tables.cutpoints import STRATA, definition_rows
from bargain.tables.mathematics import LATEX
from bargain.tables.solutions import nouns
from bargain.tables.symbols import latex_words
from bargain.tables.table import Phrase, Utility, render
from bargain.tables.writing import latex_prose

_PIECES = 12  # a boundary of more pieces is not joined


@dataclass(frozen=True)
class Case:
    """One lettered case: its condition (reduced), the regime it states, and the condition as it is printed."""

    name: str
    condition: Region
    regime: Regime
    printed: Condition


@dataclass(frozen=True)
class Proposition:
    """A proposition with its cases and proof; ``str()`` and `to_latex` print it."""

    solution: Solution
    title: str
    label: str
    opening: str
    cases: tuple[Case, ...]
    closing: tuple[str, ...]
    proof: Proof | None
    cuts: CutPoints | None = field(default=None, repr=False)

    def to_latex(self, *, standalone: bool = False) -> str:
        """A fragment that needs amsmath, amssymb, amsthm and a theorem environment ``proposition``, or a whole document."""
        wording = Wording(self.solution)
        head = r"\begin{proposition}" + (f"[{latex_prose(self.title)}]" if self.title else "") + (rf"\label{{{self.label}}}" if self.label else "")
        lines = [head + r"\emergencystretch=3em", self.opening]
        if len(self.cases) == 1 and self.cases[0].printed.always:
            lines.append(wording.item(self.cases[0].regime) + ".")
        elif self.cases:
            lines += [r"\begin{enumerate}", *(self._item(case, wording) for case in self.cases), r"\end{enumerate}"]
        text = "\n".join([*lines, *self.closing, r"\end{proposition}"]) + "\n"
        text += self.proof.latex() if self.proof is not None else ""
        return document(text) if standalone else text

    @staticmethod
    def _item(case: Case, wording: Wording) -> str:
        name = rf" \textup{{({latex_words(case.regime.label)})}}" if case.regime.label else ""
        return rf"\item[\textup{{{case.name}}}]{name} If {case.printed.latex()}: {wording.item(case.regime)}."

    def __str__(self) -> str:
        return self.to_latex()


def proposition(solution: Solution, *, by: Iterable[str | sp.Symbol] = (), label: str = "", title: str | None = None, proof: bool = True,
                along: str | sp.Symbol | None = None) -> Proposition:
    """The proposition that a certified solution proves.

    by: parameters to solve the conditions for, in order of preference. along: a parameter whose cut-points are named,
    defined and ordered first (`bargain.analysis.cutpoints`); conditions on it use the names. label: for ``\\ref``.
    title: replaces the problem's title; empty for none. ``proof=False`` leaves the proof out.
    Raises `NotCertified` for solutions that no certificate passed exactly.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> found = proposition(bg.solve(m.game, bg.SubgamePerfect()), label="prop:deterrence")
    >>> [(case.name, str(case.printed)) for case in found.cases]
    [('(a)', 'w_C < -a'), ('(b)', 'w_C > -a, w_D < -l'), ('(c)', '-a < w_C < 0, w_D > -l'), ('(d)', 'w_C > 0, w_D > -l')]
    """
    if not solution.status.certified:
        raise NotCertified(f"the solution is {solution.status.value}", place="proposition", remedy="print a table of it instead")
    notation, order = solution.problem.notation, tuple(by) if along is None else (along, *by)
    space = Space(notation)
    cuts = None if along is None else cut_points(solution, along)
    argument = proof_of(solution, by=order)
    stated = []
    for number, regime in enumerate(solution.regimes):
        region = Region(tuple(simplified(space, cell) for cell in regime.condition))
        stated.append(Case(letter(number), region, regime, _with_names(Condition.of(region, notation, by=order), cuts)))
    opening = " ".join([*_definitions(cuts), _opening(solution, argument, order, notation)])
    closing = tuple(_closing(solution, argument))
    heading = getattr(solution.problem, "title", "") if title is None else title
    return Proposition(solution, heading, label, opening, tuple(stated), closing, argument if proof else None, cuts)


def simplified(space: Space, cell: Cell) -> Cell:
    """An equal condition on the domain: factors of known sign dropped, implied atoms left out.

    >>> from bargain.notation import Parameter
    >>> a, b = sp.symbols("a b", real=True)
    >>> simplified(Space(Notation((Parameter(a, "a", domain=">0"), Parameter(b, "b")))), Cell.of(a * b > 0, b > -a))
    Cell.of(b > 0)
    >>> simplified(Space(Notation((Parameter(a, "a", domain="[0, 1]"),))), Cell.of(a >= 1))
    Cell.of(a - 1 = 0)
    """
    short = Cell()
    for body, mask in cell.atoms:
        reduced, turn = space.essential(body)
        short = short.where(reduced, mask if turn > 0 else flip(mask)) if not reduced.is_Number else short.where(body, mask)
    short = space.reduced(short)
    for body, mask in short.atoms:
        if mask in (GE, LE) and space.proves(short.without(body), Cell(((body, flip(mask)),))):
            short = short.where(body, EQ)
    return short


def joined(space: Space, boundary: Region) -> Region:
    """The same set in fewer pieces: a side condition is dropped where the other pieces hold what it leaves out, a piece where they hold all of it.

    >>> from bargain.notation import Parameter
    >>> a, b = sp.symbols("a b", real=True)
    >>> space, line = Space(Notation((Parameter(a, "a"), Parameter(b, "b")))), sp.Eq(b, 1)
    >>> joined(space, Region((Cell.of(sp.Eq(a, 0)), Cell.of(line, a > 0), Cell.of(line, a < 0))))
    Region(cells=(Cell.of(a = 0), Cell.of(b - 1 = 0)))
    """
    cells = list(boundary.cells)
    if len(cells) > _PIECES:
        return boundary
    for place, cell in enumerate(cells):
        for body, mask in cell.atoms:
            wider = cells[place].without(body)
            if mask != EQ and space.uncovered(cells, wider).answer is False:
                cells[place] = wider
    for cell in list(cells):
        rest = [other for other in cells if other is not cell]
        if rest and space.uncovered(rest, cell).answer is False:
            cells = rest
    return Region(tuple(cells))


def _with_names(printed: Condition, cuts: CutPoints | None) -> Condition:
    """The condition with the names of cut-points in the bounds on their parameter."""
    if cuts is None:
        return printed
    parameter = cuts.parameter
    named = {point.value: point.symbol for point in cuts.points if not point.value.is_number}

    def chain(old: Chain) -> Chain:
        if parameter not in old.terms:
            return old
        return Chain(tuple(next((name for value, name in named.items() if sp.simplify(term - value) == 0), term) for term in old.terms), old.signs)

    return Condition(tuple(tuple(map(chain, case)) for case in printed.cases), printed.sets)


def _definitions(cuts: CutPoints | None) -> list[str]:
    if cuts is None or not cuts.points:
        return []
    table, wording = definition_rows(cuts), Wording(cuts.solution)
    named = [f"${LATEX.formula(point.symbol)} = {wording.formula(point.value)}$" for point in cuts.points]
    order = [wording.phrase(note).removeprefix("Proved: ").rstrip(".") for note in table.notes] if len(cuts.points) > 1 else []
    return [f"Let {', '.join(named)}" + (f"; then {'; '.join(order)}." if order else ".")]


def _opening(solution: Solution, argument: Proof, by: tuple[str | sp.Symbol, ...], notation: Notation) -> str:
    subject, concept = ("the game" if isinstance(solution.problem, Game | MatrixGame) else "the problem"), solution.solver.concept
    outside = ""
    if solution.boundary.cells:
        boundary = joined(Space(notation), solution.boundary)
        strata = f"a set of measure zero ({len(boundary.cells)} strata)"
        if len(boundary.cells) <= STRATA:
            strata = "the measure-zero set " + Condition.of(boundary, notation, by=by, sets=True).latex()
        outside = f"Outside {strata}, "
    every = frozenset(range(len(solution.regimes)))
    if every and argument.unique == every and solution.status.complete:
        text = f"{subject} has exactly one {concept}:"
    elif not solution.status.complete:
        text = f"the following are {plural(concept)} of {subject}; the list is not proved complete:"
    elif any(isinstance(e, Finding) for regime in solution.regimes for e in regime.extreme()):
        text = f"the answer of {subject} ({concept}) is:"
    elif concept == "subgame-perfect equilibrium" and not solution.stats.get("stages"):
        text = f"the pure-strategy {concept} outcomes of {subject} are exactly:"
    elif "equilibrium" not in concept or "payoffs" in concept:
        text = f"the following holds ({concept}):"
    else:
        what = "stationary equilibrium" if concept == "Rubinstein equilibrium" else concept
        whose = "" if " of " in what else f" of {subject}"
        single = all(len(regime.equilibria) == 1 and isinstance(regime.equilibria[0], Equilibrium) for regime in solution.regimes)
        text = f"the unique {what}{whose} is:" if single and not solution.overlapping else f"the {plural(what)}{whose} are exactly:"
    paid = any(e.payoffs for regime in solution.regimes for e in regime.extreme())
    if paid:
        payoffs = f"payoffs {', '.join(render(Utility(player), LATEX) for player in solution.problem.players)} last):"
        text = text.removesuffix("):") + "; " + payoffs if text.endswith("):") else text.removesuffix(":") + " (" + payoffs
    text = outside + text
    supposed = render(Phrase.of("Suppose ", notation.assumptions, ". "), LATEX) if notation.assumptions else ""
    return supposed + text[0].upper() + text[1:]


def _closing(solution: Solution, argument: Proof) -> list[str]:
    said = []
    every = frozenset(range(len(solution.regimes)))
    if argument.kind == "backward induction" and argument.payoffs and argument.unique != every:
        rest = argument.payoffs - argument.unique
        first = f"The equilibrium is unique in {cases(argument.unique)}" if argument.unique else "Equilibrium payoffs are unique"
        said.append(first + (f", its payoffs in {cases(rest)}." if argument.unique and rest else f" in {cases(rest)}." if rest else "."))
    several = [k for k, regime in enumerate(solution.regimes) if len(regime.equilibria) > 1]
    if several:
        said.append(f"In {cases(several)} several {nouns(solution.solver.concept)[1]} coexist." if len(solution.regimes) > 1 else "They coexist.")
    if solution.overlapping:
        said.append(f"Where several conditions hold, the {nouns(solution.solver.concept)[1]} of their cases coexist.")
    if solution.stats.get("method") == "discovery":
        said.append("Strategies are those on the path; of outcomes that pay every player the same, one is listed.")
    if solution.boundary.cells:
        coexist = len(solution.regimes) > 1 and solution.solver.concept.endswith("equilibrium") and not solution.stats.get("exact")
        said.append("On the excluded set the equilibria of the adjacent cases coexist, and others may exist." if coexist else
                    "The excluded set is left unsolved.")
    return said
