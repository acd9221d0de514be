"""The claims of a model over its prior: verdict at a point, share, exact share, region, what decides it, nearest flip.

A share is the fraction of draws from the stated priors at which the claim holds. It measures how much of the chosen box supports the
claim and is not a probability that the claim is true. The first few draws are also solved and certified exactly, one by
one; a disagreement refuses the whole study. With a cache folder every chunk of draws is written when it is done, and read instead of
computed when the study is run again.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import sympy as sp

from bargain.analysis.shares import Share, share
from bargain.claims import Claim, Model
from bargain.errors import BadInput, NotApplicable, NotCertified, NotDecided
from bargain.notation import Notation, Parameter
from bargain.regions import Cell, Space
from bargain.sensitivity.draws import Floats, Prior
from bargain.sensitivity.flips import Threshold, thresholds
from bargain.sensitivity.indices import first_order
from bargain.sensitivity.nearest import Flip, affine_flip, searched_flip
from bargain.sensitivity.points import Vectorised

Progress = Callable[[int, int], None]
_CHUNK = 2500
_FORMAT = 1  # of the files of the cache
_AFFINE = 6  # parameters up to which the share of an affine claim is computed exactly
_EXACT, _FEW = 1000, 200  # draws solved exactly where formulas do not reach; if there are none
_TIMEOUT = 2000  # milliseconds for a proof
PART = "on a part"


@dataclass(frozen=True)
class ClaimFinding:
    """What is found about one claim.

    holds: at the point. share: of the draws, with standard error. exact: the share as a rational number, for affine relations
    of a few parameters. region: "everywhere" or "nowhere" in the prior (proved), "on a part" (a draw on either side; a relation stands for itself), or
    "not decided" (all draws agree, and no proof covers the points between them). decisive: first-order indices of its truth, largest first. flip: the
    nearest point found at which the verdict changes; None if none is found.
    """

    model: str
    claim: Claim
    holds: bool
    share: Share
    exact: Share | None
    region: Any
    decisive: tuple[tuple[str, float], ...]
    flip: Flip | None = None


@dataclass(frozen=True)
class Study:
    """The findings of one model; `draws` were made, `audited` of them solved and certified one by one as well, `solved` exactly for want of a formula."""

    model: Model
    draws: int
    seed: int
    audited: int
    solved: int
    findings: tuple[ClaimFinding, ...]


def study(model: Model, *, draws: int = 20_000, seed: int = 0, at: Mapping[Any, Any] | None = None, prior: Mapping[Any, Any] | None = None,
          cache: Path | None = None, progress: Progress | None = None, flips: bool = True, audit: int = 2, exact: int | None = None,
          source: Vectorised | None = None, baseline: Sequence[bool] | None = None, cuts: Mapping[str, Sequence[Threshold]] | None = None) -> Study:
    """Study the claims of a model over its prior.

    cache: a folder for finished chunks. progress: called with the number of draws done and to do. flips: look for nearest flips too. audit: how
    many draws are solved and certified exactly to check the rest. exact: solve at most so many draws exactly where no
    formula applies (default: 1000, or 200 if a problem has no formulas at all); a claim that needs more is judged on the draws before.
    source: the formulas of the model, baseline: the claims at the point, cuts: their cut-offs in single parameters, if they have been found already.

    >>> from bargain.models.ukraine import leverage as m
    >>> found = study(m.model, draws=2000, flips=False, audit=0).findings[0]
    >>> found.holds, abs(float(found.share) - 0.14) < 0.03, found.decisive[0][0]
    (True, True, 'tau')
    """
    assert model.notation is not None
    if draws < 1:
        raise BadInput(f"{draws} draws", place="study", remedy="ask for at least one")
    source, over = source or Vectorised(model), Prior(model, prior)
    if exact is None:
        exact = _EXACT if all(source.route(name)[1] is not None for name in model.problems) else _FEW
    sizes = [min(_CHUNK, draws - start) for start in range(0, draws, _CHUNK)]
    samples, verdicts, solved = [], [], 0
    for number, size in enumerate(sizes):
        sample = over.draws(size, seed=seed, chunk=number)
        path = None if cache is None else cache / f"{_key(model, over, seed, number, size, exact)}.npz"
        stored = _read(path, (len(model.claims), size)) if path is not None else None
        if stored is None:
            block = source.block(sample)
            stored = block.truth(model.claims, exact=exact - solved), block.exact
            if path is not None:
                _write(path, *stored)
        truth = stored[0]
        solved += stored[1]
        samples.append(sample)
        verdicts.append(truth)
        if progress is not None:
            progress(min((number + 1) * _CHUNK, draws), draws)
    columns = {symbol: np.concatenate([sample[symbol] for sample in samples]) for symbol in samples[0]}
    truth = np.concatenate(verdicts, axis=1)
    audited = min(audit, draws)
    _audit(model, columns, truth, audited)
    point = model.at(at)
    if flips and cuts is None:
        cuts = thresholds(source, model.claims, point.values, over)
    findings = []
    for number, (claim, row) in enumerate(zip(model.claims, truth, strict=True)):
        usable = int(np.argmax(np.isnan(row))) if np.isnan(row).any() else draws
        if usable == 0:
            raise NotDecided(f"claim {claim.name!r} needs exact solutions beyond the limit given", place=f"model {model.name}", remedy="raise exact=")
        sample, mean = row[:usable], float(row[:usable].mean())
        holds = point.holds(claim) if baseline is None else baseline[number]
        indices = first_order({s: c[:usable] for s, c in columns.items()}, over.symbols, sample)
        decisive = tuple(sorted(indices.items(), key=lambda item: -item[1])[:5]) if 0 < mean < 1 else ()
        flip = None
        if flips and cuts is not None:
            flip = affine_flip(over, claim, point.values) or searched_flip(source, over, claim, point.values, holds, columns, row, cuts[claim.name])
        error = float(np.sqrt(mean * (1 - mean) / usable))
        findings.append(ClaimFinding(model.name, claim, holds, Share(mean, error, usable), exact_share(over, claim), region(over, claim, sample), decisive, flip))
    return Study(model, draws, seed, audited, solved, tuple(findings))


def _audit(model: Model, columns: Mapping[sp.Symbol, Floats], truth: Floats, count: int) -> None:
    """Solve the first draws exactly and compare every claim."""
    for index in range(count):
        point = model.at({symbol: float(column[index]) for symbol, column in columns.items()})
        for claim, row in zip(model.claims, truth, strict=True):
            if not np.isnan(row[index]) and point.holds(claim) != bool(row[index]):
                raise NotCertified(f"claim {claim.name!r}: the exact solution at draw {index} disagrees with the formulas", place=f"model {model.name}",
                                   remedy="please report this problem; it is a defect")


def _narrow(prior: Prior) -> Notation:
    """The notation with the prior as the domain, and its relations as assumptions."""
    assert prior.model.notation is not None
    rows = tuple(Parameter(s, prior.model.notation[s].meaning, domain=f"[{low}, {high}]", prior=(low, high))
                 for s in prior.symbols for low, high in [prior.box.intervals[s]])
    relations = [relation.xreplace(prior.ties).xreplace(dict(prior.box.fixed)) for relation in prior.relations]
    return Notation(rows, tuple(relation for relation in relations if relation != sp.true))


def _relation(prior: Prior, claim: Claim) -> Any:
    """The claim as a relation of the parameters that vary; None if it is not a relation, or undecided by them."""
    if not isinstance(claim.holds, sp.Basic):
        return None
    return claim.holds.xreplace(prior.ties).xreplace(dict(prior.box.fixed))


def exact_share(prior: Prior, claim: Claim) -> Share | None:
    """The share of a claim as a rational number, for an affine relation in a few parameters; else None."""
    relation = _relation(prior, claim)
    if relation is None:
        return None
    if relation in (sp.true, sp.false):
        return Share(sp.Integer(int(relation == sp.true)), 0.0)
    gap = relation.lhs - relation.rhs
    used = sorted(gap.free_symbols, key=str)
    if len(used) > _AFFINE or not gap.is_polynomial(*used) or sp.Poly(gap, *used).total_degree() != 1:
        return None
    found = share(Cell.of(relation), _narrow(prior))
    return found if found.exact else None


def region(prior: Prior, claim: Claim, sample: Floats) -> Any:
    """Where a claim holds in the prior: on a part if draws show both verdicts (a relation says which), everywhere or nowhere if that is proved."""
    relation = _relation(prior, claim)
    if relation is None:
        return PART if 0 < sample.mean() < 1 else "not decided"
    if relation in (sp.true, sp.false):
        return "everywhere" if relation == sp.true else "nowhere"
    if 0 < sample.mean() < 1:
        return relation
    try:
        space = Space(_narrow(prior), timeout_ms=_TIMEOUT)
        wanted = relation if sample.mean() == 1 else sp.Not(relation)
        proved = space.implies(Cell(), Cell.of(wanted)).answer is True
    except (NotApplicable, NotDecided, BadInput):
        proved = False
    return ("everywhere" if sample.mean() == 1 else "nowhere") if proved else "not decided"


def _key(model: Model, prior: Prior, seed: int, chunk: int, size: int, exact: int | None) -> str:
    """What a chunk depends on: the declarations of the model in words, its prior, the seed."""
    content = [_FORMAT, model.name, [claim.name for claim in model.claims], [str(claim.holds) for claim in model.claims if isinstance(claim.holds, sp.Basic)],
               sorted((str(s), str(v)) for s, v in prior.box.intervals.items()), sorted((str(s), str(v)) for s, v in prior.box.fixed.items()),
               [str(r) for r in (*prior.relations, *model.among)], seed, chunk, size, exact]
    return f"{model.name.replace('/', '-')}-{chunk:04d}-{sha256(json.dumps(content).encode()).hexdigest()[:16]}"


def _read(path: Path, shape: tuple[int, int]) -> tuple[Floats, int] | None:
    """A finished chunk; None if there is none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            truth, solved = stored["truth"], int(stored["solved"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return (truth, solved) if truth.shape == shape else None


def _write(path: Path, truth: Floats, solved: int) -> None:
    """Write a chunk so that a reader finds all of it or nothing."""
    partial = path.with_name(f".{path.name}.part{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as out:
            np.savez_compressed(out, truth=truth, solved=solved)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise BadInput(f"finished draws cannot be kept ({error.strerror or error})", place=str(path.parent), remedy="choose another folder, or make room") from error


__all__ = ["ClaimFinding", "Study", "exact_share", "region", "study"]
