"""Flags a user that has all rights itself.

The keys and the password of a user last until someone changes them, so who finds one of them stays an
administrator for as long. AWS asks people to take a role with temporary credentials, and administrators
to be in a group at least. A policy that only a condition or a limit keeps from all rights is not
reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import Thing
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Controls, Family, Rule, Severity, bad, good
from iamlint.rules.escalation._principals import who_have
from iamlint.rules.hygiene._administrators import in_attachments, in_documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Ref


def judge(holders: Sequence[Ref], _: object) -> str | None:
    users = [one for one in holders if one.thing is Thing.USER]
    return f"{who_have(users)} all rights by a policy of its own" if users else None


_TEMPLATE = """
Resources:
  Admins:
    Type: AWS::IAM::%s
    Properties:
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "*"%s
                Resource: "*"
"""
_MODULE = """
resource "aws_iam_%s_policy_attachment" "all" {
  %s       = aws_iam_%s.all.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"%s
}
resource "aws_iam_%s" "all" {
  name = "all"%s
}
"""

RULE = Rule(
    name="administrator-on-user",
    family=Family.HYGIENE,
    module=__name__,
    summary="a user has all rights by a policy of its own",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.0,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    controls=Controls(cis=("1.15", "1.16"), cis_7=("2.13", "2.14"), fsbp=("IAM.1", "IAM.2")),
    advice="give the rights to a role that people assume with MFA",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1",
    ),
    when=("Allow", "every action", "wild resource"),
    check=in_documents(judge),
    check_attachment=in_attachments(judge),
    bad=(
        bad("an inline policy", _TEMPLATE % ("User", " //!"), file="template.yaml"),
        bad(
            "an attached policy of AWS",
            _MODULE % ("user", "user", "user", " //!", "user", ""),
            file="main.tf",
        ),
    ),
    good=(
        good("the same of a group", _TEMPLATE % ("Group", ""), file="template.yaml"),
        good(
            "the same of a role",
            _MODULE % ("role", "role", "role", "", "role", '\n  assume_role_policy = "{}"'),
            file="main.tf",
        ),
    ),
)
