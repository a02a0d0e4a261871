"""The four answers to a request."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Without Unknown values and keys there are only the first three."""

    ALLOWED = "allowed"
    IMPLICITLY_DENIED = "implicitly_denied"
    EXPLICITLY_DENIED = "explicitly_denied"
    UNDETERMINED = "undetermined"
