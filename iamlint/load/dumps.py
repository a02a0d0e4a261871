"""Outputs of AWS's own tools: the account's authorization details, `get-*`, `list-*`, AWS Config.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.about import About, member, text_of
from iamlint.load.document import Cause
from iamlint.load.link import Held, Link, LinkKind, Node, Ref, Thing, joined
from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind
from iamlint.text.json import read_json
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_STD: Final = "_std"
_PROFILE: Final = "InstanceProfileName"
_HOLDERS: Final = {
    "RoleName": Thing.ROLE,
    "UserName": Thing.USER,
    "GroupName": Thing.GROUP,
}
# What holds descriptions of users, groups and roles.
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
_VERSIONS: Final = ("PolicyVersionList", "policyVersionList", "Versions")
_ARNS: Final = frozenset(
    {
        *("Arn", "ARN", "arn", "QueueArn", "TopicArn", "ResourceArn", "BackupVaultArn", "TableArn"),
        *("RepositoryArn", "SecretArn", "FunctionArn", "StreamArn"),
    }
)
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
_TYPES: Final = {"SERVICE_CONTROL_POLICY": Kind.SCP, "RESOURCE_CONTROL_POLICY": Kind.RCP}
_VALIDATED: Final = {
    **_TYPES,
    "IDENTITY_POLICY": Kind.IDENTITY,
    "RESOURCE_POLICY": Kind.RESOURCE,
}
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_TRUST: Final = "AWS::IAM::AssumeRolePolicyDocument"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
_GIVING_SESSIONS: Final = ("AssumeRole", "GetFederationToken")
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
_GIVING_PERMISSIONS: Final = frozenset(
    {
        *("PutUserPolicy", "PutGroupPolicy", "PutRolePolicy"),
        *("CreatePolicy", "CreatePolicyVersion", "PutInlinePolicyToPermissionSet"),
    }
)


_LINKING: Final = (
    *(b'"AttachedPolicies"', b'"PermissionsBoundary"', b'"AttachedManagedPolicies"'),
    *(b'"GroupList"', b'"Users"', b'"rows"'),
)

_OLD: Final = "version of a managed policy that is not in force"
_AGAIN: Final = "policy of a role that is listed itself"
_STANDARD: Final = "standardised copy of a policy that stands beside it"
"""What a dump has so much of that it is told once, and counted."""


def may_link(data: bytes) -> bool:
    """Tell in microseconds that a file without policies says nothing of principals."""
    return any(mark in data for mark in _LINKING)


def describe(pointer: Pointer, around: tuple[Value, ...]) -> About | None:
    """Tell what the objects around a policy say of it, the outermost first."""
    if not around:
        return None
    objects = [value for value in reversed(around) if isinstance(value, dict)]
    if "InstanceProfileList" in pointer:
        return About(skip=_AGAIN, cause=Cause.REPEATED)
    if any(step in _VERSIONS for step in pointer[-4:]):
        return _managed(objects)
    if _is_copy(pointer, objects):
        return About(skip=_STANDARD, cause=Cause.REPEATED)
    if organization := _of_organization(objects):
        return organization
    for value in objects:
        if isinstance(endpoint := value.get("VpcEndpointId"), str):
            return _of_endpoint(value, endpoint)
        if "resourceType" in value and {"configuration", "supplementaryConfiguration"} & set(value):
            return _configured(value)
        if "eventName" in value and {"requestParameters", "responseElements"} & set(value):
            return _asked(value)
        if (kind := _VALIDATED.get(text_of(value, "policyType") or "")) is not None:
            about = text_of(value, "validatePolicyResourceType", "resourceType")
            return About(Kind.TRUST) if about == _TRUST else About(kind, resource_type=about)
    return _plain(objects)


def _of_endpoint(value: dict[str, Value], name: str) -> About:
    """Tell of the policy of a VPC endpoint, of whose ARN the output gives the id and the account.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
    """
    partition, region = Unknown("${partition}", Pseudo.PARTITION), Unknown("…", Pseudo.REGION)
    owner = text_of(value, "OwnerId") or Unknown("${account}", Pseudo.ACCOUNT)
    return About(
        Kind.ENDPOINT,
        name,
        resource_type=_ENDPOINT,
        arn=joined("arn:", partition, ":ec2:", region, ":", owner, ":vpc-endpoint/", name),
        address=name,
    )


def _managed(objects: list[dict[str, Value]]) -> About:
    """Tell of a version of a managed policy; only the default one is in force."""
    whole = next((value for value in objects if text_of(value, "PolicyName")), {})
    arn = text_of(whole, "Arn")
    skip = None
    if any(member(value, "IsDefaultVersion") is False for value in objects):
        skip = _OLD
    return About(
        Kind.IDENTITY,
        text_of(whole, "PolicyName"),
        policy_arn=arn,
        skip=skip,
        cause=Cause.REPEATED,
    )


def _of_organization(objects: list[dict[str, Value]]) -> About | None:
    """Tell of a policy of an organization; its description does not say what it is attached to.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html
    """
    summary = next((s for value in objects if (s := value.get("PolicySummary"))), None)
    type_ = text_of(summary, "Type")
    if type_ is None:
        return None
    kind = _TYPES.get(type_)
    listed = next((t for value in objects if isinstance(t := value.get("Targets"), list)), None)
    ids = [Unknown("…")] if listed is None else [text_of(one, "TargetId") for one in listed]
    return About(
        kind,
        text_of(summary, "Name"),
        policy_arn=None if kind else text_of(summary, "Arn"),
        targets=tuple(Held(Ref(Thing.TARGET, one)) for one in ids if one is not None),
        skip=None if kind else f"policy of type `{type_}`, which is none of IAM's",
    )


def _configured(item: dict[str, Value]) -> About:
    """Tell of a policy in a configuration item of AWS Config."""
    type_ = text_of(item, "resourceType") or ""
    arn = text_of(item, "ARN", "arn")
    if type_.startswith("AWS::IAM::"):
        return About(arn=arn, address=text_of(item, "resourceId"))
    kind = Kind.ENDPOINT if type_ == _ENDPOINT else Kind.RESOURCE
    return About(kind, text_of(item, "resourceName"), resource_type=type_, arn=arn, address=arn)


def _is_copy(pointer: Pointer, objects: list[dict[str, Value]]) -> bool:
    """Tell a column of Steampipe that says the same as another one.

    https://steampipe.io/docs/reference/dot-commands/output
    """
    columns = (step for step in pointer if isinstance(step, str) and step.endswith(_STD))
    column = next(columns, None)
    return column is not None and any(column.removesuffix(_STD) in value for value in objects)


def _asked(event: dict[str, Value]) -> About:
    """Tell of a policy in a call that CloudTrail recorded."""
    name = text_of(event, "eventName") or ""
    kind = _TYPES.get(text_of(event.get("requestParameters"), "type") or "")
    is_of_organization = text_of(event, "eventSource") == "organizations.amazonaws.com"
    if name in _GIVING_PERMISSIONS and not is_of_organization:
        kind = Kind.IDENTITY
    elif name.startswith(_GIVING_SESSIONS):
        kind = Kind.SESSION
    return About(kind, address=name, is_past=True)


def _plain(objects: list[dict[str, Value]]) -> About | None:
    nearest = objects[0] if objects else {}
    if text_of(nearest, "PolicyName") and text_of(nearest, *_HOLDERS):
        # https://docs.aws.amazon.com/cli/latest/reference/iam/get-role-policy.html
        return About(Kind.IDENTITY)
    is_row = bool(objects) and isinstance(objects[-1].get("rows"), list)
    for value in objects:
        for name, arn in value.items():
            if is_row and name == "arn" and isinstance(arn, str) and (who := _principal(arn)):
                return About(holders=(who,), arn=arn)
            if name in _ARNS and isinstance(arn, str) and arn.startswith("arn:"):
                is_policy = ":iam::" in arn and ":policy/" in arn
                if is_policy:
                    return About(policy_arn=arn)
                return About(arn=arn, address=None if ":iam::" in arn else arn)
    return None


def links(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield the users, groups and roles that an output describes, and what they hold."""
    if not isinstance(value, dict):
        return
    for name in _SINGLES:
        yield from _described(path, (*at, name), value.get(name))
    for name in _LISTS:
        entries = value.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            yield from _described(path, (*at, name, index), entry)
    yield from _members(path, at, value)
    rows = value.get("rows")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from _row(path, (*at, "rows", index), row)
    for name in _ITEMS:
        items = value.get(name)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield from _configured_links(path, (*at, name, index), item)
    yield from _configured_links(path, (*at, "ConfigurationItem"), value.get("ConfigurationItem"))


def _row(path: str, at: Pointer, row: Value) -> Iterator[Node | Link]:
    """Yield what a row of Steampipe describes, as far as the columns go that were asked for.

    https://hub.steampipe.io/plugins/turbot/aws/tables/aws_iam_role
    """
    arn = text_of(row, "arn") or ""
    ref = _principal(arn)
    if ref is None or not isinstance(row, dict):
        return
    attached, groups = row.get("attached_policy_arns"), row.get("groups")
    yield Node(path, at, ref, arn, whole="attached_policy_arns" in row)
    for policy in attached if isinstance(attached, list) else ():
        if isinstance(policy, str):
            yield Link(path, at, LinkKind.ATTACHED, ref, Ref(Thing.POLICY, policy))
    if bound := text_of(row, "permissions_boundary_arn"):
        yield Link(path, at, LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
    for group in groups if isinstance(groups, list) else ():
        if name := text_of(group, "GroupName"):
            target = Ref(Thing.GROUP, name, account=ref.account)
            yield Link(path, at, LinkKind.MEMBER, ref, target)


def _principal(arn: str) -> Ref | None:
    """Return the user, group or role of an ARN."""
    kind, _, name = arn.partition(":iam::")[2].partition(":")[2].partition("/")
    things = {thing.value: thing for thing in _HOLDERS.values()}
    if kind not in things or not name:
        return None
    return Ref(things[kind], name.rpartition("/")[2], account=account_of(arn))


def _members(path: str, at: Pointer, value: dict[str, Value]) -> Iterator[Link]:
    """Yield who is in a group that an output lists with its users.

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


def _configured_links(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    """Yield what a configuration item describes, which may stand in a string, and in it again."""
    item = _read(value)
    if (text_of(item, "resourceType") or "").startswith("AWS::IAM::"):
        yield from _described(path, (*at, "configuration"), _read(member(item, "configuration")))


def _read(value: Value) -> Value:
    return read_json(value).value if isinstance(value, str) and value[:1] == "{" else value


def _described(path: str, at: Pointer, value: Value) -> Iterator[Node | Link]:
    profiles = member(value, "InstanceProfileList")
    for profile in (value, *(profiles if isinstance(profiles, list) else ())):
        if (name := text_of(profile, _PROFILE)) and (arn := text_of(profile, "Arn")):
            yield from _profile(
                path, at, Ref(Thing.PROFILE, name, account=account_of(arn)), profile
            )
    for name, kind in _HOLDERS.items():
        own, arn = text_of(value, name), text_of(value, "Arn")
        if own is None or not arn:
            continue
        seconds = member(value, "MaxSessionDuration")
        ref = Ref(kind, own, account=account_of(arn))
        yield Node(
            path,
            at,
            ref,
            arn,
            tags=tuple(_tags(value)),
            max_session=seconds if type(seconds) is int else None,
            whole=member(value, "AttachedManagedPolicies") is not None,
            has_no_other_tags=isinstance(member(value, "Tags"), list),
        )
        for policy in _arns(value):
            yield Link(path, at, LinkKind.ATTACHED, ref, Ref(Thing.POLICY, policy))
        bound = text_of(member(value, "PermissionsBoundary"), "PermissionsBoundaryArn")
        if bound:
            yield Link(path, at, LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
        for group in _groups(value):
            target = Ref(Thing.GROUP, group, account=ref.account)
            yield Link(path, at, LinkKind.MEMBER, ref, target)
        return


def _profile(path: str, at: Pointer, ref: Ref, profile: Value) -> Iterator[Node | Link]:
    yield Node(path, at, ref, text_of(profile, "Arn"))
    held = member(profile, "Roles")
    for role in held if isinstance(held, list) else ():
        if name := text_of(role, "RoleName"):
            target = Ref(Thing.ROLE, name, account=ref.account)
            yield Link(path, at, LinkKind.PROFILE, ref, target)


def _arns(value: Value) -> Iterator[str]:
    attached = member(value, "AttachedManagedPolicies")
    for policy in attached if isinstance(attached, list) else ():
        if arn := text_of(policy, "PolicyArn"):
            yield arn


def _tags(value: Value) -> Iterator[tuple[str, str]]:
    tags = member(value, "Tags")
    for tag in tags if isinstance(tags, list) else ():
        name, text = text_of(tag, "Key"), text_of(tag, "Value")
        if name is not None and text is not None:
            yield name, text


def _groups(value: Value) -> Iterator[str]:
    groups = member(value, "GroupList")
    yield from (
        name for name in (groups if isinstance(groups, list) else ()) if isinstance(name, str)
    )
