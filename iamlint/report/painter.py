"""Colours of text for a terminal."""

from __future__ import annotations


class Painter:
    """Colours for a terminal, or none."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text

    def bold(self, text: str) -> str:
        return self.paint(text, "1")

    def dim(self, text: str) -> str:
        return self.paint(text, "34")

    def link(self, url: str) -> str:
        """Return a link that terminals open: https://iterm2.com/feature-reporting/Hyperlinks.html"""
        return f"\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\" if self._on else url
