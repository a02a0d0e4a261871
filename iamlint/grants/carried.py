"""Which conditions count for which actions, by the keys that their requests carry.

`ec2:InstanceType` comes with requests to EC2 alone. For an action that does not carry a key a test
that needs it never holds, so nothing is granted, and one that passes without it always holds:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.targets import (
    carries,
    is_apart,
    is_carried_by,
    is_of_some_requests,
    targets_of,
)
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Condition, Entry, Policy, Statement


def as_carried(policy: Policy, catalog: Catalog) -> Policy:
    """Return a policy that says the same, in which each condition may depend on the request.

    Actions for which other conditions count are statements of their own, and what never applies is
    left out. Most policies come back as they are.
    """
    if not any(_may_be_foreign(c) for s in policy.statements for c in s.conditions):
        return policy
    parts = [part for s in policy.statements for part in _parts(s, catalog)]
    return policy if parts == list(policy.statements) else replace(policy, statements=tuple(parts))


def is_carried(condition: Condition, statement: Statement, catalog: Catalog) -> bool:
    """Return whether a request that the statement is about may carry the key of a condition."""
    if not is_of_some_requests(condition.key) or not statement.actions:
        return True
    known = remember(statement, _carried, catalog).get(id(condition))
    return _is_about_some(condition, statement, catalog) if known is None else known


def _carried(statement: Statement, catalog: Catalog) -> dict[int, bool]:
    """Return the same for the conditions of a statement, by identity: several rules ask in turn."""
    return {
        id(condition): _is_about_some(condition, statement, catalog)
        for condition in statement.conditions
        if is_of_some_requests(condition.key)
    }


def _is_about_some(condition: Condition, statement: Statement, catalog: Catalog) -> bool:
    return any(_is_about_key(entry, condition, statement, catalog) for entry in statement.actions)


def may_apply(statement: Statement, action: Action, catalog: Catalog) -> bool:
    """Return whether the conditions may hold for an action that a pattern of services names."""
    return all(
        not condition.needs_key or catalog.may_carry(action, condition.key)
        for condition in statement.conditions
    )


def holds_without_key(condition: Condition) -> bool | None:
    """Return whether a request without the key satisfies the condition; None if unknown."""
    if condition.operator is None:
        return None
    if condition.family is OperatorFamily.NULL and not condition.needs_key:
        values = {entry.known and entry.known.lower() for entry in condition.values}
        return True if "true" in values else None if None in values else False
    return not condition.needs_key


def _may_be_foreign(condition: Condition) -> bool:
    prefix = condition.name.partition(":")[0]
    return prefix != "aws" and "." not in prefix


def _parts(statement: Statement, catalog: Catalog) -> Iterator[Statement]:
    """Yield what is left of a statement: one part for each set of conditions that count."""
    foreign = [
        c for c in statement.conditions if _may_be_foreign(c) and catalog.is_of_some_actions(c.key)
    ]
    if not foreign:
        yield statement
        return
    if statement.action is None:
        yield _without(statement, _idle_for_all(statement, foreign))
        return
    by_idle: dict[tuple[int, ...], list[Entry]] = {}
    for entry in statement.actions:
        idle = _idle(entry, statement, foreign, catalog)
        if idle is not None:
            by_idle.setdefault(tuple(map(id, idle)), []).append(entry)
    by_id = {id(condition): condition for condition in foreign}
    for numbers, entries in by_idle.items():
        part = _without(statement, [by_id[number] for number in numbers])
        if len(entries) < len(statement.actions):
            part = replace(part, action=replace(statement.action, entries=tuple(entries)))
        yield part


def _without(statement: Statement, idle: list[Condition]) -> Statement:
    if not idle:
        return statement
    gone = set(map(id, idle))
    left = tuple(c for c in statement.conditions if id(c) not in gone)
    return replace(statement, conditions=left)


def _idle(
    entry: Entry, statement: Statement, foreign: list[Condition], catalog: Catalog
) -> list[Condition] | None:
    """Return the conditions that always hold for an entry; None if one of them never does."""
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is not None and is_wild(pattern.service):
        return _idle_for_all(statement, foreign)
    spend(len(foreign))
    absent = [c for c in foreign if not _carries(entry, c, catalog)]
    holds = [holds_without_key(c) for c in absent]
    if False in holds:
        return None
    return [c for c, always in zip(absent, holds, strict=True) if always]


def _idle_for_all(statement: Statement, foreign: list[Condition]) -> list[Condition]:
    """Return the conditions that hold nothing back where actions of all services are allowed.

    They are about some actions. Of a Deny they are kept: it does not strike all of these.
    """
    return [c for c in foreign if holds_without_key(c)] if statement.allows else []


def _is_about_key(
    entry: Entry, condition: Condition, statement: Statement, catalog: Catalog
) -> bool:
    """Return the same for one entry of `Action`, on the resources of its statement."""
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is None or is_wild(pattern.service):
        return True
    name = str(pattern)
    actions = catalog.expand(name)
    spend(len(actions))
    if is_apart(pattern.service):
        return not actions or is_carried_by(name, condition.key, catalog) is not Truth.NO
    return not actions or any(
        carries(target, condition.key, catalog)
        for action in actions
        for target in targets_of(action, statement, catalog)
    )


def _carries(entry: Entry, condition: Condition, catalog: Catalog) -> bool:
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is None or is_wild(pattern.service):
        return True
    actions = catalog.expand(str(pattern))
    return not actions or any(catalog.may_carry(action, condition.key) for action in actions)
