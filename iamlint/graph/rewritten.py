"""Principals with any policy that others can give them, within limits that stay in force.

Without limits such a principal is an administrator, and `changes` has the step. Within a boundary
or the policies of the organization it may still become another principal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.graph.admin import decide_admin, with_everything
from iamlint.graph.altered import Altered
from iamlint.graph.answer import How, NodeKind, StepLevel
from iamlint.graph.rewrites import Change, options
from iamlint.graph.steps import Way

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from iamlint.graph.held import PathHoldings
    from iamlint.graph.rewrites import Option
    from iamlint.graph.steps import Stepping
    from iamlint.graph.world import Being

MOST_REWRITTEN: Final = 500
"""Principals that are looked at."""


class RewrittenPrincipals:
    """Finds whose policies others, or themselves, may rewrite to some use.

    In the accounts that are `direct`, or in all if None, one with all rights is at the end at once.
    `untried` are those who can rewrite more of them.
    """

    def __init__(
        self,
        stepping: Stepping,
        holdings: PathHoldings,
        direct: Collection[str | None] | None,
        at_end: Callable[[Being], bool],
    ) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._holdings = holdings
        self._direct = direct
        self._at_end = at_end
        self._administrators: dict[str, bool] = {}
        self.untried: set[str] = set()
        self.members = tuple(self._find())

    def _find(self) -> Iterator[Altered]:
        count = 0
        for being in self._world.beings.values():
            found = self._altered(being)
            if found is None:
                continue
            count += 1
            if count > MOST_REWRITTEN:
                self.untried.update(found.writers)
            else:
                yield found

    def _altered(self, being: Being) -> Altered | None:
        is_direct = self._direct is None or being.actor.account in self._direct
        if is_direct and not self._may_be_limited(being):
            return None
        ways: dict[Way, None] = {}
        writers: dict[str, None] = {}
        name = f"{being.id}&any policy"
        for option in options(self._world, being):
            if option.change is Change.ADDS and (names := self._writers(option)):
                ways[Way(How.POLICY_REWRITTEN, name, (option.need,), option.path)] = None
                writers |= dict.fromkeys(names)
        if not ways:
            return None
        after = with_everything(being, without=(), is_bounded=True)
        if is_direct and self._is_sure(after):
            return None
        after = replace(after, id=name, kind=NodeKind.MEMBER)
        return Altered(after, being.id, tuple(writers), tuple(ways))

    def _writers(self, option: Option) -> list[str]:
        """Return who may be able to make a change; administrators do not need it."""
        (action,), arn = option.need.actions, option.need.on or ""
        every = self._holdings.maybe_at(action, arn, self._world.as_glob(arn))
        found = sorted({name for _, names in every for name in names})
        stopped = self._holdings.stopped
        return [
            name
            for name in found
            if action not in stopped.get(name, ()) and not self._is_administrator(name)
        ]

    def _may_be_limited(self, being: Being) -> bool:
        """Return whether anything may stop a principal that has any policy."""
        actor, limits = being.actor, self._world.accounts.limits_of(being.actor.account)
        return (
            bool(actor.boundary or actor.unknown)
            or actor.scp is not None
            or limits.scp is not None
            or any(one.may_deny for policy in actor.policies for one in policy.statements)
        )

    def _is_sure(self, being: Being) -> bool:
        """Return whether a principal is surely an administrator."""
        decided = decide_admin(being, self._world, self._stepping.asking)
        return decided is not None and decided.level is StepLevel.SURE

    def _is_administrator(self, name: str) -> bool:
        """Return whether one may do everything, so that it needs no other."""
        if name not in self._administrators:
            being = self._world.beings.get(name)
            self._administrators[name] = being is not None and (
                self._at_end(being) or self._is_sure(being)
            )
        return self._administrators[name]
