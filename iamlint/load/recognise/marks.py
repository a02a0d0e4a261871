"""Marks of policies in the bytes of a file, found in microseconds."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_MARKS: Final = (
    b"Statement",
    b"Effect",
    b"2012-10-17",
    b"2008-10-17",
    b"PolicyDocument",
    b"KeyPolicy",
    b"AWS::IAM::",
    b"AWS::SSO::",
    b"AWS::Serverless",
    b"::Permission",
    b"LayerVersionPermission",
    b"EventBusPolicy",
    b"ProfilePermission",
    b'_permission"',
    b'"aws_lambda_function_url"',
    b"Fn::Transform",
    b"AWS::Organizations::Policy",
    b'"aws_iam_',
    b'"awscc_iam_',
    b'"aws_ssoadmin_',
    b'"aws_organizations_policy',
    b'"resource_changes"',
)
_OF_RESOURCES: Final = (b"AWS::", b'"aws_', b'"awscc_')
_FUNCTIONS: Final = (b"provider", b"functions")
_SERVERLESS: Final = (b"provider", b"statements")
_KEYS: Final = (b"secret_access_key", b"SECRET_ACCESS_KEY", b"AKIA")

# A part of `Statement` in base64: one for each place that it may have among three bytes.
BASE64: Final = ("U3RhdGVtZW50", "N0YXRlbWVud", "TdGF0ZW1lbn")
_BASE64: Final = tuple(mark.encode() for mark in BASE64)

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")

# Of letters and digits alone: escapes of `<`, `&` and `é` are common, and hide no name.
_ESCAPE: Final = (
    rb"\\(?:(?:[uU](?:0000)?00|x)(?:3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|6[1-9A-Fa-f]|7[0-9Aa])"
    rb"|(?<=[A-Za-z]\\)\r?\n[ \t]*+[a-z])"
)
_STATEMENTS: Final = rb"""statements?[\s\\"']*+[:=][\s\\"']*+[\[{-]"""
_EFFECTS: Final = (b"allow", b"deny")
_FAR: Final = 40
"""Bytes between a name and its value, at most: quotes, backslashes and white space."""


def may_hold_policy(data: bytes) -> bool:
    """Return whether a file may contain a policy, also one with escapes or in another encoding.

    A key in the user data of an instance counts as one.
    """
    if any(mark in data for mark in _MARKS) or data.startswith(_UTF16):
        return True
    if all(mark in data for mark in _SERVERLESS) or _may_hide_one(data):
        return True
    return b"UserData" in data and any(mark in data for mark in _KEYS)


def may_run(data: bytes) -> bool:
    """Return whether a file may describe what runs with a role: a template, a plan, a service."""
    return any(mark in data for mark in _OF_RESOURCES) or all(mark in data for mark in _FUNCTIONS)


def _may_hide_one(data: bytes) -> bool:
    """Return whether names are escaped, misspelt or in lower case, or a text is encoded."""
    if b"\\" in data and _compiled(_ESCAPE).search(data):
        return True
    if b"\0" in data:
        return may_hold_policy(data.replace(b"\0", b""))
    if any(mark in data for mark in _BASE64):
        return True
    low = data.lower()
    if any(_is_value(low, effect) for effect in _EFFECTS):
        return True
    return b"statement" in low and _compiled(_STATEMENTS).search(low) is not None


def _is_value(data: bytes, word: bytes) -> bool:
    """Return whether a word is the value of a member, such as `"effect": "allow"`."""
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        before = data[max(0, at - _FAR) : at].rstrip(b" \t\r\n\\\"'>")
        if before.endswith((b":", b"=")) and not data[end : end + 1].isalnum():
            return True
        at = data.find(word, end)
    return False


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Return a compiled pattern; the first file that needs it compiles it."""
    return re.compile(pattern)


def is_collected(path: str) -> bool:
    """Return whether a path may be one of iam-collect: below an account or an organization."""
    return "/accounts/" in path or "/organizations/" in path
