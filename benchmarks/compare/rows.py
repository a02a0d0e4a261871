"""What is measured, and how fast it shall be: one row a work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RUNS = 5
BEFORE = "before"
"""The same work in the other tree."""


class Figure(Enum):
    """What the figure of a row is; only rates are better if they are larger."""

    SECONDS = "s"
    """CPU seconds of the whole process, and of those that it starts."""
    RATE = "/s"
    """Decisions per CPU second, as the process counts them."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many times the CPU seconds of another row, or of the other tree, and some more."""

    ratio: float
    of: str = BEFORE
    plus: float = 0.0

    def __str__(self) -> str:
        of = "" if self.of == BEFORE else f" {self.of}"
        return f"{self.ratio:.3g} ×{of}" + (f" + {self.plus:g} s" if self.plus else "")


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """A peak of at most so many megabytes, or so many times the input."""

    megabytes: float | None = None
    inputs: float | None = None

    def __str__(self) -> str:
        return f"{self.megabytes:g} MB" if self.megabytes else f"{self.inputs:g} × input"


@dataclass(frozen=True, slots=True)
class Row:
    """A work: Python's arguments, the folder in which it runs, and the limits of its figures."""

    name: str
    work: str
    arguments: Sequence[str]
    workload: str
    required: Limit | None = None
    goal: Limit | None = None
    memory: MemoryLimit | None = None
    memory_goal: MemoryLimit | None = None
    exits: Sequence[int] = (0,)
    figure: Figure = Figure.SECONDS
    large: bool = False
    """Measured only on demand."""
    input: bool = False
    """The size of its input matters to its memory."""
    same: bool = True
    """Its output is the same in each run."""


def _iamlint(words: str) -> Sequence[str]:
    return ("-m", "iamlint", *words.split())


def _tests(*options: str) -> Sequence[str]:
    return ("-m", "pytest", "-q", "-p", "no:cacheprovider", *options)


_CHECK = "check . --jobs 1 --output-format json"
_LAKE = "s3:GetObject --on arn:aws:s3:::data-lake/reports/2026.csv"
_FOUND = (0, 1)
_DECISIONS = "{benchmarks}/compare/decisions.py"


def _dump(roles: int, goal: float, *, large: bool = False) -> Row:
    return Row(
        f"dump-{roles}",
        f"dump of {roles:,} roles",
        _iamlint(_CHECK),
        f"dump-{roles}",
        Limit(0.5),
        Limit(goal),
        MemoryLimit(inputs=20),
        MemoryLimit(inputs=15),
        exits=_FOUND,
        large=large,
        input=True,
    )


def _report(workload: str, form: str) -> Row:
    return Row(
        workload,
        f"credential report of 5,000 users, {form}, all rules",
        _iamlint(f"{_CHECK} --profile strict"),
        workload,
        Limit(0, "floor-python", 2.0),
        Limit(0, "floor-python", 1.0),
        exits=_FOUND,
        input=True,
    )


def _session(name: str, work: str, workload: str) -> Row:
    return Row(
        name,
        work,
        _tests("-p", "iamlint.pytest_guard"),
        workload,
        Limit(1.5, "pytest-empty", 1.0),
        Limit(1.5, "pytest-empty", 0.5),
        same=False,
    )


ROWS: Sequence[Row] = (
    Row("floor-python", "floor: `python -c pass`", ("-c", "pass"), "policy"),
    Row("floor-click", "floor: `import click`", ("-c", "import click"), "policy"),
    Row(
        "policy",
        "cold, one small policy",
        _iamlint("check policy.json"),
        "policy",
        Limit(0.5),
        Limit(0.5),
    ),
    Row(
        "template",
        "cold, one template",
        _iamlint("check template.yaml"),
        "template",
        Limit(0.55),
        Limit(0.51),
    ),
    Row(
        "terraform",
        "cold, one `.tf`",
        _iamlint("check iam.tf"),
        "terraform",
        Limit(0.55),
        Limit(0.5),
    ),
    Row(
        "managed",
        "AWS managed policies, default rules",
        _iamlint(_CHECK),
        "managed",
        Limit(0.5),
        Limit(0.335),
        MemoryLimit(90),
        MemoryLimit(60),
        exits=_FOUND,
    ),
    Row(
        "managed-all",
        "AWS managed policies, all rules",
        _iamlint(f"{_CHECK} --profile strict"),
        "managed",
        Limit(0.5),
        Limit(0.33),
        MemoryLimit(90),
        MemoryLimit(60),
        exits=_FOUND,
    ),
    Row(
        "templates-300",
        "300 templates",
        _iamlint(_CHECK),
        "templates-300",
        Limit(0.53),
        Limit(0.36),
        exits=_FOUND,
    ),
    Row(
        "terraform-300",
        "300 Terraform files",
        _iamlint(_CHECK),
        "terraform-300",
        Limit(0.65),
        Limit(0.39),
        exits=_FOUND,
    ),
    _dump(1_000, 0.4),
    _dump(5_000, 0.48),
    _dump(20_000, 0.5, large=True),
    _report("report-5000", "as a table"),
    _report("report-5000-base64", "in base64"),
    Row(
        "scenarios",
        "20,000 scenarios that repeat policies",
        _iamlint("simulate scenarios.jsonl --output-format json"),
        "scenarios",
        Limit(0.45),
        Limit(0.39),
    ),
    Row(
        "scenarios-own",
        "20,000 scenarios that do not",
        _iamlint("simulate scenarios.jsonl --output-format json"),
        "scenarios-own",
        Limit(0.75),
        Limit(0.59),
    ),
    Row(
        "decisions-known",
        "warm decisions, known actions",
        (_DECISIONS, "known", "scenarios.jsonl"),
        "scenarios",
        Limit(1 / 1.25),
        Limit(1 / 1.33),
        figure=Figure.RATE,
        same=False,
    ),
    Row(
        "decisions-new",
        "warm decisions, new actions",
        (_DECISIONS, "new", "scenarios.jsonl"),
        "scenarios",
        Limit(1 / 1.15),
        Limit(1 / 1.49),
        figure=Figure.RATE,
        same=False,
    ),
    Row(
        "can",
        "`can` about one principal, dump of 5,000 roles",
        _iamlint(f"can role/app-asked {_LAKE}"),
        "dump-5000",
        Limit(0.2),
        Limit(0.117),
        input=True,
    ),
    Row(
        "who-can",
        "`who-can` read a bucket, the same dump",
        _iamlint(f"who-can {_LAKE}"),
        "dump-5000",
        Limit(0.35),
        Limit(0.16),
        exits=(0, 2),
        input=True,
    ),
    Row(
        "plan-2000",
        "a plan of 2,000 resources, all rules",
        _iamlint(f"{_CHECK} --profile strict"),
        "plan-2000",
        Limit(0.5),
        Limit(0.3),
        exits=_FOUND,
    ),
    Row("pytest-empty", "empty session of pytest", _tests(), "pytest-empty", same=False),
    _session("pytest-repository", "pytest, 1,000 assertions, 20 roles", "pytest-repository"),
    _session("pytest-dump", "pytest, 1,000 assertions, dump of 1,000 roles", "pytest-dump"),
)


def chosen(patterns: Iterable[str], *, large: bool) -> Sequence[Row]:
    """Return the rows with a pattern in their names, and those that they are compared with."""
    wanted = [
        row
        for row in ROWS
        if (large or not row.large) and (not patterns or any(one in row.name for one in patterns))
    ]
    needed = {limit.of for row in wanted for limit in (row.required, row.goal) if limit}
    return [row for row in ROWS if row in wanted or row.name in needed]
