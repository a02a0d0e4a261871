"""What a condition does whose values never occur, and which values only show what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.wildcard import overlaps

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry, Statement

_ARN = "arn:*:*:*:*:*"


def effect_of(statement: Statement, condition: Condition, first: Entry, *, partly: bool) -> str:
    """Return what a condition does if some of its values, or all of them, never occur."""
    if partly:
        return "this value " + ("exempts no request" if condition.negated else "matches nothing")
    effect = statement.effect.value if statement.effect else "statement"
    # ARN operators are false for what is not an ARN, also if they are negated.
    is_arn = condition.family is not OperatorFamily.ARN or overlaps(widened(first.pattern), _ARN)
    if condition.negated and is_arn:
        verb = "exempts" if statement.denies else "excludes"
        scope = " with the key" if condition.quantifier is Quantifier.ANY else ""
        return f"this condition {verb} no request{scope} from the {effect}"
    if not condition.needs_key:
        return f"this {effect} applies only to requests without the key"
    if statement.effect is None:
        return "this condition never holds"
    return f"this {effect} {'denies' if statement.denies else 'grants'} nothing"


def says_what_belongs_there(text: str) -> bool:
    """Return whether a part is a word of an example, such as `account-id` and `region`."""
    parts = re.split("[.:]", text)
    return any(len(part) < _LONG and re.fullmatch(_WORD, part) for part in parts)


_LONG = 64
_WORD = (
    r"(?i)[\w' -]*(?:region|(?:account|org|organization|service)[_ -]?(?:id|name|number))\w*"
    r"|account|\w+_arn"
)
