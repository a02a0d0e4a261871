"""The values that the parameters of a template are given.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation.intrinsics import scalar_text
from iamlint.load.given import Given, Parameter, Taker, TakerKind
from iamlint.text.source import Input, Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

_NUMBER: Final = late_pattern(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_STORED: Final = "AWS::SSM::Parameter::Value<"
"""The value is the name of a parameter in Systems Manager, whose value is not known."""


def values_of(declared: Mapping[str, Value], given: Given) -> dict[str, Value]:
    """Return the values of the given parameters; the value of a secret is never shown."""
    found: dict[str, Value] = {}
    for name, parameter in given.parameters.items():
        if takes_value(declared, name):
            is_list = _is_list(_type(declared, name) or "")
            found[name] = list(_items(parameter.text)) if is_list else parameter.text
    return found


def values_in_stack(declared: Mapping[str, Value], passed: Value) -> dict[str, Value]:
    """Return the parameters of a nested template: the values it is passed, else the defaults.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    """
    given: Value = {} if passed is None else passed
    if not isinstance(given, dict):
        return {}
    found: dict[str, Value] = {}
    for name, declaration in declared.items():
        if not takes_value(declared, name) or not isinstance(declaration, dict):
            continue
        value = given.get(name, declaration.get("Default"))
        if value is not None:
            found[name] = _as_declared(value, is_list=_is_list(_type(declared, name) or ""))
    return found


def _as_declared(value: Value, *, is_list: bool) -> Value:
    """Return a value in the type of its parameter: a text, or a list of texts."""
    if isinstance(value, list):
        texts = [scalar_text(item) for item in value]
        known = [text for text in texts if isinstance(text, str)]
        if len(known) < len(value):
            return Unknown("…", inputs=inputs_of(list(value)))
        value = ",".join(known)
    text = scalar_text(value)
    if is_list and isinstance(text, str):
        return list(_items(text))
    if text is None or (is_list and isinstance(text, Partial)):
        return Unknown("…", inputs=inputs_of(value))
    return text


def inputs_of(value: Value) -> tuple[Input, ...]:
    """Return the inputs that decide a value."""
    found: dict[Input, None] = {}
    for node in nodes(value):
        for part in node.parts if isinstance(node, Partial) else (node,):
            if isinstance(part, Unknown):
                found.update(dict.fromkeys(part.inputs))
    return tuple(found)


def defaults_of(declared: Mapping[str, Value], given: Given) -> dict[str, Value]:
    """Return the defaults of parameters that have no other value.

    An empty default is ignored.
    """
    found: dict[str, Parameter] = {}
    for name, declaration in declared.items():
        default = declaration.get("Default") if isinstance(declaration, dict) else None
        text = scalar_text(default)
        if isinstance(text, str) and text.strip() and name not in given.parameters:
            found[name] = Parameter(text, "")
    return values_of(declared, Given(parameters=found))


def takes_value(declared: Mapping[str, Value], name: str) -> bool:
    """Return whether a given value decides the value of the parameter in a policy."""
    type_ = _type(declared, name)
    return type_ is not None and not type_.startswith(_STORED) and not _is_secret(declared, name)


def takers_of(
    path: str, source: Source, at: Pointer, declared: Mapping[str, Value], given: Given
) -> Iterator[Taker]:
    """Yield the parameters, each with the problem of its given value."""
    for name in declared:
        parameter = given.parameters.get(name)
        problem = _problem(declared, name, parameter) if parameter else ""
        secret = _is_secret(declared, name)
        if not parameter or not problem:
            yield Taker(path, name, TakerKind.PARAMETER, secret=secret)
            continue
        place = source.locate((*at, "Parameters", name), key=True)
        line = source.lines.position(place.start).line
        yield Taker(
            path,
            name,
            TakerKind.PARAMETER,
            f"{parameter.where}: {problem}",
            f"{path}:{line} declares the parameter{_allowed_values(declared, name)}",
            secret,
        )


def _problem(declared: Mapping[str, Value], name: str, parameter: Parameter) -> str:
    """Return why CloudFormation would refuse a value; empty if it does not."""
    type_ = _type(declared, name) or ""
    items = _items(parameter.text) if _is_list(type_) else [parameter.text]
    shown = "this value" if _is_secret(declared, name) else None
    for item in items:
        if type_ in ("Number", "List<Number>") and not _NUMBER.fullmatch(item):
            return f"parameter `{name}` is a number, not {shown or f'`{item}`'}"
        allowed = _allowed(declared, name)
        if allowed and item not in allowed:
            return f"parameter `{name}` does not allow {shown or f'`{item}`'}"
    return ""


def _allowed_values(declared: Mapping[str, Value], name: str) -> str:
    allowed = _allowed(declared, name)
    return f", which allows {', '.join(f'`{item}`' for item in allowed)}" if allowed else ""


def _allowed(declared: Mapping[str, Value], name: str) -> list[str]:
    declaration = declared.get(name)
    allowed = declaration.get("AllowedValues") if isinstance(declaration, dict) else None
    texts = [scalar_text(item) for item in allowed] if isinstance(allowed, list) else []
    known = [text for text in texts if isinstance(text, str)]
    return known if len(known) == len(texts) else []


def _type(declared: Mapping[str, Value], name: str) -> str | None:
    declaration = declared.get(name)
    type_ = declaration.get("Type") if isinstance(declaration, dict) else None
    return type_ if isinstance(type_, str) else None


def _is_secret(declared: Mapping[str, Value], name: str) -> bool:
    declaration = declared.get(name)
    value = declaration.get("NoEcho") if isinstance(declaration, dict) else None
    return str(value).lower() == "true"


def _is_list(type_: str) -> bool:
    return type_ == "CommaDelimitedList" or type_.startswith("List<")


def _items(text: str) -> list[str]:
    """Return the members of a list; CloudFormation removes the spaces around them."""
    return [item.strip() for item in text.split(",")]
