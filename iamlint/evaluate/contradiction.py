"""Do two conditions on one key rule each other out? Then their statement never applies.

Conditions of a statement are ANDed:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from iamlint.evaluate.arn_patterns import covers_arn, overlaps_arn
from iamlint.policy import wildcard
from iamlint.policy.grammar import OperatorFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.policy.model import Condition


def contradicts(first: Condition, second: Condition) -> bool:
    """Tell whether no request satisfies both conditions on a key of one value.

    Errs towards "some request may": what cannot be known, and operators of different families on
    a value, are not compared.
    """
    if first.name != second.name or first.quantifier or second.quantifier:
        return False
    if _demands_absence(first) or _demands_absence(second):
        return first.needs_key or second.needs_key
    if not (first.needs_key or second.needs_key) or first.family is not second.family:
        return False
    left, right = _known(first), _known(second)
    if left is None or right is None:
        return False
    if first.negated is second.negated:
        return not first.negated and _are_disjoint(first, second, left, right)
    positive, negative = (second, first) if first.negated else (first, second)
    return _excludes(negative, positive, *((left, right) if first.negated else (right, left)))


def _demands_absence(condition: Condition) -> bool:
    return condition.family is OperatorFamily.NULL and [
        entry.text.lower() for entry in condition.values
    ] == ["true"]


def _known(condition: Condition) -> list[str] | None:
    """Return the values; None unless all are known and free of policy variables."""
    values = [entry.known for entry in condition.values]
    known = [value for value in values if value is not None and "${" not in value]
    return known if known and len(known) == len(values) else None


def _are_disjoint(
    first: Condition, second: Condition, left: Sequence[str], right: Sequence[str]
) -> bool:
    """Tell whether two positive tests have no value in common."""
    match first.family:
        case OperatorFamily.STRING:
            fold = any("IgnoreCase" in c.operator_text for c in (first, second))
            return not any(
                wildcard.overlaps(a.lower(), b.lower()) if fold else wildcard.overlaps(a, b)
                for a in left
                for b in right
            )
        case OperatorFamily.ARN:
            return not any(overlaps_arn(a, b) for a in left for b in right)
        case OperatorFamily.BOOL:
            return {a.lower() for a in left}.isdisjoint(b.lower() for b in right)
        case OperatorFamily.IP:
            return not any(_overlap(a, b) for a in left for b in right)
        case OperatorFamily.NUMERIC:
            return _bounds_cross(first, second, _numbers(left), _numbers(right))
        case OperatorFamily.DATE:
            return _bounds_cross(first, second, _moments(left), _moments(right))
        case _:
            return False


def _excludes(
    negative: Condition, positive: Condition, unwanted: Sequence[str], wanted: Sequence[str]
) -> bool:
    """Tell whether all that the positive test wants is kept out by the negated one."""
    match negative.family:
        case OperatorFamily.STRING:
            return all(any(_keeps_out(negative, u, positive, w) for u in unwanted) for w in wanted)
        case OperatorFamily.ARN:
            return all(any(covers_arn(u, w) for u in unwanted) for w in wanted)
        case OperatorFamily.IP:
            return all(any(_holds(u, w) for u in unwanted) for w in wanted)
        case _:
            return False


def _keeps_out(negative: Condition, unwanted: str, positive: Condition, wanted: str) -> bool:
    """Tell whether a text that is kept out covers every text that one value wants."""
    if "IgnoreCase" in positive.operator_text and "IgnoreCase" not in negative.operator_text:
        return False
    is_pattern = _knows_wildcards(positive) and wildcard.is_wild(wanted)
    if not _knows_wildcards(negative):
        return unwanted == wanted and not is_pattern
    return wildcard.covers(unwanted, wanted) and (is_pattern or not wildcard.is_wild(wanted))


def _knows_wildcards(condition: Condition) -> bool:
    return condition.operator is not None and condition.operator.wildcards


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _overlap(left: str, right: str) -> bool:
    one, other = _network(left), _network(right)
    return one is None or other is None or one.overlaps(other)


def _holds(wide: str, narrow: str) -> bool:
    one, other = _network(wide), _network(narrow)
    if isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return other.subnet_of(one)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return other.subnet_of(one)
    return False


_UPPER: Final = ("LessThan", "LessThanEquals")
_LOWER: Final = ("GreaterThan", "GreaterThanEquals")


def _bounds_cross(
    first: Condition, second: Condition, left: Sequence[float], right: Sequence[float]
) -> bool:
    """Tell whether a lower bound lies above an upper one; without values there is no bound."""
    upper = lower = None
    for condition, values in ((first, left), (second, right)):
        name = condition.operator.name if condition.operator else ""
        if values and name.endswith(_UPPER):
            upper = max(values)
        elif values and name.endswith(_LOWER):
            lower = min(values)
    return upper is not None and lower is not None and lower > upper


def _numbers(values: Sequence[str]) -> list[float]:
    try:
        return [float(value) for value in values]
    except ValueError:
        return []


def _moments(values: Sequence[str]) -> list[float]:
    """Read the usual form of a moment, by its digits; other forms are not compared."""
    if not all(map(_MOMENT.fullmatch, values)):
        return []
    return [float("".join(filter(str.isdigit, value))) for value in values]


_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
