"""Flags a user who signs in to the console with a password alone.

A password is guessed, reused or given away; multi-factor authentication (MFA) makes it worthless
alone. Users without a password are not reported: MFA of keys is a matter of conditions in policies.
The CIS benchmark and AWS's Foundational Security Best Practices ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._credentials import PASSWORD, REPORT, is_root, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    if is_root(subject) or not truth(subject, PASSWORD.active):
        return
    if truth(subject, "mfa_active") is False:
        yield Hit(At(("mfa_active",)), f"`{subject.name}` has a password and no MFA")


RULE = Rule(
    name="password-without-mfa",
    family=Family.HYGIENE,
    module=__name__,
    summary="a user signs in to the console with a password alone",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.5,
    controls=Controls(cis=("1.10",), cis_7=("2.10",), fsbp=("IAM.5",)),
    subjects=frozenset({SubjectKind.CREDENTIALS}),
    advice="let the user register an MFA device, or remove the password",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
        REPORT,
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "a password without MFA",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
ann,arn:aws:iam::111122223333:user/ann,true,true,false
bob,arn:aws:iam::111122223333:user/bob,true,false,false //!""",
            file="report.csv",
        ),
        bad(
            "reports are read without regard to case and to the order of columns",
            """
mfa_active,access_key_1_active,password_enabled,arn,user
FALSE,FALSE,TRUE,arn:aws:iam::111122223333:user/bob,bob //!""",
            file="report.csv",
        ),
    ),
    good=(
        good(
            "a user without a password",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
robot,arn:aws:iam::111122223333:user/robot,false,false,true""",
            file="report.csv",
        ),
        good(
            "another rule is about the root user",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,false,false""",
            file="report.csv",
        ),
    ),
)
