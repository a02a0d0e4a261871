"""The own accounts of the user, as facts about the requests that a statement is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.never import never_applies
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from iamlint.policy.model import Statement
    from iamlint.rule import OwnAccounts, RuleContext


def memberships(home: OwnAccounts) -> dict[str, str]:
    """Return the organization of the own account, where both are known."""
    if home.account is None or home.organization is None:
        return {}
    return {home.account: home.organization}


def owners(context: RuleContext) -> tuple[str, ...]:
    """Return the accounts that may own the resource that a resource policy is attached to."""
    home = context.home
    if context.policy.kind is not Kind.RESOURCE or home.account is None:
        return ()
    return (home.account, *sorted(home.trusted_accounts))


def is_idle(statement: Statement, context: RuleContext) -> bool:
    """Return whether a statement never applies: rules of conditions report why."""
    return never_applies(statement, context.catalog, memberships(context.home), owners(context))
