"""Policies in a string of base64 or hexadecimal, or encoded twice: listed, not read."""

from __future__ import annotations

import binascii
import re
import zlib
from typing import TYPE_CHECKING, Final

from iamlint.load.recognise import hints
from iamlint.load.recognise.marks import BASE64
from iamlint.load.unread import signs
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from iamlint.text.source import Value

REASON: Final = "encoded policy, which iamlint does not read"

_SHORTEST: Final = 32
"""Characters of the shortest string to decode."""

_LAYERS: Final = 3
"""Levels of encodings that are decoded."""

_MOST: Final = 1_000_000
"""Bytes of a decompressed text."""

_START: Final = r"\s*+(?:[A-Za-z0-9+/_-]{24}|[^%\s]{0,8}%25)"
_HEXADECIMAL: Final = r"(?:[0-9A-Fa-f]{2})++"
_BASE64: Final = r"[A-Za-z0-9+/]++={0,2}"
_GZIP: Final = b"\x1f\x8b"
_ANY_HEADER: Final = zlib.MAX_WBITS | 32


def is_in(step: str | int, value: Value) -> bool:
    """Return whether a string contains an encoded policy.

    `step` is the key or the index of the string. Strings under a key for policies are decoded,
    others only if they have a mark of base64.
    """
    if not isinstance(value, str | Partial):
        return False
    text = str(value)
    if len(text) < _SHORTEST:
        return False
    may_be = hints.is_in_table((step,)) and re.match(_START, text) is not None
    return (may_be or any(mark in text for mark in BASE64)) and _says_a_policy(text)


def _says_a_policy(text: str) -> bool:
    for _ in range(_LAYERS):
        inner = _decoded(text)
        if inner is None:
            return False
        if signs.may_be_in_broken(inner):
            return True
        text = inner
    return False


def _decoded(text: str) -> str | None:
    """Return a text without one encoding; None if it is not encoded."""
    if "%25" in text:
        from iamlint.text.url import decode_url  # noqa: PLC0415 - seldom needed

        return decode_url(text)
    plain = "".join(text.split()).replace("-", "+").replace("_", "/")
    if re.fullmatch(_HEXADECIMAL, plain):
        data = bytes.fromhex(plain)
    elif re.fullmatch(_BASE64, plain):
        data = _from_base64(plain)
    else:
        return None
    return _unpacked(data).decode("utf-8", "replace")


def _from_base64(text: str) -> bytes:
    whole = text.rstrip("=")
    whole = whole[: -1 if len(whole) % 4 == 1 else None]  # one character alone says nothing
    return binascii.a2b_base64(whole + "=" * (-len(whole) % 4))


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    try:
        return zlib.decompressobj(_ANY_HEADER).decompress(data, _MOST)
    except zlib.error:
        return data
