"""Do two conditions on one key rule each other out? Then their statement never applies.

Conditions of a statement are ANDed:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.policy import wildcard
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn, widened
from iamlint.policy.grammar import Bound, OperatorFamily
from iamlint.policy.heads import all_covered, some_meet
from iamlint.policy.pattern import is_open, without_pseudo
from iamlint.policy.steps import spend
from iamlint.policy.values import parse_moment, parse_network, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from iamlint.policy.model import Condition
    from iamlint.policy.values import Network


def contradicts(first: Condition, second: Condition) -> bool:
    """Return whether no request satisfies both conditions on a key of one value.

    Errs towards "some request may": unknown values, and operators of different families on a
    value, are not compared.
    """
    spend(1)
    if first.name != second.name:
        return False
    for one, other in ((first, second), (second, first)):
        if demands_absence(one):
            return other.needs_key and not _takes_empty(other)
    if first.quantifier or second.quantifier:
        return False
    if not (first.needs_key or second.needs_key) or first.family is not second.family:
        return False
    if first.negated is second.negated:
        return not first.negated and _are_disjoint(first, second)
    positive, negative = (second, first) if first.negated else (first, second)
    unwanted, wanted = _patterns(negative), _patterns(positive)
    return bool(unwanted and wanted) and _excludes(negative, positive, unwanted, wanted)


def demands_absence(condition: Condition) -> bool:
    """Return whether only a request without the key meets the condition."""
    if condition.family is not OperatorFamily.NULL or condition.quantifier:
        return False
    return [entry.text.lower() for entry in condition.values] == ["true"]


def _takes_empty(condition: Condition) -> bool:
    """Return whether a test may be met by an empty text, which `Null` counts as none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    return condition.family is OperatorFamily.STRING and any(
        entry.known is None or not set(entry.known).difference("*") for entry in condition.values
    )


def _patterns(condition: Condition) -> list[str]:
    """Return the values, in which what is not known covers itself; none with policy variables."""
    values = condition.values
    has_variables = any("${" in (e.known or "") and not is_open(e.pattern) for e in values)
    return [] if has_variables else [entry.pattern for entry in values]


def _known(condition: Condition) -> list[str]:
    """Return the values; none unless all are known and free of policy variables."""
    values = [entry.known for entry in condition.values]
    known = [value for value in values if value is not None and "${" not in value]
    return known if len(known) == len(values) else []


def _are_disjoint(first: Condition, second: Condition) -> bool:
    """Return whether two positive tests have no value in common."""
    if first.family in (OperatorFamily.STRING, OperatorFamily.ARN):
        return bool(first.values and second.values) and not _texts_meet(first, second)
    left, right = _known(first), _known(second)
    if not left or not right:
        return False
    match first.family:
        case OperatorFamily.BOOL:
            return {a.lower() for a in left}.isdisjoint(b.lower() for b in right)
        case OperatorFamily.IP:
            return not _networks_meet(left, right)
        case OperatorFamily.NUMERIC | OperatorFamily.DATE:
            parse = parse_number if first.family is OperatorFamily.NUMERIC else parse_moment
            return _bounds_cross(first, second, _parsed(left, parse), _parsed(right, parse))
        case _:
            return False


def _texts_meet(first: Condition, second: Condition) -> bool:
    """Return whether two tests share a text; what is not known, and a variable, may be any."""
    left, right = [e.pattern for e in first.values], [e.pattern for e in second.values]
    if first.family is OperatorFamily.ARN and all(map(_has_fields, (*left, *right))):
        return some_meet(left, right, overlaps_arn)
    left, right = [widened(a) for a in left], [widened(b) for b in right]
    if _ignores_case(first) or _ignores_case(second):
        left, right = [a.lower() for a in left], [b.lower() for b in right]
    return some_meet(left, right, wildcard.overlaps)


def _has_fields(pattern: str) -> bool:
    """Return whether the fields of an ARN can be seen: no part of it may hold a colon."""
    return "${" not in without_pseudo(pattern)


def _excludes(
    negative: Condition, positive: Condition, unwanted: Sequence[str], wanted: Sequence[str]
) -> bool:
    """Return whether all that the positive test wants is kept out by the negated one."""
    match negative.family:
        case OperatorFamily.STRING:
            return all_covered(wanted, unwanted, partial(_keeps_out, negative, positive))
        case OperatorFamily.ARN:
            return all_covered(wanted, unwanted, covers_arn)
        case OperatorFamily.IP:
            return _networks_hold(unwanted, wanted)
        case _:
            return False


def _keeps_out(negative: Condition, positive: Condition, unwanted: str, wanted: str) -> bool:
    """Return whether a text that is kept out covers every text that one value wants."""
    if _ignores_case(positive) and not _ignores_case(negative):
        return False
    is_pattern = _knows_wildcards(positive) and wildcard.is_wild(wanted)
    if not _knows_wildcards(negative):
        return unwanted == wanted and not is_pattern
    return wildcard.covers(unwanted, wanted) and (is_pattern or not wildcard.is_wild(wanted))


def _knows_wildcards(condition: Condition) -> bool:
    return condition.operator is not None and condition.operator.wildcards


def _ignores_case(condition: Condition) -> bool:
    return condition.operator is not None and condition.operator.ignores_case


def _networks_meet(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether two lists share an address; a text that is not a network may have any."""
    mine, theirs = _networks(left), _networks(right)
    if None in mine or None in theirs:
        return True
    every = sorted(
        (network.version, int(network.network_address), int(network.broadcast_address), side)
        for side, networks in enumerate((mine, theirs))
        for network in networks
        if network is not None
    )
    last: dict[tuple[int, int], int] = {}
    for version, start, end, side in every:
        if last.get((version, 1 - side), -1) >= start:
            return True
        last[version, side] = max(end, last.get((version, side), -1))
    return False


def _networks_hold(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Return whether each network of a list is within one of the other list."""
    found = {network for network in _networks(wide) if network is not None}
    lengths: set[tuple[int, int]] = {(one.version, one.prefixlen) for one in found}
    return all(one is not None and _lies_in(one, found, lengths) for one in _networks(narrow))


def _lies_in(one: Network, found: set[Network], lengths: set[tuple[int, int]]) -> bool:
    return any(
        one.version == version
        and length <= one.prefixlen
        and one.supernet(new_prefix=length) in found
        for version, length in lengths
    )


def _networks(texts: Sequence[str]) -> list[Network | None]:
    return [_network(text) for text in texts]


def _network(text: str) -> Network | None:
    try:
        return parse_network(text)
    except ValueError:
        return None


def _bounds_cross(
    first: Condition, second: Condition, left: Sequence[Decimal], right: Sequence[Decimal]
) -> bool:
    """Return whether a lower bound is above an upper one; without values there is no bound."""
    upper = lower = None
    for condition, values in ((first, left), (second, right)):
        bound = condition.operator.bound if condition.operator else None
        if values and bound is Bound.UPPER:
            upper = max(values)
        elif values and bound is Bound.LOWER:
            lower = min(values)
    return upper is not None and lower is not None and lower > upper


def _parsed(values: Sequence[str], parse: Callable[[str], Decimal]) -> list[Decimal]:
    """Return what the values mean; nothing if one of them is not valid."""
    try:
        return [parse(value) for value in values]
    except ValueError:
        return []
