"""Flags two active access keys of one user, if the older one is old or unused.

For a while, a rotation needs two keys. When it does not end, a key that nothing needs stays active.
The CIS benchmark asked for one active key a user until version 7.0, which dropped it. The rule counts
a key as `old-access-key` and `unused-credential` do by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.hygiene._ages import KEY_AGE, UNUSED, UNUSED_STRICT, days_since, in_words
from iamlint.rules.hygiene._credentials import KEYS, REPORT, is_root, made, truth, unused_since

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.rules.hygiene._credentials import Credential


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """The rule's options: the days after which a key is `old`, and those after which `unused`."""

    old: int = KEY_AGE
    unused: int | None = None

    def __post_init__(self) -> None:
        for name in ("old", "unused"):
            given: object = getattr(self, name)  # a configuration may hold anything
            if (given, name) != (None, "unused") and (type(given) is not int or given < 1):
                raise UsageError(f"`{name}` must be a number of days, not `{given}`")


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    if is_root(subject) or not all(truth(subject, key.active) for key in KEYS):
        return
    ages = [(created, key) for key in KEYS if (created := made(subject, key)) is not None]
    if len(ages) < len(KEYS):
        return
    _, older = min(ages, key=lambda age: age[0])
    if reason := _reason(subject, older, context, context.time_of(subject)):
        message = f"`{subject.name}` has two active access keys, and {older.noun} {reason}"
        related = (Note(At((older.made[0],)), "the older key is of this time"),)
        yield Hit(At((KEYS[1].active,)), message, related=related)


def _reason(
    user: Subject, key: Credential, context: SubjectContext, now: datetime | None
) -> str | None:
    """Return why a key is one that a rotation leaves behind; None if it may be needed."""
    limits = context.options if isinstance(context.options, KeyLimits) else KeyLimits()
    unused = limits.unused or (UNUSED_STRICT if context.is_strict else UNUSED)
    days = days_since(unused_since(user, key), now)
    if days is not None and days >= unused:
        return f"was not used for {in_words(days)}"
    age = days_since(made(user, key), now)
    return f"is {in_words(age)} old" if age is not None and age > limits.old else None


RULE = Rule(
    name="two-active-keys",
    family=Family.HYGIENE,
    module=__name__,
    summary="a user has two active access keys, and the older one is old or unused",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    controls=Controls(cis=("1.13",)),
    subjects=frozenset({SubjectKind.CREDENTIALS}),
    options=KeyLimits,
    advice="deactivate the key that nothing needs, and delete it later",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
        REPORT,
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "the first key is old",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2025-03-01T00:00:00Z,true,2026-03-01T00:00:00Z //!""",
            file="report.csv",
        ),
        bad(
            "the older key is the second",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-03-01T00:00:00Z,true,2025-03-01T00:00:00Z //!""",
            file="report.csv",
        ),
    ),
    good=(
        good(
            "a rotation that just began",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-01-01T00:00:00Z,true,2026-03-01T00:00:00Z""",
            file="report.csv",
        ),
        good(
            "the other key is inactive",
            """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated
ann,arn:aws:iam::111122223333:user/ann,false,false,false,2025-01-01T00:00:00Z,true,2026-03-01T00:00:00Z""",
            file="report.csv",
        ),
    ),
)
