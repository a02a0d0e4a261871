"""What a policy of a module is attached to, and who holds what besides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.document import Attachment, Holder
from iamlint.load.terraform.body import Inside
from iamlint.load.terraform.node import Array, Hidden, Json, String
from iamlint.load.terraform.references import arn
from iamlint.load.terraform.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.module import Module, Part
    from iamlint.load.terraform.node import Node
    from iamlint.load.terraform.table import Row

HOLDERS: Final = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
_HELD_BY: Final = {
    "aws_iam_role_policy": "role",
    "aws_iam_user_policy": "user",
    "aws_iam_group_policy": "group",
}
# Attributes of what attaches a managed policy.
_ATTACHED: Final = {
    "aws_iam_role_policy_attachment": {"role": "role"},
    "aws_iam_user_policy_attachment": {"user": "user"},
    "aws_iam_group_policy_attachment": {"group": "group"},
    "aws_iam_policy_attachment": {"roles": "role", "users": "user", "groups": "group"},
}


_UNNAMED: Final = re.compile(r"\$\{aws_iam_(?:role|user|group)\.([\w-]++)\.(?:name|id)\}")


def attachment(inside: Inside, row: Row) -> Attachment:
    """Return what the policy of a row is attached to."""
    type_, name = inside.block.labels[:2]
    own = _arn(inside)
    return Attachment(
        principal=_principal(inside, type_, name),
        resource_type=row.attached,
        arn=own if row.target == "@" or type_ in HOLDERS else _target(inside, row),
        address=f"{type_}.{name}",
        policy_arn=own if type_ == "aws_iam_policy" else None,
    )


def policy_name(inside: Inside) -> str | None:
    """Return the name that the resource gives its policy; a trust policy has its role's name."""
    node = inside.get("name")
    return None if node is None else shown(node)


def _principal(inside: Inside, type_: str, name: str) -> str | None:
    if kind := HOLDERS.get(type_):
        return f"{kind}/{policy_name(inside) or name}"
    if kind := _HELD_BY.get(type_):
        node = inside.get(kind)
        return None if node is None else f"{kind}/{_holder(node)}"
    return None


def _holder(node: Node) -> str:
    """Return the name of a holder; its label where the module gives it no name."""
    text = shown(node)
    label = _UNNAMED.fullmatch(text)
    return label[1] if label else text


def _arn(inside: Inside) -> str | None:
    """Return the ARN of the resource itself, as far as its type is known."""
    type_, name = inside.block.labels[:2]
    shape = table().arns.get(type_)
    return shown(arn(shape, f"{type_}.{name}", inside, inside.spot)) if shape else None


def _target(inside: Inside, row: Row) -> str | None:
    """Return the ARN that the resource names; of a bucket also by its name."""
    node = inside.get(row.target) if row.target else None
    text = None if node is None else shown(node)
    if text is None or isinstance(node, Hidden) or text.startswith("arn:"):
        return None if isinstance(node, Hidden) else text
    shape = next((s for t, s in table().arns.items() if _NAMED.get(row.attached or "") == t), None)
    return shape.arn.replace("${@}", text) if shape and "/" not in text else None


# Types whose policies name them by their name alone.
_NAMED: Final = {
    "AWS::ECR::Repository": "aws_ecr_repository",
    "AWS::Events::EventBus": "aws_cloudwatch_event_bus",
    "AWS::S3::Bucket": "aws_s3_bucket",
}


def shown(node: Node) -> str:
    """Return a string with `${…}` for what is not known."""
    if isinstance(node, String):
        return "".join("${…}" if isinstance(p, Json) else p.text for p in node.pieces)
    return node.text if isinstance(node, Hidden) else "${…}"


def holders(module: Module, part: Part) -> Iterator[Holder]:
    """Yield the users, groups and roles of a file, with what they hold besides own policies."""
    for block in part.hcl.blocks:
        if block.type == "resource" and block.labels[0] in HOLDERS and len(block.labels) > 1:
            inside = Inside(block, module.evaluator(part, holds=True))
            type_, name = block.labels[:2]
            who = _principal(inside, type_, name) or ""
            managed = [
                *(
                    text
                    for path in table().managed.get(type_, ())
                    for text in _texts(inside, path[0])
                ),
                *(policy for policy, holder in attached(module) if holder == who),
            ]
            boundary = next(iter(_texts(inside, "permissions_boundary")), None)
            place = (block.type, *block.labels)
            yield Holder(part.path, place, who, _arn(inside), tuple(managed), boundary)


def attached(module: Module) -> tuple[tuple[str, str], ...]:
    """Return which managed policy who holds, by what attaches it."""
    if module.attached is None:
        module.attached = tuple(pair for part in module.marked for pair in _attached(module, part))
    return module.attached


def _attached(module: Module, part: Part) -> Iterator[tuple[str, str]]:
    for block in part.hcl.blocks:
        ways = _ATTACHED.get(block.labels[0], {}) if block.type == "resource" else {}
        inside = Inside(block, module.evaluator(part, holds=True))
        for attribute, kind in ways.items():
            for holder in _texts(inside, attribute):
                for policy in _texts(inside, "policy_arn"):
                    yield policy, f"{kind}/{holder}"


def _texts(inside: Inside, name: str) -> list[str]:
    node = inside.get(name)
    if isinstance(node, Array):
        return [_holder(item) for item in node.items]
    return [] if node is None else [_holder(node)]
