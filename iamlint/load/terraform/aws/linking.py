"""The attributes of resources that link users, groups and roles with each other and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.link import LinkKind, Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

PRINCIPALS: Final = {
    "aws_iam_role": Thing.ROLE,
    "aws_iam_user": Thing.USER,
    "aws_iam_group": Thing.GROUP,
    "aws_iam_instance_profile": Thing.PROFILE,
    "awscc_iam_role": Thing.ROLE,
    "awscc_iam_user": Thing.USER,
    "awscc_iam_group": Thing.GROUP,
    "awscc_iam_instance_profile": Thing.PROFILE,
}
"""The types of resources that are principals, or contain one."""

OWN: Final[Mapping[str, tuple[tuple[LinkKind, Thing, str], ...]]] = {
    "aws_iam_role": (
        (LinkKind.ATTACHED, Thing.POLICY, "managed_policy_arns"),
        (LinkKind.BOUNDARY, Thing.POLICY, "permissions_boundary"),
    ),
    "aws_iam_user": ((LinkKind.BOUNDARY, Thing.POLICY, "permissions_boundary"),),
    "aws_iam_instance_profile": ((LinkKind.PROFILE, Thing.ROLE, "role"),),
    "awscc_iam_role": (
        (LinkKind.ATTACHED, Thing.POLICY, "managed_policy_arns"),
        (LinkKind.BOUNDARY, Thing.POLICY, "permissions_boundary"),
    ),
    "awscc_iam_user": (
        (LinkKind.ATTACHED, Thing.POLICY, "managed_policy_arns"),
        (LinkKind.BOUNDARY, Thing.POLICY, "permissions_boundary"),
        (LinkKind.MEMBER, Thing.GROUP, "groups"),
    ),
    "awscc_iam_group": ((LinkKind.ATTACHED, Thing.POLICY, "managed_policy_arns"),),
    "awscc_iam_instance_profile": ((LinkKind.PROFILE, Thing.ROLE, "roles"),),
}
"""The links in the attributes of a principal itself."""

_ROLES: Final = {"roles": Thing.ROLE, "users": Thing.USER, "groups": Thing.GROUP}

MANAGED: Final[Mapping[str, Mapping[str, Thing]]] = {
    "aws_iam_policy": {},
    "awscc_iam_managed_policy": _ROLES,
}
"""The types of managed policies, and the attributes that name their holders."""

HELD_BY: Final[Mapping[str, Mapping[str, Thing]]] = {
    "aws_iam_role_policy": {"role": Thing.ROLE},
    "aws_iam_user_policy": {"user": Thing.USER},
    "aws_iam_group_policy": {"group": Thing.GROUP},
    "awscc_iam_role_policy": {"role_name": Thing.ROLE},
    "awscc_iam_user_policy": {"user_name": Thing.USER},
    "awscc_iam_group_policy": {"group_name": Thing.GROUP},
    "awscc_iam_policy": _ROLES,
}
"""The types of inline policies as separate resources, and the attributes with their holders."""


@dataclass(frozen=True, slots=True)
class Between:
    """A resource that only links: each holder that it names with each target."""

    kind: LinkKind
    holders: Mapping[str, Thing]
    targets: Mapping[str, Thing] = field(default_factory=dict)


_POLICY: Final = {"policy_arn": Thing.POLICY}
_POLICIES: Final = {"policy_arns": Thing.POLICY}

BETWEEN: Final[Mapping[str, Between]] = {
    "aws_iam_role_policy_attachment": Between(LinkKind.ATTACHED, {"role": Thing.ROLE}, _POLICY),
    "aws_iam_user_policy_attachment": Between(LinkKind.ATTACHED, {"user": Thing.USER}, _POLICY),
    "aws_iam_group_policy_attachment": Between(LinkKind.ATTACHED, {"group": Thing.GROUP}, _POLICY),
    "aws_iam_policy_attachment": Between(LinkKind.ATTACHED, _ROLES, _POLICY),
    "aws_iam_role_policy_attachments_exclusive": Between(
        LinkKind.ATTACHED, {"role_name": Thing.ROLE}, _POLICIES
    ),
    "aws_iam_user_policy_attachments_exclusive": Between(
        LinkKind.ATTACHED, {"user_name": Thing.USER}, _POLICIES
    ),
    "aws_iam_group_policy_attachments_exclusive": Between(
        LinkKind.ATTACHED, {"group_name": Thing.GROUP}, _POLICIES
    ),
    "aws_iam_group_membership": Between(
        LinkKind.MEMBER, {"users": Thing.USER}, {"group": Thing.GROUP}
    ),
    "aws_iam_user_group_membership": Between(
        LinkKind.MEMBER, {"user": Thing.USER}, {"groups": Thing.GROUP}
    ),
    "awscc_iam_user_to_group_addition": Between(
        LinkKind.MEMBER, {"users": Thing.USER}, {"group_name": Thing.GROUP}
    ),
}
"""The types of resources that only link others."""
