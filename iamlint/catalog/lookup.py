"""The questions that rules and the evaluator ask of AWS's published facts."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from iamlint.catalog import overlay
from iamlint.catalog.files import read_index, read_operations, read_service
from iamlint.catalog.location import BUNDLED
from iamlint.catalog.matching import key_among, names_like
from iamlint.catalog.model import Action, ConditionKey, KeyType, ResourceType, Service
from iamlint.catalog.partitions import PARTITIONS
from iamlint.policy import wildcard
from iamlint.policy.action import ActionPattern, parse_action

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iamlint.catalog.shapes import IndexFile, SourceEntry


class Catalog:
    """AWS's services, read-only; a service's file is read when first asked for.

    Names are compared without regard to letter case and given back as AWS spells them.
    """

    __slots__ = (
        *("_carried", "_directory", "_expanded", "_index", "_keys", "_listed", "_operations"),
        *("_prefixes", "_services", "_unlisted"),
    )

    def __init__(self, directory: Path, index: IndexFile) -> None:
        self._directory = directory
        self._index = index
        self._prefixes = frozenset(index["services"])
        self._unlisted = overlay.UNLISTED_SERVICES.union(index.get("unlisted", ()))
        self._services: dict[str, Service] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}
        self._keys: dict[str, ConditionKey | None] = {}
        self._carried: dict[tuple[str, str], bool] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._operations: dict[str, Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def open(cls, directory: Path | None = None) -> Catalog:
        """Return the catalog in the directory; by default the bundled one, which is read once."""
        return cls(directory, read_index(directory)) if directory else _bundled()

    @property
    def date(self) -> str:
        """The date on which the names were published, as `YYYY-MM-DD`."""
        return self._index["date"]

    @property
    def source(self) -> str:
        """The publisher of the data."""
        return self._index["source"]

    def origins(self) -> tuple[SourceEntry, ...]:
        """Return all sources; that of most services comes first and does not list them."""
        every = self._index.get("origins")
        return tuple(every) if every else ({"source": self.source, "date": self.date},)

    def origin(self, prefix: str) -> tuple[str, str]:
        """Return the source of what is known of a service, and the date of its names."""
        every, low = self.origins(), prefix.lower()
        found = next((one for one in every if low in one.get("services", ())), every[0])
        return found["source"], found["date"]

    def retired(self, name: str) -> str | None:
        """Return the date on which the source did not have the service or action any more.

        The name is a prefix, such as `iotevents`, or that of an action, `iotevents:CreateInput`.
        """
        low = name.lower()
        prefix, colon, _ = low.partition(":")
        gone = self._index.get("retired", {}).get(prefix)
        action = self.action(low) if colon and gone is None else None
        return action.retired if action else gone

    # Services

    def services(self) -> tuple[str, ...]:
        """Return every prefix an action may have, unlisted services included."""
        return _sorted(self._prefixes | self._unlisted)

    def unlisted(self) -> frozenset[str]:
        """Return the prefixes under which any action is accepted: their names are not known."""
        return self._unlisted

    def has_service(self, prefix: str) -> bool:
        low = prefix.lower()
        return low in self._prefixes or low in self._unlisted

    def service(self, prefix: str) -> Service | None:
        """Return the service; None when there is none, or none but its name is known."""
        low = prefix.lower()
        service = self._services.get(low)
        if service is None and low in self._prefixes:
            service = self._services[low] = read_service(self._directory, low)
        return service

    def rcp_services(self) -> frozenset[str]:
        """Return the services that resource control policies apply to, as of `rcp_date`."""
        return frozenset(self._index["rcp"])

    @property
    def rcp_date(self) -> str:
        return self._index.get("rcp_date", self.date)

    # Actions

    def action(self, full_name: str) -> Action | None:
        """Return the action of that name, such as `s3:GetObject`, if its facts are known."""
        prefix, _, name = full_name.lower().partition(":")
        service = self._services.get(prefix) or self.service(prefix)
        return service.actions.get(name) if service else None

    def lists_action(self, full_name: str) -> bool:
        """Return whether the source has an action of that name now; takes less than its facts."""
        prefix, _, name = full_name.lower().partition(":")
        service = self._services.get(prefix) or self.service(prefix)
        return service is not None and name in service.actions and name not in service.retired

    def accepts_action(self, full_name: str) -> bool:
        """Return whether AWS takes the name for an action, even one without known facts."""
        low = full_name.lower()
        return self.action(low) is not None or self._is_extra_action(low)

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """Return the actions the pattern names, in the order of their names.

        Only a wildcard in the service part reads more than one file. Actions without known facts
        are left out.
        """
        if not wildcard.is_wild(pattern):
            action = self.action(pattern)
            return (action,) if action else ()
        if pattern not in self._expanded:
            self._expanded[pattern] = tuple(self._matching(pattern))
        return self._expanded[pattern]

    def matches_any(self, pattern: str) -> bool:
        """Return whether the pattern names an action AWS accepts."""
        parsed = parse_action(pattern)
        if parsed is None:
            return False
        if any(wildcard.matches(parsed.service, one) for one in self._unlisted):
            return True
        if any(True for _ in self._names_matching(parsed)):
            return True
        named = self._services_named(parsed)
        newer = (f"{one.prefix}:{name}" for one in named for name in one.operations)
        return any(parsed.matches(name) for name in chain(overlay.EXTRA_ACTIONS, newer))

    def needed_by(self, operation: str) -> tuple[str, ...] | None:
        """Return the actions that a call of an operation needs, such as `s3:ListBuckets`.

        Return None when the data do not say. Calls that a service makes for the caller are not
        included.
        """
        prefix, _, name = operation.lower().partition(":")
        if prefix not in self._operations:
            is_known = prefix in self._index.get("operations", ())
            read = read_operations(self._directory, prefix) if is_known else {}
            self._operations[prefix] = read
        hint = overlay.ACTION_HINTS.get(operation.lower())
        return self._operations[prefix].get(name, (hint,) if hint else None)

    def _is_extra_action(self, low: str) -> bool:
        prefix, _, name = low.partition(":")
        if low in overlay.EXTRA_ACTIONS or (prefix in self._unlisted and bool(name)):
            return True
        service = self.service(prefix)
        return service is not None and name in map(str.lower, service.operations)

    def _matching(self, pattern: str) -> Iterator[Action]:
        parsed = parse_action(pattern)
        if parsed is not None:
            yield from (service.actions[name] for service, name in self._names_matching(parsed))

    def _names_matching(self, parsed: ActionPattern) -> Iterator[tuple[Service, str]]:
        """Yield the actions that a pattern names, without their facts."""
        for service in self._services_named(parsed):
            for name in names_like(parsed.name, tuple(service.actions)):
                yield service, name

    def _services_named(self, parsed: ActionPattern) -> Iterator[Service]:
        if not wildcard.is_wild(parsed.service):
            service = self.service(parsed.service)
            if service:
                yield service
            return
        for prefix in self._index["services"]:
            service = self.service(prefix) if wildcard.matches(parsed.service, prefix) else None
            if service:
                yield service

    # Resource types

    def has_arn_service(self, name: str) -> bool:
        """Return whether AWS accepts the name in the service field of an ARN."""
        low = name.lower()
        if low in overlay.ARN_REJECTED_SERVICES:
            return False
        known = low in self._index["arns"] or low in overlay.ARN_ONLY_SERVICES
        return known or self.has_service(low)

    def arn_types(self, arn_service: str) -> tuple[ResourceType, ...]:
        """Return the resource types whose ARNs have the name in their service field.

        Other services may share it: EBS, Systems Manager and more have `ec2` ARNs.
        """
        low = arn_service.lower()
        owners = [self.service(prefix) for prefix in self._index["arns"].get(low, [low])]
        return tuple(
            type_
            for service in owners
            if service
            for type_ in service.resource_types.values()
            if low in type_.arn_services
        )

    # Condition keys

    def condition_key(self, key: str) -> ConditionKey | None:
        """Return what is known of the key; a key such as `aws:RequestTag/team` by its pattern.

        Keys of identity providers (`is_federation_key`) are never unknown; those AWS does not list
        come back as single strings, which is a guess.
        """
        low = key.lower()
        prefix, colon, name = low.partition(":")
        if not colon or not name:
            return None
        if low not in self._keys:
            self._keys[low] = self._find_key(prefix, low)
        found = self._keys[low]
        if found is None and (prefix in self._unlisted or is_federation_key(key)):
            # Spelt as it is asked for: not kept, or the first spelling would be that of all.
            return ConditionKey(key, KeyType.STRING, multivalued=False)
        return found

    def _find_key(self, prefix: str, low: str) -> ConditionKey | None:
        by_hand = overlay.GLOBAL_KEYS if prefix == "aws" else overlay.EXTRA_KEYS
        found = key_among(by_hand, low)
        if found is None and prefix != "aws":
            home = "sts" if is_federation_key(low) else self._index["keys"].get(prefix, prefix)
            service = self.service(home)
            found = key_among(service.condition_keys, low) if service else None
        return found

    def global_keys(self) -> tuple[ConditionKey, ...]:
        return tuple(overlay.GLOBAL_KEYS.values())

    def has_key_prefix(self, prefix: str) -> bool:
        """Return whether condition keys may start with the prefix: `aws`, a service, a provider."""
        low = prefix.lower()
        return low == "aws" or "." in low or low in self._index["keys"] or self.has_service(low)

    def keys_of(self, action: Action) -> frozenset[str]:
        """Return the keys of the action and of its resource types, in lower case."""
        service = self.service(action.service)
        types = service.resource_types if service else {}
        keys = set(action.condition_keys)
        for use in action.resource_types:
            keys.update(use.condition_keys)
            type_ = types.get(use.name.lower())
            keys.update(type_.condition_keys if type_ else ())
        return frozenset(key.lower() for key in keys)

    def may_carry(self, action: Action, key: str) -> bool:
        """Return whether a request for the action may carry the key.

        Global keys may be there, and so may keys that come with the credentials, such as the claims
        of a provider. Other keys come with the actions for which AWS lists them. Of a key that AWS
        lists for no action at all, only the service is known.
        """
        asked = (action.full_name, key.lower())
        if asked not in self._carried:
            self._carried[asked] = self._may_carry(action, key.lower())
        return self._carried[asked]

    def is_of_some_actions(self, key: str) -> bool:
        """Return whether a known key comes with some actions alone, not with any request."""
        low = key.lower()
        prefix = low.partition(":")[0]
        is_of_any = prefix in ("aws", "saml") or "." in prefix or low in overlay.CREDENTIAL_KEYS
        return not is_of_any and self.condition_key(key) is not None

    def _may_carry(self, action: Action, key: str) -> bool:
        known = self.condition_key(key)
        if known is None or not self.is_of_some_actions(key):
            return True
        prefix, name = key.partition(":")[0], known.name.lower()
        if name in self.keys_of(action) or name in self._keys_beside(action):
            return True
        is_well_listed = prefix not in overlay.PARTLY_LISTED and self._is_listed(name, prefix)
        return action.service == prefix and not is_well_listed

    def _keys_beside(self, action: Action) -> Iterator[str]:
        """Yield the keys of the request that needs an action which is not an operation itself."""
        assumes = action.full_name.lower() in overlay.WITH_ASSUMING
        for other in self.expand(f"{overlay.ASSUMING}*") if assumes else ():
            yield from self.keys_of(other)

    def _is_listed(self, name: str, prefix: str) -> bool:
        """Return whether AWS lists a key for an action of its service."""
        if prefix not in self._listed:
            service = self.service(prefix)
            actions = service.actions.values() if service else ()
            self._listed[prefix] = frozenset[str]().union(*map(self.keys_of, actions))
        return name in self._listed[prefix]

    # Places

    def partitions(self) -> tuple[str, ...]:
        return tuple(PARTITIONS)

    def regions(self, partition: str | None = None) -> frozenset[str]:
        """Return the regions of the partition, or of all partitions."""
        return _regions(partition)

    # Did you mean?

    def close_services(self, prefix: str, n: int = 3) -> tuple[str, ...]:
        from iamlint.catalog.suggest import close_names  # noqa: PLC0415 - for findings only

        gone = self._index.get("retired", {})
        return close_names(prefix.lower(), (one for one in self.services() if one not in gone), n)

    def close_actions(self, full_name: str, n: int = 3) -> tuple[str, ...]:
        """Return actions of the service with such a name, or this action of a service named so."""
        low = full_name.lower()
        if low in overlay.ACTION_HINTS:
            return (overlay.ACTION_HINTS[low],)
        prefix, _, name = low.partition(":")
        service = self.service(prefix)
        if service is not None:
            from iamlint.catalog.suggest import close_names  # noqa: PLC0415 - for findings only

            known = [one.name for one in service.actions.values() if one.retired is None]
            named = {one.lower(): f"{prefix}:{one}" for one in (*service.operations, *known)}
            return tuple(named[near] for near in close_names(name, named, n))
        others = (self.action(f"{near}:{name}") for near in self.close_services(prefix, 10))
        return tuple(action.full_name for action in others if action)[:n]

    def close_keys(self, key: str, n: int = 3) -> tuple[str, ...]:
        """Return keys with such a name under the same prefix."""
        from iamlint.catalog.suggest import close_keys  # noqa: PLC0415 - for findings only

        return close_keys(key, self._keys_of(key.lower().partition(":")[0]), n)

    def _keys_of(self, prefix: str) -> list[str]:
        if prefix == "aws":
            return [key.name for key in self.global_keys()]
        service = self.service(prefix)
        known = service.condition_keys.values() if service else ()
        keys = (*known, *overlay.EXTRA_KEYS.values())
        return [key.name for key in keys if key.name.lower().startswith(f"{prefix}:")]


@cache
def _bundled() -> Catalog:
    return Catalog(BUNDLED, read_index(BUNDLED))


def is_federation_key(key: str) -> bool:
    """Return whether the key is a claim of an identity provider, such as `accounts.google.com:aud`.

    A provider is named by its host, and no service's prefix has a dot. `saml:` keys are published.
    """
    prefix, colon, name = key.partition(":")
    return "." in prefix and bool(colon and name)


@lru_cache(maxsize=8)
def _sorted(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


@lru_cache
def _regions(partition: str | None) -> frozenset[str]:
    if partition is not None:
        return frozenset(PARTITIONS.get(partition, ()))
    return frozenset(region for regions in PARTITIONS.values() for region in regions)
