"""Flags `aws:VpcSourceIp` without the VPC that the address belongs to.

Many VPCs use the same private addresses. Anyone can create a VPC with the address you expect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    names = {condition.name for condition in statement.conditions}
    # AWS names `aws:SourceVpc` only; the others pin the network as well and are let pass.
    if names & {"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"}:
        return
    for condition in statement.conditions:
        if condition.name == "aws:vpcsourceip":
            yield Hit(
                condition.at,
                "any VPC, also a stranger's, can have this private address, so it does not restrict callers",
            )


RULE = Rule(
    name="missing-paired-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a private address does not restrict callers without its VPC",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=291,
    access_analyzer=("MISSING_PAIRED_CONDITION_KEYS",),
    advice="add a condition on `aws:SourceVpc`",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("key aws:vpcsourceip",),
    check=check,
    bad=(
        bad(
            "alone",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:VpcSourceIp": "10.0.0.0/16"}, //!
            }}""",
        ),
        bad(
            "beside a key about something else",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              Bool: {"aws:SecureTransport": "true"},
              NotIpAddress: {"aws:VpcSourceIp": "10.0.0.0/16"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "with its VPC",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:VpcSourceIp": "10.0.0.0/16"},
              StringEquals: {"aws:SourceVpc": "vpc-12345678"},
            }}""",
        ),
        good(
            "with its endpoint",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:VpcSourceIp": "10.0.0.0/16"},
              StringEquals: {"aws:SourceVpce": "vpce-12345678"},
            }}""",
        ),
    ),
)
