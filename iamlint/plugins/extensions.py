"""What rules, loaders, reporters and catalog there are: the built-in ones and those of plugins.

Nothing of a scanned repository is executed: a plugin is an installed distribution, or a module
that a configuration names which the user trusts. A plugin that wants to end the program is broken.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog, user_catalog
from iamlint.errors import BrokenError, UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.plugins.guarded import KeptLoader, kept, kept_reporter, kept_rule
from iamlint.rule import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pluggy

    from iamlint.config import Config
    from iamlint.load import Loader
    from iamlint.report.formats import Reporter
    from iamlint.rule import Rule

GROUP = "iamlint"
ALLOW = "IAMLINT_ALLOW_PLUGINS"


@dataclass(frozen=True, slots=True)
class Extensions:
    """Everything a run can use."""

    rules: tuple[Rule, ...]
    loaders: tuple[Loader, ...]
    reporters: Mapping[str, Reporter]
    catalog: Catalog
    has_plugins: bool = False


class Builtin:
    """What iamlint brings along, as a plugin like any other."""

    def iamlint_rules(self) -> Iterable[Rule]:
        from iamlint.rules import BUILTIN  # noqa: PLC0415 - only commands that ask for rules pay

        return BUILTIN

    def iamlint_loaders(self) -> Iterable[Loader]:
        from iamlint.load import BUILTIN  # noqa: PLC0415 - the same

        return BUILTIN

    def iamlint_reporters(self) -> Mapping[str, Reporter]:
        from iamlint.report.formats import BUILTIN  # noqa: PLC0415 - the same

        return BUILTIN

    def iamlint_catalog(self, config: Config) -> Catalog | None:  # noqa: ARG002 - the hook's form
        newer = user_catalog(os.environ)
        return Catalog.open(newer) if newer else Catalog.open()


def load_extensions(config: Config) -> Extensions:
    """Return the extensions of the built-ins and of every plugin."""
    builtin = Builtin()
    if not config.plugins and not any(_installed()):
        # Nothing is plugged in: pluggy and the search for entry points cost more than a check.
        return Extensions(
            tuple(builtin.iamlint_rules()),
            tuple(builtin.iamlint_loaders()),
            builtin.iamlint_reporters(),
            builtin.iamlint_catalog(config) or Catalog.open(),
        )
    return _collected(builtin, _manager(builtin, config).hook, config)


def _collected(builtin: Builtin, hook: pluggy.HookRelay, config: Config) -> Extensions:
    own, loaders = set(map(id, builtin.iamlint_rules())), tuple(builtin.iamlint_loaders())
    ask = {name: kept(getattr(hook, name)) for name in dir(builtin) if name.startswith("iamlint_")}
    # pluggy calls the last registered first; built-in rules come first in a report.
    of_rules = [one for some in reversed(ask["iamlint_rules"]()) for one in some]
    if any(one.name == RESERVED for one in of_rules):
        raise BrokenError(f"a plugin is not valid: a rule cannot have the name `{RESERVED}`")
    of_loaders = [one for some in ask["iamlint_loaders"]() for one in some]
    return Extensions(
        tuple(one if id(one) in own else kept_rule(one) for one in of_rules),
        tuple(one if one in loaders else KeptLoader(one) for one in of_loaders),
        _reporters(ask["iamlint_reporters"]()),
        ask["iamlint_catalog"](config=config) or Catalog.open(),
        has_plugins=True,
    )


def sources(config: Config) -> tuple[tuple[Loader, ...], Catalog]:
    """Collect what reading and asking take, without the rules, which cost more than a question."""
    if config.plugins or any(_installed()):
        everything = load_extensions(config)
        return everything.loaders, everything.catalog
    return tuple(Builtin().iamlint_loaders()), _builtin_catalog(config)


def catalog_of(config: Config) -> Catalog:
    """Return what is known of AWS, without what reads files."""
    if config.plugins or any(_installed()):
        return load_extensions(config).catalog
    return _builtin_catalog(config)


def _builtin_catalog(config: Config) -> Catalog:
    return Builtin().iamlint_catalog(config) or Catalog.open()


def _manager(builtin: Builtin, config: Config) -> pluggy.PluginManager:
    import pluggy  # noqa: PLC0415 - see `load_extensions`

    from iamlint import hookspecs  # noqa: PLC0415 - see `load_extensions`

    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    for name in dir(builtin):
        if name.startswith("iamlint_"):
            hookspecs.hookimpl(getattr(Builtin, name))
    manager.register(builtin, name="built in")
    try:
        kept(manager.load_setuptools_entrypoints)(GROUP)
        for name in _named(config):
            manager.register(kept(import_module)(name), name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise BrokenError(f"a plugin is not valid: {error}") from error
    except ImportError as error:
        raise UsageError(
            f"a plugin cannot be imported: {error}",
            help="`plugins` in the configuration names importable modules",
        ) from error
    return manager


def _named(config: Config) -> tuple[str, ...]:
    """Return the modules that a configuration names; raise unless the user allows it."""
    if config.plugins and not (config.is_trusted or os.environ.get(ALLOW)):
        raise UsageError(
            f"{config.shown} names plugins, and a plugin runs code: "
            + ", ".join(f"`{name}`" for name in config.plugins),
            help=f"if you trust the file, pass `--allow-plugins` or `--config`, or set `{ALLOW}=1`",
        )
    return config.plugins


def _reporters(of_plugins: Iterable[Mapping[str, Reporter]]) -> Mapping[str, Reporter]:
    reporters: dict[str, Reporter] = {}
    for mapping in of_plugins:
        for name, reporter in mapping.items():
            if name in reporters:
                raise UsageError(f"two plugins offer the output format `{name}`")
            reporters[name] = kept_reporter(reporter)
    return reporters


def _installed() -> Iterator[str]:
    """Yield the entry-point files of distributions that plug into iamlint.

    `importlib.metadata` gives the same in ten times the time, and paths that are objects in three.
    """
    plugs_in = f"[{GROUP}]".encode()
    for folder in sys.path:
        for info in _distributions(folder):
            entry_points = f"{folder or '.'}/{info}/entry_points.txt"
            try:
                with open(entry_points, "rb") as file:  # noqa: PTH123 - see above
                    text = file.read()
            except OSError:
                continue
            if plugs_in in text:
                yield entry_points


def _distributions(folder: str) -> list[str]:
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - see above
    except OSError:
        return []
    return [name for name in names if name.endswith((".dist-info", ".egg-info"))]
