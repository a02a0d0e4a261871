"""Documents in, findings out: runs every rule over every policy. Prints nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iamlint.edits import fix_of
from iamlint.finding import Finding, PolicyRef, Range, Related, StatementRef
from iamlint.rule import Ask, Home, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.finding import Severity
    from iamlint.load.document import Attachment, Document, NotAnalysed
    from iamlint.policy.model import At, Statement
    from iamlint.rule import Hit, Rule
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Lines, Span


@dataclass(frozen=True, slots=True)
class Settings:
    """What is checked and for whom. `options` holds each rule's own settings by its name."""

    rules: tuple[Rule, ...]
    catalog: Catalog
    home: Home = Home()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that raised: its verdict is unknown, so the run is no clean run."""

    rule: str
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report can say. `findings` are sorted and include the suppressed ones.

    `lines` holds the text of every file that was read, by its path.
    """

    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...]
    broken: tuple[Broken, ...]
    files: int
    policies: int
    lines: Mapping[str, Lines]
    rules: tuple[Rule, ...]
    catalog_date: str

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that are not suppressed."""
        return tuple(f for f in self.findings if f.suppressed is None)


def check(documents: Iterable[Document], settings: Settings) -> Iterator[Finding | Broken]:
    """Yield what the rules find, in no order; fingerprints are unique within the documents.

    What several readings of one policy have in common, or several policies that share a part, is
    found once.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    told: set[tuple[str, str, str, Span]] = set()
    for document in documents:
        for rule in settings.rules:
            if document.policy.kind not in rule.kinds or rule.scope is Scope.RUN:
                continue
            ask = _ask(document, rule, settings)
            try:
                hits = list(_hits(rule, document, ask))
            except Exception as error:  # noqa: BLE001 - the boundary: a broken rule is exit 3
                yield Broken(rule.name, document.path, f"{type(error).__name__}: {error}")
                continue
            for statement, hit in hits:
                same = document.home(hit.at)[0], rule.name, hit.message, document.span(hit.at)
                if same in told:
                    continue
                told.add(same)
                yield _finding(rule, document, statement, hit, settings, seen)


def _hits(rule: Rule, document: Document, ask: Ask) -> Iterator[tuple[Statement | None, Hit]]:
    if rule.check_policy is not None:
        for hit in rule.check_policy(document.policy, ask):
            yield _statement_at(document, hit.at), hit
    elif rule.check is not None:
        for statement in document.policy.statements:
            for hit in rule.check(statement, ask):
                yield statement, hit


def _ask(document: Document, rule: Rule, settings: Settings) -> Ask:
    return Ask(
        policy=document.policy,
        catalog=settings.catalog,
        home=settings.home,
        value=document.value if document.source.readable else None,
        written=lambda: document.written,
        resource_type=document.attachment.resource_type,
        options=settings.options.get(rule.name),
    )


def _statement_at(document: Document, at: At) -> Statement | None:
    """Return the statement a node lies in; a single-object `Statement` is the only one."""
    for statement in document.policy.statements:
        here = statement.at.pointer
        if at.pointer[: len(here)] == here:
            return statement
    return None


def _finding(
    rule: Rule,
    document: Document,
    statement: Statement | None,
    hit: Hit,
    settings: Settings,
    seen: Counter[tuple[str, ...]],
) -> Finding:
    path, source = document.home(hit.at)
    return Finding(
        rule=rule.name,
        family=rule.family,
        severity=settings.severities.get(rule.name) or hit.severity or rule.severity,
        confidence=rule.confidence,
        profile=rule.profile,
        security_severity=hit.security_severity or rule.security_severity,
        access_analyzer=hit.access_analyzer or next(iter(rule.access_analyzer), None),
        message=hit.message,
        help=hit.help or rule.advice or None,
        path=path,
        policy=PolicyRef(
            document.kind, document.name, document.pointer, _attached_to(document.attachment)
        ),
        statement=StatementRef(statement.index, _sid(statement)) if statement else None,
        pointer=hit.at.pointer,
        range=_range(source, document.span(hit.at)),
        fingerprint=_fingerprint(rule, document, statement, hit, seen),
        related=tuple(
            Related(note.at.pointer, _range(source, document.span(note.at)), note.message)
            for note in hit.related
            if document.home(note.at)[0] == path
        ),
        properties=hit.properties,
        fix=fix_of(document, hit.mend) if hit.mend else None,
    )


def _attached_to(attachment: Attachment) -> tuple[str, ...]:
    one = attachment.principal or attachment.arn or attachment.address
    return attachment.principals or ((one,) if one else ())


def _sid(statement: Statement) -> str | None:
    return statement.sid.text if statement.sid else None


def _range(source: Source, span: Span) -> Range:
    return Range(source.lines.position(span.start), source.lines.position(span.end))


def _fingerprint(
    rule: Rule,
    document: Document,
    statement: Statement | None,
    hit: Hit,
    seen: Counter[tuple[str, ...]],
) -> str:
    """Identify a finding by what it is about, so that moving or reformatting does not change it.

    The statement counts by its Sid, or else by its content; lists by their values, not indexes.
    """
    inside = hit.at.pointer[len(statement.at.pointer) :] if statement else hit.at.pointer
    identity = (
        rule.name,
        document.path,
        _identity(document, statement),
        ".".join(step for step in inside if isinstance(step, str)),
        digest(_node(document.value, hit.at)) if document.source.readable else "",
    )
    seen[identity] += 1
    return digest([*identity, seen[identity]])


def _identity(document: Document, statement: Statement | None) -> str:
    if statement is None:
        return ""
    return _sid(statement) or digest(_node(document.value, statement.at))


def _node(value: Value, at: At) -> object:
    node: object = value
    for step in at.pointer:
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            items: list[object] = node
            node = items[step]
        else:
            return None
    return node


def digest(value: object) -> str:
    """Return a short stable name of plain data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
