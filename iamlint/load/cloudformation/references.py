"""The values of `Ref` and `Fn::GetAtt`: names and ARNs of resources, as far as known."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.cloudformation.intrinsics import Text, length_of, references_in
from iamlint.text.source import Partial, Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.text.source import Value

    Properties = Mapping[str, Value]
    Resolve = Callable[[Value], Text]
    Named = Callable[[str], Text]

MAX_NAME: Final = 512
"""Characters and parts of a name that is carried into other strings."""

MAX_KEPT: Final = 20
"""Characters of a logical id that are surely in a name that AWS generates from it."""

_RANDOM: Final = "-"
RANDOM: Final = "random"
"""The characters that AWS adds to a name, as a part of the shape of an ARN."""


@dataclass(frozen=True, slots=True)
class ArnShape:
    """How the ARN of a type is built.

    In `arn` `${@}` is the resource's name, which property `name` may give, `${/}` its path,
    `${random}` the characters that AWS adds, and other names are those of properties.
    `get` is the attribute that returns it, `also` are those that return the name; `ref` says
    whether `Ref` returns the name, the ARN, a URL in which `${@}` is the name, or something other.
    AWS takes the prefix `without` off the name, and adds random characters to one that is
    `extend_name`. `default` is the name of what a policy is for that names nothing. A name that AWS
    makes begins as `made` says: with the `Stack`, the `Logical` id, or both.
    """

    arn: str
    get: str
    name: str | None
    ref: str = "name"
    without: str = ""
    also: tuple[str, ...] = ()
    extended: bool = False
    default: str | None = None
    made: str = ""


@cache
def arn_shapes() -> Mapping[str, ArnShape]:
    text = Path(__file__).with_name("arns.json").read_text(encoding="utf-8")
    return {
        type_: ArnShape(**{**row, "also": tuple(row.get("also", ()))})
        for type_, row in json.loads(text)["types"].items()
    }


def name_of(shape: ArnShape, properties: Properties, resolve: Resolve) -> Text | None:
    """Return the physical name of a resource, None if the template does not give it."""
    given = properties.get(shape.name) if shape.name else None
    name = resolve(given) if given is not None else None
    if name is None or length_of(name) > MAX_NAME:
        return None
    return name if isinstance(name, Unknown) else _without(name, shape.without)


def extend_name(shape: ArnShape, name: Text, end: Unknown) -> Text:
    """Return a name with the characters that AWS adds to it.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
    """
    return join_parts((name, _RANDOM, end)) if shape.extended else name


def _without(name: str | Partial, prefix: str) -> str | Partial:
    if isinstance(name, str):
        return name.removeprefix(prefix)
    first, *rest = name.parts
    if not isinstance(first, str) or not first.startswith(prefix):
        return name
    head = first.removeprefix(prefix)
    return Partial((head, *rest) if head else tuple(rest))


def generate_name(shape: ArnShape, logical: str, stack: Unknown, end: Unknown) -> Text:
    """Return the name that AWS generates: it may shorten the parts, and lowers those of buckets.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    if not shape.made:
        return end
    known = logical.lower() if shape.made == shape.made.lower() else logical
    own = f"{known}-" if len(known) <= MAX_KEPT else known[:MAX_KEPT]
    before, is_named, _ = shape.made.lower().partition("logical-")
    has_stack = before == "stack-"
    return join_parts(
        (stack if has_stack else "", "-" if has_stack else before, own if is_named else "", end)
    )


def with_name(shape: str, name: Text, path: Text, unknown: Named) -> Text:
    """Return the ARN or URL of a resource, as far as its type, name and path decide it."""
    given = {"@": name, "/": path}
    return join_parts(
        (given[text] if text in given else unknown(text)) if is_name else text
        for text, is_name in _pieces(shape)
    )


@cache
def _pieces(shape: str) -> tuple[tuple[str, bool], ...]:
    """Return the pieces of a shape of the table: plain text, and names (`True`)."""
    return tuple(references_in(shape))
