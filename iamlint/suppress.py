"""What is ignored, why, and which ignores ignore nothing.

Nothing is thrown away: an ignored finding stays in the run and says why it does not count.
INVARIANT: what is ignored plus what is reported equals the run without any ignore.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from fnmatch import translate
from functools import cache
from posixpath import join, normpath
from typing import TYPE_CHECKING

from iamlint.finding import Finding, Ignore, PolicyRef, Range, Suppression
from iamlint.fingerprint import digest, numbered
from iamlint.rules.hygiene import expired_ignore, unexplained_ignore, unused_ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from iamlint.load.document import Document, Waiver
    from iamlint.rule import Rule
    from iamlint.text.span import Lines, Span

_WORD = "iamlint:"
_COMMENT = re.compile(r"(?://|#)\s*iamlint:\s*ignore\[([^\]\n]*)\][ \t]*([^\n]*)")


def suppressed(
    findings: Sequence[Finding],
    lines: Mapping[str, Lines],
    ignores: Sequence[Ignore],
    rules: Sequence[Rule],
    today: date,
    *,
    switched_off: frozenset[str] = frozenset(),
    folder: str = "",
    place: Callable[[str], str] = str,
) -> list[Finding]:
    """Mark what is ignored, and add what is wrong with the ignores themselves.

    An ignore without a reason or past its date ignores nothing. `rules` are those that ran;
    an ignore of one that is `switched_off` could not be used. `folder` is what paths are
    relative to, and the globs of `ignores` are absolute; `place` names files for fingerprints.
    """
    paths = {path: normpath(join(folder, path)) for path in lines}
    comments = (i for path, of_file in lines.items() for i in _comments(path, of_file, paths[path]))
    everything = [*ignores, *comments]
    live = _Live(i for i in everything if i.reason and not (i.expires and i.expires < today))
    result = [live.marked(f, normpath(join(folder, f.path))) for f in findings]
    enabled = {rule.name for rule in rules}
    idle = {i for i in everything if i not in live.used and i.rule not in switched_off}
    idle = {i for i in idle if any(_is_of(i, path) for path in paths.values())}
    complaints = (_complaint_about(ignore, idle, today, place) for ignore in everything)
    return [*result, *_apart(c for c in complaints if c is not None and c.rule in enabled)]


class _Live:
    """The ignores that hold, by what they are about; notes which are used."""

    def __init__(self, ignores: Iterable[Ignore]) -> None:
        self.used: set[Ignore] = set()
        self._by_rule: dict[tuple[str, str], list[Ignore]] = {}
        for ignore in ignores:
            key = (ignore.rule, ignore.path if _is_in_its_file(ignore) else "")
            self._by_rule.setdefault(key, []).append(ignore)

    def marked(self, finding: Finding, path: str) -> Finding:
        """Return a finding, ignored by the first ignore that covers it; `path` is absolute."""
        rule = finding.rule
        own = self._by_rule.get((rule, finding.path), ())
        for ignore in (*self._by_rule.get((rule, ""), ()), *own):
            if _covers(ignore, finding, path):
                self.used.add(ignore)
                if finding.suppressed is None:
                    suppression = Suppression(ignore.reason, where=_where(ignore))
                    finding = replace(finding, suppressed=suppression)
        return finding


def _is_in_its_file(ignore: Ignore) -> bool:
    """Tell whether an ignore stands in the file that it is about."""
    return ignore.line is not None or ignore.within is not None


def _is_of(ignore: Ignore, path: str) -> bool:
    return _is_in_its_file(ignore) or bool(_glob(ignore.file).match(path))


def _apart(complaints: Iterable[Finding]) -> Iterator[Finding]:
    """Yield complaints with fingerprints that are unique."""
    seen: Counter[str] = Counter()
    for complaint in complaints:
        seen[complaint.fingerprint] += 1
        number = seen[complaint.fingerprint]
        yield replace(complaint, fingerprint=numbered(complaint.fingerprint, number))


def _covers(ignore: Ignore, finding: Finding, path: str) -> bool:
    if ignore.rule != finding.rule or not _glob(ignore.file).match(path):
        return False
    if ignore.line is not None and ignore.line != finding.range.start.line:
        return False
    if ignore.within is not None and not _holds(ignore.within, finding.range):
        return False
    statement = finding.statement
    if ignore.sid is not None and (statement is None or statement.sid != ignore.sid):
        return False
    return ignore.statement is None or (
        statement is not None and statement.index == ignore.statement
    )


def waived(documents: Iterable[Document], folder: str) -> Iterator[Ignore]:
    """Yield what the files themselves ask not to be told, each once."""
    told: set[tuple[str, Waiver]] = set()
    for document in documents:
        for waiver in document.waivers:
            if (document.path, waiver) in told:
                continue
            told.add((document.path, waiver))
            yield Ignore(
                rule=waiver.rule,
                file=_literal(normpath(join(folder, document.path))),
                reason=waiver.reason,
                path=document.path,
                range=_range(document, waiver.span),
                within=_range(document, waiver.scope),
            )


def _range(document: Document, span: Span) -> Range:
    lines = document.source.lines
    return Range(lines.position(span.start), lines.position(span.end))


def _holds(outer: Range, inner: Range) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def _comments(path: str, lines: Lines, full: str) -> Iterator[Ignore]:
    """Read the comments; one that stands alone on its line speaks of the next."""
    if _WORD not in lines.whole:
        return
    for match in _COMMENT.finditer(lines.whole):
        start = lines.position(match.start())
        alone = not lines.whole[match.start() - start.column + 1 : match.start()].strip()
        for name in match[1].split(","):
            yield Ignore(
                rule=name.strip(),
                file=_literal(full),
                reason=match[2].removesuffix("*/").strip(),
                path=path,
                range=Range(start, lines.position(match.end())),
                line=start.line + 1 if alone else start.line,
            )


def _where(ignore: Ignore) -> str:
    return f"{ignore.path}:{ignore.range.start.line}"


def _literal(path: str) -> str:
    """Return a glob that names this very path."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def _complaint_about(
    ignore: Ignore, idle: set[Ignore], today: date, place: Callable[[str], str]
) -> Finding | None:
    """Say what is wrong with an ignore. One of a file that was not checked cannot be idle."""
    if not ignore.reason:
        message = f"`{ignore.rule}` is ignored without a reason"
        return _complaint(unexplained_ignore.RULE, ignore, message, place)
    if ignore.expires and ignore.expires < today:
        message = f"`{ignore.rule}` was ignored until {ignore.expires.isoformat()}"
        return _complaint(expired_ignore.RULE, ignore, message, place)
    if ignore in idle:
        message = f"there is no `{ignore.rule}` here to ignore"
        return _complaint(unused_ignore.RULE, ignore, message, place)
    return None


def _complaint(rule: Rule, ignore: Ignore, message: str, place: Callable[[str], str]) -> Finding:
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
        path=ignore.path,
        policy=PolicyRef(None, None, ()),
        statement=None,
        pointer=(),
        range=ignore.range,
        fingerprint=digest(
            [
                rule.name,
                place(ignore.path),
                ignore.rule,
                place(ignore.file),
                ignore.sid,
                ignore.statement,
            ]
        ),
    )
