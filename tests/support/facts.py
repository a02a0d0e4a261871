"""What a catalog knows; None fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog
    from iamlint.catalog.model import Service


def action(catalog: Catalog, name: str) -> Action:
    found = catalog.action(name)
    assert found is not None, name
    return found


def service(catalog: Catalog, prefix: str) -> Service:
    found = catalog.service(prefix)
    assert found is not None, prefix
    return found
