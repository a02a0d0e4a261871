"""What the objects around a policy say of it: its name, and the identity that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Ref, Thing
from iamlint.load.recognise.context import text_of
from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.source import Value

_NAMES: Final = ("PolicyName", "RoleName", "UserName", "GroupName")
_HOLDERS: Final = {"RoleName": Thing.ROLE, "UserName": Thing.USER, "GroupName": Thing.GROUP}


def name_of(around: tuple[Value, ...], kind: Kind) -> str | None:
    """Return the name of the policy in the nearest object; a trust policy has its role's name."""
    names = ("RoleName",) if kind is Kind.TRUST else _NAMES
    return next((name for _, name in _named(around, names)), None)


def holders_of(around: tuple[Value, ...]) -> tuple[Ref, ...]:
    """Return the holders of the policy, with their account if the same object has the ARN."""
    for value in reversed(around):
        found = next(_named((value,), tuple(_HOLDERS)), None)
        if found:
            account = account_of(text_of(value, "Arn") or "")
            return (Ref(_HOLDERS[found[0]], found[1], account=account),)
    return ()


def _named(around: tuple[Value, ...], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for value in reversed(around):
        if isinstance(value, dict):
            for name in names:
                found = value.get(name) or value.get(name[0].lower() + name[1:])
                if isinstance(found, str):
                    yield name, found
