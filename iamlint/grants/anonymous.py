"""Can a request that is not signed use an Allow that names everyone?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.audience import covers
from iamlint.grants.carried import holds_without_key
from iamlint.grants.compared import is_met_by
from iamlint.grants.grants import denials
from iamlint.grants.satisfiable import condition_always_holds, condition_can_hold
from iamlint.policy.callers import (
    BY_SERVICE,
    OF_CREDENTIALS,
    OF_PRINCIPALS,
    OF_SERVICES,
    OF_THE_ANONYMOUS,
)
from iamlint.policy.steps import spend
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Policy, Statement


def admits_anonymous(statement: Statement, policy: Policy) -> bool:
    """Return whether no condition of an Allow, and no Deny beside it, keeps such requests out."""
    if any(_holds(condition, policy) is Truth.NO for condition in statement.conditions):
        return False
    denies = denials(policy).all
    spend(len(denies))
    return not any(_strikes(deny, statement, policy) for deny in denies)


def _strikes(deny: Statement, statement: Statement, policy: Policy) -> bool:
    """Return whether a Deny surely takes all that is allowed from such requests."""
    return (
        any(principal.is_everyone for principal in deny.principals)
        and not deny.has_more_conditions
        and all(_holds(condition, policy) is Truth.YES for condition in deny.conditions)
        and covers(deny, statement)
    )


def _holds(condition: Condition, policy: Policy) -> Truth:
    """Return whether such a request satisfies a condition; `MAYBE` where others could as well."""
    if not condition_can_hold(condition, policy):
        return Truth.NO
    if condition_always_holds(condition, policy):
        return Truth.YES
    name = condition.name
    if name in _VALUES:
        return is_met_by(condition, _VALUES[name])
    if name not in _ABSENT and not name.startswith("aws:principaltag/"):
        return Truth.MAYBE
    holds = holds_without_key(condition)
    if holds is None:
        return Truth.NO if condition.operator is None else Truth.MAYBE
    return Truth.YES if holds else Truth.NO


_VALUES: Final = {key.lower(): value for key, value in OF_THE_ANONYMOUS.items()}
_ABSENT: Final = {
    key.lower() for key in (*OF_SERVICES, *OF_PRINCIPALS, *OF_CREDENTIALS, BY_SERVICE)
} - _VALUES.keys()
