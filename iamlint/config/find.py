"""Finds the configuration of a folder: `iamlint.toml`, or `[tool.iamlint]` of `pyproject.toml`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config.keys import Config
from iamlint.config.table import FILE, PYPROJECT, TOOL
from iamlint.errors import UsageError, os_reason
from iamlint.paths import real, repository_of, shown

if TYPE_CHECKING:
    from collections.abc import Container


def holds_configuration(names: Container[str]) -> bool:
    """Return whether a folder with files of these names may have a configuration of its own."""
    return FILE in names or PYPROJECT in names


@cache
def nearest(folder: Path, here: Path = Path(), top: Path | None = None) -> Config:
    """Return the configuration of the files in a folder: the nearest file above, or defaults.

    Nothing above the folder `top` counts; without it, nothing above the repository, or else above
    `here`. Messages name files from `here`.
    """
    top = last_folder(folder, here.absolute()) if top is None else top
    for above in (folder, *folder.parents):
        own = _own(above, here)
        if own is not None:  # read once for all folders below
            return _found(own, here, top) if above == folder else nearest(above, here, top)
        if above == top:
            break
    return Config(root=folder, here=here)


def _own(folder: Path, here: Path) -> Path | None:
    """Return the file that configures a folder, if it has one."""
    if _is_file(folder / FILE):
        return folder / FILE
    pyproject = folder / PYPROJECT
    return pyproject if _is_file(pyproject) and _has_table(pyproject, here) else None


def last_folder(folder: Path, or_else: Path) -> Path:
    """Return the last folder above one whose configuration counts unless the user names it.

    That is the root of its repository, which has a `.git`; without one the other folder that is
    given, if it is above, or else the folder itself.
    """
    if (home := repository_of(folder)) is not None:
        return Path(home)
    return or_else if folder.is_relative_to(or_else) else folder


def _found(path: Path, here: Path, top: Path) -> Config:
    """Return a configuration that the user has not named: its files must not be elsewhere."""
    home = real(top)
    if not real(path).is_relative_to(home):
        raise UsageError(
            f"`{shown(path, here)}` is a link that leads out of the repository",
            help=f"`--config {shown(path, here)}` reads it",
        )
    return read(path, here, home)


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - the other raises below a folder that is closed


def _has_table(pyproject: Path, here: Path) -> bool:
    """Return whether a file configures iamlint, or may; raise if it cannot be read."""
    try:
        text = pyproject.read_text(encoding="utf-8")
    except OSError as error:
        message = f"`{shown(pyproject, here)}` cannot be read: {os_reason(error)}"
        raise UsageError(message) from error
    except UnicodeDecodeError as error:
        message = f"`{shown(pyproject, here)}` cannot be read: it is not UTF-8"
        raise UsageError(message) from error
    if TOOL[-1] not in text:
        return False
    from iamlint.text.toml import Toml  # noqa: PLC0415 - few files name iamlint

    try:
        tool = Toml(text).members.get(TOOL[0])
    except ValueError:
        return f"[{'.'.join(TOOL)}" in text  # the reader says what is wrong with it
    return isinstance(tool, dict) and TOOL[-1] in tool


def read(path: Path, here: Path = Path(), home: Path | None = None) -> Config:
    """Return one file with those it extends; files it names are in the folder `home`, if any."""
    from iamlint.config.file import read_file  # noqa: PLC0415 - many runs have no file

    return read_file(path, here, home)
