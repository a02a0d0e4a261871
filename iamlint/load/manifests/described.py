"""AWS resources that manifests, programs and stacks describe: nodes and their links."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.fast_dataclass import replace
from iamlint.load.link import Link, LinkKind, Node, Ref, Thing, join_names, parts_of, shown
from iamlint.load.manifests.queue_url import queue_arn
from iamlint.text.source import Tagged, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.link import Binding, Name
    from iamlint.load.terraform.aws.row import AttributeArn
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

ANY: Final = Unknown("…")
"""A value that is not in the file."""

THINGS: Final = {
    "Role": Thing.ROLE,
    "User": Thing.USER,
    "Group": Thing.GROUP,
    "InstanceProfile": Thing.PROFILE,
}
_NAMING: Final = {
    Thing.ROLE: ("role", "roleName", "roles"),
    Thing.USER: ("user", "userName", "users"),
    Thing.GROUP: ("group", "groupName", "groups"),
}
"""The properties that name users, groups and roles."""

_ATTACHED: Final = ("policyArn", "policyArns")
_ATTACHMENTS: Final[Mapping[str, tuple[Thing, ...]]] = {
    "RolePolicyAttachment": (Thing.ROLE,),
    "RolePolicyAttachmentsExclusive": (Thing.ROLE,),
    "UserPolicyAttachment": (Thing.USER,),
    "UserPolicyAttachmentsExclusive": (Thing.USER,),
    "GroupPolicyAttachment": (Thing.GROUP,),
    "GroupPolicyAttachmentsExclusive": (Thing.GROUP,),
    "PolicyAttachment": (Thing.ROLE, Thing.USER, Thing.GROUP),
}
_MEMBERSHIPS: Final = frozenset(
    {"GroupMembership", "GroupUserMembership", "UserGroupMembership", "UserToGroupAddition"}
)
# Properties that describe a principal itself.
_OWN: Final = (
    (LinkKind.ATTACHED, Thing.POLICY, ("managedPolicyArns", "policies")),
    (LinkKind.BOUNDARY, Thing.POLICY, ("permissionsBoundary",)),
    (LinkKind.MEMBER, Thing.GROUP, ("groups",)),
)
_INLINE: Final = {
    "RolePolicy": Thing.ROLE,
    "UserPolicy": Thing.USER,
    "GroupPolicy": Thing.GROUP,
}


class ManifestText(NamedTuple):
    """The text of a file; `known_as` is the path that identities have."""

    path: str
    known_as: str
    source: Source


class Described(ABC):
    """An AWS resource at `at`, of a service and a type, with the properties `values`.

    `label` is its name in the file. Names mean one thing within a `scope`. A resource that
    `is_native` has the properties of AWS's own interface, others have those of Terraform.
    """

    file: ManifestText
    at: Pointer
    service: str
    thing: str
    label: str
    scope: str = ""
    values: Mapping[str, Value]
    is_native: bool = False
    is_described: bool = True
    labels: dict[str, str]  # names in the file of resources with unknown names, by identity

    @abstractmethod
    def name(self) -> Name:
        """Return its physical name."""

    @abstractmethod
    def text(self, value: Value) -> Name:
        """Return the value of a property as a name."""

    @abstractmethod
    def names(self, property_: str) -> Iterator[Name]:
        """Yield the names in a property, one or several."""

    @abstractmethod
    def identity(self, attribute: str) -> str | None:
        """Return an identity shared by all uses of an attribute that only AWS knows."""

    def given_arn(self) -> Name | None:
        """Return the ARN that the file gives; None if it does not."""
        return None

    def account(self) -> Name | None:
        """Return its account; None for that of the file."""
        return None

    def of_file(self, word: str) -> str | None:  # noqa: ARG002 - others know more
        """Return an identity of its account, partition or region; None if others may differ."""
        return None

    def url(self) -> Name:
        """Return the URL of a queue."""
        shape = self.shape
        return self._built(shape.url if shape else "", self.name())

    @property
    def shape(self) -> AttributeArn | None:
        """The shape of the ARNs of its type."""
        from iamlint.load.manifests import spellings  # noqa: PLC0415 - only manifests need the tables

        return spellings.shape_of(self.service, self.thing)

    @property
    def is_principal(self) -> bool:
        return self.service == "iam" and self.thing in THINGS

    @property
    def is_managed_policy(self) -> bool:
        """Whether it is a managed policy; in AWS's own interface, `Policy` is an inline one."""
        is_policy = self.thing == "ManagedPolicy" or (self.thing == "Policy" and not self.is_native)
        return self.service == "iam" and is_policy

    def arn(self) -> Name | None:
        """Return its ARN; None if the shape of the ARN is not known."""
        given = self.given_arn()
        if given is not None:
            return given
        shape = self.shape
        return self._built(shape.arn, self.name()) if shape else None

    def _built(self, pattern: str, name: Name) -> Name:
        from iamlint.load.terraform.aws.table import MEANS, PART  # noqa: PLC0415 - the same

        parts: list[Name] = []
        for number, word in enumerate(PART.split(pattern)):
            if number % 2 == 0:
                parts.append(word)
            elif word == "@":
                parts.append(name)
            elif word == "/":
                parts.append(next(self.names("path"), "/"))
            elif word == "region" and isinstance(region := self.values.get("region"), str):
                parts.append(self.text(region))
            elif word == "account" and (account := self.account()) is not None:
                parts.append(account)
            else:
                identity = self.of_file(word) if word in MEANS else self.identity(word)
                parts.append(Unknown(f"${{{word}}}", MEANS.get(word), identity))
        return join_names(*parts)

    def ref(self, thing: Thing, name: Name) -> Ref:
        unknown = (part.identity for part in parts_of(name) if isinstance(part, Unknown))
        labels = (self.labels[one] for one in unknown if one in self.labels)
        return Ref(thing, name, next(labels, ""), self.scope, self.account())

    def own(self) -> Ref:
        """Return the user, group, role or instance profile that it is."""
        return replace(self.ref(THINGS[self.thing], self.name()), label=self.label)

    def holders(self) -> tuple[Ref, ...]:
        """Return the holders of its policies."""
        if self.service != "iam":
            return ()
        if self.thing in THINGS:
            return (self.own(),)
        found = tuple(
            self.ref(thing, name)
            for thing, properties in _NAMING.items()
            for property_ in properties
            for name in self.names(property_)
        )
        if found or self.is_managed_policy or self.thing not in _INLINE:
            return found
        return (self.ref(_INLINE[self.thing], ANY),)

    def target(self, properties: tuple[str, ...]) -> Name | None:
        """Return the ARN of the resource with the policy that a property names."""
        for property_ in properties:
            for name in self.names(property_):
                text = shown(name)
                if text.startswith("arn:") or isinstance(name, Unknown):
                    return name
                return queue_arn(name) if "://" in text else self.arn_with(name)
        return None

    def arn_with(self, name: Name) -> Name | None:
        """Return the ARN of the resource that has this policy, by the name of that resource."""
        from iamlint.load.manifests import spellings  # noqa: PLC0415 - the same

        shape = spellings.shape_of(self.service, self.thing.removesuffix("Policy"))
        return self._built(shape.arn, name) if shape else None

    def id_of_policy(self) -> Name | None:
        """Return the id by which attachments name it, if it is a policy of an organization."""
        return self.arn()

    def _assigned(self) -> Iterator[Link]:
        """Yield the targets that it attaches a policy of the organization to."""
        for policy in self._all(("policyId",)):
            for target in self._all(("targetId",)):
                yield self._link(
                    LinkKind.ORGANIZATION,
                    Ref(Thing.TARGET, target, scope=self.scope),
                    Ref(Thing.POLICY, policy, scope=self.scope),
                )

    def items(self) -> Iterator[Node | Link | Binding]:
        """Yield the principal that it is, and its links besides inline policies."""
        if (self.service, self.thing) == ("organizations", "PolicyAttachment"):
            yield from self._assigned()
        if self.service != "iam":
            return
        if self.is_principal:
            yield from self._described()
        elif self.thing in _ATTACHMENTS:
            for holder in self._named(*_ATTACHMENTS[self.thing]):
                for policy in self._all(_ATTACHED):
                    yield self._link(LinkKind.ATTACHED, holder, self.ref(Thing.POLICY, policy))
        elif self.thing in _MEMBERSHIPS:
            for user in self._named(Thing.USER):
                for group in self._named(Thing.GROUP):
                    yield self._link(LinkKind.MEMBER, user, group)

    def _described(self) -> Iterator[Node | Link]:
        who = self.own()
        if self.is_described:
            seconds = self.values.get("maxSessionDuration")
            session = seconds if type(seconds) is int else None
            yield Node(
                self.file.path,
                self.at,
                who,
                self.arn(),
                tuple(self._tags()),
                session,
                addresses=(self.label,),
                source=self.file.source,
            )
        if who.thing is Thing.PROFILE:
            for role in self._named(Thing.ROLE, is_needed=False):
                yield self._link(LinkKind.PROFILE, who, role)
            return
        for kind, thing, properties in _OWN:
            for property_ in properties:
                for name in self.names(property_):
                    yield self._link(kind, who, self.ref(thing, name))

    def _named(self, *things: Thing, is_needed: bool = True) -> Iterator[Ref]:
        """Yield the refs in properties; an unknown one if the file names none."""
        found = dict.fromkeys(
            self.ref(thing, name)
            for thing in things
            for property_ in _NAMING[thing]
            for name in self.names(property_)
        )
        yield from found or ([self.ref(things[0], ANY)] if is_needed else [])

    def _all(self, properties: tuple[str, ...]) -> Iterator[Name]:
        found = [name for property_ in properties for name in self.names(property_)]
        yield from found or [ANY]

    def _link(self, kind: LinkKind, holder: Ref, target: Ref) -> Link:
        return Link(self.file.path, self.at, kind, holder, target, source=self.file.source)

    def _tags(self) -> Iterator[tuple[str, str]]:
        tags = self.values.get("tags")
        pairs = tags.items() if isinstance(tags, dict) else ()
        listed = tags if isinstance(tags, list) else ()
        every = [*pairs, *((t.get("key"), t.get("value")) for t in listed if isinstance(t, dict))]
        for name, value in every:
            text = self.text(value) if isinstance(value, str) else None
            if isinstance(name, str) and isinstance(text, str):
                yield name, text


def as_list(value: Value) -> list[Value]:
    """Return the items of a list, or a list of the value itself."""
    while isinstance(value, Tagged):
        value = value.value
    return value if isinstance(value, list) else [] if value is None else [value]
