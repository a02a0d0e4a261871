"""Flags a group without users.

It gives no rights now, but everyone who is added to it later gets them, when its purpose may be
forgotten. Only a dump of a whole account shows that no user is in a group: in templates and modules
others may add some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.load.recognise.context import member, text_of
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.hygiene._details import GROUPS, USERS, entries, is_whole, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    details = subject.value
    if not is_whole(details):
        return
    users = entries(details, USERS)
    lists = [member(user, "GroupList") for user in users]
    if not all(isinstance(one, list) for one in lists):
        return  # a script left out in which groups the users are
    named = {name for one in lists for name in items(one) if type(name) is str}
    for index, group in enumerate(entries(details, GROUPS)):
        name = text_of(group, "GroupName")
        if name is not None and name not in named:
            at = At((GROUPS, index, "GroupName"))
            identity = text_of(group, "Arn") or f"group/{name}"
            yield Hit(at, f"group `{name}` has no users", identity=identity)


_DUMP = """
{
  "UserDetailList": [
    {"UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": ["%s"]}
  ],
  "GroupDetailList": [{
    "GroupName": "readers",%s
    "Arn": "arn:aws:iam::111122223333:group/readers"
  }],
  "RoleDetailList": []%s
}"""

RULE = Rule(
    name="empty-group",
    family=Family.HYGIENE,
    module=__name__,
    summary="a group has no users",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    subjects=frozenset({SubjectKind.DETAILS}),
    advice="delete the group unless users are to be added to it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
        "https://docs.aws.amazon.com/config/latest/developerguide/iam-group-has-users-check.html",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "the only user is in another group",
            _DUMP % ("writers", " //!", ', "Policies": []'),
            file="details.json",
        ),
        bad(
            "an account without users",
            """
{
  "UserDetailList": [],
  "GroupDetailList": [
    {"GroupName": "readers", "Arn": "arn:aws:iam::111122223333:group/readers"} //!
  ],
  "RoleDetailList": [],
  "Policies": []
}""",
            file="details.json",
        ),
    ),
    good=(
        good(
            "a group with a user", _DUMP % ("readers", "", ', "Policies": []'), file="details.json"
        ),
        good("a dump without all lists", _DUMP % ("writers", "", ""), file="details.json"),
    ),
)
