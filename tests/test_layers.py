"""Imports point down, and every library has one home. Reads the source; imports nothing of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = (
    ("records",),
    ("errors", "version"),
    ("text",),
    ("policy",),
    ("load", "catalog"),
    ("evaluate",),
    ("account",),
    ("finding", "mend"),
    ("rule",),
    ("rules", "fingerprint", "edits"),
    ("run", "page"),
    ("suppress", "parallel"),
    ("baseline",),
    ("testing", "report"),
    ("config",),
    ("hookspecs",),
    ("plugins",),
    ("lint", "repository"),
    ("iamtest", "filecheck"),
    ("fix",),
    ("cli",),
)
ROW = {name: number for number, names in enumerate(ROWS) for name in names}
HOMES = {
    "click": ("iamlint/cli/",),
    "sarif_om": ("iamlint/report/sarif.py",),
    "json5": ("iamlint/text/json.py",),
    "yaml": ("iamlint/text/yaml.py",),
    "tree_sitter": ("iamlint/text/hcl.py",),
    "tree_sitter_hcl": ("iamlint/text/hcl.py",),
    "dataclasses.dataclass": ("iamlint/records.py", "pytest_iam/"),
    "pluggy": ("iamlint/hookspecs.py", "iamlint/plugins.py"),
    "pytest": ("pytest_iam/", "iamlint/pytest_guard.py"),
}
FILES = sorted([*ROOT.glob("iamlint/**/*.py"), *ROOT.glob("pytest_iam/**/*.py")])


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def part(dotted: str) -> str:
    return dotted.split(".")[1] if "." in dotted else ""


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    own = name.removesuffix(".py").split("/")[1] if name.startswith("iamlint/") else ""
    for target in imported(path):
        if not target.startswith("iamlint.") or own in ("__init__", "__main__", ""):
            continue
        if part(target) != own:
            assert ROW[part(target)] < ROW.get(own, len(ROWS)), f"{name} imports {target}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_library_is_imported_in_its_one_home(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    for target in imported(path):
        homes = HOMES.get(target, HOMES.get(target.split(".")[0]))
        assert homes is None or name.startswith(homes), f"{name} imports {target}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_functions_have_at_most_40_lines_and_modules_400(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]

    assert long == []
    assert text.count("\n") <= 400
