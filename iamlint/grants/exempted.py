"""What requests must carry to escape the Denies of a policy: a Deny with an exception is a demand.

`Deny` where `iam:PassedToService` is not EC2 leaves what `Allow` where it is EC2 grants:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.grants import Truth, denials, statement_grants
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy


def left_by_denies(policy: Policy, action: str) -> Iterator[Condition]:
    """Yield what a request for the action must meet so that no Deny with one condition strikes.

    Only a Deny of the whole action on every resource counts.
    """
    for statement in denials(policy).all:
        if len(statement.conditions) != 1:
            continue
        left = opposite(statement.conditions[0])
        whole = any(entry.known == "*" for entry in statement.resources)
        if left and whole and statement_grants(statement, action) is Truth.YES:
            yield left


def opposite(condition: Condition) -> Condition | None:
    """Return the condition that holds just where this one does not, if it demands the key."""
    operator = condition.operator
    if operator is None or condition.quantifier is Quantifier.ANY:
        return None
    if operator.family is OperatorFamily.NULL:
        values = [entry.text.lower() for entry in condition.values]
        present = tuple(Entry("false", entry.at) for entry in condition.values)
        return replace(condition, values=present) if values == ["true"] else None
    if not operator.negated:
        return None
    return replace(
        condition, operator=operator.opposite, if_exists=False, quantifier=Quantifier.NONE
    )
