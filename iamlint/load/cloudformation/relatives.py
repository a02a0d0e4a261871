"""The templates that nest or include the named files, directly or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation.inclusions import written_links
from iamlint.load.document import NotAnalysed
from iamlint.load.find.files import MAX_SEARCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.load.find.files import File, FoundFiles

ENDS: Final = (".yaml", ".yml", ".json", ".template")

MAX_TEMPLATE: Final = 1_000_000
"""Bytes of a template that is searched; CloudFormation refuses larger ones.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""


def related_to(
    files: Sequence[File], search: Callable[[str, tuple[str, ...]], FoundFiles]
) -> Iterator[File | NotAnalysed]:
    """Yield the files of the repositories that nest or include these and are not named."""
    tree, known = files[0].tree, {file.place for file in files}
    nesting: dict[str, File] = {}
    above: dict[str, list[str]] = {}
    for home in sorted({tree.repository(file.place.rpartition("/")[0]) for file in files}):
        found = search(home, ENDS)
        for file, place in find_linked(found.files):
            nesting[file.place] = file
            above.setdefault(place, []).append(file.place)
        if not found.is_whole:
            reason = f"more than {MAX_SEARCHED:,} files and folders: not all were searched for what"
            path = tree.shown(home)
            yield NotAnalysed(path, (), f"{reason} belongs to the named templates")
    todo, met = list(known), set(known)
    while todo:
        for place in above.get(todo.pop(), ()):
            if place not in met:
                met.add(place)
                todo.append(place)
    yield from (replace(nesting[place], named=False) for place in sorted(met - known))


def find_linked(files: Iterable[File]) -> Iterator[tuple[File, str]]:
    """Yield each file with the path it nests or includes; no file is kept in memory."""
    for file in files:
        if not file.path.lower().endswith(ENDS):
            continue
        try:
            data = file.tree.read(file.place, MAX_TEMPLATE)
        except OSError:
            continue
        for location in written_links(data):
            if place := file.tree.beside(file.place, location):
                yield file, place
