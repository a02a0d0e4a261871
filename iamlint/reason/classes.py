"""Two worlds of one unit, and the classes of actions about which they may differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.truth import Truth
from iamlint.reason.budget import TOTAL, Budget
from iamlint.reason.changed import Sayings, aligned, differing, layers
from iamlint.reason.search import Search
from iamlint.reason.universe import actions_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.catalog import Catalog
    from iamlint.reason.search import Bound
    from iamlint.reason.world import World


_POLICIES_AT_ONCE: Final = 4
"""Policies that are asked for an action in one step."""


class Pair:
    """Two worlds of one unit, and what is the same for all questions about them."""

    def __init__(self, old: World, new: World, catalog: Catalog, limit: int) -> None:
        self.old, self.new, self.catalog, self.limit = old, new, catalog, limit
        self.old_layers, self.new_layers = aligned(layers(old), layers(new))
        self.total = Budget(TOTAL * limit)
        budget = Budget(limit, self.total)
        self.differing = differing(self.old_layers, self.new_layers)
        self.classes = self._classes(budget) if self.differing else []

    def _classes(self, budget: Budget) -> list[ActionClass]:
        found: dict[object, list[str]] = {}
        policies = [
            p for of in (self.old_layers, self.new_layers) for held in of.values() for p in held
        ]
        said: dict[str, list[int]] = {}
        by_service: dict[str, list[str]] = {}
        for action in actions_named(self.differing, self.catalog, budget):
            said[action] = []
            by_service.setdefault(action.partition(":")[0], []).append(action)
        budget.spend(len(said) * (1 + len(policies) // _POLICIES_AT_ONCE))
        for policy in policies:
            for statement, action, truth in policy.about_each(by_service):
                said[action].append(id(statement) if truth is Truth.YES else -id(statement))
        for action, of_action in said.items():
            found.setdefault(tuple(of_action), []).append(action)
        return [ActionClass(self, tuple(actions)) for actions in found.values()]


class ActionClass:
    """Actions that the same statements name."""

    def __init__(self, pair: Pair, actions: tuple[str, ...]) -> None:
        self.pair = pair
        self.actions = actions
        self.old = Sayings(pair.old_layers, actions[0])
        self.new = Sayings(pair.new_layers, actions[0])
        self.statements = list(
            {id(s): s for s in (*self.old.statements, *self.new.statements)}.values()
        )

    def search(
        self, *, of_gains: bool, bound: Bound | None = None, is_unlisted: bool = False
    ) -> Search | None:
        """Return the search for what the new world allows beyond the old one, or the other way.

        None where nothing can be found. If it `is_unlisted`, it is also for requests that AWS's
        lists do not name.
        """
        pair = self.pair
        wide, said, narrow, other = pair.new, self.new, pair.old, self.old
        if not of_gains:
            wide, said, narrow, other = narrow, other, wide, said
        changed = tuple(said.may_exceed(other))
        if not changed or not said.allows:
            return None
        limits = (*other.allows.values(), *said.denies.values())
        limiting = tuple(statement for of in limits for statement in of.values())
        return Search(
            self.actions,
            self.statements,
            changed,
            limiting,
            (wide, narrow),
            pair.catalog,
            Budget(pair.limit, pair.total),
            bound,
            is_unlisted=is_unlisted,
        )

    def texts_for(self, keys: Iterable[str]) -> list[str]:
        """Return texts of conditions that ask for the value of some keys."""
        wanted = set(keys)
        found = (
            entry.known
            for statement in self.statements
            for condition in statement.source.conditions
            if condition.name in wanted
            for entry in condition.values
        )
        return list(dict.fromkeys(text for text in found if text and "$" not in text))
