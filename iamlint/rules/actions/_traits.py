"""What the rules of the family look for in actions, as bits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog.dependent import WITH_ROLE, tagging_action
from iamlint.catalog.required import required_types
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild
from iamlint.rules._traits import traits_in

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Statement

MALFORMED: Final = 1
WILD_SERVICE: Final = 2
"""It names services by a pattern."""
NOT_CURRENT: Final = 4
"""AWS has no such action now, or no such service."""
NEEDS_OTHERS: Final = 8
"""Requests for it may need other actions."""
NEEDS_TYPES: Final = 16
"""Each request is about resources of several types."""
WITHOUT_RESOURCE: Final = 32
"""All that it names can be granted on `*` alone."""


def has_trait(statement: Statement, catalog: Catalog, traits: int) -> bool:
    """Return whether some entry of `Action` or `NotAction` may have one of the traits."""
    return bool(traits_in(statement.action_element, catalog, _traits_of) & traits)


@lru_cache(maxsize=1 << 15)
def _traits_of(catalog: Catalog, text: str) -> int:
    action = None if is_wild(text) else catalog.action(text)
    if action is not None:
        return _traits_of_one(action, catalog)
    pattern = parse_action(text)
    if pattern is None:
        return MALFORMED
    if is_wild(pattern.service):
        return WILD_SERVICE
    is_known = catalog.has_service(pattern.service) and not catalog.retired(pattern.service)
    if not is_wild(pattern.name):
        return 0 if is_known and catalog.accepts_action(text) else NOT_CURRENT
    actions = catalog.expand(str(pattern))
    is_current = is_known and (actions or catalog.matches_any(str(pattern)))
    idle = bool(actions) and all(one.wildcard_only for one in actions)
    return (0 if is_current else NOT_CURRENT) | (WITHOUT_RESOURCE if idle else 0)


def _traits_of_one(action: Action, catalog: Catalog) -> int:
    found = 0 if action.resource_types else WITHOUT_RESOURCE
    if action.retired or catalog.retired(action.service):
        found |= NOT_CURRENT
    if action.full_name.lower() in WITH_ROLE or tagging_action(action):
        found |= NEEDS_OTHERS
    if required_types(action):
        found |= NEEDS_TYPES
    return found
