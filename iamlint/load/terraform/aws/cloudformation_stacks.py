"""Templates of CloudFormation, and properties of its types, in attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.document import ByDefault, Document
from iamlint.load.find.files import File
from iamlint.load.given import Taker
from iamlint.load.link import Binding
from iamlint.load.link import Node as Principal
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.node import Json, String, json_alone, known
from iamlint.load.terraform.language.write import written
from iamlint.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Item
    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Node
    from iamlint.text.span import Pointer

ATTRIBUTES: Final = {
    "aws_cloudcontrolapi_resource": "desired_state",
    "aws_cloudformation_stack": "template_body",
    "aws_cloudformation_stack_set": "template_body",
}
TYPE: Final = "type_name"
"""The attribute with the CloudFormation type of the properties."""


def of_part(module: Module, part: ModuleFile) -> Iterator[Item]:
    """Yield the items of the templates in one file of a module."""
    for block in part.blocks:
        attribute = ATTRIBUTES.get(block.labels[0]) if len(block.labels) > 1 else None
        if block.type != "resource" or attribute is None:
            continue
        for inside in turns(block, module.evaluator(part)):
            node = inside.get(attribute)
            source = None if node is None else source_of(module, inside, node)
            if node is not None and source is not None:
                type_ = known(inside.get(TYPE))
                address = f"{module.prefix()}{'.'.join(block.labels)}"
                at = part.pointer(node.spot.span)
                yield from items(part.path, source, at, type_, address, inside.step)


def source_of(module: Module, inside: Inside, node: Node) -> Source | None:
    """Return the source of a template; None if it is not known or is in another file."""
    if node.spot.text is not inside.evaluator.text:
        return None
    alone = json_alone(node) if isinstance(node, String) else node
    if isinstance(alone, Json):
        made = written(alone.node, module.spend)
        is_here = not made.elsewhere(node.spot.text) and alone.node.spot.text is node.spot.text
        return made.source(node.spot.text) if is_here else None
    decoded = module.read(node, as_yaml=True) if isinstance(node, String) else None
    if decoded is None or decoded.is_open or not decoded.source.readable:
        return None
    return decoded.source


def items(
    path: str, source: Source, at: Pointer, type_: str | None, address: str, step: str = ""
) -> Iterator[Item]:
    """Yield the items of a template, or those of properties of a type; `at` leads there.

    The names of a template mean one thing in the instance `step` of its stack. No fix edits a
    text inside of another: all of it is borrowed.
    """
    from iamlint.load.cloudformation import documents, shape  # noqa: PLC0415 - seldom needed

    inner = source if type_ is None else _resource(source, type_)
    value = inner.value
    if not isinstance(value, dict) or not (type_ or shape.is_template(value)):
        return
    within = "" if type_ else address + step
    for item in documents.items(File(path, path), inner, (), value, within=within):
        if isinstance(item, Taker | ByDefault):
            continue  # the stack gives its parameters
        if isinstance(item, Binding):
            yield item
            continue
        moved = replace(item, pointer=(*at, *item.pointer[1 if type_ else 0 :]))
        if isinstance(moved, Document):
            about = moved.attachment
            about = about if type_ is None else replace(about, address=address)
            moved = replace(moved, attachment=about, borrowed=True)
        elif isinstance(item, Principal) and isinstance(moved, Principal):
            moved = replace(moved, span=inner.locate(item.pointer, key=True))
        yield moved


def _resource(source: Source, type_: str) -> Source:
    """Return a template with one resource of a type and these properties."""
    return Source(
        text=source.text,
        value={"Type": type_, "Properties": source.value},
        dialect=source.dialect,
        places=lambda: {
            (): source.places[()],
            **{("Properties", *to): place for to, place in source.places.items()},
        },
        flaws=source.flaws,
        outer=source,
    )
