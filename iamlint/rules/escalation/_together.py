"""The check of a rule of the family for what several policies of one principal open together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule import AccountCheck, AccountContext, AccountHit


def together(rule: str) -> AccountCheck:
    """Return the check of a rule for the paths that no policy opens alone."""

    def check_account(context: AccountContext) -> Iterator[AccountHit]:
        # It may ask the account, and few runs need to import that.
        from iamlint.rules.escalation._across import across  # noqa: PLC0415

        yield from across(context, rule)

    return check_account
