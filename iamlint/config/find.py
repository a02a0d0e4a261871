"""Finds the configuration of a folder: `iamlint.toml`, or `[tool.iamlint]` of `pyproject.toml`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.config.model import FILE, PYPROJECT, Config

if TYPE_CHECKING:
    from pathlib import Path


@cache
def nearest(folder: Path) -> Config:
    """Return the configuration of the files in a folder: the nearest file above, or defaults."""
    for above in (folder, *folder.parents):
        if (above / FILE).is_file():
            return read(above / FILE)
        pyproject = above / PYPROJECT
        if pyproject.is_file() and "[tool.iamlint" in pyproject.read_text(encoding="utf-8"):
            return read(pyproject)
    return Config(root=folder)


def read(path: Path) -> Config:
    """Read one file and what it extends."""
    from iamlint.config.file import read_file  # noqa: PLC0415 - many runs have no file

    return read_file(path)
