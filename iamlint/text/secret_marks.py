"""Marks of secrets in the bytes of a file, found in microseconds; quick to import."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_STARTS: Final = ("AKIA", "ASIA", "ABSK", "bedrock-api-key-", "IQoJb3JpZ2lu", "ZXIvYXdz")
"""The first letters of keys; of two sorts of tokens in base64."""
_NAMES: Final = (
    *("ecret_a", "ecret_k", "ecretAccessK", "ecretKey", "ECRET_A", "ECRET_K"),
    *("ession_token", "essionToken", "SESSION_TOKEN", "serData", "ser_data"),
)
"""Parts of the names of keys that do not start so. User data may be in base64."""
PASSWORDS: Final = ("assw", "ASSW", "assphrase", "ASSPHRASE")
"""Parts of the names of passwords."""
_SMTP: Final = ("mtp_p", "mtpP", "MTP_P")

_FIRST: Final = tuple(mark.encode() for mark in _STARTS)
_SECOND: Final = tuple(mark.encode() for mark in (*_NAMES, *PASSWORDS))
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_ACTION: Final = rb"\w:[A-Za-z]*+\Z"
_FAR: Final = 40


def may_hold_secret(data: bytes) -> bool:
    """Return whether a file may contain a secret."""
    if any(mark in data for mark in _FIRST) or data.startswith(_UTF16):
        return True
    return any(_is_name(data, mark) for mark in _SECOND)


def _is_name(data: bytes, mark: bytes) -> bool:
    """Return whether a mark is in something other than actions such as `iam:ChangePassword`."""
    at = data.find(mark)
    while at >= 0:
        if not _action().search(data, max(0, at - _FAR), at):
            return True
        at = data.find(mark, at + 1)
    return False


def has_keys(text: str) -> bool:
    """Return whether a text may contain a key."""
    return any(mark in text for mark in (*_STARTS, *_NAMES, *_SMTP))


def has_secrets(text: str) -> bool:
    """Return whether a text may contain a key or a password."""
    return has_keys(text) or any(mark in text for mark in PASSWORDS)


@cache
def _action() -> re.Pattern[bytes]:
    """Return the pattern of an action up to a mark; the first file with one compiles it."""
    return re.compile(_ACTION)
