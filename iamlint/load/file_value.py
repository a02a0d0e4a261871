"""A value of a file that rules look at: a policy, or a subject such as a row of a report."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.text.source import Unknown, value_at, without_tag

OUTPUTS: Final = "(outputs)"
"""The member of a resource with the outputs that return its secret, by their names."""

DEFAULTS: Final = "(defaults)"
"""The member of a resource with the defaults of the parameters that are its secrets, by name."""

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from iamlint.load.link import SourceCondition
    from iamlint.policy.model import Statement
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent set of results of the unknown conditions of a policy."""

    given: frozenset[SourceCondition] = frozenset()

    def __str__(self) -> str:
        return " and ".join(map(str, sorted(self.given)))


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """All consistent readings in which one policy is there, and whether it is there in all.

    The content of a policy under its own conditions is a fact about that policy: a reading in which
    it does not exist contradicts nothing.
    """

    readings: tuple[Reading, ...]
    is_always: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """Parts of a policy that are in another file; `source` has their places by pointer."""

    path: str
    source: Source


@dataclass(frozen=True, slots=True)
class ShownBy:
    """A call of a module by an example or a test: its file, and its name if that is known."""

    path: str
    name: str = ""

    def __str__(self) -> str:
        return f"`{self.name}` in `{self.path}`" if self.name else f"`{self.path}`"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A suppression that the file itself contains: of `rule`, anywhere in `scope`.

    `expires` is its date, as written, and `span` its place.
    """

    rule: str
    reason: str
    expires: str
    span: Span
    scope: Span


@dataclass(frozen=True, slots=True)
class OwnValue(Unknown):
    """A value that each instance of a block has for itself: `each.key`."""


class FileValue:
    """A value of a file that rules look at, and the places of its nodes.

    `pointer` leads to it from the top of the file, `root` from the top of `source`. `readings` are
    the consistent results of conditions in which it has this content, empty if it always has, and
    `cases` all of the same value. `elsewhere` holds the parts that are in other files.
    """

    path: str
    source: Source
    pointer: Pointer
    root: Pointer
    readings: tuple[Reading, ...]
    cases: Cases | None
    elsewhere: tuple[Elsewhere, ...]
    shown_by: ShownBy | None
    waivers: tuple[Waiver, ...]

    @cached_property
    def value(self) -> Value:
        return without_tag(self.source.value_at(self.root))

    @property
    def statements(self) -> Sequence[Statement]:
        """The statements of a policy."""
        return ()

    def node(self, pointer: Pointer) -> Value:
        """Return a node of the value, None if it does not exist."""
        try:
            return value_at(self.value, pointer)
        except LookupError:
            return None

    @property
    def when(self) -> str:
        """The case in words, for labels: empty if the value is the same in all."""
        return " or ".join(filter(None, map(str, self.readings)))

    @property
    def written(self) -> str:
        """The value as written in the file."""
        whole = self.span(At(()))
        return self.source.text[whole.start : whole.end]

    def span(self, at: At) -> Span:
        """Return the place of a node of the value in the text of its file, `home(at)`."""
        if at.span is not None:
            return at.span
        _, source = self.file_of(at)
        return source.locate((*self.root, *at.pointer), key=at.key)

    def file_of(self, at: At) -> tuple[str, Source]:
        """Return the path and the source of the file that contains a node of the value."""
        pointer = (*self.root, *at.pointer)
        while self.elsewhere and at.span is None and pointer not in self.source.places:
            if (part := self._homes.get(pointer)) is not None:
                return part.path, part.source
            if not pointer:
                break
            pointer = pointer[:-1]
        return self.path, self.source

    @cached_property
    def _homes(self) -> Mapping[Pointer, Elsewhere]:
        """The parts in other files, by all that is in them; the first of several counts."""
        return {at: part for part in reversed(self.elsewhere) for at in part.source.places}


class SubjectKind(StrEnum):
    """What rules look at besides policies, by what a file says."""

    CREDENTIALS = "credential report"  # one user
    SUMMARY = "account summary"
    PASSWORD_POLICY = "password policy"  # noqa: S105 - not a password
    ACCESS_KEY = "access key"  # one of a list
    VIRTUAL_MFA = "virtual MFA devices"
    CERTIFICATE = "server certificate"  # one of a list
    ROLE = "role"  # of `get-role` and `list-roles`
    DETAILS = "authorization details"  # of a whole account
    ORGANIZATION = "organization features"
    RESOURCE = "resource"  # of a template or a module
    TEXT = "text"  # of a file, in which secrets may be

    @property
    def command(self) -> str | None:
        """The command that prints it; None for what people write themselves."""
        return _COMMANDS.get(self)

    @property
    def is_report(self) -> bool:
        """Whether the time that the file was made at decides what it means."""
        return self in (SubjectKind.CREDENTIALS, SubjectKind.ACCESS_KEY, SubjectKind.DETAILS)


_COMMANDS: Final = {
    SubjectKind.CREDENTIALS: "aws iam get-credential-report",
    SubjectKind.SUMMARY: "aws iam get-account-summary",
    SubjectKind.PASSWORD_POLICY: "aws iam get-account-password-policy",
    SubjectKind.ACCESS_KEY: "aws iam list-access-keys --user-name NAME",
    SubjectKind.VIRTUAL_MFA: "aws iam list-virtual-mfa-devices",
    SubjectKind.CERTIFICATE: "aws iam list-server-certificates",
    SubjectKind.ROLE: "aws iam list-roles",
    SubjectKind.DETAILS: "aws iam get-account-authorization-details",
    SubjectKind.ORGANIZATION: "aws iam list-organizations-features",
}


@dataclass(frozen=True, eq=False)
class Subject(FileValue):
    """Something besides a policy that rules look at, such as a user of a credential report.

    `name` is for display. A finding about it is known by `identity`, such as an ARN, whatever file
    says it; without one by its file and its name. `type` is the type of a resource, as its template
    or module writes it. `as_of` is the time at which the file was true, as far as it says so: it
    `is_dated` if the file states the time, which otherwise is the newest one in it. A resource that
    `is_conditional` may not exist: its values are facts about it, but its existence is not one.
    """

    kind: SubjectKind
    path: str
    source: Source
    pointer: Pointer
    root: Pointer
    name: str = ""
    identity: str = ""
    type: str = ""
    as_of: datetime | None = None
    is_dated: bool = False
    is_conditional: bool = False
    readings: tuple[Reading, ...] = ()
    cases: Cases | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    shown_by: ShownBy | None = None
    waivers: tuple[Waiver, ...] = ()
