"""Flags regions that do not exist, in `aws:RequestedRegion` and other keys of regions.

No request goes to such a region: an `Allow` grants nothing there, and a `Deny` with
`StringNotEquals` also blocks the region that the author meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.model import KeyType
from iamlint.catalog.partitions import DATE
from iamlint.policy.wildcard import is_wild, overlaps
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, compares_text, known_values
from iamlint.rules.resources._regions import region_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if compares_text(condition) and _has_regions(condition.key, context):
            yield from _unknown(condition, context.catalog.regions())


def _unknown(condition: Condition, regions: frozenset[str]) -> Iterator[Hit]:
    is_requested = condition.name == _REQUESTED
    ignores_case = condition.operator is not None and condition.operator.ignores_case
    listed = {value for _, value in known_values(condition)}
    known = [one.lower() if ignores_case else one for one in (*regions, *_GLOBAL)]
    for entry, value in known_values(condition):
        wanted = value.lower() if ignores_case else value
        if not value or any(overlaps(wanted, one) for one in known):
            continue
        what = "matches no region" if is_wild(value) else "is not a region"
        where = "goes there" if is_requested else f"has it in `{condition.key}`"
        yield Hit(
            entry.at,
            f"`{value}` {what} of AWS (as of {DATE}), so no request {where}",
            help=region_meant(value, sorted(regions - listed)),
            access_analyzer=None if is_requested and not is_wild(value) else "",
        )


_REQUESTED = "aws:requestedregion"


def _has_regions(key: str, context: RuleContext) -> bool:
    """Return whether the values of a key are regions: its name says so."""
    low = key.lower()
    if low == _REQUESTED:
        return True
    if not low.endswith(("region", "regions", "s3:locationconstraint")) or low.startswith("aws:"):
        return False
    known = context.catalog.condition_key(key)
    return known is not None and known.type is KeyType.STRING and "${" not in known.name


# Endpoints without a region, whose verdict of AWS is not known, and the older name of `eu-west-1`:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
_GLOBAL = ("aws-global", "aws-cn-global", "aws-us-gov-global", "global", "EU")


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
    when=("operator String", "key *region | key *regions | key *s3:locationconstraint"),
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
        bad(
            "a pattern that no region matches",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLike: {"aws:RequestedRegion": [
                "eu-*",
                "us_east-*", //!
              ]},
            }}""",
            access_analyzer="",
        ),
        bad(
            "the region of a replica",
            """
            {Effect: "Allow", Action: "kms:ReplicateKey", Resource: "*", Condition: {
              StringEquals: {"kms:ReplicaRegion": "eu-wets-1"}, //!
            }}""",
            access_analyzer="",
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
            "without regard to letter case",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEqualsIgnoreCase: {"aws:RequestedRegion": "EU-WEST-1"},
            }}""",
        ),
        good(
            "the region of a bucket by its older name",
            """
            {Effect: "Allow", Action: "s3:CreateBucket", Resource: "*", Condition: {
              StringEquals: {"s3:LocationConstraint": ["EU", "eu-central-1"]},
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
