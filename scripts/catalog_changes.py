"""Print, as Markdown, what changed between two catalogs that rules rely on; nothing if nothing did.

python -m scripts.catalog_changes BEFORE AFTER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog
from iamlint.catalog.location import BUNDLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.catalog import Action, Service


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("before", type=Path, help="the directory of the older catalog")
    parser.add_argument(
        "after", type=Path, nargs="?", default=BUNDLED, help="that of the newer one"
    )
    options = parser.parse_args()
    text = report(Catalog.open(options.before), Catalog.open(options.after))
    if text:
        print(text)


def report(before: Catalog, after: Catalog) -> str:
    """Return the changes in names and facts; dates and sources alone are no change."""
    parts = {
        "Services": _services(before, after),
        "Actions": _of_each(before, after, _actions),
        "Condition keys": _of_each(before, after, _keys),
        "Resource types": _of_each(before, after, _types),
        "Resource control policies": _sets(before.rcp_services(), after.rcp_services()),
    }
    found = {title: list(lines) for title, lines in parts.items()}
    changes = [f"## {title}\n\n" + "\n".join(lines) for title, lines in found.items() if lines]
    if not changes:
        return ""
    return "\n\n".join((f"The AWS data of {after.date}, made of {after.source}.", *changes))


def _services(before: Catalog, after: Catalog) -> Iterator[str]:
    yield from _sets(set(before.services()), set(after.services()))
    for prefix in sorted(set(before.services()) & set(after.services())):
        if before.retired(prefix) != after.retired(prefix):
            yield f"- `{prefix}`: retired {after.retired(prefix) or 'no more'}"


def _of_each(
    before: Catalog, after: Catalog, facts: Callable[[Service], Mapping[str, str]]
) -> Iterator[str]:
    for prefix in after.services():
        old, new = before.service(prefix), after.service(prefix)
        if new is not None:
            yield from _changed(facts(old) if old else {}, facts(new), is_new=old is None)


def _changed(
    old: Mapping[str, object], new: Mapping[str, object], *, is_new: bool
) -> Iterator[str]:
    if is_new:
        yield from (f"- new: `{name}`" for name in new)
        return
    yield from _sets(old.keys(), new.keys())
    for name in new:
        if name in old and old[name] != new[name]:
            yield f"- `{name}`: {old[name]} became {new[name]}"


def _sets(old: AbstractSet[str], new: AbstractSet[str]) -> Iterator[str]:
    yield from (f"- new: `{name}`" for name in sorted(new - old))
    yield from (f"- gone: `{name}`" for name in sorted(old - new))


def _actions(service: Service) -> dict[str, str]:
    newer = {f"{service.prefix}:{name}": "an operation" for name in service.operations}
    return newer | {action.full_name: _facts_of(action) for action in service.actions.values()}


def _facts_of(action: Action) -> str:
    types = ", ".join(use.name + "*" * use.required for use in action.resource_types)
    if not action.types_known:
        types = "not known"
    facts = [f"{action.access_level.value}, on {types or 'no resource'}"]
    facts += [f"keys {', '.join(action.condition_keys)}"] if action.condition_keys else []
    needed = ", ".join(action.dependent_actions)
    facts += [f"needs {needed}"] if needed else []
    facts += [f"retired {action.retired}"] if action.retired else []
    return "; ".join(facts)


def _keys(service: Service) -> dict[str, str]:
    return {
        key.name: key.type.value + ", many values" * key.multivalued
        for key in service.condition_keys.values()
        if key.name.lower().startswith(f"{service.prefix}:")
    }


def _types(service: Service) -> dict[str, str]:
    return {
        f"{service.prefix} {type_.name}": " ".join((*type_.arns, *type_.condition_keys))
        for type_ in service.resource_types.values()
    }


if __name__ == "__main__":
    main()
