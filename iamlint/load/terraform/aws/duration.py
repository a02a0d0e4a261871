"""Durations in the format of Identity Center."""

from __future__ import annotations

from typing import Final

from iamlint.late_pattern import late_pattern

_DURATION: Final = late_pattern(r"PT(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?")


def seconds(text: str | None) -> int | None:
    """Return the seconds of a duration of ISO 8601; None if it is not one."""
    found = _DURATION.fullmatch(text or "")
    hours, minutes, rest = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + rest or None
