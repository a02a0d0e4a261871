"""Imports point down, and every library has one home. Reads the source; imports nothing of it.

`CYCLES`, `SHARED_NAMES` and `FULL_PACKAGES` list the violations of today. They may only shrink: an
entry that is not a violation any more fails as well.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.figures import circles

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ROWS = (
    ("fast_dataclass", "late_pattern", "lazy_names", "own_modules", "paths"),
    ("errors", "version", "writing"),
    ("text",),
    ("policy",),
    ("load", "catalog"),
    ("grants", "evaluator"),
    ("account", "simulate"),
    ("reason",),
    ("graph",),
    ("rule",),
    ("rules", "report"),
    ("config",),
    ("hookspecs",),
    ("plugins",),
    ("linter", "repository"),
    ("revisions",),
    ("spread",),
    ("testing", "api", "server"),
    ("cli", "pytest_iam"),
)
ROW = {name: number for number, names in enumerate(ROWS) for name in names}
HOMES = {
    "pygls": ("iamlint/server/",),
    "lsprotocol": ("iamlint/server/",),
    "click": ("iamlint/cli/",),
    "distributed": ("iamlint/spread/dask.py",),
    "attrs": ("iamlint/report/sarif.py",),
    "fsspec": ("iamlint/load/find/stores.py",),
    "zstandard": ("iamlint/load/find/stores.py",),
    "jinja2": ("iamlint/report/html_page.py",),
    "markupsafe": ("iamlint/report/html_page.py",),
    "sarif_om": ("iamlint/report/sarif.py", "iamlint/report/diff/sarif.py"),
    "json5": ("iamlint/text/json.py",),
    "yaml": ("iamlint/text/yaml.py",),
    "tree_sitter": ("iamlint/text/hcl/parse.py", "iamlint/text/toml.py"),
    "tree_sitter_hcl": ("iamlint/text/hcl/parse.py",),
    "tree_sitter_toml": ("iamlint/text/toml.py",),
    "dataclasses.dataclass": ("iamlint/fast_dataclass.py", "pytest_iam/"),
    "subprocess": ("iamlint/revisions/sides/git.py",),
    "pluggy": ("iamlint/hookspecs.py", "iamlint/plugins/extensions.py"),
    "pytest": ("pytest_iam/", "iamlint/pytest_guard.py"),
}
# Modules that import each other, directly or through others.
CYCLES: list[set[str]] = []
# Names of public classes, and how many classes have the name.
SHARED_NAMES = {
    "Decision": 2,
    "Principal": 2,
}
# Packages whose `__init__` defines more than its public names, and how many definitions it has.
FULL_PACKAGES: dict[str, int] = {}
PUBLIC = {"RULES", "BUILTIN", "__all__"}
FILES = sorted([*ROOT.glob("iamlint/**/*.py"), *ROOT.glob("pytest_iam/**/*.py")])


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    return shown(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {dotted(path) for path in FILES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> list[str]:
    """Return the modules and names that the file imports: on top, in functions and for types."""
    names = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def part(dotted: str) -> str:
    return dotted.split(".")[1] if "." in dotted else ""


def module_of(target: str) -> str:
    return target if target in MODULES else target.rpartition(".")[0]


def public_classes() -> Iterator[str]:
    for path in FILES:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def defined(path: Path) -> Iterator[str]:
    """Yield each name that the top level of a file defines."""
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (ast.unparse(target) for target in node.targets)
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target)


def test_imports_point_down() -> None:
    wrong = []
    for path in FILES:
        name = shown(path)
        own = name.removesuffix(".py").removeprefix("iamlint/").split("/")[0]
        if own in ("__init__", "__main__"):
            continue
        for target in imported(path):
            if not target.startswith("iamlint.") or part(target) == own:
                continue
            if ROW[part(target)] >= ROW.get(own, len(ROWS)):
                wrong.append(f"{name} imports {target}")

    assert wrong == []


def test_no_modules_import_each_other() -> None:
    imports = {
        dotted(path): {module_of(target) for target in imported(path)} & MODULES - {dotted(path)}
        for path in FILES
    }

    assert sorted(map(sorted, circles(imports))) == sorted(map(sorted, CYCLES))


def test_name_of_a_public_class_is_defined_once() -> None:
    counts = Counter(public_classes())

    assert {name: count for name, count in counts.items() if count > 1} == SHARED_NAMES


def test_init_files_define_public_names_alone() -> None:
    counts = {
        dotted(path): len([name for name in defined(path) if name not in PUBLIC])
        for path in FILES
        if path.name == "__init__.py"
    }

    assert {name: count for name, count in counts.items() if count} == FULL_PACKAGES


def test_library_is_imported_in_its_one_home() -> None:
    wrong = []
    for path in FILES:
        for target in imported(path):
            homes = HOMES.get(target, HOMES.get(target.split(".")[0]))
            if homes is not None and not shown(path).startswith(homes):
                wrong.append(f"{shown(path)} imports {target}")

    assert wrong == []


def test_functions_have_at_most_40_lines_and_modules_400() -> None:
    long = [
        f"{shown(path)} {node.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    long += [shown(path) for path in FILES if path.read_text(encoding="utf-8").count("\n") > 400]

    assert long == []
