"""Facts about a policy from the objects around it, in formats that are searched as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.document import Cause
from iamlint.text.source import Tagged

if TYPE_CHECKING:
    from iamlint.load.interpolation import Split
    from iamlint.load.link import Held, Name, Ref
    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Value


@dataclass(frozen=True, slots=True)
class About:
    """Facts about one policy; `skip` and `cause` say why it is not analysed.

    The other names are those of `Attachment`. `split` separates the parts of strings that the
    format fills in later. `is_past` says that this was requested once, and may have changed since;
    `is_certain` that the property holds only policies.
    """

    kind: Kind | None = None
    name: str | None = None
    holders: tuple[Ref, ...] = ()
    resource_type: str | None = None
    arn: Name | None = None
    policy_arn: Name | None = None
    address: str | None = None
    scope: str = ""
    targets: tuple[Held, ...] = ()
    skip: str | None = None
    cause: Cause = Cause.NOT_IAM
    split: Split | None = None
    is_past: bool = False
    is_certain: bool = False


def member(value: Value, name: str) -> Value:
    """Return the member of an object with a name spelt `LikeThis` or `likeThis`."""
    if isinstance(value, Tagged):
        return member(value.value, name)
    if not isinstance(value, dict):
        return None
    return value[name] if name in value else value.get(name[0].lower() + name[1:])


def text_of(value: Value, *names: str) -> str | None:
    """Return the first of these members that is a string, None if there is none."""
    for name in names:
        found = member(value, name)
        if isinstance(found, str):
            return found
    return None
