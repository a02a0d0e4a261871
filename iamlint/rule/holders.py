"""What a rule may ask about the principals that hold a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Ref, Thing
    from iamlint.policy.model import Policy


class Holders:
    """The principals that hold a policy. Of these nothing is known: others may hold it too."""

    @property
    def kinds(self) -> frozenset[Thing]:
        """What they are: users, groups or roles; empty unless all of them are known."""
        return frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Their names, such as `user/ann`; empty unless all of them are known."""
        return frozenset()

    @property
    def sure(self) -> Sequence[Ref]:
        """Those that surely hold it; others may hold it too."""
        return ()

    def all_lack(self, action: str) -> bool:
        """Return whether each surely cannot use an action, whatever this policy grants."""
        del action
        return False

    def others(self) -> Sequence[Sequence[Policy]]:
        """Return the other policies that each surely holds; empty unless all are known."""
        return ()


UNKNOWN_HOLDERS = Holders()
