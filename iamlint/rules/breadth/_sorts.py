"""The sorts of actions that rules look for in a grant, as bits: `READS`, or one of a category."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog import AccessLevel
from iamlint.catalog.sensitive import Sensitive, sensitive_actions
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.catalog import Action, Catalog

READS: Final = 1
WRITES: Final = 2
WRITES_TO_RESOURCES: Final = 4
"""It could be limited to resources, and it is of no category."""
MANAGES_PERMISSIONS: Final = 8
MANAGES_OTHERS: Final = 16
"""It does not manage permissions."""
SORT_OF: Final = {category: 32 << number for number, category in enumerate(Sensitive)}

_READING: Final = (AccessLevel.READ, AccessLevel.LIST)
_EVERY: Final = (32 << len(SORT_OF)) - 1
_CATEGORIES: Final = sum(SORT_OF.values())
_CALLS = ("get", "list", "describe", "invoke", "search")
"""How the names begin of actions that AWS counts to permissions management though they only call."""


@lru_cache(maxsize=1 << 15)
def sorts_of(catalog: Catalog, text: str) -> int:
    """Return the sorts of all actions that a text names: any where it names services by a pattern."""
    if not is_wild(text):
        action = catalog.action(text)
        return _sorts_of_action(action) if action else 0
    pattern = parse_action(text)
    if pattern is None:
        return 0
    if is_wild(pattern.service):
        return _EVERY
    found = 0
    for action in catalog.expand(text):
        found |= _sorts_of_action(action)
    return found


@lru_cache(maxsize=4096)
def of_sort(catalog: Catalog, text: str, sort: int) -> tuple[Action, ...]:
    """Return the actions of a sort that a text names; its service is spelt out."""
    if not sorts_of(catalog, text) & sort:
        return ()
    if not is_wild(text):
        return catalog.expand(text)
    return tuple(a for a in catalog.expand(text) if _sorts_of_action(a) & sort)


def manages_permissions(action: Action) -> bool:
    return action.access_level is AccessLevel.PERMISSIONS and not action.name.lower().startswith(
        _CALLS
    )


def _sorts_of_action(action: Action) -> int:
    found = _listed().get(action.full_name.lower(), 0)
    if manages_permissions(action):
        return found | MANAGES_PERMISSIONS | SORT_OF[Sensitive.SHARING]
    found |= MANAGES_OTHERS
    if action.access_level in _READING:
        return found | READS
    if action.access_level is not AccessLevel.WRITE:
        return found
    is_limited = action.wildcard_only or found & _CATEGORIES
    return found | (WRITES if is_limited else WRITES | WRITES_TO_RESOURCES)


@cache
def _listed() -> Mapping[str, int]:
    """Return the categories of each action that is listed, by its name in lower case."""
    found: dict[str, int] = {}
    for category, actions in sensitive_actions().items():
        for name in actions:
            found[name] = found.get(name, 0) | SORT_OF[category]
    return found
