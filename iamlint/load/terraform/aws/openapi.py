"""Attributes that hold a part of a policy, or a document that contains one."""

from __future__ import annotations

from typing import Final

from iamlint.load.terraform.language.node import Array, Hidden, Member, Node, Object, plain

OF_AN_API: Final = "x-amazon-apigateway-policy"


def unwrap(node: Node, shape: str) -> Node | None:
    """Return the policy inside of a document, or of bare elements; None if there is none."""
    if shape == "openapi":
        member = node.members.get(OF_AN_API) if isinstance(node, Object) else None
        return member.node if member else None
    if not isinstance(node, Object) or shape == "document":
        return node
    if "Statement" in node.members:
        return node
    # https://docs.aws.amazon.com/ram/latest/userguide/create-customer-managed-permissions.html
    names = ("Principal", "Resource") if shape == "ram_template" else ()
    unknown = {name: Member(None, Hidden("…", node.spot)) for name in names}
    statement = Object({**node.members, **unknown}, node.spot)
    version = Member(None, plain("2012-10-17", node.spot))
    statements = Member(None, Array([statement], node.spot))
    return Object({"Version": version, "Statement": statements}, node.spot)
