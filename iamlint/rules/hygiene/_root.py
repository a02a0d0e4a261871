"""What reports say of the root user's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import SubjectKind
from iamlint.rules.hygiene._credentials import CERTIFICATES, KEYS, PASSWORD, is_root, time, truth

if TYPE_CHECKING:
    from iamlint.load.file_value import Subject

_COUNTS: Final = (
    "AccountPasswordPresent",
    "AccountAccessKeysPresent",
    "AccountSigningCertificatesPresent",
)


def has_credential(subject: Subject) -> bool | None:
    """Return whether the root user has a credential, by one report; None if that is unknown.

    `subject` is an account summary or the row of a user. Summaries count passwords since 2024.
    Reports of the time before that say `not_supported`, but when a password was used.
    """
    if subject.kind is SubjectKind.SUMMARY:
        counts = [subject.node((name,)) for name in _COUNTS]
        password, key, certificate = (c > 0 if type(c) is int else None for c in counts)
        return _any([password, key, bool(certificate)])
    if not is_root(subject):
        return None
    password = truth(subject, PASSWORD.active)
    if password is None and time(subject, PASSWORD.used) is not None:
        password = True
    others = [truth(subject, one.active) for one in KEYS]
    return _any([password, *others, *(bool(truth(subject, one.active)) for one in CERTIFICATES)])


def _any(known: list[bool | None]) -> bool | None:
    return True if True in known else None if None in known else False
