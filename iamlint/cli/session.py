"""What every command knows: the options of all commands, and the exit codes."""

from __future__ import annotations

import os
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field, replace

if TYPE_CHECKING:
    from iamlint.config import Config


class Exit(IntEnum):
    """Exit codes; scripts depend on them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    BROKEN = 3
    NO_POLICY = 4


@dataclass(frozen=True, slots=True)
class Session:
    """What the options of all commands say, and the folder where paths start."""

    color: str = "auto"
    verbosity: int = 0
    config: Path | None = None
    isolated: bool = False
    here: Path = field(default_factory=Path.cwd)

    def fixed_config(self) -> Config | None:
        """Return the configuration for every file; None where each has its nearest."""
        from iamlint.config import Config, read  # noqa: PLC0415 - not every command has one

        if self.isolated:
            return Config(root=self.here, here=self.here)
        if self.config is None:
            return None
        return replace(read(self.here / self.config, self.here), is_trusted=True)

    def config_for(self, path: str) -> Config:
        """Return the configuration of a file or folder."""
        from iamlint.config import Scopes  # noqa: PLC0415 - not every command has one

        return Scopes((path,), self.here, self.fixed_config()).of(path)

    def colors(self, stream: object) -> bool:
        """Return whether to colour the output to a stream."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return bool(getattr(stream, "isatty", lambda: False)())
