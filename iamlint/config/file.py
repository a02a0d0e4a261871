"""Reads one configuration file and what it extends."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.account.build.declared import Declared
from iamlint.config.keys import Config, keys
from iamlint.config.table import PYPROJECT, TOOL, TomlTable
from iamlint.config.types import TYPES, replace_inherited
from iamlint.errors import ConfigurationError, UsageError, os_reason
from iamlint.paths import shown
from iamlint.text.masked import know_secrets
from iamlint.text.toml import Toml, broken_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.find.tree import FileTree

_OUTSIDE: Final = "is outside of the repository"
_INSIDE: Final = "name a file of the repository"


def read_file(path: Path, here: Path, home: Path | None, tree: FileTree) -> Config:
    """Return one file with those it extends; raises `UsageError` with file and line.

    The files that it names must be in the folder `home`, unless that is None.
    """
    config = _read(path, Config(root=path.parent, here=here, tree=tree), home, ())
    if home is not None:
        _refuse_outside(config, home)
    return config


def _refuse_outside(config: Config, home: Path) -> None:
    """Raise where a policy that a configuration names is elsewhere."""
    declared = Declared(
        root=config.root,
        tree=config.tree,
        principals=config.principals,
        resources=config.resources,
        organization_policies=config.organization_policies,
    )
    for path in declared.files():
        if not _real(path, config.tree).is_relative_to(home):
            name = os.path.relpath(path, config.root)
            raise UsageError(f"{config.shown}: `{name}` {_OUTSIDE}", help=_INSIDE)


def _read(path: Path, start: Config, home: Path | None, above: tuple[Path, ...]) -> Config:
    """Return a file, where `start` has no keys yet."""
    here, tree = start.here, start.tree
    try:
        toml = Toml(tree.text(str(path)))
        know_secrets(toml.text)
        table = TomlTable(shown(path, here), path.parent, toml, toml.members)
    except OSError as error:
        help_ = None if tree.exists(str(path)) else "`iamlint config init` makes a configuration"
        raise UsageError(f"`{path}` cannot be read: {os_reason(error)}", help=help_) from error
    except tomllib.TOMLDecodeError as error:
        line = broken_line(tree.text(str(path)))
        raise ConfigurationError(f"{path}: {error}", path, line, str(error)) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: {error}") from error
    if path.name == PYPROJECT:
        for step in TOOL:
            table = table.table(step)
    extended = table.string("extend")
    base = start
    if extended:
        other, own = _real(path.parent / extended, tree), (*above, _real(path, tree))
        if home is not None and not other.is_relative_to(home):
            raise table.wrong("extend", f"`{extended}` {_OUTSIDE}", help=_INSIDE)
        if other in own:
            raise table.wrong("extend", f"`{extended}` leads back to this file")
        if not tree.is_file(str(other)):
            raise table.wrong("extend", f"`{extended}` is not a file that can be read")
        base = _read(other, start, home, own)
    config = _config(table, base, path)
    table.finish()
    return config


def _config(table: TomlTable, base: Config, path: Path) -> Config:
    """Return the configuration of a file; other keys are those of the base."""
    values: dict[str, object] = {}
    sources = dict(base.sources)
    for key in keys():
        type_, inherited = TYPES[key.type], getattr(base, key.field)
        given = type_.read(table, key.name)
        values[key.field] = inherited if given is None else type_.merge(inherited, given)
        if key.name in table.members:
            before = () if type_.merge is replace_inherited else sources.get(key.field, ())
            sources[key.field] = (*before, path)
    make: Callable[..., Config] = Config
    return make(
        root=path.parent,
        path=path,
        here=base.here,
        tree=base.tree,
        sources=sources,
        lines=table.toml.lines,
        **values,
    )


def _real(path: Path, tree: FileTree) -> Path:
    return Path(tree.place(str(path)))
