"""CloudFormation in Terraform: types of Cloud Control, templates in stacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.account.matrix import cloudformation
from tests.account.matrix.carrier import Block, Carrier, Ref, Text, Unknown, opens
from tests.account.matrix.model import BASE, EC2, HOME, Cell, Linked, Open
from tests.account.matrix.terraform import FORMAT, module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.account.matrix.carrier import Files, Value

_SAYS: Final = {
    Linked.INLINE: opens(Open.HOLDER, Open.TEXT),
    Linked.ATTACHED: opens(Open.HOLDER, Open.TARGET, Open.TEXT),
    Linked.BOUNDARY: opens(Open.TARGET, Open.TEXT),
    Linked.MEMBER: opens(Open.TARGET),
    Linked.TRUST: opens(Open.HOLDER, Open.TEXT),
    Linked.BUCKET: opens(Open.HOLDER, Open.TEXT),
    Linked.QUEUE: opens(Open.HOLDER, Open.TEXT),
    Linked.SCP: opens(Open.HOLDER, Open.TEXT),
    Linked.RCP: opens(Open.HOLDER, Open.TEXT),
}
_TYPES: Final = {Linked.SCP: "SERVICE_CONTROL_POLICY", Linked.RCP: "RESOURCE_CONTROL_POLICY"}


def _blocks(cell: Cell) -> Iterator[Block]:
    yield _own(cell)
    text = Unknown("text") if cell.open is Open.TEXT else Text(cell.text)
    match cell.linked:
        case Linked.INLINE:
            role = _identity(cell, Ref("app", "role_name"))
            more = {"policy_name": "guard", "policy_document": text, "role_name": role}
            yield Block("awscc_iam_role_policy", "guard", more)
        case Linked.ATTACHED | Linked.BOUNDARY:
            more = {"managed_policy_name": "guard", "policy_document": text}
            if cell.linked is Linked.ATTACHED and cell.open is not Open.TARGET:
                more["roles"] = [_identity(cell, Ref("app", "role_name"))]
            yield Block("awscc_iam_managed_policy", "guard", more)
        case Linked.MEMBER:
            policies = [{"policy_name": "guard", "policy_document": text}]
            yield Block("awscc_iam_group", "ops", {"group_name": "ops", "policies": policies})
        case Linked.TRUST:
            who = _identity(cell, Ref("app", "arn"))
            text = text if isinstance(text, Unknown) else Text(cell.text, who)
            more = {"role_name": "vault", "assume_role_policy_document": text}
            yield Block("awscc_iam_role", "vault", more)
        case Linked.QUEUE:
            yield Block("awscc_sqs_queue", "jobs", {"queue_name": "jobs"})
            queues = [_identity(cell, Ref("jobs", "queue_url"))]
            more = {"queues": queues, "policy_document": text}
            yield Block("awscc_sqs_queue_policy", "guard", more)
        case Linked.BUCKET:
            yield Block("awscc_s3_bucket", "depot", {"bucket_name": "depot"})
            bucket = _identity(cell, Ref("depot", "bucket_name"))
            more = {"bucket": bucket, "policy_document": text}
            yield Block("awscc_s3_bucket_policy", "guard", more)
        case Linked.SCP | Linked.RCP:
            more = {"name": "guard", "type": _TYPES[cell.linked], "content": text}
            more["target_ids"] = [_identity(cell, HOME)]
            yield Block("awscc_organizations_policy", "guard", more)


def _own(cell: Cell) -> Block:
    what = Unknown("what") if cell.open is Open.TARGET else None
    policies = [{"policy_name": "base", "policy_document": Text(BASE)}]
    if cell.linked is Linked.MEMBER:
        groups = [what or Ref("ops", "group_name")]
        user = {"user_name": "kim", "policies": policies, "groups": groups}
        return Block("awscc_iam_user", "kim", user)
    more: dict[str, Value] = {"policies": policies}
    if cell.linked is Linked.BOUNDARY:
        more["permissions_boundary"] = what or Ref("guard", "policy_arn")
    if cell.linked is Linked.ATTACHED and what:
        more["managed_policy_arns"] = [what]
    role = {"role_name": "app", "assume_role_policy_document": Text(EC2), **more}
    return Block("awscc_iam_role", "app", role)


def _identity(cell: Cell, identity: Value) -> Value:
    return Unknown("who") if cell.open is Open.HOLDER else identity


def _stack(cell: Cell, type_: str) -> Files:
    """Return a stack with a template; its parameters are not given."""
    body = json.dumps(cloudformation.template(cloudformation.blocks(cell)))
    more: dict[str, Value] = {"name": "shop", "template_body": body}
    return {"main.tf": module([Block(type_, "shop", more)])}


CARRIERS: Final = (
    Carrier(
        "types of Cloud Control",
        ((FORMAT, "types of Cloud Control"),),
        _SAYS,
        lambda cell: {"main.tf": module(list(_blocks(cell)))},
    ),
    Carrier(
        "template in a stack of Terraform",
        ((FORMAT, "templates of CloudFormation in stacks and stack sets"),),
        cloudformation.SAYS,
        lambda cell: _stack(cell, "aws_cloudformation_stack"),
    ),
)
