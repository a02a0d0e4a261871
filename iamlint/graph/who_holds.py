"""Who may hold actions on a principal, or each of several actions, each asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.catalog.escalation import EscalationPath
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Need
    from iamlint.graph.world import GraphWorld

Starts: TypeAlias = "tuple[tuple[str, ...], ...]"
"""Names in groups; one may be in several. Ways that share a group have the same tuple."""
PASS: Final = "iam:passrole"  # noqa: S105 - the name of an action


class WhoHolds:
    """Finds who may hold actions; the same principals are the same tuple, or the same set."""

    def __init__(self, world: GraphWorld, holdings: PathHoldings) -> None:
        self._world = world
        self._holdings = holdings
        self._groups: dict[tuple[str, str], tuple[str, ...]] = {}
        self._at: dict[tuple[str, str], Starts] = {}
        self._all: dict[tuple[str, int], tuple[str, ...]] = {}
        self._one: dict[tuple[object, ...], frozenset[str]] = {}
        self._each: dict[tuple[int, ...], frozenset[str]] = {}

    def hold(self, action: str, arn: str) -> Starts:
        """Return who may hold an action on a principal, by the pattern that names it."""
        if (action, arn) not in self._at:
            every = dict(self._holdings.maybe_at(action, arn, self._world.as_glob(arn)))
            found = (self._group(action, pattern, names) for pattern, names in every.items())
            self._at[action, arn] = tuple(found)
        return self._at[action, arn]

    def hold_all(self, path: EscalationPath, of: Starts | None = None) -> Starts:
        """Return who may hold all that a path needs, on something, of all or of some."""
        groups = (self._able(path, names) for names in ((None,) if of is None else of))
        return tuple(group for group in groups if group)

    def _able(self, path: EscalationPath, names: tuple[str, ...] | None) -> tuple[str, ...]:
        key = (path.id, id(names))  # of what `hold` keeps
        if key not in self._all:
            able = self._holdings.able(path)
            self._all[key] = tuple(sorted(able if names is None else able.intersection(names)))
        return self._all[key]

    def _group(self, action: str, pattern: str, names: Iterable[str]) -> tuple[str, ...]:
        key = action, pattern
        if key not in self._groups:
            self._groups[key] = tuple(sorted(names))
        return self._groups[key]

    def hold_each(self, needs: Iterable[Need]) -> frozenset[str]:
        """Return who may hold an action of each of some needs; a role to pass must be the one."""
        found = tuple(self._of_need(one.actions, self._passing(one)) for one in needs)
        key = tuple(map(id, found))  # which `_one` keeps
        if key not in self._each:
            self._each[key] = frozenset.intersection(*found) if found else frozenset()
        return self._each[key]

    def _of_need(self, actions: tuple[str, ...], passing: Starts | None) -> frozenset[str]:
        """Return who may hold one of some actions, of those who may pass a role."""
        key = (actions, None if passing is None else tuple(map(id, passing)))
        if key not in self._one:
            self._one[key] = frozenset(
                name
                for one in actions
                for group in ((self._holdings.holders(one),) if passing is None else passing)
                for name in group
                if not self._holdings.stops(name, one)
            )
        return self._one[key]

    def _passing(self, need: Need) -> Starts | None:
        is_passed = need.actions == (PASS,) and need.on is not None
        return self.hold(PASS, need.on or "") if is_passed else None
