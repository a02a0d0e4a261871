"""Make a catalog from what a publisher says about each service."""

from __future__ import annotations

import re
import zipfile
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from iamlint.catalog import overlay
from iamlint.catalog.model import (
    AccessLevel,
    Action,
    ConditionKey,
    KeyType,
    ResourceType,
    ResourceUse,
    Service,
)
from iamlint.errors import ReadError
from iamlint.fast_dataclass import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from iamlint.catalog.shapes import IndexFile, SourceEntry

_KEY_TYPES = {type_.value.lower(): type_ for type_ in KeyType} | {
    "boolean": KeyType.BOOL,
    "ip": KeyType.IP,
    "long": KeyType.NUMERIC,
}
_ARRAY_OF = "arrayof"
_PLACEHOLDER = re.compile(r"<([^<>]*)>")
_MOST_FIRST = (
    AccessLevel.PERMISSIONS,
    AccessLevel.TAGGING,
    AccessLevel.WRITE,
    AccessLevel.READ,
    AccessLevel.LIST,
)
_OPEN_END = re.compile(r"(tag)/(tag-key|<key>)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one publisher about one service, before they are put in order."""

    prefix: str
    name: str
    actions: tuple[Action, ...]
    resource_types: tuple[ResourceType, ...]
    condition_keys: tuple[ConditionKey, ...]
    operations: tuple[str, ...] = ()


def read_wheel_version(wheel: Path) -> tuple[str, str]:
    """Return the day on which a wheel was made, and the package with its version."""
    with zipfile.ZipFile(wheel) as archive:
        made = max(member.date_time for member in archive.infolist())
        about = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        head = HeaderParser().parsestr(archive.read(about).decode())
    return "{:04}-{:02}-{:02}".format(*made), f"{head['Name']} {head['Version']}"


def most_telling(levels: AbstractSet[AccessLevel]) -> AccessLevel:
    """Return, of several levels such as `Tagging, Write`, the one that says most."""
    return next(level for level in _MOST_FIRST if level in levels)


def key_name(name: str) -> str:
    """Return the key's name with its placeholder, if any, in the one spelling `${…}`.

    The references also write `s3:ExistingObjectTag/<key>`, `secretsmanager:ResourceTag/tag-key` and
    `glacier:ResourceTag/`.
    """
    return _PLACEHOLDER.sub(r"${\1}", _OPEN_END.sub(r"\1/${TagKey}", name))


def condition_key(name: str, type_: str) -> ConditionKey:
    """Return the key; `type_` is the publisher's word, such as `String` or `ArrayOfARN`."""
    word = type_.lower()
    known = _KEY_TYPES.get(word.removeprefix(_ARRAY_OF))
    if known is None:
        raise ReadError(f"the condition key `{name}` has the unknown type `{type_}`")
    return ConditionKey(key_name(name), known, multivalued=word.startswith(_ARRAY_OF))


def services(facts: Iterable[Facts]) -> tuple[Service, ...]:
    """Return the facts in order: each key is also in the file of the service its prefix names."""
    published = {fact.prefix: fact for fact in facts}
    guests: dict[str, list[ConditionKey]] = {}
    for fact in published.values():
        for key in fact.condition_keys:
            home = _prefix(key.name)
            if home != fact.prefix and home in published:
                guests.setdefault(home, []).append(key)
    return tuple(
        _service(published[prefix], guests.get(prefix, ())) for prefix in sorted(published)
    )


def _service(fact: Facts, guests: Iterable[ConditionKey]) -> Service:
    keys = {key.name.lower(): key for key in guests}
    keys |= {key.name.lower(): key for key in fact.condition_keys}
    types = {
        type_.name.lower(): _with_extra_arns(fact.prefix, type_) for type_ in fact.resource_types
    }
    optional = tuple(ResourceUse(type_.name, required=False) for type_ in _by_name(types))
    for action in fact.actions:
        for use in action.resource_types:
            types.setdefault(use.name.lower(), ResourceType(fact.prefix, use.name, ()))
        for name in _keys_of(action):
            keys.setdefault(name.lower(), ConditionKey(name, KeyType.STRING, multivalued=False))
    for type_ in types.values():
        for name in type_.condition_keys:
            keys.setdefault(name.lower(), ConditionKey(name, KeyType.STRING, multivalued=False))
    actions = {action.name.lower(): _merged(action) for action in fact.actions}
    for name, action in actions.items():
        if not action.types_known:
            by_hand = overlay.ACTION_TYPES.get((fact.prefix, name))
            named = tuple(ResourceUse(type_, required=True) for type_ in by_hand or ())
            is_known = bool(by_hand) or not optional
            actions[name] = replace(action, resource_types=named or optional, types_known=is_known)
    return Service(fact.prefix, fact.name, actions, types, keys, fact.operations)


def _by_name(types: Mapping[str, ResourceType]) -> list[ResourceType]:
    return [types[name] for name in sorted(types)]


def _with_extra_arns(prefix: str, type_: ResourceType) -> ResourceType:
    extra = overlay.EXTRA_ARNS.get((prefix, type_.name.lower()), ())
    return replace(type_, arns=_union(type_.arns, extra)) if extra else type_


def _keys_of(action: Action) -> Iterable[str]:
    yield from action.condition_keys
    for use in action.resource_types:
        yield from use.condition_keys


def _merged(action: Action) -> Action:
    """Return the action with each resource type once: the references repeat a few."""
    uses: dict[str, ResourceUse] = {}
    for use in action.resource_types:
        seen = uses.get(use.name.lower(), use)
        uses[use.name.lower()] = ResourceUse(
            name=use.name,
            required=use.required or seen.required,
            condition_keys=_union(seen.condition_keys, use.condition_keys),
            dependent_actions=_union(seen.dependent_actions, use.dependent_actions),
        )
    return replace(action, resource_types=tuple(uses.values()))


def _union(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def index(
    made: tuple[Service, ...],
    *,
    date: str,
    source: str,
    rcp_services: Iterable[str],
    rcp_date: str,
    origins: Iterable[SourceEntry] = (),
    retired: Mapping[str, str] | None = None,
    unlisted: Iterable[str] = (),
) -> IndexFile:
    """Return the index over the services; `date` is when the source was published."""
    prefixes = {service.prefix for service in made}
    return {
        "date": date,
        "source": source,
        "services": sorted(prefixes),
        "rcp": sorted(rcp_services),
        "rcp_date": rcp_date,
        "keys": _homeless_keys(made, prefixes),
        "arns": _arn_owners(made),
        "origins": list(origins),
        "retired": dict(sorted((retired or {}).items())),
        "unlisted": sorted(unlisted),
    }


def grouped(origins: Mapping[str, tuple[str, str]]) -> list[SourceEntry]:
    """Return the sources and dates of the services; the first is that of most, without a list."""
    services: dict[tuple[str, str], list[str]] = {}
    for prefix in sorted(origins):
        services.setdefault(origins[prefix], []).append(prefix)
    made: list[SourceEntry] = [
        {"source": source, "date": date, "services": prefixes}
        for (source, date), prefixes in sorted(services.items(), key=lambda item: -len(item[1]))
    ]
    for first in made[:1]:
        del first["services"]
    return made


def _homeless_keys(made: tuple[Service, ...], prefixes: set[str]) -> dict[str, str]:
    """Return prefixes of keys that are not a service, as `saml`, with the service of the keys.

    Prefixes with a dot are hosts of identity providers: all of them are asked of STS.
    """
    homes = {
        _prefix(key.name): service.prefix
        for service in made
        for key in service.condition_keys.values()
    }
    return {
        prefix: home
        for prefix, home in sorted(homes.items())
        if prefix not in prefixes and prefix != "aws" and "." not in prefix
    }


def _arn_owners(made: tuple[Service, ...]) -> dict[str, list[str]]:
    owners: dict[str, set[str]] = {}
    for service in made:
        for type_ in service.resource_types.values():
            for field in type_.arn_services:
                owners.setdefault(field, set()).add(service.prefix)
    return {
        field: sorted(own)
        for field, own in sorted(owners.items())
        if own != {field} and "$" not in field
    }


def _prefix(key: str) -> str:
    return key.partition(":")[0].lower()
