"""Flags settings of the account's password policy that are weaker than benchmarks ask for.

The CIS benchmark asks for 14 characters and that AWS remembers 24 earlier passwords. It dropped
demands of character classes and of expiry, which NIST SP 800-63B advises against. The strict profile
asks for all classes, as AWS's Foundational Security Best Practices do, and for expiry within 90 days,
as PCI DSS does. An account whose credential report shows no user with a password is not reported, nor
is an account without a policy of its own: no file says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import SubjectKind
from iamlint.rule import Confidence, Controls, Family, Rule, Severity, bad, good
from iamlint.rules.hygiene._credentials import PASSWORD, is_root, truth
from iamlint.rules.hygiene._passwords import OF_AWS, OF_TERRAFORM, PasswordDemands, weaknesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import Hit, SubjectContext

_NAMES: Final = {"": OF_AWS, "aws_iam_account_password_policy": OF_TERRAFORM}


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    values, names = subject.value, _NAMES.get(subject.type)
    if names and isinstance(values, dict) and not _is_for_nobody(subject, context):
        demands = (
            context.options if isinstance(context.options, PasswordDemands) else PasswordDemands()
        )
        yield from weaknesses(values, names, demands, is_strict=context.is_strict)


def _is_for_nobody(subject: Subject, context: SubjectContext) -> bool:
    """Return whether reports show that no user has a password: those of its folder, if any."""
    is_for_nobody = context.once(_without_passwords)
    return is_for_nobody.get(_folder(subject), is_for_nobody.get(None, False))


def _without_passwords(context: SubjectContext) -> dict[str | None, bool]:
    """Return for each folder with reports whether no user in them has a password; for all, too."""
    found: dict[str | None, bool] = {}
    for one in context.of_kind(SubjectKind.CREDENTIALS):
        has_none = is_root(one) or truth(one, PASSWORD.active) is False
        for place in (None, _folder(one)):
            found[place] = found.get(place, True) and has_none
    return found


def _folder(subject: Subject) -> str:
    return subject.path.rpartition("/")[0]


RULE = Rule(
    name="weak-password-policy",
    family=Family.HYGIENE,
    module=__name__,
    summary="the account accepts short passwords, or forgets earlier ones",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.0,
    controls=Controls(
        cis=("1.8", "1.9"),
        cis_7=("2.8", "2.9"),
        fsbp=("IAM.7",),
        security_hub=tuple(f"IAM.{number}" for number in range(10, 18)),
    ),
    subjects=frozenset({SubjectKind.PASSWORD_POLICY, SubjectKind.RESOURCE}),
    options=PasswordDemands,
    advice="ask for 14 characters, and let AWS remember 24 passwords",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-7",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "short passwords, and few that AWS remembers",
            """
{"PasswordPolicy": {
  "MinimumPasswordLength": 8, //!
  "RequireNumbers": true,
  "ExpirePasswords": false,
  "PasswordReusePrevention": 5 //!
}}""",
            file="policy.json",
        ),
        bad(
            "a setting that is missing is off",
            """
{
  "PasswordPolicy": { //!
    "MinimumPasswordLength": 14, "RequireNumbers": true, "ExpirePasswords": false
  }
}""",
            file="policy.json",
        ),
        bad(
            "character classes, by the option `classes`",
            """
{"PasswordPolicy": {
  "MinimumPasswordLength": 20,
  "RequireSymbols": false, //!
  "RequireNumbers": false, //!
  "RequireUppercaseCharacters": true,
  "RequireLowercaseCharacters": true,
  "PasswordReusePrevention": 24
}}""",
            file="policy.json",
            options={"classes": True},
        ),
        bad(
            "a module that does not let AWS remember any",
            """
resource "aws_iam_account_password_policy" "all" { //!
  minimum_password_length = 12 //!
}""",
            file="main.tf",
        ),
    ),
    good=(
        good(
            "long passwords without classes and expiry",
            """
{"PasswordPolicy": {
  "MinimumPasswordLength": 14,
  "RequireSymbols": false,
  "RequireNumbers": false,
  "ExpirePasswords": false,
  "PasswordReusePrevention": 24
}}""",
            file="policy.json",
        ),
        good(
            "numbers of a module that are not known",
            """
resource "aws_iam_account_password_policy" "all" {
  minimum_password_length   = var.length
  password_reuse_prevention = 24
}""",
            file="main.tf",
        ),
        good(
            "no user of the account has a password",
            """
{"PasswordPolicy": {"MinimumPasswordLength": 8, "RequireNumbers": true}}""",
            file="policy.json",
            files={
                "report.csv": """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,true,false
robot,arn:aws:iam::111122223333:user/robot,false,false,true"""
            },
        ),
    ),
)
