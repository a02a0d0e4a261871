"""Outputs of AWS's own tools and others for an account: all values in them are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tests.account.matrix.carrier import KNOWN, Carrier, Files, opens, text
from tests.account.matrix.model import (
    APP,
    BASE,
    DEPOT,
    EC2,
    ELSEWHERE,
    GUARD,
    HOME,
    JOBS,
    KIM,
    ORGANIZATION,
    VAULT,
    Cell,
    Linked,
    Open,
    Policy,
)

if TYPE_CHECKING:
    from tests.account.matrix.carrier import Value

FORMAT: Final = "dumps"
OPS: Final = f"arn:aws:iam::{HOME}:group/ops"
_DETAILS: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: opens(Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.MEMBER: opens(Open.TARGET),
    Linked.TRUST: KNOWN,
}


def _inline(*policies: tuple[str, Policy]) -> list[Value]:
    return [{"PolicyName": name, "PolicyDocument": document} for name, document in policies]


def _role(cell: Cell) -> dict[str, Value]:
    """Return the role in the format of `get-account-authorization-details`."""
    what = _what(cell)
    is_inline = cell.linked is Linked.INLINE
    attached = [what] if cell.linked is Linked.ATTACHED else []
    role: dict[str, Value] = {
        "RoleName": "app",
        "RoleId": "AROA1",
        "Arn": APP,
        "Path": "/",
        "AssumeRolePolicyDocument": EC2,
        "RolePolicyList": _inline(("base", BASE), *([("guard", cell.text)] if is_inline else [])),
        "AttachedManagedPolicies": [{"PolicyName": "guard", "PolicyArn": arn} for arn in attached],
        "InstanceProfileList": [],
    }
    if cell.linked is Linked.BOUNDARY:
        role["PermissionsBoundary"] = _bound(what)
    return role


def _bound(arn: str) -> dict[str, Value]:
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def _what(cell: Cell) -> str:
    return ELSEWHERE if cell.open is Open.TARGET else GUARD


def _vault(cell: Cell) -> dict[str, Value]:
    plain: dict[str, Value] = {
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
    }
    named = {"RoleName": "vault", "RoleId": "AROA2", "Arn": VAULT, "Path": "/"}
    return {**named, "AssumeRolePolicyDocument": cell.text, **plain}


def _user(cell: Cell) -> dict[str, Value]:
    return {
        "UserName": "kim",
        "UserId": "AIDA1",
        "Arn": KIM,
        "Path": "/",
        "GroupList": ["elsewhere" if cell.open is Open.TARGET else "ops"],
        "UserPolicyList": _inline(("base", BASE)),
        "AttachedManagedPolicies": [],
    }


def _group(cell: Cell) -> dict[str, Value]:
    return {
        "GroupName": "ops",
        "GroupId": "AGPA1",
        "Arn": OPS,
        "Path": "/",
        "GroupPolicyList": _inline(("guard", cell.text)),
        "AttachedManagedPolicies": [],
    }


def _policy(cell: Cell) -> dict[str, Value]:
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": cell.text}
    return {
        "PolicyName": "guard",
        "PolicyId": "ANPA1",
        "Arn": GUARD,
        "Path": "/",
        "DefaultVersionId": "v1",
        "PolicyVersionList": [version],
    }


def details(cell: Cell) -> dict[str, Value]:
    """Return the output of `get-account-authorization-details`."""
    is_user, is_trust = cell.linked is Linked.MEMBER, cell.linked is Linked.TRUST
    is_managed = cell.linked in (Linked.ATTACHED, Linked.BOUNDARY)
    return {
        "UserDetailList": [_user(cell)] if is_user else [],
        "GroupDetailList": [_group(cell)] if is_user else [],
        "RoleDetailList": [_role(cell), *([_vault(cell)] if is_trust else [])],
        "Policies": [_policy(cell)] if is_managed else [],
        "IsTruncated": False,
    }


# What lists the managed policies of a role does not say of which one.
_SINGLES: Final = {
    Linked.INLINE: KNOWN,
    Linked.MEMBER: KNOWN,
    Linked.TRUST: KNOWN,
}


def _singles(cell: Cell) -> Files:
    """Return the outputs of `get-role`, `get-role-policy`, `get-group` and others."""
    if cell.linked is Linked.MEMBER:
        user = {key: value for key, value in _user(cell).items() if key[-4:] != "List"}
        user.pop("AttachedManagedPolicies")
        group = {key: _group(cell)[key] for key in ("GroupName", "GroupId", "Arn", "Path")}
        held = {"GroupName": "ops", "PolicyName": "guard", "PolicyDocument": cell.text}
        own = {"UserName": "kim", "PolicyName": "base", "PolicyDocument": BASE}
        return {
            "get-user.json": text({"User": user}),
            "get-user-policy.json": text(own),
            "get-group.json": text({"Group": group, "Users": [user]}),
            "get-group-policy.json": text(held),
        }
    files = {
        "get-role.json": text({"Role": _plain(_role(cell))}),
        "base.json": text({"RoleName": "app", "PolicyName": "base", "PolicyDocument": BASE}),
    }
    if cell.linked is Linked.INLINE:
        held = {"RoleName": "app", "PolicyName": "guard", "PolicyDocument": cell.text}
        files["guard.json"] = text(held)
    if cell.linked is Linked.TRUST:
        files["get-role-vault.json"] = text({"Role": _plain(_vault(cell))})
    return files


def _plain(role: dict[str, Value]) -> dict[str, Value]:
    """Return a role in the format of `get-role`."""
    lists = ("RolePolicyList", "AttachedManagedPolicies", "InstanceProfileList")
    return {key: value for key, value in role.items() if key not in lists}


def _resource(cell: Cell) -> Files:
    """Return the account beside `get-queue-attributes`, or `get-bucket-policy`."""
    one: dict[str, Value] = {"Policy": json.dumps(cell.text)}
    if cell.linked is Linked.QUEUE:
        one = {"Attributes": {"QueueArn": JOBS, **one}}
    return {"details.json": text(details(cell)), "policy.json": text(one)}


def _organization(cell: Cell) -> Files:
    """Return the output of `describe-policy`, which has no targets of a policy."""
    kind = "SERVICE_CONTROL_POLICY" if cell.linked is Linked.SCP else "RESOURCE_CONTROL_POLICY"
    arn = f"arn:aws:organizations::999999999999:policy/{ORGANIZATION}/{kind.lower()}/p-guard123"
    summary = {"Id": "p-guard123", "Arn": arn, "Name": "guard", "Type": kind, "AwsManaged": False}
    one = {"Policy": {"PolicySummary": summary, "Content": json.dumps(cell.text)}}
    return {"details.json": text(details(cell)), "guard.json": text(one)}


def _configured(cell: Cell) -> Files:
    """Return a snapshot of AWS Config."""
    items: list[Value] = []
    if cell.linked is Linked.MEMBER:
        items.append(_item("User", "kim", KIM, _user(cell)))
        items.append(_item("Group", "ops", OPS, _group(cell)))
    else:
        items.append(_item("Role", "app", APP, _role(cell)))
    if cell.linked in (Linked.ATTACHED, Linked.BOUNDARY):
        items.append(_item("Policy", "guard", GUARD, _policy(cell)))
    if cell.linked is Linked.TRUST:
        items.append(_item("Role", "vault", VAULT, _vault(cell)))
    if cell.linked is Linked.BUCKET:
        bucket = {
            "resourceType": "AWS::S3::Bucket",
            "resourceName": "depot",
            "ARN": DEPOT,
            "configuration": {"name": "depot"},
            "supplementaryConfiguration": {
                "BucketPolicy": {"policyText": json.dumps(cell.text)},
            },
        }
        items.append(bucket)
    return {"snapshot.json": text({"fileVersion": "1.0", "configurationItems": items})}


def _item(type_: str, name: str, arn: str, value: dict[str, Value]) -> dict[str, Value]:
    return {
        "resourceType": f"AWS::IAM::{type_}",
        "resourceName": name,
        "ARN": arn,
        "configuration": _small(value),
        "supplementaryConfiguration": {},
    }


def _small(value: Value) -> Value:
    """Return a value with the names of Config: in camel case, and policies are URL-encoded."""
    if isinstance(value, list):
        return [_small(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key[0].lower() + key[1:]: quote(json.dumps(item))
        if key.endswith("Document")
        else _small(item)
        for key, item in value.items()
    }


_COLLECTED: Final = {
    Linked.INLINE: KNOWN,
    Linked.ATTACHED: opens(Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.MEMBER: opens(Open.TARGET),
    Linked.TRUST: KNOWN,
    Linked.BUCKET: KNOWN,
    Linked.QUEUE: KNOWN,
    Linked.SCP: opens(Open.TARGET),
    Linked.RCP: opens(Open.TARGET),
}


def _collected(cell: Cell) -> Files:
    """Return the folders of iam-collect."""
    account = f"iam-data/aws/aws/accounts/{HOME}"
    files: dict[str, Value] = {}
    if cell.linked is Linked.MEMBER:
        user, group = f"{account}/iam/user/kim", f"{account}/iam/group/ops"
        groups = f"arn:aws:iam::{HOME}:group/elsewhere" if cell.open is Open.TARGET else OPS
        files[f"{user}/metadata.json"] = {"arn": KIM, "name": "kim", "path": "/"}
        files[f"{user}/inline-policies.json"] = _inline(("base", BASE))
        files[f"{user}/managed-policies.json"] = []
        files[f"{user}/groups.json"] = [groups]
        files[f"{group}/metadata.json"] = {"arn": OPS, "name": "ops", "path": "/"}
        files[f"{group}/inline-policies.json"] = _inline(("guard", cell.text))
        files[f"{group}/managed-policies.json"] = []
    else:
        files |= _collected_role(cell, f"{account}/iam/role/app")
    if cell.linked in (Linked.ATTACHED, Linked.BOUNDARY):
        policy = f"{account}/iam/policy/guard"
        files[f"{policy}/metadata.json"] = {"arn": GUARD, "name": "guard"}
        files[f"{policy}/current-policy.json"] = cell.text
    if cell.linked is Linked.TRUST:
        files[f"{account}/iam/role/vault/metadata.json"] = {"arn": VAULT, "name": "vault"}
        files[f"{account}/iam/role/vault/trust-policy.json"] = cell.text
    if cell.linked is Linked.QUEUE:
        files[f"{account}/sqs/eu-west-1/jobs/metadata.json"] = {"arn": JOBS, "name": "jobs"}
        files[f"{account}/sqs/eu-west-1/jobs/policy.json"] = cell.text
    if cell.linked is Linked.BUCKET:
        files[f"{account}/s3/depot/metadata.json"] = {"arn": DEPOT, "name": "depot"}
        files[f"{account}/s3/depot/policy.json"] = cell.text
    if cell.linked in (Linked.SCP, Linked.RCP):
        files |= _collected_organization(cell)
    return {name: text(value) for name, value in files.items()}


def _collected_role(cell: Cell, role: str) -> dict[str, Value]:
    own = _role(cell)
    bound = {"permissionBoundary": _what(cell)} if cell.linked is Linked.BOUNDARY else {}
    return {
        f"{role}/metadata.json": {"arn": APP, "id": "AROA1", "name": "app", "path": "/", **bound},
        f"{role}/trust-policy.json": EC2,
        f"{role}/inline-policies.json": own["RolePolicyList"],
        f"{role}/managed-policies.json": [
            one["PolicyArn"] for one in own["AttachedManagedPolicies"]
        ],
    }


def _collected_organization(cell: Cell) -> dict[str, Value]:
    top = f"iam-data/aws/aws/organizations/{ORGANIZATION}"
    kind = "service" if cell.linked is Linked.SCP else "resource"
    name = "p-elsewhere1" if cell.open is Open.TARGET else "p-guard123"
    prefix = f"arn:aws:organizations::999999999999:policy/{ORGANIZATION}/{kind}_control_policy"
    of = "scps" if cell.linked is Linked.SCP else "rcps"
    none: dict[str, Value] = {"scps": [], "rcps": []}
    return {
        f"{top}/{of}/p-guard123/metadata.json": {"arn": f"{prefix}/p-guard123", "name": "guard"},
        f"{top}/{of}/p-guard123/policy.json": cell.text,
        f"{top}/accounts.json": {HOME: none | {"ou": "r-ab12", of: [f"{prefix}/{name}"]}},
        f"{top}/ous.json": {"r-ab12": none},
    }


def _row(name: str, arn: str, **more: Value) -> dict[str, Value]:
    return {"name": name, "arn": arn, "account_id": HOME, **more}


_ROWS: Final = _DETAILS | {Linked.BUCKET: KNOWN}


def _rows(cell: Cell) -> Files:
    """Return rows of Steampipe, a file for each of its tables."""
    if cell.linked is Linked.MEMBER:
        name = "elsewhere" if cell.open is Open.TARGET else "ops"
        group = {"GroupName": name, "Arn": f"arn:aws:iam::{HOME}:group/{name}", "Path": "/"}
        user = _row("kim", KIM, inline_policies=_inline(("base", BASE)), groups=[group])
        ops = _row("ops", OPS, inline_policies=_inline(("guard", cell.text)))
        return {
            "aws_iam_user.json": text({"rows": [user | {"attached_policy_arns": []}]}),
            "aws_iam_group.json": text({"rows": [ops | {"attached_policy_arns": []}]}),
        }
    own = _role(cell)
    role = _row(
        "app",
        APP,
        assume_role_policy=EC2,
        inline_policies=own["RolePolicyList"],
        attached_policy_arns=[one["PolicyArn"] for one in own["AttachedManagedPolicies"]],
        permissions_boundary_arn=_what(cell) if cell.linked is Linked.BOUNDARY else None,
    )
    roles = [role]
    if cell.linked is Linked.TRUST:
        roles.append(_row("vault", VAULT, assume_role_policy=cell.text, inline_policies=None))
    files = {"aws_iam_role.json": text({"rows": roles})}
    if cell.linked in (Linked.ATTACHED, Linked.BOUNDARY):
        one = _row("guard", GUARD, policy=cell.text, default_version_id="v1")
        files["aws_iam_policy.json"] = text({"rows": [one]})
    if cell.linked is Linked.BUCKET:
        files["aws_s3_bucket.json"] = text({"rows": [_row("depot", DEPOT, policy=cell.text)]})
    return files


CARRIERS: Final = (
    Carrier(
        "authorization details",
        ((FORMAT, "`get-account-authorization-details`"),),
        _DETAILS,
        lambda cell: {"details.json": text(details(cell))},
    ),
    Carrier("outputs of get-*", ((FORMAT, "`aws iam get-*` and `list-*`"),), _SINGLES, _singles),
    Carrier(
        "AWS Config",
        ((FORMAT, "snapshots of AWS Config"),),
        _DETAILS | {Linked.BUCKET: KNOWN},
        _configured,
    ),
    Carrier(
        "policies of resources",
        ((FORMAT, "policies of resources"),),
        {Linked.QUEUE: KNOWN, Linked.BUCKET: frozenset({Open.HOLDER})},
        _resource,
    ),
    Carrier(
        "policies of organizations",
        ((FORMAT, "policies of organizations"),),
        {linked: frozenset({Open.HOLDER}) for linked in (Linked.SCP, Linked.RCP)},
        _organization,
    ),
    Carrier("Steampipe", ((FORMAT, "rows of Steampipe"),), _ROWS, _rows),
    Carrier("iam-collect", ((FORMAT, "folders of iam-collect"),), _COLLECTED, _collected),
)
