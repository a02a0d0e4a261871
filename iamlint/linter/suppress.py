"""Ignored findings, their reasons, and the ignores that ignore nothing.

Nothing is thrown away: an ignored finding stays in the run and says why it does not count.
INVARIANT: ignored findings plus reported findings equal the run without any ignore.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import date
from functools import cache
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.late_pattern import late_pattern
from iamlint.linter.fingerprint import number_fingerprint
from iamlint.linter.ignored import Begun, LiveIgnores, about_files
from iamlint.policy.spelling import did_you_mean
from iamlint.rule.finding import Finding, Ignore, PolicyRef, Range, digest
from iamlint.rules import BUILTIN
from iamlint.text.comments import comments

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import Document
    from iamlint.load.file_value import FileValue, Waiver
    from iamlint.rule import Rule
    from iamlint.text.span import Lines, Span

_WORD = "iamlint:"
_MARKS = ("#", "//", "/*")
_COMMENT = late_pattern(r"(?://|#|/\*)[ \t]*iamlint:[ \t]*ignore\[([^\]\r\n]*)\]([^\r\n]*)")
_EXPIRES = late_pattern(r"\(?\bexpires=([^\s,;()]*)\)?")
_DAY = late_pattern(r"\d{4}-\d\d-\d\d")
_STOPS = " \t.,:;-\N{EN DASH}\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Marked:
    """The findings of some files, ignored ones marked, and those about ignores in these files.

    Of the ignores in configurations `used` are those that ignored one, and `about` those whose glob
    matches a file that was checked to the end. An ignore expires after each of the `days`.
    """

    findings: list[Finding]
    used: frozenset[Ignore] = frozenset()
    about: frozenset[Ignore] = frozenset()
    days: frozenset[date] = frozenset()


def mark_suppressed(
    findings: Sequence[Finding],
    lines: Mapping[str, Lines],
    ignores: Sequence[Ignore],
    rules: Sequence[Rule],
    today: date,
    *,
    documents: Iterable[Document] = (),
    switched_off: frozenset[str] = frozenset(),
    folder: str = "",
    place: Callable[[str], str] = str,
    partly: AbstractSet[str] = frozenset(),
) -> Marked:
    """Return the findings, ignored ones marked, and those about the ignores in their files.

    An ignore without a reason or past its date ignores nothing. `rules` are those that ran;
    an ignore of one that is `switched_off` could not be used. `documents` say where statements
    begin. `folder` is what paths are relative to; `place` names files for fingerprints.
    Files that are `partly` checked may have more findings, so their ignores are not reported.
    """
    of_files = (i for path, of_file in lines.items() for i in _comments(path, of_file))
    everything = [*ignores, *of_files]
    parts = cache(lambda path: Path(realpath(Path(folder, path))).parts)
    live = LiveIgnores([i for i in everything if _holds_on(i, today)], Begun(documents), parts)
    result = [live.marked(f) for f in findings]
    used = live.used
    configured = {i for i in everything if i.root is not None}
    about = about_files([i for i in configured if i not in used], lines.keys() - partly, parts)
    own = [i for i in everything if i.root is None and i.path not in partly]
    found = complaints_about(own, used, rules, today, switched_off=switched_off, place=place)
    days = frozenset(i.expires for i in everything if i.expires)
    return Marked([*result, *found], frozenset(used & configured), frozenset(about), days)


def complaints_about(
    ignores: Sequence[Ignore],
    used: AbstractSet[Ignore],
    rules: Sequence[Rule],
    today: date,
    *,
    switched_off: frozenset[str],
    place: Callable[[str], str],
    about: AbstractSet[Ignore] | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with ignores; one that is not used only if it is `about` a file."""
    enabled = {rule.name for rule in rules}
    idle = [i for i in ignores if i not in used and i.rule not in switched_off]
    why = cache(lambda rule: _why_idle(rule, enabled | switched_off))
    why_idle = {i: why(i.rule) for i in idle if about is None or i in about}
    complaints = (_complaint_about(ignore, why_idle, today, place) for ignore in ignores)
    yield from _apart(c for c in complaints if c is not None and c.rule in enabled)


def _apart(complaints: Iterable[Finding]) -> Iterator[Finding]:
    """Yield complaints with fingerprints that are unique."""
    seen: Counter[str] = Counter()
    for complaint in complaints:
        seen[complaint.fingerprint] += 1
        number = seen[complaint.fingerprint]
        yield replace(complaint, fingerprint=number_fingerprint(complaint.fingerprint, number))


def _holds_on(ignore: Ignore, today: date) -> bool:
    return bool(reason_in(ignore.reason)) and not ignore.no_date and not _is_over(ignore, today)


def _is_over(ignore: Ignore, today: date) -> bool:
    return ignore.expires is not None and ignore.expires < today


def find_waivers(documents: Iterable[FileValue]) -> Iterator[Ignore]:
    """Yield the ignores in the files themselves, each once."""
    told: set[tuple[str, Waiver]] = set()
    for document in documents:
        for waiver in document.waivers:
            if (document.path, waiver) in told:
                continue
            told.add((document.path, waiver))
            expires = day_of(waiver.expires)
            yield Ignore(
                rule=waiver.rule,
                file=document.path,
                reason=reason_in(waiver.reason),
                path=document.path,
                range=_range(document, waiver.span),
                expires=expires,
                no_date="" if expires else waiver.expires,
                within=_range(document, waiver.scope),
            )


def reason_in(text: str) -> str:
    """Return a text without the signs around it; empty if it says nothing else."""
    return text.strip(_STOPS) if any(map(str.isalnum, text)) else ""


def day_of(text: str) -> date | None:
    """Return the date that is written such as 2027-03-31."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _range(document: FileValue, span: Span) -> Range:
    lines = document.source.lines
    return Range(lines.position(span.start), lines.position(span.end))


def _comments(path: str, lines: Lines) -> Iterator[Ignore]:
    """Yield the ignores in comments; one alone on its line is for the line below the comments."""
    if _WORD not in lines.whole:
        return
    after = 0  # the line behind the comments that were read
    for match in _in_comments(lines.whole, path):
        start = lines.position(match.start())
        line = start.line
        if not lines.text(line)[: start.column - 1].strip():
            line = max(line + 1, after)
            while lines.text(line).lstrip().startswith(_MARKS):
                line += 1
            after = line
        told = _told(match[2].rstrip().removesuffix("*/"))
        for name in match[1].split(","):
            yield Ignore(
                rule=name.strip(),
                file=path,
                reason=told.reason,
                path=path,
                range=Range(start, lines.position(match.start() + len(match[0].rstrip()))),
                expires=told.expires,
                no_date=told.no_date,
                line=line,
            )


def _in_comments(text: str, path: str) -> Iterator[re.Match[str]]:
    """Yield what asks to ignore something in a comment: in a string it is a value of others."""
    real = comments(text, path)
    starts = [span.start for span in real]
    for match in _COMMENT.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < real[before].end:
            yield match


@dataclass(frozen=True, slots=True)
class _Told:
    """What a comment says behind the rules."""

    reason: str
    expires: date | None
    no_date: str


def _told(text: str) -> _Told:
    """Return the reason in a text, and its date: `expires=2027-03-31` at any place.

    A date that is not valid is kept, so that a slip does not ignore a finding for ever.
    """
    found = _EXPIRES.search(text)
    if found is None:
        return _Told(reason_in(text), None, "")
    expires = day_of(found[1].rstrip(_STOPS))
    reason = reason_in(text[: found.start()].rstrip() + text[found.end() :])
    return _Told(reason, expires, "" if expires else found[1] or found[0])


def _why_idle(rule: str, rules: AbstractSet[str]) -> str:
    if rule in rules:
        return f"no finding of `{rule}` matches this ignore, so it has no effect"
    guess = did_you_mean(rule, sorted(rules))
    return f"there is no rule `{rule}`" + (f": {guess}" if guess else "")


def _complaint_about(
    ignore: Ignore, idle: Mapping[Ignore, str], today: date, place: Callable[[str], str]
) -> Finding | None:
    """Return the fault of an ignore, if any. In a file that was not checked it cannot be idle."""
    about = (place(ignore.path), ignore.rule, place(ignore.file), ignore.sid, ignore.statement)
    if not ignore.rule:
        message = "an ignore without the name of a rule has no effect"
        return complaint("unused-ignore", ignore.path, ignore.range, message, about)
    if not reason_in(ignore.reason):
        message = f"`{ignore.rule}` is ignored without a reason, so the ignore has no effect"
        return complaint("unexplained-ignore", ignore.path, ignore.range, message, about)
    if ignore.no_date:
        message = (
            f"`{ignore.rule}` is ignored until `{ignore.no_date}`, which is not a date "
            "(YYYY-MM-DD), so the ignore has no effect"
        )
        return complaint("expired-ignore", ignore.path, ignore.range, message, about)
    if ignore.expires and _is_over(ignore, today):
        ended = ignore.expires.isoformat()
        message = f"`{ignore.rule}` was ignored until {ended}, so the ignore has no effect any more"
        return complaint("expired-ignore", ignore.path, ignore.range, message, about)
    if ignore in idle:
        return complaint("unused-ignore", ignore.path, ignore.range, idle[ignore], about)
    return None


def complaint(
    name: str, path: str, range_: Range, message: str, about: Iterable[object]
) -> Finding:
    """Return a finding of a rule about ignores; `about` makes its fingerprint unique."""
    rule = next(rule for rule in BUILTIN if rule.name == name)
    return Finding(
        rule=rule.name,
        family=rule.family,
        severity=rule.severity,
        confidence=rule.confidence,
        profile=rule.profile,
        security_severity=None,
        access_analyzer=None,
        message=message,
        help=rule.advice,
        path=path,
        policy=PolicyRef(None, None, ()),
        statement=None,
        pointer=(),
        range=range_,
        fingerprint=digest([rule.name, *about]),
    )
