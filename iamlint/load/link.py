"""The links between policies, identities and resources in files: attachments and boundaries.

A file names both ends of a link as far as it can. The names of all files are compared when all of
them are read: an unknown name stays unknown, and may be any name that its known part does not
exclude.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.arn_patterns import widened
from iamlint.policy.pattern import pattern_of, without_same_ends
from iamlint.policy.wildcard import overlaps
from iamlint.text import source
from iamlint.text.source import Input, Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.text.source import Source
    from iamlint.text.span import Pointer, Span

MAX_BINDINGS: Final = 16
"""Bindings that are followed from one to the next."""

MAX_WAYS: Final = 32
"""Sets of conditions of one link that are compared with each other."""

_PAIR: Final = 2
_FIELDS: Final = 6  # of an ARN

Name: TypeAlias = str | Partial | Unknown
"""A name, an ARN or an id, as far as a file gives it."""


class Thing(StrEnum):
    """The kinds of things that a name may be of."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"
    PROFILE = "instance-profile"
    POLICY = "policy"  # by its ARN, or by its name alone
    WORKLOAD = "workload"  # whose roles another one has; by its ARN, its id or its name
    TARGET = "target"  # the root, a unit or an account of an organization, by its id

    @property
    def is_principal(self) -> bool:
        return self in _PRINCIPALS


_PRINCIPALS: Final = frozenset({Thing.USER, Thing.GROUP, Thing.ROLE, Thing.PROFILE})


@dataclass(frozen=True, slots=True, order=True)
class SourceCondition:
    """A condition of a file with its result; `text` is the condition as the file writes it.

    `scope` is the instance of a module, or the template, that the names in it belong to. `inputs`
    are the variables and parameters that decide it; empty if something else does, too. `subject` is
    the value that is compared with a constant: it equals one constant at most.
    """

    text: str
    scope: str
    holds: bool = True
    inputs: tuple[Input, ...] = field(default=(), compare=False)
    subject: str | None = field(default=None, compare=False)

    def excludes(self, other: SourceCondition) -> bool:
        """Return whether the two conditions cannot both be true."""
        is_same_subject = self.subject is not None and self.subject == other.subject
        return is_same_subject and self.scope == other.scope and self.text != other.text

    @property
    def opposite(self) -> SourceCondition:
        return SourceCondition(self.text, self.scope, not self.holds, self.inputs, self.subject)

    def __str__(self) -> str:
        if self.holds:
            return self.text
        return f"not {self.text}" if self.text.isidentifier() else f"!({self.text})"


@dataclass(frozen=True, slots=True)
class Ref:
    """A user, group, role, policy or the like, as a file names it.

    `label` is the name in the file, such as a logical id or an address, of a thing without a known
    name: it is displayed in place of the name. Within one `scope`, a template or the folder of a
    root module, equal names mean one thing; a thing that a file only mentions has no scope.
    `account` is None for the account of the file.
    """

    thing: Thing
    name: Name
    label: str = ""
    scope: str = ""
    account: Name | None = None

    @property
    def shown(self) -> str:
        """The name for display."""
        return self.name if isinstance(self.name, str) else self.label or shown(self.name)

    def __str__(self) -> str:
        return f"{self.thing}/{self.shown}" if self.thing.is_principal else self.shown


@dataclass(frozen=True, slots=True)
class Held:
    """A linked thing, and the conditions that must all be true for the link to exist."""

    ref: Ref
    given: frozenset[SourceCondition] = frozenset()

    def __str__(self) -> str:
        return str(self.ref) + depending(self.given)


def depending(given: frozenset[SourceCondition]) -> str:
    """Return the conditions of a link in words, for display; empty if it has none."""
    return f", depending on {' and '.join(sorted(map(str, given)))}" if given else ""


class LinkKind(StrEnum):
    ATTACHED = "attached policy"
    BOUNDARY = "permissions boundary"
    MEMBER = "group"
    PROFILE = "role of an instance profile"
    ORGANIZATION = "policy of the organization"  # attached to a root, a unit or an account


@dataclass(frozen=True, slots=True)
class NamedAt:
    """Where a file names the target of a link."""

    path: str
    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """One link without a text of its own: `holder` has `target`, is limited by it, or is in it.

    The resource and the holders of an inline policy are in its `Attachment`. `source` and `span`
    give the line of the link; without `span` it is that of `pointer`. `target_at` is where the
    target is named, if that is known more exactly.
    """

    path: str
    pointer: Pointer
    kind: LinkKind
    holder: Ref
    target: Ref
    given: frozenset[SourceCondition] = frozenset()
    source: Source | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    target_at: Pointer | NamedAt | None = field(default=None, compare=False, repr=False)

    @property
    def home(self) -> tuple[str, Source] | None:
        """The file that names the target, and its text."""
        if isinstance(self.target_at, NamedAt):
            return self.target_at.path, self.target_at.source
        return None if self.source is None else (self.path, self.source)

    @property
    def named_at(self) -> NamedAt | None:
        """Where the target is named, or else the link; None if the reader keeps no text."""
        if isinstance(self.target_at, NamedAt):
            return self.target_at
        if self.source is None:
            return None
        if self.target_at is not None:
            span = self.source.locate(self.target_at)
        else:
            span = self.span or self.source.locate(self.pointer)
        return NamedAt(self.path, self.source, span)

    @property
    def place(self) -> str:
        """The file and line that state the link."""
        if self.source is None:
            return " ".join((self.path, ".".join(map(str, self.pointer)))).strip()
        span = self.span or self.source.locate(self.pointer)
        return f"{self.path}:{self.source.lines.position(span.start).line}"


@dataclass(frozen=True, slots=True)
class Node:
    """A user, group, role or instance profile that a file describes.

    `arn` gives its path. `tags` are those that are known, and all if it `has_no_other_tags`.
    Where a role `lists_profiles`, the files that describe it describe its instance profiles too.
    `max_session` is in seconds. A node that is not `whole` has some facts of a principal that may
    have more policies than those in the files. `addresses` are the names in the file of the blocks
    that are this principal: logical ids, or addresses of Terraform. `source` and `span` give its
    line; without `span` it is that of `pointer`.
    """

    path: str
    pointer: Pointer
    ref: Ref
    arn: Name | None = None
    tags: tuple[tuple[str, str], ...] = ()
    max_session: int | None = None
    whole: bool = True
    has_no_other_tags: bool = False
    lists_profiles: bool = True
    addresses: tuple[str, ...] = ()
    source: Source | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def line(self) -> int | None:
        """The line of the block; None if the reader keeps no text."""
        if self.source is None:
            return None
        span = self.span or self.source.locate(self.pointer, key=True)
        return self.source.lines.position(span.start).line


@dataclass(frozen=True, slots=True)
class Binding:
    """The value of an unknown, as another file or part defines it: an export, an output."""

    path: str
    identity: str
    value: Name


def without_choices(ways: Iterable[frozenset[SourceCondition]]) -> list[frozenset[SourceCondition]]:
    """Return fewer sets of conditions that together mean the same.

    A link that exists with a condition and with its opposite does not depend on it.
    """
    found = list(dict.fromkeys(ways))
    while len(found) <= MAX_WAYS:
        for one, other in combinations(found, 2):
            met = one & other
            left = [*(one - met), *(other - met)]
            is_same = one <= other or other <= one
            if is_same or (len(left) == _PAIR and left[0].opposite == left[1]):
                found = [met, *(way for way in found if not way >= met)]
                break
        else:
            break
    return found


def decided_way(
    ways: Iterable[frozenset[SourceCondition]],
) -> frozenset[SourceCondition] | None:
    """Return the conditions on which one of several links is there; None where they are unclear.

    Variables of the file must decide them, as for all findings of some values.
    """
    every = list(ways)
    if frozenset() in every:
        return frozenset()
    return next((way for way in every if all(one.inputs for one in way)), None)


def shown(name: Name) -> str:
    """Return a name as written in its file."""
    return name.text if isinstance(name, Unknown) else str(name)


def join_names(*names: Name) -> Name:
    """Return the concatenation of names."""
    return source.join_parts(names)


def parts_of(name: Name) -> tuple[str | Unknown, ...]:
    """Return the known and unknown parts of a name."""
    return name.parts if isinstance(name, Partial) else (name,)


def by_name(ref: Ref) -> Ref:
    """Return a principal that a file names by its ARN, by its name; others as they are.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    match _fields_of_arn(ref.name):
        case ["arn", _, "iam", "", account, resource]:
            first, *rest = parts_of(resource)
        case _:
            return ref
    if not isinstance(first, str) or first.partition("/")[0] != ref.thing:
        return ref
    if "/" not in first:  # the path is unknown
        first, rest = "/", rest[1:]
    parts = (first, *rest)
    last = max(n for n, part in enumerate(parts) if isinstance(part, str) and "/" in part)
    name = join_names(str(parts[last]).rpartition("/")[2], *parts[last + 1 :])
    is_own = isinstance(account, Unknown) and account.means is Pseudo.ACCOUNT
    return replace(ref, name=name, account=ref.account if is_own else account) if name else ref


def _fields_of_arn(name: Name) -> list[Name] | None:
    """Return the fields of an ARN; None for another name."""
    fields: list[list[str | Unknown]] = [[]]
    for part in parts_of(name):
        if isinstance(part, Unknown):
            fields[-1].append(part)
            continue
        first, *others = part.split(":", _FIELDS - len(fields))
        fields[-1].append(first)
        fields += ([one] for one in others)
    return [join_names(*one) for one in fields] if len(fields) == _FIELDS else None


def is_known_but_for_surroundings(name: Name) -> bool:
    """Return whether only account, partition and region are unknown."""
    return all(isinstance(part, str) or part.means in _SURROUNDINGS for part in parts_of(name))


_SURROUNDINGS: Final = frozenset({Pseudo.ACCOUNT, Pseudo.PARTITION, Pseudo.REGION})


def inputs_in(name: Name) -> tuple[Input, ...]:
    """Return the variables and parameters that decide a name."""
    found = (i for part in parts_of(name) if isinstance(part, Unknown) for i in part.inputs)
    return tuple(dict.fromkeys(found))


def key_of_name(name: Name) -> str | None:
    """Return a key shared by names that are surely equal; None if a name equals only itself."""
    if isinstance(name, str):
        return name
    for part in parts_of(name):
        if isinstance(part, Unknown) and part.identity is None:
            return None
    return pattern_of(name)


def may_be(name: Name, other: Name) -> bool:
    """Return whether two names may be equal: whether their known parts agree."""
    if isinstance(name, str) and isinstance(other, str):
        return name == other
    if not overlaps(glob_of(name), glob_of(other)):
        return False
    return overlaps(*map(widened, without_same_ends(pattern_of(name), pattern_of(other))))


def glob_of(name: Name) -> str:
    """Return a pattern that matches all values a name may have."""
    if isinstance(name, str):
        return name
    return name.filled(lambda _: "*") if isinstance(name, Partial) else "*"


def name_with(name: Name, give: Callable[[Unknown], Name]) -> Name:
    """Return a name with its unknown parts replaced by `give`."""
    if isinstance(name, str):
        return name
    if isinstance(name, Unknown):
        return give(name)
    return join_names(*(give(part) if isinstance(part, Unknown) else part for part in name.parts))


def bound(
    bindings: Iterable[Binding], give: Callable[[Unknown], Name]
) -> Callable[[Unknown], Name]:
    """Return a function that gives the binding of an unknown part, or else the result of `give`.

    If two bindings disagree, neither is used: two templates may export one name.
    """
    by_identity: dict[str, Name | None] = {}
    for one in bindings:
        known = by_identity.setdefault(one.identity, one.value)
        if known is not None and pattern_of(known) != pattern_of(one.value):
            by_identity[one.identity] = None

    def follow(part: Unknown, left: int = MAX_BINDINGS) -> Name:
        found = by_identity.get(part.identity) if part.identity is not None else None
        if found is None or not left:
            return give(part)
        return name_with(found, lambda inner: follow(inner, left - 1))

    return follow


def is_aws_managed(arn: Name) -> bool:
    """Return whether an ARN is that of an AWS managed policy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    """
    return glob_of(arn).partition(":iam::")[2].startswith("aws:policy/")
