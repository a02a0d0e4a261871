"""Compares resource patterns: does one contain the other, do they meet?

Patterns are compared field by field, as AWS matches them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.policy import wildcard
from iamlint.policy.arn import split_arn
from iamlint.policy.pattern import without_pseudo
from iamlint.policy.variables import split_variables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.policy.variables import Part

FIELDS: Final = 6
_SHORT: Final = 256
"""Characters of two patterns whose answer is remembered."""
_PRIVATE_USE: Final = 0xF0000


def pad(pattern: str, *, short: bool = False) -> list[str] | None:
    """Return a pattern split into six fields; None if it does not name an ARN.

    A `*` of a short pattern means the fields that follow; with `short`, so does the end of a
    pattern without one, as in identity policies.
    """
    fields = split_arn(pattern)
    if fields[0] != "arn":
        return None
    if len(fields) < FIELDS and not short and "*" not in pattern:
        return None
    return fields + ["*"] * (FIELDS - len(fields))


def completed(pattern: str) -> str:
    """Return a resource as API Gateway completes it in the policy of an API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """
    if not pattern.startswith("execute-api:/"):
        return pattern
    return f"arn:*:execute-api:*:*:*{pattern.removeprefix('execute-api:')}"


def covers_arn(wide: str, narrow: str) -> bool:
    """Return whether every resource that `narrow` names is named by `wide` too.

    Never wrongly true. `*` is covered by `*` alone: it also names what has no ARN. A policy
    variable in `narrow` may be any text; one in `wide` covers only itself. So do unknown parts.
    """
    if wide in ("*", narrow):
        return True
    if narrow == "*":
        return False
    is_short = len(wide) + len(narrow) <= _SHORT
    return _covers_short(wide, narrow) if is_short else _covers(wide, narrow)


def _covers(wide: str, narrow: str) -> bool:
    wide_fields, narrow_fields = pad(wide), pad(narrow)
    if wide_fields is None or narrow_fields is None:
        return _covers_from_same_start(wide, narrow)
    return all(map(covers_text, wide_fields, narrow_fields))


_covers_short = lru_cache(maxsize=1 << 14)(_covers)


def _covers_from_same_start(wide: str, narrow: str) -> bool:
    """Return the same for two patterns that begin with one variable: `${Topic}*`, `${Topic}`."""
    if not wide.startswith("${"):
        return False
    start = wide.find("}") + 1
    rest = narrow[start:]
    return (
        start > 0
        and narrow[:start] == wide[:start]
        and ":" not in rest
        and covers_text(wide[start:], rest)
    )


def overlaps_arn(left: str, right: str) -> bool:
    """Return whether some resource is named by both patterns; a policy variable may be any text."""
    if "*" in (left, right):
        return True
    is_short = len(left) + len(right) <= _SHORT
    return _overlaps_short(left, right) if is_short else _overlaps(left, right)


def _overlaps(left: str, right: str) -> bool:
    left_fields, right_fields = pad(left, short=True), pad(right, short=True)
    if left_fields is None or right_fields is None:
        return False
    return overlaps_fields(left_fields, right_fields)


_overlaps_short = lru_cache(maxsize=1 << 14)(_overlaps)


def overlaps_fields(left: Iterable[str], right: Iterable[str]) -> bool:
    """Return whether two patterns meet in each of their six fields."""
    return all(wildcard.overlaps(widened(a), widened(b)) for a, b in zip(left, right, strict=True))


def widened(pattern: str) -> str:
    """Return the pattern with `*` for each variable and each escape, `?*` for pseudo parameters."""
    if "${" not in pattern:
        return pattern
    pattern = without_pseudo(pattern, in_field=True)
    return "".join(part if isinstance(part, str) else "*" for part in split_variables(pattern))


def covers_text(wide: str, narrow: str) -> bool:
    """Return whether every text that `narrow` names is named by `wide` too. Never wrongly true."""
    if "${" not in wide and "${" not in narrow:
        return wildcard.covers(wide, narrow)
    if "${" not in wide and wildcard.covers(wide, widened(narrow)):
        return True
    if "?" in wide:  # it would take a variable for one character
        return False
    marks: dict[Part, str] = {}
    return wildcard.covers(_with_marks(wide, marks), _with_marks(narrow, marks))


def _with_marks(pattern: str, marks: dict[Part, str]) -> str:
    """Return the pattern with a private character for each variable, the same for the same."""
    return "".join(
        part if isinstance(part, str) else marks.setdefault(part, chr(_PRIVATE_USE + len(marks)))
        for part in split_variables(pattern)
    )
