"""What the surroundings of a policy tell about it, in formats that are searched as a whole."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from iamlint.records import dataclass
from iamlint.text.source import Partial, Source, Tagged, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Value

    Split = Callable[[str], Iterator[str | Unknown]]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one policy; `skip` says why it is not analysed.

    `split` parts strings at what the format fills in later. `is_past` tells what was asked for
    once, and need not be so today.
    """

    kind: Kind | None = None
    name: str | None = None
    principal: str | None = None
    resource_type: str | None = None
    arn: str | None = None
    policy_arn: str | None = None
    address: str | None = None
    skip: str | None = None
    split: Split | None = None
    is_past: bool = False


def member(value: Value, name: str) -> Value:
    """Return a member of an object, spelt `LikeThis` or `likeThis`."""
    if isinstance(value, Tagged):
        return member(value.value, name)
    if not isinstance(value, dict):
        return None
    return value[name] if name in value else value.get(name[0].lower() + name[1:])


def text_of(value: Value, *names: str) -> str | None:
    """Return the first of these members that is a string."""
    for name in names:
        found = member(value, name)
        if isinstance(found, str):
            return found
    return None


@lru_cache(maxsize=4)  # all policies of one file share it
def parted(source: Source, split: Split) -> Source:
    """Return the same source with strings parted into what is known and what is not."""
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


Step = TypeVar("Step", str, str | int)


def _key(name: Step, split: Split) -> Step:
    """Return a name with `${…}` for what is filled in later."""
    if not isinstance(name, str):
        return name
    return "".join(
        part if isinstance(part, str) else f"${{{part.text.strip('${}')}}}" for part in split(name)
    )


def _function(value: dict[str, Value]) -> str | None:
    """Return the function of Pulumi that a value is a call of.

    https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#functions
    """
    name = next(iter(value), "")
    is_call = len(value) == 1 and name.lower().startswith("fn::")
    return name if is_call and not _holds_policy(value) else None


def _holds_policy(value: Value) -> bool:
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if "Statement" in node:
                return True
            todo += node.values()
        elif isinstance(node, list):
            todo += node
    return False


def _parted(value: Value, split: Split) -> Value:
    if isinstance(value, dict):
        if function := _function(value):
            return Unknown(f"${{{function}}}")
        members: Mapping[str, Value] = value
        return {_key(name, split): _parted(item, split) for name, item in members.items()}
    if isinstance(value, list):
        return [_parted(item, split) for item in value]
    if isinstance(value, str) and value:
        parts = tuple(split(value))
        if all(isinstance(part, str) for part in parts):
            return "".join(part for part in parts if isinstance(part, str))
        return parts[0] if len(parts) == 1 else Partial(parts)
    return value
