"""Detection of values of a template that may be policies, before functions are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.intrinsics import branches_of, call_of
from iamlint.load.recognise import detect, hints
from iamlint.text.source import Partial, Tagged

if TYPE_CHECKING:
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_TO_JSON: Final = "Fn::ToJsonString"


def may_be_policy(value: Value, at: Pointer) -> bool:
    """Return whether to resolve a value; cheap. INVARIANT: visits no node twice on the way down."""
    if isinstance(value, dict) and call_of(value, at) is None:
        return _has_statement(value.get("Statement")) or is_policy(value, at)
    text = _string_in(value)
    return text is not None and detect.is_promising(text)


def _has_statement(value: Value) -> bool:
    """Return whether a value holds a statement, or may hold one under some condition."""
    todo = [value]
    while todo:
        node = todo.pop()
        if branches := branches_of(call_of(node, ())):
            todo += (branches.when_true, branches.when_false)
        elif isinstance(node, list):
            todo += node
        elif detect.is_statement(node):
            return True
    return False


def is_policy(value: Value, at: Pointer) -> bool:
    if detect.is_policy(value) or detect.is_misspelt_policy(value):
        return True
    in_table = hints.is_in_table(at)
    return in_table and (detect.is_meant_as_policy(value) or detect.is_statement(value))


def is_yaml_of_policies(value: Value) -> bool:
    text = _string_in(value) or ""
    return "Statement" in text and not text.lstrip().startswith("{")


def is_text(value: Value, at: Pointer) -> bool:
    call = call_of(value, at)
    return isinstance(value, str | Partial) or (call is not None and call.name != _TO_JSON)


def _string_in(value: Value) -> str | None:
    """Return a string, or the first text of the argument of a function."""
    while isinstance(value, Tagged):
        value = value.value
    if isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    match value:
        case [str(), list(pieces)]:  # of `Fn::Join`
            return "".join(piece for piece in pieces if isinstance(piece, str))
        case [first, *_]:
            value = first
    return str(value) if isinstance(value, str | Partial) else None


def children(value: Value, at: Pointer) -> list[tuple[Pointer, Value]]:
    while isinstance(value, Tagged):
        value = value.value
    if isinstance(value, dict):
        return [((*at, name), child) for name, child in value.items()]
    if isinstance(value, list):
        return [((*at, index), child) for index, child in enumerate(value)]
    return []
