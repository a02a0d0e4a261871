"""Whether something else keeps the holders of a policy from having all rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.escalation import Band, escalation

if TYPE_CHECKING:
    from iamlint.rule import Holders

_ALL_RIGHTS = "self-escalation"


def are_contained(holders: Holders) -> bool:
    """Return whether no holder can give itself all rights, for a boundary, an SCP or a Deny.

    Each way to do so lacks a part.
    """
    known = escalation()
    return all(
        any(all(holders.all_lack(known.spelled[action]) for action in need) for need in path.needs)
        for path in known.paths
        if path.rule == _ALL_RIGHTS and path.band is Band.CRITICAL
    )
