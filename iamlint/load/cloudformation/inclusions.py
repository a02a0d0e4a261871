"""The templates that a template nests or includes, by local paths.

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation.intrinsics import call_of
from iamlint.load.cloudformation.resolve import Resolver
from iamlint.load.find.files import File
from iamlint.load.serverless.variables import uses_variables
from iamlint.text.read import read_bytes
from iamlint.text.source import Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.template import Template
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

TRANSFORM: Final = "Fn::Transform"
_NESTING: Final = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_WRITTEN: Final = late_pattern(
    r"""\b(?:TemplateURL|Location|aws:asset:path)["']?\s*+:\s*+["']?([^\s"'{}\[\],!$][^\s"'{}\[\],]*+)"""
)


@dataclass(frozen=True, slots=True, eq=False)
class Inclusion:
    """A template that `resource` nests, or a fragment that is included at `at`."""

    location: str
    at: Pointer
    resource: Resource | None = None

    @property
    def parameters(self) -> Value:
        return self.resource.properties.get("Parameters") if self.resource else None


def inclusions(template: Template) -> Iterator[Inclusion]:
    """Yield the templates that a template nests, and the resources or sections it includes."""
    for resource in template.resources():
        if location := nested_by(template, resource):
            yield Inclusion(location, resource.at, resource)
    transform = template.value.get("Transform")
    several = transform if isinstance(transform, list) else [transform]
    at: Pointer = (*template.root, "Transform")
    for value in several:
        if location := find_included(value):
            yield Inclusion(location, at)
    if location := find_included(template.members().get(TRANSFORM)):
        yield Inclusion(location, (*template.root, "Resources", TRANSFORM))


def nested_by(template: Template, resource: Resource) -> str | None:
    """Return the path of the template that a resource nests; CDK writes it to the metadata."""
    name = _NESTING.get(resource.type)
    if name is None:
        return None
    text: object
    metadata = _metadata(template, resource.at)
    if metadata.get("aws:asset:property") == name:
        text = metadata.get("aws:asset:path")
    else:
        text = Resolver(template, loops=resource.loops).text(resource.properties.get(name))
    return text if isinstance(text, str) and _is_local(text) else None


def _metadata(template: Template, at: Pointer) -> Mapping[str, Value]:
    try:
        found = template.source.value_at((*at, "Metadata"))
    except LookupError:
        return {}
    return found if isinstance(found, dict) else {}


def find_included(value: Value) -> str | None:
    """Return the path of the fragment that a use of `AWS::Include` names.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
    """
    call = call_of(value, ())
    if call is not None and call.name == TRANSFORM:
        value = call.argument
    while isinstance(value, Tagged):
        value = value.value
    match value:
        case {"Name": "AWS::Include", "Parameters": {"Location": str(location)}}:
            return location if _is_local(location) else None
    return None


def _is_local(location: str) -> bool:
    return "://" not in location and "\0" not in location and not location.startswith("arn:")


def written_links(data: bytes) -> list[str]:
    """Return the paths that a file seems to nest or include; its values are not read."""
    return [path for path in _WRITTEN.findall(data.decode("utf-8", "replace")) if _is_local(path)]


def linked_file(file: File, location: str) -> File | None:
    """Return the file that a template names, None if it is not in the repository."""
    place = file.tree.beside(file.place, location)
    if place is None or not file.tree.is_file(place):
        return None
    return File(file.tree.shown(place), place, given=file.given, named=False, tree=file.tree)


def source_of(file: File) -> Source | None:
    """Return the source of a file that another one names; None if it holds no object."""
    try:
        if len(file.data) > file.limit:
            return None
    except OSError:
        return None
    source = read_bytes(file.data, name=file.path)
    return source if source.readable and isinstance(source.value, dict) else None


def is_native(source: Source) -> bool:
    return not uses_variables(source.text)
