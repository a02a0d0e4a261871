"""Completion in the shells themselves: bash and fish are asked, zsh is typed to in a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 60  # seconds
CASES = {
    "iamlint base": "baseline",
    "iamlint check --min": "--min-severity",
    "iamlint check --output-format ma": "markdown",
    "iamlint check --select wildcard-a": "wildcard-admin",
    "iamlint rule expired-i": "expired-ignore",
    "iamlint check poli": "policies",
    "iamlint check --fix policies/on": "policies/one.json",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with files, and an `iamlint` that shells find."""
    program = tmp_path / "bin" / "iamlint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m iamlint "$@"\n')
    program.chmod(0o755)
    work = tmp_path / "work"
    (work / "policies").mkdir(parents=True)
    (work / "policies" / "one.json").write_text("{}")
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(work))
    monkeypatch.chdir(work)
    return work


def ask(shell: str, script: str, *args: str) -> list[str]:
    done = subprocess.run(
        [shell, *args, "-c", script], check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.usefixtures("place")
def test_bash_completes() -> None:
    # A shell that completes files itself is told so by `compopt`, which only works in a completion.
    script = """
        source <(iamlint completion bash)
        compopt() { mapfile -t COMPREPLY < <(compgen -f -- "$last"); }
        complete_word() {
            COMPREPLY=()
            read -r -a COMP_WORDS <<< "$1"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            last=${COMP_WORDS[COMP_CWORD]}
            _iamlint_completion iamlint "$last"
            echo "${COMPREPLY[@]}"
        }
    """
    script += "".join(f"complete_word '{typed}'\n" for typed in CASES)

    assert dict(zip(CASES, ask("bash", script, "--norc"), strict=True)) == CASES


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
@pytest.mark.usefixtures("place")
def test_fish_completes() -> None:
    script = "iamlint completion fish | source\n"
    script += "".join(f"complete -C '{typed}'\n" for typed in CASES)

    words = [row.split("\t")[0].rstrip("/") for row in ask("fish", script)]

    assert dict(zip(CASES, words, strict=True)) == CASES


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
def test_zsh_completes(place: Path) -> None:
    (place / ".zshrc").write_text(
        "autoload -U compinit\ncompinit -u -D\nsource <(iamlint completion zsh)\nPS1='ready> '\n"
        "taken() { print -r -- \"TAKEN<$BUFFER>\"; BUFFER=''; zle accept-line }\n"
        "zle -N taken\nbindkey '^I' complete-word\nbindkey '^X' taken\n"
    )
    child, terminal = pty.fork()
    if not child:
        os.environ["TERM"] = "dumb"
        os.execvp("zsh", ["zsh", "-i"])  # noqa: S606 - it is the shell
    try:
        read_until(terminal, "ready> ")
        taken = [typed_and_taken(terminal, typed) for typed in CASES]
    finally:
        os.close(terminal)
        os.waitpid(child, 0)

    words = [line.split()[-1].rstrip("/") for line in taken]
    assert dict(zip(CASES, words, strict=True)) == CASES


def typed_and_taken(terminal: int, typed: str) -> str:
    """Return the line after a text and a tab are typed."""
    os.write(terminal, f"{typed}\t\x18".encode())
    seen = read_until(terminal, "TAKEN<", ">", "ready> ")
    return seen.rpartition("TAKEN<")[2].partition(">")[0]


def read_until(terminal: int, *signs: str) -> str:
    """Return the output up to the signs, in their order."""
    pattern = re.compile(".*?".join(map(re.escape, signs)), re.DOTALL)
    seen, end = "", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
        if pattern.search(seen):
            return seen
    pytest.fail(f"no {signs} in {seen!r}")
