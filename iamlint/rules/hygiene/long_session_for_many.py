"""Flags sessions of 12 hours of a role that many can assume.

Credentials of a session work until they expire, also after a thief has them. The longer they work
and the more principals can get them, the more is lost. It is a note, because people who work all
day with a role of their own are the reason for such sessions. A role that only named principals or
certain subjects can assume is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.satisfiable import restricts
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.at import At
from iamlint.policy.grammar import PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.hygiene._sessions import LONGEST, SUBJECTS, allows, longest_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.policy.model import Condition, Principal, Statement
    from iamlint.rule import SubjectContext

# The claims of a token or an assertion that are the same for all its subjects.
_OF_ALL: Final = frozenset({"amr", "aud", "azp", "doc", "iss"})


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    session = longest_session(subject)
    if session is None or session.seconds != LONGEST:
        return
    found = [p for one in allows(session.policy()) for p in one.principals if _lets_in_many(p, one)]
    if found:
        yield Hit(
            At((session.name,)),
            f"{_many(found[0])} can have sessions of 12 hours",
            related=tuple(Note(session.place(p), "it means many principals") for p in found),
        )


def _lets_in_many(principal: Principal, statement: Statement) -> bool:
    """Return whether a statement lets in all that a principal means."""
    if "Condition" in statement.opaque or statement.has_more_conditions or statement.is_open:
        return False
    if principal.type is PrincipalType.FEDERATED:
        return principal.entry.known != "" and not any(map(_limits_subjects, statement.conditions))
    is_many = principal.is_everyone or _is_whole_account(principal)
    return is_many and not any(map(restricts, statement.conditions))


def _limits_subjects(condition: Condition) -> bool:
    return restricts(condition) and condition.name.rpartition(":")[2] not in _OF_ALL


def _is_whole_account(principal: Principal) -> bool:
    arn = parse_arn(principal.text)
    is_root = arn is not None and arn.resource == "root"
    return principal.type is PrincipalType.AWS and (is_account_id(principal.text) or is_root)


def _many(principal: Principal) -> str:
    if principal.type is PrincipalType.FEDERATED:
        return "all subjects of the identity provider"
    return "everyone" if principal.is_everyone else "a whole account"


_TEMPLATE = """
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: %s
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: %s}
            Action: sts:AssumeRole
"""
_ACCOUNT = '"arn:aws:iam::111122223333:root"'
_MODULE = """
resource "aws_iam_role" "reader" {
  max_session_duration = 43200%s
  assume_role_policy   = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/id.example.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { %s } }
    }]
  })
}
"""
_AUDIENCE = '"id.example.com:aud" = "app"'

RULE = Rule(
    name="long-session-for-many",
    family=Family.HYGIENE,
    module=__name__,
    summary="many principals can have sessions of 12 hours",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    security_severity=2.0,
    cwe=613,
    advice="shorten the session, or name who can assume the role",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
    ),
    check_subject=check,
    subjects=SUBJECTS,
    bad=(
        bad("a whole account", _TEMPLATE % ("43200 //!", _ACCOUNT), file="template.yaml"),
        bad("everyone", _TEMPLATE % ("43200 //!", '"*"'), file="template.yaml"),
        bad("a provider without subject", _MODULE % (" //!", _AUDIENCE), file="main.tf"),
    ),
    good=(
        good(
            "one role",
            _TEMPLATE % ("43200", '"arn:aws:iam::111122223333:role/people"'),
            file="template.yaml",
        ),
        good("a shorter session", _TEMPLATE % ("14400", _ACCOUNT), file="template.yaml"),
        good(
            "one subject",
            _MODULE % ("", f'{_AUDIENCE}, "id.example.com:sub" = "robin"'),
            file="main.tf",
        ),
    ),
)
