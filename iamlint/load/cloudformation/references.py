"""What `Ref` and `Fn::GetAtt` give, as far as a template tells: names and ARNs of its resources."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.intrinsics import Text, length_of, references_in
from iamlint.records import dataclass
from iamlint.text.source import Partial, Unknown, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.text.source import Value

    Properties = Mapping[str, Value]
    Resolve = Callable[[Value], Text]
    Named = Callable[[str], Unknown]

MAX_NAME: Final = 512
"""Characters and parts of a name that is carried into other strings."""


@dataclass(frozen=True, slots=True)
class ArnShape:
    """How the ARN of a type is built.

    In `arn` `${@}` is the resource's name, which property `name` may give, and `${/}` its path.
    `get` is the attribute that returns it; `ref` says whether `Ref` returns the name, the ARN, or
    something other. AWS takes the prefix `without` off the name.
    """

    arn: str
    get: str
    name: str | None
    ref: str = "name"
    without: str = ""


@cache
def arn_shapes() -> Mapping[str, ArnShape]:
    text = (files(__package__) / "arns.json").read_text(encoding="utf-8")
    return {type_: ArnShape(**row) for type_, row in json.loads(text)["types"].items()}


def name_of(
    shape: ArnShape, logical: str, properties: Properties, resolve: Resolve, unknown: Named
) -> Text:
    """Return the physical name of a resource where the template gives it."""
    given = properties.get(shape.name) if shape.name else None
    name = resolve(given) if given is not None else None
    if name is None or isinstance(name, Unknown) or length_of(name) > MAX_NAME:
        return unknown(logical)
    return _without(name, shape.without)


def _without(name: str | Partial, prefix: str) -> str | Partial:
    if isinstance(name, str):
        return name.removeprefix(prefix)
    first, *rest = name.parts
    if not isinstance(first, str) or not first.startswith(prefix):
        return name
    head = first.removeprefix(prefix)
    return Partial((head, *rest) if head else tuple(rest))


def arn_of(shape: ArnShape, name: Text, path: Value, unknown: Named) -> Text:
    """Return the ARN of a resource as far as its type, name and path give it."""

    def part(of: str) -> Text:
        if of == "@":
            return name
        if of == "/":
            return path if isinstance(path, str) else joined(["/", Unknown("${Path}")])
        return unknown(of)

    return joined(part(text) if is_name else text for text, is_name in references_in(shape.arn))
