"""Read the operations of AWS's APIs from a wheel of the Python package `botocore` (Apache-2.0)."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_MODEL = re.compile(r"botocore/data/([^/]+)/[^/]+/service-2\.json(?:\.gz)?")
_SHARED = 0.5
"""Share of its operations that an API has in common with the actions of a service."""


def read_operations(wheel: Path) -> dict[tuple[str, str], set[str]]:
    """Return the operations by the name of the API and the service that its requests are for."""
    found: dict[tuple[str, str], set[str]] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if model := _MODEL.fullmatch(name):
                read = _read(archive.read(name), name)
                about = read["metadata"]
                service = about.get("signingName") or about["endpointPrefix"]
                operations = (one["name"] for one in read["operations"].values())
                found.setdefault((model[1], service.lower()), set()).update(operations)
    return found


def _read(data: bytes, name: str) -> Any:
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)


def newer_operations(
    new: Mapping[tuple[str, str], AbstractSet[str]],
    old: Mapping[tuple[str, str], AbstractSet[str]],
    actions: Mapping[str, AbstractSet[str]],
) -> dict[str, set[str]]:
    """Return, by prefix, the operations that are newer than `old` and that no action is named for.

    `actions` are those of each prefix, in lower case. Older operations without an action are those
    that another action controls, as `ListObjectsV2` is. A prefix that `actions` lacks is that of a
    new service.
    """
    before: dict[str, set[str]] = {}
    for (_, service), operations in old.items():
        before.setdefault(service, set()).update(operations)
    found: dict[str, set[str]] = {}
    for (api, service), operations in new.items():
        added = operations - before.get(service, set())
        known_by = old.get((api, service), frozenset())
        for prefix in _prefixes(service, known_by, actions) if added else ():
            known = actions.get(prefix, frozenset())
            missing = {name for name in added if name.lower() not in known}
            if missing:
                found.setdefault(prefix, set()).update(missing)
    return found


def _prefixes(
    service: str, operations: AbstractSet[str], actions: Mapping[str, AbstractSet[str]]
) -> Iterator[str]:
    """Yield the prefixes that the actions of an API may have; `operations` are its older ones.

    The requests of CloudWatch are for `monitoring`, and its actions begin with `cloudwatch`.
    """
    if service in actions:
        yield service
        return
    low = {name.lower() for name in operations}
    near = max(actions, key=lambda prefix: len(low & actions[prefix]), default=service)
    if low and len(low & actions.get(near, frozenset())) >= _SHARED * len(low):
        yield near
        return
    yield service
    family = service.partition("-")[0]
    if family in actions:
        yield family
