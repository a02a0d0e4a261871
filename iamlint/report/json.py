"""The findings as JSON; the shape is a contract that scripts depend on."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING

from iamlint.report.text import by_severity, is_shown, open_count
from iamlint.rule.docs_url import page_url
from iamlint.rule.finding import Severity
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.load.document import NotAnalysed
    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding, Patch, Range, Related, ThreadFlow
    from iamlint.rule.run import DatedReport, Run
    from iamlint.text.span import Position

_MEMBER, _ITEM = "\n ", "\n  "
"""The starts of lines in the outermost object, and in a list in it."""


def report(run: Run, output: Output) -> Iterator[str]:
    yield _members({"version": 1, "tool": tool(run)}, "{")
    yield ',\n "findings": '
    urls = page_urls(run)
    yield from _items(finding(f, urls) for f in list_findings(run, output))
    rest = {
        "not_analysed": [not_analysed(n) for n in run.not_analysed],
        **switched_off(run),
        "summary": summary(run, output),
    }
    yield _members(rest, ",") + "\n}\n"


def _members(members: dict[str, object], start: str) -> str:
    """Return members of the outermost object, after `start`."""
    each = [
        f"\n {encode_basestring_ascii(name)}: {_indented(members[name], _MEMBER)}"
        for name in members
    ]
    return start + ",".join(each)


def _items(items: Iterable[object]) -> Iterator[str]:
    """Yield a list in the outermost object, one item at a time."""
    start = "["
    for item in items:
        yield f"{start}\n  {_indented(item, _ITEM)}"
        start = ","
    yield "[]" if start == "[" else "\n ]"


def _indented(value: object, margin: str) -> str:
    """Return the text of `json.dumps` with an indent of one, which is slow."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if type(value) is int:
        return str(value)
    if value is None:
        return "null"
    inner = f"{margin} "
    if isinstance(value, dict) and value:
        members = [
            f"{encode_basestring_ascii(name)}: {_indented(member, inner)}"
            for name, member in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(members)}{margin}}}"
    if isinstance(value, list | tuple) and value:
        items = [_indented(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{margin}]"
    if isinstance(value, dict | list | tuple):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value)


def list_findings(run: Run, output: Output) -> Iterator[Finding]:
    """Yield what is in the output: what is suppressed or included too, each with its reason."""
    return (f for f in run.findings if not f.is_open or is_shown(f, output))


def tool(run: Run) -> dict[str, object]:
    return tool_of(run.catalog_date)


def tool_of(catalog_date: str) -> dict[str, object]:
    return {"name": "iamlint", "version": VERSION, "catalog_date": catalog_date}


def summary(run: Run, output: Output) -> dict[str, object]:
    listed = by_severity(run, output)
    return {
        "files": run.files,
        "policies": run.policies,
        **({"subjects": run.subjects} if run.subjects else {}),
        **{s.value: listed[s] for s in reversed(Severity)},
        "suppressed": len(run.findings) - open_count(run),
        **({"reports": [_dated(one, run) for one in run.reports]} if run.reports else {}),
    }


def _dated(report: DatedReport, run: Run) -> dict[str, object]:
    age = None if run.at is None else report.age(run.at)
    return {"path": report.path, "kind": report.kind, "as_of": report.as_of, "age_days": age}


def not_analysed(item: NotAnalysed) -> dict[str, object]:
    return {
        "path": item.path,
        "pointer": list(item.pointer),
        "policy": item.policy,
        "reason": item.reason,
    }


def switched_off(run: Run) -> dict[str, object]:
    """Return what configurations below the named paths switch off, where there is such a thing."""
    each = [
        {
            "path": off.path,
            "rules": list(off.rules),
            "severities": list(off.severities),
            "settings": list(off.settings),
        }
        for off in run.switched_off
    ]
    return {"switched_off": each} if each else {}


def page_urls(run: Run) -> dict[str, str | None]:
    """Return the address of each rule's page."""
    return {rule.name: page_url(rule) for rule in run.rules}


def finding(f: Finding, urls: Mapping[str, str | None]) -> dict[str, object]:
    return {
        "rule": f.rule,
        "url": urls.get(f.rule),
        "family": f.family,
        "severity": f.severity,
        "confidence": f.confidence,
        "profile": f.profile,
        "security_severity": f.security_severity,
        "access_analyzer": f.access_analyzer,
        "message": f.message,
        "path": f.path,
        "policy": {
            "kind": f.policy.kind,
            "name": f.policy.name,
            "pointer": list(f.policy.pointer),
            **({"construct": f.policy.construct} if f.policy.construct else {}),
        },
        "statement": f.statement and {"index": f.statement.index, "sid": f.statement.sid},
        "pointer": list(f.pointer),
        "range": range_of(f.range),
        "related": [_related(related) for related in f.related],
        "properties": dict(f.properties),
        "fix": f.fix and _fix(f.fix),
        **({"flows": list(map(_flow, f.flows))} if f.flows else {}),
        "fingerprint": f.fingerprint,
        "suppressed": _suppressed(f),
        "implied": list(f.implied),
    }


def _suppressed(f: Finding) -> dict[str, str] | None:
    if f.suppressed:
        return {"reason": f.suppressed.reason, "where": f.suppressed.where}
    if f.implied_by:
        where = f"{f.path}:{f.range.start.line}"
        return {"reason": f"included in `{f.implied_by}`", "where": where}
    return None


def _related(related: Related) -> dict[str, object]:
    path = {} if related.path is None else {"path": related.path}
    place = {"pointer": list(related.pointer), "range": range_of(related.range)}
    return {**path, **place, "message": related.message}


def _flow(flow: ThreadFlow) -> dict[str, object]:
    return {"start": flow.start, "steps": list(map(_related, flow.steps))}


def _fix(fix: Patch) -> dict[str, object]:
    return {
        "safe": fix.safe,
        "description": fix.description,
        "edits": [
            {"range": range_of(edit.range), "replacement": edit.replacement} for edit in fix.edits
        ],
    }


def range_of(range_: Range) -> dict[str, object]:
    return {"start": _position(range_.start), "end": _position(range_.end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}
