"""Two revisions of a repository made of a few texts."""

from __future__ import annotations

import json
import os
from itertools import count
from typing import TYPE_CHECKING

import pytest

from iamlint.repository import find_repository
from iamlint.revisions.diff import DiffOptions, diff_sides
from iamlint.revisions.sides.side import ComparedSide
from tests.revisions import probes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Comparison, Diff, UnitChange
    from iamlint.reason.world import World
    from iamlint.revisions.diff import Compare

    Texts = Mapping[str, object]
    Difference = Callable[..., Diff]

TOML = 'account = "111122223333"\n'


@pytest.fixture
def method() -> Compare:
    """What compares two worlds: some requests alone, which takes less time than all."""
    return probes.compare


@pytest.fixture
def asked() -> list[World]:
    """The new worlds that were compared."""
    return []


@pytest.fixture
def diff(tmp_path: Path, asked: list[World], method: Compare) -> Difference:
    """Return what changes between two folders of files; objects become JSON."""
    numbers = count()

    def side(name: str, files: Texts, renames: Mapping[str, str]) -> ComparedSide:
        folder = tmp_path / str(next(numbers)) / name
        for path, content in {"iamlint.toml": TOML, **files}.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content if isinstance(content, str) else json.dumps(content))
        found = find_repository(folder, here=folder)
        return ComparedSide(name, found, os.path.realpath(folder), renames=renames)

    def made(old: Texts, new: Texts, renames: Mapping[str, str] | None = None) -> Diff:
        sides = side("old", old, {}), side("new", new, renames or {})
        return diff_sides(*sides, DiffOptions(counted))

    def counted(old: World, new: World, catalog: Catalog, *, budget: int) -> Comparison:
        asked.append(new)
        return method(old, new, catalog, budget=budget)

    return made


def brief(found: Diff) -> list[str]:
    """Return the changes in a few words."""
    return [_brief(change) for change in found.changes]


def _brief(change: UnitChange) -> str:
    relation = change.comparison.relation
    text = f": {change.text}" if change.text else ""
    return f"{change.subject} ({change.kind}) {change.status} {relation}{text}"
