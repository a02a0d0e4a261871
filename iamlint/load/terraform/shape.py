"""Attributes that hold more, or less, than a policy."""

from __future__ import annotations

from iamlint.load.terraform.node import Array, Hidden, Member, Node, Object


def shaped(node: Node, shape: str) -> Node | None:
    """Return the policy that stands inside of something else, or that bare elements amount to."""
    if not isinstance(node, Object) or shape == "document":
        return node
    if shape == "openapi":
        member = node.members.get("x-amazon-apigateway-policy")
        return member.node if member else None
    if "Statement" in node.members:
        return node
    # https://docs.aws.amazon.com/ram/latest/userguide/create-customer-managed-permissions.html
    unknown = {name: Member(None, Hidden("…", node.spot)) for name in ("Principal", "Resource")}
    statement = Object({**node.members, **unknown}, node.spot)
    return Object({"Statement": Member(None, Array([statement], node.spot))}, node.spot)
