"""Flags an access key or signing certificate of the root user.

No policy of the account limits the root user, and its keys do not expire. The CIS benchmark and
AWS's own practices ask that it has none. Inactive credentials, which stay in the report, are not
reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._credentials import CERTIFICATES, KEYS, is_root, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext

_SUMMARY = {
    "AccountAccessKeysPresent": "an access key",
    "AccountSigningCertificatesPresent": "a signing certificate",
}


def check_subject(subject: Subject, _: SubjectContext) -> Iterator[Hit]:
    if subject.kind is SubjectKind.SUMMARY:
        for name, noun in _SUMMARY.items():
            count = subject.node((name,))
            if type(count) is int and count > 0:
                yield Hit(At((name,)), f"the root user has {noun}")
    elif is_root(subject):
        for credential in (*KEYS, *CERTIFICATES):
            if truth(subject, credential.active):
                message = f"{credential.noun} of the root user is active"
                yield Hit(At((credential.active,)), message)


RULE = Rule(
    name="root-access-key",
    family=Family.HYGIENE,
    module=__name__,
    summary="the root user has an access key or a signing certificate, which nothing limits",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.0,
    controls=Controls(cis=("1.4",), cis_7=("2.4",), fsbp=("IAM.4",)),
    subjects=frozenset({SubjectKind.CREDENTIALS, SubjectKind.SUMMARY}),
    advice="delete the credential, and give its workload a role",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-4",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "an active key of the root user",
            """
user,arn,password_enabled,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,true,true //!""",
            file="report.csv",
        ),
        bad(
            "an active signing certificate of the root user",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,cert_1_active
<root_account>,arn:aws:iam::111122223333:root,true,true,false,true //!""",
            file="report.csv",
        ),
        bad(
            "the account summary counts a key",
            """
{"SummaryMap": {
  "AccountMFAEnabled": 1,
  "AccountAccessKeysPresent": 1, //!
  "AccountSigningCertificatesPresent": 0
}}""",
            file="summary.json",
        ),
    ),
    good=(
        good(
            "no active key: the dates of inactive ones stay in the report",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated
<root_account>,arn:aws:iam::111122223333:root,true,true,false,2019-01-01T00:00:00+00:00""",
            file="report.csv",
        ),
        good(
            "the account summary counts none",
            """
{"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0}}""",
            file="summary.json",
        ),
    ),
)
