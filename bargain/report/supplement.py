"""What the supplement says of the claims and quantities of one model: the nearest changes, cut-offs as intervals, directions beside indices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sympy as sp

from bargain.latex.wording import listed
from bargain.notation import Notation
from bargain.sensitivity.flips import Threshold
from bargain.sensitivity.indices import Course, SobolIndex
from bargain.sensitivity.nearest import Flip
from bargain.sensitivity.study import Study
from bargain.tables import Condition, Phrase, Table
from bargain.tables.claims import DECIDED, decided
from bargain.tables.conditions import Chain
from bargain.tables.writing import Written

_CHANGES = 6  # parameters of a flip that a table shows; the data have all of them
_SMALL = 5e-4  # an index below this is printed as no effect
_NOISE = 1e-6  # of the width of a prior: a cut-off nearer to zero is zero, found by bisection


def changes(study: Study) -> Table | None:
    """One row per claim that some draw changes: what decides it, the exact share of the prior, and the nearest point found at which the verdict changes."""
    rows = []
    for found in (found for found in study.findings if found.flip is not None or found.decisive or found.exact):
        distance = "" if found.flip is None else Decimal(f"{found.flip.distance:.3f}")
        nearest = _nearest(found.flip, study.model.notation)
        rows.append((found.claim.name, decided(found, indices=True), found.exact.value if found.exact else "", nearest, distance))
    few = [f"{found.claim.name}: {found.share.points}" for found in study.findings if found.share.points < study.draws]
    solved = f"At {study.solved:,} draws, where no formula reaches, the model was solved exactly." if study.solved else ""
    notes = filter(None, (solved, "Fewer draws: " + "; ".join(few) + "." if few else ""))
    columns = ("Claim", "Decided by", "Exact share", "Nearest flip", "Distance")
    return Table("", columns, tuple(rows), tuple(map(Written, notes)), stub=1).without_empty() if rows else None


def guide(studies: Sequence[Study]) -> tuple[str, ...]:
    """What the tables of all models have in common, said before the first."""
    if not studies:
        return ()
    drawn = listed([f"{draws:,} draws from the priors (seed {seed})" for draws, seed in dict.fromkeys((one.draws, one.seed) for one in studies)])
    audited = listed([str(count) for count in sorted({one.audited for one in studies})], "or")
    return (
        "Verdicts on the claims and the shares of the priors in which they hold are in the ledger of claims. The tables here say what decides a claim and where "
        f"it changes. {DECIDED} Beside a parameter stands its index, the part of the variance of the verdict that the parameter removes alone. The nearest "
        "flip is the point of the prior nearest to the baseline at which the verdict is the other one, with distances in widths of the priors; one marked * is "
        "exact, the others are the nearest that a search found, none farther than a change of one parameter alone. A claim that is left out has one verdict at "
        "all draws.",
        "What would have to be true is said for one parameter at a time: it goes through its prior, the others stand at the baseline, and the claim holds in "
        "the intervals given. Ends marked * are exact, others found by bisection. Comparative statics are along the same lines: a parameter without effect there "
        "may matter elsewhere. Sobol indices are on the box of the priors, without the orders among parameters. They are estimates: by sampling error one of "
        "first order may fall below zero or exceed the total.",
        f"The claims of each model were evaluated at {drawn}. At the first {audited} of these draws the model was also solved and certified exactly, and every "
        "claim had the same verdict.",
    )


def _nearest(flip: Flip | None, notation: Notation | None) -> Any:
    if flip is None or notation is None:
        return ""
    if not flip.changes:
        return "the baseline itself" + (" *" if flip.exact else "")
    shown = [Phrase.of(sp.Symbol(name), " = ", _four(_near(value, _width(notation, name)))) for name, value in list(flip.changes.items())[:_CHANGES]]
    left = len(flip.changes) - len(shown)
    return Phrase.of(*Phrase.join(", ", shown).parts, f" and {left} more" if left else "", " *" if flip.exact else "")


def _four(value: Any) -> float:
    return float(f"{float(value):.4g}")


def cutoffs(found: Mapping[str, Sequence[Threshold]], notation: Notation) -> Table | None:
    """One row per claim: the values of each single parameter, within its prior and the others at the baseline, at which it holds; None if none matters."""
    rows = []
    for name, cuts in found.items():
        by: dict[str, list[Threshold]] = {}
        for cut in cuts:
            by.setdefault(cut.parameter, []).append(cut)
        if by:
            rows.append((name, Phrase.join("; ", (_where(parameter, some, notation) for parameter, some in by.items()))))
    rest = [name for name, cuts in found.items() if not cuts]
    notes = (Written("No parameter alone changes: " + "; ".join(rest) + "."),) if rest else ()
    return Table("", ("Claim", "Holds while"), tuple(rows), notes, stub=1) if rows else None


def _where(parameter: str, cuts: Sequence[Threshold], notation: Notation) -> Phrase:
    """The intervals of one parameter in which a claim holds: ``0.2 < p < 0.4 or p > 0.6``."""
    symbol, width = sp.Symbol(parameter), _width(notation, parameter)
    ordered = sorted(cuts, key=lambda cut: float(cut.value))
    pieces: list[tuple[Chain, ...]] = []
    opened: sp.Expr | None = None
    for number, cut in enumerate(ordered):
        value = _near(cut.value, width)
        if cut.rises:
            opened = value
        elif opened is None and number:  # the values on both sides of an assumption that fails between
            pieces.append((Chain((symbol, value), ("<",)),))
        else:
            pieces.append((Chain((symbol, value), ("<",)) if opened is None else Chain((opened, symbol, value), ("<", "<")),))
            opened = None
    if opened is not None:
        pieces.append((Chain((symbol, opened), (">",)),))
    return Phrase.of(Condition(tuple(pieces)), " *" if all(cut.exact for cut in cuts) else "")


def _width(notation: Notation, parameter: str) -> float:
    prior = notation[parameter].prior
    return 1.0 if prior is None else float(prior[1] - prior[0])


def _near(value: Any, width: float) -> sp.Expr:
    return sp.Integer(0) if abs(float(value)) < _NOISE * width else sp.Float(f"{float(value):.4g}")


def influence(rows: Sequence[Course], indices: Sequence[SobolIndex]) -> Table:
    """Comparative statics beside Sobol indices: one row per parameter that matters, the largest total index first."""
    course = {one.parameter: one for one in rows}
    index = {one.parameter: one for one in indices}
    every = list(dict.fromkeys([*sorted(index, key=lambda name: -index[name].total), *course]))
    flat = [name for name in every if _idle(course.get(name), index.get(name))]
    lines = []
    for name in (name for name in every if name not in flat):
        one, size = course.get(name), index.get(name)
        moves = "" if one is None else "none at the baseline" if one.course == "constant" else one.course
        lines.append((sp.Symbol(name), moves, "" if one is None or one.slope is None or one.course == "constant" else _four(one.slope),
                      *(("", "") if size is None else (_three(size.first), _three(size.total)))))
    notes: tuple[Any, ...] = (Phrase.of("No effect: ", Phrase.join(", ", map(sp.Symbol, flat)), "."),) if flat else ()
    if any(_three(size.first) > _three(size.total) for name, size in index.items() if name not in flat):
        notes = (*notes, "An index of first order above the total one is an error of sampling.")
    columns = ("Parameter", "As it rises", "Slope at the baseline", "First-order index", "Total index")
    return Table("", columns, tuple(lines), notes).without_empty()


def _idle(one: Course | None, size: SobolIndex | None) -> bool:
    return (one is None or one.course == "constant") and (size is None or abs(size.total) < _SMALL)


def _three(value: float) -> Decimal:
    return Decimal("0.000") if abs(value) < _SMALL else Decimal(f"{value:.3f}")
