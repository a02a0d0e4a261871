"""Finds the configuration of a folder: `iamlint.toml`, or `[tool.iamlint]` of `pyproject.toml`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config.keys import Config
from iamlint.config.table import FILE, PYPROJECT, TOOL
from iamlint.errors import UsageError, os_reason
from iamlint.fast_dataclass import replace
from iamlint.load.find.tree import DISK
from iamlint.paths import shown

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from iamlint.load.find.tree import FileTree


def holds_configuration(names: Container[str]) -> bool:
    """Return whether a folder with files of these names may have a configuration of its own."""
    return FILE in names or PYPROJECT in names


@cache
def nearest(
    folder: Path, here: Path = Path(), top: Path | None = None, tree: FileTree = DISK
) -> Config:
    """Return the configuration of the files in a folder: the nearest file above, or defaults.

    Nothing above the folder `top` counts; without it, nothing above the repository, or else above
    `here`. Messages name files from `here`.
    """
    top = last_folder(folder, here.absolute(), tree) if top is None else top
    for above in (folder, *folder.parents):
        own = _own(above, here, tree)
        if own is not None:  # read once for all folders below
            is_own = above == folder
            return _found(own, here, top, tree) if is_own else nearest(above, here, top, tree)
        if above == top:
            break
    return Config(root=folder, here=here, tree=tree)


def _own(folder: Path, here: Path, tree: FileTree) -> Path | None:
    """Return the file that configures a folder, if it has one."""
    if tree.is_file(str(folder / FILE)):
        return folder / FILE
    pyproject = folder / PYPROJECT
    is_file = tree.is_file(str(pyproject))
    return pyproject if is_file and _has_table(pyproject, here, tree) else None


def of_all(places: Sequence[Path], here: Path, tree: FileTree = DISK) -> Config:
    """Return the configuration of several files and folders, as `nearest`.

    Raises `UsageError` if they have different ones: their policies are of several accounts.
    """
    folders = [place if tree.is_folder(str(place)) else place.parent for place in places]
    found = {config.path: config for config in (nearest(one, here, tree=tree) for one in folders)}
    if len(found) > 1:
        names = ", ".join(f"`{shown(path, here)}`" if path else "none" for path in found)
        raise UsageError(
            f"the paths have several configurations: {names}",
            help="name paths of one of them, or give one for all with `--config`",
        )
    config = next(iter(found.values()))
    if config.path is not None or len(folders) == 1:
        return config
    return replace(config, root=Path(os.path.commonpath(folders)))


def last_folder(folder: Path, or_else: Path, tree: FileTree = DISK) -> Path:
    """Return the last folder above one whose configuration counts unless the user names it.

    That is the root of its repository, which has a `.git`; without one the other folder that is
    given, if it is above, or else the folder itself.
    """
    if (home := tree.home(str(folder))) is not None:
        return Path(home)
    return or_else if folder.is_relative_to(or_else) else folder


def _found(path: Path, here: Path, top: Path, tree: FileTree) -> Config:
    """Return a configuration that the user has not named: its files must not be elsewhere."""
    home = Path(tree.place(str(top)))
    if not Path(tree.place(str(path))).is_relative_to(home):
        raise UsageError(
            f"`{shown(path, here)}` is a link that leads out of the repository",
            help=f"`--config {shown(path, here)}` reads it",
        )
    return read(path, here, home, tree)


def _has_table(pyproject: Path, here: Path, tree: FileTree) -> bool:
    """Return whether a file configures iamlint, or may; raise if it cannot be read."""
    try:
        text = tree.text(str(pyproject))
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


def read(
    path: Path, here: Path = Path(), home: Path | None = None, tree: FileTree = DISK
) -> Config:
    """Return one file with those it extends; files it names are in the folder `home`, if any."""
    from iamlint.config.file import read_file  # noqa: PLC0415 - many runs have no file

    return read_file(path, here, home, tree)
