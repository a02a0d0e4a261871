"""The four hooks of a plugin. Distributions offer plugins under the entry-point group `iamlint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.catalog import Catalog
    from iamlint.config import Config
    from iamlint.load import Loader
    from iamlint.report.formats import Reporter
    from iamlint.rule import Rule

hookspec = pluggy.HookspecMarker("iamlint")
hookimpl = pluggy.HookimplMarker("iamlint")


@hookspec
def iamlint_rules() -> Iterable[Rule]:  # type: ignore[empty-body] # a specification
    """Return rules to run beside the built-in ones."""


@hookspec
def iamlint_loaders() -> Iterable[Loader]:  # type: ignore[empty-body] # a specification
    """Return loaders; the one registered last is asked first."""


@hookspec
def iamlint_reporters() -> Mapping[str, Reporter]:  # type: ignore[empty-body] # a specification
    """Return reporters by the name of their format; each returns a text, or yields its pieces."""


@hookspec(firstresult=True)
def iamlint_catalog(config: Config) -> Catalog | None:
    """Return the catalog to use in place of the one iamlint ships."""
