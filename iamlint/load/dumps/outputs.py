"""Users, groups and roles in the outputs of AWS's own tools, and their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.dumps.dumps import HOLDERS, principal_of
from iamlint.load.link import Link, LinkKind, Node, Ref, Thing
from iamlint.load.recognise.context import member, text_of
from iamlint.load.recognise.detect import is_policy
from iamlint.policy.arn import account_of
from iamlint.text.json import read_json
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_ATTACHED: Final = "AttachedManagedPolicies"
_PROFILE: Final = "InstanceProfileName"
# Members that hold descriptions of users, groups and roles.
_LISTS: Final = (
    "UserDetailList",
    "GroupDetailList",
    "RoleDetailList",
    "Users",
    "Groups",
    "Roles",
    "InstanceProfiles",
)
_SINGLES: Final = ("User", "Group", "Role", "InstanceProfile")
_ITEMS: Final = ("configurationItems", "baseConfigurationItems", "Results")
_ENTITIES: Final = {
    "PolicyRoles": "RoleName",
    "PolicyUsers": "UserName",
    "PolicyGroups": "GroupName",
}
_MEMBERS: Final = frozenset(
    {*_LISTS, *_SINGLES, *_ITEMS, *_ENTITIES, "AttachedPolicies", "rows", "ConfigurationItem"}
)
"""The keys by which an output is recognised."""

MAX_AROUND: Final = 4
"""Levels of other values around an output."""

_LINKING: Final = (
    *(b'"AttachedPolicies"', b'"PermissionsBoundary"', b'"AttachedManagedPolicies"'),
    *(b'"GroupList"', b'"Users"', b'"rows"', b'"PolicyRoles"', b":iam::aws:policy/"),
)


def may_link(data: bytes) -> bool:
    """Return whether a file without policies may describe principals; takes microseconds."""
    return any(mark in data for mark in _LINKING)


def links(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the users, groups and roles that outputs describe, and their links.

    A script may have written the output into an object of its own. Policies are not searched.
    """
    todo: list[tuple[Pointer, Value]] = [(at, value)]
    while todo:
        place, found = todo.pop()
        is_output = isinstance(found, dict) and not _MEMBERS.isdisjoint(found)
        if isinstance(found, dict) and is_output:
            yield from _of_output(path, place, found)
        if is_policy(found):
            continue
        if len(place) - len(at) < MAX_AROUND and isinstance(found, dict | list):
            inner = found.items() if isinstance(found, dict) else enumerate(found)
            outer = dict if is_output else dict | list
            more = [
                ((*place, step), one)
                for step, one in inner
                if not isinstance(one, str) and isinstance(one, outer)
            ]
            todo += reversed(more)


def _of_output(path: str, at: Pointer, value: dict[str, Value]) -> Iterator[Node | Link]:
    for name in _SINGLES:
        yield from described(path, (*at, name), value.get(name))
    for name in _LISTS:
        for index, entry in enumerate(_list(value, name)):
            yield from described(path, (*at, name, index), entry)
    yield from _members(path, at, value)
    yield from _listed(path, at, value)
    for index, row in enumerate(_list(value, "rows")):
        yield from _row(path, (*at, "rows", index), row)
    for name in _ITEMS:
        for index, item in enumerate(_list(value, name)):
            yield from _configured_links(path, (*at, name, index), item)
    yield from _configured_links(path, (*at, "ConfigurationItem"), value.get("ConfigurationItem"))


def _row(path: str, at: Pointer, row: Value) -> Iterator[Node | Link]:
    """Yield the nodes and links of a row of Steampipe, from the columns that it has.

    https://hub.steampipe.io/plugins/turbot/aws/tables/aws_iam_role
    """
    arn = text_of(row, "arn") or ""
    ref = principal_of(arn)
    if ref is None or not isinstance(row, dict):
        return
    whole = "attached_policy_arns" in row
    yield Node(path, at, ref, arn, whole=whole, lists_profiles=False)
    for index, policy in enumerate(_list(row, "attached_policy_arns")):
        if isinstance(policy, str):
            place = (*at, "attached_policy_arns", index)
            yield Link(path, at, LinkKind.ATTACHED, ref, Ref(Thing.POLICY, policy), target_at=place)
    if bound := text_of(row, "permissions_boundary_arn"):
        yield Link(path, at, LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
    for group in _list(row, "groups"):
        if name := text_of(group, "GroupName"):
            target = Ref(Thing.GROUP, name, account=ref.account)
            yield Link(path, at, LinkKind.MEMBER, ref, target)


def _members(path: str, at: Pointer, value: dict[str, Value]) -> Iterator[Link]:
    """Yield the members of a group that an output lists with its users.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html
    """
    group, users = value.get("Group"), value.get("Users")
    name, arn = text_of(group, "GroupName"), text_of(group, "Arn")
    if name is None or arn is None or not isinstance(users, list):
        return
    target = Ref(Thing.GROUP, name, account=account_of(arn))
    for index, user in enumerate(users):
        if (own := text_of(user, "UserName")) is not None:
            place = (*at, "Users", index)
            holder = Ref(Thing.USER, own, account=account_of(text_of(user, "Arn") or arn))
            yield Link(path, place, LinkKind.MEMBER, holder, target)


def _listed(path: str, at: Pointer, value: dict[str, Value]) -> Iterator[Link]:
    """Yield the links of lists with only one side: policies of an identity, or their holders.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
    """
    for index, policy in enumerate(_list(value, "AttachedPolicies")):
        if arn := text_of(policy, "PolicyArn"):
            place, held = (*at, "AttachedPolicies", index), Ref(Thing.POLICY, arn)
            for thing in HOLDERS.values():
                holder = Ref(thing, Unknown("…"), account=account_of(arn))
                yield Link(path, place, LinkKind.ATTACHED, holder, held)
    for members, name in _ENTITIES.items():
        for index, entity in enumerate(_list(value, members)):
            if own := text_of(entity, name):
                holder, held = Ref(HOLDERS[name], own), Ref(Thing.POLICY, Unknown("…"))
                yield Link(path, (*at, members, index), LinkKind.ATTACHED, holder, held)


def _list(value: Value, name: str) -> list[Value]:
    found = member(value, name)
    return found if isinstance(found, list) else []


def _configured_links(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the nodes and links of a configuration item, which may be a JSON string."""
    item = _read(value)
    if (text_of(item, "resourceType") or "").startswith("AWS::IAM::"):
        yield from described(path, (*at, "configuration"), _read(member(item, "configuration")))


def _read(value: Value) -> Value:
    return read_json(value).value if isinstance(value, str) and value[:1] == "{" else value


def described(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the user, group or role that a value describes, its instance profiles, its links."""
    yield from profiles(path, at, value)
    found = node(path, at, value)
    if found is not None:
        yield found
        yield from links_of(found, value)


def profiles(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the instance profiles of a role, or the one that a value describes."""
    for profile in (value, *_list(value, "InstanceProfileList")):
        if (name := text_of(profile, _PROFILE)) and (arn := text_of(profile, "Arn")):
            yield from _profile(
                path, at, Ref(Thing.PROFILE, name, account=account_of(arn)), profile
            )


def node(path: str, at: Pointer, value: Value) -> Node | None:
    """Return the user, group or role that a value describes."""
    for name, kind in HOLDERS.items():
        own, arn = text_of(value, name), text_of(value, "Arn")
        if own is None or not arn:
            continue
        seconds = member(value, "MaxSessionDuration")
        return Node(
            path,
            at,
            Ref(kind, own, account=account_of(arn)),
            arn,
            tags=tuple(_tags(value)),
            max_session=seconds if type(seconds) is int else None,
            whole=member(value, _ATTACHED) is not None,
            has_no_other_tags=isinstance(member(value, "Tags"), list),
            lists_profiles=isinstance(member(value, "InstanceProfileList"), list),
        )
    return None


def attached(value: Value) -> Iterator[tuple[LinkKind, str]]:
    """Yield the ARNs of managed policies that a user, group or role has, or is limited by."""
    yield from ((LinkKind.ATTACHED, arn) for _, arn in _arns(value))
    if bound := _bound(value):
        yield LinkKind.BOUNDARY, bound


def links_of(of: Node, value: Value) -> Iterator[Link]:
    """Yield the links of a user, group or role in the value that describes it."""
    path, at, ref = of.path, of.pointer, of.ref
    for index, policy in _arns(value):
        place = (*at, _ATTACHED, index)
        yield Link(path, at, LinkKind.ATTACHED, ref, Ref(Thing.POLICY, policy), target_at=place)
    if bound := _bound(value):
        yield Link(path, at, LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
    for group in groups(value):
        target = Ref(Thing.GROUP, group, account=ref.account)
        yield Link(path, at, LinkKind.MEMBER, ref, target)


def _bound(value: Value) -> str | None:
    return text_of(member(value, "PermissionsBoundary"), "PermissionsBoundaryArn")


def _profile(path: str, at: Pointer, ref: Ref, profile: Value) -> Iterator[Node | Link]:
    yield Node(path, at, ref, text_of(profile, "Arn"))
    for role in _list(profile, "Roles"):
        if name := text_of(role, "RoleName"):
            target = Ref(Thing.ROLE, name, account=ref.account)
            yield Link(path, at, LinkKind.PROFILE, ref, target)


def _arns(value: Value) -> Iterator[tuple[int, str]]:
    for index, policy in enumerate(_list(value, _ATTACHED)):
        if arn := text_of(policy, "PolicyArn"):
            yield index, arn


def _tags(value: Value) -> Iterator[tuple[str, str]]:
    for tag in _list(value, "Tags"):
        name, text = text_of(tag, "Key"), text_of(tag, "Value")
        if name is not None and text is not None:
            yield name, text


def groups(value: Value) -> Iterator[str]:
    """Yield the names of the groups that a user is in."""
    yield from (name for name in _list(value, "GroupList") if isinstance(name, str))
