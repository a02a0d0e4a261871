"""Flags a managed policy of the account that nothing uses.

Someone who attaches it later trusts a text that was not looked at for long. Only a dump of a whole account
shows that no user, group or role has a policy, and that none has it as a permissions boundary: in templates and
modules others may attach it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.dumps.details import LISTS
from iamlint.load.file_value import SubjectKind
from iamlint.load.link import is_aws_managed
from iamlint.load.recognise.context import member, text_of
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.hygiene._details import POLICIES, entries, is_whole, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    details = subject.value
    if not is_whole(details):
        return
    used = set(_used(details))
    for index, policy in enumerate(entries(details, POLICIES)):
        name, arn = text_of(policy, "PolicyName"), text_of(policy, "Arn")
        if name is None or arn is None or is_aws_managed(arn) or arn in used or _is_counted(policy):
            continue
        at = At((POLICIES, index, "PolicyName"))
        yield Hit(at, f"no user, group or role has the policy `{name}`", identity=arn)


def _is_counted(policy: Value) -> bool:
    """Return whether AWS counts a use, or does not say that it counts none."""
    counts = member(policy, "AttachmentCount"), member(policy, "PermissionsBoundaryUsageCount")
    return counts[0] != 0 or counts[1] not in (0, None)


def _used(details: Value) -> Iterator[str]:
    """Yield the ARNs of the policies that something has, or is limited by."""
    for name in LISTS:
        for entry in entries(details, name):
            attached = items(member(entry, "AttachedManagedPolicies"))
            yield from filter(None, (text_of(one, "PolicyArn") for one in attached))
            limit = text_of(member(entry, "PermissionsBoundary"), "PermissionsBoundaryArn")
            yield from (limit,) if limit else ()


_DUMP = """
{
  "UserDetailList": [],
  "GroupDetailList": [],%s
  "Policies": [{
    "PolicyName": "read-shelf",%s
    "Arn": "arn:aws:iam::%s:policy/read-shelf",
    "AttachmentCount": %s,
    "PermissionsBoundaryUsageCount": %s
  }]
}"""
_ROLES = '\n  "RoleDetailList": [],'

RULE = Rule(
    name="unattached-policy",
    family=Family.HYGIENE,
    module=__name__,
    summary="no user, group or role has a managed policy of the account",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    subjects=frozenset({SubjectKind.DETAILS}),
    advice="delete the policy unless someone is to have it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
        "https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-in-use.html",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "AWS counts no attachment",
            _DUMP % (_ROLES, " //!", "111122223333", 0, 0),
            file="details.json",
        ),
        bad(
            "beside a policy of AWS, in one line",
            """
{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [
  {"PolicyName": "AmazonS3FullAccess", "Arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess", "AttachmentCount": 0},
  {"PolicyName": "read-shelf", "Arn": "arn:aws:iam::111122223333:policy/read-shelf", "AttachmentCount": 0} //!
]}""",
            file="details.json",
        ),
    ),
    good=(
        good("a policy in use", _DUMP % (_ROLES, "", "111122223333", 2, 0), file="details.json"),
        good(
            "a permissions boundary",
            _DUMP % (_ROLES, "", "111122223333", 0, 1),
            file="details.json",
        ),
        good("a policy of AWS", _DUMP % (_ROLES, "", "aws", 0, 0), file="details.json"),
        good(
            "a dump without all lists", _DUMP % ("", "", "111122223333", 0, 0), file="details.json"
        ),
    ),
)
