"""What the policies of an organization are attached to: its root, its units, accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.attach import address_of, either
from iamlint.load.terraform.body import turns
from iamlint.load.terraform.node import Hidden, Object, known, shown
from iamlint.policy.arn import is_account_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.body import Inside
    from iamlint.load.terraform.folder import Part
    from iamlint.load.terraform.module import Module

TYPE: Final = "aws_organizations_policy"

_ATTACHMENT: Final = f"{TYPE}_attachment"
_UNKNOWN: Final = "${…}"
_POLICY: Final = re.compile(r"\$\{aws_organizations_policy\.([\w-]++)(?:\[([^\]]++)\])?\.id\}")
_ROOT: Final = re.compile(
    r"\$\{(?:data\.)?aws_organizations_organization\.[^{}]+\.roots(?:\[0\]|\.0)\.id\}"
)
_ID: Final = re.compile(r"(?:r|ou)-[a-z0-9-]+")


def know(module: Module, part: Part) -> None:
    """Note what the policies are attached to that a file attaches."""
    for block in part.hcl.blocks:
        if block.type == "resource" and block.labels[:1] == (_ATTACHMENT,):
            for inside in turns(block, module.evaluator(part)):
                for policy, given in either(inside, "policy_id", _policies):
                    for target, more in either(inside, "target_id", _ids):
                        sure = policy and not module.given.union(inside.given, given, more)
                        of_policy = module.work.targets.setdefault(policy, {})
                        of_policy[target if sure else _UNKNOWN] = None


def targets_of(module: Module, inside: Inside) -> tuple[str, ...]:
    """Return what a policy is attached to, by what is attached that may be this one."""
    address, attached = address_of(inside), module.work.targets
    names = ("", address, f"{address}[{_key(inside)}]")
    return tuple(dict.fromkeys(target for name in names for target in attached.get(name, ())))


def _policies(inside: Inside, name: str) -> Iterator[str]:
    """Yield the address of the policy that is attached; an empty one may be any."""
    node, around = inside.get(name), inside.evaluator.around
    found = _POLICY.fullmatch(node.text) if isinstance(node, Hidden) else None
    if node is None or found is None or not around.is_within(node.spot.text):
        yield ""
        return
    prefix = around.prefix(node.spot.text)
    address, index = f"{prefix}{TYPE}.{found[1]}", found[2]
    if index in ("each.key", "count.index"):
        address += f"[{_key(inside)}]"
    yield address


def _key(inside: Inside) -> str:
    """Return which instance of its block something is."""
    names = inside.evaluator.names
    node = next((names[name] for name in ("each", "count") if name in names), None)
    members = node.members if isinstance(node, Object) else {}
    return next(
        (known(m.node) or shown(m.node) for n, m in members.items() if n in ("key", "index")), ""
    )


def _ids(inside: Inside, name: str) -> Iterator[str]:
    """Yield the id of a root, a unit or an account, in place of which others may stand."""
    node = inside.get(name)
    text = known(node) or ""
    if isinstance(node, Hidden) and _ROOT.fullmatch(node.text):
        yield f"r-{_UNKNOWN}"
    else:
        yield text if is_account_id(text) or _ID.fullmatch(text) else _UNKNOWN
