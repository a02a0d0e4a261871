"""Keys that no request carries together: a test of one and a test of the other never both hold.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.audience import is_closed_to_services
from iamlint.policy.callers import THROUGH_ENDPOINTS
from iamlint.policy.grammar import OperatorFamily

if TYPE_CHECKING:
    from iamlint.policy.model import Condition

_Demands = Callable[["Condition"], bool]


@dataclass(frozen=True, slots=True)
class Side:
    """Requests of one kind, as a message names them, and the conditions that only they meet."""

    requests: str
    demanded_by: _Demands


def _is_by_address(condition: Condition) -> bool:
    return condition.name == "aws:sourceip" and condition.needs_key


def _is_by_endpoint(condition: Condition) -> bool:
    return condition.name in _OF_ENDPOINTS and condition.needs_key


def _is_by_service(condition: Condition) -> bool:
    if not condition.needs_key:
        return False
    if condition.name == "aws:principalisawsservice" and condition.family is OperatorFamily.BOOL:
        return [entry.text.lower() for entry in condition.values] == ["true"]
    return condition.name in _OF_SERVICE_NAMES


_OF_ENDPOINTS: Final = frozenset(map(str.lower, THROUGH_ENDPOINTS))
_OF_SERVICE_NAMES: Final = frozenset(["aws:principalservicename", "aws:principalservicenameslist"])

SIDES: Final = (
    (
        Side("a request that does not come through a VPC endpoint", _is_by_address),
        Side("a request through a VPC endpoint", _is_by_endpoint),
    ),
    (
        Side("a request of an account's principal", is_closed_to_services),
        Side("a request that a service of AWS makes itself", _is_by_service),
    ),
)
"""Pairs of kinds of requests: none is of both."""


def are_apart(first: Condition, second: Condition) -> bool:
    """Return whether no request meets both conditions, since none carries both keys."""
    return any(
        (one.demanded_by(first) and other.demanded_by(second))
        or (one.demanded_by(second) and other.demanded_by(first))
        for one, other in SIDES
    )
