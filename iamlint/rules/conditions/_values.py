"""What rules ask of addresses in conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.values import is_within, parse_address, parse_network

if TYPE_CHECKING:
    from iamlint.policy.values import Address, Network

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


def network_of(value: str) -> Network | None:
    """Return the range that an address or a range names, without the bits beyond the prefix."""
    try:
        return parse_network(value)
    except ValueError:
        return None


def address_of(value: str) -> Address:
    """Return the address before the `/` of a valid range."""
    return parse_address(value.partition("/")[0])


def is_private(value: str) -> bool:
    """Return whether the whole range is in the private space of RFC 1918.

    AWS's verdict on other special space (IPv6 local, loopback, carrier-grade NAT) is not known.
    """
    network = network_of(value)
    return network is not None and any(
        is_within(network, parse_network(space)) for space in _PRIVATE
    )
