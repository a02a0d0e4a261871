"""What the plugin remembers: repositories by folder, and each test's questions."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from iamlint import find_repository

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint import Repository
    from pytest_iam.decision import Decision

_MOST_SHOWN = 3


@dataclass(slots=True)
class Ledger:
    """The questions of one test, and which of their answers came out false."""

    strict: bool = False
    asked: list[Decision] = field(default_factory=list)
    wrong: list[Decision] = field(default_factory=list)

    def note(self, decision: Decision) -> None:
        self.asked.append(decision)

    def note_wrong(self, decision: Decision) -> None:
        if decision not in self.wrong:
            self.wrong.append(decision)

    @property
    def unused(self) -> list[Decision]:
        return [decision for decision in self.asked if not decision.is_used]

    @property
    def shown(self) -> list[Decision]:
        """The answers that a report about a failing test should explain."""
        return self.wrong[-_MOST_SHOWN:]


@dataclass(slots=True)
class State:
    """What one run of pytest knows."""

    repositories: dict[tuple[Path, str | None], Repository] = field(default_factory=dict)

    def repository(self, folder: Path, account: str | None) -> Repository:
        """Return the repository of a folder, read once a run."""
        key = (folder, account)
        if key not in self.repositories:
            self.repositories[key] = find_repository(folder, account=account)
        return self.repositories[key]


STATE = pytest.StashKey[State]()
LEDGER = pytest.StashKey[Ledger]()


def state_of(config: pytest.Config) -> State:
    return config.stash.setdefault(STATE, State())


def caller() -> str:
    """Return the file and line of the test that is asking."""
    frame = sys._getframe(1)  # noqa: SLF001 - `inspect` does the same, slowly
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(
        "pytest_iam"
    ):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
