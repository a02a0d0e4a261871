"""Flags a policy that a user has itself, and in a dump a user that gets no policies from its groups.

What a person may do should follow from its groups: then one look at a group shows it for all, and a
person that changes its task changes its group. Policies of single users are forgotten when that
happens. A workload that is a user should be a role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.load.link import Thing
from iamlint.load.recognise.context import member, text_of
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Controls, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.escalation._principals import who_have
from iamlint.rules.hygiene._details import GROUPS, USERS, entries, is_whole, items
from iamlint.rules.hygiene._places import attached, inline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import AccountContext, AccountHit, SubjectContext
    from iamlint.text.source import Value


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    described = context.described
    for place in inline(described.read, Thing.USER):
        policy = f"the policy `{place.policy}`" if place.policy else "this policy"
        if found := place.hit(f"{who_have(place.holders)} {policy} directly, not by a group"):
            yield found
    for place in attached(described.holdings, Thing.USER):
        message = f"{who_have(place.holders)} `{place.policy}` directly, not by a group"
        if found := place.hit(message):
            yield found


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    details = subject.value
    if not is_whole(details):
        return
    groups = {
        text_of(group, "GroupName")
        for group in entries(details, GROUPS)
        if _has_policies(group, "GroupPolicyList")
    }
    for index, user in enumerate(entries(details, USERS)):
        name, of_user = text_of(user, "UserName"), items(member(user, "GroupList"))
        if name is None or _has_policies(user, "UserPolicyList"):
            continue
        if not any(one in groups for one in of_user if type(one) is str):
            message = f"user `{name}` has no policies, and is in no group that has some"
            identity = text_of(user, "Arn") or f"user/{name}"
            yield Hit(At((USERS, index, "UserName")), message, identity=identity)


def _has_policies(entry: Value, own: str) -> bool:
    """Return whether a user or a group has policies: of its `own`, or attached ones."""
    return bool(member(entry, own) or member(entry, "AttachedManagedPolicies"))


_USERS = """
{
  "UserDetailList": [{
    "UserName": "ann",%s
    "Arn": "arn:aws:iam::111122223333:user/ann",
    "GroupList": [%s]
  }],
  "GroupDetailList": [{
    "GroupName": "readers",
    "Arn": "arn:aws:iam::111122223333:group/readers",
    "AttachedManagedPolicies": [
      {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    ]
  }],
  "RoleDetailList": [],
  "Policies": []
}"""

RULE = Rule(
    name="policy-on-user",
    family=Family.HYGIENE,
    module=__name__,
    summary="a user has a policy itself, and not by a group",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    controls=Controls(cis=("1.15",), cis_7=("2.13",), fsbp=("IAM.2",)),
    kinds=frozenset({Kind.IDENTITY}),
    subjects=frozenset({SubjectKind.DETAILS}),
    of_part=True,
    advice="give the policy to a group that the user is in, or to a role that it assumes",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-2",
    ),
    check_account=check_account,
    check_subject=check_subject,
    bad=(
        bad(
            "an attachment of a module",
            """
            resource "aws_iam_user_policy_attachment" "ann" {
              user       = aws_iam_user.ann.name
              policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" //!
            }
            resource "aws_iam_user" "ann" {
              name = "ann"
            }
            """,
            file="main.tf",
        ),
        bad(
            "an inline policy of a template",
            """
            Resources:
              Ann:
                Type: AWS::IAM::User
                Properties:
                  Policies:
                    - PolicyName: reads
                      PolicyDocument:
                        Version: "2012-10-17" //!
                        Statement:
                          Effect: Allow
                          Action: s3:GetObject
                          Resource: arn:aws:s3:::shelf/*
            """,
            file="template.yaml",
        ),
        bad("a user of a dump without a group", _USERS % (" //!", ""), file="details.json"),
    ),
    good=(
        good(
            "a group has the policy",
            """
            Resources:
              Ann:
                Type: AWS::IAM::User
                Properties:
                  Groups: [!Ref Readers]
              Readers:
                Type: AWS::IAM::Group
                Properties:
                  ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
            """,
            file="template.yaml",
        ),
        good(
            "a boundary of a user only limits",
            """
            resource "aws_iam_user" "ann" {
              name                 = "ann"
              permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
            }
            """,
            file="main.tf",
        ),
        good("a user of a dump with a group", _USERS % ("", '"readers"'), file="details.json"),
    ),
)
