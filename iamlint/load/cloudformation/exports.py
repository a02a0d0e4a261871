"""The values that a template gives to others: its exports and its pseudo parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation.environments import environment_of
from iamlint.load.cloudformation.parameters import values_of
from iamlint.load.cloudformation.refs import text_of
from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.template import Template
from iamlint.load.link import Binding
from iamlint.text.read import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.find.files import File

_IMPORTED: Final = late_pattern(rb"""ImportValue["']?\s*+:?\s*+["']?([\w:.-]++)""")


def bindings(template: Template) -> Iterator[Binding]:
    """Yield the bindings of unknown values of this template and of others."""
    if template.includer is not None:
        return
    for name, value in template.environment.items():
        yield Binding(template.path, str(template.identity(name)), value)
    for output in template.section("Outputs").values():
        export = output.get("Export") if isinstance(output, dict) else None
        if isinstance(output, dict) and isinstance(export, dict):
            identity = template.exported(text_of(template, export.get("Name")))
            if identity is not None:
                yield Binding(template.path, identity, text_of(template, output.get("Value")))


def find_exports(files: Sequence[File], importing: Sequence[bytes]) -> Iterator[Binding]:
    """Yield the exports of files without policies that `importing` ones name."""
    names = {name for data in importing for name in _IMPORTED.findall(data)}
    for file in files:
        if b"Export" in file.data and any(name in file.data for name in names):
            source = read_bytes(file.data, name=file.path)
            if isinstance(source.value, dict) and is_template(source.value):
                template = Template(
                    source, (), source.value, path=file.path, known_as=file.tree.known_as(file.path)
                )
                template.environment = environment_of(file)
                template.take(values_of(template.section("Parameters"), file.given))
                yield from bindings(template)
