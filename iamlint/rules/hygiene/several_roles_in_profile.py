"""Flags an instance profile with several roles.

AWS accepts one, so the deployment fails. A list that is not known, and a choice between two
roles, are not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    if subject.type != "AWS::IAM::InstanceProfile" or not isinstance(subject.value, dict):
        return
    roles = subject.value.get("Roles")
    if isinstance(roles, list) and len(roles) > 1:
        message = f"an instance profile takes one role, and this one has {len(roles)}"
        yield Hit(At(("Roles",)), message)


_TEMPLATE = """
Resources:
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties:
      Roles: %s
"""

RULE = Rule(
    name="several-roles-in-profile",
    family=Family.HYGIENE,
    module=__name__,
    summary="an instance profile has several roles",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="keep one role, with the policies of all that the instance needs",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
    ),
    check_subject=check,
    subjects=frozenset({SubjectKind.RESOURCE}),
    bad=(
        bad("two names", _TEMPLATE % "[reader, writer] //!", file="template.yaml"),
        bad(
            "a role of the template", _TEMPLATE % "[!Ref Reader, writer] //!", file="template.yaml"
        ),
    ),
    good=(
        good("one", _TEMPLATE % "[reader]", file="template.yaml"),
        good("a list that is not known", _TEMPLATE % "!Ref Roles", file="template.yaml"),
        good(
            "one of two",
            _TEMPLATE % "[!If [IsWriter, writer, reader]]",
            file="template.yaml",
        ),
    ),
)
