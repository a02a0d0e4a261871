"""Policies with the defaults of variables and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.document import ByDefault
from iamlint.load.file_value import OwnValue
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import Default, Document
    from iamlint.load.file_value import Reading
    from iamlint.text.source import Input, Value


def may_decide(inputs: AbstractSet[Input], document: Document, readings: Iterable[Reading]) -> bool:
    """Return whether some of these inputs may decide a part of a policy."""
    if any(_may_be_of(inputs, c.inputs) for reading in readings for c in reading.given):
        return True
    return document.source.readable and any(
        _decides(inputs, node) for node in nodes(document.value)
    )


def _decides(inputs: AbstractSet[Input], node: Value) -> bool:
    """Return whether these inputs decide a value, or may decide all of it."""
    if isinstance(node, Partial):
        return any(isinstance(p, Unknown) and not inputs.isdisjoint(p.inputs) for p in node.parts)
    if not isinstance(node, Unknown) or node.means is not None:
        return False
    if node.inputs:
        return not inputs.isdisjoint(node.inputs)
    return node.identity is None or isinstance(node, OwnValue)


def _may_be_of(inputs: AbstractSet[Input], of: Sequence[Input]) -> bool:
    return not of or not inputs.isdisjoint(of)


def different(
    said: Iterable[Document], without: Sequence[Document], defaults: Iterable[Default]
) -> Iterator[ByDefault]:
    """Yield the policies that are different with defaults."""
    always = without[0].value if len(without) == 1 and without[0].cases is None else None
    for document in said:
        if not document.source.readable or document.value == always:
            continue
        if any(_is_reported(one) and one.value == document.value for one in without):
            continue
        same = without[0] if without else document
        named = replace(document, name=same.name, attachment=same.attachment)
        yield ByDefault(named, tuple(without), tuple(defaults))


def _is_reported(document: Document) -> bool:
    """Return whether one condition over inputs decides a case: its findings name the case."""
    conditions = {condition for reading in document.readings for condition in reading.given}
    return len(conditions) == 1 and all(condition.inputs for condition in conditions)
