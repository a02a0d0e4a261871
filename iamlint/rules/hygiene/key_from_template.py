"""Flags long-lived access keys that a template or a module makes.

All who can read the state, the stack or its outputs can use such a key, which never expires.
Terraform writes the secret into its state in plain text, unless `pgp_key` encrypts it. A role
gives credentials that expire. A secret that may be encrypted, and a key that may not exist, are
not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._made_secrets import where_returned
from iamlint.rules.hygiene._user_data import key_within
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext

_TEMPLATE_TYPE: Final = "AWS::IAM::AccessKey"
_MODULE_TYPE: Final = "aws_iam_access_key"


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    value = subject.value
    if subject.type not in (_TEMPLATE_TYPE, _MODULE_TYPE) or not isinstance(value, dict):
        return
    if value.get("pgp_key") not in (None, ""):
        return  # encrypted, or not known
    if isinstance(value.get("secret"), str):
        at = At(("secret",))
        key = key_within(subject, at)  # the place at which another rule reports it
        at = replace(at, span=Span(key.start, key.end)) if key else at
        yield Hit(at, "the state has the secret of this access key in plain text")
        return
    if subject.is_conditional:
        return
    message = "a template makes this access key, which does not expire"
    if subject.type == _MODULE_TYPE:
        message = "the state of Terraform will have the secret of this access key in plain text"
    yield Hit(At((), key=True), message, related=tuple(where_returned(subject)))


_USER = """
resource "aws_iam_access_key" "robot" {%s
  user = "robot"%s
}
"""

RULE = Rule(
    name="key-from-template",
    family=Family.HYGIENE,
    module=__name__,
    summary="a template or a module makes a long-lived access key",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.0,
    cwe=522,
    advice="use a role; where that cannot be, make the key outside of the template",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key",
    ),
    check_subject=check,
    subjects=frozenset({SubjectKind.RESOURCE}),
    bad=(
        bad(
            "a template, whose output returns the secret",
            """
            Resources:
              RobotKey: //!
                Type: AWS::IAM::AccessKey
                Properties:
                  UserName: robot
            Outputs:
              Secret:
                Value: !GetAtt RobotKey.SecretAccessKey
            """,
            file="template.yaml",
        ),
        bad("a module", _USER % (" //!", ""), file="main.tf"),
    ),
    good=(
        good(
            "the secret is encrypted", _USER % ("", '\n  pgp_key = "keybase:robin"'), file="main.tf"
        ),
        good(
            "it is not known whether it is", _USER % ("", "\n  pgp_key = var.key"), file="main.tf"
        ),
        good("it may not exist", _USER % ("", "\n  count = var.wanted ? 1 : 0"), file="main.tf"),
    ),
)
