"""Measure `iamlint server`: its start, a change, its memory. `python -m benchmarks.server`

Prints CPU seconds of the server's process as ratios, and milliseconds from a change to its
diagnostics for information.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.compare.workloads.templates import template, templates
from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions
from tests.support.editor import Editor, editor

STATEMENTS = 272
CHANGES = 40
_TICK = os.sysconf("SC_CLK_TCK")


def policy(number: int) -> str:
    """Return a policy of some 50 kB; two numbers give two texts."""
    statements = [
        {
            "Sid": f"S{index}",
            "Effect": "Allow",
            "Action": ["s3:Get*", "s3:PutObject", f"sqs:Send{'Message' * (index % 2)}"],
            "Resource": [f"arn:aws:s3:::bucket-{index}/*", f"arn:aws:sqs:*:*:queue-{number}"],
        }
        for index in range(STATEMENTS)
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)


def cpu_of(process: int) -> float:
    """Return the CPU seconds of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def memory_of(process: int) -> int:
    """Return the memory of a process now, in kB."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def start_ratio() -> float:
    """Return the CPU seconds of a start, of those of importing pygls."""

    def cpu(*words: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, *words]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    pairs = [
        (cpu("-c", "import pygls.lsp.server"), cpu("-m", "iamlint", "server")) for _ in range(7)
    ]
    base, ours = (statistics.median(some) for some in zip(*pairs, strict=True))
    return float(ours / base)


def lint_seconds(folder: Path) -> float:
    """Return the CPU seconds of a `lint` of the policy in this process."""
    plugged = load_extensions(Config(root=folder))
    seconds = []
    for number in range(CHANGES):
        contents = {str(folder / "p.json"): policy(number).encode()}
        options = LintOptions(("p.json",), datetime.now(UTC).date(), here=folder, contents=contents)
        before = time.process_time()
        lint(options, plugged)
        seconds.append(time.process_time() - before)
    return statistics.median(seconds[3:])


async def changes(one: Editor, name: str, texts: list[str]) -> list[float]:
    """Return the seconds from each change to its diagnostics."""
    seconds = []
    for text in texts:
        before = time.perf_counter()
        one.change(name, text)
        await one.diagnostics(name)
        seconds.append(time.perf_counter() - before)
    return seconds


async def measure(folder: Path) -> None:
    base = lint_seconds(folder)
    async with editor(folder) as one:
        process = one.client._server.pid  # type: ignore[union-attr]  # noqa: SLF001 - pygls gives no other
        one.open("p.json", policy(0))
        await one.diagnostics("p.json")
        before = cpu_of(process)
        waits = await changes(one, "p.json", [policy(n) for n in range(1, CHANGES)])
        each = (cpu_of(process) - before) / (CHANGES - 1)
        print(f"change in a policy of 50 kB: {each / base:.2f} x a `lint` of {base:.3f} s")
        print(_shown("milliseconds until its diagnostics", waits))
        await changes(one, "p.json", [policy(n) for n in range(100)])
        early = memory_of(process)
        await changes(one, "p.json", [policy(n) for n in range(900)])
        print(
            f"memory after 1,000 edits: {memory_of(process) / early:.2f} x after 100 ({early} kB)"
        )
    templates(folder, 500)
    async with editor(folder) as one:
        name = "team-0/service-0.yaml"
        one.open(name)
        await one.diagnostics(name)
        texts = [template(Random(n)) for n in range(CHANGES)]  # noqa: S311 - texts, not secrets
        waits = await changes(one, name, texts)
        print(_shown("milliseconds for a template in a repository of 500", waits))


def _shown(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at_95 = ordered[int(len(ordered) * 0.95)]
    return f"{what}: {statistics.median(ordered) * 1000:.0f}, at 95 of 100 {at_95 * 1000:.0f}"


if __name__ == "__main__":
    print(f"start: {start_ratio():.2f} x `import pygls.lsp.server`")
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(measure(Path(made).resolve()))
