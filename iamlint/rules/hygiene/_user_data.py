"""The user data of instances without a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.text.span import Pointer

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
