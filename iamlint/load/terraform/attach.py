"""What a policy of a module is attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.document import Attachment
from iamlint.load.terraform.node import Hidden, String, known

if TYPE_CHECKING:
    from iamlint.load.terraform.node import Node
    from iamlint.load.terraform.policy_document import Inside
    from iamlint.load.terraform.table import Row
    from iamlint.policy.grammar import Kind

_HOLDERS: Final = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
_HELD_BY: Final = {
    "aws_iam_role_policy": ("role", "role"),
    "aws_iam_user_policy": ("user", "user"),
    "aws_iam_group_policy": ("group", "group"),
}


def attachment(inside: Inside, row: Row) -> Attachment:
    """Return what the policy of a row is attached to."""
    type_, name = inside.block.labels[:2]
    return Attachment(
        principal=_principal(inside, type_, name),
        resource_type=row.attached,
        address=f"{type_}.{name}",
    )


def policy_name(inside: Inside, kind: Kind) -> str | None:
    """Return the name that the resource gives its policy; a trust policy has its role's name."""
    del kind
    return known(inside.get("name"))


def _principal(inside: Inside, type_: str, name: str) -> str | None:
    if kind := _HOLDERS.get(type_):
        return f"{kind}/{known(inside.get('name')) or name}"
    if type_ in _HELD_BY:
        attribute, kind = _HELD_BY[type_]
        node = inside.get(attribute)
        return None if node is None else f"{kind}/{_shown(node)}"
    return None


def _shown(node: Node) -> str:
    if isinstance(node, String):
        return "".join(p.text if not hasattr(p, "node") else "${…}" for p in node.pieces)
    return node.text if isinstance(node, Hidden) else "${…}"
