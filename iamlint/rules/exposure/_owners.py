"""Whose account a resource policy names: that of the resource, one of the user's, or a foreign one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of
from iamlint.rules.exposure._aws_accounts import LOAD_BALANCERS

if TYPE_CHECKING:
    from iamlint.rule import RuleContext


def is_foreign(account: str, context: RuleContext) -> bool:
    """Return whether the account is neither one of the user's nor the owner of the resource."""
    if account in LOAD_BALANCERS or context.home.trusts(account):
        return False
    if context.home.is_known:
        return True
    owners = {
        owner
        for statement in context.policy.statements
        for entry in statement.resources
        if (owner := account_of(entry.known or "")) is not None
    }
    return len(owners) == 1 and account not in owners
