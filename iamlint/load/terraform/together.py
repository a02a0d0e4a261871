"""The files that belong together; quick to import, since every run needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.terraform.claims import may_have_relatives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.load.document import NotAnalysed
    from iamlint.load.find.files import File, FoundFiles


def related(
    files: Sequence[File], search: Callable[[str, tuple[str, ...]], FoundFiles]
) -> Iterator[File | NotAnalysed]:
    """Yield the files that belong to these, and notes for files that were not searched.

    `search` returns the files of a repository with one of the endings.
    """
    if any(map(may_have_relatives, files)):
        from iamlint.load.terraform.relatives import related_to  # noqa: PLC0415 - the same

        yield from related_to(files, search)


def links(files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """Yield pairs of places where one file or folder reads or calls the other."""
    from iamlint.load.terraform.relatives import links_of  # noqa: PLC0415 - the same

    yield from links_of(files)
