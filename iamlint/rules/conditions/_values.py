"""What rules ask of addresses in conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.values import internal_use, parse_address, parse_network

if TYPE_CHECKING:
    from iamlint.policy.values import Address, Network


def network_of(value: str) -> Network | None:
    """Return the range that an address or a range names, without the bits beyond the prefix."""
    try:
        return parse_network(value)
    except ValueError:
        return None


def address_of(value: str) -> Address:
    """Return the address before the `/` of a valid range."""
    return parse_address(value.partition("/")[0])


def internal_use_of(value: str) -> str | None:
    """Return what an address or a range is for if no request over the internet has it."""
    network = network_of(value)
    return None if network is None else internal_use(network)
