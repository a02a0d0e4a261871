"""Templates that stand in strings of other templates, as a stack set has them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.template import Template
from iamlint.load.document import ByDefault, Document
from iamlint.load.given import Taker
from iamlint.text.embed import embedded, embedded_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.load.document import Item
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

PROPERTY: Final = "TemplateBody"
MAX_BODIES: Final = 3
"""How deep a template in a string of a template in a string is read."""


def template_in(outer: Template, at: Pointer, value: Value) -> Template | None:
    """Return the template in a string; None where there is none that can be read.

    Whoever makes the stack gives its parameters.
    """
    if not isinstance(value, str) or outer.depth >= MAX_BODIES:
        return None
    source = embedded(outer.source, at)
    if source is None or not source.readable:
        source = embedded_yaml(outer.source, at)
    if source is None or not isinstance(source.value, dict) or not is_template(source.value):
        return None
    instance = "/".join((outer.instance, *map(str, at)))
    return Template(
        source,
        (),
        source.value,
        is_native=outer.is_native,
        path=outer.path,
        instance=instance,
        depth=outer.depth + 1,
    )


def moved(items: Iterable[Item], at: Pointer) -> Iterator[Item]:
    """Yield what a template in the string at `at` holds; no fix edits a text inside of another."""
    for item in items:
        if isinstance(item, Taker | ByDefault):
            continue
        found = replace(item, pointer=(*at, *item.pointer))
        yield replace(found, borrowed=True) if isinstance(found, Document) else found
