"""Reads one configuration file and what it extends."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Final

from iamlint.account.build.declared import Declared
from iamlint.config.keys import Config, keys
from iamlint.config.table import PYPROJECT, TOOL, TomlTable
from iamlint.config.types import TYPES
from iamlint.errors import UsageError, os_reason
from iamlint.paths import real, shown
from iamlint.text.masked import know_secrets
from iamlint.text.toml import Toml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_OUTSIDE: Final = "is outside of the repository"
_INSIDE: Final = "name a file of the repository"


def read_file(path: Path, here: Path, home: Path | None) -> Config:
    """Return one file with those it extends; raises `UsageError` with file and line.

    The files that it names must be in the folder `home`, unless that is None.
    """
    config = _read(path, here, home, ())
    if home is not None:
        _refuse_outside(config, home)
    return config


def _refuse_outside(config: Config, home: Path) -> None:
    """Raise where a policy that a configuration names is elsewhere."""
    declared = Declared(
        root=config.root,
        principals=config.principals,
        resources=config.resources,
        organization_policies=config.organization_policies,
    )
    for path in declared.files():
        if not real(path).is_relative_to(home):
            name = os.path.relpath(path, config.root)
            raise UsageError(f"{config.shown}: `{name}` {_OUTSIDE}", help=_INSIDE)


def _read(path: Path, here: Path, home: Path | None, above: tuple[Path, ...]) -> Config:
    try:
        toml = Toml(path.read_text(encoding="utf-8"))
        know_secrets(toml.text)
        table = TomlTable(shown(path, here), path.parent, toml, toml.members)
    except OSError as error:
        help_ = None if path.exists() else "`iamlint config init` makes a configuration"
        raise UsageError(f"`{path}` cannot be read: {os_reason(error)}", help=help_) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if path.name == PYPROJECT:
        for step in TOOL:
            table = table.table(step)
    extended = table.string("extend")
    base = Config(root=path.parent, here=here)
    if extended:
        other, own = real(path.parent / extended), (*above, real(path))
        if home is not None and not other.is_relative_to(home):
            raise table.wrong("extend", f"`{extended}` {_OUTSIDE}", help=_INSIDE)
        if other in own:
            raise table.wrong("extend", f"`{extended}` leads back to this file")
        if not os.path.isfile(other):  # noqa: PTH113 - the other raises below a closed folder
            raise table.wrong("extend", f"`{extended}` is not a file that can be read")
        base = _read(other, here, home, own)
    config = _config(table, base, path)
    table.finish()
    return config


def _config(table: TomlTable, base: Config, path: Path) -> Config:
    """Return the configuration of a file; other keys are those of the base."""
    values: dict[str, object] = {}
    for key in keys():
        type_, inherited = TYPES[key.type], getattr(base, key.field)
        given = type_.read(table, key.name)
        values[key.field] = inherited if given is None else type_.merge(inherited, given)
    make: Callable[..., Config] = Config
    return make(root=path.parent, path=path, here=base.here, lines=table.toml.lines, **values)
