"""Outputs of AWS's own tools: the account's authorization details, `get-*`, `list-*`, AWS Config.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load import organization_types
from iamlint.load.document import Cause
from iamlint.load.link import Held, Ref, Thing, join_names, shown
from iamlint.load.recognise.context import About, member, text_of
from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from iamlint.load.link import Name
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_PARTITION: Final = Unknown("${partition}", Pseudo.PARTITION)
_REGION: Final = Unknown("…", Pseudo.REGION)

_STD: Final = "_std"
HOLDERS: Final = {
    "RoleName": Thing.ROLE,
    "UserName": Thing.USER,
    "GroupName": Thing.GROUP,
}
_VERSIONS: Final = ("PolicyVersionList", "policyVersionList", "Versions")
_ARNS: Final = frozenset(
    {
        *("Arn", "ARN", "arn", "QueueArn", "TopicArn", "ResourceArn", "BackupVaultArn", "TableArn"),
        *("RepositoryArn", "SecretArn", "FunctionArn", "StreamArn"),
    }
)
_VALIDATED: Final = {
    **organization_types.KINDS,
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


_OLD: Final = "version of a managed policy that is not its default version"
_AGAIN: Final = "policy of a role that is listed itself"
_STANDARD: Final = "standardised copy of a policy that is beside it"
"""Reasons that are frequent in dumps: each is reported once, with a count."""


def describe(pointer: Pointer, around: tuple[Value, ...]) -> About | None:
    """Return the facts about a policy in the objects around it, which are outermost first."""
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
    """Return the facts about the policy of a VPC endpoint; the output has its id and account.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
    """
    owner = text_of(value, "OwnerId") or Unknown("${account}", Pseudo.ACCOUNT)
    return About(
        Kind.ENDPOINT,
        name,
        resource_type=_ENDPOINT,
        arn=join_names("arn:", _PARTITION, ":ec2:", _REGION, ":", owner, ":vpc-endpoint/", name),
        address=name,
    )


def _managed(objects: list[dict[str, Value]]) -> About:
    """Return the facts about a version of a managed policy; only the default one is in force."""
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
    """Return the facts about a policy of an organization; its description has no targets.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html
    """
    summary = next((s for value in objects if (s := value.get("PolicySummary"))), None)
    type_ = text_of(summary, "Type")
    if type_ is None:
        return None
    kind = organization_types.KINDS.get(type_)
    listed = next((t for value in objects if isinstance(t := value.get("Targets"), list)), None)
    ids = [Unknown("…")] if listed is None else [text_of(one, "TargetId") for one in listed]
    return About(
        kind,
        text_of(summary, "Name"),
        policy_arn=None if kind else text_of(summary, "Arn"),
        targets=tuple(Held(Ref(Thing.TARGET, one)) for one in ids if one is not None),
        skip=None if kind else organization_types.reason(type_),
    )


def _configured(item: dict[str, Value]) -> About:
    """Return the facts about a policy in a configuration item of AWS Config."""
    type_ = text_of(item, "resourceType") or ""
    arn = text_of(item, "ARN", "arn")
    if type_.startswith("AWS::IAM::"):
        return About(arn=arn, address=text_of(item, "resourceId"))
    kind = Kind.ENDPOINT if type_ == _ENDPOINT else Kind.RESOURCE
    return About(kind, text_of(item, "resourceName"), resource_type=type_, arn=arn, address=arn)


def _is_copy(pointer: Pointer, objects: list[dict[str, Value]]) -> bool:
    """Return whether a column of Steampipe is a copy of another one.

    https://steampipe.io/docs/reference/dot-commands/output
    """
    columns = (step for step in pointer if isinstance(step, str) and step.endswith(_STD))
    column = next(columns, None)
    return column is not None and any(column.removesuffix(_STD) in value for value in objects)


def _asked(event: dict[str, Value]) -> About:
    """Return the facts about a policy in a call that CloudTrail recorded."""
    name = text_of(event, "eventName") or ""
    kind = organization_types.KINDS.get(text_of(event.get("requestParameters"), "type") or "")
    is_of_organization = text_of(event, "eventSource") == "organizations.amazonaws.com"
    if name in _GIVING_PERMISSIONS and not is_of_organization:
        kind = Kind.IDENTITY
    elif name.startswith(_GIVING_SESSIONS):
        kind = Kind.SESSION
    return About(kind, address=name, is_past=True)


def _plain(objects: list[dict[str, Value]]) -> About | None:
    nearest = objects[0] if objects else {}
    if text_of(nearest, "PolicyName") and text_of(nearest, *HOLDERS):
        # https://docs.aws.amazon.com/cli/latest/reference/iam/get-role-policy.html
        return About(Kind.IDENTITY)
    is_row = bool(objects) and isinstance(objects[-1].get("rows"), list)
    for value in objects:
        for name, arn in value.items():
            if is_row and name == "arn" and isinstance(arn, str) and (who := principal_of(arn)):
                return About(holders=(who,), arn=arn)
            if name in _ARNS and isinstance(arn, str) and arn.startswith("arn:"):
                is_policy = ":iam::" in arn and ":policy/" in arn
                if is_policy:
                    return About(policy_arn=arn)
                return About(arn=arn, address=None if ":iam::" in arn else arn)
        if (arn := _arn_beside(value)) is not None:
            return About(arn=arn, address=shown(arn))
    return None


def _arn_beside(value: dict[str, Value]) -> Name | None:
    """Return the ARN of a resource by an output with its name or id, but not its region.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html
    https://docs.aws.amazon.com/efs/latest/APIReference/API_DescribeFileSystemPolicy.html
    """
    repository, file_system = text_of(value, "repositoryName"), text_of(value, "FileSystemId")
    owner = text_of(value, "registryId") or Unknown("${account}", Pseudo.ACCOUNT)
    if repository is not None and member(value, "policyText") is not None:
        return join_names(
            "arn:", _PARTITION, ":ecr:", _REGION, ":", owner, ":repository/", repository
        )
    if file_system is not None and member(value, "Policy") is not None:
        name = f":file-system/{file_system}"
        return join_names("arn:", _PARTITION, ":elasticfilesystem:", _REGION, ":", owner, name)
    return None


def principal_of(arn: str) -> Ref | None:
    """Return the user, group or role of an ARN; None for another ARN."""
    kind, _, name = arn.partition(":iam::")[2].partition(":")[2].partition("/")
    things = {thing.value: thing for thing in HOLDERS.values()}
    if kind not in things or not name:
        return None
    return Ref(things[kind], name.rpartition("/")[2], account=account_of(arn))
