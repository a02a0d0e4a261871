"""Flags a root user that can sign in or call AWS without multi-factor authentication (MFA).

Who has the password of the root user then has the account. A root user without any credential, as
in members of an organization whose root access is managed centrally, needs no MFA and is not
reported. The CIS benchmark and AWS Security Hub ask for MFA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._credentials import is_root, truth
from iamlint.rules.hygiene._root import has_credential

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext

_MESSAGE = "the root user has credentials and no MFA"


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    if not has_credential(subject):
        return
    if subject.kind is SubjectKind.SUMMARY:
        enabled = subject.node(("AccountMFAEnabled",))
        if type(enabled) is int and not enabled:
            yield Hit(At(("AccountMFAEnabled",)), _MESSAGE)
    elif is_root(subject) and truth(subject, "mfa_active") is False:
        yield Hit(At(("mfa_active",)), _MESSAGE)


RULE = Rule(
    name="root-without-mfa",
    family=Family.HYGIENE,
    module=__name__,
    summary="the root user has a password or a key, and no MFA",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=8.5,
    controls=Controls(cis=("1.5",), cis_7=("2.5",), security_hub=("IAM.9",)),
    subjects=frozenset({SubjectKind.CREDENTIALS, SubjectKind.SUMMARY}),
    advice="register an MFA device of the root user, or let the organization manage root access",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "a password without MFA",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,TRUE,FALSE,FALSE //!""",
            file="report.csv",
        ),
        bad(
            "older reports do not say whether there is a password, but when it was used",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,not_supported,2019-05-06T07:08:09Z,false,false //!""",
            file="report.csv",
        ),
        bad(
            "the account summary counts a password",
            """
{"SummaryMap": {
  "AccountMFAEnabled": 0, //!
  "AccountPasswordPresent": 1,
  "AccountAccessKeysPresent": 0
}}""",
            file="summary.json",
        ),
    ),
    good=(
        good(
            "a root user with MFA",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,true,false""",
            file="report.csv",
        ),
        good(
            "a root user without any credential",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,false,false,false""",
            file="report.csv",
        ),
        good(
            "an account summary that does not count passwords",
            """
{"SummaryMap": {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0}}""",
            file="summary.json",
        ),
    ),
)
