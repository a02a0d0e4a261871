"""SARIF 2.1.0, as GitHub's code scanning takes it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from heapq import nsmallest
from typing import TYPE_CHECKING

import attrs
import sarif_om as om

from iamlint.fast_dataclass import dataclass
from iamlint.load.find.uri import RepositoryPaths
from iamlint.paths import has_scheme
from iamlint.report.line_hash import line_hashes
from iamlint.report.text import (
    by_severity,
    describe_loosened,
    left_out,
    most_severe_first,
    shown,
)
from iamlint.rule import page
from iamlint.rule.docs_url import PROJECT_URL, docs_url
from iamlint.rule.finding import Range, Severity
from iamlint.rule.page import sentence
from iamlint.text.masked import cover
from iamlint.text.shown import plain
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.report.formats import Output
    from iamlint.rule import Rule
    from iamlint.rule.finding import Finding, Patch, Related
    from iamlint.rule.run import Run
    from iamlint.text.span import Lines

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
MOST_RESULTS = 5_000  # GitHub keeps no more of a run
MOST_LOCATIONS = 1_000  # of those of a result that are in flows, GitHub keeps no more
_LONGEST_DESCRIPTION = 1_024
_LONGEST_CONTEXT = 1_000
_MARGIN = 40
_ALWAYS = ("level", "kind")
_PROBLEM = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}


@dataclass(frozen=True, slots=True)
class SarifNote:
    """What a log says besides its results, at a level of SARIF, about a file if it has a path."""

    level: str
    message: str
    path: str | None = None


def report(run: Run, output: Output) -> Iterator[str]:
    rules = sorted(run.rules, key=lambda rule: rule.name)
    findings = nsmallest(MOST_RESULTS, shown(run, output), key=most_severe_first)
    more = by_severity(run, output).total() - len(findings)
    yield from write_log(run, output.category, list(map(_rule, rules)), findings, _left_out(more))


def write_log(
    run: Run,
    category: str | None,
    rules: Sequence[om.ReportingDescriptor],
    findings: Sequence[Finding],
    notes: Iterable[SarifNote],
) -> Iterator[str]:
    """Yield a log with these findings, and with notes besides those on the run."""
    results = _Results(run, rules, findings)
    notifications = [*results.notifications(), *map(results.notification, notes)]
    empty = _run(run, category, rules, notifications)
    log = om.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[empty])
    # The quotes in texts are escaped, so that this is the key.
    before, key, after = _written(log).partition('"results":[')
    yield before + key
    for number, f in enumerate(findings):
        yield ("," if number else "") + _written(results.result(f))
    yield after + "\n"


def _written(node: object) -> str:
    return json.dumps(_document(node), sort_keys=True, separators=(",", ":"))


def _run(
    run: Run,
    category: str | None,
    rules: Sequence[om.ReportingDescriptor],
    notifications: Sequence[om.Notification],
) -> om.Run:
    """Return the run without its results."""
    category = (category or "").strip("/")
    return om.Run(
        tool=om.Tool(driver=_driver(run, rules)),
        automation_details=om.RunAutomationDetails(
            id=f"iamlint/{category}/" if category else "iamlint/"
        ),
        column_kind="unicodeCodePoints",
        newline_sequences=["\r\n", "\n", "\r"],
        original_uri_base_ids={
            _ROOT: om.ArtifactLocation(description=_message("the root of the repository"))
        },
        invocations=[
            om.Invocation(
                execution_successful=not run.broken,
                tool_execution_notifications=list(notifications) or None,
            )
        ],
        results=[],
    )


def _driver(run: Run, rules: Sequence[om.ReportingDescriptor]) -> om.ToolComponent:
    return om.ToolComponent(
        name="iamlint",
        full_name=f"iamlint {VERSION}",
        organization="iamlint",
        version=VERSION,
        semantic_version=VERSION,
        information_uri=PROJECT_URL,
        contents=None,
        rules=list(rules),
        properties={"catalogDate": run.catalog_date},
    )


def _rule(rule: Rule) -> om.ReportingDescriptor:
    is_security = rule.security_severity is not None
    tags = ["security" if is_security else "correctness", "aws", "iam", rule.family.value]
    properties = {
        "tags": [*tags, f"external/cwe/cwe-{rule.cwe}"] if rule.cwe else tags,
        "precision": rule.confidence.value,
        "problem.severity": _PROBLEM[rule.severity],
    }
    if rule.security_severity is not None:
        properties["security-severity"] = f"{rule.security_severity:.1f}"
    return om.ReportingDescriptor(
        id=rule.name,
        name="".join(word.capitalize() for word in rule.name.split("-")),
        short_description=_text(sentence(rule.summary)),
        full_description=_text(_shortened(sentence(" ".join((rule.why or rule.summary).split())))),
        help=om.MultiformatMessageString(text=page.as_text(rule), markdown=page.as_markdown(rule)),
        help_uri=docs_url(rule),
        default_configuration=om.ReportingConfiguration(level=rule.severity.value),
        properties=properties,
    )


class _Results:
    """Makes results out of findings; knows the files they are in."""

    def __init__(
        self, run: Run, rules: Sequence[om.ReportingDescriptor], findings: Sequence[Finding]
    ) -> None:
        self._run = run
        self._indexes = {rule.id: index for index, rule in enumerate(rules)}
        self._advice = {rule.name: rule.advice for rule in run.rules}
        self._uri = cache(RepositoryPaths(run.here).of)
        self._hashes = _hashes(run, findings)

    def result(self, f: Finding) -> om.Result:
        help_ = f.help if f.help != self._advice.get(f.rule) else None
        return om.Result(
            rule_id=f.rule,
            rule_index=self._indexes.get(f.rule, -1),
            kind="fail",
            level=f.severity.value,
            message=_message(f.message, help_),
            locations=[self._location(f)],
            related_locations=[
                self._related(number, f.path, related)
                for number, related in enumerate(f.related, 1)
            ]
            or None,
            code_flows=self._code_flows(f),
            fixes=[self._fix(f.path, f.fix)] if f.fix else None,
            partial_fingerprints=self._fingerprints(f),
        )

    def notifications(self) -> Iterator[om.Notification]:
        """Yield what the run could not look at: without results it is not therefore clean."""
        for item in self._run.not_analysed:
            level = "warning" if item.unreadable else "note"
            yield self.notification(SarifNote(level, f"not analysed: {left_out(item)}", item.path))
        for off in self._run.switched_off:
            yield self.notification(SarifNote("note", describe_loosened(off), off.path))
        for broken in self._run.broken:
            yield self.notification(SarifNote("error", str(broken), broken.path))

    def notification(self, note: SarifNote) -> om.Notification:
        found = om.Notification(level=note.level, message=_message(note.message))
        if note.path is not None:
            place = om.PhysicalLocation(artifact_location=self._artifact(note.path))
            found.locations = [om.Location(physical_location=place)]
        return found

    def _artifact(self, path: str) -> om.ArtifactLocation:
        uri = self._uri(path)
        base = None if has_scheme(uri) else _ROOT
        return om.ArtifactLocation(uri=uri, uri_base_id=base)

    def _location(self, f: Finding) -> om.Location:
        name = _qualified_name(f)
        logical = om.LogicalLocation(fully_qualified_name=name) if name else None
        return om.Location(
            physical_location=self._place(f.path, f.range),
            logical_locations=[logical] if logical else None,
        )

    def _related(self, number: int | None, path: str, related: Related) -> om.Location:
        return om.Location(
            id=number,
            physical_location=self._place(related.path or path, related.range),
            message=_message(related.message),
        )

    def _code_flows(self, f: Finding) -> list[om.CodeFlow] | None:
        """Return the chains that lead to a finding as one flow, with a thread for each."""
        left = MOST_LOCATIONS
        threads = []
        for flow in f.flows:
            left -= len(flow.steps)
            if left < 0:
                break
            each = (self._related(None, f.path, step) for step in flow.steps)
            steps = [om.ThreadFlowLocation(location=place) for place in each]
            threads.append(om.ThreadFlow(message=_message(f"from {flow.start}"), locations=steps))
        return [om.CodeFlow(thread_flows=threads)] if threads else None

    def _place(self, path: str, range_: Range) -> om.PhysicalLocation:
        lines = self._run.lines.get(path)
        return om.PhysicalLocation(
            artifact_location=self._artifact(path),
            region=_region(range_, lines),
            context_region=_context(range_, lines) if lines else None,
        )

    def _fix(self, path: str, fix: Patch) -> om.Fix:
        replacements = [
            om.Replacement(
                deleted_region=_stretch(edit.range),
                inserted_content=om.ArtifactContent(text=edit.replacement),
            )
            for edit in fix.edits
        ]
        change = om.ArtifactChange(
            artifact_location=self._artifact(path), replacements=replacements
        )
        return om.Fix(description=_message(fix.description), artifact_changes=[change])

    def _fingerprints(self, f: Finding) -> dict[str, str]:
        prints = {"iamlintStatement/v1": f.fingerprint}
        if (line := self._hashes.get((f.path, f.range.start.line))) is not None:
            prints["primaryLocationLineHash"] = line
        return prints


def _hashes(run: Run, findings: Sequence[Finding]) -> dict[tuple[str, int], str]:
    """Return the hashes of the lines that findings start on; each file is read once."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for f in findings:
        numbers[f.path].add(f.range.start.line)
    found: dict[tuple[str, int], str] = {}
    for path, of_path in numbers.items():
        if path in run.lines:
            hashes = line_hashes(_without_words(run.lines[path]))
            found |= {(path, number): hashes[number - 1] for number in of_path}
    return found


def _qualified_name(f: Finding) -> str:
    """Return such as `Statement[PassAnyRole].Resource`; a statement without a Sid by its index."""
    outside, inside = list(f.policy.pointer), list(f.pointer)
    if f.statement and inside:
        outside.append(f"{inside.pop(0)}[{f.statement.sid or f.statement.index}]")
        if inside and isinstance(inside[0], int):
            inside.pop(0)
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in (*outside, *inside))
    return plain("".join(steps).removeprefix("."))


def _region(range_: Range, lines: Lines | None) -> om.Region:
    """Return the part of a range on its first line.

    GitHub shows an alert on a pull request only if all lines of its region have changed; the
    first line means a value over several. Of an unknown text nothing but the start is sure.
    """
    start, end = range_.start, range_.end
    if lines is None:
        return _stretch(range_ if end.line == start.line else Range(start, start))
    return _on_line(lines, start.line, start.column, end.column if end.line == start.line else None)


def _without_words(lines: Lines) -> str:
    """Return a text without its passwords, which could be guessed from a hash."""
    return cover(lines.whole, [one for one in lines.secrets if one.is_word])


def _context(range_: Range, lines: Lines) -> om.Region | None:
    """Return the lines around a region, or a stretch of its line where they are very long."""
    line = range_.start.line
    before, after = max(line - 1, 1), min(line + 1, len(lines))
    texts = [lines.masked(number).text for number in range(before, after + 1)]
    if sum(map(len, texts)) > _LONGEST_CONTEXT:
        near = _region(range_, lines)
        first = max(near.start_column - _MARGIN, 1)
        return _on_line(lines, line, first, near.end_column + _MARGIN)
    return om.Region(
        start_line=before,
        start_column=1,
        end_line=after,
        end_column=len(lines.text(after)) + 1,
        snippet=om.ArtifactContent(text="\n".join(texts)),
    )


def _on_line(lines: Lines, line: int, first: int, last: int | None) -> om.Region:
    """Return a region within a line, with its text; `last` is exclusive, None is the line's end."""
    text = lines.text(line)
    limit = len(text) + 1
    first = min(first, limit)
    last = limit if last is None else max(first, min(last, limit))
    region = om.Region(start_line=line, start_column=first, end_line=line, end_column=last)
    masked = lines.masked(line)
    begin, end = masked.part(first - 1, last - 1)
    region.snippet = om.ArtifactContent(text=masked.text[begin:end])
    return region


def _stretch(range_: Range) -> om.Region:
    start, end = range_.start, range_.end
    return om.Region(
        start_line=start.line,
        start_column=start.column,
        end_line=end.line,
        end_column=end.column,
    )


def _left_out(number: int) -> Iterator[SarifNote]:
    if number > 0:
        yield SarifNote(
            "warning",
            f"{number} more findings, none more severe, are left out: GitHub keeps {MOST_RESULTS}",
        )


def _message(*texts: str | None) -> om.Message:
    """Return sentences; a `](` of the user's makes no link.

    Braces stay single: without arguments there are no placeholders, and GitHub shows text as it is.
    """
    text = " ".join(sentence(plain(text)) for text in texts if text)
    return om.Message(text=text.replace("](", "\\]("))


def _text(text: str) -> om.MultiformatMessageString:
    return om.MultiformatMessageString(text=text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1] + "…"


def _document(node: object) -> object:
    """Return an object of the library as plain data, without what is absent or a default.

    `level` and `kind` are always written: an absent `level` means that of the rule.
    """
    if isinstance(node, dict):
        return {name: _document(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_document(item) for item in node]
    type_ = type(node)
    if not attrs.has(type_):
        return node
    values = [(attribute, getattr(node, attribute.name)) for attribute in attrs.fields(type_)]
    return {
        attribute.metadata["schema_property_name"]: _document(value)
        for attribute, value in values
        if value is not None and (attribute.name in _ALWAYS or value != attribute.default)
    }
