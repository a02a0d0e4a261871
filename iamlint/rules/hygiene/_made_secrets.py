"""Secrets that a template or a module makes, and where it returns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import OUTPUTS
from iamlint.policy.at import At
from iamlint.rule import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject


def where_returned(subject: Subject) -> Iterator[Note]:
    """Yield the outputs that return the secret of a resource."""
    value = subject.value
    outputs = value.get(OUTPUTS) if isinstance(value, dict) else None
    for name in outputs if isinstance(outputs, dict) else ():
        yield Note(At((OUTPUTS, name)), f"the output `{name}` returns the secret")
