"""Flags identity policies longer than any identity policy may be.

AWS does not count white space. The limit applies to all inline policies of a role together; set
`maximum` to 6144 for managed policies. Access Analyzer counts one character more than there is, and
so does this rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.quotas._limits import IDENTITY
from iamlint.rules.quotas._sizes import Maximum, dense_size, maximum, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    return too_long(dense_size(context) + 1, maximum(context, IDENTITY.characters), blanks=False)


RULE = Rule(
    name="oversized-identity-policy",
    family=Family.QUOTAS,
    module=__name__,
    summary="AWS rejects an identity policy of this length",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",),
    kinds=frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION}),
    options=Maximum,
    advice="split the policy, or use wildcards that do not grant more",
    sources=(IDENTITY.source,),
    check_policy=check_policy,
    bad=(
        bad(
            "one character too many",
            """
            { //!
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
            }""",
            options={"maximum": 109},
        ),
        bad(
            "two statements too many",
            """
            { //!
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Effect: "Allow", Action: "s3:PutObject", Resource: "*"},
              ],
            }""",
            options={"maximum": 100},
        ),
    ),
    good=(
        good(
            "just short enough",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
            }""",
            options={"maximum": 110},
        ),
        good(
            "white space is not counted",
            """
            {
              "Version":          "2012-10-17",
              "Statement":        {
                "Effect":         "Allow",
                "Action":         "s3:GetObject",
                "Resource":       "arn:aws:s3:::b/*"
              }
            }""",
            file="example.json",
            options={"maximum": 110},
        ),
    ),
)
