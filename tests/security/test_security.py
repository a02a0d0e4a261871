"""What `docs/security.md` says of running, sending, reading and writing, watched by Python itself.

Each command looks at a repository with every carrier of policies and many traps.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.security.repository import MODULES, build
from tests.security.watched import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parent.parent.parent
PAGE: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
OURS: Final = tuple(
    str(Path(place).resolve())
    for place in (ROOT / "iamlint", ROOT / "pytest_iam", sys.prefix, sys.base_prefix)
) + tuple(sysconfig.get_paths().values())
STARTS: Final = (
    *("subprocess.Popen", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile"),
    *("pty.spawn", "ctypes.dlopen"),
)
_CHANGES: Final = (
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.utime", "shutil.", "tempfile."),
)
OF_PYTHON: Final = {"LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "_IAMLINT_COMPLETE"}
"""What the libraries of Python and click ask for."""
_LOCAL: Final = "1"
"""The family of sockets between processes of one machine."""
PYTEST: Final = "pytest -s --iam-cov -p no:cacheprovider -p iamlint.pytest_guard"
COMMANDS: Final = {
    "check": "iamlint check . --output-format json --no-cache",
    "check in processes": "iamlint check . --jobs 2 --no-cache",
    "check by name": "iamlint check tags.yaml tagged.yaml trap.tf trap.yaml link.json",
    "check --diff": "iamlint check . --diff --unsafe-fixes --no-cache",
    "can": "iamlint can role/app s3:GetObject",
    "who-can": "iamlint who-can iam:PassRole",
    "simulate": "iamlint simulate scenarios.jsonl",
    "test": "iamlint test",
    "expand": "iamlint expand s3:Get*",
    "rule": "iamlint rule wildcard-admin",
    "config show": "iamlint config show --sources .",
    "pytest": f"{PYTEST} --iam-lint .",
}
WRITING: Final = {
    "iamlint check . -o x.sarif -o html:x.html": {"x.sarif", "x.html"},
    "iamlint check roles --fix": {"roles/app/twice.json"},
    "iamlint baseline create .": {"iamlint-baseline.json"},
    "iamlint check roles --baseline b.json --update-baseline": {"b.json"},
    "iamlint config init": {"new/iamlint.toml"},
    f"{PYTEST} --iam-cov-report json:x.json x.iamtest.toml": {"x.json"},
}


@dataclass(frozen=True)
class Seen:
    """What a command did: its events, and what is in the repository before and after it."""

    folder: Path
    events: tuple[tuple[str, tuple[str, ...]], ...]
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    is_of_pytest: bool

    def named(self, *starts: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(event, given) for event, given in self.events if event.startswith(starts)]

    @cached_property
    def opened(self) -> list[tuple[Path, bool]]:
        """The files that were opened, and whether for writing."""
        writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        return [
            (self.folder / given[0], bool(int(given[2]) & writing))
            for _, given in self.named("open")
            if not given[0].isdecimal()
        ]


def look(top: Path, command: str, folder: str = "") -> Seen:
    """Return what a command did in a new repository, with a home and credentials of no user."""
    repository = build(top)
    if command.startswith("pytest"):
        (repository / "conftest.py").unlink()  # which pytest itself runs
    (repository / "new").mkdir()
    before = contents(repository)
    events = top / "events"
    done = subprocess.run(
        [sys.executable, ROOT / "tests/security/watched.py", events, *command.split()],
        cwd=repository / folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(top / "home"),
            "AWS_ACCESS_KEY_ID": "x",
            "TF_VAR_x": "x",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    read = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    seen = tuple((event, tuple(given)) for event, given in read)
    assert done.returncode in (0, 1, 2), done.stderr
    assert "Traceback" not in done.stderr
    return Seen(repository, seen, before, contents(repository), command.startswith("pytest"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module", params=COMMANDS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return look(tmp_path_factory.mktemp("top"), COMMANDS[request.param])


def test_nothing_of_the_repository_runs(seen: Seen) -> None:
    run = [given[0] for _, given in seen.named("exec", "compile", "import")]
    inside = [path for path in run if is_within(seen.folder / path, seen.folder)]
    named = [path for path in inside if (seen.folder / path).exists()]

    assert named == []
    assert len(run) > len(MODULES)


def test_no_program_is_started(seen: Seen) -> None:
    assert seen.named(*STARTS) == []


def test_nothing_is_sent(seen: Seen) -> None:
    sockets = [given for event, given in seen.named("socket.") if event == "socket.__new__"]
    others = [event for event, _ in seen.named("socket.") if event != "socket.__new__"]

    assert [given for given in sockets if given[1] != _LOCAL] == []
    assert others == []
    assert seen.named("urllib.", "http.", "ftplib.", "smtplib.") == []


def test_nothing_outside_of_the_repository_is_read(seen: Seen) -> None:
    places = [path for path, _ in seen.opened]
    outside = [path for path in places if not is_within(path, seen.folder, *OURS)]

    assert [path for path in outside if path.exists() and str(path) != os.devnull] == []
    assert places != []


def test_nothing_is_written_unless_it_is_asked_for(seen: Seen) -> None:
    written = [path for path, writes in seen.opened if writes and str(path) != os.devnull]

    assert written == []
    assert seen.named(*_CHANGES) == []
    assert seen.after == seen.before


def test_results_are_kept_in_the_folder_of_the_user_alone(tmp_path: Path) -> None:
    seen = look(tmp_path, "iamlint check . --output-format json")
    cache = tmp_path / "home" / ".cache" / "iamlint" / "results"
    allowed: list[Path | str] = [seen.folder, *OURS, cache, os.devnull]
    outside = [path for path, _ in seen.opened if not is_within(path, *allowed)]
    written = [path for path, writes in seen.opened if writes and str(path) != os.devnull]

    assert {path.suffix for path in cache.iterdir()} == {".json"}
    assert [path for path in outside if path.exists()] == []
    assert [path for path in written if not is_within(path, cache)] == []
    assert seen.after == seen.before


def test_no_variable_is_asked_for_but_those_of_the_page(seen: Seen) -> None:
    asked = {given[0] for _, given in seen.named(VARIABLE)}
    listed = set(re.findall(r"`([A-Z][A-Z_]+)`", PAGE))

    assert [name for name in asked if name.startswith(("AWS_", "TF_VAR_"))] == []
    assert seen.is_of_pytest or asked - listed <= OF_PYTHON


@pytest.mark.parametrize("command", WRITING)
def test_what_is_asked_for_is_all_that_is_written(command: str, tmp_path: Path) -> None:
    seen = look(tmp_path, command, "new" if command.endswith("init") else "")

    changed = {name for name, data in seen.after.items() if seen.before.get(name) != data}
    assert changed == WRITING[command]
    assert seen.before.keys() - seen.after.keys() == set()


def is_within(path: Path, *folders: Path | str) -> bool:
    place = os.path.realpath(path)
    return any(place == str(folder) or place.startswith(f"{folder}{os.sep}") for folder in folders)
