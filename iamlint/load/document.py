"""A policy that was found: its place, its kind and its attachment."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.file_value import FileValue, Subject
from iamlint.load.given import Taker
from iamlint.load.link import Binding, Held, Link, Name, Node, Ref, SourceCondition, shown
from iamlint.load.workload import Workload
from iamlint.policy.arn import account_of
from iamlint.policy.at import At
from iamlint.policy.model import Policy, Statement
from iamlint.policy.network import Network
from iamlint.policy.parse import parse_policy
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.text.source import NO_VALUE, Input, Source, SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.load.file_value import Cases, Elsewhere, Reading, ShownBy, Waiver
    from iamlint.policy.grammar import Kind
    from iamlint.policy.plain import StatementOutline
    from iamlint.text.span import Pointer, Span

_T = TypeVar("_T")


class Certainty(StrEnum):
    """How it is known that a value is a policy of its kind."""

    DECLARED = "declared"  # the user says so
    TABLE = "table"  # it is where the format holds policies
    SHAPE = "shape"  # it looks like one


@dataclass(frozen=True, slots=True)
class Attachment:
    """The identities and the resource that have a policy, as far as known.

    `resource_type` is a name of CloudFormation. `holders` are the identities that have the policy.
    `arn` is that of the resource that has it, under all conditions of `given`. `address` is the
    name in the file of the block that holds the policy, such as the logical id of a CloudFormation
    resource; that name, and those of holders and targets, are looked up in `scope` first.
    `also` are the names of other blocks that hold the same policy, which reports do not show.
    `policy_arn` is that of a managed policy itself, which `is_exported` if other files can name it
    by an output. `targets` are the root, units and accounts that
    have an SCP or RCP. `network` is from where the resource can be reached. `construct` is the path
    of the CDK construct that creates it. `owner` is the account of the resource, if a file gives
    it.
    """

    holders: tuple[Held, ...] = ()
    resource_type: str | None = None
    arn: Name | None = None
    given: frozenset[SourceCondition] = frozenset()
    address: str | None = None
    scope: str = ""
    policy_arn: Name | None = None
    is_exported: bool = False
    targets: tuple[Held, ...] = ()
    network: Network = Network.INTERNET
    construct: str | None = None
    owner: Name | None = None
    also: tuple[str, ...] = field(default=(), compare=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The names in the file of all blocks that hold the policy."""
        return self.also if self.address is None else (self.address, *self.also)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the identities and resources that surely have the policy, for display."""
        sure = tuple(str(held) for held in self.holders if not held.given)
        one = self.address if self.arn is None else shown(self.arn)
        return sure or ((one,) if one else ())

    @property
    def account(self) -> str | None:
        """The account whose policy it is, if the file gives it."""
        of_holders = (held.ref.account for held in self.holders if not held.given)
        said = (self.policy_arn, self.arn, self.owner, *of_holders)
        found = (account_of(one) for one in said if isinstance(one, str))
        return next(filter(None, found), None)


class Cause(StrEnum):
    """Why something was left out, where a decision depends on the reason."""

    LIMIT = "limit"
    NOT_TEXT = "not text"
    TEMPLATED = "templated"
    REPEATED = "repeated"  # the file itself says it elsewhere
    ELSEWHERE = "elsewhere"  # another file says it
    BROKEN = "broken"  # and no sign of a policy, but of who holds some
    NO_POLICY = "no policy"
    NOT_IAM = "not of IAM"
    OTHER_CLOUD = "other cloud"
    AWS_MANAGED = "managed by AWS"
    GIT_IGNORED = "ignored by git"
    NOT_MADE = "not made"  # a tool has not written it yet
    VALUES = "values"  # of variables, which are unknown then
    OUTSIDE = "outside"  # a link leads out of the repository
    UNASKED = "not asked for"  # a copy or template of a file, which is read where it is named
    SIGN = "sign"  # of a policy, in what no reader takes for one
    OTHER = "other"

    @property
    def is_spared(self) -> bool:
        """Whether no answer depends on what was left out."""
        return self in _SPARED

    @property
    def is_gap(self) -> bool:
        """Whether a policy may be there that no rule has looked at."""
        return not self.is_spared or self in (Cause.NOT_MADE, Cause.OUTSIDE)


_SPARED: Final = frozenset(Cause) - {
    *(Cause.LIMIT, Cause.NOT_TEXT, Cause.TEMPLATED, Cause.BROKEN, Cause.OTHER),
    *(Cause.SIGN, Cause.UNASKED),
}


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """Something that was left out, and why; `unreadable` when it was meant to be read.

    `reason` is for display, `cause` for decisions. A policy that exists and has an unknown text has
    a `kind` and an `attachment`.
    """

    path: str
    pointer: Pointer
    reason: str
    unreadable: bool = False
    kind: Kind | None = field(default=None, compare=False)
    attachment: Attachment = field(default=Attachment(), compare=False)
    cause: Cause = field(default=Cause.OTHER, compare=False)

    @property
    def policy(self) -> str:
        """The policy of the file that it is, by the names on the way to it; empty for the file."""
        address, way = self.attachment.address, ".".join(map(str, self.pointer))
        return way if address is None or way.startswith(address) else f"{address}: {way}"


_FLAWS = {
    **dict.fromkeys(NO_VALUE, GrammarFault.UNREADABLE),
    SyntaxFault.DUPLICATE_KEY: GrammarFault.DUPLICATE_KEY,
    SyntaxFault.COMMENT: GrammarFault.RELAXED_JSON,
    SyntaxFault.TRAILING_COMMA: GrammarFault.RELAXED_JSON,
    SyntaxFault.JSON5_SYNTAX: GrammarFault.RELAXED_JSON,
    SyntaxFault.CONTROL_CHARACTER: GrammarFault.RELAXED_JSON,
}


@dataclass(frozen=True, slots=True)
class Default:
    """The default of a variable or parameter, and its place if values keep it."""

    input: Input
    path: str
    span: Span | None = None


@dataclass(frozen=True)
class Document(FileValue):
    """One policy of a file.

    `pointer` leads to it from the top of the file; `root` from the top of `source`, which is
    shorter when the policy is a JSON string inside the file. A policy that depends on conditions
    of its file is several documents, one for each different content: `readings` are those in which
    it has this content, empty if it always has, and `cases` all of the same policy.
    `problems` are those that the loader found. If a policy is assembled from several files,
    `elsewhere` holds the parts that are not in this one. It is `borrowed` when some of it
    is written where other policies may take it from too, or in a file that was not asked for, or is
    not written at all. A policy that `joins` adds its statements to those of others of its
    resource. A tool makes some policies from a name and arguments: `generated` is the content of
    such a policy with any arguments. A file without a readable source, which does not begin like a
    policy, `may_hold_more`: other policies, principals and links. A policy that has its values from
    an example or a test is `shown_by` its call. `parsed` keeps the parsed policy for its copies,
    which say more of its attachment; a copy with another content or kind has its own.
    """

    path: str
    source: Source
    pointer: Pointer
    root: Pointer
    kind: Kind
    name: str | None = None
    certainty: Certainty = Certainty.SHAPE
    attachment: Attachment = Attachment()
    readings: tuple[Reading, ...] = ()
    cases: Cases | None = None
    problems: tuple[Problem, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    borrowed: bool = False
    joins: bool = False
    generated: Document | None = None
    may_hold_more: bool = False
    shown_by: ShownBy | None = None
    parsed: dict[object, Policy] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def policy(self) -> Policy:
        of = self.source, self.root, self.kind, self.problems, self.path
        found = self.parsed.get(of)
        if found is None:
            found = self.parsed[of] = self._parse()
        return found

    def _parse(self) -> Policy:
        if not self.source.readable:
            return Policy(self.kind, (), problems=tuple(self._flaws()))
        policy = parse_policy(self.value, self.kind, self.path)
        flaws = (*self._flaws(), *self.problems)
        if not flaws:
            return policy
        return Policy(
            policy.kind,
            policy.statements,
            version=policy.version,
            has_version=policy.has_version,
            problems=flaws + policy.problems,
            opaque=policy.opaque,
        )

    @property
    def statements(self) -> Sequence[Statement]:
        """The statements of the policy."""
        return self.policy.statements

    @property
    def is_whole(self) -> bool:
        """Whether it surely is a policy with all its statements, and not a part of one."""
        return self.certainty is not Certainty.SHAPE and not self.joins

    def attached(self, attachment: Attachment) -> Document:
        """Return the same policy attached to other things, and do not parse it again."""
        made = replace(self, attachment=attachment)
        if (parsed := self.__dict__.get("policy")) is not None:
            made.__dict__["policy"] = parsed
        return made

    def forget_policy(self) -> None:
        """Let go of the parsed policy, which takes ten times the memory of its text.

        If it is all of its file, its value goes too, and is read again if it is asked for.
        """
        self.__dict__.pop("policy", None)
        self.parsed.clear()
        if not self.pointer:
            self.__dict__.pop("value", None)
            self.source.forget_value()

    def _flaws(self) -> list[Problem]:
        """Return the flaws of the text inside the policy as problems of the policy."""
        flaws = self.source.flaws
        if flaws and self.root and self.source.readable:
            flaws = self.source.flaws_in(self.span(At(())))
        return [
            Problem(_FLAWS[flaw.fault], At((), span=flaw.span), flaw.message)
            for flaw in flaws
            if flaw.fault in _FLAWS
        ]


def common_pointer(pointers: Sequence[Pointer]) -> Pointer:
    """Return the longest common prefix of the pointers."""
    first, *rest = pointers
    length = len(first)
    for pointer in rest:
        while first[:length] != pointer[:length]:
            length -= 1
    return first[:length]


@dataclass(frozen=True, slots=True, eq=False)
class ByDefault:
    """A policy with the defaults of variables or parameters.

    A default is one possible value: this is not a document like others. `without` are the documents
    of the same policy in which these variables are unknown.
    """

    document: Document
    without: tuple[Document, ...]
    defaults: tuple[Default, ...]

    @property
    def path(self) -> str:
        return self.document.path


@dataclass(frozen=True, slots=True, eq=False)
class Postponed:
    """What one value of a file says of a user, group or role besides its `Node`, without faults.

    `find` returns its policies and links, `outlines` what the statements of its policies are about.
    `attached` are the ARNs of its managed policies, and what each is used as, `groups` the names of
    its groups. It `has_policies` if some are its own.
    """

    path: str
    pointer: Pointer
    ref: Ref
    attached: tuple[tuple[str, Kind], ...]
    groups: tuple[str, ...]
    has_policies: bool
    find: Callable[[], Iterator[Document | Link]]
    outlines: Callable[[], Iterator[StatementOutline]]


Item: TypeAlias = (
    Document
    | Subject
    | NotAnalysed
    | Node
    | Link
    | Workload
    | Binding
    | Taker
    | ByDefault
    | Postponed
)
"""The items that a loader finds in a file."""


def of_type(items: Iterable[object], type_: type[_T]) -> list[_T]:
    """Return the items of one type, in their order."""
    return [item for item in items if isinstance(item, type_)]
