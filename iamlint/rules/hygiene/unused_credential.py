"""Flags a password or access key that can be used, and was not for 90 days.

Its user does not notice when someone else uses it. A credential that was never used counts from its
creation. AWS's Foundational Security Best Practices ask for 90 days, the CIS benchmark for 45, which
is what the strict profile counts. A user without an active credential is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._ages import UNUSED, UNUSED_STRICT, Days, days_since, in_words, limit
from iamlint.rules.hygiene._credentials import (
    KEYS,
    PASSWORD,
    REPORT,
    has_use,
    is_root,
    unused_since,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    if is_root(subject):
        return
    now, most = context.time_of(subject), limit(context, UNUSED, UNUSED_STRICT)
    for credential in (PASSWORD, *KEYS):
        days = days_since(unused_since(subject, credential), now)
        if days is not None and days >= most:
            of_user = f"{credential.noun} of `{subject.name}`"
            if has_use(subject, credential):
                message = f"{of_user} was not used for {in_words(days)}"
            else:
                message = f"{of_user} has no use since it was made {in_words(days)} ago"
            yield Hit(At((credential.used,)), message)


RULE = Rule(
    name="unused-credential",
    family=Family.HYGIENE,
    module=__name__,
    summary="a password or an access key is active and was not used for 90 days",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    controls=Controls(cis=("1.12",), cis_7=("2.11",), fsbp=("IAM.8",), security_hub=("IAM.22",)),
    subjects=frozenset({SubjectKind.CREDENTIALS}),
    options=Days,
    advice="deactivate the credential, and delete it if nothing fails without it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-8",
        REPORT,
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "a password without use for months",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
ann,arn:aws:iam::111122223333:user/ann,true,2026-03-20T10:11:12Z,true,false
bob,arn:aws:iam::111122223333:user/bob,true,2025-03-20T10:11:12Z,true,false //!""",
            file="report.csv",
        ),
        bad(
            "a key that was never used counts from its creation",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-03-20T10:11:12Z,N/A
bob,arn:aws:iam::111122223333:user/bob,false,false,true,2025-03-20T10:11:12Z,N/A //!""",
            file="report.csv",
        ),
    ),
    good=(
        good(
            "a user without password and active key, as a disabled console leaves",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
ann,arn:aws:iam::111122223333:user/ann,true,2026-03-20T10:11:12Z,true,false
bob,arn:aws:iam::111122223333:user/bob,false,2025-03-20T10:11:12Z,true,false""",
            file="report.csv",
        ),
        good(
            "an old report does not say when keys were used",
            """
user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated
ann,arn:aws:iam::111122223333:user/ann,2026-03-20T10:11:12Z,false,false,true,2014-03-20T10:11:12Z""",
            file="report.csv",
        ),
        good(
            "a password that was set anew lately",
            """
user,arn,password_enabled,password_last_used,password_last_changed,mfa_active,access_key_1_active
ann,arn:aws:iam::111122223333:user/ann,true,2025-03-20T10:11:12Z,2026-03-20T10:11:12Z,true,false""",
            file="report.csv",
        ),
    ),
)
