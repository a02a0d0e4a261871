"""Read AWS's own service reference, and update a catalog from it.

An index, `[{"service", "url"}, …]`, and one document a service:
https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from iamlint.catalog.build import build
from iamlint.catalog.build.build import Facts
from iamlint.catalog.build.merge import Merged, with_retired
from iamlint.catalog.files import write_files
from iamlint.catalog.model import AccessLevel, Action, ResourceType, ResourceUse
from iamlint.catalog.overlay import UNLISTED_SERVICES
from iamlint.errors import ReadError
from iamlint.fast_dataclass import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iamlint.catalog.lookup import Catalog

    Fetch: TypeAlias = Callable[[str], bytes]

REFERENCE = "https://servicereference.us-east-1.amazonaws.com/"
SOURCE = "AWS service reference"

_PREFIX = re.compile(r"[a-z0-9][a-z0-9-]*")
_TIMEOUT = 30.0  # seconds for one document


def fetch_reference(url: str) -> bytes:
    """Return a document of the reference, from the network."""
    from urllib.request import urlopen  # noqa: PLC0415 - heavy, and only an update needs it

    if not url.startswith(REFERENCE):
        raise ReadError(f"`{url}` is not part of the service reference")
    try:
        with urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - checked above
            body: bytes = answer.read()
    except OSError as error:
        raise ReadError(
            f"the service reference cannot be fetched: {error}",
            help="the catalog in use stays as it is",
        ) from error
    return body


def update(fetch: Fetch, directory: Path, *, date: str, known: Catalog) -> int:
    """Write a new catalog into `directory` and return how many services the reference has.

    `known` fills in what the reference does not say: names of services, which resource types an
    action requires, dependent actions, and where resource control policies apply. Its names that
    the reference does not have are kept, as retired.
    """
    facts, operations = [], {}
    for entry in _list(_document(fetch, REFERENCE)):
        prefix, url = _text(entry, "service"), _text(entry, "url")
        if not _PREFIX.fullmatch(prefix):
            raise ReadError(f"the service reference names a strange service: `{prefix}`")
        document = _document(fetch, url)
        facts.append(_filled_in(_facts(document, url, prefix), known))
        if needed := read_operations(document):
            operations[prefix] = needed
    services = map(known.service, known.services())
    merged = with_retired(Merged(tuple(facts), {}), services, known.retired, date=date)
    made = build.services(merged.facts)
    index = build.index(
        made,
        date=date,
        source=SOURCE,
        rcp_services=known.rcp_services(),
        rcp_date=known.rcp_date,
        origins=build.grouped(
            {one.prefix: (SOURCE, date) for one in merged.facts}
            | {prefix: known.origin(prefix) for prefix in merged.retired}
        ),
        retired=merged.retired,
        unlisted=known.unlisted() - UNLISTED_SERVICES - {one.prefix for one in merged.facts},
    )
    write_files(directory, index, made, operations)
    return len(facts)


def _facts(document: Any, url: str, prefix: str) -> Facts:
    facts = read_service(document)
    if facts.prefix != prefix:  # INVARIANT: a prefix becomes a file name; only checked ones do.
        raise ReadError(f"`{url}` describes `{facts.prefix}`, not `{prefix}`")
    return facts


def _document(fetch: Fetch, url: str) -> Any:
    try:
        return json.loads(fetch(url))
    except (OSError, ValueError) as error:
        raise ReadError(f"cannot read `{url}`", help=str(error)) from error


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ReadError("the service reference is not in the published form: a list was expected")
    return value


def _text(entry: Any, word: str) -> str:
    value = entry.get(word) if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise ReadError(f"the service reference is not in the published form: no `{word}`")
    return value


def read_service(document: Any) -> Facts:
    """Return the facts of one service's document."""
    prefix = _text(document, "Name")
    return Facts(
        prefix=prefix,
        name=prefix,
        actions=tuple(_action(prefix, entry) for entry in document.get("Actions", ())),
        resource_types=tuple(
            ResourceType(
                prefix,
                _text(entry, "Name"),
                tuple(entry.get("ARNFormats", ())),
                _keys(entry, "ConditionKeys"),
            )
            for entry in document.get("Resources", ())
        ),
        condition_keys=tuple(
            build.condition_key(_text(entry, "Name"), _list(entry.get("Types"))[0])
            for entry in document.get("ConditionKeys", ())
        ),
    )


def read_operations(document: Any) -> dict[str, tuple[str, ...]]:
    """Return the actions that a call of each operation needs, where the reference says it."""
    return {
        _text(entry, "Name"): tuple(dict.fromkeys(_authorized(entry)))
        for entry in _list(document.get("Operations", []))
        if entry.get("AuthorizedActions")
    }


def _authorized(entry: Any) -> Iterator[str]:
    for action in _list(entry["AuthorizedActions"]):
        yield f"{_text(action, 'Service')}:{_text(action, 'Name')}"


def _action(prefix: str, entry: Any) -> Action:
    return Action(
        service=prefix,
        name=_text(entry, "Name"),
        access_level=_level(entry.get("Annotations", {}).get("Properties", {})),
        resource_types=tuple(
            ResourceUse(_text(use, "Name"), required=False) for use in entry.get("Resources", ())
        ),
        condition_keys=_keys(entry, "ActionConditionKeys"),
    )


def _keys(entry: Any, word: str) -> tuple[str, ...]:
    return tuple(build.key_name(name) for name in entry.get(word, ()))


def _level(properties: dict[str, bool]) -> AccessLevel:
    """Return the access level; without annotations a write, which errs on the safe side."""
    if properties.get("IsPermissionManagement"):
        return AccessLevel.PERMISSIONS
    if properties.get("IsTaggingOnly"):
        return AccessLevel.TAGGING
    if properties.get("IsWrite", True):
        return AccessLevel.WRITE
    return AccessLevel.LIST if properties.get("IsList") else AccessLevel.READ


def _filled_in(facts: Facts, known: Catalog) -> Facts:
    service = known.service(facts.prefix)
    if service is None:
        return facts
    actions = tuple(
        _with_known(action, service.actions.get(action.name.lower())) for action in facts.actions
    )
    return replace(facts, name=service.name, actions=actions)


def _with_known(action: Action, known: Action | None) -> Action:
    if known is None:
        return action
    uses = {use.name.lower(): use for use in known.resource_types}
    return replace(
        action,
        resource_types=tuple(uses.get(use.name.lower(), use) for use in action.resource_types),
        dependent_actions=known.dependent_actions,
    )
