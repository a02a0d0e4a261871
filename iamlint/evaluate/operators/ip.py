"""Operators on addresses: ranges in CIDR notation, of both families.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from iamlint.evaluate.operators.row import Row
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from iamlint.evaluate.match import Test


def _lies_in(value: str) -> Test:
    if "." in value.partition("/")[2]:  # a netmask, which is not CIDR notation
        raise ValueError(value)
    # Bits beyond the prefix are masked off: AWS does not say, and ranges are written that way.
    return partial(_holds, ipaddress.ip_network(value, strict=False))


def _holds(network: ipaddress.IPv4Network | ipaddress.IPv6Network, text: str) -> bool:
    """Addresses of the other family lie in no range."""
    return _address(text) in network


@lru_cache(maxsize=1024)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text)


ROWS = (
    Row(OPERATORS["ipaddress"], _lies_in),
    Row(OPERATORS["notipaddress"], _lies_in),
)
