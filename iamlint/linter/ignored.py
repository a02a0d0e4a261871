"""Finds the ignores that cover a finding, however many there are."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import replace
from iamlint.load.find.gitignore import Globs
from iamlint.policy.at import At
from iamlint.rule.finding import Finding, Ignore, Range, Suppression
from iamlint.text.masked import mask_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.load.document import Document
    from iamlint.text.span import Span

    Parts: TypeAlias = Callable[[str], tuple[str, ...]]  # of the real path of a file


class _Group:
    """Ignores that are about the same: where one is used, all are, and the first is named."""

    def __init__(self) -> None:
        self.ignores: list[tuple[int, Ignore]] = []
        self.is_used = False


class LiveIgnores:
    """The ignores that hold, by what they are about; notes which are used.

    INVARIANT: what a finding costs does not depend on how many ignores there are.
    """

    def __init__(self, ignores: Sequence[Ignore], begun: Begun, parts: Parts) -> None:
        self._begun = begun
        self._groups: defaultdict[tuple[object, ...], _Group] = defaultdict(_Group)
        scopes: defaultdict[tuple[str, str], set[Range]] = defaultdict(set)
        globs: defaultdict[tuple[object, ...], set[tuple[str, str]]] = defaultdict(set)
        for number, ignore in enumerate(ignores):
            key: tuple[object, ...] = (ignore.rule, ignore.path, ignore.line or ignore.within)
            if ignore.within is not None:
                scopes[ignore.rule, ignore.path].add(ignore.within)
            elif ignore.root is not None:
                narrow = ignore.rule, ignore.sid, ignore.statement
                globs[narrow].add((ignore.root, ignore.glob))
                key = (narrow, (ignore.root, ignore.glob))
            self._groups[key].ignores.append((number, ignore))
        self._scopes = {key: _Nested(some) for key, some in scopes.items()}
        self._globs = {key: _Globbed(some, parts) for key, some in globs.items()}

    @property
    def used(self) -> set[Ignore]:
        groups = (group.ignores for group in self._groups.values() if group.is_used)
        return {ignore for ignores in groups for _, ignore in ignores}

    def marked(self, finding: Finding) -> Finding:
        """Return a finding, ignored by the first ignore that covers it."""
        groups = [self._groups[key] for key in self._keys(finding) if key in self._groups]
        for group in groups:
            group.is_used = True
        if not groups or finding.suppressed is not None:
            return finding
        _, first = min(group.ignores[0] for group in groups)
        return replace(finding, suppressed=Suppression(mask_own(first.reason), where=_where(first)))

    def _keys(self, finding: Finding) -> Iterator[tuple[object, ...]]:
        """Yield what the ignores that cover a finding are about."""
        rule, path, statement = finding.rule, finding.path, finding.statement
        sids = {None, statement.sid if statement else None}
        indexes = {None, statement.index if statement else None}
        for narrow in product([rule], sids, indexes):
            if globbed := self._globs.get(narrow):
                yield from ((narrow, glob) for glob in globbed.about(path))
        if nested := self._scopes.get((rule, path)):
            yield from ((rule, path, scope) for scope in nested.around(finding.range))
        on_line = (rule, path, finding.range.start.line)
        if on_line in self._groups and self._begun.is_first(finding):
            yield on_line


class _Globbed:
    """Globs below several folders, and which of them match a file."""

    def __init__(self, globs: Iterable[tuple[str, str]], parts: Parts) -> None:
        of_root: defaultdict[str, list[str]] = defaultdict(list)
        for root, glob in globs:
            of_root[root].append(glob)
        self._of_root = [(root, Path(root).parts, some) for root, some in of_root.items()]
        self._tables = [Globs(some) for some in of_root.values()]
        self._parts = parts
        self._known: dict[str, list[tuple[str, str]]] = {}

    def about(self, path: str) -> list[tuple[str, str]]:
        """Return the globs that match a file, each with its folder."""
        if path not in self._known:
            self._known[path] = list(self._matching(self._parts(path)))
        return self._known[path]

    def _matching(self, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for (root, way, globs), table in zip(self._of_root, self._tables, strict=True):
            if parts[: len(way)] == way:
                yield from ((root, globs[at]) for at in table.covering(parts[len(way) :]))


class _Nested:
    """Stretches of a file; each two are apart, or one is inside the other."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._ranges = sorted(ranges, key=lambda one: (one.start, -one.end.offset))
        self._around: list[int] = []
        for one in self._ranges:
            above = len(self._around) - 1
            while above >= 0 and not _holds(self._ranges[above], one):
                above = self._around[above]
            self._around.append(above)

    def around(self, inner: Range) -> Iterator[Range]:
        """Yield the stretches that hold one, the narrowest first."""
        at = bisect_right(self._ranges, inner.start, key=lambda one: one.start) - 1
        while at >= 0:
            if _holds(self._ranges[at], inner):
                yield self._ranges[at]
            at = self._around[at]


class Begun:
    """Where the statements and the policies of files begin."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents: defaultdict[str, list[Document]] = defaultdict(list)
        for document in documents:
            for path in {document.path, *(part.path for part in document.elsewhere)}:
                self._documents[path].append(document)
        self._known: dict[str, tuple[Mapping[int, Span], Mapping[int, Span]]] = {}

    def is_first(self, finding: Finding) -> bool:
        """Return whether no other statement is the first that begins on the line of a finding.

        A comment on a line is about one statement, however many a line holds. A finding about
        a policy as a whole is compared with the policies that begin there.
        """
        path, start = finding.path, finding.range.start
        if path not in self._known:
            self._known[path] = self._firsts(path)
        statements, policies = self._known[path]
        first = (statements if finding.statement else policies).get(start.line)
        return first is None or first.start <= start.offset < max(first.end, first.start + 1)

    def _firsts(self, path: str) -> tuple[Mapping[int, Span], Mapping[int, Span]]:
        found: tuple[dict[int, Span], dict[int, Span]] = ({}, {})
        for document in self._documents[path]:
            statements = [statement.at for statement in document.policy.statements]
            for places, firsts in zip((statements, [At(())]), found, strict=True):
                for at in places:
                    home, source = document.file_of(at)
                    span = document.span(at)
                    line = source.lines.position(span.start).line
                    if home == path and span.start <= firsts.get(line, span).start:
                        firsts[line] = span
        return found


def about_files(ignores: Sequence[Ignore], paths: Iterable[str], parts: Parts) -> set[Ignore]:
    """Return the ignores with a glob that are about one of these files."""
    by_glob: defaultdict[tuple[str, str], list[Ignore]] = defaultdict(list)
    for ignore in ignores:
        by_glob[ignore.root or "", ignore.glob].append(ignore)
    found: set[Ignore] = set()
    if globbed := _Globbed(by_glob, parts) if by_glob else None:
        for path in paths:
            for glob in globbed.about(path):
                found.update(by_glob.pop(glob, ()))
            if not by_glob:
                break
    return found


def _holds(outer: Range, inner: Range) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _where(ignore: Ignore) -> str:
    return f"{ignore.path}:{ignore.range.start.line}"
