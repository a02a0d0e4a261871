"""A command line that is read without click means the same as with it, and ends the same."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.cli import app
from iamlint.cli.plain import read_plainly

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.cli.flags import Flags
    from iamlint.cli.session import Session

    Read = tuple[Session, Flags]

PIECES: Final = (
    *(["a.json"], ["b c/d.tf"], ["-"], ["ä"], ["a=b"], ["check"], ["--exit-zero"]),
    *(
        ["--statistics"],
        ["--output-format", "json"],
        ["--output-format=sarif"],
        ["--profile=strict"],
    ),
    *(["--profile", "default"], ["--output-format", "full"], ["--jobs", "1"], ["--jobs=12"]),
    *(["--fail-on", "error"], ["--fail-on=note"]),
)
OF_ALL: Final[tuple[list[str], ...]] = (
    *([], ["-q"], ["--quiet", "-q"], ["-v"], ["-v", "--verbose", "-q"], ["--isolated"]),
    *(["--color", "never"], ["--color=always"], ["--config", __file__], [f"--config={__file__}"]),
)
FOR_CLICK: Final[tuple[list[str], ...]] = (
    *(
        [],
        ["--version"],
        ["--help"],
        ["check", "--help"],
        ["can", "x"],
        ["chek", "a"],
        ["--exit-zero", "check"],
        ["--fail-on", "error", "check"],
    ),
    *(["-qq", "check"], ["--color", "red", "check"], ["check", ""], ["check", "--", "a"]),
    *(["check", "--config", "none.toml"], ["check", "--config", "."], ["check", "--config"]),
    *(["--config", __file__, "check", "--isolated"], ["--isolated"], ["-q"]),
    *(
        ["check", "--output-forma", "json"],
        ["check", "--output-format"],
        ["check", "--profile", "x"],
    ),
    *(
        ["check", "--output-format", "-q"],
        ["check", "--output-format="],
        ["check", "--exit-zero=1"],
    ),
    *(
        ["check", "--profile", "Strict"],
        ["check", "-o", "a.json"],
        ["check", "--select", "x"],
        ["check", "-x"],
    ),
    *(["check", "--jobs", "0"], ["check", "--jobs", "+1"], ["check", "--jobs", "x"]),
    *(["check", "--jobs=01"], ["check", "--fail-on", "never"], ["check", "--fail-on="]),
    *(["check", "-qv"], ["check", "--quiet=1"], ["check", "--var", "a=b"]),
)
POLICY: Final = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""


def by_click(words: list[str], monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return what click makes of the words."""
    found: list[Read] = []

    def check(session: Session, flags: Flags, _: object) -> int:
        found.append((session, flags))
        return 0

    monkeypatch.setattr("iamlint.cli.check.check", check)
    with pytest.raises(SystemExit) as ended:
        app.main(words)
    assert ended.value.code == 0
    return found[0]


@pytest.mark.parametrize("size", range(4))
def test_what_is_read_is_what_click_reads(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for pieces in list(product(PIECES, repeat=size))[:: 23 if size > 2 else 1]:
        words = ["check", *(word for piece in pieces for word in piece)]

        assert read_plainly(words, ()) == by_click(words, monkeypatch), words


@pytest.mark.parametrize("before", OF_ALL, ids=str)
def test_options_of_all_commands_mean_the_same_before_and_after_it(
    before: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in OF_ALL:
        words = [*before, "check", "a.json", *after, "--exit-zero"]
        if any("--config" in word for word in words) and "--isolated" in words:
            assert read_plainly(words, ()) is None, words
        else:
            assert read_plainly(words, ()) == by_click(words, monkeypatch), words


@pytest.mark.parametrize("words", FOR_CLICK, ids=str)
def test_all_other_words_are_for_click(words: list[str]) -> None:
    assert read_plainly(words, ()) is None


@pytest.mark.parametrize("name", ["IAMLINT_PROFILE", "IAMLINT_CONFIG", "_IAMLINT_COMPLETE"])
def test_variables_of_the_environment_are_for_click(name: str) -> None:
    assert read_plainly(["check", "a"], ["PATH", name]) is None
    assert read_plainly(["check", "a"], ["PATH", "MY_IAMLINT"]) is not None


def ended(words: list[str], folder: Path, code: str) -> tuple[int, bytes, bytes]:
    """Return how the program ends that a line of Python calls."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, capture_output=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


PLAIN: Final = (
    "import sys; from iamlint.__main__ import main; main(); assert 'click' not in sys.modules"
)
CLICK: Final = "from iamlint.cli.app import main; main()"


@pytest.mark.parametrize(
    "words",
    [
        ["a.json"],
        ["a.json", "--output-format", "json"],
        ["a.json", "--output-format", "nosuch"],
        ["none.json"],
        ["empty", "--exit-zero"],
        ["bad.json"],
        ["a.json", "--statistics", "--profile", "strict", "--exit-zero"],
    ],
    ids=str,
)
def test_it_ends_with_the_same_output_and_code(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(POLICY)
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "empty").mkdir()

    assert ended(["check", *words], tmp_path, PLAIN) == ended(["check", *words], tmp_path, CLICK)


@pytest.mark.parametrize("code", [PLAIN, CLICK], ids=["plain", "click"])
def test_a_reader_that_has_gone_ends_it_without_a_message(code: str, tmp_path: Path) -> None:
    statements = ",".join('{"Effect": "Allow", "Action": "*", "Resource": "*"}' for _ in range(900))
    (tmp_path / "a.json").write_text(f'{{"Version": "2012-10-17", "Statement": [{statements}]}}')
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "a.json"],
        cwd=tmp_path,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("code", [PLAIN, CLICK], ids=["plain", "click"])
def test_a_run_that_the_user_ends_has_a_code_of_its_own(code: str, tmp_path: Path) -> None:
    interrupted = (
        "import iamlint.cli.checking as checking\n"
        "def lint(*_): raise KeyboardInterrupt\n"
        f"checking.lint_parts = lint\n{code}"
    )

    assert ended(["check", "."], tmp_path, interrupted) == (130, b"", b"\n")


def test_a_folder_that_is_gone_is_the_same_error(tmp_path: Path) -> None:
    gone = "import os, tempfile\nhere = tempfile.mkdtemp()\nos.chdir(here)\nos.rmdir(here)\n"

    plain, click = (ended(["check", "a.json"], tmp_path, gone + code) for code in (PLAIN, CLICK))
    assert plain == click
    assert plain[0] in (2, 3)
