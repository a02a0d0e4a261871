"""Flags trust policies longer than the default quota, which AWS can raise.

AWS does not count white space. Set `maximum` if AWS has raised the quota of your account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.quotas._limits import TRUST
from iamlint.rules.quotas._sizes import Maximum, dense_size, maximum, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    return too_long(dense_size(context), maximum(context, TRUST.characters), blanks=False)


RULE = Rule(
    name="oversized-trust-policy",
    family=Family.QUOTAS,
    module=__name__,
    summary="AWS rejects a trust policy of this length, unless the quota is raised",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",),
    kinds=frozenset({Kind.TRUST}),
    options=Maximum,
    advice="name accounts or an organization instead of many principals, or ask AWS to raise the quota and set `maximum`",
    sources=(TRUST.source,),
    check_policy=check_policy,
    bad=(
        bad(
            "a short policy under a shorter quota",
            """
            { //!
              Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            options={"maximum": 100},
        ),
        bad(
            "two services",
            """
            { //!
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: {Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
            }""",
            kind=Kind.TRUST,
            options={"maximum": 149},
        ),
    ),
    good=(
        good(
            "a service",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "a raised quota",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: {Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
            }""",
            kind=Kind.TRUST,
            options={"maximum": 4096},
        ),
    ),
)
