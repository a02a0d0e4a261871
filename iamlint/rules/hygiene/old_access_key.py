"""Flags an active access key that is older than 90 days.

The longer a key is used, the more places have it. The CIS benchmark and AWS's Foundational Security
Best Practices ask for a new one within 90 days; AWS's own page says "when needed", so it is a note.
Inactive keys and keys of the root user are not reported: `root-access-key` is about those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.load.reports.times import read_time
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._ages import KEY_AGE, Days, days_since, in_words, limit
from iamlint.rules.hygiene._credentials import KEYS, REPORT, is_root, made, truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    now, most = context.time_of(subject), limit(context, KEY_AGE)
    for column, noun, created in _active_keys(subject):
        days = days_since(created, now)
        if days is not None and days > most:
            message = f"{noun} of `{subject.name}` was not rotated for {in_words(days)}"
            yield Hit(At((column,)), message)


def _active_keys(subject: Subject) -> Iterator[tuple[str, str, datetime | None]]:
    """Yield active keys: where their time is written, what they are called, and the time."""
    if subject.kind is SubjectKind.ACCESS_KEY:
        if subject.node(("Status",)) == "Active":
            yield "CreateDate", "access key", read_time(subject.node(("CreateDate",)))
    elif not is_root(subject):
        for key in KEYS:
            if truth(subject, key.active):
                yield key.made[0], key.noun, made(subject, key)


RULE = Rule(
    name="old-access-key",
    family=Family.HYGIENE,
    module=__name__,
    summary="an active access key is older than 90 days",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    controls=Controls(cis=("1.14",), cis_7=("2.12",), fsbp=("IAM.3",)),
    subjects=frozenset({SubjectKind.CREDENTIALS, SubjectKind.ACCESS_KEY}),
    options=Days,
    advice="use a role, or make a new key and delete this one",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-3",
        REPORT,
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "a key of last year",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-03-01T00:00:00+00:00
bob,arn:aws:iam::111122223333:user/bob,false,false,true,2025-03-01T00:00:00+00:00 //!""",
            file="report.csv",
        ),
        bad(
            "an old key in the list of keys",
            """
{"AccessKeyMetadata": [{
  "UserName": "ann",
  "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
  "Status": "Active",
  "CreateDate": "2025-03-01T00:00:00+00:00" //!
}, {
  "UserName": "ann",
  "AccessKeyId": "AKIAI44QH8DHBEXAMPLE",
  "Status": "Active",
  "CreateDate": "2026-03-01T00:00:00+00:00"
}]}""",
            file="keys.json",
        ),
    ),
    good=(
        good(
            "inactive keys keep their date",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-03-01T00:00:00+00:00
bob,arn:aws:iam::111122223333:user/bob,false,false,false,2025-03-01T00:00:00+00:00""",
            file="report.csv",
        ),
        good(
            "a longer time, by the option `days`",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-03-01T00:00:00+00:00
bob,arn:aws:iam::111122223333:user/bob,false,false,true,2025-12-01T00:00:00+00:00""",
            file="report.csv",
            options={"days": 180},
        ),
    ),
)
