"""The catalog on disk, `index.json` and one small file a service: read, and written.

The folder `operations` has what calls need, where the source says it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from iamlint.catalog.model import (
    AccessLevel,
    Action,
    ConditionKey,
    KeyType,
    Lazy,
    ResourceType,
    ResourceUse,
    Service,
)
from iamlint.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from iamlint.catalog.shapes import ActionEntry, IndexFile, ResourceEntry, ServiceFile

INDEX = "index.json"
OPERATIONS = "operations"

KEY_CODES = {
    "S": KeyType.STRING,
    "N": KeyType.NUMERIC,
    "D": KeyType.DATE,
    "B": KeyType.BOOL,
    "X": KeyType.BINARY,
    "I": KeyType.IP,
    "A": KeyType.ARN,
}
LEVEL_CODES = {
    "L": AccessLevel.LIST,
    "R": AccessLevel.READ,
    "W": AccessLevel.WRITE,
    "T": AccessLevel.TAGGING,
    "P": AccessLevel.PERMISSIONS,
}
_CODE_OF_TYPE = {type_: code for code, type_ in KEY_CODES.items()}
_CODE_OF_LEVEL = {level: code for code, level in LEVEL_CODES.items()}


def read_index(directory: Path) -> IndexFile:
    return cast("IndexFile", _read(directory / INDEX))


def read_service(directory: Path, prefix: str) -> Service:
    """Return the service of a file. `prefix` must be from the index: it becomes a file name."""
    return decode(prefix, cast("ServiceFile", _read(directory / f"{prefix}.json")))


def read_operations(directory: Path, prefix: str) -> dict[str, tuple[str, ...]]:
    """Return the actions that each operation needs, by its name in lower case."""
    read = cast("dict[str, list[str]]", _read(directory / OPERATIONS / f"{prefix}.json"))
    return {name.lower(): tuple(actions) or (f"{prefix}:{name}",) for name, actions in read.items()}


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ReadError(
            f"cannot read the catalog file `{path}`",
            help="run `iamlint catalog update`, or unset IAMLINT_CATALOG to use the bundled data",
        ) from error


def decode(prefix: str, file: ServiceFile) -> Service:
    """Return the service that the file describes; its parts are made when asked for."""
    keys, types = list(file["k"]), list(file["r"])

    def key(name: str, code: str) -> ConditionKey:
        return ConditionKey(name, KEY_CODES[code[0]], multivalued=code.endswith("+"))

    def resource_type(name: str, entry: ResourceEntry) -> ResourceType:
        own = tuple(keys[i] for i in entry.get("k", ()))
        return ResourceType(prefix, name, tuple(entry.get("a", ())), own)

    def action(name: str, entry: ActionEntry) -> Action:
        return _action(prefix, name, entry, keys, types)

    return Service(
        prefix=prefix,
        name=file["n"],
        actions=Lazy(file["a"], action),
        resource_types=Lazy(file["r"], resource_type),
        condition_keys=Lazy(file["k"], key),
        operations=tuple(file.get("o", ())),
        retired=frozenset(name.lower() for name, entry in file["a"].items() if "x" in entry),
    )


def _action(
    prefix: str, name: str, entry: ActionEntry, keys: list[str], types: list[str]
) -> Action:
    own_keys, own_actions = entry.get("u", {}), entry.get("v", {})
    optional = range(len(types)) if "t" in entry else entry.get("o", ())

    def use(i: int, *, required: bool) -> ResourceUse:
        own = tuple([keys[k] for k in own_keys.get(str(i), ())])
        return ResourceUse(types[i], required, own, tuple(own_actions.get(str(i), ())))

    uses = [use(i, required=True) for i in entry.get("q", ())]
    uses += [use(i, required=False) for i in optional]
    return Action(
        service=prefix,
        name=name,
        access_level=LEVEL_CODES[entry["c"]],
        resource_types=tuple(uses),
        condition_keys=tuple([keys[k] for k in entry.get("k", ())]),
        dependent_actions=tuple(entry.get("d", ())),
        types_known="t" not in entry,
        retired=entry.get("x"),
    )


def encode(service: Service) -> ServiceFile:
    """Return the file of a service; `decode` gives the service back."""
    keys = sorted(service.condition_keys.values(), key=lambda key: key.name.lower())
    types = sorted(service.resource_types.values(), key=lambda type_: type_.name.lower())
    actions = sorted(service.actions.values(), key=lambda action: action.name.lower())
    key_at = {key.name.lower(): at for at, key in enumerate(keys)}
    type_at = {type_.name.lower(): at for at, type_ in enumerate(types)}
    file: ServiceFile = {
        "n": service.name,
        "k": {key.name: _CODE_OF_TYPE[key.type] + "+" * key.multivalued for key in keys},
        "r": {type_.name: _resource_entry(type_, key_at) for type_ in types},
        "a": {action.name: _action_entry(action, key_at, type_at) for action in actions},
    }
    if service.operations:
        file["o"] = list(service.operations)
    return file


def _resource_entry(type_: ResourceType, key_at: Mapping[str, int]) -> ResourceEntry:
    entry: ResourceEntry = {"a": list(type_.arns)}
    if type_.condition_keys:
        entry["k"] = _places(type_.condition_keys, key_at)
    return entry


def _action_entry(
    action: Action, key_at: Mapping[str, int], type_at: Mapping[str, int]
) -> ActionEntry:
    uses = action.resource_types if action.types_known else ()
    entry: ActionEntry = {
        "c": _CODE_OF_LEVEL[action.access_level],
        "q": _places([use.name for use in uses if use.required], type_at),
        "o": _places([use.name for use in uses if not use.required], type_at),
        "k": _places(action.condition_keys, key_at),
        "d": list(action.dependent_actions),
        "u": {
            str(type_at[use.name.lower()]): _places(use.condition_keys, key_at)
            for use in uses
            if use.condition_keys
        },
        "v": {
            str(type_at[use.name.lower()]): list(use.dependent_actions)
            for use in uses
            if use.dependent_actions
        },
        "t": int(not action.types_known),
        "x": action.retired or "",
    }
    return cast("ActionEntry", {word: value for word, value in entry.items() if value})


def _places(names: Iterable[str], at: Mapping[str, int]) -> list[int]:
    return sorted(at[name.lower()] for name in names)


def write_files(
    directory: Path,
    index: IndexFile,
    services: Iterable[Service],
    operations: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
) -> None:
    """Write the catalog; the index comes last, so that it never names a file that is not there.

    `operations` are those of each prefix, with the actions that a call needs.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for service in services:
        _write(directory / f"{service.prefix}.json", encode(service))
    named = dict(operations or {})
    for prefix, needed in named.items():
        (directory / OPERATIONS).mkdir(exist_ok=True)
        _write(directory / OPERATIONS / f"{prefix}.json", _short(prefix, needed))
    _write(directory / INDEX, {**index, "operations": sorted(named)} if named else index)


def _short(prefix: str, needed: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return what the operations need; an empty list means the action of the same name."""
    listed = {name: list(needed[name]) for name in sorted(needed)}
    return {
        name: [] if actions == [f"{prefix}:{name}"] else actions
        for name, actions in listed.items()
        if actions
    }


def _write(path: Path, file: ServiceFile | IndexFile | dict[str, list[str]]) -> None:
    text = json.dumps(file, separators=(",", ":"), ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
