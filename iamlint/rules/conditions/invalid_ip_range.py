"""Flags values of `IpAddress` that are neither an address nor a range.

No caller is in such a range: an `Allow` with `IpAddress` grants nothing, and `NotIpAddress` always
holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_network
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is not OperatorFamily.IP:
            continue
        for entry, value in known_values(condition):
            if not is_valid(parse_network, value):
                yield Hit(
                    entry.at, f"`{value}` is neither an address nor a range, so no caller is in it"
                )


RULE = Rule(
    name="invalid-ip-range",
    family=Family.CONDITIONS,
    module=__name__,
    summary="an IP operator needs an address or a range, and any other value never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH_IP_RANGE",),
    advice="write an address or a range such as `203.0.113.0/24`",
    sources=(CHECKS, OPERATORS),
    when=("operator IpAddress",),
    check=check,
    bad=(
        bad(
            "the mask is too long",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "203.0.113.0/33"}, //!
            }}""",
        ),
        bad(
            "a wildcard in a list",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": [
                "203.0.113.0/24",
                "198.51.*", //!
              ]},
            }}""",
        ),
        bad(
            "a netmask, which is not CIDR notation",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "203.0.113.0/255.255.255.0"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "an address, and a range of IPv6",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["203.0.113.5", "2001:db8::/32"]},
            }}""",
        ),
        good(
            "another rule reports bits beyond the mask",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "203.0.113.5/24"},
            }}""",
        ),
    ),
)
