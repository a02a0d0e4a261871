"""A credential report, as the console writes it and as the command line prints it."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.workloads.policies import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

MADE = datetime(2026, 3, 1, 10, tzinfo=UTC)
_KEY = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
_COLUMNS = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used"),
    *("password_last_changed", "password_next_rotation", "mfa_active"),
    *(f"access_key_{number}_{name}" for number in (1, 2) for name in _KEY),
    *("cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated"),
)
_NONE = ("false", "N/A", "N/A", "N/A", "N/A")
_FEW = 0.2
"""Of the passwords and keys, so many are old or not used."""


def report(folder: Path, users: int, *, encoded: bool = False) -> None:
    random = Random(3)
    rows = [_COLUMNS, _root(), *(_user(f"user-{number:05}", random) for number in range(users))]
    text = "\n".join(map(",".join, rows))
    if encoded:
        content = b64encode(text.encode()).decode()
        made = {"ReportFormat": "text/csv", "GeneratedTime": MADE.isoformat()}
        (folder / "report.json").write_text(json.dumps({"Content": content, **made}, indent=4))
    else:
        (folder / "status_reports_2026-03-01.csv").write_text(text, encoding="utf-8")


def _root() -> tuple[str, ...]:
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    start = ("<root_account>", arn, _ago(3_000), "false", "no_information", "N/A")
    return (*start, "not_supported", "false", *_NONE, *_NONE, "false", "N/A", "false", "N/A")


def _user(name: str, random: Random) -> tuple[str, ...]:
    arn = f"arn:aws:iam::{ACCOUNT}:user/staff/{name}"
    has_password, mfa = random.random() < 0.7, random.random() > _FEW
    password = ("false", "N/A", "N/A", "N/A")
    if has_password:
        password = ("true", _some(random), _ago(random.randrange(100, 900)), "N/A")
    keys = [*_key(random, 0.6), *_key(random, 0.1)]
    start = (name, arn, _ago(1_000), *password, str(mfa).lower())
    return (*start, *keys, "false", "N/A", "false", "N/A")


def _key(random: Random, share: float) -> tuple[str, ...]:
    if random.random() > share:
        return _NONE
    return "true", _some(random), _ago(random.randrange(30)), "eu-west-1", "s3"


def _some(random: Random) -> str:
    """Return a time of these weeks, or for a few one of long ago."""
    return _ago(random.randrange(200, 900) if random.random() < _FEW else random.randrange(40))


def _ago(days: int) -> str:
    return (MADE - timedelta(days=days, hours=days % 24)).isoformat()
