"""Run the commands of a page: iamlint in this process, everything else in a shell.

A command is a line that starts with `$ `, and what is below it is its output, where `…` means
anything: some of a line, or any number of lines. Without output below it, its output may be
anything. It ends with code 0, or the page says `# exit code 1` after it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from iamlint.cli.app import cli, main
from iamlint.config import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

NEED_MORE: Final = "command that is only parsed"
EXTERNAL: Final = {
    "aws": "asks AWS",
    "docker": "fetches an image",
    "make": "installs into the checkout",
    "pip": "fetches from PyPI",
    "pipx": "fetches from PyPI",
    "pre-commit": "fetches hooks",
    "uvx": "fetches from PyPI",
    "python -m benchmarks": "takes minutes, in a checkout",
    "iamlint check s3": "asks a store",
}
"""Commands that need more than this checkout, and why; of these, calls of iamlint are parsed."""
_CODE = re.compile(r"#.*\bexit code (\d+)")
_SHELL = re.compile(r"[|&;<>$`*?~]")
_SETTINGS: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_NAME": "ann" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ann@example.com" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "2026-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "init.defaultBranch",
    "GIT_CONFIG_VALUE_0": "main",
    "PYTEST_ADDOPTS": "-p no:cacheprovider -p iamlint.pytest_guard",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_OF_USERS: Final = (
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "PYTEST_",
    "IAMLINT_",
    "GIT_",
    "PRE_COMMIT",
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page, and the output that the page shows."""

    text: str
    line: int
    length: int
    shown: str
    shown_lines: int

    @property
    def code(self) -> int:
        found = _CODE.search(self.text)
        return int(found[1]) if found else 0


@contextlib.contextmanager
def environment() -> Iterator[None]:
    """Run commands as elsewhere, with the programs that are installed beside this Python."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(_OF_USERS)]:
        del os.environ[name]
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ |= {**_SETTINGS, "PATH": programs}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def commands(source: str, line: int) -> Iterator[Command]:
    """Yield the commands of a block; a line that ends with a backslash goes on."""
    parts = re.split(r"^\$ ", source, flags=re.MULTILINE)
    if parts[0].strip():
        raise ValueError("text before the first `$ `")
    line += parts[0].count("\n")
    for part in parts[1:]:
        found = re.match(r"(?:[^\n]*\\\n)*[^\n]*\n?", part)
        text = found[0] if found else ""
        shown = part[len(text) :]
        yield Command(text.strip(), line, text.count("\n"), shown, shown.count("\n"))
        line += part.count("\n")


def run(command: Command) -> tuple[int, str] | None:
    """Return how a command ends and what it prints; None if it needs more than this checkout."""
    calls = [_words(part) for part in re.split(r"\|\|?|&&|;", command.text)]
    if any(_is_external(words) for words in calls):
        if command.shown.strip():
            raise ValueError(f"`{command.text}` cannot be run: its output may not be shown")
        for words in calls:
            parse(words)
        return None
    is_plain = not _SHELL.search(re.sub(r"'[^']*'|#.*", "", command.text))
    if is_plain and command.text.startswith("iamlint "):
        return _called(calls[0][1:])
    done = subprocess.run(  # noqa: S603 - a command of our own pages
        ["/bin/sh", "-c", command.text],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _words(text: str) -> list[str]:
    words = shlex.split(re.sub(r"\d?>+\s*\S+", "", text), comments=True)
    while words and re.match(r"\w+=", words[0]):
        del words[0]
    return words


def _is_external(words: list[str]) -> bool:
    name = " ".join(words)
    return any(re.match(rf"{re.escape(known)}\b", name) for known in EXTERNAL)


def parse(words: list[str]) -> None:
    """Raise `UsageError` if a call of iamlint has words that it does not take."""
    if words[:1] != ["iamlint"]:
        return
    command: click.Command = cli
    rest = words[1:]
    while isinstance(command, click.Group):
        context = click.Context(command)
        _, rest, _ = command.make_parser(context).parse_args(rest)
        _, found, rest = command.resolve_command(context, rest)
        command = found or command
    command.make_context(command.name, rest)


def _called(words: list[str]) -> tuple[int, str]:
    """Call iamlint in this process, in the current folder."""
    nearest.cache_clear()
    printed = io.BytesIO()
    with io.TextIOWrapper(printed, encoding="utf-8", write_through=True) as stream:
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            try:
                main(words)
            except SystemExit as ended:
                code = ended.code
        stream.flush()
        text = printed.getvalue().decode()
    nearest.cache_clear()
    return int(code or 0), text


def difference(command: Command, code: int, printed: str) -> str | None:
    """Return how a command differs from what the page shows, with both texts."""
    if command.shown.strip() and not _pattern(command.shown).fullmatch(_text(printed)):
        return (
            f"`{command.text}` prints\n{_text(printed)}and the page shows\n{_text(command.shown)}"
        )
    if code != command.code:
        return (
            f"`{command.text}` ends with code {code}, not {command.code}\n{_text(printed)[:2000]}"
        )
    return None


def _text(printed: str) -> str:
    """Return lines without what is not seen at their ends."""
    return "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())


def _pattern(shown: str) -> re.Pattern[str]:
    lines = (
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in _text(shown).splitlines()
    )
    return re.compile("".join(lines))
