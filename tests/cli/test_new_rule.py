"""`iamlint rule new`: the new files pass ruff, mypy and the examples unchanged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.program import Program


ROOT = Path(__file__).parent.parent.parent


def run(folder: Path, *words: str) -> str:
    """Return the output of a program that fails, nothing if it does not."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project's own rules, with its settings of ruff and mypy."""
    shutil.copytree(
        ROOT / "iamlint", tmp_path / "iamlint", ignore=shutil.ignore_patterns("__pycache__", "data")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_rule_of_ours_passes_ruff_and_its_examples(checkout: Path, iamlint: Program) -> None:
    result = iamlint("rule", "new", "trust", "middle-of-the-list")

    folder = checkout / "iamlint" / "rules" / "trust"
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "wrote iamlint/rules/trust/middle_of_the_list.py\n"
        "next: its check and its examples; `make docs` adds it to the rules\n"
    )
    assert run(checkout, "ruff", "check", "--no-cache", "iamlint/rules/trust") == ""
    assert run(checkout, "ruff", "format", "--no-cache", "--check", "iamlint/rules/trust") == ""
    assert (folder / "middle_of_the_list.py").is_file()
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    assert run(checkout, "scripts.rule_table") == ""
    old = (ROOT / "iamlint" / "rules" / "table.py").read_text().splitlines()
    new = (folder.parent / "table.py").read_text().splitlines()
    (own,) = [line for line in new if line not in old]
    assert own.startswith('    (("middle-of-the-list", "trust", ')
    assert [line for line in new if line != own] == old


def test_rule_of_a_plugin_passes_ruff_mypy_and_its_examples(
    tmp_path: Path, iamlint: Program
) -> None:
    result = iamlint("rule", "new", "hygiene", "acme-nameless-statement")

    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "wrote acme_nameless_statement.py\nnext: its check and its examples; to run it, register "
        'it as an entry point in the group `iamlint`, or put `plugins = ["acme_nameless_statement"]'
        "` in iamlint.toml and call `PYTHONPATH=. iamlint check --allow-plugins`\n"
    )
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "test_it.py").write_text(
        "import pytest\nfrom acme_nameless_statement import iamlint_rules\n"
        "from iamlint.testing.examples import cases\n\n"
        '@pytest.mark.parametrize("case", cases(iamlint_rules()), ids=str)\n'
        "def test_example(case):\n    assert case.reported() == case.expected()\n"
    )
    assert run(tmp_path, "ruff", "check", "--no-cache", "acme_nameless_statement.py") == ""
    assert (
        run(tmp_path, "ruff", "format", "--no-cache", "--check", "acme_nameless_statement.py") == ""
    )
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    assert run(tmp_path, "mypy", *cache, "acme_nameless_statement.py") == ""
    assert run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "test_it.py") == ""


NAMES = "a name has lower-case letters, digits and hyphens, and reads after *allow*"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("trust",), "error: `iamlint rule new` takes a family and a name\n"),
        (
            ("trst", "a"),
            "error: there is no family `trst`\nhelp: did you mean `trust`?\n",
        ),
        (
            ("trust", "A_b"),
            f"error: a rule cannot have the name `A_b`\nhelp: {NAMES}\n",
        ),
        (
            ("trust", "new"),
            f"error: a rule cannot have the name `new`\nhelp: {NAMES}\n",
        ),
        (
            ("trust", "is-there"),
            "error: `is_there.py` exists already\nhelp: choose another name\n",
        ),
    ],
)
def test_what_cannot_be_written_is_wrong_use(
    words: tuple[str, ...], message: str, tmp_path: Path, iamlint: Program
) -> None:
    (tmp_path / "is_there.py").touch()

    result = iamlint("rule", "new", *words)

    assert (result.code, result.out, result.err) == (2, "", message)
    assert [path.name for path in tmp_path.iterdir()] == ["is_there.py"]
