"""The loops of a template: the members of `Fn::ForEach` in one of its turns.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.load.cloudformation.intrinsics import FOR_EACH, call_of
from iamlint.text.source import Tagged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.source import Value

    Loops = Mapping[str, str | None]


def in_turn(text: str, loops: Loops) -> str:
    """Return a text in which the known variables of loops are replaced."""
    for variable, item in loops.items():
        if item is not None and "{" in text:
            plain = re.sub(r"[^A-Za-z0-9]", "", item)
            text = text.replace(f"${{{variable}}}", item).replace(f"&{{{variable}}}", plain)
    return text


def value_in_turn(value: Value, loops: Loops) -> Value:
    """Return a value in which the known variables of loops are replaced."""
    call = call_of(value, ())
    if call is not None and call.name == "Ref" and isinstance(call.argument, str):
        item = loops.get(call.argument)
        return value if item is None else item
    if isinstance(value, str):
        return in_turn(value, loops)
    if isinstance(value, list):
        return [value_in_turn(item, loops) for item in value]
    if isinstance(value, dict):
        return {name: value_in_turn(item, loops) for name, item in value.items()}
    return (
        Tagged(value.tag, value_in_turn(value.value, loops)) if isinstance(value, Tagged) else value
    )


def unroll(
    section: Mapping[str, Value], turns: Callable[[Value, Loops], Sequence[str | None]]
) -> Iterator[tuple[str, Value]]:
    """Yield the members of a section, those of a loop once for each known turn."""
    for name, value in section.items():
        match value:
            case [str(variable), items, dict(body)] if name.startswith(FOR_EACH):
                for turn in turns(items, {}):
                    loops = {variable: turn}
                    for key, inner in body.items() if turn is not None else ():
                        yield in_turn(key, loops), value_in_turn(inner, loops)
            case _:
                yield name, value
