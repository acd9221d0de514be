"""`write_report`: a whole study as tables, figures, a LaTeX document, a web page, a data file and a PDF.

    models --solve, evaluate--> sections (plain data) --> tables/*, figures/*, propositions/*, report.tex, .html, .json, .pdf
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bargain.claims import Model
from bargain.errors import BadInput
from bargain.inventory import Inventory
from bargain.loading import inventory
from bargain.report.claims import explained, listed, opened
from bargain.report.content import Prose, Section, stem
from bargain.report.files import refusing, tidy, write
from bargain.report.page import page
from bargain.report.parts import arranged, group, studied_first
from bargain.report.pdf import compiled
from bargain.report.problems import shown_free
from bargain.report.repeated import repeated
from bargain.report.sections import LIMITS, Study, closing, with_claims
from bargain.report.shared import checked, shared
from bargain.report.statements import proof, proofs, statement
from bargain.report.studies import Told, begun
from bargain.report.supplement import guide
from bargain.report.tex import SAID, document, fragment
from bargain.sensitivity.assessment import Plan, studied
from bargain.solution import Solution
from bargain.tables.claims import ledger_data
from bargain.tables.data import plain, to_json

TITLE = "Bargaining models: equilibria, quantities and claims"
_HEAVY = 300_000  # bytes from which a drawing goes into the web page as a picture


@dataclass(frozen=True)
class Report:
    """What was written: files (`propositions` with their proofs), the status of each model's problems, and warnings (overfull boxes, a missing TeX).

    `pdf` is None where no TeX was found or the document did not compile; `warnings` then says so.
    """

    tables: tuple[Path, ...]
    figures: tuple[Path, ...]
    tex: Path
    html: Path
    json: Path
    pdf: Path | None
    status: Mapping[str, Mapping[str, str]]
    warnings: tuple[str, ...] = ()
    propositions: tuple[Path, ...] = ()


def _silent(text: str) -> None:
    """Progress that nobody asked for."""


def write_report(models: Sequence[Model], out: Path, *, progress: Callable[[str], None] = _silent, plan: Plan | None = None,
                 inventories: Sequence[Inventory] = (), told: Told | None = None) -> Report:
    """Solve the models at their baselines and write the report into `out`, which is made if it is missing.

    progress: called with a line of text before anything that takes long. plan: also study the claims over the priors, with so many
    draws; told: called with a model, the draws done and the draws to do. inventories: of the text that the models are about; an item that points
    to nothing in the models is refused (`InvalidModel`).
    """
    _distinct(models)
    for text in inventories:
        text.check(models)
    with refusing(out):
        for made in ("tables", "figures", SAID):
            (out / made).mkdir(parents=True, exist_ok=True)
        for folder in (out, out / "tables", out / "figures", out / SAID, *([plan.cache] if plan is not None and plan.cache is not None else [])):
            tidy(folder)
    first, others = studied_first(models, inventories)
    models = (*first, *others)
    studies = [Study(model.at(), progress) for model in models]
    if plan is None:
        sections = [study.section() for study in studies]
    else:
        later = [model for model in models if shown_free(model)]  # their studies need not solve again what their sections solve
        with begun([model for model in models if model not in later], plan, told, later=later) as running:
            sections = []
            for study in studies:
                sections.append(study.section())
                if study.point.model in later:
                    running.start(study.point.model, study.known())
            for place, study in enumerate(studies):
                if studied(study.point.model):
                    progress(f"{study.point.model.name}: claims over the prior")
                    study.assessment = running.found(study.point.model)
                    sections[place] = with_claims(sections[place], study)
    sections = _parts(sections, studies, len(first), inventories)
    _unambiguous(sections)
    with refusing(out):
        return _written(sections, studies, out, progress)


def _parts(sections: Sequence[Section], studies: Sequence[Study], first: int, inventories: Sequence[Inventory]) -> list[Section]:
    """The sections of the models, those of the study `first`, with what opens and closes the report."""
    opening = [opened(text) for text in inventories]
    sections, checks = checked(list(repeated(list(shared(sections)))))
    texts = list(inventories) or [text for text in map(inventory, sorted({group(study.point.model.name) for study in studies})) if text is not None]
    study, others = ([explained(section, texts, printed=bool(inventories)) for section in some] for some in (
        [*opening, *sections[:first], *closing(studies[:first])],
        [*sections[first:], *closing(studies[first:], "other")] if first < len(studies) else []))
    appendix = [Section("inventory" + (f"-{place}" if place else ""), "The text and the models", tuple(listed(text)))
                for place, text in enumerate(inventories)]
    said = guide([one.assessment.study for one in studies if one.assessment is not None])
    before = [Section("details", "How to read the details", (Prose(said),))] if said else []
    return list(arranged(study, others, [*([checks] if checks is not None else []), *appendix, *proofs([*study, *others])], before))


def _distinct(models: Sequence[Model]) -> None:
    if not models:
        raise BadInput("no model to report on", place="report", remedy="name at least one model")
    names = [stem(model.name) for model in models]
    for name, model in zip(names, models, strict=True):
        if names.count(name) > 1:
            raise BadInput("its files would overwrite those of another model", place=f"model {model.name}", remedy="give the models different names")


def _unambiguous(sections: Sequence[Section]) -> None:
    names = [name for section in sections for name in (*(t.name for t in section.tables), *(p.name for p in section.pictures))]
    for name in names:
        if names.count(name) > 1:
            raise BadInput("two tables or figures would have this file name", place=name, remedy="rename a problem, quantity or exhibit of the model")


def _written(sections: Sequence[Section], studies: Sequence[Study], out: Path, progress: Callable[[str], None]) -> Report:
    tables = tuple(write(out / "tables" / f"{block.name}.tex", fragment(block)) for section in sections for block in section.tables)
    said = [(f"{block.name}{'-proof' if block.proof else ''}.tex", (proof if block.proof else statement)(block.proposition))
            for section in sections for block in section.statements]
    stated = tuple(write(out / SAID / name, text) for name, text in said)
    progress(f"writing {sum(len(list(section.pictures)) for section in sections)} figures")
    drawn = _figures(sections, out / "figures")
    drawings = {path.stem: _drawing(path) for path in drawn if path.suffix == ".svg"}
    tex = write(out / "report.tex", document(TITLE, sections))
    html = write(out / "report.html", page(TITLE, sections, drawings))
    data = write(out / "report.json", json.dumps({"models": [_record(study) for study in studies], "limits": list(LIMITS)}, indent=1) + "\n")
    progress("running pdflatex")
    content, warnings = compiled(out, "report")
    for warning in warnings:
        progress(warning)
    pdf = None if content is None else write(out / "report.pdf", content)
    points = [study.point for study in studies]
    status = {point.model.name: {name: point.solution(name).status.value for name in point.model.problems} for point in points}
    return Report(tables, drawn, tex, html, data, pdf, status, tuple(warnings), stated)


def _figures(sections: Sequence[Section], folder: Path) -> tuple[Path, ...]:
    from bargain.figures import save

    pictures = [picture for section in sections for picture in section.pictures]
    return tuple(path for picture in pictures for path in save(picture.figure, folder / picture.name))


def _drawing(path: Path) -> tuple[str, bytes]:
    """A figure for the web page: the drawing, or the picture beside it where the drawing is heavy."""
    if path.stat().st_size > _HEAVY:
        return "image/png", path.with_suffix(".png").read_bytes()
    return "image/svg+xml", path.read_bytes()


def _record(study: Study) -> dict[str, Any]:
    """One model as data: what was established for each problem, its quantities and claims at the baseline."""
    point = study.point
    problems = {name: _answer(point.solution(name)) for name in point.model.problems}
    for name, solution in study.free.items():
        problems[name]["every_parameter_free"] = _answer(solution)
    return {"model": point.model.name, "parameters": {str(symbol): plain(value) for symbol, value in point.values.items()}, "problems": problems,
            "quantities": plain(point.quantities()), **_over_the_prior(study),
            "claims": [{"claim": claim.name, "source": claim.source, "holds": holds} for claim, holds in point.claims()]}


def _over_the_prior(study: Study) -> dict[str, Any]:
    return {} if study.assessment is None else {"over the prior": ledger_data([study.assessment.study])[study.point.model.name]}


def _answer(solution: Solution) -> dict[str, Any]:
    """A solution as data, in the form that the command line prints."""
    printed = to_json(solution)
    return {key: printed[key] for key in ("concept", "status", "complete", "regimes", "certificate")}
