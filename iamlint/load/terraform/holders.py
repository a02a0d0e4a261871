"""The users, groups and roles of a module, with what they hold besides policies of their own."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.load.document import Held, Holder
from iamlint.load.terraform.attach import (
    HELD_BY,
    HOLDERS,
    UNKNOWN,
    address_of,
    arn_of,
    depends,
    either,
    policy_name,
    principals,
    texts,
)
from iamlint.load.terraform.body import Inside, turns
from iamlint.load.terraform.node import Object, Scalar, known
from iamlint.load.terraform.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.folder import Part
    from iamlint.load.terraform.module import Module
    from iamlint.load.terraform.node import Given

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
# Attributes of what puts users into groups.
_JOINED: Final = {
    "aws_iam_group_membership": ("users", "group"),
    "aws_iam_user_group_membership": ("user", "groups"),
}
_PROFILE: Final = "aws_iam_instance_profile"

_LOOKED_UP: Final = re.compile(r"\$\{data\.aws_iam_policy\.([\w-]++)\.(?:arn|id)\}")


def holders(module: Module, part: Part) -> Iterator[Holder]:
    """Yield the users, groups and roles of a file, with what they hold besides own policies."""
    for block in part.hcl.blocks:
        if block.type != "resource" or len(block.labels) < 2:  # noqa: PLR2004 - type and name
            continue
        type_ = block.labels[0]
        if type_ in HOLDERS or type_ in _ATTACHED or type_ in _JOINED or type_ in _BESIDE:
            for inside in turns(block, module.evaluator(part)):
                yield from _of(module, inside, part.path)


def _of(module: Module, inside: Inside, path: str) -> Iterator[Holder]:
    place = (inside.block.type, *inside.block.labels)
    type_ = inside.block.labels[0]
    if type_ in HOLDERS:
        yield _described(module, inside, path)
    elif type_ == _PROFILE:
        name = policy_name(inside) or inside.block.labels[1]
        sure = [role for role, given in either(inside, "role", texts) if not given]
        yield Holder(path, place, f"instance-profile/{name}", roles=tuple(sure), whole=False)
    elif type_ in _JOINED:
        for who, group, given in _joined(module, inside):
            yield Holder(path, place, who, groups=(Held(group, given),), whole=False)
    elif type_ in HELD_BY:
        for who, given in principals(module, inside):
            if given:
                policy = Held(address_of(inside), given)
                yield Holder(path, place, who, inline=(policy,), whole=False)
    else:
        for who, policies in _attached(module, inside):
            yield Holder(path, place, who, managed=policies, whole=False)


_BESIDE: Final = frozenset({_PROFILE, *HELD_BY})


def _described(module: Module, inside: Inside, path: str) -> Holder:
    ((who, _),) = principals(module, inside)
    policies = partial(_policies, module)
    paths = table().managed.get(inside.block.labels[0], ())
    managed = [found for path in paths for found in either(inside, path[0], policies)]
    boundaries = either(inside, "permissions_boundary", policies)
    return Holder(
        path,
        (inside.block.type, *inside.block.labels),
        who,
        arn_of(inside),
        tuple(Held(*found) for found in managed),
        boundary=next((Held(*found) for found in boundaries), None),
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


def _joined(module: Module, inside: Inside) -> Iterator[tuple[str, str, Given]]:
    """Yield which user a resource puts into which group, and on what that depends."""
    users, groups = _JOINED[inside.block.labels[0]]
    for user, one in either(inside, users, texts):
        who = f"user/{user}"
        for group, other in either(inside, groups, texts):
            yield who, group, depends(module, inside, who, one, other)


def _attached(module: Module, inside: Inside) -> Iterator[tuple[str, tuple[Held, ...]]]:
    """Yield whom a resource gives which managed policies; "" where nobody can tell who that is."""
    take = partial(_policies, module)
    policies = [p for name in ("policy_arn", "policy_arns") for p in either(inside, name, take)]
    for attribute, kind in _ATTACHED[inside.block.labels[0]].items():
        for holder, given in either(inside, attribute, texts):
            who = "" if UNKNOWN in holder else f"{kind}/{holder}"
            every = (Held(p, depends(module, inside, who, given, one)) for p, one in policies)
            yield who, tuple(every)


def _policies(module: Module, inside: Inside, name: str) -> Iterator[str]:
    """Yield the ARNs of managed policies; of one that is looked up by its name, the name.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy
    """
    for text in texts(inside, name):
        label = _LOOKED_UP.fullmatch(text)
        words = ("data", "aws_iam_policy", label[1]) if label else ()
        found = module.folder.find(*words) or module.root.folder.find(*words)
        if found is None:
            yield text
            continue
        part, block = found
        source = Inside(block, replace(inside.evaluator, text=part.text, names={}))
        yield from texts(source, "arn") or texts(source, "name") or [text]
