"""What runs with a role in a module: functions, instances, tasks, build projects and the like."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Held, Thing, by_name
from iamlint.load.terraform.aws.attach import address_of, arn_of, at_path, depends, ref
from iamlint.load.terraform.language.block import turns
from iamlint.load.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.block import Path as Way
    from iamlint.load.terraform.language.module import Module
    from iamlint.text.hcl.tree import Block


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """A type of resource that runs with roles: its type of the service reference.

    `roles` are the attributes that name a role or an instance profile, by name or ARN.
    """

    type: str
    roles: tuple[tuple[Thing, Way], ...]


@cache
def workload_types() -> Mapping[str, WorkloadRow]:
    """Return the types by name."""
    text = Path(__file__).with_name("workloads.json").read_text(encoding="utf-8")
    return {
        type_: WorkloadRow(
            row["type"],
            tuple(
                (thing, tuple(way.split(".")))
                for thing in (Thing.ROLE, Thing.PROFILE)
                for way in row.get(thing, ())
            ),
        )
        for type_, row in json.loads(text)["types"].items()
    }


def workloads_of(modules: Iterable[Module], asked: AbstractSet[str]) -> Iterator[Workload]:
    """Yield the workloads in the asked files of modules, one for each instance."""
    for module in modules:
        for part in module.folder.parts:
            if part.path not in asked:
                continue
            for block in part.blocks:
                if row := _row(block):
                    for inside in turns(block, module.evaluator(part)):
                        yield _workload(module, inside, row, part.path)


def _row(block: Block) -> WorkloadRow | None:
    is_resource = block.type == "resource" and len(block.labels) == 2  # noqa: PLR2004 - type, name
    return workload_types().get(block.labels[0]) if is_resource else None


def _workload(module: Module, inside: Inside, row: WorkloadRow, path: str) -> Workload:
    block = inside.block
    return Workload(
        path,
        (block.type, *block.labels),
        row.type,
        address_of(inside),
        arn_of(inside),
        tuple(_held(module, inside, row)),
        module.root.folder.scope,
        inside.evaluator.text.source,
        block.span,
    )


def _held(module: Module, inside: Inside, row: WorkloadRow) -> Iterator[Held]:
    for thing, way in row.roles:
        for node, given in at_path(inside, way):
            who = by_name(ref(module, inside, thing, node))
            yield Held(who, depends(module, inside, who, given))
