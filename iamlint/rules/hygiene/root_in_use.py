"""Flags recent use of the root user: its password or one of its keys.

Only a few tasks need the root user, so its use in daily work is a sign that something runs without
limits, or that someone else has its credentials. The CIS benchmark sets no number of days; 30 leave
room for tasks such as billing. The strict profile counts one day, as other tools do. A report that
does not state when it was made is not reported without `--at`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._ages import Days, days_since, in_words, limit
from iamlint.rules.hygiene._credentials import KEYS, PASSWORD, REPORT, is_root, time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    if not is_root(subject):
        return
    known = ((time(subject, one.used), one) for one in (PASSWORD, *KEYS))
    uses = [(used, one) for used, one in known if used is not None]
    if not uses:
        return
    used, credential = max(uses, key=lambda use: use[0])
    now = context.stated_time_of(subject)
    days = days_since(used, now)
    if now is not None and days is not None and 0 <= days < limit(context, 30, strict=1):
        when = f"on {used.date()}, {in_words(days)} before {now.date()}"
        yield Hit(At((credential.used,)), f"{credential.noun} of the root user was used {when}")


_DATED = "status_reports_2026-03-20.csv"

RULE = Rule(
    name="root-in-use",
    family=Family.HYGIENE,
    module=__name__,
    summary="the root user was used lately, though few tasks need it",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    controls=Controls(cis=("1.7",), cis_7=("2.7",)),
    subjects=frozenset({SubjectKind.CREDENTIALS}),
    options=Days,
    advice="use a role or Identity Center, and keep the root user for tasks that need it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-tasks.html",
        REPORT,
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "a password that was used this month",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,2026-03-01T10:11:12Z,true,false //!
ann,arn:aws:iam::111122223333:user/ann,true,2026-03-20T10:11:12Z,true,false""",
            file=_DATED,
        ),
        bad(
            "an old use of the password does not hide that of a key",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_used_date
<root_account>,arn:aws:iam::111122223333:root,true,2019-01-01T00:00:00Z,true,true,2026-03-01T10:11:12Z //!""",
            file=_DATED,
        ),
    ),
    good=(
        good(
            "a report that does not say when it was made",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,2019-03-01T10:11:12Z,true,false""",
            file="report.csv",
        ),
        good(
            "a password that was not used for months",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,2025-03-01T10:11:12Z,true,false
ann,arn:aws:iam::111122223333:user/ann,true,2026-03-20T10:11:12Z,true,false""",
            file=_DATED,
        ),
        good(
            "no use is known",
            """
user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active
<root_account>,arn:aws:iam::111122223333:root,true,no_information,true,false
ann,arn:aws:iam::111122223333:user/ann,true,2026-03-20T10:11:12Z,true,false""",
            file=_DATED,
        ),
    ),
)
