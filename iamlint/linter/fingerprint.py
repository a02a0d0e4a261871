"""Names findings by what they are about, so that moving or reformatting changes no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.document import Document
from iamlint.rule.finding import PolicyRef, digest

if TYPE_CHECKING:
    from iamlint.load.file_value import Subject
    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, Rule
    from iamlint.text.span import Pointer, Span


class Fingerprints:
    """The fingerprints of what is found in one document. `place` names its file."""

    def __init__(self, document: Document, place: str) -> None:
        self._document = document
        self._place = place
        self._digests: dict[Pointer, str] = {}
        self._policy: PolicyRef | None = None

    def policy(self, home: str | None) -> PolicyRef:
        """Return which policy the document is; one of no other account is of `home`."""
        if self._policy is None:
            document = self._document
            of = document.attachment
            account = of.account or home
            is_text = account is not None and document.source.readable
            self._policy = PolicyRef(
                document.kind,
                document.name,
                document.pointer,
                of.names,
                of.construct,
                account,
                digest(document.value, account or "") if is_text else "",
            )
        return self._policy

    def of(self, rule: Rule, statement: Statement | None, hit: Hit) -> str:
        """Return the fingerprint of a hit, equal for hits that are alike.

        The statement counts by its Sid, or else by its content; lists by their values, not indexes.
        A hit with an identity is about the whole statement.
        """
        if hit.identity:
            return digest([rule.name, self._place, self._identity(statement), hit.identity])
        inside = hit.at.pointer[len(statement.at.pointer) :] if statement else hit.at.pointer
        return digest(
            [
                rule.name,
                self._place,
                self._identity(statement),
                ".".join(step for step in inside if isinstance(step, str)),
                self._digest(hit.at.pointer),
            ]
        )

    def _identity(self, statement: Statement | None) -> str:
        if statement is None:
            return ""
        return statement.sid.text if statement.sid else self._digest(statement.at.pointer)

    def _digest(self, pointer: Pointer) -> str:
        if not self._document.source.readable:
            return ""
        if pointer not in self._digests:  # a long statement with many hits is read once
            self._digests[pointer] = digest(self._document.node(pointer))
        return self._digests[pointer]


class SubjectFingerprints:
    """The fingerprints of what is found about one subject. `place` names its file.

    Age, row and index do not change one. A subject with an identity is the same in every file, such
    as a credential in two reports.
    """

    def __init__(self, subject: Subject, place: str) -> None:
        self._subject = subject
        self._place = place

    def policy(self, _home: str | None) -> PolicyRef:
        """Return which subject of its file it is."""
        return PolicyRef(None, self._subject.name or None, self._subject.pointer)

    def of(self, rule: Rule, _statement: Statement | None, hit: Hit) -> str:
        """Return the fingerprint of a hit."""
        subject = self._subject
        names = [step for step in (*subject.pointer, *hit.at.pointer) if isinstance(step, str)]
        identity = hit.identity or subject.identity
        known = identity or [self._place, subject.name]
        line = [] if identity or hit.at.span is None else [_masked_line(subject, hit.at.span)]
        return digest([rule.name, known, names[-1:] if identity else names, *line])


def fingerprints_of(value: Document | Subject, place: str) -> Fingerprints | SubjectFingerprints:
    """Return the fingerprints of what is found in a document, or about a subject."""
    if isinstance(value, Document):
        return Fingerprints(value, place)
    return SubjectFingerprints(value, place)


def _masked_line(subject: Subject, span: Span) -> str:
    """Return the line of a place without its secrets: a password could be guessed from a hash."""
    lines = subject.source.lines
    return lines.masked(lines.position(span.start).line).text.strip()


def number_fingerprint(fingerprint: str, number: int) -> str:
    """Return a fingerprint that is unique among several that are alike, by their number."""
    return fingerprint if number == 1 else digest([fingerprint, number])
