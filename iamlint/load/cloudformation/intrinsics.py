"""Intrinsic functions in both notations: `!Sub x`, `{"Fn::Sub": x}`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.text.source import Partial, Tagged, Unknown, Value, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.span import Pointer

Text: TypeAlias = str | Partial | Unknown
"""A string as far as it is known."""

FOR_EACH: Final = "Fn::ForEach::"
_SHORT: Final = {"!Ref": "Ref", "!Condition": "Condition"}


@dataclass(frozen=True, slots=True)
class IntrinsicCall:
    """An intrinsic function and its argument, which is at `at`."""

    name: str
    argument: Value
    at: Pointer

    @property
    def written(self) -> str:
        """The call in the notation of `Fn::Sub`, for messages."""
        subject = self.argument
        if isinstance(subject, list):
            subject = ".".join(item for item in subject if isinstance(item, str))
        if self.name in ("Ref", "Fn::GetAtt") and isinstance(subject, str):
            return f"${{{subject}}}"
        return f"${{{self.name}}}"

    @property
    def is_no_value(self) -> bool:
        """Whether it removes the member or item whose value it is."""
        return self.name == "Ref" and self.argument == "AWS::NoValue"


@dataclass(frozen=True, slots=True)
class Branches:
    """The two branches of an `Fn::If`."""

    condition: str
    when_true: Value
    when_false: Value
    at: Pointer

    def branch(self, holds: bool) -> tuple[Value, Pointer]:  # noqa: FBT001 - what a condition is
        return (self.when_true, (*self.at, 1)) if holds else (self.when_false, (*self.at, 2))


def call_of(value: Value, at: Pointer) -> IntrinsicCall | None:
    """Return the call of a function that a value is, or None if it is plain."""
    if isinstance(value, str):
        return None
    if isinstance(value, dict):
        if len(value) != 1:
            return None
        ((name, argument),) = value.items()
        if name == "Ref" or (name.startswith("Fn::") and not name.startswith(FOR_EACH)):
            return IntrinsicCall(name, _argument(name, argument), (*at, name))
    elif isinstance(value, Tagged):
        name = _SHORT.get(value.tag) or f"Fn::{value.tag.removeprefix('!')}"
        return IntrinsicCall(name, _argument(name, value.value), at)
    return None


def _argument(name: str, value: Value) -> Value:
    """Return the argument of a function; that of `Fn::GetAtt` may be written with a dot."""
    if name == "Fn::GetAtt" and isinstance(value, str):
        return list(value.split(".", 1))
    return value


def branches_of(call: IntrinsicCall | None) -> Branches | None:
    """Return the branches of a well-formed `Fn::If`, None for any other call."""
    if call is None or call.name != "Fn::If" or not isinstance(call.argument, list):
        return None
    match call.argument:
        case [str(condition), when_true, when_false]:
            return Branches(condition, when_true, when_false, call.at)
    return None


def conditions_in(value: Value) -> list[str]:
    """Return the conditions that a value depends on, in the order of the text."""
    found: dict[str, None] = {}
    for node in nodes(value):
        if isinstance(node, dict | Tagged) and (branches := branches_of(call_of(node, ()))):
            found[branches.condition] = None
    return list(found)


def length_of(text: Text) -> int:
    """Return the number of known characters and unknown parts."""
    pieces = text.parts if isinstance(text, Partial) else (text,)
    return sum(len(piece) if isinstance(piece, str) else 1 for piece in pieces)


def scalar_text(value: Value) -> Text | None:
    """Return a scalar as CloudFormation writes it into a string; None for objects and lists."""
    if isinstance(value, str | Partial | Unknown):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def in_turn(text: str, loops: Mapping[str, str | None]) -> str:
    """Return a text in which the known variables of `Fn::ForEach` are replaced."""
    for name, item in loops.items() if "{" in text else ():
        if item is not None:
            plain = re.sub(r"[^A-Za-z0-9]", "", item)
            text = text.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", plain)
    return text


def references_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of the text of an `Fn::Sub`: plain text, and names to resolve (`True`).

    `${!x}` is a plain `${x}`.
    """
    done = 0
    while (start := text.find("${", done)) >= 0:
        end = text.find("}", start)
        if end < 0:
            break
        if start > done:
            yield text[done:start], False
        inner = text[start + 2 : end]
        if inner.startswith("!"):
            yield f"${{{inner[1:]}}}", False
        else:
            yield inner.strip(), True
        done = end + 1
    if done < len(text):
        yield text[done:], False
