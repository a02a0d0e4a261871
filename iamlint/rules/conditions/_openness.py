"""Explains why a wildcard or a variable leaves a value too open, for the keys that AWS lists.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import Final

from iamlint.catalog import is_federation_key
from iamlint.policy.variables import Variable, split_variables
from iamlint.rules.conditions._lists import SENSITIVE_KEYS

_LEAST_RUN: Final = 6
"""Fewer fixed characters before a wildcard are too few for AWS's validator."""


def too_open(key: str, value: str, marks: str) -> str | None:
    """Return why one of the marks leaves the value too open: `*` and `?`, or `$` for variables.

    Most keys, tags above all, may be matched by any pattern. Errs towards silence.
    """
    shape = _shape(value)
    if not any(mark in shape for mark in marks):
        return None
    name = key.lower()
    if name in SENSITIVE_KEYS:
        return "this key needs the complete value"
    if name == "aws:userid":
        return _user_id(shape, marks)
    if is_federation_key(key) and name.endswith(":sub"):
        return short_run(shape, marks)
    return None


def short_run(shape: str, marks: str) -> str | None:
    """Return why a wildcard is too broad: it has too little fixed text before it.

    Whether AWS counts `?` as a wildcard here is not known; it does not count alone.
    """
    run = 0
    for char in shape:
        if char in marks and char != "?" and run < _LEAST_RUN:
            return f"fewer than {_LEAST_RUN} characters are fixed before the wildcard"
        run = 0 if char in "*?$" else run + 1
    return None


def _shape(value: str) -> str:
    """Return the value with `$` for each variable and a plain character for each escape."""
    if "${" not in value:
        return value.replace("$", "_")
    return "".join(
        part.replace("$", "_") if isinstance(part, str) else "$" * isinstance(part, Variable) or "_"
        for part in split_variables(value)
    )


def _user_id(shape: str, marks: str) -> str | None:
    """Return what is wrong with the id of the user or role, which is before the colon."""
    unique, colon, _ = shape.partition(":")
    if unique in ("*", "$") and colon:
        return None
    return "the id before the colon must be complete" if any(m in unique for m in marks) else None
