"""Credential reports as AWS writes them."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.load import Loaded, Subject

ACCOUNT = "111122223333"
ROOT = "<root_account>"
_KEY = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
COLUMNS = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used"),
    *("password_last_changed", "password_next_rotation", "mfa_active"),
    *(f"access_key_{number}_{name}" for number in (1, 2) for name in _KEY),
    *("cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated"),
)
"""The 22 columns of today."""

OLD = tuple(name for name in COLUMNS if "_last_used_" not in name)
"""The columns of reports before the use of keys was tracked."""

_FALSE = ("password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active")
_CERTIFICATES = ("cert_1_active", "cert_2_active")


def user(name: str, **cells: str) -> dict[str, str]:
    """Return the row of a user without credentials, but for the given cells."""
    end = "root" if name == ROOT else f"user/{name}"
    row = dict.fromkeys(COLUMNS, "N/A") | dict.fromkeys((*_FALSE, *_CERTIFICATES), "false")
    row |= {"user": name, "arn": f"arn:aws:iam::{ACCOUNT}:{end}"}
    return row | {"user_creation_time": "2015-03-04T05:06:07+00:00"} | cells


def table(*users: dict[str, str], columns: tuple[str, ...] = COLUMNS, line_end: str = "\n") -> str:
    """Return a report, which has no line end after the last row."""
    rows = [columns, *(tuple(row.get(name, "") for name in columns) for row in users)]
    return line_end.join(map(",".join, rows))


def output(text: str, generated: str | None = "2026-03-01T10:00:00+00:00") -> str:
    """Return the JSON that `get-credential-report` prints of a report."""
    content = {"Content": b64encode(text.encode()).decode(), "ReportFormat": "text/csv"}
    return json.dumps(content | ({"GeneratedTime": generated} if generated else {}), indent=4)


def reports(loaded: Loaded) -> list[Subject]:
    """Return the subjects that AWS's tools write."""
    return [one for one in loaded.subjects if one.kind.command]
