"""Flags policy variables that Terraform or OpenTofu does not pass on to AWS.

Terraform uses the same `${…}` for its own expressions, and `aws:username` is not one. The data
source `aws_iam_policy_document` turns `&{…}` into `${…}`. Nothing else does, so in `jsonencode` or
a heredoc AWS compares with the characters `&{aws:username}`, which match nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    yield from hits_of(policy, GrammarFault.EVALUATED_VARIABLE)
    yield from hits_of(policy, GrammarFault.UNTRANSLATED_VARIABLE)


RULE = Rule(
    name="variable-in-hcl",
    family=Family.SYNTAX,
    module=__name__,
    summary="a policy variable does not reach AWS as a variable",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="write `$${aws:username}`: it becomes `${aws:username}` in the policy",
    sources=(
        "https://developer.hashicorp.com/terraform/language/expressions/strings",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document",
    ),
    when=("problem evaluated variable | problem untranslated variable",),
    check_policy=check_policy,
    bad=(
        bad(
            "one dollar in `jsonencode`",
            """
            resource "aws_iam_policy" "home" {
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = "s3:GetObject"
                  Resource = "arn:aws:s3:::homes/${aws:username}/*" //!
                }]
              })
            }""",
            file="main.tf",
        ),
        bad(
            "an ampersand in a heredoc",
            """
            resource "aws_iam_policy" "home" {
              policy = <<-EOT
                {
                  "Version": "2012-10-17",
                  "Statement": [{
                    "Effect": "Allow",
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::homes/&{aws:username}/*" //!
                  }]
                }
              EOT
            }""",
            file="main.tf",
        ),
    ),
    good=(
        good(
            "two dollars give one",
            """
            resource "aws_iam_policy" "home" {
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = "s3:GetObject"
                  Resource = "arn:aws:s3:::homes/$${aws:username}/*"
                }]
              })
            }""",
            file="main.tf",
        ),
        good(
            "an ampersand where the provider translates it",
            """
            data "aws_iam_policy_document" "home" {
              statement {
                actions   = ["s3:GetObject"]
                resources = ["arn:aws:s3:::homes/&{aws:username}/*"]
              }
            }""",
            file="main.tf",
        ),
    ),
)
