"""What a policy of a module is attached to, and who holds what besides."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.document import Attachment, Holder
from iamlint.load.terraform.body import Inside, turns
from iamlint.load.terraform.node import Array, Hidden, Object, Scalar, known, shown
from iamlint.load.terraform.references import arn
from iamlint.load.terraform.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.folder import Part
    from iamlint.load.terraform.module import Module
    from iamlint.load.terraform.node import Node
    from iamlint.load.terraform.table import Row
    from iamlint.text.hcl_tree import Block

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
    "aws_iam_role_policy_attachments_exclusive": {"role_name": "role"},
    "aws_iam_user_policy_attachments_exclusive": {"user_name": "user"},
    "aws_iam_group_policy_attachments_exclusive": {"group_name": "group"},
}


_UNKNOWN: Final = "${"
_LOOKED_UP: Final = re.compile(r"\$\{data\.aws_iam_policy\.([\w-]++)\.(?:arn|id)\}")
_UNNAMED: Final = re.compile(r"\$\{aws_iam_(?:role|user|group)\.([\w-]++)\.(?:name|id)\}")


def attachment(inside: Inside, row: Row) -> Attachment:
    """Return what the policy of a row is attached to."""
    type_, name = inside.block.labels[:2]
    own = _arn(inside)
    return Attachment(
        principal=_principal(inside, type_, name),
        resource_type=row.attached,
        arn=own if row.target == "@" or type_ in HOLDERS else _target(inside, row),
        address=f"{inside.evaluator.around.prefix()}{type_}.{name}",
        policy_arn=own if type_ == "aws_iam_policy" else None,
    )


def policy_name(inside: Inside) -> str | None:
    """Return the name that the resource gives its policy; a trust policy has its role's name."""
    node = inside.get("name")
    return None if node is None else shown(node)


def _principal(inside: Inside, type_: str, name: str) -> str | None:
    if kind := HOLDERS.get(type_):
        return f"{kind}/{policy_name(inside) or inside.evaluator.around.prefix() + name}"
    if kind := _HELD_BY.get(type_):
        node = inside.get(kind)
        return None if node is None else f"{kind}/{_holder(node, inside)}"
    return None


def _holder(node: Node, inside: Inside) -> str:
    """Return the name of a holder; its address without type where the module gives it no name."""
    text = shown(node)
    label = _UNNAMED.fullmatch(text)
    return f"{inside.evaluator.around.prefix(node.spot.text)}{label[1]}" if label else text


def _arn(inside: Inside) -> str | None:
    """Return the ARN of the resource itself, as far as its type is known."""
    type_, name = inside.block.labels[:2]
    shape = table().arns.get(type_)
    address = f"{inside.evaluator.around.prefix()}{type_}.{name}"
    return shown(arn(shape, address, inside, inside.spot)) if shape else None


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


def holders(module: Module, part: Part) -> Iterator[Holder]:
    """Yield the users, groups and roles of a file, with what they hold besides own policies."""
    for block in part.hcl.blocks:
        if block.type != "resource" or len(block.labels) < 2:  # noqa: PLR2004 - type and name
            continue
        if block.labels[0] in HOLDERS:
            for inside in turns(block, module.evaluator(part, holds=True)):
                yield _described(module, part, inside)
            continue
        place = (block.type, *block.labels)
        if block.labels[0] in _BESIDE:
            inside = Inside(block, module.evaluator(part, holds=True))
            for who, groups, roles in _BESIDE[block.labels[0]](inside):
                yield Holder(part.path, place, who, groups=groups, roles=roles, whole=False)
        elif block.labels[0] in _ATTACHED:
            for who, policies in _attached(module, part, block):
                yield Holder(part.path, place, who, managed=policies, whole=False)


def _described(module: Module, part: Part, inside: Inside) -> Holder:
    type_, name = inside.block.labels[:2]
    who = _principal(inside, type_, name) or ""
    paths = table().managed.get(type_, ())
    managed = [policy for path in paths for policy in _policies(module, inside, path[0])]
    return Holder(
        part.path,
        (inside.block.type, *inside.block.labels),
        who,
        _arn(inside),
        tuple(managed),
        boundary=next(_policies(module, inside, "permissions_boundary"), None),
        tags=tuple(_tags(inside)),
        max_session=_seconds(inside),
    )


def _seconds(inside: Inside) -> int | None:
    node = inside.get("max_session_duration")
    return node.value if isinstance(node, Scalar) and type(node.value) is int else None


def _tags(inside: Inside) -> Iterator[tuple[str, str]]:
    tags = inside.get("tags")
    for name, member in tags.members.items() if isinstance(tags, Object) else ():
        if (value := known(member.node)) is not None:
            yield name, value


_Beside: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Who it is about, in which groups it puts it, which roles it gives it."""


def _of_user(inside: Inside) -> Iterator[_Beside]:
    for user in _texts(inside, "user"):
        yield f"user/{user}", tuple(_texts(inside, "groups")), ()


def _of_group(inside: Inside) -> Iterator[_Beside]:
    for user in _texts(inside, "users"):
        yield f"user/{user}", tuple(_texts(inside, "group")), ()


def _of_profile(inside: Inside) -> Iterator[_Beside]:
    name = policy_name(inside) or inside.block.labels[1]
    yield f"instance-profile/{name}", (), tuple(_texts(inside, "role"))


# What says more of a principal than the principal itself does.
_BESIDE: Final = {
    "aws_iam_group_membership": _of_group,
    "aws_iam_instance_profile": _of_profile,
    "aws_iam_user_group_membership": _of_user,
}


def _attached(module: Module, part: Part, block: Block) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield whom a resource gives which managed policies."""
    for inside in turns(block, module.evaluator(part, holds=True)):
        names = ("policy_arn", "policy_arns")
        policies = [policy for name in names for policy in _policies(module, inside, name)]
        for attribute, kind in _ATTACHED[block.labels[0]].items():
            for holder in _texts(inside, attribute):
                if _UNKNOWN not in holder:
                    yield f"{kind}/{holder}", tuple(policies)


def _policies(module: Module, inside: Inside, name: str) -> Iterator[str]:
    """Yield the ARNs of managed policies; of one that is looked up by its name, the name.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy
    """
    for text in _texts(inside, name):
        label = _LOOKED_UP.fullmatch(text)
        words = ("data", "aws_iam_policy", label[1]) if label else ()
        found = module.folder.find(*words) or module.root.folder.find(*words)
        if found is None:
            yield text
            continue
        part, block = found
        source = Inside(block, replace(inside.evaluator, text=part.text, names={}))
        yield from _texts(source, "arn") or _texts(source, "name") or [text]


def _texts(inside: Inside, name: str) -> list[str]:
    node = inside.get(name)
    if isinstance(node, Array):
        return [_holder(item, inside) for item in node.items]
    return [] if node is None else [_holder(node, inside)]
