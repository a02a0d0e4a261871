"""The result of a part as two lines of JSON, and back: the facts, and the findings, sorted."""

from __future__ import annotations

import json
from functools import partial
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import replace
from iamlint.linter.part import PartResult
from iamlint.linter.records import NotPlainError, as_json, from_data
from iamlint.rule.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Start: TypeAlias = tuple[str, int]
"""The path and the line of a finding."""


def lines_of(result: PartResult) -> tuple[bytes, bytes]:
    """Return the lines of a result, without their ends."""
    findings = sorted(result.findings, key=lambda f: f.order)
    written = _list_of(findings)
    start = start_of(findings[0]) if findings else None
    about = [_digest(written), start, replace(result, findings=())]
    return as_json(about).encode(), written


def _list_of(findings: Sequence[Finding]) -> bytes:
    """Return findings as one line; its parts are not held beside it."""
    line = BytesIO()
    for at, one in enumerate(findings):
        line.write(b"," if at else b"[")
        line.write(as_json(one).encode())
    line.write(b"]" if findings else b"[]")
    return line.getvalue()


def read_lines(facts: bytes, findings: bytes) -> tuple[Start | None, PartResult]:
    """Return where the first finding starts, and the result without its findings.

    Raises `NotPlainError` for other lines, also for a line of findings that has changed.
    """
    try:
        digest, start, data = json.loads(facts)
        path, line = start or ("", 0)
    except (ValueError, TypeError) as error:
        raise NotPlainError(str(error)) from error
    if digest != _digest(findings):
        raise NotPlainError("the findings are not those that were written")
    known: Start = from_data(tuple[str, int], (path, line))
    result: PartResult = from_data(PartResult, data)
    return known if start else None, result


def findings_of(line: bytes) -> Iterator[Finding]:
    """Yield the findings in a line; raise `NotPlainError` for another one."""
    try:
        return map(partial(from_data, Finding), json.loads(line))
    except ValueError as error:
        raise NotPlainError(str(error)) from error


def start_of(finding: Finding) -> Start:
    """Return where a finding starts."""
    return finding.path, finding.range.start.line


def _digest(line: bytes) -> str:
    return blake2b(line, digest_size=16).hexdigest()
