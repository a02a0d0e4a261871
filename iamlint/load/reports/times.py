"""The times in reports on an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.text.source import Value

_NAMED: Final = r"status_reports_(\d{4})-?(\d\d)-?(\d\d)"


def read_time(value: Value) -> datetime | None:
    """Return the time that a value says; None for other values, such as `N/A`."""
    try:
        if type(value) in (int, float):
            return datetime.fromtimestamp(value, UTC)  # type: ignore[arg-type]
        if not isinstance(value, str) or not value[:1].isdigit():
            return None
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def newest(values: Iterable[Value]) -> datetime | None:
    """Return the newest time among values; AWS writes all of a report in the same form."""
    texts = (
        one for one in values if isinstance(one, str) and one[:1].isdigit() and one[4:5] == "-"
    )
    return read_time(max(texts, default=None))


def of_file_name(path: str) -> datetime | None:
    """Return the day in the name that the console gives a report: when it began, in UTC."""
    found = re.search(_NAMED, path.rpartition("/")[2])
    return read_time("-".join(found.groups())) if found else None
