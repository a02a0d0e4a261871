"""`iamlint completion`: the scripts are what shells read, and they call back for the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.program import Program


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_calls_iamlint_back(iamlint: Program, shell: str) -> None:
    script = iamlint("completion", shell).out

    assert f"_IAMLINT_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("iamlint base", ["baseline"]),
        ("iamlint check --min", ["--min-severity"]),
        ("iamlint baseline pr", ["prune"]),
        ("iamlint check --fail-on ", ["note", "warning", "error"]),
        ("iamlint check --select unknown-action,hyg", ["unknown-action,hygiene"]),
        ("iamlint rule hyg", []),
        ("iamlint rule wildcard-adm", ["wildcard-admin"]),
        ("iamlint ba", ["baseline"]),
        ("iamlint di", ["diff"]),
        ("iamlint diff --fail-on ", ["gained", "changed", "never"]),
        ("iamlint diff --output-format s", ["sarif"]),
    ],
)
def test_words_are_completed(
    typed: str, words: list[str], iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_IAMLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))

    assert iamlint().out.split() == [f"plain,{word}" for word in words]


def test_unknown_shell_exits_2(iamlint: Program) -> None:
    assert iamlint("completion", "tcsh").code == 2
