"""Wrong use, odd streams and every exit code: errors have one form, with advice."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import pytest

from iamlint.report.formats import BUILTIN
from iamlint.rules import BUILTIN as RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.rule import Hit
    from tests.support.program import Program


GOOD = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x"}
]}
"""
BAD = GOOD.replace("GetObject", "GetObjct")
BINARY = b'\x00\x01"Statement" "Effect" 2012-10-17'


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["chek"], "there is no command `chek`\nhelp: did you mean `check`?"),
        (["p.json"], "there is no command `p.json`\nhelp: to lint it: `iamlint check p.json`"),
        (
            ["check", "--exlude", "x"],
            "there is no option `--exlude` of `iamlint check`\nhelp: did you mean `--exclude`?",
        ),
        (
            ["check", "-Z"],
            (
                "there is no option `-Z` of `iamlint check`\n"
                "help: `iamlint check --help` lists its options"
            ),
        ),
        (
            ["check", "--config", "x.toml", "--isolated"],
            (
                "`--config` and `--isolated` cannot be used together\n"
                "help: `iamlint check --help` lists its options"
            ),
        ),
        (
            ["check", "--fail-on", "eror"],
            (
                "invalid value for `--fail-on`: `eror`; did you mean `error`?\n"
                "help: `iamlint check --help` lists its options"
            ),
        ),
        (
            ["--color", "maybe", "check"],
            (
                "invalid value for `--color`: `maybe` is not one of `auto`, `always`, `never`\n"
                "help: `iamlint --help` lists its options"
            ),
        ),
        (
            ["check", "--select", ""],
            "`--select` does not name a rule\nhelp: leave it out for the default rules",
        ),
        (["check", ""], "a path is empty\nhelp: write `.` for this folder"),
        (
            ["check", "-o", "sarif:"],
            "`--output sarif:` does not name a file\nhelp: such as `sarif:report.txt`",
        ),
        (
            ["check", "-o", "no/x.sarif"],
            (
                "`no/x.sarif` cannot be written: no such file or directory\n"
                "help: make the folder `no` first"
            ),
        ),
        (["check", "-o", "."], "`.` cannot be written: is a directory"),
        (["config", "show", "nowhere"], "`nowhere` does not exist"),
        (["rule", "zzz"], "there is no rule `zzz`\nhelp: `iamlint rule` lists the rules"),
        (
            ["--config", "x.toml", "--isolated", "check"],
            (
                "`--config` and `--isolated` cannot be used together\n"
                "help: `iamlint --help` lists its options"
            ),
        ),
        (["can"], "missing argument `PRINCIPAL`\nhelp: `iamlint can --help` lists its options"),
    ],
)
def test_wrong_use_exits_2_and_tells_the_remedy(
    iamlint: Program, tmp_path: Path, args: list[str], error: str
) -> None:
    (tmp_path / "p.json").write_text(GOOD)

    assert iamlint(*args) == replace(iamlint(*args), code=2, out="", err=f"error: {error}\n")


def test_program_without_arguments_shows_its_help_and_exits_2(iamlint: Program) -> None:
    result = iamlint()

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: iamlint ")


@pytest.mark.parametrize(
    ("args", "environment", "colored"),
    [
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": ""}, False),
        ((), {}, False),
    ],
)
def test_output_is_colored_where_that_is_asked_for(
    args: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,  # noqa: FBT001 - a column of the table
    iamlint: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "p.json").write_text(BAD)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[" in iamlint(*args, "check", "p.json").out) is colored


def test_full_disk_is_no_fault_of_the_program(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = click.echo

    def full(message: object = None, *, err: bool = False) -> None:
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")
        echo(message, err=True)

    monkeypatch.setattr("click.echo", full)

    assert iamlint("rule") == replace(
        iamlint("rule"),
        code=2,
        out="",
        err="error: the output cannot be written: no space left on device\n",
    )


def test_configuration_that_is_not_there_exits_2(iamlint: Program, tmp_path: Path) -> None:
    result = iamlint("--config", "no.toml", "check")

    assert (result.code, result.err) == (
        2,
        (
            f"error: `{tmp_path}/no.toml` cannot be read: no such file or directory\n"
            "help: `iamlint config init` makes a configuration\n"
        ),
    )


def a_fault(*_: object) -> Iterator[Hit]:
    raise KeyError("x")


STATES: dict[str, tuple[dict[str, str | bytes], int]] = {
    "clean": ({"p.json": GOOD}, 0),
    "finding": ({"p.json": BAD}, 1),
    "unreadable": ({"p.json": BAD, "b.json": BINARY}, 2),
    "broken": ({"p.json": GOOD}, 3),
    "no policy": ({"a.json": "{}"}, 4),
}
WAYS: dict[str, list[str]] = {
    **{name: ["--output-format", name] for name in BUILTIN},
    "file": ["-o", "sarif:x.sarif", "-o", "x.html", "-o", "junit:x.xml"],
    "statistics": ["--statistics"],
    "exit-zero": ["--exit-zero"],
    "min-severity": ["--min-severity", "error"],
    "fix": ["--fix"],
    "diff": ["--diff"],
    "fix-only": ["--fix-only"],
}
OTHERWISE = {
    ("exit-zero", "finding"): 0,
    ("diff", "finding"): 0,
    ("fix-only", "finding"): 0,
    ("diff", "no policy"): 0,
    ("fix-only", "no policy"): 0,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", STATES)
def test_exit_code_says_how_it_ended_whatever_the_output(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, way: str
) -> None:
    files, code = STATES[state]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    if state == "broken":
        [rule] = [rule for rule in RULES if rule.name == "unknown-action"]
        monkeypatch.setattr(
            "iamlint.rules.BUILTIN", (*RULES, replace(rule, name="x", check=a_fault, when=()))
        )

    result = iamlint("check", ".", *WAYS[way])

    assert result.code == OTHERWISE.get((way, state), code)
    assert ("error: " in result.err) is (result.code > 1)


def run(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Return the result of the program in a separate process, in another environment."""
    environment = {**os.environ, "NO_COLOR": "", "FORCE_COLOR": "", **settings}
    return subprocess.run(
        [sys.executable, "-m", "iamlint", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("args", "settings", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color_reaches_a_pipe_only_when_it_is_asked_for(
    tmp_path: Path,
    args: list[str],
    settings: dict[str, str],
    colored: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (tmp_path / "p.json").write_text(BAD)

    out = run(tmp_path, *args, "check", "p.json", **settings).stdout

    assert (b"\x1b[1;31merror" in out) is colored
    assert (b"\x1b" in out) is colored


@pytest.mark.parametrize(
    ("redirection", "code"),
    [(">&-", 1), ("2>&-", 1), (">&- 2>&-", 1), ("| head -c 1", 0), (">/dev/full", 2)],
)
def test_streams_that_are_closed_or_full_end_it_quietly(
    tmp_path: Path, redirection: str, code: int
) -> None:
    (tmp_path / "p.json").write_text(BAD)
    command = f"'{sys.executable}' -m iamlint check p.json {redirection}"

    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == code
    full = b"error: the output cannot be written: no space left on device\n"
    assert done.stderr == (full if "full" in redirection else b"")


def test_reports_for_programs_are_utf8_and_what_a_terminal_cannot_show_is_written_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "p.json").write_text(BAD.replace("b/x", "b/日本"), encoding="utf-8")
    western = {"PYTHONIOENCODING": "cp1252"}

    people = run(tmp_path, "check", "p.json", **western)
    program = run(tmp_path, "check", "p.json", "--output-format", "html", **western)

    assert people.returncode == program.returncode == 1
    assert "b/\\u65e5\\u672c" in people.stdout.decode("cp1252")
    assert "日本" in program.stdout.decode("utf-8")


def test_fault_of_the_system_is_no_full_disk(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    (tmp_path / "p.json").write_text(GOOD)
    monkeypatch.setattr("iamlint.cli.checking.lint_parts", refused)

    result = iamlint("check", "p.json")

    assert result.code == 3
    assert result.err.startswith("error: iamlint broke: OSError: [Errno 12] Cannot allocate memory")


def test_fixes_that_change_access_are_told_of(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)

    assert iamlint("check", "p.json", "--diff").err == "1 fix more with `--unsafe-fixes`\n"
    shown = iamlint("check", "p.json").out
    assert "\n  = fix: write `s3:GetObject`, with `--fix --unsafe-fixes`\n" in shown


def test_pipe_in_a_folder_is_not_waited_for(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe.json")

    assert iamlint("check", ".").code == 0


@pytest.mark.parametrize("data", [b"\xff\xfe[tool.iamlint]\n", b"[tool.iamlint]\n# \xff\n"])
def test_pyproject_that_is_not_utf8_exits_2(data: bytes, iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)
    (tmp_path / "pyproject.toml").write_bytes(data)

    result = iamlint("check", "p.json")

    assert (result.code, result.err) == (
        2,
        "error: `pyproject.toml` cannot be read: it is not UTF-8\n",
    )


def test_pyproject_that_cannot_be_read_exits_2(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "p.json").write_text(BAD)
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr("iamlint.load.find.tree.FileTree.text", refuse)

    result = iamlint("check", "p.json")

    assert (result.code, result.err) == (
        2,
        "error: `pyproject.toml` cannot be read: permission denied\n",
    )


def test_standard_input_that_is_closed_exits_2(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m iamlint check - <&-"

    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (
        2,
        b"error: standard input is closed\nhelp: name files, or pipe a policy to `-`\n",
    )


def test_pipe_that_is_named_exits_2_and_is_not_waited_for(iamlint: Program, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.json")

    result = iamlint("check", "p.json")

    assert (result.code, result.err) == (
        2,
        "error: `p.json` is a pipe\nhelp: pipe a policy to standard input, `-`\n",
    )
