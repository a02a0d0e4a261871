"""The folders of a side that have a configuration of their own: each is compared by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config import holds_configuration, nearest
from iamlint.fast_dataclass import replace
from iamlint.load.find.files import SKIPPED_FOLDERS
from iamlint.load.find.gitignore import Rules, patterns
from iamlint.load.find.tree import is_inside, parts_below

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iamlint.config import Config


def configured_below(config: Config, places: Iterable[str]) -> Iterator[Path]:
    """Yield the folders below that of a configuration that have their own, by all files there."""
    root, tree = config.tree.real(str(config.root)), config.tree
    for place in places:
        folder, name = os.path.split(place)
        if not holds_configuration((name,)) or folder == root or not is_inside(folder, root):
            continue
        if not _is_left_out(folder, config):
            own = nearest(Path(folder), config.here, tree=tree)
            if own.path is not None and str(own.path) == place:
                yield Path(folder)


def without(config: Config, folders: Collection[Path]) -> Config:
    """Return a configuration that leaves folders out, which the other side compares apart."""
    root = config.tree.real(str(config.root))
    inside = [str(folder) for folder in folders if is_inside(str(folder), root)]
    globs = ("/" + "/".join(map(_escaped, parts_below(place, root))) + "/" for place in inside)
    return replace(config, exclude=(*config.exclude, *globs))


def apart(roots: Collection[Path], places: Collection[str]) -> list[Path]:
    """Return those of some folders that have files that a comparison is about, sorted."""
    homes = {_deepest(roots, place) for place in places}
    return sorted(
        root
        for root in roots
        if not places or root in homes or any(is_inside(str(root), place) for place in places)
    )


def _deepest(roots: Collection[Path], place: str) -> Path | None:
    around = [root for root in roots if is_inside(place, str(root))]
    return max(around, key=lambda root: len(root.parts), default=None)


def _is_left_out(folder: str, config: Config) -> bool:
    """Return whether no search that starts at a configuration enters a folder."""
    if not SKIPPED_FOLDERS.isdisjoint(parts_below(folder, config.tree.real(str(config.root)))):
        return True
    if _excludes(config, folder):
        return True
    return _excludes(nearest(Path(folder).parent, config.here, tree=config.tree), folder)


def _excludes(config: Config, folder: str) -> bool:
    parts = parts_below(folder, config.tree.real(str(config.root)))
    return Rules(patterns(config.exclude)).cover((*parts, ""))  # a folder, for something is in it


def _escaped(name: str) -> str:
    """Return a glob of one name."""
    return "".join(f"\\{char}" if char in "\\*?[!# " else char for char in name)
