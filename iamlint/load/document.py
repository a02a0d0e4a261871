"""A policy that was found: where it stands, of which kind it is, what it is attached to."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass
from iamlint.load.given import Taker
from iamlint.load.link import Binding, Held, Link, Name, Node, SourceCondition, shown
from iamlint.policy.at import At
from iamlint.policy.model import Policy
from iamlint.policy.network import Network
from iamlint.policy.parse import parse_policy
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.text.source import NO_VALUE, Input, Source, SyntaxFault, Value, value_at, without_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Pointer, Span

_T = TypeVar("_T")


class Certainty(StrEnum):
    """How it is known that this is a policy, and of this kind."""

    DECLARED = "declared"  # the user says so
    TABLE = "table"  # it is where the format holds policies
    SHAPE = "shape"  # it looks like one


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a policy is attached to, as far as known; `resource_type` as CloudFormation names it.

    `holders` are the identities whose policy it is. `arn` is that of the resource that it stands
    on, which it does under all conditions of `given`. `address` is what the file calls the thing
    that holds the policy, such as the logical id of a CloudFormation resource, and `scope` where
    that name, and the names of what it is attached to, are looked for first. `policy_arn` is that
    of a managed policy itself. `targets` are the root, units and accounts that an SCP or RCP is
    attached to. `network` is from where the resource can be reached. `construct` is the path of the
    construct of CDK that makes it. `owner` is the account of the resource, where a file says which.
    """

    holders: tuple[Held, ...] = ()
    resource_type: str | None = None
    arn: Name | None = None
    given: frozenset[SourceCondition] = frozenset()
    address: str | None = None
    scope: str = ""
    policy_arn: Name | None = None
    targets: tuple[Held, ...] = ()
    network: Network = Network.INTERNET
    construct: str | None = None
    owner: Name | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is surely attached to, as people read it."""
        sure = tuple(str(held) for held in self.holders if not held.given)
        one = self.address if self.arn is None else shown(self.arn)
        return sure or ((one,) if one else ())


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent way in which the unknown conditions of a policy may go."""

    given: frozenset[SourceCondition] = frozenset()

    def __str__(self) -> str:
        return " and ".join(map(str, sorted(self.given)))


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """All consistent readings in which one policy is there, and whether it is there in all.

    What a policy says under its own conditions is a fact about that policy: a reading in which it
    is not made contradicts nothing.
    """

    readings: tuple[Reading, ...]
    is_always: bool = True


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that the file itself asks not to be told: of `rule`, anywhere in `scope`.

    `expires` is the date that it gives, as written, and `span` where it asks.
    """

    rule: str
    reason: str
    expires: str
    span: Span
    scope: Span


class Cause(StrEnum):
    """Why something was left out, as far as that decides anything."""

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

    `reason` is for display, `cause` for decisions. Of a policy that is there and whose text is not
    known, `kind` and `attachment` say whose it is.
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
        """Which policy of the file it is, by the names that lead to it; empty for the file."""
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
    """The default of a variable or parameter, and where it is written if values keep that place."""

    input: Input
    path: str
    span: Span | None = None


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


@dataclass(frozen=True)
class Document:
    """One policy of a file.

    `pointer` leads to it from the top of the file; `root` from the top of `source`, which is
    shorter when the policy is a JSON string inside the file. A policy that depends on conditions
    of its file is several documents, one for each thing that it may say: `readings` are those in
    which it says this, empty if it always does, and `cases` all of the same policy.
    `problems` are those that the loader met. Of a policy put together from several files,
    `elsewhere` holds the parts that are not in this one. It is `borrowed` when some of it
    is written where other policies may take it from too, or in a file that nobody asked for, or is
    not written at all. One that `joins` adds its statements to those of others of its resource.
    A tool makes some policies from a name and arguments: `generated` is what such a policy says
    whatever the arguments are. The file of one without a readable source, and that does not begin
    like a policy, `may_hold_more`: other policies, principals and links. A policy that has its
    values from an example or a test is `shown_by` its call.
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

    @cached_property
    def value(self) -> Value:
        return without_tag(self.source.value_at(self.root))

    def node(self, pointer: Pointer) -> Value:
        """Return a node of the policy, None where there is none."""
        try:
            return value_at(self.value, pointer)
        except LookupError:
            return None

    @cached_property
    def policy(self) -> Policy:
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
    def when(self) -> str:
        """The case in words, for labels: empty if the policy always says this."""
        return " or ".join(filter(None, map(str, self.readings)))

    @property
    def written(self) -> str:
        """The policy as the file writes it."""
        whole = self.span(At(()))
        return self.source.text[whole.start : whole.end]

    def span(self, at: At) -> Span:
        """Return the place of a node of the policy in the text of its file, `home(at)`."""
        if at.span is not None:
            return at.span
        _, source = self.file_of(at)
        return source.locate((*self.root, *at.pointer), key=at.key)

    def file_of(self, at: At) -> tuple[str, Source]:
        """Return the path and the source of the file in which a node of the policy stands."""
        pointer = (*self.root, *at.pointer)
        while self.elsewhere and at.span is None and pointer not in self.source.places:
            for part in self.elsewhere:
                if pointer in part.source.places:
                    return part.path, part.source
            if not pointer:
                break
            pointer = pointer[:-1]
        return self.path, self.source

    def _flaws(self) -> list[Problem]:
        """Flaws of the text inside the policy are problems of the policy."""
        flaws = self.source.flaws
        if flaws and self.root and self.source.readable:
            flaws = self.source.flaws_in(self.span(At(())))
        return [
            Problem(_FLAWS[flaw.fault], At((), span=flaw.span), flaw.message)
            for flaw in flaws
            if flaw.fault in _FLAWS
        ]


def common_pointer(pointers: Sequence[Pointer]) -> Pointer:
    """Return the way that these have in common."""
    first, *rest = pointers
    length = len(first)
    for pointer in rest:
        while first[:length] != pointer[:length]:
            length -= 1
    return first[:length]


@dataclass(frozen=True, slots=True, eq=False)
class ByDefault:
    """What a policy says where variables, or parameters, have their defaults.

    A default is one possible value: this is not a document like others. `without` are the documents
    of the same policy in which these variables are unknown.
    """

    document: Document
    without: tuple[Document, ...]
    defaults: tuple[Default, ...]

    @property
    def path(self) -> str:
        return self.document.path


Item: TypeAlias = Document | NotAnalysed | Node | Link | Binding | Taker | ByDefault
"""What a loader finds in a file."""


def of_type(items: Iterable[object], type_: type[_T]) -> list[_T]:
    """Return the items of one type, in their order."""
    return [item for item in items if isinstance(item, type_)]
