"""Reports why it is unknown which principals a statement names, and how the user can help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.origin import briefly
from iamlint.evaluator.doubts import DoubtKind

if TYPE_CHECKING:
    from iamlint.evaluator.doubts import Doubt


def reason_for(doubt: Doubt, name: str) -> str:
    """Return what a doubt about a principal of that name is on."""
    where = briefly(doubt.statement)
    if doubt.kind is DoubtKind.SESSION:
        return f"on which session of `{name}` makes the request, for {where}"
    if doubt.kind is DoubtKind.GATEWAY:
        return f"on whether the VPC endpoint is a gateway, for {where}"
    missing = " and ".join(f"`{text}`" for text in doubt.principals)
    return f"on whether `NotPrincipal` of {where} exempts `{name}`: it does not list {missing}"


def help_for(doubt: Doubt) -> str:
    """Return what to do."""
    if doubt.kind is DoubtKind.SESSION:
        return f"ask about one session, such as `{doubt.principals[0]}`"
    if doubt.kind is DoubtKind.GATEWAY:
        return (
            "for a gateway endpoint, an account means only its root user: "
            'name principals by `aws:PrincipalArn`, under `"Principal": "*"`'
        )
    return "also list it, or deny `*` with `ArnNotEquals` on `aws:PrincipalArn`"
