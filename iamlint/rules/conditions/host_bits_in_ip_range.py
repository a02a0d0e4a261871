"""Flags ranges whose address has bits beyond the mask.

`203.0.113.7/24` means all of `203.0.113.0/24`. The author may have meant one address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values
from iamlint.rules.conditions._values import address_of, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is not OperatorFamily.IP:
            continue
        for entry, value in known_values(condition):
            network = network_of(value)
            if network and "/" in value and address_of(value) != network.network_address:
                yield Hit(
                    entry.at,
                    f"`{value}` means the whole range `{network}`",
                    help=f"write `{network}`, or `{address_of(value)}` for the one address",
                    fix=Fix(
                        Applicability.EQUIVALENT,
                        f"write `{network}`",
                        (Reword(entry.at, str(network)),),
                    ),
                )


RULE = Rule(
    name="host-bits-in-ip-range",
    family=Family.CONDITIONS,
    module=__name__,
    summary="bits beyond the mask do not count, so the range may be wider than meant",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("IMPROVE_IP_RANGE",),
    advice="write the first address of the range",
    sources=(CHECKS, OPERATORS),
    when=("operator IpAddress",),
    check=check,
    bad=(
        bad(
            "an address with the mask of its network",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "203.0.113.7/24"}, //!
            }}""",
        ),
        bad(
            "IPv6, in a list",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": [
                "203.0.113.0/24",
                "2001:db8::1/32", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "the first address",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
            }}""",
        ),
        good(
            "one address",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["203.0.113.7/32", "203.0.113.7"]},
            }}""",
        ),
    ),
)
