"""The sections of a report: one per model, the claims of all models together, and the limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bargain.claims import Model, Point
from bargain.errors import NotApplicable, NotCertified, NotDecided, TooLarge
from bargain.games import Game
from bargain.notation import Notation
from bargain.report import numbers
from bargain.report.claims import assessed, ledgers
from bargain.report.content import Block, Heading, Picture, Prose, Section, Tabular, stem
from bargain.report.evaluate import Evaluation, Progress
from bargain.report.pictures import exhibits, tree
from bargain.report.problems import answered, few, posed, varies
from bargain.report.readable import letters, written
from bargain.report.statements import by_regime
from bargain.sensitivity.assessment import Assessment, Known
from bargain.sensitivity.routes import Listed, cases_of
from bargain.solution import Solution
from bargain.solving import solve
from bargain.tables import Table, notation_rows

FIGURES = "Figures"
_CAPTION = 60  # characters of a title that goes into captions
LIMITS = (
    "The parameters are assumptions or normalisations, marked as such where the notation table has a source column; none of them is estimated, "
    "and no number in this report is a forecast.",
    "A verdict on a claim is the truth value of one statement in one model at one point of its parameters. It illustrates a mechanism. "
    "The results are the conditions under which a regime holds; where a table shows them, they are exact.",
    "A status sentence is about the game as it is written down: it says that the equilibria were checked by a route independent of the solver, "
    "not that the game is the right one. Payoffs of different players are in units of their own and are not added or compared.",
    "Where several equilibria coexist, all that the solver lists are printed; a quantity that needs one of them uses the first, or the one that its model names.",
    "Priors are independent and uniform on stated intervals, so a share of the prior depends on the box that was chosen. Baselines were not chosen blind; "
    "where a first draft was changed after its result was seen, the model says so.",
)


@dataclass
class Study:
    """One model being reported: its baseline point and its solutions with every parameter free."""

    point: Point
    progress: Progress
    free: dict[str, Solution] = field(default_factory=dict)
    settled: dict[str, Solution] = field(default_factory=dict)
    cases: dict[str, Listed] = field(default_factory=dict)
    assessment: Assessment | None = None

    @property
    def name(self) -> str:
        """The stem of the model's files."""
        return stem(self.point.model.name)

    def known(self) -> Known:
        """What a study of the model need not find again."""
        cases = {name: found for name, found in self.cases.items() if not callable(self.point.model.problems[name][0])}
        return Known(cases, tuple(holds for _, holds in self.point.claims()))

    def section(self) -> Section:
        """Everything the report says about the model: the game, its equilibria and its figures first, the rest for the supplement."""
        title, *paragraphs = prose(self.point.model)
        model, said = self.point.model, heading(self.point.model)
        assert model.notation is not None
        blocks: list[Block] = []
        details: list[Block] = []
        notation = self._notation()
        if notation.parameters:
            details.append(Tabular(f"{self.name}-notation", written(notation_rows(notation), ("Meaning", "Source")), f"{said}: notation"))
        for name in model.problems:
            found = list(self._problem(name))
            blocks += [block for block in found if not self._aside(block, blocks)]
            details += [block for block in found if self._aside(block, blocks) and block not in blocks]
        self.progress(f"{model.name}: quantities and claims")
        details.append(Heading("Quantities and claims", settled=True))
        for table in numbers.quantities(self.name, self.point, said):
            (blocks if table.name.startswith(f"{self.name}-quantities-by") else details).append(table)
        if model.claims:
            details.append(numbers.claims(self.name, self.point, said))
        details.append(Tabular(f"{self.name}-checks", self._checks(), f"{said}: what was checked"))
        if model.exhibits:
            blocks += [Heading(FIGURES), *exhibits(Evaluation(self.point, self.progress), self.free)]
        return Section(self.name, title, (Prose(tuple(paragraphs), letters(self.point)), *blocks), details=tuple(details))

    def _notation(self) -> Notation:
        """The symbols of the model, and those that only some of its problems have."""
        assert self.point.model.notation is not None
        found = [self.point.model.notation, *(problem.notation for problem, _ in self.point.model.problems.values() if not callable(problem))]
        rows = {row.name: row for notation in reversed(found) for row in notation}
        names = dict.fromkeys(row.name for notation in found for row in notation)
        return Notation(tuple(rows[name] for name in names), tuple(dict.fromkeys(assumption for notation in found for assumption in notation.assumptions)))

    def _at_baseline(self, name: str) -> Solution:
        """The solution of a problem at the baseline: that of the model, and that of symbols which only the problem has."""
        if name not in self.settled:
            solution, solver = self.point.solution(name), self.point.model.problems[name][1]
            own = solution.problem.notation
            whole = own.parameters and len(own.baseline) == len(own.parameters) and varies(solution)
            self.settled[name] = solve(solution.problem, solver, at=own.baseline) if whole else solution
        return self.settled[name]

    def _aside(self, block: Block, before: Sequence[Block]) -> bool:
        """Whether a block of a problem is for the supplement: rules and payoffs that are no matrix, and a second large tree."""
        if isinstance(block, Picture):
            return any(isinstance(one, Picture) and one is not block for one in before)
        return isinstance(block, Tabular) and isinstance(block.content, Table) and not block.name.endswith(("-equilibria", "-regimes"))

    def _problem(self, name: str) -> Iterator[Block]:
        self.progress(f"{self.point.model.name}: solving {name!r} at the baseline")
        solution = self._at_baseline(name)
        declared, _ = self.point.model.problems[name]
        problem = solution.problem if callable(declared) and not few(solution.problem.notation) else declared
        if callable(problem):
            problem = problem(self.point)
        file = f"{self.name}-{stem(name)}"
        spoken = name.replace("_", " ")
        titles = [self.point.solution(other).problem.title for other in self.point.model.problems]
        alone = titles.count(problem.title) < 2 or spoken.lower() in problem.title.lower()
        title = problem.title if alone else f"{problem.title} ({spoken})"
        yield Heading(title)
        yield from posed(file, problem, solution.problem, title)
        yield answered(file, solution, self.point, title)
        symbolic = self._symbolic(name, problem)
        if symbolic is not None:
            yield by_regime(file, symbolic, title)
        if isinstance(problem, Game):
            yield tree(f"{file}-tree", solution, problem if symbolic else solution.problem, title)

    def _symbolic(self, name: str, problem: object) -> Solution | None:
        """The solution with every parameter free, where they are few."""
        notation = problem.notation  # type: ignore[attr-defined]
        if not few(notation):
            return None
        self.progress(f"{self.point.model.name}: solving {name!r} with every parameter free")
        try:
            solution = solve(problem, self.point.model.problems[name][1])
        except (NotApplicable, NotCertified, NotDecided, TooLarge) as error:
            self.progress(f"{self.point.model.name}: {name!r} is shown at the baseline only ({error.rule[:80]})")
            return None
        self.cases[name] = cases_of(solution)
        if varies(solution):
            self.free[name] = solution
        return self.free.get(name)

    def _checks(self) -> Table:
        rows = []
        for name in self.point.model.problems:
            for where, solution in (("baseline", self._at_baseline(name)), ("everywhere", self.free.get(name))):
                if solution is not None:
                    done = "; ".join(check.removesuffix(" checked").replace(": ", " ", 1) for check in solution.certificate.checks)
                    rows.append((name.replace("_", " "), where, str(solution.solver.concept), solution.status.value, done))
        return Table("", ("Problem", "Where", "Concept", "Status", "Checks"), tuple(rows))


def heading(model: Model) -> str:
    """A model in captions: its title up to a colon, or its name where that is long."""
    first = prose(model)[0].partition(":")[0]
    return first if len(first) <= _CAPTION else model.name.rpartition("/")[2].replace("_", " ").capitalize()


def prose(model: Model) -> list[str]:
    """The title of a model, and the paragraphs of its summary."""
    paragraphs = [" ".join(part.split()) for part in model.summary.strip().split("\n\n") if part.strip()]
    if not paragraphs:
        return [model.name]
    title, *rest = paragraphs
    return [title.rstrip("."), *rest]


def with_claims(section: Section, study: Study) -> Section:
    """The section of a model with what its study found: pictures with its figures, tables in its details."""
    assert study.assessment is not None
    found = tuple(assessed(study.name, study.assessment, heading(study.point.model)))
    drawn = tuple(block for block in found if isinstance(block, Picture))
    titled = any(isinstance(block, Heading) and block.text == FIGURES for block in section.blocks)
    title = (Heading(FIGURES),) if drawn and not titled else ()
    details = [block for block in section.details if not (isinstance(block, Tabular) and block.name == f"{study.name}-claims")]  # the ledger has the verdicts
    return replace(section, blocks=(*section.blocks, *title, *drawn), details=(*details, *(block for block in found if block not in drawn)))


def closing(studies: Sequence[Study], prefix: str = "") -> Iterator[Section]:
    """The claims of these models together; those of the study close with what the report does not say. prefix: of file names."""
    points = [study.point for study in studies]
    rows = [(claim.name, point.model.name, claim.source, numbers.verdict(holds)) for point in points for claim, holds in point.claims()]
    blocks: list[Block] = []
    if rows:
        held = sum(row[3] == "holds" for row in rows)
        blocks.append(Prose((f"Of {len(rows)} claims, {held} hold and {len(rows) - held} fail at the baselines. These verdicts are illustrations of "
                             "mechanisms: the baselines are assumptions, not estimates.",)))
        plain = {study.point.model.name for study in studies if study.assessment is None}  # the ledger has the verdicts of the others
        listed = tuple((claim, model.rpartition("/")[2].replace("_", " "), source, holds) for claim, model, source, holds in rows if model in plain)
        table = written(Table("", ("Claim", "Model", "Source", "At the baseline"), listed).without_empty(), ("Claim", "Source"))
        if table.rows:
            whose = " without priors" if len(table.rows) < len(rows) else ""
            blocks.append(Tabular("all-claims", table, f"Claims of all models{whose} at the baselines"))
    blocks += ledgers([study.assessment for study in studies if study.assessment is not None])
    if prefix:
        blocks = [replace(block, name=f"{prefix}-{block.name}") if isinstance(block, Tabular | Picture) else block for block in blocks]
        yield Section(f"{prefix}-claims", "Claims of these models", tuple(blocks))
    else:
        yield Section("claims-and-limits", "Claims of all models, and limits", (*blocks, Heading("Limits"), Prose(LIMITS)))
