"""What the policies of an organization are attached to: its root, its units, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.document import Attachment, NotAnalysed
from iamlint.load.link import Held, Thing, key_of_name, shown
from iamlint.load.terraform.attach import either, nodes_of, ref, same
from iamlint.load.terraform.body import turns
from iamlint.load.terraform.references import own_name
from iamlint.load.terraform.table import table
from iamlint.load.terraform.work import Targeted
from iamlint.load.terraform.write import as_name
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.body import Inside
    from iamlint.load.terraform.folder import Part
    from iamlint.load.terraform.module import Module
    from iamlint.load.terraform.work import Work

TYPE: Final = "aws_organizations_policy"

_ATTACHMENT: Final = f"{TYPE}_attachment"
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
_ALLOW_ALL: Final = frozenset({"p-FullAWSAccess", "p-RCPFullAWSAccess"})
_KINDS: Final = {Kind.SCP: "service control policy", Kind.RCP: "resource control policy"}


def know(module: Module, part: Part) -> None:
    """Note which policies a file describes, and what is attached to what."""
    work = module.work
    for block in part.blocks:
        if block.type != "resource" or block.labels[:1] not in ((_ATTACHMENT,), (TYPE,)):
            continue
        for inside in turns(block, module.evaluator(part)):
            if block.labels[0] == TYPE:
                work.described.add(_key_of(inside))
            else:
                work.assigned += _attached(module, part, inside)


def _attached(module: Module, part: Part, inside: Inside) -> Iterator[Targeted]:
    at = (inside.block.type, *inside.block.labels)
    for policy, given in either(inside, "policy_id", nodes_of):
        for target, more in either(inside, "target_id", nodes_of):
            every = module.given.union(inside.given, given, more)
            held = Held(ref(module, Thing.TARGET, target), every)
            yield Targeted(part.path, at, ref(module, Thing.POLICY, policy), held)


def targets_of(module: Module, inside: Inside) -> tuple[Held, ...]:
    """Return what a policy is attached to."""
    key = _key_of(inside)
    found = (one.target for one in module.work.assigned if key_of_name(one.policy.name) == key)
    return () if key is None else tuple({(same(h.ref.name), h.given): h for h in found}.values())


def unknown(work: Work) -> Iterator[NotAnalysed]:
    """Yield the policies that are attached and that no file describes.

    An id does not say of which kind a policy is. Those of AWS allow everything.
    """
    for one in work.assigned:
        name = one.policy.name
        if name in _ALLOW_ALL or key_of_name(name) in work.described - {None}:
            continue
        about = Attachment(scope=one.policy.scope, targets=(one.target,))
        for kind, words in _KINDS.items():
            reason = f"what `{shown(name)}` says as a {words} is not known"
            yield NotAnalysed(one.path, one.pointer, reason, kind=kind, attachment=about)


def _key_of(inside: Inside) -> str | None:
    return key_of_name(as_name(own_name(table().arns[TYPE], inside, inside.spot)))
