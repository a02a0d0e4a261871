"""What runs with a role in a module: functions, instances, tasks, build projects and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import Held, Thing, by_name
from iamlint.load.terraform.aws.attach import address_of, depends, in_readings, ref
from iamlint.load.terraform.aws.references import arn, own_name
from iamlint.load.terraform.aws.workload_types import shape_of_workload, workload_type
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.node import Array, Hidden, Json, Object, Scalar, String, hidden
from iamlint.load.terraform.language.write import as_name, same
from iamlint.load.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.block import Inside, Path
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Given, Node
    from iamlint.load.workload_types import WorkloadType
    from iamlint.text.hcl.tree import Block, Expression


def workloads_of(modules: Iterable[Module], asked: AbstractSet[str]) -> Iterator[Workload]:
    """Yield the workloads in the asked files of modules, one for each instance."""
    for module in modules:
        for part in module.folder.parts:
            for block in part.blocks if part.path in asked else ():
                if row := _row(block):
                    for inside in turns(block, module.evaluator(part)):
                        yield _workload(module, inside, row, part.path)


def _row(block: Block) -> WorkloadType | None:
    is_resource = block.type == "resource" and len(block.labels) == 2  # noqa: PLR2004 - type, name
    return workload_type(block.labels[0]) if is_resource else None


def _workload(module: Module, inside: Inside, row: WorkloadType, path: str) -> Workload:
    block, spot = inside.block, inside.spot
    shape = shape_of_workload(block.labels[0])
    own = None if shape is None else as_name(arn(shape, inside, spot))
    names = [as_name(node) for name in row.names if (node := inside.get(name)) is not None]
    if shape is not None and own is not None:
        names = [own, as_name(own_name(shape, inside, spot)), *names]
    return Workload(
        path,
        (block.type, *block.labels),
        row.type,
        address_of(inside),
        own,
        tuple(_held(module, inside, row)),
        module.root.folder.scope,
        tuple(names),
        inside.evaluator.text.source,
        block.span,
    )


def _held(module: Module, inside: Inside, row: WorkloadType) -> Iterator[Held]:
    """Yield the roles and profiles; without one, the workloads whose roles it has."""
    is_met = False
    for thing, path in row.roles:
        if thing is Thing.WORKLOAD and is_met:
            return
        for node, given in _named_at(inside, path):
            is_met = True
            who = by_name(ref(module, inside, thing, node))
            yield Held(who, depends(module, inside, who, given))


def _named_at(inside: Inside, path: Path) -> list[tuple[Node, Given]]:
    """Return the names at a path of nested blocks in all readings, with the conditions of each."""
    expression = _expression_at(inside.block, path)
    if expression is None:
        return []

    def taken(reading: Inside) -> dict[str, Node]:
        return {same(as_name(node)): node for node in _at(reading, path)}

    return in_readings(inside, expression, taken, path)


def _expression_at(block: Block, path: Path) -> Expression | None:
    """Return the expression of the first attribute that decides what is at a path."""
    if (attribute := block.attributes.get(path[0])) is not None:
        return attribute.expression
    inner = [one for one in block.blocks if one.type == path[0]]
    for one in block.blocks:
        if one.labels == path[:1]:  # of a `dynamic` block
            inner += [content for content in one.blocks if content.type == "content"]
    found = (_expression_at(one, path[1:]) for one in inner if path[1:])
    return next((one for one in found if one is not None), None)


def _at(inside: Inside, path: Path) -> Iterator[Node]:
    """Yield the names at a path of nested blocks, or of members of a value."""
    name, *rest = path
    for block in inside.blocks(name) if rest else ():
        yield from _at(block, tuple(rest))
    node = inside.get(name)
    if node is not None:
        yield from _within(inside, node, rest)


def _within(inside: Inside, node: Node, path: list[str]) -> Iterator[Node]:
    if path and isinstance(node, String):
        node = inside.evaluator.around.decoded(node) or hidden(node.spot)
    if isinstance(node, Json):
        node = node.node
    if isinstance(node, Array):
        for item in node.items:
            yield from _within(inside, item, path)
    elif isinstance(node, Hidden) or not path:
        is_null = isinstance(node, Scalar) and node.value is None
        yield from () if is_null else (node,)
    elif isinstance(node, Object):
        first, *rest = path
        members = node.members  # the provider reads JSON without regard to case
        found = [one for name, one in members.items() if name.lower() == first.lower()]
        for member in found:
            yield from _within(inside, member.node, rest)
        is_open = node.more is not None or not all(one.is_named for one in members.values())
        yield from (hidden(node.spot),) if is_open and not found else ()
