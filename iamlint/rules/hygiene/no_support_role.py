"""Flags an account without a user, group or role that has AWS's policy for its support.

In an incident, someone should be able to open a case without more access than that. The CIS
benchmark asks for a role with `AWSSupportAccess`. Others may give the same access by a policy of
their own, so the rule is strict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.dumps.details import LISTS
from iamlint.load.file_value import SubjectKind
from iamlint.load.recognise.context import member, text_of
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.hygiene._details import POLICIES, entries, is_whole, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value

_NAME = "AWSSupportAccess"
_END = f":iam::aws:policy/{_NAME}"


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    details = subject.value
    every = [one for name in (*LISTS, POLICIES) for one in entries(details, name)]
    if is_whole(details) and every and not any(map(_has_policy, every)):
        message = f"no user, group or role has AWS's policy `{_NAME}`"
        yield Hit(At(("RoleDetailList",), key=True), message)


def _has_policy(entry: Value) -> bool:
    """Return whether a user, group or role has the policy, or it is one that someone has."""
    if (text_of(entry, "Arn") or "").endswith(_END):
        return bool(member(entry, "AttachmentCount"))
    attached = items(member(entry, "AttachedManagedPolicies"))
    return any((text_of(one, "PolicyArn") or "").endswith(_END) for one in attached)


RULE = Rule(
    name="no-support-role",
    family=Family.HYGIENE,
    module=__name__,
    summary="no user, group or role has the policy for cases at AWS Support",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    controls=Controls(cis=("1.17",), cis_7=("2.15",), security_hub=("IAM.18",)),
    subjects=frozenset({SubjectKind.DETAILS}),
    advice="attach `AWSSupportAccess` to a role that people take in an incident",
    sources=(
        "https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSupportAccess.html",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "an account with one role, which has another policy",
            """
{
  "UserDetailList": [],
  "GroupDetailList": [],
  "RoleDetailList": [ //!
    {"RoleName": "audit", "Arn": "arn:aws:iam::111122223333:role/audit", "AttachedManagedPolicies": [
      {"PolicyName": "ViewOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"}
    ]}
  ],
  "Policies": []
}""",
            file="details.json",
        ),
        bad(
            "the policy is in the dump, and no identity has it",
            """
{
  "UserDetailList": [],
  "GroupDetailList": [],
  "RoleDetailList": [], //!
  "Policies": [{
    "PolicyName": "AWSSupportAccess",
    "Arn": "arn:aws:iam::aws:policy/AWSSupportAccess",
    "AttachmentCount": 0
  }]
}""",
            file="details.json",
        ),
    ),
    good=(
        good(
            "a role for incidents",
            """
{
  "UserDetailList": [],
  "GroupDetailList": [],
  "RoleDetailList": [
    {"RoleName": "incident", "Arn": "arn:aws:iam::111122223333:role/incident", "AttachedManagedPolicies": [
      {"PolicyName": "AWSSupportAccess", "PolicyArn": "arn:aws:iam::aws:policy/AWSSupportAccess"}
    ]}
  ],
  "Policies": []
}""",
            file="details.json",
        ),
        good(
            "a dump that lacks a list",
            """
{
  "UserDetailList": [],
  "RoleDetailList": [
    {"RoleName": "audit", "Arn": "arn:aws:iam::111122223333:role/audit", "AttachedManagedPolicies": []}
  ]
}""",
            file="details.json",
        ),
    ),
)
