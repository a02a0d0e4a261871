"""The values of a condition that no request carries, and what the condition does then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from iamlint.catalog.model import KeyType
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind, OperatorFamily, PrincipalType, Quantifier
from iamlint.policy.wildcard import overlaps
from iamlint.rules.conditions._keys import is_wild_string
from iamlint.rules.conditions._openness import too_open

if TYPE_CHECKING:
    from iamlint.catalog.values.described import KeyValues
    from iamlint.policy.model import Condition, Entry, Statement
    from iamlint.rule import RuleContext

ImpossibleValues: TypeAlias = "list[tuple[Entry, tuple[str, str]]]"
"""Values that no request carries, each with the reason, and with advice."""


def impossible_values(
    condition: Condition, statement: Statement, context: RuleContext
) -> ImpossibleValues:
    """Return the values of a condition that no request carries."""
    row = _row(condition, context)
    if row is None:
        return []
    of_role = context.policy.kind is Kind.TRUST
    found = []
    for entry in condition.values:
        fault = _fault(entry, condition, row)
        if fault is None and condition.name == _SOURCE:
            fault = _fault_of_source(entry, statement, of_role=of_role)
        if fault is not None:
            found.append((entry, fault))
    return found


def excludes_nothing(condition: Condition, found: ImpossibleValues) -> bool:
    """Return whether every request passes, because a negated condition wants none of its values."""
    return len(found) == len(condition.values) and _is_passed(condition, found[0][0])


def effect_of(statement: Statement, condition: Condition, found: ImpossibleValues) -> str:
    """Return what a condition does if some of its values, or all of them, never occur."""
    if len(found) < len(condition.values):
        return "this value " + ("exempts no request" if condition.negated else "matches nothing")
    effect = statement.effect.value if statement.effect else "statement"
    if _is_passed(condition, found[0][0]):
        verb = "exempts" if statement.denies else "excludes"
        scope = " with the key" if condition.quantifier is Quantifier.ANY else ""
        return f"this condition {verb} no request{scope} from the {effect}"
    if not condition.needs_key:
        return f"this {effect} applies only to requests without the key"
    if statement.effect is None:
        return "this condition never holds"
    return f"this {effect} {'denies' if statement.denies else 'grants'} nothing"


def _is_passed(condition: Condition, first: Entry) -> bool:
    # ARN operators are false for what is not an ARN, also if they are negated.
    is_arn = condition.family is not OperatorFamily.ARN or overlaps(widened(first.pattern), _ARN)
    return condition.negated and is_arn


_ARN = "arn:*:*:*:*:*"
_SOURCE = "aws:sourcearn"
# `invalid-vpc-id` and `invalid-kms-key-value` report these as AWS's validator does.
_OF_OTHER_RULES = frozenset(
    {"aws:sourcevpc", "aws:sourcevpce", "s3:x-amz-server-side-encryption-aws-kms-key-id"}
)


def _row(condition: Condition, context: RuleContext) -> KeyValues | None:
    family = condition.family
    if family not in (OperatorFamily.STRING, OperatorFamily.ARN):
        return None
    if condition.name in _OF_OTHER_RULES:
        return None
    from iamlint.catalog.values.identities import OF_ARNS  # noqa: PLC0415 - many keys have no row
    from iamlint.catalog.values.lookup import values_of  # noqa: PLC0415 - the same

    found = values_of(condition.key, context.catalog)
    if found is None and family is OperatorFamily.ARN:
        known = context.catalog.condition_key(condition.key)
        return OF_ARNS if known is not None and known.type is KeyType.ARN else None
    return found


def _fault(entry: Entry, condition: Condition, row: KeyValues) -> tuple[str, str] | None:
    """Return why no request has a value, and advice; an empty value is a test for presence."""
    if not entry.text or condition.operator is None:
        return None
    # `too-broad-wildcard` and `too-broad-variable` report wildcards in keys that take none.
    if is_wild_string(condition) and too_open(condition.key, entry.known or "", "*?$"):
        return None
    ignores_case = condition.operator.ignores_case
    advice = row.fault(widened(entry.pattern), ignores_case=ignores_case)
    if advice is None or _says_what_belongs_there(entry.text):
        return None
    from iamlint.catalog.values.words import DATE  # noqa: PLC0415 - few values have a fault

    age = f" (as of {DATE})" if row.words and not row.shapes else ""
    return f"no request has `{entry.text}` in `{condition.key}`{age}", advice


def _fault_of_source(
    entry: Entry, statement: Statement, *, of_role: bool
) -> tuple[str, str] | None:
    """Return why none of the services of a statement sends the ARN of a source."""
    names = [
        p.entry.known
        for p in statement.principals
        if p.type is PrincipalType.SERVICE and p.entry.known is not None
    ]
    if not names or len(names) < len(statement.principals):
        return None
    from iamlint.catalog.values.sources import foreign_to  # noqa: PLC0415 - few statements have these

    format_ = foreign_to(names, widened(entry.pattern), of_role=of_role)
    if format_ is None:
        return None
    reason = f"`{names[0]}` does not act for `{entry.text}`"
    return reason, f"it sends ARNs of the format `{format_}`"


def _says_what_belongs_there(text: str) -> bool:
    """Return whether a part is a word of an example, such as `account-id` and `region`."""
    parts = re.split("[.:]", text)
    return any(len(part) < _LONG and re.fullmatch(_WORD, part) for part in parts)


_LONG = 64
_WORD = (
    r"(?i)[\w' -]*(?:region|(?:account|org|organization|service)[_ -]?(?:id|name|number))\w*"
    r"|account|\w+_arn"
)
