"""Values that only a deployment knows, one for all places that surely have the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation.intrinsics import call_of, references_in
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.cloudformation.intrinsics import IntrinsicCall
    from iamlint.text.source import Input, Value

MAX_COMPARED: Final = 50
"""Values in the argument of a function that is compared with others."""

_MAX_TEXT: Final = 2000
_DYNAMIC: Final = "{{resolve:"
# Functions that return the same for the same argument in all places of a template.
_SAME: Final = frozenset(
    {
        *("Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::GetAZs", "Fn::ImportValue", "Fn::Join"),
        *("Fn::Length", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString"),
    }
)
_NAMES: Final = frozenset({"Ref", "Fn::GetAtt"})


class InputNames(Protocol):
    """The names of a template that inputs decide."""

    @property
    def scope(self) -> str: ...
    @property
    def known_as(self) -> str: ...
    def inputs(self, name: str) -> tuple[Input, ...] | None: ...


def unknown_result(call: IntrinsicCall, names: InputNames) -> Unknown:
    """Return the unknown result of a function, the same for the same call in the whole template."""
    if call.name not in _SAME or not _is_same_everywhere(call.argument):
        return Unknown(call.written)
    found = (one for name in _named(call) for one in names.inputs(name) or ())
    return Unknown(
        call.written,
        identity=f"{names.scope}:{call.name} {call.argument!r}",
        inputs=tuple(dict.fromkeys(found)),
    )


def unknown_text(part: Unknown, names: InputNames) -> Unknown:
    """Return a dynamic reference with one identity for the template; others stay as they are."""
    if not part.text.startswith(_DYNAMIC) or "{" in part.text[len(_DYNAMIC) :]:
        return part
    return replace(part, identity=f"{names.scope}:{part.text}")


def foreign(text: str, names: InputNames) -> Unknown:
    """Return a variable of another framework, which has one value in a file."""
    return Unknown(text, identity=f"{names.known_as} {text}" if names.known_as else None)


def _is_same_everywhere(argument: Value) -> bool:
    """Return whether a value is the same in all places that write it so.

    A condition that a reading decides, a macro or another tool may choose another one in each.
    """
    left = _MAX_TEXT
    for number, node in enumerate(nodes(argument)):
        if isinstance(node, str):
            left -= len(node)
        elif isinstance(node, Unknown | Partial):
            return False
        elif call := call_of(node, ()):
            if call.name not in _SAME and call.name not in _NAMES:
                return False
        elif isinstance(node, dict):
            left -= sum(map(len, node))
        if number >= MAX_COMPARED or left < 0:
            return False
    return True


def _named(call: IntrinsicCall) -> Iterator[str]:
    """Yield the names that a call uses."""
    inner = (call_of(node, ()) for node in nodes(call.argument))
    for one in (call, *filter(None, inner)):
        if one.name == "Ref":
            yield str(one.argument)
        elif one.name == "Fn::Sub":
            text = (
                next(iter(one.argument), None) if isinstance(one.argument, list) else one.argument
            )
            yield from (name for name, is_name in references_in(str(text)) if is_name)
