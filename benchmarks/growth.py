"""Measures how CPU time and memory grow with the input, and writes docs/growth.md and its chart.

    python -m benchmarks.growth [NAME…] [--sizes 10000,220000,1000000] [--limit 60] [--write]

Every series of `growth_series.py` is built at four sizes and run in a process of its own that has
imported everything. Figures are CPU seconds and the memory that the process needs beyond what it
had before. The exponent is the slope of a line through the points, both axes logarithmic: 1 is
linear, 2 the square. NAME is a series, or a pattern such as `terraform-*`; `--write` puts figures
in place of those in docs/data/growth.json, and writes page and chart of all. A run that ends with
another exit code than its series expects is an error: it measures nothing.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import io
import json
import math
import os
import re
import resource
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import astuple, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from benchmarks.growth_series import SERIES, Files, Series
from iamlint.cli.app import main as iamlint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "growth.md"
CHART = DOCS / "growth.svg"
DATA = DOCS / "data" / "growth.json"
SIZES = (10_000, 220_000, 1_000_000, 4_800_000)  # in folders, files of more than 5 MB are not read
MEGABYTE = 1_000_000
GOAL = 1.15
GOAL_SECONDS = 5.0  # at 1 MB
GOAL_MEMORY = 300_000_000  # at 1 MB
MEMORY = 6 << 30
MOST_SHOWN = 1_000  # characters of what a run that failed printed
NEAR = 1.3  # a file is about as large as it is asked to be
WARM = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", '
    '"Resource": "*"}]}'
)
INTRODUCTION = """\
# Time and memory

What `benchmarks/growth.py` measured, on a machine that had other work to do: compare the rows, not
the seconds. Each row is one input that grows, from 10 kB to 4.8 MB. Time is that of one CPU,
without the 0.2 s in which iamlint starts; memory is what 1 MB needs beyond that. The exponent says
how time grows where no limit is hit: with 1 twice the input takes twice the time, with 2 four
times.

*Limit* says at which sizes iamlint lists something as not analysed, with the reason. Limits count
steps, not seconds, and a gate sees them (`--fail-on-not-analysed`).

{summary}

![CPU seconds of every series over the size of the input, both axes logarithmic](growth.svg)

| series | what grows | {sizes} | memory | exponent | limit |
|---|---|{lines}--:|--:|---|
"""


class WrongRunError(Exception):
    """A run that did not do what its series is about."""


_NOT_ANALYSED = re.compile(
    r'not analysed: |"not_analysed": \[\n|[1-9]\d* not analysed', re.IGNORECASE
)
"""What each format of a report says of what is not analysed."""


@dataclass(frozen=True)
class Point:
    """What one run took: seconds None where it took more than was allowed."""

    size: int
    seconds: float | None
    memory: int = 0
    limited: bool = False


@dataclass(frozen=True)
class Grown:
    """A series and its points."""

    series: Series
    points: tuple[Point, ...]

    @property
    def exponent(self) -> float | None:
        """The slope through the points that hit no limit; None where one took too long."""
        whole = [point for point in self.points if not point.limited]
        pairs = [(math.log(p.size), math.log(p.seconds)) for p in whole if p.seconds]
        if len(pairs) < max(len(whole), len("ab")):
            return None
        x = sum(one for one, _ in pairs) / len(pairs)
        y = sum(one for _, one in pairs) / len(pairs)
        above = sum((one - x) * (other - y) for one, other in pairs)
        return above / sum((one - x) ** 2 for one, _ in pairs)

    def at(self, size: int) -> Point | None:
        """Return the point of an input of about this size; None where it was not measured."""
        near = (p for p in self.points if size / NEAR < p.size < size * NEAR)
        return next(near, None)

    @property
    def is_linear(self) -> bool:
        """Whether the exponent is small enough, or limits leave none."""
        if any(point.seconds is None for point in self.points):
            return False
        return self.exponent is None or self.exponent <= GOAL

    @property
    def is_small(self) -> bool:
        """Whether 1 MB takes little enough, or hits a limit."""
        point = self.at(MEGABYTE)
        if point is None or point.seconds is None:
            return False
        return point.limited or (point.seconds < GOAL_SECONDS and point.memory < GOAL_MEMORY)


def measured(series: Series, size: int, limit: int) -> Point:
    """Run a series once, in a process of its own; raises where it ends as it should not."""
    with tempfile.TemporaryDirectory() as folder:
        files = series.files(size)
        real = _written(files, Path(folder))
        reading, writing = os.pipe()
        if not (child := os.fork()):
            _run(series, folder, limit, writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
    if not told:
        return Point(real, None)
    found = json.loads(told)
    if isinstance(found, str):
        raise WrongRunError(f"{series.name}, {real:,} bytes: {found}")
    return Point(real, *found)


def grown(series: Series, sizes: Iterable[int], limit: int) -> Grown:
    """Run a series at each size, up to the first that takes too long."""
    points: list[Point] = []
    for one in sizes:
        is_over = bool(points) and points[-1].seconds is None
        points.append(Point(one, None) if is_over else measured(series, one, limit))
    return Grown(series, tuple(points))


def _written(files: Files, folder: Path) -> int:
    """Write files, as a repository of its own; return how large they are."""
    (folder / ".git").mkdir()
    size = 0
    for name, text in files.items():
        data = text.encode(errors="surrogatepass")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        size += len(data)
    return size


def _run(series: Series, folder: str, limit: int, writing: int) -> NoReturn:
    """Run a command where this process is a child, send what it took, and end."""
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forget the peak so far
    gc.disable()  # as the command does
    before, start = _peak(), _spent()
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as errors:
        code = called(series.command)
    spent = _spent() - start
    text = out.getvalue() + errors.getvalue()
    found: object = [round(spent, 3), max(_peak() - before, 0), bool(_NOT_ANALYSED.search(text))]
    if code not in series.exits:
        found = f"exit code {code}: {text[-MOST_SHOWN:]}"
    os.write(writing, json.dumps(found).encode())
    os._exit(0)


def called(command: Sequence[str]) -> object:
    """Call the program as the command line does; return its exit code."""
    try:
        iamlint(list(command))
    except SystemExit as ended:
        return ended.code
    return None


def _spent() -> float:
    """Return the CPU seconds of this process, and of its workers that have ended."""
    every = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in every)


def _peak() -> int:
    """Return the most memory this process has had, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def warm() -> None:
    """Import what commands import when they are called."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p.json").write_text(WARM, encoding="utf-8")
        Path(folder, "p.yaml").write_text(WARM, encoding="utf-8")
        Path(folder, "main.tf").write_text(
            f'resource "aws_iam_policy" "p" {{ policy = <<E\n{WARM}\nE\n}}\n', encoding="utf-8"
        )
        os.chdir(folder)
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            called(("check", "."))
            called(("can", "p.json", "s3:GetObject"))
    os.chdir(here)


def kept() -> list[Grown]:
    """Return every series with the figures that are kept; one that was not measured has none."""
    data = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
    return [
        Grown(series, tuple(Point(*point) for point in data.get(series.name, ())))
        for series in SERIES
    ]


def keep(new: Iterable[Grown]) -> None:
    """Put figures in place of those that are kept, and write page and chart of all."""
    with Path(__file__).open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several may measure at once
        every = {one.series.name: one for one in (*kept(), *new)}
        _write([every[series.name] for series in SERIES])


def _write(ordered: Sequence[Grown]) -> None:
    rows = (
        f"{json.dumps(one.series.name)}: {json.dumps([astuple(point) for point in one.points])}"
        for one in ordered
        if one.points
    )
    DATA.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    PAGE.write_text(page(ordered), encoding="utf-8")
    CHART.write_text(chart(ordered), encoding="utf-8")


def page(every: Sequence[Grown]) -> str:
    """Return the page in Markdown."""
    sizes = " | ".join(f"{size(one)}" for one in SIZES)
    lines = "--:|" * len(SIZES)
    head = INTRODUCTION.format(summary=_summary(every), sizes=sizes, lines=lines)
    return head + "".join(map(_row, every))


def _summary(every: Sequence[Grown]) -> str:
    """Return how many series meet each goal, and which do not."""
    known = [one for one in every if one.points]
    linear = _goal(
        f"have an exponent of at most {GOAL}, or hit a limit at all sizes but one",
        [one for one in known if not one.is_linear],
        known,
    )
    at_megabyte = [one for one in known if one.at(MEGABYTE) is not None]
    small = _goal(
        f"take less than {GOAL_SECONDS:g} s and {GOAL_MEMORY // MEGABYTE} MB for 1 MB, "
        "or hit a limit",
        [one for one in at_megabyte if not one.is_small],
        at_megabyte,
    )
    return f"{linear}\n\n{small}"


def _goal(what: str, failing: Sequence[Grown], known: Sequence[Grown]) -> str:
    names = ", ".join(f"`{one.series.name}`" for one in failing)
    but = f": all but {names}" if names else ""
    return f"{len(known) - len(failing)} of {len(known)} series that were measured {what}{but}."


def _row(grown: Grown) -> str:
    series, points = grown.series, [grown.at(one) for one in SIZES]
    times = " | ".join(map(_time, points))
    megabyte = grown.at(MEGABYTE)
    is_known = megabyte is not None and megabyte.seconds is not None
    memory = f"{megabyte.memory / 1e6:.0f} MB" if megabyte is not None and is_known else ""
    exponent = "" if grown.exponent is None else f"{grown.exponent:.2f}"
    limited = (size(one) for one, p in zip(SIZES, points, strict=True) if p and p.limited)
    limit = ", ".join(limited) if grown.points else "not measured yet"
    return f"| {series.name} | {series.what} | {times} | {memory} | {exponent} | {limit} |\n"


def _time(point: Point | None) -> str:
    if point is None:
        return ""
    return "over" if point.seconds is None else f"{point.seconds:.2f} s"


def size(count: int) -> str:
    """Return a size in words."""
    return f"{count / MEGABYTE:g} MB" if count >= MEGABYTE else f"{count // 1_000} kB"


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 460, 64, 24, 24, 52
SECONDS = (0.01, 0.1, 1.0, 10.0, 100.0)
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #57606a }
.grid { stroke: #8c959f; stroke-opacity: .3 }
.series { fill: none; stroke: #0969da; stroke-opacity: .45; stroke-width: 1.5 }
.series:hover { stroke: #cf222e; stroke-opacity: 1; stroke-width: 3 }
.linear { stroke: #57606a; stroke-dasharray: 6 4; stroke-width: 1.5 }
"""


def chart(every: Iterable[Grown]) -> str:
    """Return the chart: a line for each series, and a dashed one that is linear."""
    smallest, largest = SIZES[0], SIZES[-1]
    grid = [_grid_line(x=one, label=size(one)) for one in SIZES]
    grid += [_grid_line(y=one, label=f"{one:g} s") for one in SECONDS]
    lines = [_line(one) for one in every]
    start, end = SECONDS[0] * 2, SECONDS[0] * 2 * largest / smallest
    linear = (
        f'<line class="linear" x1="{_x(smallest)}" y1="{_y(start)}" x2="{_x(largest)}" '
        f'y2="{_y(end)}"><title>linear</title></line>'
        f'<text x="{_x(largest) - 8}" y="{_y(end) - 8}" text-anchor="end">linear</text>'
    )
    parts = [*grid, *lines, linear]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="CPU seconds over the size of the input">\n<style>\n{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _x(value: float) -> float:
    share = math.log(value / SIZES[0]) / math.log(SIZES[-1] / SIZES[0])
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(seconds: float) -> float:
    share = math.log(max(seconds, SECONDS[0]) / SECONDS[0]) / math.log(SECONDS[-1] / SECONDS[0])
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _grid_line(*, x: float | None = None, y: float | None = None, label: str) -> str:
    if x is not None:
        at = _x(x)
        ends = f'x1="{at}" y1="{TOP}" x2="{at}" y2="{HEIGHT - BOTTOM}"'
        place = f'x="{at}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle"'
    else:
        at = _y(y or 0)
        ends = f'x1="{LEFT}" y1="{at}" x2="{WIDTH - RIGHT}" y2="{at}"'
        place = f'x="{LEFT - 8}" y="{at + 4}" text-anchor="end"'
    return f'<line class="grid" {ends}/><text {place}>{label}</text>'


def _line(grown: Grown) -> str:
    found = [(p.size, p.seconds) for p in grown.points if p.seconds is not None]
    points = " ".join(f"{_x(one)},{_y(seconds)}" for one, seconds in found)
    name = grown.series.name
    return f'<polyline class="series" points="{points}"><title>{name}</title></polyline>'


def main() -> None:
    """Measure, print a line for each series, and write the page and the chart if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--sizes", type=lambda text: tuple(map(int, text.split(","))), default=SIZES
    )
    parser.add_argument("--limit", type=int, default=60, help="CPU seconds of one run")
    parser.add_argument("--write", action="store_true", help="write docs/growth.md and .svg")
    asked = parser.parse_args()
    if asked.write and asked.sizes != SIZES:
        parser.error("`--write` needs the sizes of the page")
    if asked.write:
        keep(())
    warm()
    wrong = []
    for series in SERIES:
        if asked.names and not any(fnmatch(series.name, name) for name in asked.names):
            continue
        try:
            found = grown(series, asked.sizes, asked.limit)
        except WrongRunError as error:
            wrong.append(series.name)
            sys.stdout.write(f"{error}\n")
            continue
        sys.stdout.write(_row(found))
        sys.stdout.flush()
        if asked.write:
            keep([found])
    if wrong:
        sys.exit(f"error: runs of {', '.join(wrong)} ended with an exit code that is not expected")


if __name__ == "__main__":
    main()
