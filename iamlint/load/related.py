"""The files that belong to the named ones: the same result whichever of them the user names."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iamlint.fast_dataclass import replace
from iamlint.load.find.files import MAX_SEARCHED, Choice, Configured, File, FoundFiles, find_files
from iamlint.load.find.gitignore import Rules
from iamlint.load.find.tree import is_inside
from iamlint.paths import has_scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from iamlint.load.document import NotAnalysed

_Loader = TypeVar("_Loader")


def find_related(
    found: FoundFiles, paths: Iterable[str], loaders: Iterable[_Loader]
) -> Mapping[_Loader, Sequence[File | NotAnalysed]]:
    """Return the files that each loader reads together with those at or below the paths.

    Nothing is searched if the paths name whole repositories, nor for objects of stores.
    """
    choice = found.choice
    files = tuple(file for file in found.files if not has_scheme(file.place))
    if not files or choice is None:
        return {}
    tree = choice.tree
    folders = [place for path in paths if tree.is_folder(place := tree.place(path))]
    whole = [place for place in folders if tree.repository(place) == place]
    if all(any(is_inside(file.place, place) for place in whole) for file in files):
        return {}

    def search(home: str, ends: tuple[str, ...]) -> FoundFiles:
        there = find_files(
            (home,),
            replace(
                choice,
                wanted=lambda file: file.path.lower().endswith(ends),
                scope=replace(choice.scope, include=Rules()),
                nested=_without_include(choice),
                limit=MAX_SEARCHED,
            ),
        )
        given = files[0].given
        return replace(
            there, files=tuple(replace(file, named=False, given=given) for file in there.files)
        )

    asked = {loader: getattr(loader, "related", None) for loader in loaders}
    return {loader: list(of(files, search)) for loader, of in asked.items() if of}


def _without_include(choice: Choice) -> Callable[[str, Container[str]], Configured | None]:
    """Return the nested scopes of a search for files that no `include` has to name."""

    def nested(place: str, names: Container[str]) -> Configured | None:
        found = choice.nested(place, names)
        return None if found is None else replace(found, include=Rules())

    return nested


def related_sets(files: Sequence[File], loaders: Iterable[object]) -> tuple[frozenset[str], ...]:
    """Return closed sets of files: no file of one set belongs to a file of another one."""
    above: dict[str, str] = {file.place: file.place for file in files}

    def top(place: str) -> str:
        while (up := above.setdefault(place, place)) != place:
            above[place] = place = above[up]
        return place

    for loader in loaders:
        of: Callable[[Sequence[File]], Iterable[tuple[str, str]]] | None
        if of := getattr(loader, "links", None):
            for one, other in of(files):
                above[top(one)] = top(other)
    sets: dict[str, set[str]] = {}
    for file in files:
        sets.setdefault(top(file.place), set()).add(file.path)
    return tuple(map(frozenset, sets.values()))
