"""Files that reports are written to, as `-o [FORMAT:]FILE` names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def target_of(text: str, endings: Mapping[str, str], otherwise: str) -> tuple[str, Path]:
    """Return a format and a file.

    A file alone takes the format of its ending in `endings`, or else `otherwise`.
    """
    name, colon, rest = text.partition(":")
    if colon and name.isalpha() and len(name) > 1:
        if not rest:
            raise UsageError(
                f"`--output {text}` does not name a file", help=f"such as `{text}report.txt`"
            )
        return name, Path(rest)
    return endings.get(Path(text).suffix, otherwise), Path(text)
