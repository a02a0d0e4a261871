"""What a template gives to others: its exports, and what its pseudo parameters mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.cloudformation.refs import text_of
from iamlint.load.link import Binding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.cloudformation.template import Template


def bindings(template: Template) -> Iterator[Binding]:
    """Yield what unknown values of this template and of others come to."""
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
