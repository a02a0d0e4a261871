"""Flags a policy without `Version`, which AWS reads as version `2008-10-17`.

That version has no policy variables: `${aws:username}` is plain text in it and matches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.at import At
from iamlint.policy.grammar import Version
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Insert
from iamlint.rules._fixes import has_variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    if policy.statements and not policy.has_version:
        claim = (
            Applicability.CHANGES_ACCESS
            if has_variables(context.value)
            else Applicability.EQUIVALENT
        )
        yield Hit(
            At(()),
            "without `Version` AWS reads the policy as version 2008-10-17, which has no policy variables",
            fix=Fix(claim, "add the `Version`", (Insert(At(()), "Version", Version.V2012),)),
        )


RULE = Rule(
    name="missing-version",
    family=Family.HYGIENE,
    module=__name__,
    summary="AWS reads a policy without `Version` as version 2008-10-17, without policy variables",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_VERSION",),
    advice='add `"Version": "2012-10-17"`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    ),
    when=("no Version",),
    check_policy=check_policy,
    bad=(
        bad(
            "only statements",
            """
            { //!
              Statement: [{Effect: "Allow", Action: "s3:GetObject", Resource: "*"}],
            }""",
        ),
        bad(
            "an id is not a version",
            """
            { //!
              Id: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
    ),
    good=(
        good(
            "the newest version",
            """
            {
              Version: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        good(
            "the old version is valid too",
            """
            {
              Version: "2008-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        good(
            "a misspelt name is reported as such",
            """
            {
              version: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
    ),
)
