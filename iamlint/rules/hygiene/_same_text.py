"""Where policies are compared with each other, and what equal texts have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import key_of_name
from iamlint.load.terraform.language.filenames import ENDS
from iamlint.policy.at import At
from iamlint.text.source import Partial, Unknown, without_tag

if TYPE_CHECKING:
    from collections.abc import Hashable

    from iamlint.load.document import Document
    from iamlint.text.source import Value


def unit_of(document: Document) -> str:
    """Return what makes the principals of a policy: a template, a root module, a dump."""
    scope = document.attachment.scope
    return scope if scope or document.path.lower().endswith(ENDS) else document.path


def text_of(value: Value) -> Hashable:
    """Return what equal policies have in common; raise `LookupError` if a value is unknown."""
    value = without_tag(value)
    if isinstance(value, dict):
        return frozenset((name, text_of(one)) for name, one in value.items())
    if isinstance(value, list):
        found = frozenset(map(text_of, value))
        return next(iter(found)) if len(found) == 1 else (list, found)
    if isinstance(value, Partial | Unknown):
        key = key_of_name(value)
        if key is None:
            raise LookupError
        return Partial, key
    return type(value), value


def place_of(document: Document) -> str:
    """Return the file and line of a policy."""
    path, source = document.file_of(At(()))
    return f"{path}:{source.lines.position(document.span(At(())).start).line}"
