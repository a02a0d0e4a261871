"""Statements that never apply: no request meets all of their conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from iamlint.grants.apart import SIDES
from iamlint.grants.contradiction import contradicts, demands_absence
from iamlint.grants.requests import (
    KEYS_OF_OWNERS,
    KEYS_OF_PRINCIPALS,
    carried_by,
    carried_with,
    implied_by,
    rules_out,
)
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import internal_use, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.catalog import Catalog
    from iamlint.grants.apart import Side
    from iamlint.policy.model import Condition, Entry, Principal, Statement

_UNKNOWN: Final[Mapping[str, str]] = MappingProxyType({})


def never_applies(
    statement: Statement,
    catalog: Catalog,
    organizations: Mapping[str, str] = _UNKNOWN,
    owners: Sequence[str] = (),
) -> bool:
    """Return whether no request meets the conditions; true only when that is sure."""
    if not statement.conditions:
        return False
    if any(map(is_of_no_address, statement.conditions)):
        return True
    ruled_out = unmet_principals(statement, organizations)
    if ruled_out and len(ruled_out) == len(statement.principals) and not has_more(statement):
        return True
    unowned = unmet_resources(statement, organizations, owners)
    if unowned and len(unowned) == len(statement.resources):
        return True
    found = (*contradictions(statement, catalog), *conditions_apart(statement))
    return bool(found)


def is_of_no_address(condition: Condition) -> bool:
    """Return whether all addresses of a test are internal: no request comes from one of them."""
    if condition.name != "aws:sourceip" or condition.family is not OperatorFamily.IP:
        return False
    if condition.negated or not condition.needs_key or not condition.values:
        return False
    return all(_is_internal(entry.known) for entry in condition.values)


def _is_internal(text: str | None) -> bool:
    try:
        return text is not None and internal_use(parse_network(text)) is not None
    except ValueError:
        return False


def unmet_principals(
    statement: Statement, organizations: Mapping[str, str]
) -> list[tuple[Principal, Condition]]:
    """Return the principals that a condition rules out, each with the first such condition."""
    conditions = [c for c in statement.conditions if c.name in KEYS_OF_PRINCIPALS]
    found = []
    for principal in statement.principals if conditions else ():
        carried = carried_by(principal, organizations)
        unmet = next((c for c in conditions if rules_out(carried, c)), None) if carried else None
        if unmet is not None:
            found.append((principal, unmet))
    return found


def has_more(statement: Statement) -> bool:
    """Return whether there may be other principals: of a type that something fills in."""
    is_known = all(principal.entry.known is not None for principal in statement.principals)
    return is_known and "Principal" in statement.opaque


def unmet_resources(
    statement: Statement, organizations: Mapping[str, str], owners: Sequence[str]
) -> list[tuple[Entry, Condition]]:
    """Return the resources whose owner a condition rules out, each with the first such."""
    conditions = [c for c in statement.conditions if c.name in KEYS_OF_OWNERS]
    found = []
    for entry in statement.resources if conditions else ():
        carried = carried_with(entry, organizations, owners)
        unmet = next((c for c in conditions if rules_out(carried, c)), None)
        if unmet is not None:
            found.append((entry, unmet))
    return found


def contradictions(statement: Statement, catalog: Catalog) -> Iterator[tuple[Condition, Condition]]:
    """Yield each condition that an earlier one rules out, with that one."""
    conditions = [c for c in statement.conditions if c.operator is not None]
    by_key: dict[str, list[tuple[Condition, Condition]]] = {}
    for condition in conditions if len(conditions) > 1 else ():
        other = _ruled_out_by(condition, by_key, catalog)
        if other is not None:
            yield condition, other


def _ruled_out_by(
    condition: Condition, by_key: dict[str, list[tuple[Condition, Condition]]], catalog: Catalog
) -> Condition | None:
    """Return an earlier condition that rules this one out, and keep the tests of this one.

    Each test is kept with the condition that makes it, or that implies it.
    """
    found = None
    for test in (condition, *implied_by(condition)):
        earlier = by_key.setdefault(test.name, [])
        if found is None:
            hits = (c for t, c in earlier if contradicts(t, test) and _meet(t, test, catalog))
            found = next(hits, None)
        earlier.append((test, condition))
    return found


def _meet(first: Condition, second: Condition, catalog: Catalog) -> bool:
    """Return whether two tests are of one value, or one of them of the absence of all."""
    if demands_absence(first) or demands_absence(second):
        return True
    known = catalog.condition_key(first.key)
    return known is None or not known.multivalued


def conditions_apart(
    statement: Statement,
) -> Iterator[tuple[tuple[Side, Condition], tuple[Side, Condition]]]:
    """Yield pairs of conditions on keys that no request carries together."""
    for one, other in SIDES:
        first = next((c for c in statement.conditions if one.demanded_by(c)), None)
        second = next((c for c in statement.conditions if other.demanded_by(c)), None)
        if first is not None and second is not None:
            yield (one, first), (other, second)
