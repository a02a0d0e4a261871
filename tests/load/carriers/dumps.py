"""Carriers in the outputs of AWS's own tools, and of tools that store these outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from iamlint.policy.grammar import Kind
from tests.load.carriers.carrier import ROLES, Carrier, Item, Policy, dumped, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMAT: Final = "dumps"
ACCOUNT: Final = "111122223333"
IDENTITY: Final = frozenset({Kind.IDENTITY})
TRUST: Final = frozenset({Kind.TRUST})
RESOURCE: Final = frozenset({Kind.RESOURCE})
ORGANIZATIONS: Final = frozenset({Kind.SCP, Kind.RCP})
TYPES: Final = {Kind.SCP: "SERVICE_CONTROL_POLICY", Kind.RCP: "RESOURCE_CONTROL_POLICY"}
AUTHORIZATION: Final = "`get-account-authorization-details`"
OF_IAM: Final = "`aws iam get-*` and `list-*`"
OF_RESOURCES: Final = "policies of resources"
OF_CONFIG: Final = "snapshots of AWS Config"


def arn(type_: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{type_}/{name}"


def packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def encoded(policy: Policy) -> str:
    return quote(packed(policy))


def same(policy: Policy) -> Policy:
    return policy


def role(item: Item, write: Callable[[Policy], Policy]) -> dict[str, Any]:
    policy = write(item.policy)
    about: dict[str, Any] = {"RoleName": item.name, "Arn": arn("role", item.name)}
    if item.kind is Kind.TRUST:
        return {**about, "RolePolicyList": [], "AssumeRolePolicyDocument": policy}
    return {**about, "RolePolicyList": [{"PolicyName": item.name, "PolicyDocument": policy}]}


def details(items: Sequence[Item], write: Callable[[Policy], Policy]) -> str:
    """Return the output of `aws iam get-account-authorization-details`."""
    roles = [role(item, write) for item in items]
    return text({"RoleDetailList": roles, "UserDetailList": [], "Policies": []})


def of_others(items: Sequence[Item], kind: str) -> str:
    """Return the part of the details for users or groups."""
    found = [
        {
            f"{kind}Name": item.name,
            "Arn": arn(kind.lower(), item.name),
            f"{kind}PolicyList": [{"PolicyName": item.name, "PolicyDocument": item.policy}],
        }
        for item in items
    ]
    return text({f"{kind}DetailList": found, "RoleDetailList": []})


def version(policy: Policy) -> dict[str, Any]:
    return {"Document": policy, "VersionId": "v1", "IsDefaultVersion": True}


def managed(items: Sequence[Item]) -> str:
    found = [
        {
            "PolicyName": item.name,
            "Arn": arn("policy", item.name),
            "PolicyVersionList": [version(item.policy)],
        }
        for item in items
    ]
    return text({"Policies": found})


def roles(items: Sequence[Item]) -> str:
    return text({"Roles": [role(item, same) for item in items]})


def configured(item: Item, *, as_string: bool) -> dict[str, Any]:
    """Return a configuration item of AWS Config."""
    about = {"resourceName": item.name, "resourceId": item.name}
    if item.kind is Kind.RESOURCE:
        type_, place = "AWS::SQS::Queue", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{item.name}"
        configuration: dict[str, Any] = {"Policy": text(item.policy)}
    else:
        type_, place = "AWS::IAM::Role", arn("role", item.name)
        configuration = {"roleName": item.name, "arn": place, **_of_role(item)}
    whole = packed(configuration) if as_string else configuration
    return {"resourceType": type_, "ARN": place, **about, "configuration": whole}


def _of_role(item: Item) -> dict[str, Any]:
    if item.kind is Kind.TRUST:
        return {"assumeRolePolicyDocument": encoded(item.policy)}
    policy = {"policyName": item.name, "policyDocument": encoded(item.policy)}
    return {"rolePolicyList": [policy]}


def snapshot(items: Sequence[Item], *, as_string: bool = False) -> str:
    found = [configured(item, as_string=as_string) for item in items]
    return text({"fileVersion": "1.0", "configurationItems": found})


def aggregated(items: Sequence[Item]) -> str:
    return text({"Results": [packed(configured(item, as_string=False)) for item in items]})


def supplemented(items: Sequence[Item]) -> str:
    found = [
        {
            "resourceType": "AWS::S3::Bucket",
            "arn": f"arn:aws:s3:::{item.name}",
            "resourceName": item.name,
            "configuration": "{}",
            "supplementaryConfiguration": {
                "BucketPolicy": packed({"policyText": packed(item.policy)})
            },
        }
        for item in items
    ]
    return text({"baseConfigurationItems": found})


def recorded(items: Sequence[Item]) -> str:
    """Return a record of CloudTrail."""
    records = []
    for item in items:
        name = "policyDocument" if item.kind is Kind.IDENTITY else "assumeRolePolicyDocument"
        asked = {"roleName": item.name, name: packed(item.policy)}
        event = "PutRolePolicy" if item.kind is Kind.IDENTITY else "CreateRole"
        records.append({"eventName": event, "requestParameters": asked})
    return text({"Records": records})


VALIDATED: Final = {
    **TYPES,
    Kind.IDENTITY: "IDENTITY_POLICY",
    Kind.RESOURCE: "RESOURCE_POLICY",
    Kind.TRUST: "RESOURCE_POLICY",
}


def validated(items: Sequence[Item]) -> str:
    """Return the input of `aws accessanalyzer validate-policy --cli-input-json`."""
    found = {}
    for item in items:
        asked = {"policyType": VALIDATED[item.kind], "policyDocument": text(item.policy)}
        if item.kind is Kind.TRUST:
            asked["validatePolicyResourceType"] = "AWS::IAM::AssumeRolePolicyDocument"
        found[item.name] = asked
    return text(found)


def queried(items: Sequence[Item]) -> str:
    """Return the output of Steampipe for roles."""
    rows = [
        {
            "name": item.name,
            "arn": arn("role", item.name),
            "assume_role_policy": item.policy,
            "assume_role_policy_std": item.policy,
        }
        for item in items
    ]
    return text({"rows": rows})


def _single(
    command: str, kinds: frozenset[Kind], write: Callable[[Item], object], way: str = OF_IAM
) -> Carrier:
    """Return the output of a command that prints one policy, with names that show its kind."""
    return Carrier(command, FORMAT, way, "{name}.json", lambda i: text(write(i[0])), kinds)


def _of_resource(command: str, write: Callable[[Item], object]) -> Carrier:
    """Return the output of a command that prints one policy, without names that show its kind."""
    return Carrier(
        command,
        FORMAT,
        OF_RESOURCES,
        "{name}.json",
        lambda i: text(write(i[0])),
        RESOURCE,
        by_shape=True,
    )


def _inline(holder: str) -> Carrier:
    return _single(
        f"get-{holder.lower()}-policy",
        IDENTITY,
        lambda item: {f"{holder}Name": "x", "PolicyName": item.name, "PolicyDocument": item.policy},
    )


def described(item: Item) -> dict[str, Any]:
    summary = {"Id": "p-1", "Name": item.name, "Type": TYPES[item.kind]}
    return {"Policy": {"PolicySummary": summary, "Content": text(item.policy)}}


def escaped(policy: Policy) -> str:
    """Return a policy as `GetRestApi` does: JSON in a string, with the string's escapes."""
    return packed(packed(policy))[1:-1]


def _collected(name: str, folder: str, file: str, kind: Kind, *, is_list: bool = False) -> Carrier:
    def write(items: Sequence[Item]) -> str:
        (item,) = items
        inline = [{"PolicyName": "x", "PolicyDocument": item.policy}]
        return text(inline if is_list else item.policy)

    place = f"c/aws/accounts/{ACCOUNT}/{folder}/{{name}}/{file}.json"
    return Carrier(name, FORMAT, "folders of iam-collect", place, write, frozenset({kind}))


CARRIERS: Final = (
    Carrier("account", FORMAT, AUTHORIZATION, "a.json", lambda i: details(i, same), ROLES),
    Carrier(
        "account as the api says",
        FORMAT,
        AUTHORIZATION,
        "a.json",
        lambda i: details(i, encoded),
        ROLES,
        decodes=unquote,
    ),
    Carrier("users", FORMAT, AUTHORIZATION, "a.json", lambda i: of_others(i, "User"), IDENTITY),
    Carrier("groups", FORMAT, AUTHORIZATION, "a.json", lambda i: of_others(i, "Group"), IDENTITY),
    Carrier("managed policies", FORMAT, AUTHORIZATION, "a.json", managed, IDENTITY),
    Carrier("list-roles", FORMAT, OF_IAM, "r.json", roles, TRUST),
    _single("get-role", TRUST, lambda item: {"Role": role(item, same)}),
    Carrier(
        "get-role in yaml",
        FORMAT,
        OF_IAM,
        "{name}.yaml",
        lambda i: dumped({"Role": role(i[0], same)}),
        TRUST,
    ),
    _inline("Role"),
    _inline("User"),
    _inline("Group"),
    _single("get-policy-version", IDENTITY, lambda item: {"PolicyVersion": version(item.policy)}),
    _single("describe-policy", ORGANIZATIONS, described, "policies of organizations"),
    _single(
        "describe-vpc-endpoints",
        frozenset({Kind.ENDPOINT}),
        lambda item: {
            "VpcEndpoints": [{"VpcEndpointId": "vpce-1", "PolicyDocument": text(item.policy)}]
        },
        OF_RESOURCES,
    ),
    _of_resource("get-bucket-policy", lambda item: {"Policy": text(item.policy)}),
    _of_resource(
        "get-key-policy", lambda item: {"Policy": text(item.policy), "PolicyName": "default"}
    ),
    _of_resource(
        "get-queue-attributes",
        lambda item: {
            "Attributes": {
                "QueueArn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
                "Policy": text(item.policy),
            }
        },
    ),
    _of_resource(
        "get-repository-policy",
        lambda item: {
            "registryId": ACCOUNT,
            "repositoryName": "x",
            "policyText": text(item.policy),
        },
    ),
    _single(
        "get-resource-policy",
        RESOURCE,
        lambda item: {
            "ARN": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:x",
            "ResourcePolicy": text(item.policy),
        },
        OF_RESOURCES,
    ),
    _of_resource(
        "get-glue-policy", lambda item: {"PolicyInJson": text(item.policy), "PolicyHash": "x"}
    ),
    _of_resource("get-rest-api", lambda item: {"id": "x", "policy": escaped(item.policy)}),
    _of_resource(
        "describe-resource-policies",
        lambda item: {
            "resourcePolicies": [{"policyName": "x", "policyDocument": text(item.policy)}]
        },
    ),
    Carrier("config", FORMAT, OF_CONFIG, "c.json", snapshot, ROLES | RESOURCE, decodes=unquote),
    Carrier(
        "history of config",
        FORMAT,
        OF_CONFIG,
        "c.json",
        lambda i: snapshot(i, as_string=True),
        ROLES | RESOURCE,
        decodes=unquote,
    ),
    Carrier(
        "aggregator of config",
        FORMAT,
        OF_CONFIG,
        "c.json",
        aggregated,
        ROLES | RESOURCE,
        decodes=unquote,
    ),
    Carrier("batch of config", FORMAT, OF_CONFIG, "c.json", supplemented, RESOURCE),
    Carrier("cloudtrail", FORMAT, "events of CloudTrail", "t.json", recorded, ROLES),
    Carrier(
        "validate-policy",
        FORMAT,
        "what `validate-policy` takes",
        "v.json",
        validated,
        frozenset(VALIDATED),
    ),
    Carrier("steampipe", FORMAT, "rows of Steampipe", "s.json", queried, TRUST),
    _collected("collected trust", "iam/role", "trust-policy", Kind.TRUST),
    _collected(
        "collected inline policies", "iam/user", "inline-policies", Kind.IDENTITY, is_list=True
    ),
    _collected("collected policies", "iam/policy", "current-policy", Kind.IDENTITY),
    _collected("collected buckets", "s3/bucket", "policy", Kind.RESOURCE),
)
