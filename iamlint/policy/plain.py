"""Policies that are surely without faults, found faster than by parsing them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.policy.grammar import Effect, Kind, OperatorFamily, PrincipalType, Version
from iamlint.policy.parse_condition import split_operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value

_VERSIONS: Final = frozenset(Version)
_EFFECTS: Final = frozenset(Effect)
_TYPES: Final = frozenset(PrincipalType)
_POLICY: Final = frozenset({"Version", "Statement"})
_ALWAYS: Final = frozenset({"Sid", "Effect", "Action", "Condition"})
_STATEMENT: Final = {
    Kind.IDENTITY: _ALWAYS | {"Resource"},
    Kind.TRUST: _ALWAYS | {"Principal"},
}
_VALUES: Final = frozenset({str, bool, int, float})


class StatementOutline(NamedTuple):
    """What a statement says as `Action` and `Resource`, and whether it has conditions."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    is_conditional: bool


def is_plain(value: Value, kind: Kind) -> bool:
    """Return whether an identity or trust policy surely has no problem.

    It is false for policies with unusual elements too, and for those of other kinds.
    """
    elements = _STATEMENT.get(kind)
    if elements is None or type(value) is not dict or not value.keys() <= _POLICY:
        return False
    if "Version" in value and not _is_one_of(value["Version"], _VERSIONS):
        return False
    written = value.get("Statement")
    statements = written if type(written) is list else [written]
    return bool(statements) and all(_is_statement(one, elements) for one in statements)


def outlines(value: Value) -> Iterator[StatementOutline]:
    """Yield what each statement of a plain identity policy is about."""
    written = value.get("Statement") if isinstance(value, dict) else None
    for statement in written if isinstance(written, list) else [written]:
        if isinstance(statement, dict):
            named, resources = statement.get("Action"), statement.get("Resource")
            yield StatementOutline(_texts(named), _texts(resources), "Condition" in statement)


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _is_statement(value: Value, elements: frozenset[str]) -> bool:
    if type(value) is not dict or not value.keys() <= elements:
        return False
    return (
        _is_one_of(value.get("Effect"), _EFFECTS)
        and _are_texts(value.get("Action"))
        and ("Sid" not in value or type(value["Sid"]) is str)
        and ("Resource" not in elements or _are_texts(value.get("Resource")))
        and ("Principal" not in elements or _are_principals(value.get("Principal")))
        and ("Condition" not in value or _are_conditions(value["Condition"]))
    )


def _is_one_of(value: Value, known: frozenset[str]) -> bool:
    return type(value) is str and value in known


def _are_texts(value: Value) -> bool:
    if type(value) is list:
        return bool(value) and all(type(one) is str for one in value)
    return type(value) is str


def _are_principals(value: Value) -> bool:
    if type(value) is not dict:
        return value == "*"
    return bool(value) and value.keys() <= _TYPES and all(map(_are_texts, value.values()))


def _are_conditions(value: Value) -> bool:
    return type(value) is dict and all(
        _is_operator(name)
        and type(keys) is dict
        and all(_is_key(key) and _are_values(values) for key, values in keys.items())
        for name, keys in value.items()
    )


@lru_cache(maxsize=256)
def _is_operator(name: str) -> bool:
    parts = split_operator(name)
    is_known = parts.operator is not None and parts.operator.family is not OperatorFamily.NULL
    return is_known or (parts.operator is not None and not parts.if_exists)


def _is_key(key: str) -> bool:
    prefix, _, name = key.partition(":")
    return bool(prefix and name) and name[0] != ":"  # `Fn::Sub` is not a key


def _are_values(value: Value) -> bool:
    if type(value) is list:
        return len(set(map(type, value))) == 1 and type(value[0]) in _VALUES
    return type(value) in _VALUES
