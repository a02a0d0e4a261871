"""Who may hold actions on a principal, or each of several actions, each asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Need
    from iamlint.graph.world import GraphWorld

PASS: Final = "iam:passrole"  # noqa: S105 - the name of an action


class WhoHolds:
    """Finds who may hold actions; the same principals are the same tuple, or the same set."""

    def __init__(self, world: GraphWorld, holdings: PathHoldings) -> None:
        self._world = world
        self._holdings = holdings
        self._held: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sets: dict[int, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._each: dict[tuple[object, ...], frozenset[str]] = {}

    def hold(self, action: str, arn: str) -> tuple[str, ...]:
        """Return who may hold an action on a principal, in order."""
        every = dict(self._holdings.maybe_at(action, arn, self._world.as_glob(arn)))
        key = (action, *every)
        if key not in self._held:
            found = {name for names in every.values() for name in names}
            self._held[key] = tuple(sorted(found))
        return self._held[key]

    def as_set(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return some principals as a set."""
        if id(names) not in self._sets:
            self._sets[id(names)] = names, frozenset(names)
        return self._sets[id(names)][1]

    def hold_each(self, needs: Iterable[Need]) -> frozenset[str]:
        """Return who may hold an action of each of some needs; a role to pass must be the one."""
        key = tuple((one.actions, self._passing(one)) for one in needs)
        known = tuple((actions, id(passing)) for actions, passing in key)
        if known not in self._each:
            groups = [
                frozenset(name for one in actions for name in self._holdings.holders(one))
                if passing is None
                else self.as_set(passing)
                for actions, passing in key
            ]
            self._each[known] = frozenset.intersection(*groups) if groups else frozenset()
        return self._each[known]

    def _passing(self, need: Need) -> tuple[str, ...] | None:
        is_passed = need.actions == (PASS,) and need.on is not None
        return self.hold(PASS, need.on or "") if is_passed else None
