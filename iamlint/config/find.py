"""Finds the configuration of a folder: `iamlint.toml`, or `[tool.iamlint]` of `pyproject.toml`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config.model import FILE, PYPROJECT, Config, shown
from iamlint.errors import UsageError, refusal

if TYPE_CHECKING:
    from collections.abc import Container


def holds_configuration(names: Container[str]) -> bool:
    """Return whether a folder with files of these names may have a configuration of its own."""
    return FILE in names or PYPROJECT in names


@cache
def nearest(folder: Path, here: Path = Path()) -> Config:
    """Return the configuration of the files in a folder: the nearest file above, or defaults.

    Messages name its files from `here`.
    """
    for above in (folder, *folder.parents):
        if _is_file(above / FILE):
            return read(above / FILE, here)
        pyproject = above / PYPROJECT
        if _is_file(pyproject) and _has_table(pyproject, here):
            return read(pyproject, here)
    return Config(root=folder, here=here)


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - the other raises below a folder that is closed


def _has_table(pyproject: Path, here: Path) -> bool:
    """Return whether a file configures iamlint; raise where nobody can know."""
    try:
        return "[tool.iamlint" in pyproject.read_text(encoding="utf-8")
    except OSError as error:
        message = f"`{shown(pyproject, here)}` cannot be read: {refusal(error)}"
        raise UsageError(message) from error
    except UnicodeDecodeError as error:
        message = f"`{shown(pyproject, here)}` cannot be read: it is not UTF-8"
        raise UsageError(message) from error


def read(path: Path, here: Path = Path()) -> Config:
    """Read one file and what it extends."""
    from iamlint.config.file import read_file  # noqa: PLC0415 - many runs have no file

    return read_file(path, here)
