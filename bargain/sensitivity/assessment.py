"""Everything a study says about one model: its claims over the prior, cut-offs, swings and indices, from one set of formulas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bargain.claims import Model
from bargain.errors import BadInput, NotApplicable
from bargain.sensitivity.draws import Prior
from bargain.sensitivity.flips import Threshold, thresholds
from bargain.sensitivity.indices import Course, SobolIndex, Tornado, courses, several, sobol, tornado
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.routes import Listed
from bargain.sensitivity.study import Progress, Study, study


@dataclass(frozen=True)
class Plan:
    """How much to draw: draws of the claims, points of the Sobol indices (a power of two), the seed, a folder for finished chunks.

    jobs: processes among which models are divided; the findings do not depend on it. whole: cut-offs, swings and indices too.
    """

    draws: int = 20_000
    seed: int = 0
    points: int = 1024
    cache: Path | None = None
    jobs: int = 1
    whole: bool = True

    def __post_init__(self) -> None:
        if self.draws < 1 or self.jobs < 1:
            raise BadInput(f"{self.draws} draws in {self.jobs} processes", place="plan of the study", remedy="ask for at least one of each")
        if self.points < 2 or self.points & (self.points - 1):
            raise BadInput(f"{self.points} is not a power of two", place="plan of the study", remedy="write 1024, for example")


@dataclass(frozen=True)
class Known:
    """What has been found about a model before it is studied: the cases of problems solved for all parameters, the claims at the baseline."""

    cases: Mapping[str, Listed] = field(default_factory=dict)
    baseline: tuple[bool, ...] | None = None


@dataclass(frozen=True)
class Assessment:
    """The study of the claims; cut-offs by claim; swings, indices and comparative statics of the model's outputs.

    several: the outputs that are read off one of several equilibria at some points.
    """

    study: Study
    thresholds: Mapping[str, tuple[Threshold, ...]]
    tornados: tuple[Tornado, ...]
    indices: Mapping[str, tuple[SobolIndex, ...]]
    courses: Mapping[str, tuple[Course, ...]] = field(default_factory=dict)
    several: frozenset[str] = frozenset()


def studied(model: Model) -> bool:
    """Whether a model has claims and priors to study them over."""
    assert model.notation is not None
    return bool(model.claims) and any(row.prior is not None for row in model.notation)


def assess(model: Model, plan: Plan, progress: Progress | None = None, known: Known | None = None) -> Assessment:
    """Study a model over its prior. known: what need not be found again.

    >>> from bargain.models.ukraine import leverage as m
    >>> found = assess(m.model, Plan(draws=500, points=64))
    >>> found.tornados[0].swings[0].parameter, len(found.thresholds) == len(m.model.claims)
    ('chi', True)
    """
    known = known or Known()
    source, prior = Vectorised(model, known.cases), Prior(model)
    cuts = thresholds(source, model.claims, model.at().values, prior)
    found = study(model, draws=plan.draws, seed=plan.seed, cache=plan.cache, progress=progress, source=source, baseline=known.baseline, cuts=cuts)
    if not plan.whole:
        return Assessment(found, {}, (), {})
    swings = tuple(tornado(source, name) for name in model.outputs)
    indices = {}
    for name in model.outputs:
        try:
            indices[name] = sobol(source, name, points=plan.points, seed=plan.seed)
        except NotApplicable:  # it has no value at too many points of the prior; its swings are shown all the same
            continue
    ambiguous = frozenset(name for name in model.outputs if several(source, name))
    return Assessment(found, cuts, swings, indices, {name: courses(source, name) for name in model.outputs}, ambiguous)
