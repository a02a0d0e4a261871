"""Characters in; plain values and their places out. Knows nothing of IAM."""

from __future__ import annotations

from iamlint.text.embed import embedded
from iamlint.text.read import read_bytes, read_text
from iamlint.text.source import (
    Dialect,
    Fault,
    Flaw,
    Partial,
    Place,
    Source,
    Tagged,
    Unknown,
    Value,
)
from iamlint.text.span import Lines, Pointer, Position, Span

__all__ = [
    "Dialect",
    "Fault",
    "Flaw",
    "Lines",
    "Partial",
    "Place",
    "Pointer",
    "Position",
    "Source",
    "Span",
    "Tagged",
    "Unknown",
    "Value",
    "embedded",
    "read_bytes",
    "read_text",
]
