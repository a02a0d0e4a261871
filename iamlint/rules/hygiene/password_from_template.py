"""Flags console passwords that a template or a module makes.

A password in a template is known to all who can read it, and so is a default value, which counts
where no other one is given. Terraform writes a password that it makes into its state in plain
text, unless `pgp_key` encrypts it. People should sign in with federation, or choose their
password. A parameter without a default and a reference to another service's secret are not
reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import DEFAULTS, SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._made_secrets import where_returned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value

_WRITTEN: Final = 8.0
_DYNAMIC: Final = "{{resolve:"


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    value = subject.value
    if not isinstance(value, dict):
        return
    if subject.type == "AWS::IAM::User":
        yield from _of_template(value)
    elif subject.type == "aws_iam_user_login_profile" and value.get("pgp_key") in (None, ""):
        yield from _of_module(subject, value)


def _of_template(value: dict[str, Value]) -> Iterator[Hit]:
    profile = value.get("LoginProfile")
    password = profile.get("Password") if isinstance(profile, dict) else None
    if _is_password(password):
        at = At(("LoginProfile", "Password"))
        message = "the template has the password of a user"
        yield Hit(at, message, security_severity=_WRITTEN, hides=True)
    defaults = value.get(DEFAULTS)
    for name, default in defaults.items() if isinstance(defaults, dict) else ():
        if _is_password(default):
            message = f"the default of `{name}` is the password of a user"
            yield Hit(At((DEFAULTS, name)), message, security_severity=_WRITTEN, hides=True)


def _is_password(value: Value) -> bool:
    """Return whether a value is a password itself, and not the place of a secret."""
    return isinstance(value, str) and value != "" and _DYNAMIC not in value


def _of_module(subject: Subject, value: dict[str, Value]) -> Iterator[Hit]:
    if isinstance(value.get("password"), str):
        message = "the state has the password of this user in plain text"
        yield Hit(At(("password",)), message, security_severity=_WRITTEN, hides=True)
        return
    if subject.is_conditional:
        return
    message = "the state of Terraform will have the password of this user in plain text"
    yield Hit(At((), key=True), message, related=tuple(where_returned(subject)))


_TEMPLATE = """
Parameters:
  First: {Type: String, NoEcho: true%s}
Resources:
  Robin:
    Type: AWS::IAM::User
    Properties:
      LoginProfile:
        Password: %s
        PasswordResetRequired: true
"""
_MODULE = """
resource "aws_iam_user_login_profile" "robin" {%s
  user = "robin"%s
}
"""

RULE = Rule(
    name="password-from-template",
    family=Family.HYGIENE,
    module=__name__,
    summary="a template or a module makes the password of a user",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.0,
    cwe=522,
    advice="let people sign in with federation, or make the password outside of the template",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-iam-user-loginprofile.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user_login_profile",
    ),
    check_subject=check,
    subjects=frozenset({SubjectKind.RESOURCE}),
    bad=(
        bad("in the template", _TEMPLATE % ("", "Summer-2026 //!"), file="template.yaml"),
        bad(
            "as a default",
            (_TEMPLATE % (", Default: Summer-2026", "!Ref First")).replace("26}", "26} //!"),
            file="template.yaml",
        ),
        bad("in the state of a module", _MODULE % (" //!", ""), file="main.tf"),
    ),
    good=(
        good("a parameter without a default", _TEMPLATE % ("", "!Ref First"), file="template.yaml"),
        good(
            "a secret of another service",
            _TEMPLATE % ("", '"{{resolve:secretsmanager:first:SecretString}}"'),
            file="template.yaml",
        ),
        good("it is encrypted", _MODULE % ("", '\n  pgp_key = "keybase:robin"'), file="main.tf"),
    ),
)
