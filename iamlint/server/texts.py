"""The texts that are open in the editor, by their real paths, and the folders of the workspace."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from iamlint.fast_dataclass import dataclass, field
from iamlint.paths import repository_of
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

_DRIVE: Final = re.compile(r"/([A-Za-z]:)(?=/|\Z)")


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text as the editor has it. `place` is the real path of its file; `version` the editor's."""

    uri: str
    place: str
    version: int
    lines: Lines

    @property
    def whole(self) -> str:
        return self.lines.whole

    @property
    def data(self) -> bytes:
        return self.whole.encode("utf-8", "surrogatepass")

    @property
    def is_configuration(self) -> bool:
        """Whether it is a configuration, or may be a part of one."""
        return self.place.endswith(".toml")


@dataclass(slots=True)
class OpenTexts:
    """All open texts of files on disk, in the order in which they were opened."""

    folders: tuple[Path, ...] = ()
    _texts: dict[str, OpenText] = field(default_factory=dict)
    _valid: dict[str, bytes] = field(default_factory=dict)

    def put(self, uri: str, version: int, text: str) -> OpenText | None:
        """Take a text that was opened or changed; None if it is not of a file on disk."""
        place = place_of(uri)
        if place is None:
            return None
        self._texts[uri] = new = OpenText(uri, place, version, Lines(text))
        return new

    def close(self, uri: str) -> None:
        if (text := self._texts.pop(uri, None)) is not None:
            self._valid.pop(text.place, None)

    def accept(self, text: OpenText) -> bool:
        """Let a configuration count, which is valid; return whether it is a new one."""
        before = self._valid.get(text.place)
        self._valid[text.place] = text.data
        return before != text.data

    def refuse(self, text: OpenText) -> None:
        """Let the file on disk count in place of a configuration."""
        self._valid.pop(text.place, None)

    def get(self, uri: str) -> OpenText | None:
        return self._texts.get(uri)

    def all(self) -> tuple[OpenText, ...]:
        return tuple(self._texts.values())

    def uri_of(self, place: str) -> str:
        """Return the address of a file, as the editor writes it if it is open."""
        for text in self._texts.values():
            if text.place == place:
                return text.uri
        return Path(place).as_uri()

    def on_disk(self, root: Path, path: str, lines: Lines) -> OpenText:
        """Return the text of a file as it was read, by its path from a folder."""
        place = os.path.realpath(root / path)
        return OpenText(self.uri_of(place), place, 0, lines)

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The bytes of texts, in place of those on disk; of configurations the last valid ones."""
        texts = (one for one in self._texts.values() if not one.is_configuration)
        return {one.place: one.data for one in texts} | self._valid

    def root(self, place: str) -> Path:
        """Return where paths of a file start: its workspace folder, repository or own folder."""
        above = [folder for folder in self.folders if Path(place).is_relative_to(folder)]
        if above:
            return max(above, key=lambda folder: len(folder.parts))
        folder = Path(place).parent
        return Path(repository_of(folder) or folder)


def place_of(uri: str) -> str | None:
    """Return the real path that an address names; None if it is not of a file on disk."""
    path = path_of(uri, on_windows=os.name == "nt")
    return None if path is None else os.path.realpath(path)


def path_of(uri: str, *, on_windows: bool) -> str | None:
    """Return the path that an address names on a system; None if it is not that of a file.

    https://learn.microsoft.com/en-us/dotnet/standard/io/file-path-formats
    """
    parts = urlsplit(uri)
    path = unquote(parts.path, errors="surrogateescape")  # a name need not be UTF-8
    if parts.scheme != "file" or "\0" in path:
        return None
    if parts.netloc not in ("", "localhost"):
        return f"//{parts.netloc}{path}" if on_windows else None
    drive = _DRIVE.match(path) if on_windows else None
    return f"{drive[1].upper()}{path[drive.end() :]}" if drive else path
