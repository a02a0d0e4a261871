"""The longest session of a role, and its trust policy, wherever a file has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.file_value import SubjectKind
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.policy.at import At
    from iamlint.policy.model import Policy, Principal, Statement
    from iamlint.text.source import Value

SUBJECTS: Final = frozenset({SubjectKind.RESOURCE, SubjectKind.ROLE})

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
SHORTEST: Final = 3600
LONGEST: Final = 43_200

_OF_AWS: Final = ("MaxSessionDuration", "AssumeRolePolicyDocument")
_MEMBERS: Final = {
    "": _OF_AWS,  # of `list-roles`
    "AWS::IAM::Role": _OF_AWS,
    "aws_iam_role": ("max_session_duration", "assume_role_policy"),
}


@dataclass(frozen=True, slots=True)
class LongestSession:
    """The longest session of a role in seconds, with the names of its members in the file.

    `written` is its trust policy.
    """

    seconds: int
    name: str
    trust: str
    path: str
    written: Value

    def policy(self) -> Policy | None:
        """Return the trust policy, which may be JSON in a string; None if it cannot be read."""
        value = self.written
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return None
        return parse_policy(value, Kind.TRUST, self.path) if isinstance(value, dict) else None

    def place(self, principal: Principal) -> At:
        """Return the place of a principal of the trust policy."""
        return replace(principal.at, pointer=(self.trust, *principal.at.pointer))


def longest_session(subject: Subject) -> LongestSession | None:
    """Return the longest session of a role; None for other resources and unknown numbers."""
    names, value = _MEMBERS.get(subject.type), subject.value
    if names is None or subject.kind not in SUBJECTS or not isinstance(value, dict):
        return None
    seconds = _number(value.get(names[0]))
    if seconds is None:
        return None
    return LongestSession(seconds, *names, subject.path, value.get(names[1]))


def _number(value: Value) -> int | None:
    """Return a whole number; templates may write it as text."""
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value[:20])
    return value if type(value) is int else None


def allows(policy: Policy | None) -> Iterator[Statement]:
    """Yield the statements that let principals assume a role."""
    return (one for one in (policy.statements if policy else ()) if one.allows)


def hours(seconds: int) -> str:
    """Return a duration in hours if it is whole, otherwise in seconds."""
    return f"{seconds // 3600} hours" if seconds % 3600 == 0 else f"{seconds} seconds"
