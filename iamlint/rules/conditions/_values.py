"""Tells what the texts of a condition are: numbers, dates, addresses, base64.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
# https://www.w3.org/TR/NOTE-datetime
_DATE = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]+)?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?)?)?"
)


def is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Tell whether the value is a date of ISO 8601, from a bare year to a time with offset."""
    return _DATE.fullmatch(value) is not None


def is_base64(value: str) -> bool:
    return _BASE64.fullmatch(value) is not None


def is_range(value: str) -> bool:
    return network_of(value) is not None


def network_of(value: str) -> IPv4Network | IPv6Network | None:
    """Return the range that an address or a range names, without the bits beyond the mask."""
    import ipaddress  # noqa: PLC0415 - only policies with addresses pay for it

    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def address_of(value: str) -> IPv4Address | IPv6Address:
    """Return the address before the `/` of a valid range."""
    import ipaddress  # noqa: PLC0415 - only policies with addresses pay for it

    return ipaddress.ip_address(value.partition("/")[0])


_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


def is_private(value: str) -> bool:
    """Tell whether the whole range lies in the private space of RFC 1918.

    AWS's verdict on other special space (IPv6 local, loopback, carrier-grade NAT) is not known.
    """
    import ipaddress  # noqa: PLC0415 - only policies with addresses pay for it

    network = network_of(value)
    if not isinstance(network, ipaddress.IPv4Network):
        return False
    return any(network.subnet_of(ipaddress.IPv4Network(space)) for space in _PRIVATE)
