"""Flags long sessions of a role that only other roles can assume.

A role that assumes another role chains them. AWS limits a chained session to one hour, and refuses
a request for more, whatever the longest session of the role is. A role that a user, a service or
an unknown principal can assume too is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.arn import parse_arn
from iamlint.policy.at import At
from iamlint.policy.grammar import PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.hygiene._sessions import (
    LONGEST,
    SHORTEST,
    SUBJECTS,
    allows,
    hours,
    longest_session,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.policy.model import Principal
    from iamlint.rule import SubjectContext

_SERVICES: Final = ("iam", "sts")
_ROLES: Final = ("assumed-role", "role")


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    session = longest_session(subject)
    if session is None or not SHORTEST < session.seconds <= LONGEST:
        return
    policy = session.policy()
    statements = list(allows(policy))
    principals = [principal for one in statements for principal in one.principals]
    is_whole = policy is not None and not policy.opaque
    if not principals or not is_whole or not all(one.principals for one in statements):
        return
    if all(map(_is_role, principals)):
        yield Hit(
            At((session.name,)),
            f"only roles can assume this role, so no session of it lasts {hours(session.seconds)}:"
            " AWS limits a chained session to one hour",
            related=tuple(Note(session.place(p), "this principal is a role") for p in principals),
        )


def _is_role(principal: Principal) -> bool:
    arn = parse_arn(principal.text)
    is_of_role = arn is not None and arn.service in _SERVICES and arn.resource_type in _ROLES
    return principal.type is PrincipalType.AWS and is_of_role


_TEMPLATE = """
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: %s
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: %s}, Action: "sts:AssumeRole"}
"""
_ROLE = '"arn:aws:iam::111122223333:role/jobs"'
_MODULE = """
resource "aws_iam_role" "reader" {
  max_session_duration = %s
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "jobs" {
  name               = "jobs"
  assume_role_policy = jsonencode({})
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [%s]
    }
  }
}
"""

RULE = Rule(
    name="chained-session-too-long",
    family=Family.HYGIENE,
    module=__name__,
    summary="only roles can assume the role, and its sessions should last more than an hour",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="declare 3600 seconds, or let people or services assume the role directly",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    ),
    check_subject=check,
    subjects=SUBJECTS,
    bad=(
        bad("one role", _TEMPLATE % ("14400 //!", _ROLE), file="template.yaml"),
        bad(
            "a role of the module", _MODULE % ("7200 //!", "aws_iam_role.jobs.arn"), file="main.tf"
        ),
    ),
    good=(
        good("one hour", _TEMPLATE % ("3600", _ROLE), file="template.yaml"),
        good(
            "a user, too",
            _TEMPLATE % ("14400", f'[{_ROLE}, "arn:aws:iam::111122223333:user/robin"]'),
            file="template.yaml",
        ),
        good("a principal that is not known", _MODULE % ("7200", "var.jobs"), file="main.tf"),
    ),
)
