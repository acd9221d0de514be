"""The layers of the design: a module imports only from rows above its own, and never executes text."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bargain

ROOT = Path(bargain.__file__).parent
ROWS = {
    0: ("errors", "expressions", "exponentials", "showing", "showing", "inputs", "limits", "cvc5_program"),
    1: ("notation", "verify"),
    2: ("regions",),
    3: ("games",),
    4: ("equilibrium", "solution", "findings"),
    5: ("compile", "kernels", "certify"),
    6: ("solvers",),
    7: ("solving",),
    8: ("sweeping", "sensitivity", "analysis", "claims", "exhibits"),
    9: ("inventory", "tables", "latex", "figures", "drawing", "interop", "portable"),
    10: ("report", "cli", "loading", "__main__"),
}
ROW = {name: row for row, names in ROWS.items() for name in names}
BESIDE = {("expressions", "errors"), ("solution", "equilibrium"), ("findings", "solution"), ("compile", "kernels"), ("claims", "exhibits"),
          ("inputs", "errors"), ("limits", "errors"),
          ("latex", "tables"), ("figures", "tables"),
          ("cli", "loading"), ("cli", "report"), ("report", "loading"), ("__main__", "cli"),
          ("sensitivity", "analysis"), ("sensitivity", "claims"), ("sweeping", "sensitivity"), ("sweeping", "claims")}  # imports within a row that are agreed
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def part(path: Path) -> str:
    """The name in the table of rows that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def at_module_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements that run on import: function bodies and ``if TYPE_CHECKING`` are left out, other blocks are entered."""
    stack: list[ast.stmt] = list(tree.body)
    while stack:
        statement = stack.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING":
            continue
        yield statement
        for block in ("body", "orelse", "finalbody"):
            stack.extend(child for child in getattr(statement, block, []) if isinstance(child, ast.stmt))


def imported(statement: ast.AST, path: Path) -> list[str]:
    """The dotted names that a statement imports; a relative import is resolved against the file."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if not isinstance(statement, ast.ImportFrom):
        return []
    if statement.level == 0:
        return [statement.module or ""]
    package = ("bargain", *path.relative_to(ROOT).parts[:-1])
    base = ".".join(package[: len(package) - statement.level + 1])
    return [f"{base}.{statement.module}" if statement.module else base]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_has_a_row_and_imports_only_from_rows_above(path: Path) -> None:
    here = part(path)
    assert here in ROW, f"give {here} a row in the design"
    for statement in at_module_level(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported(statement, path):
            if not name.startswith("bargain"):
                continue
            there = (name.split(".") + [""])[1]
            if not there:
                names = {alias.name for alias in getattr(statement, "names", ())}
                assert names == {"__version__"}, f"{path}:{statement.lineno} imports the package itself; import the module that defines the name"
                continue
            assert there == here or ROW[there] < ROW[here] or (here, there) in BESIDE, (
                f"{path}:{statement.lineno}: {here} (row {ROW[here]}) may not import {there} (row {ROW[there]})")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_package_never_imports_the_models(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported(node, path):
            assert name.split(".")[0] != "models" and not name.startswith("bargain.models"), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_text_is_never_executed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        assert name not in ("eval", "exec"), f"{path}:{node.lineno} executes text"
        called = node.func.attr if isinstance(node.func, ast.Attribute) else name
        assert called not in ("parse_expr", "lambdastr"), f"{path}:{node.lineno} lets sympy execute text"
        if called in ("sympify", "S") and node.args:
            given = node.args[0]
            text = isinstance(given, ast.JoinedStr) or (isinstance(given, ast.Constant) and isinstance(given.value, str))
            text = text or (isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "str")
            assert not text, f"{path}:{node.lineno} gives text to sympify, which executes it"


def test_every_public_name_loads_and_is_listed() -> None:
    for name in bargain.__all__:
        assert getattr(bargain, name) is not None
    with pytest.raises(AttributeError):
        bargain.no_such_name  # noqa: B018 - the access is what is tested
