"""The credentials of one user in a credential report, each as far as its columns say.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.reports.times import read_time

if TYPE_CHECKING:
    from datetime import datetime

    from iamlint.load.file_value import Subject

REPORT: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html"
)
_ROOT: Final = "<root_account>"
_NEVER: Final = ("N/A", "no_information")


@dataclass(frozen=True, slots=True)
class Credential:
    """The columns about a password, or about an access key or signing certificate by its number."""

    noun: str
    active: str
    used: str = ""
    made: tuple[str, ...] = ()


def _key(number: int) -> Credential:
    name = f"access_key_{number}"
    used, made = f"{name}_last_used_date", (f"{name}_last_rotated",)
    return Credential(f"access key {number}", f"{name}_active", used, made)


PASSWORD: Final = Credential(
    "password",
    "password_enabled",
    "password_last_used",
    ("password_last_changed", "user_creation_time"),
)
KEYS: Final = (_key(1), _key(2))
CERTIFICATES: Final = tuple(
    Credential(f"signing certificate {number}", f"cert_{number}_active") for number in (1, 2)
)


def is_root(user: Subject) -> bool:
    return user.name == _ROOT


def cell(user: Subject, column: str) -> str | None:
    """Return what a cell says; None without such a column."""
    found = user.node((column,))
    return found if isinstance(found, str) else None


def truth(user: Subject, column: str) -> bool | None:
    """Return what a cell says of a fact; None for `N/A`, `not_supported` and other words."""
    return {"true": True, "false": False}.get((cell(user, column) or "").lower())


def time(user: Subject, column: str) -> datetime | None:
    return read_time(cell(user, column))


def made(user: Subject, credential: Credential) -> datetime | None:
    """Return when a credential was made, or made anew."""
    return next(filter(None, (time(user, column) for column in credential.made)), None)


def unused_since(user: Subject, credential: Credential) -> datetime | None:
    """Return since when an active credential has no use; None if that is unknown.

    One that was never used, or made anew since its last use, counts from then.
    """
    if not truth(user, credential.active):
        return None
    used = time(user, credential.used)
    if used is None and cell(user, credential.used) not in _NEVER:
        return None
    new = made(user, credential)
    return max(used, new) if used and new else used or new


def has_use(user: Subject, credential: Credential) -> bool:
    """Return whether the last use of a credential is known, and not before it was made anew."""
    used, new = time(user, credential.used), made(user, credential)
    return used is not None and (new is None or used >= new)
