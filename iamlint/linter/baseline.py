"""What was found before: a file of fingerprints, so that only what is new has to be fixed."""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.errors import UsageError, os_reason
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.linter.suppress import complaint, day_of, reason_in
from iamlint.rule.finding import Range, Suppression
from iamlint.text.masked import mask_own
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from iamlint.rule.finding import Finding

FILE = "iamlint-baseline.json"
REASON = "known when the baseline was written"
_VERSION = 1
_OF_THE_FILE = ("reason", "expires")
"""What the file says for entries that leave it out."""
_PRINT = late_pattern(r'"fingerprint"\s*:\s*"([^"\\]*)"')


@dataclass(frozen=True, slots=True, order=True)
class KnownFinding:
    """A finding that is known. `path` is relative to the folder of the baseline.

    What an entry says of its reason and of the day it expires goes before what the file says.
    """

    path: str
    rule: str
    message: str
    fingerprint: str
    reason: str = field(default="", compare=False)
    expires: date | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Baseline:
    """The entries of a file, sorted. A fingerprint alone says whether a finding is known.

    `reason` and `expires` hold for all entries without their own; `text` is the file as read.
    Paths are relative to `here`.
    """

    file: Path
    entries: tuple[KnownFinding, ...] = ()
    reason: str = REASON
    expires: date | None = None
    text: str = ""
    here: Path = Path()

    @property
    def where(self) -> str:
        """The file as findings name it."""
        return self.file.as_posix()

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    def without(self, entries: Iterable[KnownFinding]) -> Baseline:
        gone = set(entries)
        return replace(self, entries=tuple(e for e in self.entries if e not in gone))

    def below(self, paths: Iterable[str]) -> tuple[KnownFinding, ...]:
        """Return the entries of these files and of those in these folders."""
        places = [_place(path, self.here) for path in paths]
        return tuple(
            entry
            for entry in self.entries
            if any(self._place_of(entry).is_relative_to(place) for place in places)
        )

    def stale(
        self, paths: Iterable[str], findings: Iterable[Finding], switched_off: frozenset[str]
    ) -> tuple[KnownFinding, ...]:
        """Return the entries below paths that none of the findings there has.

        Entries of rules that are `switched_off` are not stale: their findings are unknown.
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
        """Return the baseline with the findings below paths, and nothing stale there.

        What was known keeps its reason and its day.
        """
        folder = _place(self.file.parent, self.here)
        old = {entry.fingerprint: entry for entry in self.entries}
        new: set[KnownFinding] = set()
        for f in findings:
            path = os.path.relpath(_place(f.path, self.here), folder)
            entry = KnownFinding(Path(path).as_posix(), f.rule, f.message, f.fingerprint)
            known = old.get(f.fingerprint, entry)
            new.add(replace(entry, reason=known.reason, expires=known.expires))
        found = {f.fingerprint for f in findings}
        stale = set(self.stale(paths, findings, switched_off))
        kept = {e for e in self.entries if e.fingerprint not in found and e not in stale}
        return replace(self, entries=tuple(sorted(kept | new)))

    def mark(self, findings: Iterable[Finding], today: date) -> Iterator[Finding]:
        """Yield the findings, those that are known and not ignored yet as ignored."""
        known = {
            entry.fingerprint: Suppression(mask_own(reason), self.where)
            for entry in self.entries
            if reason_in(reason := entry.reason or self.reason) and not self._ended(entry, today)
        }
        for f in findings:
            is_new = f.suppressed is not None or f.fingerprint not in known
            yield f if is_new else replace(f, suppressed=known[f.fingerprint])

    def _place_of(self, entry: KnownFinding) -> Path:
        return _place(self.file.parent / entry.path, self.here)

    def _ended(self, entry: KnownFinding, today: date) -> date | None:
        """Return the day on which an entry expired."""
        expires = entry.expires or self.expires
        return expires if expires and expires < today else None

    def complaints(
        self, checked: Checked, findings: Iterable[Finding], today: date
    ) -> Iterator[Finding]:
        """Yield what is wrong with the entries of the files that were checked."""
        known = {entry.fingerprint for entry in self.entries}
        found = known.intersection(f.fingerprint for f in findings)
        starts: dict[str, int] = {}
        for entry in self.entries:
            if not checked.has_answered(self._place_of(entry), entry.rule):
                continue
            if (wrong := self._wrong(entry, found, today)) is None:
                continue
            starts = starts or {m[1]: m.start(1) for m in _PRINT.finditer(self.lines.whole)}
            rule, what = wrong
            start = starts.get(entry.fingerprint, 0)
            stretch = Range(
                self.lines.position(start), self.lines.position(start + len(entry.fingerprint))
            )
            message = f"`{entry.rule}` of `{entry.path}` {what}"
            yield complaint(rule, self.where, stretch, message, [entry.fingerprint])

    def _wrong(self, entry: KnownFinding, found: set[str], today: date) -> tuple[str, str] | None:
        if not reason_in(entry.reason or self.reason):
            return "unexplained-ignore", "is in the baseline without a reason, so it is reported"
        if ended := self._ended(entry, today):
            return (
                "expired-ignore",
                f"was in the baseline until {ended.isoformat()}, so it is reported again",
            )
        if entry.fingerprint not in found:
            return (
                "unused-ignore",
                f"is in the baseline, but is not found any more: {entry.message}",
            )
        return None


@dataclass(frozen=True, slots=True)
class Checked:
    """The files of a run by their absolute paths, each with the rules that gave no answer there."""

    unasked: Mapping[Path, AbstractSet[str]]
    below: tuple[Path, ...]

    @classmethod
    def of(
        cls, unasked: Mapping[str, AbstractSet[str]], paths: Iterable[str], here: Path
    ) -> Checked:
        """Return the checked paths as findings have them; `paths` are those of the user."""
        return cls(
            {_place(path, here): rules for path, rules in unasked.items()},
            tuple(_place(path, here) for path in paths),
        )

    def has_answered(self, place: Path, rule: str) -> bool:
        """Return whether the rule would have found what is in the file, or the file is gone."""
        if place in self.unasked:
            return rule not in self.unasked[place]
        return any(map(place.is_relative_to, self.below)) and not _is_there(place)


def read(file: Path, here: Path = Path()) -> Baseline:
    """Return a baseline, whose path is relative to `here`; raises `UsageError`."""
    try:
        text = (here / file).read_text(encoding="utf-8")
        content = json.loads(text)
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no baseline `{file}`",
            help=f"`iamlint baseline create --baseline {file}` makes one",
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"the baseline `{file}` cannot be read: {error}") from error
    try:
        if content["version"] != _VERSION:
            raise UsageError(f"the baseline `{file}` was written by another version of iamlint")
        entries = [_entry(item, file) for item in content["findings"]]
        reason, expires = _string(content.get("reason", "")), content.get("expires")
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"`{file}` is not a baseline") from error
    return Baseline(file, tuple(sorted(entries)), reason, _day(expires, file), text, here)


def _entry(members: Mapping[str, object], file: Path) -> KnownFinding:
    """Return an entry; raises `TypeError` if the members are not valid."""
    texts = {name: _string(value) for name, value in members.items()}
    return KnownFinding(expires=_day(texts.pop("expires", None), file), **texts)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _day(written: object, file: Path) -> date | None:
    if written is None:
        return None
    day = day_of(str(written))
    if day is None:
        raise UsageError(
            f"the baseline `{file}` has `expires` `{written}`, which is not a date",
            help="write it such as `2027-03-31`",
        )
    return day


def write(baseline: Baseline) -> None:
    """Write a baseline, one entry a line, so that versions of it merge; raises `UsageError`."""
    rows = ",\n".join(f"  {json.dumps(_written(entry))}" for entry in baseline.entries)
    listed = f"[\n{rows}\n ]" if rows else "[]"
    until = f' "expires": "{baseline.expires.isoformat()}",\n' if baseline.expires else ""
    text = (
        f'{{\n "version": {_VERSION},\n "reason": {json.dumps(baseline.reason)},\n{until}'
        f' "findings": {listed}\n}}\n'
    )
    from iamlint.writing import write_file  # noqa: PLC0415 - reading a baseline is more common

    try:
        write_file(Path(baseline.file), text, baseline.here)
    except OSError as error:
        raise UsageError(f"`{baseline.file}` cannot be written: {os_reason(error)}") from error


def _written(entry: KnownFinding) -> dict[str, str]:
    """Return the members of an entry, without those that it leaves to the file."""
    from dataclasses import asdict  # noqa: PLC0415 - few runs write a baseline

    members = asdict(entry).items()
    return {name: str(value) for name, value in members if value or name not in _OF_THE_FILE}


def _is_there(place: Path) -> bool:
    return os.path.exists(place)  # noqa: PTH110 - the other raises for a name that is too long


def _place(path: str | Path, here: Path) -> Path:
    """Return the absolute path, links on the way kept: paths of findings keep them too."""
    return Path(os.path.normpath(here.absolute() / path))
