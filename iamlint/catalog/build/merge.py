"""Put the facts of several publishers together: the newest names, and all that is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.build.build import Facts
from iamlint.fast_dataclass import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar

    from iamlint.catalog.model import Action, ConditionKey, ResourceType, Service

    _Named = TypeVar("_Named", "Action", "ConditionKey", "ResourceType")

_PLACEHOLDER = "${"


@dataclass(frozen=True, slots=True)
class Merged:
    """The facts, and the services that the newer publisher does not have any more."""

    facts: tuple[Facts, ...]
    retired: Mapping[str, str]


def merge(older: Iterable[Facts], newer: Iterable[Facts], *, date: str) -> Merged:
    """Return the names of both; those that `newer` lacks are retired since its `date`.

    What `older` says of a name stays: `newer` may say less of it.
    """
    new = {facts.prefix: facts for facts in newer}
    old = {facts.prefix: facts for facts in older}
    both = (
        _merged(old[prefix], new[prefix], date) if prefix in new else old[prefix] for prefix in old
    )
    added = (new[prefix] for prefix in new if prefix not in old)
    retired = {prefix: date for prefix in old if prefix not in new}
    return Merged((*both, *added), retired)


def with_retired(
    merged: Merged,
    known: Iterable[Service | None],
    gone: Callable[[str], str | None],
    *,
    date: str,
) -> Merged:
    """Return the facts, with what was known and is not among them as retired.

    `gone` returns the date of a name that was retired before.
    """
    new = {one.prefix: one for one in merged.facts}
    kept: list[Facts] = []
    retired = {prefix: gone(prefix) or missed for prefix, missed in merged.retired.items()}
    for service in known:
        if service and service.prefix in new:
            new[service.prefix] = _with_missing(new[service.prefix], service, date)
        elif service:
            kept.append(_as_facts(service))
            retired[service.prefix] = gone(service.prefix) or date
    return Merged((*new.values(), *kept), retired)


def _with_missing(facts: Facts, known: Service, date: str) -> Facts:
    names = {action.name.lower() for action in facts.actions}
    missing = (
        replace(action, retired=action.retired or date)
        for name, action in known.actions.items()
        if name not in names
    )
    dated = (_dated(action, known.actions.get(action.name.lower())) for action in facts.actions)
    newer = {name for name in known.operations if name.lower() not in names}
    return replace(
        facts,
        actions=(*dated, *missing),
        operations=tuple(sorted(newer.union(facts.operations))),
    )


def _dated(action: Action, known: Action | None) -> Action:
    """Return the action with the first of its dates, if it is retired."""
    if action.retired and known and known.retired:
        return replace(action, retired=min(action.retired, known.retired))
    return action


def _as_facts(service: Service) -> Facts:
    return Facts(
        service.prefix,
        service.name,
        tuple(service.actions.values()),
        tuple(service.resource_types.values()),
        tuple(service.condition_keys.values()),
        service.operations,
    )


def _merged(old: Facts, new: Facts, date: str) -> Facts:
    keys = tuple(_added(old.condition_keys, new.condition_keys, _is_cut))
    added = {key.name for key in keys}
    fresh = {action.name.lower(): action for action in new.actions}
    known = (_older(action, fresh.get(action.name.lower()), added, date) for action in old.actions)
    known_keys = {_plain(key): key.name for key in (*old.condition_keys, *keys)}
    actions = (
        replace(action, condition_keys=tuple(_known_keys(action, known_keys)))
        for action in _added(old.actions, new.actions)
    )
    return replace(
        old,
        actions=(*known, *actions),
        resource_types=(*old.resource_types, *_added(old.resource_types, new.resource_types)),
        condition_keys=(*old.condition_keys, *keys),
    )


def _older(action: Action, new: Action | None, added: set[str], date: str) -> Action:
    """Return a known action, with the keys that are new, or with the date of its end."""
    if new is None:
        return replace(action, retired=action.retired or date)
    keys = [name for name in new.condition_keys if name in added]
    return replace(action, condition_keys=(*action.condition_keys, *keys), retired=None)


def _known_keys(action: Action, known: Mapping[str, str]) -> Iterator[str]:
    for name in action.condition_keys:
        if name.startswith("aws:"):
            yield name
        elif _plain_name(name) in known:
            yield known[_plain_name(name)]


def _added(
    old: Iterable[_Named],
    new: Iterable[_Named],
    is_known: Callable[[str, str], bool] = lambda _new, _old: False,
) -> Iterator[_Named]:
    """Yield what is only in `new`; placeholders in names may differ."""
    names = {_plain_name(one.name) for one in old}
    for one in new:
        name = _plain_name(one.name)
        if name not in names and not any(is_known(name, other) for other in names):
            yield one


def _is_cut(new: str, old: str) -> bool:
    """Return whether a name is the head of a known one, as `kms:EncryptionContext` is.

    Some publishers end the names of keys where a placeholder or a colon begins.
    """
    head = new.partition(_PLACEHOLDER)[0]
    return old.startswith(head) and (head.endswith("/") or old[len(head) :][:1] in (":", "/"))


def _plain(key: ConditionKey) -> str:
    return _plain_name(key.name)


def _plain_name(name: str) -> str:
    """Return the name in lower case, with each placeholder as `${}`."""
    head, *rest = name.lower().split(_PLACEHOLDER)
    return head + "".join(f"{_PLACEHOLDER}}}{part.partition('}')[2]}" for part in rest)
