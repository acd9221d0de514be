"""Tables of a study: the ledger of claims, swings and indices of a quantity, and what would have to be true."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.tables.mathematics import TEXT
from bargain.tables.table import Phrase, Table, render

if TYPE_CHECKING:
    from bargain.sensitivity.flips import Threshold
    from bargain.sensitivity.indices import SobolIndex, Tornado
    from bargain.sensitivity.nearest import Flip
    from bargain.sensitivity.study import ClaimFinding, Study

_CHANGES = 6  # parameters of a flip that a table shows; the data have all of them
_NOTE = "A share is the fraction of draws from the stated priors at which the claim holds; it is not a probability that the claim is true."
_ZERO = 1e-8  # a value as small is zero, just beyond which the verdict is the other one
_TELLS = 0.005  # a first-order index below this would be printed as 0.00
JOINTLY = "none alone"
REGIONS = ("In the prior: on a part of it, where draws show both verdicts; everywhere or nowhere in it, where that is proved; not decided, where all draws agree "
           "and no proof covers the points between them.")
DECIDED = f"Decided by: the parameters with the largest first-order indices; {JOINTLY}, where the index of every parameter is below {_TELLS:g}."


def ledger(studies: "Sequence[Study]") -> Table:
    """One row per claim: verdict at the point, share of the prior with standard error, and the most influential parameters."""
    rows = tuple((found.model, found.claim.name, "holds" if found.holds else "fails", sampled(found),
                  render(decided(found, indices=True), TEXT), found.claim.source) for study in studies for found in study.findings)
    few = [f"{found.claim.name}: {found.share.points}" for study in studies for found in study.findings if found.share.points < study.draws]
    made = "; ".join(f"{study.model.name}: {study.draws} draws, seed {study.seed}" for study in studies)
    notes = (_NOTE, "Standard errors in parentheses; beside a parameter, its first-order index. " + made + ".",
             DECIDED if any(JOINTLY in row for row in rows) else "", "Fewer draws: " + "; ".join(few) + "." if few else "")
    columns = ("Model", "Claim", "Holds", "Share of the prior", "Decided by", "Source")
    return Table("Claims over the prior", columns, rows, tuple(filter(None, notes)), label="claims-ledger", stub=1).without_empty()


def details(studies: "Sequence[Study]") -> Table:
    """One row per claim: exact share, where it holds, and the nearest point found at which the verdict changes."""
    rows = tuple((found.model, found.claim.name, found.exact.value if found.exact else "", placed(found),
                  _changes(found.flip), "" if found.flip is None else f"{found.flip.distance:.3f}") for study in studies for found in study.findings)
    notes = (REGIONS, "Distances are in widths of the priors. Flips marked * are exact; the distance of others is an upper bound "
             "found by search, no larger than that of a change of one parameter alone.")
    columns = ("Model", "Claim", "Exact share", "In the prior", "Nearest flip", "Distance")
    return Table("Where claims change", columns, rows, notes, label="claims-flips", stub=1).without_empty()


def sampled(found: "ClaimFinding") -> str:
    """The share of the draws with its standard error; not 0 or 1 where the draws show both verdicts."""
    share = float(found.share)
    shown = f"{share:.3f}" if share in (0, 1) or 0 < round(share, 3) < 1 else "<0.001" if share < 0.5 else ">0.999"
    return f"{shown} ({found.share.error:.3f})"


def placed(found: "ClaimFinding") -> str:
    """Where a claim holds in the prior, in the words that `REGIONS` explains."""
    return found.region if isinstance(found.region, str) else "on a part"


def decided(found: "ClaimFinding", *, indices: bool = False) -> Any:
    """The one or two parameters that decide a claim most, with their indices on request; empty where all draws agree."""
    telling = [(name, index) for name, index in found.decisive[:2] if index >= _TELLS]
    if not telling:
        return JOINTLY if found.decisive else ""
    return Phrase.join(", ", (Phrase.of(sp.Symbol(name), f" {index:.2f}") if indices else sp.Symbol(name) for name, index in telling))


def _changes(flip: "Flip | None") -> str:
    if flip is None:
        return ""
    shown = [f"{name} = {0 if abs(value) < _ZERO else float(value):.4g}" for name, value in list(flip.changes.items())[:_CHANGES]]
    left = len(flip.changes) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "") + (" *" if flip.exact else "")


def ledger_data(studies: "Sequence[Study]") -> dict[str, Any]:
    """The findings as plain data, by model and claim; exact numbers are strings."""
    return {study.model.name: {"draws": study.draws, "seed": study.seed, "audited": study.audited, "solved exactly": study.solved,
                               "claims": {found.claim.name: _finding(found) for found in study.findings}} for study in studies}


def _finding(found: "ClaimFinding") -> dict[str, Any]:
    flip = found.flip
    nearest = None if flip is None else {"distance": flip.distance, "exact": flip.exact, "changes": {name: float(v) for name, v in flip.changes.items()}}
    return {"holds": found.holds, "share": float(found.share), "standard_error": found.share.error, "draws": found.share.points,
            "exact_share": str(found.exact.value) if found.exact else None, "region": str(found.region), "decided_by": dict(found.decisive),
            "nearest_flip": nearest, "source": found.claim.source}


def tornado_rows(found: "Tornado") -> Table:
    """One row per parameter, widest swing first."""
    rows = tuple((sp.Symbol(swing.parameter), f"{swing.low:.6g}", f"{swing.high:.6g}", f"{swing.size:.6g}") for swing in found.swings)
    columns = ("Parameter", "At the low end", "At the high end", "Swing")
    return Table(f"Swings of {found.quantity}", columns, rows, (f"At the point: {found.base:.6g}.",), label="tornado")


def sobol_rows(quantity: str, found: "Sequence[SobolIndex]") -> Table:
    """One row per parameter, largest total index first."""
    rows = tuple((sp.Symbol(index.parameter), f"{index.first:.3f}", f"{index.total:.3f}") for index in found)
    note = "Indices on the box of the priors, without the orders among parameters."
    return Table(f"Sobol indices of {quantity}", ("Parameter", "First order", "Total"), rows, (note,), label="sobol")


def threshold_rows(found: "Mapping[str, Sequence[Threshold]]", held: Mapping[str, bool]) -> Table:
    """What would have to be true: for each claim the cut-offs in single parameters, the others held."""
    rows = []
    for name, listed in found.items():
        verdict = "holds" if held[name] else "fails"
        for cut in listed:
            value = f"{float(cut.value):.6g}" + (" *" if cut.exact else "")
            rows.append((name, verdict, sp.Symbol(cut.parameter), value, "above" if cut.rises else "below"))
        if not listed:
            rows.append((name, verdict, "none within its prior", "", ""))
    note = "A cut-off marked * is exact; others are found by bisection."
    return Table("What would have to be true", ("Claim", "At the point", "Parameter", "Cut-off", "Holds"), tuple(rows), (note,), label="thresholds", stub=2)
