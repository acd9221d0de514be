"""Mutation testing of `certify` and `regions`: are the tests able to see a wrong comparison, sign, constant or omitted check?

    python tests/mutants.py --sample 100 --seed 1 [--only regions]

Every mutant is one change in one function. It is put into a forked process in place of the function's code, and tests run there until one
fails (the mutant is killed) or all pass (it survives). Nothing is written to the source. The sample is drawn with the seed, the same for every
run; a mutant that changes nothing (an equivalent one) counts as a survivor, so the rate is a lower bound.

To be cheap: the answers that the sharp tests corrupt are found once, before the forks; a first run of the sharp tests notes which of them
execute which statement, and a mutant meets only those that execute its statement, the quickest first. What survives them meets the other tests
of its module (`TESTS`), unless `--sharp` leaves these out.
"""

import argparse
import ast
import contextlib
import copy
import json
import os
import random
import re
import resource
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SECONDS = 300  # of processor time: a mutant that makes the tests run longer counts as killed
SHARP = ["test_regions_sharp.py", "test_certify_check_sharp.py", "test_certify_sharp.py", "test_certify_sharp_a.py", "test_certify_sharp_b.py"]
TESTS = {  # what runs after the sharp tests, by module
    "regions": ["test_regions.py", "test_certificate_corruptions.py", "test_certificates.py"],
    "certify.agenda": ["test_family_agenda.py"], "certify.arcs": ["test_frontier_path.py"], "certify.attrition": ["test_family_attrition.py"],
    "certify.attrition_private": ["test_family_attrition_private.py"], "certify.audience": ["test_family_audience.py"],
    "certify.axiomatic": ["test_axiomatic.py", "test_certificates.py"], "certify.check": ["test_certificates.py"],
    "certify.coalitional": ["test_certificate_corruptions.py", "test_coalitional.py"], "certify.coexisting": ["test_coexisting.py"],
    "certify.correlated": ["test_neighbours_correlated.py"], "certify.costly_war": ["test_family_costly_war.py"],
    "certify.cover": ["test_existence.py", "test_certificates.py"], "certify.curved_frontier": ["test_rubinstein_protocols.py"],
    "certify.deviations": ["test_certificate_corruptions.py", "test_subgame_perfect_nodes.py", "test_certificates.py"],
    "certify.dominance": ["test_neighbours_dominance.py"], "certify.extensive_correlated": ["test_extensive_correlated.py"],
    "certify.extensive_perfect": ["test_extensive_perfect.py"], "certify.finite_horizon": ["test_rubinstein_protocols.py"],
    "certify.frontier_path": ["test_frontier_path.py"], "certify.legislative": ["test_random_proposer.py"],
    "certify.linear_screening": ["test_family_screening.py"], "certify.logit": ["test_neighbours_logit.py"],
    "certify.many_players": ["test_many_players.py", "test_exact_supports.py"],
    "certify.markov": ["test_markov.py"], "certify.mechanisms": ["test_family_mechanisms.py"], "certify.nash": ["test_certificates.py"],
    "certify.open_rule": ["test_family_legislature.py"], "certify.outcomes": ["test_discovery.py"], "certify.package": ["test_family_axiomatic.py"],
    "certify.payoff_bounds": ["test_rubinstein_protocols.py"], "certify.plays": ["test_discovery.py"], "certify.polytopes": ["test_family_axiomatic.py"],
    "certify.positions": ["test_family_positions.py"], "certify.power_shift": ["test_power_shift.py"], "certify.quantal": ["test_agent_quantal.py"],
    "certify.raiffa": ["test_frontier_path.py"], "certify.ranges": ["test_discovery.py"], "certify.refinements": ["test_neighbours_refinements.py"],
    "certify.rubinstein": ["test_rubinstein.py", "test_certificates.py"], "certify.screening": ["test_family_screening.py"],
    "certify.sequential": ["test_sequential.py"], "certify.share_rules": ["test_certificates.py"], "certify.spatial": ["test_family_legislature.py"],
    "certify.stochastic_pie": ["test_family_moving_states.py"], "certify.stream": ["test_family_commitment.py"],
    "certify.subgame_perfect": ["test_subgame_perfect_nodes.py", "test_certificates.py"], "certify.talks": ["test_family_talks.py"],
    "certify.threats": ["test_neighbours_threats.py", "test_certificate_corruptions.py"], "certify.tree_nash": ["test_information_solvers.py"],
    "certify.unanimity": ["test_family_axiomatic.py"], "certify.waiting": ["test_rubinstein.py", "test_certificates.py"],
}
_PAIRS = ((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn), (ast.Add, ast.Sub), (ast.And, ast.Or))
_SWAPS: dict[type, type] = {**dict(_PAIRS), **{b: a for a, b in _PAIRS}, ast.Mult: ast.Add, ast.Div: ast.Mult}
_SIGNS = {"GT": "GE", "GE": "GT", "LT": "LE", "LE": "LT", "EQ": "NE", "NE": "EQ"}


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the function, the number of the place in its tree, and what it does, in words."""

    module: str
    function: str
    place: int
    what: str


def functions(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Functions and methods at the top of a module, by qualified name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, ast.FunctionDef))


def changes(node: ast.AST) -> list[str]:
    """What can be changed at one place of a tree, in words."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        return ["comparison"]
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _SWAPS:
        return ["operator"]
    if isinstance(node, ast.Constant) and (isinstance(node.value, bool) or node.value in (0, 1, 2, -1)) and not isinstance(node.value, str | float):
        return ["constant"]
    if isinstance(node, ast.Name) and node.id in _SIGNS and isinstance(node.ctx, ast.Load):
        return ["sign"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        return ["negation"]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        return ["omitted check"]
    return []


def changed(node: Any, what: str) -> ast.AST:
    """The changed node."""
    if what == "comparison":
        node.ops[0] = _SWAPS[type(node.ops[0])]()
    elif what == "operator":
        node.op = _SWAPS[type(node.op)]()
    elif what == "constant":
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif what == "sign":
        node.id = _SIGNS[node.id]
    elif what == "negation":
        return node.operand
    else:  # the value is computed, and not yielded; the function stays a generator
        empty = ast.YieldFrom(ast.Tuple([], ast.Load()))
        return ast.Expr(empty)
    return node


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module; docstrings and annotations are left alone."""
    found = []
    for name, function in functions(ast.parse(_source(module))):
        for place, node in enumerate(_places(function)):
            found += [Mutant(module, name, place, what) for what in changes(node)]
    return found


def _places(function: ast.FunctionDef) -> list[ast.AST]:
    return [node for statement in function.body for node in ast.walk(statement)]


def _source(module: str) -> str:
    return (ROOT / "bargain" / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")


def code_of(mutant: Mutant) -> tuple[types.CodeType, int, str]:
    """The code of the changed function, and the line and text of the change."""
    tree = ast.parse(_source(mutant.module))
    function = dict(functions(tree))[mutant.function]
    node: Any = _places(function)[mutant.place]
    line, before = node.lineno, ast.unparse(node)
    changer = _Changer(node, mutant.what)
    changer.visit(function)
    text = f"{before}  ->  {ast.unparse(changer.made)}"
    whole = compile(ast.fix_missing_locations(tree), f"<mutant of {mutant.module}>", "exec")
    return _code(whole, mutant.function), line, text


class _Changer(ast.NodeTransformer):
    def __init__(self, node: ast.AST, what: str) -> None:
        self.node, self.what, self.made = node, what, node

    def visit(self, node: ast.AST) -> Any:
        if node is not self.node:
            return self.generic_visit(node)
        self.made = changed(copy.copy(node) if self.what != "comparison" else node, self.what)
        return self.made


def killed(mutant: Mutant, tests: list[str]) -> bool:
    """Whether some test fails with the mutant in place."""
    def work() -> int:
        put(mutant)
        return _pytest(tests)

    return bool(tests) and _forked(work) != 0


def _forked(work: Callable[[], int]) -> int:
    """The exit code of some work in a silent process of its own."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        status = 1
        with contextlib.suppress(BaseException), open(os.devnull, "w", encoding="utf-8") as silent:
            os.dup2(silent.fileno(), 1)
            os.dup2(silent.fileno(), 2)
            status = work()
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _pytest(tests: list[str], *plugins: object) -> int:
    import pytest

    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:benchmark", "-p", "no:xdist"]
    if any(Path(test.split("::")[0]).name not in SHARP for test in tests if not test.startswith("-")):
        options += ["-m", "not slow"]
    return int(pytest.main([*options, *tests], plugins=plugins))


class _Notes:
    """A pytest plugin: which statements each test executes, and how long it takes."""

    def __init__(self) -> None:
        self.here: set[int] = set()
        self.failed: set[str] = set()
        self.seen: dict[str, tuple[float, list[int]]] = {}

    def pytest_runtest_protocol(self, item: Any) -> None:
        self.here.clear()
        self.begun, self.name = time.process_time(), item.nodeid

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed |= {report.nodeid} if report.failed else set()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if nodeid in self.failed:  # a test that fails by itself shows nothing
            return
        self.seen[nodeid] = (time.process_time() - self.begun, sorted(self.here))


class _Marker(ast.NodeTransformer):
    """Puts a note before every statement."""

    def __init__(self, first: int) -> None:
        self.number = first
        self.of: dict[int, int] = {}  # place in the tree -> number of the statement

    def mark(self, body: list[ast.stmt]) -> list[ast.stmt]:
        marked: list[ast.stmt] = []
        for statement in body:
            number, self.number = self.number, self.number + 1
            for node in ast.walk(statement):
                self.of[id(node)] = number
            for name in ("body", "orelse", "finalbody"):
                if getattr(statement, name, None) and not isinstance(statement, ast.ClassDef):
                    setattr(statement, name, self.mark(getattr(statement, name)))
            note = ast.parse(f"_note({number})").body[0]
            marked += [ast.copy_location(note, statement), statement]
        return marked


def statements(module: str, first: int) -> tuple[dict[tuple[str, int], int], dict[str, types.CodeType], int]:
    """For every place of every function the number of its statement; the marked codes; and the next free number."""
    tree = ast.parse(_source(module))
    marker, numbers = _Marker(first), {}
    for name, function in functions(tree):
        places = _places(function)
        function.body = marker.mark(function.body)
        numbers.update({(name, place): marker.of[id(node)] for place, node in enumerate(places)})
    whole = compile(ast.fix_missing_locations(tree), f"<marked {module}>", "exec")
    return numbers, {name: _code(whole, name) for name, _ in functions(ast.parse(_source(module)))}, marker.number


def who_executes(modules: list[str], tests: list[str]) -> dict[tuple[str, str, int], list[str]]:
    """The tests that execute each place of the modules, the quickest first."""
    found, codes, first = {}, {}, 0
    for module in modules:
        numbers, marked, first = statements(module, first)
        found.update({(module, name, place): number for (name, place), number in numbers.items()})
        codes.update({(module, name): code for name, code in marked.items()})
    notes = _Notes()

    def work() -> int:
        for (module, name), code in codes.items():
            import_module(f"bargain.{module}").__dict__["_note"] = notes.here.add
            _replace(module, name, code)
        _pytest(["--maxfail=1000", *tests], notes)
        Path(where).write_text(json.dumps([notes.seen, sorted(notes.failed)]), encoding="utf-8")
        return 0

    with tempfile.TemporaryDirectory() as folder:
        where = f"{folder}/notes"
        if _forked(work) != 0:
            raise SystemExit("the tests cannot be run: " + " ".join(tests))
        seen, failed = json.loads(Path(where).read_text(encoding="utf-8"))
    if failed:
        print(f"left out, as they fail without a mutant: {', '.join(failed)}", file=sys.stderr)
    by_statement: dict[int, list[str]] = {}
    for name, (_, executed) in sorted(seen.items(), key=lambda pair: pair[1][0]):
        for number in executed:
            by_statement.setdefault(number, []).append(str(ROOT / name))
    return {place: by_statement.get(number, []) for place, number in found.items()}


def put(mutant: Mutant) -> None:
    """Replace the code of the live function: every reference to it sees the change."""
    _replace(mutant.module, mutant.function, code_of(mutant)[0])


def _replace(module: str, function: str, code: types.CodeType) -> None:
    owner: Any = import_module(f"bargain.{module}")
    *path, last = function.split(".")
    for part in path:
        owner = getattr(owner, part)
    found = owner.__dict__[last]
    found = getattr(found, "fget", None) or getattr(found, "func", None) or getattr(found, "__wrapped__", None) or getattr(found, "__func__", None) or found
    found.__code__ = code


def _code(whole: types.CodeType, function: str) -> types.CodeType:
    found: Any = whole
    for part in function.split("."):
        found = next(code for code in found.co_consts if isinstance(code, types.CodeType) and code.co_name == part)
    return found  # type: ignore[no-any-return]


def measure(chosen: list[Mutant], *, sharp_only: bool = False, seconds: float = float("inf"), skip: int = 0,
            notes: Path | None = None) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether it was killed."""
    sys.path.insert(0, str(ROOT / "tests"))
    modules = sorted({mutant.module for mutant in chosen})
    for module in modules:
        import_module(f"bargain.{module}")
    sharp = [name for name in SHARP if any(m.startswith("regions") for m in modules) or "regions" not in name]
    if any(module.startswith("certify") for module in modules):
        cases = import_module("certified_cases")
        for name in cases.MAKERS:
            cases.solved(name)
    else:
        sharp = SHARP[:2]
    for name in sharp:
        import_module(name.removesuffix(".py"))
    executing = _remembered(notes, modules, [str(ROOT / "tests" / name) for name in sharp])
    begun = time.monotonic()
    for mutant in chosen[skip:]:
        if time.monotonic() - begun > seconds:
            break
        own = TESTS.get(mutant.module) or TESTS[mutant.module.split(".")[0]]
        dead = killed(mutant, executing[mutant.module, mutant.function, mutant.place])
        yield mutant, dead or (not sharp_only and killed(mutant, [str(ROOT / "tests" / name) for name in own]))


def _remembered(notes: Path | None, modules: list[str], tests: list[str]) -> dict[tuple[str, str, int], list[str]]:
    if notes is not None and notes.exists():
        return {(module, name, place): found for module, name, place, found in json.loads(notes.read_text(encoding="utf-8"))}
    every = sorted({*modules, *(mutant.module for mutant in draw(10**6, 0, modules[0].split(".")[0])[0])} if notes is not None else modules)
    found = who_executes(every, tests)
    if notes is not None:
        notes.write_text(json.dumps([[*place, found] for place, found in found.items()]), encoding="utf-8")
    return found


def draw(sample: int, seed: int, only: str = "") -> tuple[list[Mutant], int]:
    """The sample, and how many mutants there are."""
    modules = [f"{package}.{path.stem}" for package in ("regions", "certify") for path in sorted((ROOT / "bargain" / package).glob("*.py"))]
    everything = [mutant for module in modules if re.search(only, module) for mutant in mutants(module)]
    return random.Random(seed).sample(everything, min(sample, len(everything))), len(everything)


def main() -> int:
    """Draw a sample, report every survivor and the rate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="modules whose name has a match for this pattern: regions, or certify.[o-z]")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first ones of the sample: a run that was stopped goes on")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    parser.add_argument("--sharp", action="store_true", help="run the sharp tests alone")
    parser.add_argument("--notes", type=Path, help="file that keeps which tests execute what, for further runs with the same tests")
    options = parser.parse_args()
    chosen, possible = draw(options.sample, options.seed, options.only)
    dead, done = 0, 0
    for mutant, hit in measure(chosen, sharp_only=options.sharp, seconds=options.seconds, skip=options.skip, notes=options.notes):
        dead, done = dead + hit, done + 1
        print(f"{options.skip + done} of {len(chosen)}, {dead} killed", file=sys.stderr, flush=True)
        if not hit:
            _, line, text = code_of(mutant)
            print(f"survived: bargain/{mutant.module.replace('.', '/')}.py:{line} {mutant.function}: {mutant.what}: {text}", flush=True)
    print(f"{dead} of {done} mutants killed ({100 * dead / max(done, 1):.1f} %), drawn from {possible} with seed {options.seed}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
