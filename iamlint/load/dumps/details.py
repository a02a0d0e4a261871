"""Users, groups and roles that an account's authorization details describe as AWS writes them.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.recognise.context import member
from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind
from iamlint.policy.plain import is_plain, outlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.plain import StatementOutline
    from iamlint.text.source import Value

_BOUNDARY: Final = frozenset({"PermissionsBoundaryType", "PermissionsBoundaryArn"})
_POLICY: Final = frozenset({"PolicyName", "PolicyArn"})
_INLINE: Final = frozenset({"PolicyName", "PolicyDocument"})
_TAG: Final = frozenset({"Key", "Value"})
_USED: Final = frozenset({"LastUsedDate", "Region"})
_TRUST: Final = "AssumeRolePolicyDocument"
_OF_PROFILES: Final = frozenset(
    {"Path", "InstanceProfileName", "InstanceProfileId", "Arn", "CreateDate", "Roles", "Tags"}
)
_OF_THEIR_ROLES: Final = frozenset({"Path", "RoleName", "RoleId", "Arn", "CreateDate", _TRUST})
# No policy in a string starts with these, in plain JSON or encoded.
_STARTS: Final = "/-_.+@=:"


@dataclass(frozen=True, slots=True)
class _Form:
    """The members of one kind of entries, and which of them are its name and its policies."""

    name: str
    policies: str
    texts: tuple[str, ...]
    members: frozenset[str]


def _form(kind: str, *members: str) -> _Form:
    texts = (f"{kind}Name", f"{kind}Id", "Path", "CreateDate")
    policies = f"{kind}PolicyList"
    always = ("Arn", "AttachedManagedPolicies", policies)
    return _Form(texts[0], policies, texts, frozenset({*always, *texts, *members}))


_FORMS: Final = {
    "UserDetailList": _form("User", "GroupList", "PermissionsBoundary", "Tags"),
    "GroupDetailList": _form("Group"),
    "RoleDetailList": _form(
        *("Role", _TRUST, "InstanceProfileList"),
        *("PermissionsBoundary", "Tags", "RoleLastUsed"),
    ),
}
LISTS: Final = tuple(_FORMS)
_LISTED: Final = (*LISTS, "Policies")
_BESIDE: Final = ("IsTruncated", "Marker")


def is_details(value: Value) -> bool:
    """Return whether a value is the authorization details of an account, and nothing else."""
    return isinstance(value, dict) and all(
        isinstance(one, list) if name in _LISTED else name in _BESIDE and not isinstance(one, dict)
        for name, one in value.items()
    )


def is_plain_entry(name: str, entry: Value) -> bool:
    """Return whether an entry of a list has only members that AWS writes, without faults.

    Then nothing in it concerns others: what it holds can wait until someone asks about it.
    """
    form = _FORMS[name]
    if type(entry) is not dict or not entry.keys() <= form.members:
        return False
    arn = entry.get("Arn")
    return (
        type(arn) is str
        and account_of(arn) is not None
        and bool(entry.get(form.name))
        and all(_is_text(entry.get(one, "")) for one in form.texts)
        and _are_objects(entry.get("AttachedManagedPolicies"), _POLICY)
        and all(_is_inline(one) for one in _items(entry.get(form.policies, [])))
        and _are_objects(entry.get("Tags", []), _TAG)
        and _is_object(entry.get("PermissionsBoundary", {}), _BOUNDARY)
        and _is_object(entry.get("RoleLastUsed", {}), _USED)
        and all(map(_is_text, _items(entry.get("GroupList", []))))
        and all(map(_is_profile, _items(entry.get("InstanceProfileList", []))))
        and (name != "RoleDetailList" or is_plain(entry.get(_TRUST), Kind.TRUST))
    )


def has_policies(name: str, entry: dict[str, Value]) -> bool:
    """Return whether a plain entry of a list has policies of its own."""
    return bool(entry.get(_TRUST) or entry.get(_FORMS[name].policies))


def statements(name: str, entry: dict[str, Value]) -> Iterator[StatementOutline]:
    """Yield what the statements in the policies of a plain entry of a list are about."""
    for inline in _items(entry.get(_FORMS[name].policies, [])):
        yield from outlines(member(inline, "PolicyDocument"))


def _is_text(value: Value) -> bool:
    """Return whether a value is a string that holds no policy."""
    return type(value) is str and (not value or value[0].isalnum() or value[0] in _STARTS)


def _items(value: Value) -> list[Value]:
    """Return the items of a list; in place of another value one that is never plain."""
    return value if type(value) is list else [None]


def _is_object(value: Value, members: frozenset[str]) -> bool:
    return type(value) is dict and value.keys() <= members and all(map(_is_text, value.values()))


def _are_objects(value: Value, members: frozenset[str]) -> bool:
    return all(_is_object(one, members) for one in _items(value))


def _is_inline(value: Value) -> bool:
    return (
        type(value) is dict
        and value.keys() == _INLINE
        and _is_text(value["PolicyName"])
        and is_plain(value["PolicyDocument"], Kind.IDENTITY)
    )


def _is_profile(value: Value) -> bool:
    if type(value) is not dict or not value.keys() <= _OF_PROFILES:
        return False
    rest = {name: one for name, one in value.items() if name not in ("Roles", "Tags")}
    return (
        _is_object(rest, _OF_PROFILES)
        and _are_objects(value.get("Tags", []), _TAG)
        and all(map(_is_role_of_profile, _items(value.get("Roles", []))))
    )


def _is_role_of_profile(value: Value) -> bool:
    if type(value) is not dict or not value.keys() <= _OF_THEIR_ROLES:
        return False
    rest = {name: one for name, one in value.items() if name != _TRUST}
    return _is_object(rest, _OF_THEIR_ROLES) and is_plain(value.get(_TRUST), Kind.TRUST)
