"""What the plugin remembers: repositories by folder, and each test's questions."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pytest

from iamlint.load.given import vars_of
from iamlint.repository import find_repository, open_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from iamlint.account.coverage.coverage import Assertion
    from iamlint.graph.world import GraphWorld
    from iamlint.repository import Repository

_MOST_SHOWN = 3


class Asked(Protocol):
    """A question; `where` is the line of the test that asked it."""

    where: str
    is_used: bool


class Explained(Protocol):
    """A question whose answer a report explains; `trace` is the answer at length."""

    where: str

    @property
    def trace(self) -> str: ...


@dataclass(slots=True)
class Ledger:
    """The questions of one test, and which of their answers came out false."""

    strict: bool = False
    checks: list[Assertion] | None = None
    asked: list[Asked] = field(default_factory=list)
    wrong: list[Explained] = field(default_factory=list)

    def note(self, asked: Asked) -> None:
        self.asked.append(asked)

    def note_check(self, check: Assertion) -> None:
        """Keep an answer that was used, if the run asks its questions again."""
        if self.checks is not None:
            self.checks.append(check)

    def note_wrong(self, decision: Explained) -> None:
        if decision not in self.wrong:
            self.wrong.append(decision)

    @property
    def unused(self) -> list[Asked]:
        return [asked for asked in self.asked if not asked.is_used]

    @property
    def shown(self) -> list[Explained]:
        """The answers that a report about a failing test should explain."""
        return self.wrong[-_MOST_SHOWN:]


@dataclass(slots=True)
class State:
    """What one run of pytest knows."""

    start: Path
    strict: bool = False
    records: bool = False
    top: Path | None = None
    values: Sequence[tuple[str, str]] = ()
    repositories: dict[tuple[Path, str | None, str], Repository] = field(default_factory=dict)
    checks: dict[int, list[Assertion]] = field(default_factory=dict)
    worlds: dict[int, GraphWorld] = field(default_factory=dict)

    def ledger(self, repository: Repository) -> Ledger:
        """Return an empty ledger for one test."""
        kept = self.checks.setdefault(id(repository), []) if self.records else None
        return Ledger(self.strict, kept)

    def repository(
        self, folder: Path, account: str | None, given: Mapping[str, object] | None = None
    ) -> Repository:
        """Return the repository of a folder, read once a run; `top` is pytest's own root.

        Its files have the same names in every process, wherever a test may have gone.
        """
        key = (folder, account, repr(given))
        if key not in self.repositories:
            values = vars_of(self.values, given, "@pytest.mark.iam(vars=…)")
            found = find_repository(
                folder, account=account, top=self.top, given=values, here=self.start
            )
            # Folders of one repository share it, so that it is read and counted once.
            same = (
                r
                for r in self.repositories.values()
                if r.config == found.config and r.given == found.given
            )
            self.repositories[key] = next(same, found)
        return self.repositories[key]

    def world(self, repository: Repository) -> GraphWorld:
        """Return what the graph asks about a repository of this run, with what runs with roles."""
        from iamlint.graph.world import GraphWorld  # noqa: PLC0415 - few tests ask it

        if id(repository) not in self.worlds:
            config, given = repository.config, repository.given
            opened = open_repository(config, given=given, workloads=True)
            world = GraphWorld(opened.whole, config.declared, opened.account)
            self.worlds[id(repository)] = world
        return self.worlds[id(repository)]


@dataclass(frozen=True, slots=True)
class Scene:
    """What all questions of one test share: `context` and `at` come from its marker.

    `find_world` returns what the graph asks about.
    """

    repository: Repository
    ledger: Ledger
    find_world: Callable[[], GraphWorld]
    context: Mapping[str, object]
    at: datetime | str | None = None


STATE = pytest.StashKey[State]()
LEDGER = pytest.StashKey[Ledger]()


COVERAGE = ("--iam-cov", "--iam-cov-report", "--iam-cov-fail-under")
MUTATION = ("--iam-mutate", "--iam-mutate-fail-under")


def is_given(config: pytest.Config, options: tuple[str, ...]) -> bool:
    return any(config.getoption(name) not in (None, False, []) for name in options)


def state_of(config: pytest.Config) -> State:
    """Return the state of this run."""
    if STATE not in config.stash:
        records = is_given(config, COVERAGE + MUTATION)
        strict = bool(config.getoption("--iam-strict"))
        config.stash[STATE] = State(
            strict=strict,
            records=records,
            start=config.invocation_params.dir,
            top=config.rootpath,
            values=config.getoption("--iam-var"),
        )
    return config.stash[STATE]


def caller() -> str:
    """Return the file and line of the test that is asking."""
    frame = sys._getframe(1)  # noqa: SLF001 - `inspect` does the same, slowly
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(
        "pytest_iam"
    ):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
