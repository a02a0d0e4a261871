"""The files that belong to the files that the user names.

A module belongs to all that call it, directly or not, and to all that they call. A file that a
module reads with `file` or `templatefile` belongs to the module, and so do its files of values.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.load.document import NotAnalysed
from iamlint.load.find.files import MAX_SEARCHED, File
from iamlint.load.find.sizes import MAX_WALKED
from iamlint.load.find.tree import is_inside
from iamlint.load.terraform.claims import may_have_relatives
from iamlint.load.terraform.language.filenames import ENDS, TERRAGRUNT, VALUES, local_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.load.find.files import FoundFiles
    from iamlint.load.find.tree import FileTree

_COMPUTED: Final = late_pattern(
    rb'file(?:set)?\(\s*+(?!"(?:\$\{path\.\w++\}|[^"$\n]++)*+")|fileset\('
)
"""A call that reads a file whose name is not constant."""

_NAMES: Final = late_pattern(rb"[^\s\"/${}]+")


def related_to(
    files: Sequence[File], search: Callable[[str, tuple[str, ...]], FoundFiles]
) -> Iterator[File | NotAnalysed]:
    """Yield the files that belong to these files and are not named."""
    named = [file for file in files if may_have_relatives(file)]
    modules = _Modules(named[0].tree, named[0])
    modules.add(file for file in named if file.path.lower().endswith(ENDS))
    start = {os.path.dirname(file.place) for file in named if _is_of_module(file)}
    policies = [file for file in named if not _is_of_module(file)]
    for home in sorted({home for file in named if (home := _searched(file))}):
        found = search(home, ENDS)
        modules.add(found.files)
        if not found.is_whole:
            path = modules.tree.shown(home)
            reason = f"more than {MAX_SEARCHED:,} files and folders: not all were searched for what"
            yield NotAnalysed(path, (), f"{reason} belongs to the named files")
    readers = {place for place in modules.files if modules.may_read(place, policies)}
    start |= readers
    yield from policies if readers else ()
    known = {file.place for file in files}
    for place in modules.below(modules.above(start)):
        yield from (file for file in modules.of(place) if file.place not in known)


def links_of(files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """Yield each file of a module with its folder, and each folder with those it calls or reads."""
    modules = _Modules(files[0].tree, files[0]) if files else None
    policies: dict[bytes, list[str]] = {}
    for file in files:
        if _is_of_module(file) and _is_readable(file):
            yield file.place, os.path.dirname(file.place)
        elif not _is_of_module(file):
            policies.setdefault(os.path.basename(file.place).encode(), []).append(file.place)
    if modules is None:
        return
    modules.add(file for file in files if file.path.lower().endswith(ENDS))
    for folder in list(modules.files):
        yield from ((folder, target) for target in modules.targets(folder))
        for file in modules.of(folder):
            if b"file" not in file.data:
                continue
            is_any = _COMPUTED.search(file.data)
            names = policies if is_any else policies.keys() & set(_NAMES.findall(file.data))
            yield from ((folder, place) for name in names for place in policies[name])


def _searched(file: File) -> str:
    """Return the repository of a file; empty for a policy outside of known repositories."""
    folder = os.path.dirname(file.place)
    home = file.tree.repository(folder)
    is_known = home != folder or file.tree.exists(os.path.join(home, ".git"))
    return home if is_known or _is_of_module(file) else ""


def _is_of_module(file: File) -> bool:
    return file.path.lower().endswith((*ENDS, *VALUES))


@dataclass(eq=False)
class _Modules:
    """The folders of a repository with the files of modules; `like` is a file that is named."""

    tree: FileTree
    like: File
    files: dict[str, dict[str, File]] = field(default_factory=dict)
    _listed: set[str] = field(default_factory=set)
    _targets: dict[str, set[str]] = field(default_factory=dict)

    def add(self, files: Iterable[File]) -> None:
        for file in files:
            folder, name = os.path.split(file.place)
            self.files.setdefault(folder, {}).setdefault(name, file)

    def of(self, place: str) -> list[File]:
        """Return the readable files of a folder."""
        if place not in self._listed:
            self._listed.add(place)
            if is_inside(place, self.tree.repository(os.path.dirname(self.like.place))):
                self.add(self._list(place))
        inside = self.files.get(place, {})
        return [file for _, file in sorted(inside.items()) if _is_readable(file)]

    def _list(self, place: str) -> Iterator[File]:
        try:
            children = self.tree.children(place)
        except OSError:
            return
        name = self.tree.shown(place)
        for child in children:
            if child.name.lower().endswith(ENDS) and child.is_file(follow_symlinks=False):
                path = child.name if name == "." else f"{name}/{child.name}"
                yield File(path, child.path, given=self.like.given, named=False, tree=self.tree)

    def may_read(self, place: str, policies: Sequence[File]) -> bool:
        """Return whether files of a folder may read one of the policies."""
        names = [os.path.basename(file.place).encode() for file in policies]
        return bool(names) and any(
            b"file" in file.data
            and (any(name in file.data for name in names) or _COMPUTED.search(file.data))
            for file in self.of(place)
        )

    def targets(self, place: str) -> set[str]:
        """Return the folders that a module calls."""
        if place not in self._targets:
            self._targets[place] = {
                self.tree.place(os.path.join(place, source))
                for file in self.of(place)
                if b"source" in file.data
                for source in local_sources(file.data.decode("utf-8", "replace"))
            }
        return self._targets[place]

    def above(self, places: Iterable[str]) -> set[str]:
        """Return folders and all that call them."""
        callers: dict[str, list[str]] = {}
        for place in list(self.files):
            for target in self.targets(place):
                callers.setdefault(target, []).append(place)
        return _closed(places, lambda place: callers.get(place, ()))

    def below(self, places: Iterable[str]) -> list[str]:
        """Return folders and all that they call."""
        return sorted(_closed(places, self.targets))


def _closed(start: Iterable[str], near: Callable[[str], Iterable[str]]) -> set[str]:
    met: set[str] = set()
    todo = list(start)
    while todo:
        place = todo.pop()
        if place not in met:
            met.add(place)
            todo += near(place)
    return met


def _is_readable(file: File) -> bool:
    try:
        return len(file.data) <= MAX_WALKED and not file.path.lower().endswith(TERRAGRUNT)
    except OSError:
        return False
