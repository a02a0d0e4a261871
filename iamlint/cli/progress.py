"""Says on a terminal how far a long run is."""

from __future__ import annotations

import sys
import time

_PATIENCE = 0.5  # seconds
_PAUSE = 0.1


class Progress:
    """A line on standard error that is gone when the work is; only on a terminal."""

    def __init__(self, *, wanted: bool) -> None:
        self._shown = wanted and sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._done = 0
        self._written = False

    def __call__(self, total: int, done: int) -> None:
        """Note that so many more of all are done."""
        self._done += done
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + _PAUSE
            self._written = True
            self._write(f"\r\x1b[Klooked at {self._done} of {total} policies")

    def end(self) -> None:
        if self._written:
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
