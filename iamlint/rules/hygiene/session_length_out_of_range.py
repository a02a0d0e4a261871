"""Flags a longest session that AWS does not accept.

The longest session of a role is one hour to 12 hours. AWS refuses a role with another value, so
the deployment fails. A number that is not known is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._sessions import LONGEST, SHORTEST, SUBJECTS, longest_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    session = longest_session(subject)
    if session is not None and not SHORTEST <= session.seconds <= LONGEST:
        yield Hit(
            At((session.name,)),
            f"AWS does not accept a longest session of {session.seconds} seconds:"
            f" it is {SHORTEST} to {LONGEST}",
        )


_TEMPLATE = """
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: %s
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
"""
_MODULE = """
resource "aws_iam_role" "reader" {
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = %s
}
"""

RULE = Rule(
    name="session-length-out-of-range",
    family=Family.HYGIENE,
    module=__name__,
    summary="AWS does not accept the longest session of a role",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="give a number of seconds from 3600 to 43200",
    sources=("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",),
    check_subject=check,
    subjects=SUBJECTS,
    bad=(
        bad("half an hour", _TEMPLATE % "1800 //!", file="template.yaml"),
        bad("minutes in place of seconds", _MODULE % "720 //!", file="main.tf"),
        bad("more than 12 hours", _TEMPLATE % '"86400" //!', file="template.yaml"),
    ),
    good=(
        good("12 hours", _TEMPLATE % "43200", file="template.yaml"),
        good("one hour", _MODULE % "3600", file="main.tf"),
        good("a number that is not known", _TEMPLATE % "!Ref Seconds", file="template.yaml"),
    ),
)
