"""Policies of CloudFormation and SAM templates, and of what CDK makes, in YAML and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation.defaults import by_default
from iamlint.load.cloudformation.environments import environment_of
from iamlint.load.cloudformation.outputs import Outputs
from iamlint.load.cloudformation.parameters import takers_of, values_of
from iamlint.load.cloudformation.readings import Spot, readings
from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.template import Template
from iamlint.load.cloudformation.walk import TemplateWalk
from iamlint.load.document import NotAnalysed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Document, Item
    from iamlint.load.find.files import File
    from iamlint.load.given import Taker
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer


def items(
    file: File,
    source: Source,
    at: Pointer,
    value: dict[str, Value],
    *,
    is_native: bool = True,
    within: str = "",
) -> Iterator[Item]:
    """Yield the policies of the template or fragment at `at`, and the items not analysed.

    `is_native` is false where another framework fills in its own variables first. `within` is the
    address of the stack that has the template, if other stacks are in the same file.
    """
    is_part = not is_template(value)
    template = Template(
        source,
        at,
        value,
        is_native=is_native,
        is_fragment=is_part,
        path=file.path,
        known_as=file.tree.known_as(file.path),
    )
    template.scope += within
    template.environment = environment_of(file) if is_native and not at else {}
    template.outputs = Outputs(file)
    declared = template.section("Parameters")
    template.take(values_of(declared, file.given))
    if file.given:
        yield from takers(file, source, at, value)
    walk = TemplateWalk(file, template)
    yield from walk.items()
    yield from by_default(walk)


def takers(file: File, source: Source, at: Pointer, value: dict[str, Value]) -> Iterator[Taker]:
    """Yield the parameters of the template at `at`."""
    declared = value.get("Parameters")
    if isinstance(declared, dict):
        yield from takers_of(file.path, source, at, declared, file.given)


def resolve_alone(
    found: Document, known_as: str, source: Source, at: Pointer, value: Value
) -> Iterator[Item]:
    """Yield the different readings of a policy that uses functions outside of any template.

    Unknown statements are left out.
    """
    template = Template(source, at, {}, path=found.path, known_as=known_as)
    for one in readings(template, Spot(at, value)):
        for to, text in one.unknown():
            yield NotAnalysed(found.path, (*found.pointer, *to), f"`{text}` is not known")
        yield replace(
            found,
            source=one.source,
            root=(),
            readings=one.readings,
            cases=one.cases,
            problems=one.problems,
        )
