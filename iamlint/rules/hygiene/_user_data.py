"""The user data of instances without a role."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.secrets import Secret
    from iamlint.text.span import Pointer, Span

_NAMES: Final = ("UserData", "user_data")
_PLACES: Final[dict[str, tuple[Pointer, ...]]] = {
    "AWS::AutoScaling::LaunchConfiguration": (("UserData",),),
    "AWS::EC2::Instance": (("UserData",),),
    "AWS::EC2::LaunchTemplate": (("LaunchTemplateData", "UserData"),),
    "aws_instance": (("user_data",), ("user_data_base64",)),
    "aws_launch_configuration": (("user_data",), ("user_data_base64",)),
    "aws_launch_template": (("user_data",),),
}
# What gives an instance a role, or may give it one.
_ROLES: Final = frozenset(
    {"IamInstanceProfile", "LaunchTemplate", "iam_instance_profile", "launch_template"}
)


def without_role(subject: Subject) -> Iterator[Pointer]:
    """Yield the places of user data in an instance that surely has no role."""
    for at in _PLACES.get(subject.type, ()):
        around = subject.node(at[:-1])
        if isinstance(around, dict) and at[-1] in around and _ROLES.isdisjoint(around):
            yield at


def user_data_in(text: Subject, context: SubjectContext) -> list[Span]:
    """Return the places of user data in a file, in order, of instances without a role."""
    if not any(name in text.source.text for name in _NAMES):
        return []
    return context.once(_by_file).get(text.path, [])


def _by_file(context: SubjectContext) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for subject in context.of_kind(SubjectKind.RESOURCE):
        for at in map(At, without_role(subject)):
            found.setdefault(subject.file_of(at)[0], []).append(subject.span(at))
    return {path: sorted(spans) for path, spans in found.items()}


def is_in_one(secret: Secret, spans: Sequence[Span]) -> bool:
    """Return whether a secret is in one of these places, which are in order."""
    number = bisect_right(spans, secret.start, key=lambda span: span.start)
    return number > 0 and secret.end <= spans[number - 1].end


def key_within(subject: Subject, at: At) -> Secret | None:
    """Return the first key that is written in a node, which `secret-in-the-open` reports."""
    span, (_, source) = subject.span(at), subject.file_of(at)
    secrets = source.lines.secrets
    number = bisect_left(secrets, span.start, key=lambda one: one.start)
    while number < len(secrets) and (one := secrets[number]).end <= span.end:
        if one.opens and not one.is_word:
            return one
        number += 1
    return None
