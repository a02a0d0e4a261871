"""Flags resources that another entry of the same list covers.

They make the list longer and hide what it includes. The rule compares entries as patterns over the
whole ARN, with letter case; a `*` also matches colons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn_patterns import covers_arn
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.redundancy._covering import redundant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, RuleContext

_ESCAPES = ("${*}", "${?}")


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # Whether AWS looks at `NotResource` is not known, so it is left alone.
    entries = [entry for entry in statement.resources if entry.known]
    if len(entries) > 1:
        plain = [e for e in entries if not any(escape in e.text for escape in _ESCAPES)]
        yield from redundant(plain, [entry.text for entry in plain], covers_arn)


RULE = Rule(
    name="redundant-resource",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="another entry of the list covers this resource, so it has no effect",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_RESOURCE",),
    advice="keep the wider entry, or the narrower ones if they are all that is needed",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
    ),
    when=("several resources", "wild resource | repeated resource"),
    check=check,
    bad=(
        bad(
            "buckets cover their objects",
            """
            {Effect: "Allow", Action: "s3:*", Resource: [
              "arn:aws:s3:::b*", //!
              "arn:aws:s3:::b*/*",
            ]}""",
        ),
        bad(
            "everything beside something",
            """
            {Effect: "Allow", Action: "s3:*", Resource: [
              "arn:aws:s3:::b", //!
              "*",
            ]}""",
        ),
        bad(
            "a wildcard account also matches the rest",
            """
            {Effect: "Allow", Action: "logs:*", Resource: [
              "arn:aws:logs:*:*:log-group:/aws/lambda/x*", //!
              "arn:aws:logs:*:*:/aws/lambda/x*",
            ]}""",
        ),
    ),
    good=(
        good(
            "a bucket and its objects",
            """
            {Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}""",
        ),
        good(
            "letter case counts in resources",
            """
            {Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::b/Ab*", "arn:aws:s3:::b/ab*/*"]}""",
        ),
        good(
            "an escaped star is a plain character",
            """
            {Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::b/${*}", "arn:aws:s3:::b/${x}"]}""",
        ),
    ),
)
