"""What the texts of a condition mean: numbers, moments, base64, truth values and addresses.

Rules, the evaluator and questions read texts here alone, so that they agree on what is valid. Each
reader raises ValueError for a text that is not of its type.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
    from typing import TypeGuard

    Address: TypeAlias = IPv4Address | IPv6Address
    Network: TypeAlias = IPv4Network | IPv6Network

# Compiled when they are used, for most policies have none of these.
# AWS documents integers and decimals; longer exponents are left out, for no limit is documented.
_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
# The profile of ISO 8601 at https://www.w3.org/TR/NOTE-datetime, and what IAM was seen to accept
# beyond it: small letters, an hour of one digit, no offset, an offset of hours alone. IAM refuses
# more than nine digits of a fraction.
_DATE: Final = (
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[Tt](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)?)?)?)?"
)
_LEAST: Final = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_EPOCH: Final = r"(?P<seconds>[0-9]{1,19})(?:\.[0-9]{1,9})?"
_LAST_SECOND: Final = 2**63 - 1
"""IAM refuses a greater number of seconds."""
_DAYS_TO_1970: Final = 719_163
_BASE64: Final = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
BOOLEANS: Final = {"true": True, "false": False}
_WIDEST: Final = {4: 8, 6: 32}
_MAPPED: Final = 96
"""Bits of an address of IPv6 before the one of IPv4 that it carries."""
# Ranges that no request over the internet comes from. Those of documentation are not among them,
# because examples of policies have them in place of others.
# https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
# https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
# https://www.iana.org/assignments/multicast-addresses/multicast-addresses.xhtml
_INTERNAL: Final = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "::1/128": "loopback",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
# All addresses of IPv6 that IANA gives out for the internet.
# https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
_INTERNET_6: Final = "2000::/3"


def is_valid(parse: Callable[[str], object], text: str) -> bool:
    """Return whether a reader takes the text."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def parse_number(text: str) -> Decimal:
    from decimal import Decimal  # noqa: PLC0415 - only policies with numbers pay for it

    if not re.fullmatch(_NUMBER, text):
        raise ValueError(text)
    return Decimal(text)


def parse_moment(text: str) -> Decimal:
    """Return the seconds since 1970 of a date or of a number of seconds; four digits are a year."""
    return parse_date(text) if re.fullmatch(_DATE, text) else parse_epoch(text)


def parse_date(text: str) -> Decimal:
    """Return the seconds since 1970 of a date of ISO 8601; one without an offset is in UTC.

    AWS's validator takes these alone: it warns about a number of seconds, which the engine takes.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-invalid-date-value
    """
    from datetime import datetime  # noqa: PLC0415 - only policies with dates pay for them
    from decimal import Decimal  # noqa: PLC0415

    found = re.fullmatch(_DATE, text)
    if found is None:
        raise ValueError(text)
    parts = {name: int(found[name] or least) for name, least in _LEAST.items()}
    at = datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - the offset is subtracted below
    seconds = (at.toordinal() - _DAYS_TO_1970) * 86_400
    seconds += at.hour * 3600 + at.minute * 60 + at.second
    return seconds - _offset(found) + Decimal(f"0.{found['fraction'] or 0}")


def _offset(found: re.Match[str]) -> int:
    """Return the seconds by which the clock of a date is ahead of UTC."""
    if found["sign"] is None:
        return 0
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - as on a clock
        raise ValueError(found[0])
    seconds = hours * 3600 + minutes * 60
    return -seconds if found["sign"] == "-" else seconds


def parse_epoch(text: str) -> Decimal:
    """Return a number of seconds since 1970, which the engine takes in place of a date."""
    from decimal import Decimal  # noqa: PLC0415 - only policies with dates pay for it

    found = re.fullmatch(_EPOCH, text)
    if found is None or int(found["seconds"]) > _LAST_SECOND:
        raise ValueError(text)
    return Decimal(text)


def parse_base64(text: str) -> str:
    """Return the text if it is base64. AWS compares the texts, not what they encode."""
    if not re.fullmatch(_BASE64, text):
        raise ValueError(text)
    return text


def is_true(text: str) -> bool:
    """Return what `Bool` compares: every text but `true`, in any letter case, is false.

    That this is so in the policy and in the request was found by testing against AWS's simulator;
    it is not documented.
    """
    return text.lower() == "true"


def parse_boolean(text: str) -> bool:
    """Return `true` or `false` in any letter case, as AWS's validator takes them."""
    try:
        return BOOLEANS[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def parse_network(text: str) -> Network:
    """Return the range of an address or of CIDR notation, without the bits beyond the prefix.

    AWS documents CIDR notation alone, so a netmask and the zone of an address are not valid.
    """
    import ipaddress  # noqa: PLC0415 - only policies with addresses pay for it

    if "." in text.partition("/")[2] or "%" in text:
        raise ValueError(text)
    found = ipaddress.ip_network(text, strict=False)
    carried = found.network_address.ipv4_mapped if _is_mapped(found) else None
    return found if carried is None else ipaddress.ip_network((carried, found.prefixlen - _MAPPED))


def _is_mapped(network: Network) -> TypeGuard[IPv6Network]:
    """Return whether a range may be one of IPv4 in the notation of IPv6, `::ffff:10.0.0.0/104`."""
    return network.version != 4 and network.prefixlen >= _MAPPED  # noqa: PLR2004 - of IPv4


def parse_address(text: str) -> Address:
    """Return an address; one of IPv6 that carries one of IPv4 (`::ffff:10.1.2.3`) is that.

    This was found by testing against AWS's simulator; it is not documented.
    """
    import ipaddress  # noqa: PLC0415 - only policies with addresses pay for it

    if "%" in text:
        raise ValueError(text)
    found = ipaddress.ip_address(text)
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


def is_within(narrow: Network, wide: Network) -> bool:
    """Return whether a range is in another one; ranges of the two families never do."""
    return narrow.version == wide.version and narrow.subnet_of(wide)  # type: ignore[arg-type]


def is_narrow(network: Network) -> bool:
    """Return whether a range is not wider than /8 (IPv4) or /32 (IPv6), so S3 counts it as fixed.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    return network.prefixlen >= _WIDEST[network.version]


def internal_use(network: Network) -> str | None:
    """Return what the addresses of a range are for if no request over the internet has them."""
    for wide, use in _internal_ranges():
        if is_within(network, wide):
            return use
    is_version_6 = network.version != 4  # noqa: PLR2004 - of IPv4
    return "unassigned" if is_version_6 and not network.overlaps(_internet_6()) else None


@cache
def _internal_ranges() -> tuple[tuple[Network, str], ...]:
    return tuple((parse_network(text), use) for text, use in _INTERNAL.items())


@cache
def _internet_6() -> Network:
    return parse_network(_INTERNET_6)
