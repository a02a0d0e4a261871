"""Turns a fix, which changes nodes, into edits of a file where that is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule.finding import Edit, Patch, Range
from iamlint.rule.fix import Applicability, Insert, Remove, Reword
from iamlint.text import rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Document
    from iamlint.policy.at import At
    from iamlint.rule.fix import Change, Fix
    from iamlint.text.rewrite import Rewrite
    from iamlint.text.span import Pointer


def fix_of(document: Document, fix: Fix) -> Patch | None:
    """Return the edits of a fix; None where the text does not allow them exactly.

    There is no fix for one case of a file that has several, and no equivalent fix for a policy
    that AWS refuses: neither is known to be right. Nor is there one for a policy of several files,
    or for a place that other policies may share.
    """
    if document.elsewhere or document.borrowed:
        return None
    if document.readings or (
        fix.applicability is Applicability.EQUIVALENT and _is_refused(document)
    ):
        return None
    try:
        for at in fix.relies_on:
            rewrite.check_written(document.source, _pointer(document, at))
        found = sorted({r for change in fix.changes for r in _rewrites(document, change)})
    except rewrite.InexactError:
        return None
    lines = document.source.lines
    edits = tuple(
        Edit(Range(lines.position(r.span.start), lines.position(r.span.end)), r.text) for r in found
    )
    return Patch(fix.applicability.is_safe, fix.description, edits)


def _is_refused(document: Document) -> bool:
    return any(not problem.is_accepted(document.kind) for problem in document.policy.problems)


def _rewrites(document: Document, change: Change) -> Iterator[Rewrite]:
    source = document.source
    if isinstance(change, Reword):
        pointer = _pointer(document, change.at)
        yield from rewrite.reword(source, pointer, change.text, key=change.at.key, part=change.part)
    elif isinstance(change, Insert):
        yield from rewrite.insert(source, _pointer(document, change.at), change.name, change.text)
    elif isinstance(change, Remove):
        above: dict[Pointer, list[str | int]] = {}
        for at in change.nodes:
            above.setdefault(_pointer(document, at)[:-1], []).append(at.pointer[-1])
        for pointer, steps in above.items():
            yield from rewrite.remove(source, pointer, steps)
    else:
        span = document.span(change.at)
        if source.text.startswith(("//", "/*"), span.start):
            raise rewrite.InexactError  # a fix takes no comment away
        yield from rewrite.strictly(source, span)


def _pointer(document: Document, at: At) -> Pointer:
    return (*document.root, *at.pointer)
