"""How many bytes of a file are read."""

from __future__ import annotations

import re
from typing import Final

MAX_WALKED = 5_000_000
"""Bytes of a file found in a folder; a dump, or a file named by its path, may be larger."""

_HEAD: Final = 4096
"""Bytes at the start of a file that show whether it is a dump."""

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
# https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html
_DUMP: Final = (
    rb'"(?:(?:User|Group|Role)DetailList|Policies|configSnapshotId'
    rb'|(?:baseC|c)onfigurationItems)"\s*+:'
)


def starts_as_dump(data: bytes) -> bool:
    """Return whether a file starts as a dump of an account, in UTF-8 or UTF-16."""
    return bool(re.search(_DUMP, data[:_HEAD].replace(b"\0", b"")))
