"""How many bytes of a file are read, and what its first ones say about the rest."""

from __future__ import annotations

import re
from typing import Final

from iamlint.late_pattern import late_pattern

MAX_WALKED = 5_000_000
"""Bytes of a file found in a folder; a dump, or a file named by its path, may be larger."""

HEAD: Final = 4096
"""Bytes at the start of a file that show whether it is a dump."""

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
# https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html
_DUMP: Final = (
    rb'"(?:(?:User|Group|Role)DetailList|Policies|configSnapshotId'
    rb'|(?:baseC|c)onfigurationItems)"\s*+:'
)

_WRITTEN: Final = late_pattern(
    rb'Arn"\s*+:\s*+"arn:aws[a-z-]*+:iam::([0-9]{12}|aws):(?:user|group|role|policy)/'
)
_OF_ONE: Final = late_pattern(rb'"(?:User|Group|Role)DetailList"\s*+:')
_ACCOUNT: Final = late_pattern(
    rb'"Arn"\s*+:\s*+"arn:aws[a-z-]*+:iam::([0-9]{12}):(?:user|group|role|policy)/'
)


def account_of_dump(data: bytes) -> str | None:
    """Return the account that a file is the dump of, by its start; None for any other file.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    start = data[:HEAD]
    found = _ACCOUNT.search(start) if _OF_ONE.search(start) else None
    return found[1].decode() if found else None


def accounts_written(data: bytes) -> set[str]:
    """Return the accounts of the principals and policies that the members of a dump name."""
    return {one.decode() for one in _WRITTEN.findall(data)} - {"aws"}


def starts_as_dump(data: bytes) -> bool:
    """Return whether a file starts as a dump of an account, in UTF-8 or UTF-16."""
    return bool(re.search(_DUMP, data[:HEAD].replace(b"\0", b"")))
