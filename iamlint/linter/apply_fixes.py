"""Fixes findings: tries the edits in memory, proves that they help, then writes the files.

INVARIANT: nothing is written before every fix is proven: its finding is gone when the edited text
is read again, and the text still holds as many policies that can be read.
INVARIANT: no fix takes a comment away, or makes another finding ignored than before.
"""

from __future__ import annotations

import codecs
import os
from bisect import bisect_left
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.errors import BrokenError, ReadError, os_reason
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.linter.masked_result import mask_fixes
from iamlint.linter.pipeline import lint
from iamlint.paths import repository_of
from iamlint.text.comments import comments
from iamlint.text.masked import cover, mask
from iamlint.text.shown import plain
from iamlint.text.span import Lines
from iamlint.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.linter.baseline import Baseline
    from iamlint.linter.lint_options import LintOptions
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.finding import Edit, Finding
    from iamlint.rule.run import Run
    from iamlint.text.span import Pointer

MAX_ROUNDS = 100
"""Rounds of fixes that wait for each other; further ones are not applied."""

_MARKS = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF8: "utf-8",
}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file that fixes change: its bytes as they were linted, its text then and now.

    `path` is relative to `here`.
    """

    path: str
    data: bytes
    before: str
    after: str
    here: Path = Path()

    @property
    def place(self) -> Path:
        return self.here / self.path

    @property
    def encoded(self) -> bytes:
        """The new text in the encoding of the old, with its byte order mark."""
        mark = next((mark for mark in _MARKS if self.data.startswith(mark)), b"")
        return mark + self.after.encode(_MARKS.get(mark, "utf-8"))

    @property
    def diff(self) -> str:
        """The change, without the secrets of the file."""
        import difflib  # noqa: PLC0415 - only who asks for it pays

        lines = difflib.unified_diff(
            _shown(self.before),
            _shown(self.after),
            plain(self.path),
            plain(self.path),
        )
        return "".join(
            line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def _shown(text: str) -> list[str]:
    """Return the lines of a text with their ends, and without its secrets."""
    return mask(cover(text, Lines(text).secrets)).splitlines(keepends=True)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The result of fixes: the run over the new texts, the count for each rule, the files.

    `refused` has the reasons why files, or lines of them, are not changed.
    """

    run: Run
    rules: Mapping[str, int]
    files: tuple[Rewritten, ...]
    refused: Mapping[str, str]

    @property
    def count(self) -> int:
        return sum(self.rules.values())


def fix(request: LintOptions, plugged: Extensions, *, unsafe: bool = False) -> Fixed:
    """Return the fixes of a run, in memory, over as many rounds as it takes; none is written.

    Raises `BrokenError` for a fix that does not make its finding vanish.
    """
    desk = _Desk(replace(request, is_for_fixes=True), plugged, unsafe=unsafe)
    run = desk.lint({})
    rules: Counter[str] = Counter()
    for _ in range(MAX_ROUNDS):
        picked = desk.pick(run)
        if not picked:
            break
        run, done = desk.advance(run, picked)
        rules.update(finding.rule for finding in done)
    shown = replace(run, findings=tuple(mask_fixes(run.findings)))
    return Fixed(shown, rules, tuple(desk.files.values()), desk.refused)


def prove(
    request: LintOptions, plugged: Extensions, run: Run, finding: Finding
) -> tuple[Rewritten, ...]:
    """Return the files that the fix of one finding changes, in memory; none if it would do harm.

    Raises `BrokenError` for a fix that does not make its finding vanish.
    """
    desk = _Desk(replace(request, is_for_fixes=True), plugged, unsafe=True)
    _, done = desk.advance(run, [finding]) if finding.fix else (run, [])
    return tuple(desk.files.values()) if done else ()


def write(files: Sequence[Rewritten]) -> None:
    """Write files, each as a whole; none if one of them has changed since it was read."""
    for file in files:
        _check_unchanged(file)
    for file in files:
        _check_unchanged(file)
        try:
            replace_file(file.place, (file.encoded,))
        except OSError as error:
            raise ReadError(f"`{file.path}` cannot be written: {os_reason(error)}") from error


@dataclass(slots=True)
class _Desk:
    """The texts as they are fixed so far."""

    request: LintOptions
    plugged: Extensions
    unsafe: bool
    files: dict[str, Rewritten] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    harmful: set[tuple[object, ...]] = field(default_factory=set)

    def lint(self, files: Mapping[str, Rewritten]) -> Run:
        """Return the run over the new texts in place of the files."""
        new = {path: file.encoded for path, file in files.items()}
        if self.request.stdin is not None:
            stdin = next(iter(new.values()), self.request.stdin)
            return lint(replace(self.request, stdin=stdin), self.plugged)
        here = self.request.here.absolute()
        contents = {os.path.realpath(here / path): text for path, text in new.items()}
        contents = {**self.request.contents, **contents}
        return lint(replace(self.request, contents=contents), self.plugged)

    def pick(self, run: Run) -> list[Finding]:
        """Return findings whose fixes do not meet, in the order of the report."""
        taken: defaultdict[str, _Taken] = defaultdict(_Taken)
        return [
            finding
            for finding in run.open
            if finding.fix
            and (finding.fix.safe or self.unsafe)
            and _place(finding) not in self.harmful
            and self._may_change(finding, run)
            and taken[finding.path].take(finding, finding.fix.edits)
        ]

    def advance(self, run: Run, picked: list[Finding]) -> tuple[Run, list[Finding]]:
        """Return the run after as many of the first fixes as are proven together, or refuse one."""
        while True:
            edited = self._edited(run, picked)
            after = self.lint({**self.files, **edited})
            harm = _harm(run, after, picked, edited, self.request.baseline)
            if not harm and _is_proven(run, after, picked):
                self.files |= edited
                return after, picked
            if len(picked) == 1:
                break
            picked = picked[: len(picked) // 2]
        first = picked[0]
        if harm:
            self.harmful.add(_place(first))
            self.refused[f"{first.path}:{first.range.start.line}"] = f"{harm} (`{first.rule}`)"
            return run, []
        raise BrokenError(
            f"the fix of rule `{first.rule}` does not remove its finding in "
            f"{first.path}:{first.range.start.line}",
            help="this is a bug in the rule, please report it; no file was changed",
        )

    def _edited(self, run: Run, findings: list[Finding]) -> dict[str, Rewritten]:
        edits: dict[str, set[Edit]] = {}
        for finding in findings:
            edits.setdefault(finding.path, set()).update(finding.fix.edits if finding.fix else ())
        return {
            path: replace(self._file(path, run), after=_with_edits(run.lines[path].whole, of_path))
            for path, of_path in edits.items()
        }

    def _file(self, path: str, run: Run) -> Rewritten:
        if path in self.files:
            return self.files[path]
        text = run.lines[path].whole
        place = self.request.here.absolute() / path
        data = self.request.stdin
        if data is None:
            data = self.request.contents.get(os.path.realpath(place))
        data = place.read_bytes() if data is None else data
        file = Rewritten(path, data, text, text, self.request.here)
        if file.encoded != file.data:
            raise ReadError(f"`{path}` changed while it was read", help="run again")
        return file

    def _may_change(self, finding: Finding, run: Run) -> bool:
        path = finding.path
        if path in self.files or self.request.stdin is not None:
            return True
        reason = self.refused.get(path) or _reason_to_refuse(path, self.request.here)
        if not reason and path not in run.lines:
            reason = "its text is not available"
        if reason:
            self.refused[path] = reason
        return not reason


@dataclass(slots=True)
class _Taken:
    """The stretches of one file that fixes of this round change, in order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    objects: set[tuple[Pointer, Pointer]] = field(default_factory=set)

    def take(self, finding: Finding, edits: tuple[Edit, ...]) -> bool:
        """Return whether a fix gets its stretches: only if other fixes have none of them.

        Of the members of one object only one is fixed, for two might get the same name.
        """
        member = finding.pointer and isinstance(finding.pointer[-1], str)
        key = finding.policy.pointer, finding.pointer[:-1]
        if (member and key in self.objects) or not all(map(self._is_free, edits)):
            return False
        if member:
            self.objects.add(key)
        for edit in edits:
            at = bisect_left(self.starts, edit.range.start.offset)
            self.starts.insert(at, edit.range.start.offset)
            self.ends.insert(at, edit.range.end.offset)
        return True

    def _is_free(self, edit: Edit) -> bool:
        start, end = edit.range.start.offset, edit.range.end.offset
        at = bisect_left(self.starts, start)
        is_behind = at == 0 or self.ends[at - 1] <= start
        return is_behind and (at == len(self.starts) or max(end, start + 1) <= self.starts[at])


def _with_edits(text: str, edits: set[Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.range):
        parts += [text[at : edit.range.start.offset], edit.replacement]
        at = edit.range.end.offset
    return "".join([*parts, text[at:]])


def _is_proven(before: Run, after: Run, fixed: list[Finding]) -> bool:
    """Return whether the findings are gone, and nothing is broken that was not."""
    if after.policies != before.policies or len(after.broken) > len(before.broken):
        return False
    if len(after.not_analysed) > len(before.not_analysed):
        return False
    allowed = Counter(map(_cause, before.open))
    allowed.subtract(map(_cause, fixed))
    left = Counter(map(_cause, after.open))
    return all(left[cause] <= allowed[cause] for cause in map(_cause, fixed))


def _harm(
    before: Run,
    after: Run,
    fixed: list[Finding],
    edited: Mapping[str, Rewritten],
    baseline: Baseline | None,
) -> str | None:
    """Return the harm of fixes to comments or other findings; None if there is none."""
    for path, file in edited.items():
        old, new = (_comments(text, path) for text in (before.lines[path].whole, file.after))
        if old - new:
            return "a comment would be lost"
    moves = {path: _Moves(fixed, path) for path in edited}
    ignored: set[tuple[object, ...]] = set()
    asked: set[tuple[object, ...]] = set()  # by what is in files, not in a baseline
    known = baseline.where if baseline else None
    for f in before.findings:
        if f.suppressed is not None:
            start = f.range.start.offset
            places = moves[f.path].of(start) if f.path in moves else (start,)
            keys = {(f.rule, f.path, place) for place in places}
            ignored |= keys
            asked |= keys if f.suppressed.where != known else set()
    for f in after.findings:
        key = f.rule, f.path, f.range.start.offset
        if f.suppressed is not None and key not in ignored:
            return "another finding would be ignored"
        if f.is_open and key in asked:
            return "a finding would not be ignored any more"
    return None


def _comments(text: str, path: str) -> Counter[str]:
    return Counter(text[span.start : span.end].strip() for span in comments(text, path))


class _Moves:
    """Where fixes move the places of one file."""

    def __init__(self, fixed: list[Finding], path: str) -> None:
        edits = {edit for f in fixed if f.path == path and f.fix for edit in f.fix.edits}
        self._edits = sorted(edits, key=lambda edit: edit.range)

    def of(self, offset: int) -> tuple[int, ...]:
        """Return where a place is then: one or the other, where text is put in just there."""
        moved = added = 0
        for edit in self._edits:
            start, end = edit.range.start.offset, edit.range.end.offset
            if start > offset or (start == offset < end):
                break
            if start < offset < end:
                return (start + moved,)
            grown = len(edit.replacement) - (end - start)
            moved += grown
            added = grown if start == offset else 0
        return (offset + moved, offset + moved - added)


def _place(finding: Finding) -> tuple[object, ...]:
    """Return by what a finding is known again while its file stays as it is."""
    return finding.rule, finding.path, finding.range, finding.message


def _cause(finding: Finding) -> tuple[str, ...]:
    """Return by what a finding is known again when the text around it has moved."""
    return finding.rule, finding.path, str(finding.policy.pointer), finding.message


def _reason_to_refuse(path: str, folder: Path) -> str:
    """Return why a file must not be changed: it is not a file, is elsewhere, or behind a link."""
    here = folder.resolve()
    place = Path(os.path.normpath(here / path))
    if not place.is_file():
        return "it is not a file"
    if place.resolve() != place:
        return "a symbolic link leads to it"
    home = repository_of(here) or here
    return "" if place.is_relative_to(home) else f"it is outside of {home}"


def _check_unchanged(file: Rewritten) -> None:
    if _reason_to_refuse(file.path, file.here) or file.place.read_bytes() != file.data:
        message = f"`{file.path}` changed while it was fixed, so it is not overwritten"
        raise ReadError(message, help="run again")
