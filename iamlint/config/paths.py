"""The names of configuration files, and paths as messages name them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FILE: Final = "iamlint.toml"
PYPROJECT: Final = "pyproject.toml"


def real(path: Path) -> Path:
    """Return where a path leads, links followed; one that leads in a circle stays as it is."""
    return Path(os.path.realpath(str(path).replace("\0", "\ufffd")))


def shown(path: Path, here: Path) -> str:
    """Return a path as messages name it: from a folder, if it is below."""
    here = here.absolute()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
