"""Flags statements that are the same as another one of the policy.

Anyone who changes only one of them will wonder why nothing changes. The rule ignores `Sid`, the
order of lists, and letter case where AWS ignores it, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove
from iamlint.rules.redundancy._alike import alike, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    for first, *others in alike(policy.statements):
        yield Hit(
            first.at,
            f"{len(others) + 1} statements are the same, so only one of them has an effect",
            related=tuple(Note(other.at, "the same statement") for other in others),
            fix=Fix(
                Applicability.EQUIVALENT,
                "keep the first of them",
                (Remove(tuple(other.at for other in others)),),
                tuple(at for statement in (first, *others) for at in texts_of(statement)),
            ),
        )


RULE = Rule(
    name="redundant-statement",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="a statement is the same as another one, so it has no effect",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_STATEMENT",),
    advice="remove all but one of them",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
    ),
    when=("several statements",),
    check_policy=check_policy,
    bad=(
        bad(
            "a copy under another name",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "One", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}, //!
                {Sid: "Two", Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              ],
            }""",
        ),
        bad(
            "the same in another order and letter case",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Deny", Action: "iam:*", Resource: "*"},
                {Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*"}, //!
                {Effect: "Allow", Action: ["s3:putobject", "s3:getobject"], Resource: ["*"]},
              ],
            }""",
        ),
    ),
    good=(
        good(
            "different effects",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Effect: "Deny", Action: "s3:GetObject", Resource: "*"},
              ],
            }""",
        ),
        good(
            "different conditions",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "red"}}},
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "Red"}}},
              ],
            }""",
        ),
        good(
            "a condition that could not be read might differ",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "{{ one }}"}}},
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*",
                 Condition: {StringEquals: {"aws:PrincipalTag/team": "{{ one }}"}}},
              ],
            }""",
        ),
    ),
)
