"""What the rules of the family look for in actions, as bits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog.dependent import WITH_ROLE, tagging_action
from iamlint.catalog.required import required_types
from iamlint.policy.wildcard import is_wild
from iamlint.rules._traits import traits_in

if TYPE_CHECKING:
    from iamlint.catalog import Catalog
    from iamlint.policy.model import Statement

NEEDS_OTHERS: Final = 1
"""Requests for it may need other actions."""
NEEDS_TYPES: Final = 2
"""Each request is about resources of several types."""
WITHOUT_RESOURCE: Final = 4
"""It can be granted on `*` alone."""


def has_trait(statement: Statement, catalog: Catalog, traits: int) -> bool:
    """Return whether some entry of `Action` or `NotAction` may have one of the traits."""
    return bool(traits_in(statement.action_element, catalog, _traits_of) & traits)


@lru_cache(maxsize=1 << 15)
def _traits_of(catalog: Catalog, text: str) -> int:
    if is_wild(text):
        of_some = is_wild(text.partition(":")[0])
        actions = () if of_some else catalog.expand(text)
        return WITHOUT_RESOURCE if any(one.wildcard_only for one in actions) else 0
    action = catalog.action(text)
    if action is None:
        return 0
    found = 0 if action.resource_types else WITHOUT_RESOURCE
    if text.lower() in WITH_ROLE or tagging_action(action):
        found |= NEEDS_OTHERS
    if required_types(action):
        found |= NEEDS_TYPES
    return found
