"""The public names of `iamlint` and of its pytest plugin."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import iamlint
import pytest_iam

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PACKAGES = (iamlint, pytest_iam)


def exported(package: ModuleType) -> list[str]:
    names: list[str] = vars(package)["__all__"]
    return names


def typed(package: ModuleType) -> dict[str, str]:
    """Return the public names as type checkers see them, each with its module."""
    path = Path(str(package.__file__))
    return {
        str(alias.asname): f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_the_names_that_programs_get(package: ModuleType) -> None:
    assert sorted(typed(package)) == exported(package)


@pytest.mark.parametrize(
    ("package", "name", "home"),
    [(p, name, home) for p in PACKAGES for name, home in typed(p).items()],
)
def test_public_name_is_what_type_checkers_see(package: ModuleType, name: str, home: str) -> None:
    module, _, own = home.rpartition(".")

    assert getattr(package, name) is getattr(import_module(module), own)


def test_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module `iamlint` has no attribute `measure`"):
        _ = iamlint.measure  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import iamlint, sys; print(*sorted(m for m in sys.modules if m.startswith('iamlint')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "iamlint iamlint.lazy_names"
