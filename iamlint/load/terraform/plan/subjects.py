"""The resources of a plan or a state that rules look at besides policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.resource_types import resource_types
from iamlint.load.terraform.plan.body import part
from iamlint.text.source import Place, Source, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer


def subjects_of(path: str, source: Source, instance: Instance) -> Iterator[Subject]:
    """Yield an instance if rules look at its type; a plan or a state has all its attributes."""
    row = None if instance.is_data else resource_types().get(instance.type)
    if row is None or not row.is_met(instance.values, source):
        return
    value: dict[str, Value] = {}
    for name in (*row.reads, *row.secrets):
        known, unknown = instance.values.get(name), part(instance.unknown, name)
        if known not in (None, "", []) or unknown is True:
            value[name] = _known(known, unknown)
    yield Subject(
        SubjectKind.RESOURCE,
        path,
        _at(source, instance.at, value),
        instance.at,
        (),
        name=instance.address,
        type=instance.type,
    )


def _known(value: Value, unknown: Value) -> Value:
    """Return a value without the parts that are known after apply."""
    if unknown is True:
        return Unknown("(known after apply)")
    if isinstance(value, dict):
        return {name: _known(item, part(unknown, name)) for name, item in value.items()}
    if isinstance(value, list):
        return [_known(item, part(unknown, index)) for index, item in enumerate(value)]
    return value


def _at(outer: Source, at: Pointer, value: Value) -> Source:
    """Return a value whose parts are below a place of another source."""

    def seek(pointer: Pointer) -> tuple[Place, int]:
        steps = len(pointer)
        while steps and outer.place((*at, *pointer[:steps])) is None:
            steps -= 1
        return outer.place((*at, *pointer[:steps])) or Place(outer.locate(at)), steps

    return Source(
        text=outer.text,
        value=value,
        dialect=outer.dialect,
        places=lambda: _places(outer, at),
        outer=outer,
        seek=seek,
    )


def _places(outer: Source, at: Pointer) -> Mapping[Pointer, Place]:
    inside = ((to, place) for to, place in outer.places.items() if to[: len(at)] == at)
    return {to[len(at) :]: place for to, place in inside}
