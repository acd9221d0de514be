"""Mutation testing of `certify` and `regions`: are the tests able to see a wrong comparison, sign, constant or omitted check?

    python tests/mutants.py --sample 100 --seed 1

Every mutant is one change in one function. It is put into a forked process in place of the function's code, and the tests of that module run
there until one fails (the mutant is killed) or all pass (it survives). Nothing is written to the source. The sample is drawn with the seed, the
same for every run; a mutant that changes nothing (an equivalent one) counts as a survivor, so the rate is a lower bound.
"""

import argparse
import ast
import contextlib
import copy
import os
import random
import resource
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SECONDS = 300  # of processor time: a mutant that makes the tests run longer counts as killed
TESTS = {
    "regions": ["test_regions.py", "test_certificate_corruptions.py", "test_certificates.py"],
    "certify.nash": ["test_certificates.py"], "certify.check": ["test_certificates.py"],
    "certify.deviations": ["test_certificate_corruptions.py", "test_certificates.py", "test_subgame_perfect_nodes.py"],
    "certify.subgame_perfect": ["test_certificates.py", "test_subgame_perfect_nodes.py"], "certify.share_rules": ["test_certificates.py"],
    "certify.rubinstein": ["test_certificates.py", "test_rubinstein.py"], "certify.waiting": ["test_certificates.py", "test_rubinstein.py"],
    "certify.axiomatic": ["test_certificates.py", "test_axiomatic.py"], "certify.coalitional": ["test_certificate_corruptions.py", "test_coalitional.py"],
    "certify.frontier_path": ["test_frontier_path.py"],
    "certify.markov": ["test_markov.py"], "certify.legislative": ["test_random_proposer.py"], "certify.correlated": ["test_neighbours_correlated.py"],
    "certify.dominance": ["test_neighbours_dominance.py"], "certify.coexisting": ["test_coexisting.py"],
    "certify.threats": ["test_neighbours_threats.py", "test_certificate_corruptions.py"],
    "certify.attrition": ["test_family_attrition.py"], "certify.costly_war": ["test_family_costly_war.py"],
    "certify.stochastic_pie": ["test_family_moving_states.py"],
    "certify.power_shift": ["test_power_shift.py"], "certify.agenda": ["test_family_agenda.py"], "certify.tree_nash": ["test_information_solvers.py"],
    "certify.sequential": ["test_sequential.py"],
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
    found: Any = whole
    for part in mutant.function.split("."):
        found = next(code for code in found.co_consts if isinstance(code, types.CodeType) and code.co_name == part)
    return found, line, text


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
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        status = 1
        with contextlib.suppress(BaseException), open(os.devnull, "w", encoding="utf-8") as silent:
            os.dup2(silent.fileno(), 1)
            os.dup2(silent.fileno(), 2)
            put(mutant)
            import pytest

            status = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests]))
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def put(mutant: Mutant) -> None:
    """Replace the code of the live function: every reference to it sees the change."""
    owner: Any = import_module(f"bargain.{mutant.module}")
    *path, last = mutant.function.split(".")
    for part in path:
        owner = getattr(owner, part)
    found = owner.__dict__[last]
    found = getattr(found, "fget", None) or getattr(found, "func", None) or getattr(found, "__wrapped__", None) or getattr(found, "__func__", None) or found
    found.__code__ = code_of(mutant)[0]


def main() -> int:
    """Draw a sample, report every survivor and the rate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="modules whose name contains this")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first ones of the sample: a run that was stopped goes on")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    options = parser.parse_args()
    regions = [f"regions.{path.stem}" for path in sorted((ROOT / "bargain" / "regions").glob("*.py")) if path.stem != "__init__"]
    modules = [m for m in [*regions, *(m for m in TESTS if m.startswith("certify"))] if options.only in m]
    everything = [mutant for module in modules for mutant in mutants(module)]
    chosen = random.Random(options.seed).sample(everything, min(options.sample, len(everything)))
    for module in modules:
        import_module(f"bargain.{module}")
    begun, dead, done = time.monotonic(), 0, 0
    for mutant in chosen[options.skip:]:
        if time.monotonic() - begun > options.seconds:
            break
        own = TESTS.get(mutant.module) or TESTS[mutant.module.split(".")[0]]
        hit = killed(mutant, [str(ROOT / "tests" / name) for name in own])
        dead, done = dead + hit, done + 1
        print(f"{options.skip + done} of {len(chosen)}, {dead} killed", file=sys.stderr, flush=True)
        if not hit:
            _, line, text = code_of(mutant)
            print(f"survived: bargain/{mutant.module.replace('.', '/')}.py:{line} {mutant.function}: {mutant.what}: {text}", flush=True)
    print(f"{dead} of {done} mutants killed ({100 * dead / max(done, 1):.1f} %), drawn from {len(everything)} with seed {options.seed}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
