"""What can be said of a condition before any request: can it hold, must it, does it restrict?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from iamlint.policy.arn_patterns import pad
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.values import BOOLEANS, is_true, is_valid, parse_network
from iamlint.policy.variables import Variable, split_variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.policy.model import Condition, Policy


def condition_can_hold(condition: Condition, policy: Policy) -> bool:
    """Return whether some request could satisfy the condition; false only when none can."""
    if condition.operator is None:
        return False
    if condition.family is OperatorFamily.NULL:
        return any(e.known is None or e.known.lower() in BOOLEANS for e in condition.values)
    if condition.if_exists or condition.quantifier is Quantifier.ALL:
        return True
    if condition.negated:
        return True
    return any(
        entry.known is None or _is_of_type(entry.known, condition, policy)
        for entry in condition.values
    )


def condition_always_holds(condition: Condition, policy: Policy) -> bool:
    """Return whether every request satisfies the condition; true only when that is sure."""
    if condition.operator is None:
        return False
    if condition.family is OperatorFamily.NULL:
        return {e.known.lower() for e in condition.values if e.known is not None} >= BOOLEANS.keys()
    passes_without = condition.if_exists or condition.quantifier is Quantifier.ALL
    if condition.negated:
        return not condition.values and condition.quantifier is not Quantifier.ANY
    if condition.family is OperatorFamily.IP:
        values = [entry.known for entry in condition.values if entry.known is not None]
        return passes_without and len(_whole_families(values)) > 1
    return passes_without and _everyone_satisfies(condition, knows_variables=policy.knows_variables)


def restricts(condition: Condition) -> bool:
    """Return whether the condition narrows who passes to those that carry a wanted value.

    A positive operator on a key the request must carry, and no value that everyone satisfies.
    Errs towards true: a value that cannot be known counts as one that narrows.
    """
    if condition.operator is None or condition.family is OperatorFamily.NULL:
        return False
    if condition.negated or condition.if_exists or condition.quantifier is Quantifier.ALL:
        return False
    return bool(condition.values) and not _everyone_satisfies(condition, knows_variables=True)


def _everyone_satisfies(condition: Condition, *, knows_variables: bool) -> bool:
    """Return whether whoever carries the key satisfies the (positive) condition."""
    values = [entry.known for entry in condition.values if entry.known is not None]
    family = condition.family
    if family is OperatorFamily.BOOL:
        return {is_true(value) for value in values} == {True, False}
    if family is OperatorFamily.IP:
        return bool(_whole_families(values))
    if knows_variables and any(_is_own_value(value, condition) for value in values):
        return True
    if condition.operator is None or not condition.operator.wildcards:
        return False
    if family is OperatorFamily.ARN:
        return any(_is_any_arn(value) for value in values)
    return any(value and not value.strip("*") for value in values)


def _is_own_value(value: str, condition: Condition) -> bool:
    """Return whether a key is compared with itself, as `aws:PrincipalOrgID` with its variable."""
    if not value.startswith("${"):
        return False
    match split_variables(value):
        case (Variable(key=key),):
            return key.strip().lower() == condition.name
    return False


def _is_any_arn(value: str) -> bool:
    fields = pad(value)
    return value == "*" or (fields is not None and all(set(f) == {"*"} for f in fields[1:]))


def _whole_families(values: Sequence[str]) -> set[int]:
    """Return the families, 4 and 6, whose every address is in the ranges."""
    networks4: list[ipaddress.IPv4Network] = []
    networks6: list[ipaddress.IPv6Network] = []
    for value in values:
        if not is_valid(parse_network, value):
            continue
        network = parse_network(value)
        if isinstance(network, ipaddress.IPv4Network):
            networks4.append(network)
        else:
            networks6.append(network)
    whole = {4} if any(n.prefixlen == 0 for n in ipaddress.collapse_addresses(networks4)) else set()
    if any(network.prefixlen == 0 for network in ipaddress.collapse_addresses(networks6)):
        whole.add(6)
    return whole


def _is_of_type(value: str, condition: Condition, policy: Policy) -> bool:
    """Return whether a positive operator could ever match the value."""
    if policy.knows_variables and "${" in value:
        return True
    family = condition.family
    if family is OperatorFamily.ARN:
        return value == "*" or pad(value) is not None
    if family is OperatorFamily.IP:
        return is_valid(parse_network, value)
    return True
