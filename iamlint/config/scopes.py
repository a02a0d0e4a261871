"""Which configuration holds for each file of a run, and which holds where the user names a path."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config.find import last_folder, nearest
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.find.tree import DISK
from iamlint.paths import has_scheme, real

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.config.keys import Config
    from iamlint.load.find.tree import FileTree


@dataclass(frozen=True)
class Scopes:
    """The configurations of the files below some named paths, which are relative to `here`.

    `fixed` is the one for all files. Unless `nested`, none below a named folder counts, nor one
    below `here` for a file that is named. Nothing above `top` counts for what is in no
    repository; without it that is `here`, or else the named folder or the folder of a file. The
    configurations are read from `tree`.
    """

    paths: tuple[str, ...]
    here: Path
    fixed: Config | None = None
    nested: bool = True
    top: Path | None = None
    tree: FileTree = DISK

    def of(self, path: str) -> Config:
        """Return the configuration of a file, or of a folder that is named."""
        if path not in self._of_paths:
            self._of_paths[path] = self.fixed or self._of(self._folder(path))
        return self._of_paths[path]

    def below(self, place: Path) -> Config | None:
        """Return the configuration that a folder on the way has itself, if it counts."""
        if self.fixed is not None or not self.nested:
            return None
        config = self._of(place)
        return config if config.path is not None and config.path.parent == place else None

    def base(self, path: str) -> Config:
        """Return the configuration that holds where the user names a path, or what it is in."""
        return self.fixed or self._start_of(self._folder(path))[0]

    def grouped(self, paths: Iterable[str]) -> list[tuple[Config, list[str]]]:
        """Return paths grouped by the configuration that applies to them."""
        groups: dict[Path, tuple[Config, list[str]]] = {}
        for path in paths:
            config = self.of(path)
            groups.setdefault(config.path or Path(), (config, []))[1].append(path)
        return list(groups.values())

    def account(self, config: Config) -> Config | None:
        """Return what says which account the files are of, if the run reads all of them.

        That is the configuration, for the folder that it is in, or else all that the user names.
        """
        if config.path is not None:
            is_whole = any(config.root.is_relative_to(folder) for folder in self._named)
            return config if is_whole else None
        if not self._named or len(self._named) < len(self.paths):
            return None
        return replace(config, root=Path(os.path.commonpath(self._named)))

    @property
    def loosening(self) -> list[tuple[Config, Config]]:
        """The configurations below a named folder that were asked for, each with that above it.

        Those elsewhere, of files that are only read for their values, hide nothing.
        """
        named = [real(self.here / path) for path in self.paths]
        return [
            self._nested[path]
            for path in sorted(self._nested)
            if any(path.is_relative_to(one) or one.is_relative_to(path.parent) for one in named)
        ]

    @cached_property
    def _nested(self) -> dict[Path, tuple[Config, Config]]:
        return {}

    @cached_property
    def _of_paths(self) -> dict[str, Config]:
        return {}

    @cached_property
    def _known(self) -> dict[Path, Config]:
        return {}

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return {}

    @cached_property
    def _start(self) -> Path:
        return real(self.here)

    @cached_property
    def _named(self) -> frozenset[Path]:
        """The named folders."""
        places = (self.here / path for path in self.paths)
        return frozenset(real(place) for place in places if os.path.isdir(place))  # noqa: PTH112

    def _folder(self, path: str) -> Path:
        """Return the folder that a file is in, or a named folder itself."""
        if path in self.paths and os.path.isdir(self.here / path):  # noqa: PTH112
            return real(self.here / path)
        if has_scheme(path):
            return self._start  # an object of a store
        above = os.path.dirname(path)  # noqa: PTH120 - asked for each file
        if above not in self._folders:
            self._folders[above] = real(self.here / above)
        return self._folders[above]

    def _of(self, folder: Path) -> Config:
        if folder not in self._known:
            base, top = self._start_of(folder)
            own = nearest(folder, self.here, top, self.tree) if self.nested else base
            if own.path is not None and own.path != base.path:
                self._nested[own.path] = own, base
            self._known[folder] = own
        return self._known[folder]

    def _start_of(self, folder: Path) -> tuple[Config, Path]:
        """Return the configuration that holds where the way to a folder starts, and its top."""
        named = next((above for above in (folder, *folder.parents) if above in self._named), None)
        if named is not None:
            top = last_folder(named, self.top or self._start)
            return nearest(named, self.here, top, self.tree), top
        is_below = folder.is_relative_to(self._start)
        home = last_folder(self._start, self._start)
        if is_below and os.path.lexists(home / ".git"):
            own = nearest(self._start, self.here, home, self.tree)
            return own, home  # also for a repository in this one
        top = last_folder(folder, self.top or self._start)
        is_below = is_below and self._start.is_relative_to(top)
        return nearest(self._start if is_below else top, self.here, top, self.tree), top
