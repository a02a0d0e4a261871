"""Finds the comments of a text; text in a string that looks like a comment is not one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.text.json import read_json
from iamlint.text.read import read_text
from iamlint.text.source import Dialect, SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.text.span import Span

_HCL: Final = (".tf", ".tofu", ".hcl", ".tfvars")


def comments(text: str, name: str) -> list[Span]:
    """Return the comments of a text in order; `name` is that of its file, for the extension."""
    return sorted(_found(text, name.lower()), key=lambda span: span.start)


def _found(text: str, name: str) -> Iterable[Span]:
    if name.endswith(_HCL):
        from iamlint.text.hcl.parse import comments_of_hcl  # noqa: PLC0415 - slow to import

        return comments_of_hcl(text)
    if read_text(text, name=name).dialect is Dialect.YAML:
        from iamlint.text.yaml import comments_of_yaml  # noqa: PLC0415 - slow to import

        return comments_of_yaml(text)
    strict = read_json(text)  # to which each comment is a flaw
    return (flaw.span for flaw in strict.flaws if flaw.fault is SyntaxFault.COMMENT)
