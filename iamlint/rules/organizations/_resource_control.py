"""What the rules for resource control policies share: which principals and keys they mention.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Hit, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement

SYNTAX: Final = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html"
KEYS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
SOURCE_KEYS: Final = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
)
_PRINCIPAL_KEYS: Final = frozenset(
    {"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"}
)
_IS_SERVICE: Final = "aws:principalisawsservice"


def is_principal_key(name: str) -> bool:
    """Return whether the key describes a caller that has an account, so services lack it."""
    return name in _PRINCIPAL_KEYS or name.startswith("aws:principaltag/")


def holds_without(statement: Statement, condition: Condition) -> bool:
    """Return whether a request that lacks the key meets the condition, and nothing demands the key."""
    return not condition.needs_key and not any(
        other.needs_key for other in statement.conditions if other.name == condition.name
    )


def asks_whether_service(statement: Statement) -> bool:
    """Return whether the statement treats AWS services apart, in whatever way."""
    return any(condition.name == _IS_SERVICE for condition in statement.conditions)


def is_null_check(condition: Condition) -> bool:
    return condition.family is OperatorFamily.NULL


def one_hit(found: list[Condition], message: str) -> Iterator[Hit]:
    """Yield one hit for all conditions of a statement; the message takes the first key."""
    if found:
        first, *others = found
        related = tuple(Note(other.at, f"`{other.key}`") for other in others)
        yield Hit(first.at, message.format(f"`{first.key}`"), related=related)
