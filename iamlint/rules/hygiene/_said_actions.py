"""Which actions the text of a policy names, so that most policies are seen to differ at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Effect
from iamlint.policy.wildcard import is_wild
from iamlint.reason.universe import exists
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.text.source import Value


def said_actions(value: Value, catalog: Catalog) -> Hashable:
    """Return what policies have in common that allow the same actions, and deny the same.

    It does not depend on actions that AWS does not have. Names count only in services whose
    actions no pattern names.
    """
    said: dict[str, list[str]] = {effect.value: [] for effect in Effect}
    policy = without_tag(value)
    for statement in _each(policy.get("Statement")) if isinstance(policy, dict) else ():
        match statement:
            case {"Effect": "Allow" | "Deny" as effect, "NotAction": _}:
                said[effect].append("*")
            case {"Effect": "Allow" | "Deny" as effect, "Action": actions}:
                said[effect] += (a.lower() if isinstance(a, str) else "*" for a in _each(actions))
    return tuple(_said(texts, catalog) for texts in said.values())


def _said(texts: Iterable[str], catalog: Catalog) -> Hashable:
    """Return the services that patterns name, and the names in others; None for all services."""
    wild: set[str] = set()
    names: dict[str, str] = {}
    for text in texts:
        service = text.partition(":")[0]
        if not is_wild(text):
            names[text] = service
        elif is_wild(service):
            return None
        else:
            wild.add(service)
    kept = (one for one, service in names.items() if service not in wild and exists(one, catalog))
    return frozenset(wild), frozenset(kept)


def _each(value: Value) -> Iterator[Value]:
    value = without_tag(value)
    yield from map(without_tag, value if isinstance(value, list) else (value,))
