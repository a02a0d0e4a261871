"""`iamlint completion`: the scripts are what shells read, and they call back for the words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

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
        ("iamlint can role/x secretsm", ["secretsmanager:"]),
        ("iamlint can role/x s3 : getobjectac", ["GetObjectAcl"]),
        ("iamlint can role/x s3:GetObject iam : passr", ["PassRole"]),
        ("iamlint who-can iam : passr", ["PassRole"]),
        ("iamlint expand nosuch : x", []),
        ("iamlint graph --action iam : passr", ["PassRole"]),
        ("iamlint rule new hyg", ["hygiene"]),
        ("iamlint check --isolated --ignore wildcard-adm", ["wildcard-admin"]),
        ("iamlint can role/d", ["role/deployer"]),
        ("iamlint can --config iamlint.toml role/d", ["role/deployer"]),
        ("iamlint who-can --expect role/x,role/d", ["role/x,role/deployer"]),
        ("iamlint graph --from role/d", ["role/deployer"]),
        ("iamlint graph --to role/d", ["role/deployer"]),
    ],
)
def test_words_are_completed(
    typed: str, words: list[str], iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "iamlint.toml").write_text('[principals."role/deployer"]\npolicies = []\n')
    monkeypatch.setenv("_IAMLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))

    assert iamlint().out.split() == [f"plain,{word}" for word in words]


@pytest.mark.parametrize(
    "text", ["not toml [", '[principals."role/d"]\npolicies = ["gone.json"]\n', 'plugins = ["x"]']
)
def test_nothing_is_completed_nor_printed_if_files_cannot_be_read(
    text: str, iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "iamlint.toml").write_text(text)
    monkeypatch.setenv("_IAMLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "iamlint graph --from role/")
    monkeypatch.setenv("COMP_CWORD", "3")

    result = iamlint()

    assert (result.out.strip(), result.err) == ("", "")


def test_shell_does_not_wait_for_many_files(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iamlint.cli.complete.PATIENCE", 0.05)
    monkeypatch.setattr("iamlint.repository.open_repository", lambda *_, **__: time.sleep(30))
    monkeypatch.setenv("_IAMLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "iamlint graph --from role/")
    monkeypatch.setenv("COMP_CWORD", "3")

    started = time.monotonic()
    assert iamlint().out.strip() == ""
    assert time.monotonic() - started < 20


def test_unknown_shell_exits_2(iamlint: Program) -> None:
    assert iamlint("completion", "tcsh").code == 2
