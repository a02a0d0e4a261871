"""Flags private addresses in `aws:SourceIp`.

AWS sees the public address of a request; through a VPC endpoint the key is absent. A private
address never matches: an `Allow` grants nothing, and a `Deny` with `NotIpAddress` blocks everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, known_values
from iamlint.rules.conditions._values import is_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != "aws:sourceip" or condition.family is not OperatorFamily.IP:
            continue
        private = [entry for entry, value in known_values(condition) if is_private(value)]
        if not private:
            continue
        partly = len(private) < len(condition.values)
        code = f"PRIVATE_{'NOT_' * condition.negated}IP_ADDRESS{'_SUBSET' * partly}"
        first, *others = private
        what = "this value" if partly else f"`{condition.key}`"
        yield Hit(
            first.at,
            f"no request comes from the private address `{first.text}`, so {what} never matches",
            related=tuple(
                Note(entry.at, "no request comes from this address either") for entry in others
            ),
            access_analyzer=code,
            severity=Severity.NOTE if partly else None,
        )


RULE = Rule(
    name="private-ip-address",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request comes from a private address, so the value never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(
        "PRIVATE_IP_ADDRESS",
        "PRIVATE_NOT_IP_ADDRESS",
        "PRIVATE_IP_ADDRESS_SUBSET",
        "PRIVATE_NOT_IP_ADDRESS_SUBSET",
    ),
    advice="use public addresses, or `aws:VpcSourceIp` with `aws:SourceVpc`",
    sources=(CHECKS, GLOBAL_KEYS),
    check=check,
    bad=(
        bad(
            "all of them",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": [
                "10.0.0.0/8", //!
                "192.168.1.0/24",
              ]},
            }}""",
        ),
        bad(
            "negated, one address",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddressIfExists: {"aws:SourceIp": "172.16.0.1"}, //!
            }}""",
            access_analyzer="PRIVATE_NOT_IP_ADDRESS",
        ),
        bad(
            "some of them",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": [
                "203.0.113.0/24",
                "10.0.0.0/8", //!
              ]},
            }}""",
            access_analyzer="PRIVATE_IP_ADDRESS_SUBSET",
        ),
        bad(
            "some of them, negated",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": [
                "10.0.0.0/8", //!
                "203.0.113.0/24",
              ]},
            }}""",
            access_analyzer="PRIVATE_NOT_IP_ADDRESS_SUBSET",
        ),
    ),
    good=(
        good(
            "public addresses",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["203.0.113.0/24", "172.32.0.0/16"]},
            }}""",
        ),
        good(
            "a range that is only partly private",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "0.0.0.0/0"},
            }}""",
        ),
        good(
            "the address inside a VPC",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:VpcSourceIp": "10.0.0.0/8"},
            }}""",
        ),
    ),
)
