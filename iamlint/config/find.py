"""Finds the configuration of a folder: `iamlint.toml`, or `[tool.iamlint]` of `pyproject.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config.model import FILE, PYPROJECT, Config

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
        if (above / FILE).is_file():
            return read(above / FILE, here)
        pyproject = above / PYPROJECT
        if pyproject.is_file() and "[tool.iamlint" in pyproject.read_text(encoding="utf-8"):
            return read(pyproject, here)
    return Config(root=folder, here=here)


def read(path: Path, here: Path = Path()) -> Config:
    """Read one file and what it extends."""
    from iamlint.config.file import read_file  # noqa: PLC0415 - many runs have no file

    return read_file(path, here)
