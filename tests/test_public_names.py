"""The public names of `iamlint`, which the pytest plugin and others build on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import iamlint

ROOT = Path(__file__).parent.parent


def test_public_names_are_these() -> None:
    assert iamlint.__all__ == [
        "Account",
        "Answer",
        "Assertion",
        "AssertionCoverage",
        "CompiledPolicy",
        "FileCheck",
        "IamTest",
        "IamlintError",
        "Identity",
        "Repository",
        "Ruling",
        "Subject",
        "Terms",
        "UsageError",
        "Who",
        "ask_to_assume",
        "assertion_of",
        "assumed",
        "check_file",
        "explain",
        "find_repository",
        "is_policy_file",
        "measure",
        "read_tests",
        "run_case",
        "session_of",
        "session_policy",
        "vars_of",
        "who_can",
    ]


@pytest.mark.parametrize("name", iamlint.__all__)
def test_public_name_leads_somewhere(name: str) -> None:
    assert getattr(iamlint, name).__module__.startswith("iamlint.")


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import iamlint, sys; print([m for m in sys.modules if m.startswith('iamlint')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['iamlint']"


@pytest.mark.parametrize("path", sorted(ROOT.glob("pytest_iam/*.py")), ids=lambda p: p.name)
def test_plugin_imports_public_names_alone(path: Path) -> None:
    taken = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "iamlint"
        for alias in node.names
    }

    assert taken <= {f"iamlint.{name}" for name in iamlint.__all__}
