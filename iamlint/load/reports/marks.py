"""Marks of reports on an account in the bytes of a file, found in microseconds."""

from __future__ import annotations

from typing import Final

START: Final = "dXNlcixhcm4s"
"""How a credential report in base64 starts: `user,arn,`."""

_MARKS: Final = (
    *(b"DetailList", b"MaxSessionDuration", b"AccountMFAEnabled", b"MinimumPasswordLength"),
    *(b"VirtualMFADevices", b"ServerCertificateName", b"EnabledFeatures"),
    *(b"ReportFormat", START.encode()),
)
_KEY: Final = (b"AccessKeyId", b"CreateDate", b"Status")
_HEADER: Final = (b"password_enabled", b"mfa_active")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def may_hold_report(data: bytes) -> bool:
    """Return whether a file of JSON or YAML may contain a report on an account."""
    if any(mark in data for mark in _MARKS) or data.startswith(_UTF16):
        return True
    return all(mark in data for mark in _KEY)


def starts_as_table(data: bytes) -> bool:
    """Return whether the first bytes of a text have the columns of a credential report."""
    start = data.replace(b"\0", b"")
    return all(name in start for name in _HEADER) and not starts_as_json(data)


def starts_as_json(data: bytes) -> bool:
    """Return whether the first bytes of a text are those of an object or a list."""
    return data.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")
