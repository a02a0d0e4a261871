"""Characters in; plain values and their places out. Knows nothing of IAM."""

from __future__ import annotations

from iamlint.text.embed import read_embedded
from iamlint.text.read import read_bytes, read_text
from iamlint.text.source import (
    Dialect,
    Partial,
    Place,
    Source,
    SyntaxFault,
    SyntaxFlaw,
    Tagged,
    Unknown,
    Value,
)
from iamlint.text.span import Lines, Pointer, Position, Span

__all__ = [
    "Dialect",
    "Lines",
    "Partial",
    "Place",
    "Pointer",
    "Position",
    "Source",
    "Span",
    "SyntaxFault",
    "SyntaxFlaw",
    "Tagged",
    "Unknown",
    "Value",
    "read_bytes",
    "read_embedded",
    "read_text",
]
