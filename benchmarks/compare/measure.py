"""Runs a command and measures it: CPU seconds, peak memory, exit code, a digest of its output."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.compare.rows import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.compare.rows import Row

BENCHMARKS = Path(__file__).resolve().parents[1]
HEAD = 1_000
WALL = 3
"""A command may take so many times its limit of CPU seconds on the clock."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a command."""

    seconds: float
    """CPU seconds, user and system, of the process and those that it waited for."""
    peak: int
    """Bytes of memory of the largest of these processes."""
    exit: int
    digest: str
    head: str = field(default="", repr=False)
    """The first characters of the output."""
    stderr: str = field(default="", repr=False)
    count: int = 1
    """How often the work was done in these seconds."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and where."""

    words: Sequence[str]
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)


def environment(**more: str) -> dict[str, str]:
    """Return the variables of each run: with byte code, without colors and plugins of pytest."""
    left_out = ("PYTHON", "PYTEST_", "IAMLINT", "AWS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NO_COLOR": "1", **more}


def of_tree(row: Row, tree: Path, data: Path) -> Command:
    """Return the command of a row with the `iamlint` of a tree."""
    arguments = [one.format(benchmarks=BENCHMARKS) for one in row.arguments]
    words = [sys.executable, "-P", *arguments]
    return Command(words, data / row.workload, {"PYTHONPATH": str(tree)})


def measured(row: Row, command: Command) -> Sample:
    """Measure the command of a row once; raise if it did not do its work."""
    sample = run(command)
    if sample.exit not in row.exits:
        raise RuntimeError(f"{row.name}: exit code {sample.exit}\n{sample.head}{sample.stderr}")
    if row.figure is Figure.RATE:
        return replace(sample, **json.loads(sample.head))
    return sample


def run(command: Command, limit: int | None = None) -> Sample:
    """Run a command, with an empty cache folder; stop it after `limit` CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "stdout"), Path(folder, "stderr")
        env = environment(XDG_CACHE_HOME=folder, **command.env)
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            process = subprocess.Popen(
                command.words,
                cwd=command.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            status, usage = _waited(process, limit)
        text = output.read_bytes()
        return Sample(
            seconds=usage.ru_utime + usage.ru_stime,
            peak=usage.ru_maxrss * 1024,
            exit=os.waitstatus_to_exitcode(status),
            digest=hashlib.sha256(text).hexdigest(),
            head=text[:HEAD].decode(errors="replace"),
            stderr=errors.read_bytes()[-HEAD:].decode(errors="replace"),
        )


def _waited(
    process: subprocess.Popen[bytes], limit: int | None
) -> tuple[int, resource.struct_rusage]:
    if limit is None:
        _, status, usage = os.wait4(process.pid, 0)
    else:
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit, limit))
        timer = threading.Timer(WALL * limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    process.returncode = status  # waited for already
    return status, usage
