"""Values whose strings are split into known text and parts that their format fills in later."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iamlint.load.recognise.detect import may_be_meant
from iamlint.text.source import Source, Unknown, join_parts, nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.text.source import Value

    Split = Callable[[str], Iterator[str | Unknown]]

Step = TypeVar("Step", str, str | int)


def split_interpolation(source: Source, split: Split) -> Source:
    """Return the source with strings split into known and unknown parts."""
    return Source(
        text=source.text,
        value=_parted(source.value, split),
        dialect=source.dialect,
        places=lambda: {
            tuple(_key(step, split) for step in pointer): place
            for pointer, place in source.places.items()
        },
        flaws=source.flaws,
        characters=source.characters,
        outer=source,
    )


def _key(name: Step, split: Split) -> Step:
    """Return a name with `${…}` for its unknown parts."""
    if not isinstance(name, str):
        return name
    return "".join(
        part if isinstance(part, str) else f"${{{part.text.strip('${}')}}}" for part in split(name)
    )


def _function(value: dict[str, Value]) -> str | None:
    """Return the function of Pulumi that a value calls.

    https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#functions
    """
    name = next(iter(value), "")
    is_call = len(value) == 1 and name.lower().startswith("fn::")
    return name if is_call and not _holds_policy(value) else None


def _holds_policy(value: Value) -> bool:
    return any(may_be_meant(node) for node in nodes(value))


def _parted(value: Value, split: Split) -> Value:
    if isinstance(value, dict):
        if function := _function(value):
            return Unknown(f"${{{function}}}")
        members: Mapping[str, Value] = value
        return {_key(name, split): _parted(item, split) for name, item in members.items()}
    if isinstance(value, list):
        return [_parted(item, split) for item in value]
    return join_parts(split(value)) if isinstance(value, str) else value
