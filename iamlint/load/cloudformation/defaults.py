"""A template whose parameters have their defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.load.cloudformation.parameters import defaults_of
from iamlint.load.cloudformation.walk import Walk
from iamlint.load.defaults import different, may_decide
from iamlint.load.document import Default, Document
from iamlint.text.source import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.load.cloudformation.template import Template
    from iamlint.load.document import ByDefault, Item
    from iamlint.load.files import File
    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Pointer


def by_default(file: File, template: Template, found: Iterable[Item]) -> Iterator[ByDefault]:
    """Yield what policies say where parameters have their defaults; `found` is without."""
    defaults = defaults_of(template.section("Parameters"), file.given)
    if not defaults:
        return
    own = _documents(found)
    inputs = {Input(f"parameter {name}") for name in defaults}
    if not any(may_decide(inputs, d, d.readings) for several in own.values() for d in several):
        return
    again = replace(template, made=0, _texts={})
    again.take({**template.parameters, **defaults})
    written = [Default(one, file.path) for one in sorted(inputs, key=lambda one: one.name)]
    for key, documents in _documents(Walk(file, again).items()).items():
        yield from different(documents, own.get(key, ()), written)


def _documents(items: Iterable[Item]) -> dict[tuple[Pointer, Kind], list[Document]]:
    found: dict[tuple[Pointer, Kind], list[Document]] = {}
    for item in items:
        if isinstance(item, Document):
            found.setdefault((item.pointer, item.kind), []).append(item)
    return found
