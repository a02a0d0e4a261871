"""What the rules share that report statements that never apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.policy.model import Statement
    from iamlint.rule import OwnAccounts


def consequence(statement: Statement) -> str:
    """Return what a statement does that never applies."""
    return "denies nothing" if statement.denies else "allows nothing"


def memberships(home: OwnAccounts) -> dict[str, str]:
    """Return the organization of the own account, where both are known."""
    if home.account is None or home.organization is None:
        return {}
    return {home.account: home.organization}
