"""Whether a principal may become an administrator, by the names of actions and principals alone.

Most runs have nothing to look for, and an account is built for the others only.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.account.holdings import name_of_aws, written_statements
from iamlint.catalog.escalation import escalation
from iamlint.catalog.managed_policies import managed_policy
from iamlint.policy.grammar import Effect, Kind
from iamlint.rules.escalation._candidates import actions_in
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.described import DescribedFiles
    from iamlint.text.source import Value

ALL_RIGHTS = "self-escalation"
"""The rule of the paths at whose end the holder has any rights it likes."""


def may_reach_admin(described: DescribedFiles) -> bool:
    """Return whether a principal may be at the end of a chain, and another may take a step."""
    values = list(_policies(described))
    last = frozenset(
        action
        for path in escalation().paths
        if path.rule == ALL_RIGHTS
        for need in path.needs
        for action in need
    )
    if not any(is_open(value) or not last.isdisjoint(actions_in(value)) for value in values):
        return False
    trusts = (one.value for one in described.read.documents if one.kind is Kind.TRUST)
    return any(map(_lets_in, trusts)) or any(
        is_open(value) or (actions_in(value) and not _allows_all(value)) for value in values
    )


def _policies(described: DescribedFiles) -> Iterator[Value]:
    """Yield the policies that principals may have, also those of AWS."""
    for document in described.read.documents:
        if document.kind is Kind.IDENTITY:
            yield document.value
    names = {name_of_aws(target) for _, target in described.holdings.attached}
    for name in sorted(filter(None, names)):
        yield value_of_aws(name)


@cache
def value_of_aws(name: str) -> Value:
    found = managed_policy(name)
    return None if found is None else found.value


def is_open(value: Value) -> bool:
    """Return whether it is not known which actions a policy allows."""
    statement = without_tag(value.get("Statement")) if isinstance(value, dict) else value
    each = statement if isinstance(statement, list) else [statement]
    return any(
        not isinstance(one, dict)
        or not all(isinstance(text, str) for text in _texts(one.get("Action", "")))
        for one in map(without_tag, each)
    )


def _texts(value: Value) -> list[Value]:
    found = without_tag(value)
    return [without_tag(one) for one in found] if isinstance(found, list) else [found]


def _allows_all(value: Value) -> bool:
    """Return whether its holder is an administrator, who takes no step."""
    return any(
        one.get("Effect") == Effect.ALLOW.value
        and "Condition" not in one
        and "*" in _texts(one.get("Action"))
        and "*" in _texts(one.get("Resource"))
        for one in written_statements(value)
    )


def _lets_in(value: Value) -> bool:
    """Return whether a trust policy may name a principal other than a service of AWS."""
    statements = list(written_statements(value))
    return not statements or any(map(_may_name_principals, statements))


def _may_name_principals(statement: Mapping[str, Value]) -> bool:
    named = without_tag(statement.get("Principal"))
    return not isinstance(named, dict) or any(type_ != "Service" for type_ in named)
