"""A proof from the certificate: what each way to fail would need, case by case, and which failures are impossible everywhere.

A certificate lists violations: a way to fail with an expression that would be positive. Where the sign of the expression is
known from the domain nothing is printed but the kind of the condition; what is left contradicts the case.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from bargain.errors import BadInput, NotApplicable, NotDecided
from bargain.latex.wording import Wording, cases, listed
from bargain.regions.cells import GT, LE, Cell
from bargain.regions.space import Space
from bargain.solution import Component, Regime
from bargain.tables.conditions import Condition
from bargain.tables.writing import latex_prose

_LISTED = 8  # more failures of a case than this are named by kind
_ALIKE = 2  # more failures of one kind than this are counted
_LONG = 110  # characters of a condition that is not printed
ARGUMENTS = ("No failure fits", "A failure would need")  # how sentences begin that argue
_Needs = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # conditions in LaTeX, with the failures that need one of them


@dataclass
class _Sorted:
    """The violations of all cases: what each case excludes, with the cases; kinds that the domain excludes, with gains; kinds that only the certificate decides."""

    needed: dict[_Needs, list[int]] = field(default_factory=dict)
    everywhere: dict[str, None] = field(default_factory=dict)
    gains: dict[str, dict[str, None]] = field(default_factory=dict)
    decided: dict[str, None] = field(default_factory=dict)


def excluded(wording: Wording, by: Sequence[str | sp.Symbol] = ()) -> Iterator[str]:
    """Sentences that say why no condition of the concept fails on any case; inequalities are solved by preference for the parameters in `by`."""
    found = _sorted(wording, by)
    several = len(wording.solution.regimes) > 1
    for number, (needs, where) in enumerate(found.needed.items()):
        parts = [f"{listed(relations, 'or')} ({_failures(labels)})" for relations, labels in needs]
        start = "No failure fits its case: in " if several and not number else "In " if several else "A failure would need "
        yield f"{start}{f'{cases(where)} one would need ' if several else ''}{listed(parts, 'or')}."
    told = not found.needed and 0 < len(found.gains) <= _LISTED and all(len(gain) <= _LONG for gain in found.gains)
    if told:
        parts = [f"{gain} ({_failures(tuple(labels))})" for gain, labels in found.gains.items()]
        yield f"A failure would need a positive value of {listed(parts, 'or')}; the domain excludes {'it' if len(parts) == 1 else 'each'}."
    rest = "The rest" if found.needed or told else "Every condition"
    proved = {kind for labels in found.gains.values() for kind in _kinds(labels)} if told else set()
    everywhere = [kind for kind in found.everywhere if kind not in found.decided and kind not in proved]
    ways = [f"{how} ({listed(kinds)})" for how, kinds in (("holds at all parameter values", everywhere),
                                                        ("was decided exactly by the certificate", list(found.decided))) if kinds]
    if ways:
        yield f"{rest} {listed(ways, 'or')}."


def _failures(labels: Sequence[str]) -> str:
    """Failures by kind; of many of a kind the first and their number."""
    by: dict[str, list[str]] = {}
    for label in labels:
        kind, _, said = label.replace("after (start)", "at the start").partition(": ")
        by.setdefault(kind, []).append(said)
    short = {kind: said if len(said) <= _ALIKE else [said[0], f"and {len(said) - 1} others like it"] for kind, said in by.items()}
    return "; ".join(kind + (" " if said[0].startswith(("of ", "that ")) else ": ") + ", ".join(said) for kind, said in short.items())


def _kinds(labels: Iterable[str]) -> set[str]:
    return {label.split(":")[0] for label in labels}


def _sorted(wording: Wording, by: Sequence[str | sp.Symbol]) -> _Sorted:
    from bargain.certify.check import _checker

    solution = wording.solution
    checker = _checker(solution.solver.concept, solution.problem)
    space, found = Space(wording.notation), _Sorted()
    known: dict[sp.Expr, str] = {}
    for case, regime in enumerate(solution.regimes):
        needs: dict[str, dict[str, None]] = {}
        kinds: dict[str, None] = {}
        for what, excess in _violations(checker, wording, regime, found):
            if excess not in known:
                known[excess] = _needed(space, wording, excess, by)
            if known[excess] == "":
                found.everywhere.setdefault(_kind(what))
                gain = sp.factor(sp.together(excess)) if excess.free_symbols and len(found.gains) <= _LISTED else sp.Integer(0)
                if gain.free_symbols:
                    found.gains.setdefault(wording.math(gain), {}).setdefault(latex_prose(what))
            elif len(known[excess]) > _LONG:
                found.decided.setdefault(_kind(what))
            else:
                needs.setdefault(known[excess], {}).setdefault(latex_prose(what))
                kinds.setdefault(_kind(what))
        if len(needs) > _LISTED:
            found.decided.update(kinds)
        elif needs:
            found.needed.setdefault(_grouped(needs), []).append(case)
    return found


def _grouped(needs: Mapping[str, Iterable[str]]) -> _Needs:
    """Conditions that lead to the same failures together."""
    by: dict[tuple[str, ...], list[str]] = {}
    for relation, labels in needs.items():
        by.setdefault(tuple(labels), []).append(relation)
    return tuple((tuple(relations), labels) for labels, relations in by.items())


def _violations(checker: object, wording: Wording, regime: Regime, found: _Sorted) -> Iterator[tuple[str, sp.Expr]]:
    """What would fail, and the expression in parameters that would be positive; the other violations are sorted by kind."""
    symbols = set(wording.notation.symbols)
    entries = regime.equilibria if all(isinstance(entry, Component) for entry in regime.equilibria) else tuple(regime.extreme())
    for entry in entries:
        for violation in checker(wording.problem, wording.solution.solver, entry):  # type: ignore[operator]
            if violation.where.atoms or not violation.excess.free_symbols <= symbols:
                found.decided.setdefault(_kind(violation.what))
            else:
                yield violation.what, violation.excess


def _kind(what: str) -> str:
    return what.split(":")[0]


def _needed(space: Space, wording: Wording, excess: sp.Expr, by: Sequence[str | sp.Symbol]) -> str:
    """The condition under which an expression is positive, in LaTeX; empty where the domain excludes it."""
    if not excess.free_symbols:
        return ""
    try:
        body, turn = space.essential(sp.together(excess))
        if body.is_Number or space.proves(Cell(), Cell().where(turn * body, LE)):
            return ""
        return Condition.of(Cell().where(turn * body, GT), wording.notation, by=by).latex()
    except (BadInput, NotApplicable, NotDecided):
        return "" if sp.simplify(excess).is_nonpositive else "-" * (_LONG + 1)
