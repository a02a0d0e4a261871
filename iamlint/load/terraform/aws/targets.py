"""The targets of policies of an organization: its root, its units, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Held, Thing, key_of_name
from iamlint.load.terraform.aws.attach import either, ref
from iamlint.load.terraform.aws.organization import TYPE, not_described
from iamlint.load.terraform.aws.references import own_name
from iamlint.load.terraform.aws.table import table
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.work import Targeted
from iamlint.load.terraform.language.write import as_name, same
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import NotAnalysed
    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.work import Work

CLOUD_CONTROL: Final = "awscc_organizations_policy"
_ATTACHMENT: Final = f"{TYPE}_attachment"


def know(module: Module, part: ModuleFile) -> None:
    """Note the policies of an organization in a file, and their attachments."""
    work = module.work
    for block in part.blocks:
        if block.type != "resource" or block.labels[:1] not in ((_ATTACHMENT,), (TYPE,)):
            continue
        for inside in turns(block, module.evaluator(part)):
            if block.labels[0] == TYPE:
                work.described.add(_key_of(inside))
            else:
                work.assigned += _attached(module, part, inside)


def _attached(module: Module, part: ModuleFile, inside: Inside) -> Iterator[Targeted]:
    at = (inside.block.type, *inside.block.labels)
    for policy, given in either(inside, "policy_id"):
        for target, more in either(inside, "target_id"):
            every = module.given.union(inside.given, given, more)
            held = Held(ref(module, inside, Thing.TARGET, target), every)
            yield Targeted(part.path, at, ref(module, inside, Thing.POLICY, policy), held)


def targets_of(module: Module, inside: Inside) -> tuple[Held, ...]:
    """Return the targets of a policy, by other resources or by itself."""
    if inside.block.labels[0] == CLOUD_CONTROL:
        every = module.given | inside.given
        found = either(inside, "target_ids")
        return tuple(Held(ref(module, inside, Thing.TARGET, n), every | g) for n, g in found)
    key = _key_of(inside)
    held = (one.target for one in module.work.assigned if key_of_name(one.policy.name) == key)
    return () if key is None else tuple({(same(h.ref.name), h.given): h for h in held}.values())


def unknown(work: Work) -> Iterator[NotAnalysed]:
    """Yield the attached policies that no file describes.

    A module that is given both the policy and the target has no attachment without its caller.
    """
    said = [one for one in work.assigned if not _is_open(one)]
    yield from not_described(said, work.described)


def _is_open(one: Targeted) -> bool:
    return isinstance(one.policy.name, Unknown) and isinstance(one.target.ref.name, Unknown)


def _key_of(inside: Inside) -> str | None:
    return key_of_name(as_name(own_name(table().arns[TYPE], inside, inside.spot)))
