"""What was found before: a file of fingerprints, so that only what is new has to be mended."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.finding import Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iamlint.finding import Finding

FILE = "iamlint-baseline.json"
_VERSION = 1
_REASON = "in the baseline"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A finding that is known. `path` is relative to the folder of the baseline."""

    path: str
    rule: str
    message: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file, sorted. A fingerprint alone says whether a finding is known."""

    file: Path
    entries: tuple[Entry, ...] = ()

    @property
    def where(self) -> str:
        """The file as findings name it."""
        return self.file.as_posix()

    def without(self, entries: Iterable[Entry]) -> Baseline:
        gone = set(entries)
        return replace(self, entries=tuple(e for e in self.entries if e not in gone))

    def below(self, paths: Iterable[str]) -> tuple[Entry, ...]:
        """Return the entries of these files and of those in these folders."""
        places = [_place(path) for path in paths]
        folder = _place(self.file.parent)
        return tuple(
            entry
            for entry in self.entries
            if any(_place(folder / entry.path).is_relative_to(place) for place in places)
        )

    def stale(
        self, paths: Iterable[str], findings: Iterable[Finding], switched_off: frozenset[str]
    ) -> tuple[Entry, ...]:
        """Return the entries below paths that none of the findings there has.

        What a rule that is `switched_off` would have found is not known.
        """
        found = {f.fingerprint for f in findings}
        return tuple(
            entry
            for entry in self.below(paths)
            if entry.fingerprint not in found and entry.rule not in switched_off
        )

    def refreshed(
        self, paths: Iterable[str], findings: Sequence[Finding], switched_off: frozenset[str]
    ) -> Baseline:
        """Return the baseline with the findings below paths, and nothing stale there."""
        folder = _place(self.file.parent)
        new = {Entry(_relative(f.path, folder), f.rule, f.message, f.fingerprint) for f in findings}
        found = {f.fingerprint for f in findings}
        stale = set(self.stale(paths, findings, switched_off))
        kept = {e for e in self.entries if e.fingerprint not in found and e not in stale}
        return replace(self, entries=tuple(sorted(kept | new)))

    def mark(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings, those that are known and not ignored yet as ignored."""
        known = {entry.fingerprint for entry in self.entries}
        suppression = Suppression(_REASON, self.where)
        return [
            replace(f, suppressed=suppression)
            if f.suppressed is None and f.fingerprint in known
            else f
            for f in findings
        ]


def read(file: Path) -> Baseline:
    """Read a baseline; raises `UsageError`."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no baseline `{file}`",
            help=f"`iamlint baseline create --baseline {file}` makes one",
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"the baseline `{file}` cannot be read: {error}") from error
    try:
        if content["version"] != _VERSION:
            raise UsageError(f"the baseline `{file}` is of another version of iamlint")
        entries = [Entry(**item) for item in content["findings"]]
        return Baseline(file, tuple(sorted(entries)))
    except (KeyError, TypeError) as error:
        raise UsageError(f"`{file}` is no baseline") from error


def write(baseline: Baseline) -> None:
    """Write a baseline, one entry a line, so that versions of it merge; raises `UsageError`."""
    rows = ",\n".join(f"  {json.dumps(asdict(entry))}" for entry in baseline.entries)
    listed = f"[\n{rows}\n ]" if rows else "[]"
    text = f'{{\n "version": {_VERSION},\n "findings": {listed}\n}}\n'
    try:
        baseline.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"`{baseline.file}` cannot be written: {error.strerror}") from error


def _relative(path: str, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _place(path: str | Path) -> Path:
    """Return the absolute path, links on the way kept: paths of findings keep them too."""
    return Path(os.path.normpath(Path.cwd() / path))
