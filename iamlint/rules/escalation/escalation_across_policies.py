"""Flags a path of escalation that several policies of one user, group or role open together.

`iam:PassRole` in one policy and `lambda:CreateFunction` in another are harmless alone; a principal
with both acts as the roles that Lambda may assume. The rule reports only what is certain: after the
permissions boundary, the Denies of all the policies and the SCPs of the run, and only for identities
that the files describe completely. Other rules report a path that one policy opens alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import (
    AccountContext,
    Confidence,
    Family,
    OwnAccounts,
    Profile,
    Rule,
    Severity,
    bad,
    good,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule import AccountHit


def check(context: AccountContext) -> Iterator[AccountHit]:
    # It asks the account, which a run without a rule like this one does not import.
    from iamlint.rules.escalation._across import across  # noqa: PLC0415

    yield from across(context)


_HOME = OwnAccounts(account="111122223333")
_PASSES = """
{
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "iam:PassRole", //!
    Resource: "*",
    Condition: {StringEquals: {"iam:PassedToService": "lambda.amazonaws.com"}},
  },
}"""
_LAMBDA = """
{
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: ["lambda:CreateFunction", "lambda:InvokeFunction"],
    Resource: "*",
  },
}"""
_LIMIT = """
{
  Version: "2012-10-17",
  Statement: {Effect: "Allow", Action: ["lambda:*", "s3:*"], Resource: "*"},
}"""

RULE = Rule(
    name="escalation-across-policies",
    family=Family.ESCALATION,
    module=__name__,
    summary="several policies of one principal together open a path of escalation",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=8.0,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    advice="split the policies between several principals, or name the resources of one in full",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
        "https://pathfinding.cloud",
    ),
    check_account=check,
    bad=(
        bad(
            "a role passes roles by one policy and starts functions by another",
            _PASSES,
            file="roles/deployer/pass.json5",
            files={"roles/deployer/functions.json5": _LAMBDA},
            home=_HOME,
        ),
        bad(
            "the halves are inline in one template",
            """
            resource "aws_iam_user" "ci" {
              name = "ci"
            }

            resource "aws_iam_user_policy" "build" {
              name = "build"
              user = aws_iam_user.ci.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["ec2:RunInstances"]
                  Resource = "*"
                }]
              })
            }

            resource "aws_iam_user_policy" "pass" {
              name = "pass"
              user = aws_iam_user.ci.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["iam:PassRole"] //!
                  Resource = "arn:aws:iam::111122223333:role/*"
                }]
              })
            }""",
            file="main.tf",
            home=_HOME,
        ),
    ),
    good=(
        good(
            "two roles hold one half each",
            _PASSES.replace(" //!", ""),
            file="roles/deployer/pass.json5",
            files={"roles/starter/functions.json5": _LAMBDA},
            home=_HOME,
        ),
        good(
            "a permissions boundary allows one half only",
            _PASSES.replace(" //!", ""),
            file="roles/deployer/pass.json5",
            files={
                "roles/deployer/functions.json5": _LAMBDA,
                "roles/deployer/boundary.json5": _LIMIT,
            },
            home=_HOME,
        ),
    ),
)
