"""Operators on moments: ISO 8601 or seconds since 1970, on either side.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from iamlint.evaluate.operators.row import Row
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.evaluate.match import Test
    from iamlint.evaluate.operators.row import Prepare

_EPOCH = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
# The profile of ISO 8601 at https://www.w3.org/TR/NOTE-datetime.
_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_YEAR_DIGITS: Final = 4
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str) -> Decimal:
    """Read a moment as seconds since 1970; ValueError for anything else.

    Four digits are a year, as in ISO 8601; a time without offset is taken as UTC.
    """
    if len(text) != _YEAR_DIGITS and _EPOCH.fullmatch(text):
        return Decimal(text)
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = {name: int(found[name] or least) for name, least in _LEAST.items()}
    at = datetime(**parts, tzinfo=UTC)
    whole = (at - _START) // _SECOND - _offset(found["zone"])
    return whole + Decimal(f"0.{found['fraction'] or 0}")


_LEAST: Final = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_SECOND: Final = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) - _START


def _offset(zone: str | None) -> int:
    """Return the seconds by which a zone is ahead of UTC."""
    if zone is None or zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def _by(compare: Callable[[Decimal, Decimal], bool]) -> Prepare:
    def prepare(value: str) -> Test:
        limit = moment(value)
        return lambda text: compare(moment(text), limit)

    return prepare


ROWS = (
    Row(OPERATORS["dateequals"], _by(operator.eq)),
    Row(OPERATORS["datenotequals"], _by(operator.eq)),
    Row(OPERATORS["datelessthan"], _by(operator.lt)),
    Row(OPERATORS["datelessthanequals"], _by(operator.le)),
    Row(OPERATORS["dategreaterthan"], _by(operator.gt)),
    Row(OPERATORS["dategreaterthanequals"], _by(operator.ge)),
)
