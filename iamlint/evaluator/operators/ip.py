"""Operators on addresses: ranges in CIDR notation, of both families.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS
from iamlint.policy.values import parse_address, parse_network

if TYPE_CHECKING:
    from iamlint.evaluator.match import Test
    from iamlint.policy.values import Network

_address = lru_cache(maxsize=1024)(parse_address)


def _lies_in(value: str) -> Test:
    return partial(_holds, parse_network(value))


def _holds(network: Network, text: str) -> bool:
    """Return whether an address is in a range; one of the other family never is."""
    return _address(text) in network


ROWS = (
    OperatorRow(OPERATORS["ipaddress"], _lies_in),
    OperatorRow(OPERATORS["notipaddress"], _lies_in),
)
