"""The checks of the rules of the family, for one policy and for several of one principal.

Their modules are imported when something may be found: an account that is looked at asks for the
check of every rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.memory import remember
from iamlint.rules.escalation._candidates import may_cross

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import AccountCheck, AccountContext, AccountHit, Hit, PolicyCheck, RuleContext

PATHS = ("Allow", "NotAction | last of a path")
"""What a policy shows that opens a path: the `when` of each rule of the family."""


def alone(rule: str) -> PolicyCheck:
    """Return the check of a rule for the paths that one policy opens."""

    def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
        from iamlint.rules.escalation._paths import hits  # noqa: PLC0415 - few policies show one

        yield from hits(policy, context, rule)

    return check_policy


def together(rule: str) -> AccountCheck:
    """Return the check of a rule for the paths that no policy opens alone."""

    def check_account(context: AccountContext) -> Iterator[AccountHit]:
        possible = remember(context.described.holdings, may_cross)
        if possible:
            # It may ask the account, and few runs need to import that.
            from iamlint.rules.escalation._across import across  # noqa: PLC0415

            yield from across(context, possible, rule)

    return check_account
