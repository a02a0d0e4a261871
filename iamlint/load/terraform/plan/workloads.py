"""What runs with a role in a plan or a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.link import Held, Thing, by_name
from iamlint.load.terraform.aws.workload_types import shape_of_workload, workload_type
from iamlint.load.terraform.plan.body import part
from iamlint.load.workload import Workload
from iamlint.text.embed import read_embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.language.block import Path
    from iamlint.load.terraform.language.node import Text
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.names import InstanceNames
    from iamlint.load.workload_types import WorkloadType
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer


def workloads_of(text: Text, names: InstanceNames, instance: Instance) -> Iterator[Workload]:
    """Yield the workload that an instance is."""
    row = None if instance.is_data else workload_type(instance.type)
    if row is None:
        return
    own, shape = names.arn(instance), shape_of_workload(instance.type)
    given = (instance.text(name) for name in row.names)
    yield Workload(
        text.path,
        instance.at,
        row.type,
        instance.address,
        names.built(shape, instance, own) if row.arn and shape else own,
        tuple(_held(text.source, names, instance, row)),
        names.scope,
        (own, names.own(instance), *(name for name in given if name)),
        text.source,
    )


def _held(
    source: Source, names: InstanceNames, instance: Instance, row: WorkloadType
) -> Iterator[Held]:
    """Yield the roles and profiles; without one, the workloads whose roles it has."""
    is_met = False
    for thing, path in row.roles:
        if thing is Thing.WORKLOAD and is_met:
            return
        for one in _views(source, instance, path):
            for ref, given in names.refs(one, ".".join(path), thing):
                is_met = True
                yield Held(by_name(ref), given)


def _views(source: Source, instance: Instance, path: Path) -> Iterator[Instance]:
    """Yield an instance for each value at a path, which is then one of its attributes."""
    name = ".".join(path)
    at, values, unknown = instance.at, dict(instance.values), instance.unknown
    for value, hidden in _at(source, at, values, unknown, path):
        every = {**instance.values, name: value}
        yield replace(instance, values=every, unknown={name: hidden})


def _at(
    source: Source, at: Pointer, value: Value, unknown: Value, path: Path
) -> Iterator[tuple[Value, Value]]:
    """Yield the values at a path of nested blocks, or in JSON, with the mirror of each."""
    if path and isinstance(value, str):
        inner = read_embedded(source, at)
        if inner is not None and inner.readable:
            yield from _at(inner, (), inner.value, unknown, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _at(source, (*at, index), item, part(unknown, index), path)
    elif unknown is True or not path:
        yield value if unknown is not True else None, unknown
    elif isinstance(value, dict):
        first, *rest = path
        name = next((n for n in value if n.lower() == first.lower()), first)
        yield from _at(source, (*at, name), value.get(name), part(unknown, name), tuple(rest))
