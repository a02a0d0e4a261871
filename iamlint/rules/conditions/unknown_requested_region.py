"""Flags regions in `aws:RequestedRegion` that do not exist.

No request goes to such a region: an `Allow` grants nothing there, and a `Deny` with
`StringNotEquals` also blocks the region that the author meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.partitions import DATE
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, compares_text, known_values
from iamlint.rules.resources._regions import region_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    regions = context.catalog.regions()
    for condition in statement.conditions:
        if condition.name != "aws:requestedregion" or not compares_text(condition):
            continue
        listed = {value for _, value in known_values(condition)}
        for entry, value in known_values(condition):
            if value in regions or is_wild(value) or value in _GLOBAL:
                continue
            yield Hit(
                entry.at,
                f"`{value}` is not a region of AWS (as of {DATE}), so no request goes there",
                help=region_meant(value, sorted(regions - listed)),
            )


# Endpoints without a region; AWS's verdict on them is not known, and they are let pass.
_GLOBAL = frozenset({"aws-global", "aws-cn-global", "aws-us-gov-global", "global"})


RULE = Rule(
    name="unknown-requested-region",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request goes to a region that does not exist",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_REGION",),
    advice="write the code of a region, such as `eu-west-1`",
    sources=(CHECKS, GLOBAL_KEYS),
    check=check,
    bad=(
        bad(
            "a misspelling",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:RequestedRegion": "us-est-1"}, //!
            }}""",
        ),
        bad(
            "a zone in a list of regions",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotEquals: {"aws:RequestedRegion": [
                "eu-west-1",
                "eu-west-1a", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "regions of several partitions",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:RequestedRegion": ["us-east-1", "cn-north-1", "us-gov-west-1"]},
            }}""",
        ),
        good(
            "a pattern",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:RequestedRegion": "us-*"},
            }}""",
        ),
    ),
)
