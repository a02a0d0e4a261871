"""A template whose parameters have their defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation.outputs import Outputs
from iamlint.load.cloudformation.parameters import defaults_of
from iamlint.load.cloudformation.walk import TemplateWalk
from iamlint.load.defaults import different, may_decide
from iamlint.load.document import Default, Document, NotAnalysed, of_type
from iamlint.text.source import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Item
    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Pointer


def by_default(walk: TemplateWalk) -> Iterator[ByDefault]:
    """Yield the policies with the defaults of parameters; `walk` has none, and is complete.

    Only the places where a default may decide the policy are read again.
    """
    file, template = walk.file, walk.template
    defaults = defaults_of(template.section("Parameters"), file.given)
    inputs = {Input(f"parameter {name}") for name in defaults}
    decided = {
        resource: {at for at, items in of_resource.items() if _may_decide(inputs, items)}
        for resource, of_resource in (walk.found.items() if defaults else ())
    }
    if not any(decided.values()):
        return
    places = [items for of_resource in walk.found.values() for items in of_resource.values()]
    only = {
        resource: decided[resource] | {at for at, items in of_resource.items() if _is_open(items)}
        for resource, of_resource in walk.found.items()
    }
    again = replace(template, outputs=Outputs(file), made=0, _texts={})
    again.take({**template.parameters, **defaults})
    own = _documents(item for items in places for item in items)
    written = [Default(one, file.path) for one in sorted(inputs, key=lambda one: one.name)]
    for key, documents in _documents(TemplateWalk(file, again, only).items()).items():
        yield from different(documents, own.get(key, ()), written)


def _is_open(items: Sequence[Item]) -> bool:
    return bool(of_type(items, NotAnalysed))


def _may_decide(inputs: AbstractSet[Input], items: Sequence[Item]) -> bool:
    return any(may_decide(inputs, one, one.readings) for one in of_type(items, Document))


def _documents(items: Iterable[Item]) -> dict[tuple[Pointer, Kind], list[Document]]:
    found: dict[tuple[Pointer, Kind], list[Document]] = {}
    for item in items:
        if isinstance(item, Document):
            found.setdefault((item.pointer, item.kind), []).append(item)
    return found
