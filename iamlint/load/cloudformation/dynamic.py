"""Dynamic references: `{{resolve:ssm:/name}}`, whose values CloudFormation looks up.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.text.source import Partial, Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.cloudformation.intrinsics import Text

_START: Final = "{{resolve:"
_END: Final = "}}"


def without_dynamic(text: Text) -> Text:
    """Return a text whose dynamic references are unknown parts."""
    parts = text.parts if isinstance(text, Partial) else (text,)
    has_any = any(_START in part for part in parts if isinstance(part, str))
    return join_parts(_without(parts)) if has_any else text


def _without(parts: tuple[str | Unknown, ...]) -> Iterator[str | Unknown]:
    inside: list[str] | None = None
    for part in parts:
        if isinstance(part, Unknown):
            if inside is None:
                yield part
            else:
                inside.append(part.text)
            continue
        rest = part
        while rest:
            if inside is None:
                known, start, rest = rest.partition(_START)
                yield known
                inside = [start] if start else None
            else:
                known, end, rest = rest.partition(_END)
                inside += (known, end)
                if end:
                    yield Unknown("".join(inside))
                    inside = None
    if inside is not None:
        yield Unknown("".join(inside))
