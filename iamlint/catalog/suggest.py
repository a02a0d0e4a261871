"""What a misspelt name may have been meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import overlay
from iamlint.policy.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.catalog.lookup import Catalog

_CLOSE = 0.8
"""Share of agreeing characters, from 0 to 1; below it a suggestion is rather noise."""


def close_services(catalog: Catalog, prefix: str, n: int) -> tuple[str, ...]:
    return tuple(nearest(prefix.lower(), catalog.services(), n, _CLOSE))


def close_actions(catalog: Catalog, full_name: str, n: int) -> tuple[str, ...]:
    """Return actions of the service with such a name, or this action of a service named so."""
    low = full_name.lower()
    if low in overlay.ACTION_HINTS:
        return (overlay.ACTION_HINTS[low],)
    prefix, _, name = low.partition(":")
    service = catalog.service(prefix)
    if service is not None:
        found = nearest(name, service.actions, n, _CLOSE)
        return tuple(service.actions[near].full_name for near in found)
    others = (catalog.action(f"{near}:{name}") for near in close_services(catalog, prefix, 10))
    return tuple(action.full_name for action in others if action)[:n]


def close_keys(catalog: Catalog, key: str, n: int) -> tuple[str, ...]:
    """Return keys with such a name under the same prefix; first those that only lack their end."""
    prefix, _, name = key.lower().partition(":")
    spelled = {known.lower().partition(":")[2]: known for known in _names(catalog, prefix)}
    longer = [known for known in spelled if known.startswith(name.rstrip("/") + "/")]
    near = dict.fromkeys((*longer, *nearest(name, spelled, n, _CLOSE)))
    return tuple(spelled[known] for known in near)[:n]


def _names(catalog: Catalog, prefix: str) -> Iterable[str]:
    if prefix == "aws":
        return [key.name for key in catalog.global_keys()]
    service = catalog.service(prefix)
    known = service.condition_keys.values() if service else ()
    extra = overlay.EXTRA_KEYS.values()
    return [key.name for key in (*known, *extra) if key.name.lower().startswith(f"{prefix}:")]
