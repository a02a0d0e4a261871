"""Flags values of `aws:SourceVpc` and `aws:SourceVpce` that are not ids.

An id is `vpc-` or `vpce-` and 8 or 17 letters and digits. Any other value never matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.values.lookup import values_of
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import (
    CHECKS,
    GLOBAL_KEYS,
    compares_text,
    is_wild_string,
    known_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        prefix = _PREFIXES.get(condition.name)
        row = values_of(condition.key, context.catalog) if prefix else None
        if prefix is None or row is None or not compares_text(condition):
            continue
        for entry, value in known_values(condition):
            if (is_wild(value) and is_wild_string(condition)) or row.fault(value) is None:
                continue
            yield Hit(
                entry.at,
                f"`{value}` never matches: it does not have the form of `{prefix}0123456789abcdef0`",
                access_analyzer=f"INVALID_{prefix[:-1].upper()}_FORMAT",
            )


_PREFIXES = {"aws:sourcevpc": "vpc-", "aws:sourcevpce": "vpce-"}


RULE = Rule(
    name="invalid-vpc-id",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the value is not the id of a VPC or an endpoint, so it never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_VPC_FORMAT", "INVALID_VPCE_FORMAT"),
    advice="copy the id from the VPC console, or use `aws:SourceVpcArn` for an ARN",
    sources=(CHECKS, GLOBAL_KEYS),
    when=(" | ".join(f"key {one}" for one in _PREFIXES),),
    check=check,
    bad=(
        bad(
            "too short",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceVpc": "vpc-123"}, //!
            }}""",
        ),
        bad(
            "a VPC where an endpoint is meant",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotEquals: {"aws:SourceVpce": [
                "vpce-0123456789abcdef0",
                "vpc-0123456789abcdef0", //!
              ]},
            }}""",
            access_analyzer="INVALID_VPCE_FORMAT",
        ),
    ),
    good=(
        good(
            "a long id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceVpc": "vpc-0123456789abcdef0"},
            }}""",
        ),
        good(
            "an old short id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:sourceVpce": "vpce-1a2b3c4d"},
            }}""",
        ),
        good(
            "a variable",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"},
            }}""",
        ),
    ),
)
