"""The `Outputs` of nested templates, for the template that nests them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.cloudformation.inclusions import is_native, linked_file, nested_by, source_of
from iamlint.load.cloudformation.intrinsics import scalar_text
from iamlint.load.cloudformation.parameters import values_in_stack
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.template import Template

if TYPE_CHECKING:
    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.find.files import File

MAX_STACKS: Final = 64
"""Nested templates whose outputs are read, for one template and all below it."""

MAX_CHAIN: Final = 16
"""Levels of nested templates that are followed."""


@dataclass(eq=False)
class Outputs:
    """The outputs of the templates that one nests; `chain` holds the files that lead to it."""

    file: File
    chain: tuple[str, ...] = ()
    left: list[None] = field(default_factory=lambda: [None] * MAX_STACKS)
    _made: dict[str, Template | None] = field(default_factory=dict)

    def __call__(self, template: Template, resource: Resource, name: str) -> Text | None:
        """Return the value of an output of a nested template; None if it is unknown."""
        logical = resource.logical
        if logical not in self._made:
            self._made[logical] = self._nested(template, resource)
        child = self._made[logical]
        output = child.section("Outputs").get(name) if child else None
        if child is None or not isinstance(output, dict):
            return None
        found = Resolver(child).resolve(output.get("Value"), ())
        return None if isinstance(found, NoValue) else scalar_text(found)

    def _nested(self, template: Template, resource: Resource) -> Template | None:
        """Return the template that a resource nests, with the values that it is passed."""
        location = nested_by(template, resource)
        file = linked_file(self.file, location) if location else None
        chain = (*self.chain, self.file.place)
        if file is None or file.place in chain or len(chain) > MAX_CHAIN or not self.left:
            return None
        self.left.pop()
        source = source_of(file)
        value = source.value if source else None
        if source is None or not isinstance(value, dict) or not is_template(value):
            return None
        passed = Resolver(template).resolve(resource.properties.get("Parameters"), ())
        child = Template(
            source,
            (),
            value,
            is_native=is_native(source),
            path=file.path,
            known_as=file.tree.known_as(file.path),
            instance=f"@{template.scope.replace('@', '/')}/{'/'.join(map(str, resource.at))}",
            outputs=Outputs(file, chain, self.left),
            unnamed=template.unnamed,
        )
        given = None if isinstance(passed, NoValue) else passed
        child.take(values_in_stack(child.section("Parameters"), given))
        return child
