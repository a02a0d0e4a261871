"""The `Condition` element: operator, key, values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import OPERATORS, Operator, OperatorFamily, Quantifier
from iamlint.policy.model import Condition, Entry
from iamlint.policy.placeholder import is_placeholder, shown
from iamlint.policy.problem import GrammarFault
from iamlint.policy.problem_collector import ProblemCollector, is_unknown
from iamlint.policy.spelling import closest
from iamlint.text.source import json_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.at import At
    from iamlint.text.source import Value

_IF_EXISTS = "ifexists"


@dataclass(frozen=True, slots=True)
class OperatorText:
    """An operator taken apart: `ForAnyValue:StringLikeIfExists` has all three parts."""

    operator: Operator | None
    quantifier: Quantifier
    if_exists: bool
    base: str


def split_operator(text: str) -> OperatorText:
    """Return the parts of an operator, in any letter case."""
    prefix, colon, base = text.rpartition(":")
    quantifier = _QUANTIFIERS.get(prefix.lower()) if colon else Quantifier.NONE
    if quantifier is None:
        return OperatorText(None, Quantifier.NONE, if_exists=False, base=text)
    if_exists = base.lower().endswith(_IF_EXISTS)
    base = base[: -len(_IF_EXISTS)] if if_exists else base
    return OperatorText(OPERATORS.get(base.lower()), quantifier, if_exists, base)


_QUANTIFIERS = {q.lower(): q for q in Quantifier if q}


def conditions(reading: ProblemCollector, value: Value, at: At) -> Iterator[Condition]:
    """Yield each key under each operator."""
    operators = reading.object(value, at, "`Condition`")
    for name, keys in (operators or {}).items():
        if is_placeholder(name):
            continue
        place = at / name
        at_operator = place.of_key
        parts = _operator(reading, name, at_operator)
        members = reading.object(keys, place, f"`{name}`")
        if members == {}:
            reading.report(
                GrammarFault.EMPTY_OPERATOR,
                place,
                f"`{name}` has no condition key, so it does not restrict the statement",
            )
        for key, values in (members or {}).items():
            values_at = place / key
            at_key = values_at.of_key
            _key(reading, key, at_key)
            yield Condition(
                operator=parts.operator,
                operator_text=name,
                quantifier=parts.quantifier,
                if_exists=parts.if_exists,
                key=shown(key),
                values=tuple(_values(reading, values, values_at)),
                at=at_key,
                values_at=values_at,
                operator_at=at_operator,
            )


def _key(reading: ProblemCollector, key: str, at: At) -> None:
    prefix, colon, name = key.partition(":")
    if (prefix and name) or is_placeholder(key):
        return
    lack = "name after its prefix" if colon and prefix else "prefix"
    reading.report(
        GrammarFault.INVALID_CONDITION_KEY,
        at,
        f"the condition key `{key}` has no {lack}, so AWS rejects the policy",
        help="write the key as `aws:Name` or `service:Name`",
    )


def _operator(reading: ProblemCollector, text: str, at: At) -> OperatorText:
    parts = split_operator(text)
    if parts.operator is None:
        near = closest(parts.base, [operator.name for operator in OPERATORS.values()])
        reading.report(
            GrammarFault.UNKNOWN_OPERATOR,
            at,
            f"`{text}` is not a condition operator, so AWS rejects the policy",
            help=f"did you mean `{near}`?" if near else None,
        )
    elif parts.if_exists and parts.operator.family is OperatorFamily.NULL:
        reading.report(
            GrammarFault.NULL_IF_EXISTS,
            at,
            "`Null` already tests whether the key exists, so AWS rejects it with `IfExists`",
        )
    return parts


def _values(reading: ProblemCollector, value: Value, at: At) -> Iterator[Entry]:
    if not isinstance(value, list):
        yield from _value(reading, value, at)
        return
    if not value:
        reading.report(GrammarFault.EMPTY_VALUES, at, "the list of values is empty")
    types = {json_type(item) for item in value if not is_unknown(item)}
    if len(types) > 1 and types <= {"string", "number", "boolean"}:
        reading.report(
            GrammarFault.MIXED_VALUES,
            at,
            f"the values mix types ({', '.join(sorted(types))}), so AWS rejects the policy",
            help="put each value in quotes",
        )
    for index, item in enumerate(value):
        yield from _value(reading, item, at / index)


def _value(reading: ProblemCollector, value: Value, at: At) -> Iterator[Entry]:
    if isinstance(value, bool):
        yield Entry("true" if value else "false", at)
    elif isinstance(value, int | float):
        yield Entry(str(value), at)
    elif isinstance(value, str) or is_unknown(value):
        yield Entry(reading.text(value), at)
    else:
        reading.wrong_type(value, at, "a condition value", "a string, a number or a boolean")
