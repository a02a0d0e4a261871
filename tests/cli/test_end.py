"""The process ends at once where nothing waits for its end, with all output and its code."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

POLICY: Final = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""
# What is still to do when the program has ended: Python takes its modules apart.
LATE: Final = (
    "class Late:\n    def __del__(self, write=__import__('os').write): write(1, b'late\\n')\n"
    "import sys; sys.modules['late'] = Late()\n"
)
MAIN: Final = "from iamlint.__main__ import main\nmain()"


def ended(before: str, words: list[str], folder: Path) -> tuple[int, list[str], str]:
    """Return how the program ends: its code, its last two lines, and its errors."""
    done = subprocess.run(
        [sys.executable, "-c", LATE + before + MAIN, "check", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()[-2:], done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text(POLICY)
    return tmp_path


def test_nothing_is_taken_apart(folder: Path) -> None:
    code, lines, errors = ended("", ["a.json"], folder)

    assert (code, lines[-1], errors) == (1, "1 warning in 1 policy of 1 file", "")


def test_code_of_a_clean_run_is_kept(folder: Path) -> None:
    assert ended("", ["a.json", "--exit-zero"], folder)[0] == 0


@pytest.mark.parametrize(
    "before",
    [
        "import atexit; atexit.register(print, 'handler')\n",
        "import sys; sys.setprofile(lambda *_: None)\n",
        "import sys; sys.settrace(lambda *_: None)\n",
        "from threading import Event, Thread; Thread(target=Event().wait, daemon=True).start()\n",
    ],
    ids=["handler", "profiler", "debugger", "thread"],
)
def test_what_waits_for_the_end_is_not_cut_off(before: str, folder: Path) -> None:
    code, lines, errors = ended(before, ["a.json"], folder)

    assert (code, errors) == (1, "")
    assert "handler" in lines or "late" in lines
