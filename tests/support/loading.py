"""Policies of a text, read as one that a user gives on standard input, and files of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load import Loaded, LoadOptions, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def load_text(text: str, name: str = "main.tf") -> Loaded:
    return load(["-"], LoadOptions(stdin=text.encode(), stdin_name=name))


def reasons(loaded: Loaded) -> list[str]:
    """Return why something is not analysed, in the order of the text."""
    return [item.reason for item in loaded.not_analysed]


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
