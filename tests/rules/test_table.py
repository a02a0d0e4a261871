"""The table of rules says what their modules say, and they are imported when more is asked."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.rule import Rule
from iamlint.rule.outline import outline, rule_of
from iamlint.rules import BUILTIN
from iamlint.rules.table import ROWS
from scripts.rule_table import TABLE, table

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY: Final = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}]}"""


def imported(code: str) -> set[str]:
    """Return the modules of rules that are imported by the end of a program."""
    shown = "; print([name for name in sys.modules if name.startswith('iamlint.rules.')])"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{shown[2:]}"],
        capture_output=True,
        text=True,
        check=True,
    )
    names = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    return {name for name in names if name in {rule.module for rule in BUILTIN}}


def test_the_table_is_made_of_the_modules() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][0])
def test_a_rule_of_the_table_is_the_rule_of_its_module(row: object) -> None:
    made = rule_of(row)  # type: ignore[arg-type] # a row

    whole = import_module(made.module).RULE
    assert outline(made) == row
    assert [getattr(made, name) for name in Rule.__slots__] == [
        getattr(whole, name) for name in Rule.__slots__
    ]


def test_what_the_table_says_is_said_without_the_module() -> None:
    code = "from iamlint.rules import BUILTIN\nfor r in BUILTIN: r.name, r.scope, r.kinds, r.when"

    assert imported(code) == set()


def test_a_rule_is_imported_when_more_is_asked() -> None:
    code = "from iamlint.rules import BUILTIN\nBUILTIN[0].summary"

    assert imported(code) == {BUILTIN[0].module}


def test_an_attribute_that_no_rule_has_does_not_import_it() -> None:
    code = "from iamlint.rules import BUILTIN\nassert not hasattr(BUILTIN[0], 'color')"

    assert imported(code) == set()


@pytest.mark.parametrize("form", ["full", "json"])
def test_a_check_imports_only_rules_that_can_find_something(form: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(IDENTITY)
    code = (
        "from iamlint.cli.app import main\n"
        f"try: main(['check', {str(tmp_path)!r}, '--output-format', {form!r}])\n"
        "except SystemExit: pass"
    )

    assert {name.rpartition(".")[2] for name in imported(code)} == {
        "action_never_applies",
        "missing_required_resource",
        "oversized_identity_policy",
    }


def test_a_module_that_cannot_be_imported_breaks_its_rule_alone() -> None:
    (name, *names), facts = ROWS[0]
    broken = rule_of(((f"no-{name}", *names), facts))  # type: ignore[arg-type] # five names

    with pytest.raises(ModuleNotFoundError):
        _ = broken.summary
