"""Policies of Terraform and OpenTofu: modules in HCL or its JSON form, and plans and states.

A module is a folder: what one file says is worked out with what the others say, and with what the
modules say that call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.terraform.claims import claims, may_have_relatives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.load.document import Item, NotAnalysed
    from iamlint.load.files import File, Found


def read(file: File) -> Iterator[Item]:
    """Yield the policies of one file, with what the files beside it say."""
    return read_all((file,))


def read_all(files: Sequence[File]) -> Iterator[Item]:
    """Yield the policies of files, those of one folder together."""
    from iamlint.load.terraform.emit import items  # noqa: PLC0415 - slow to import: its own pay

    yield from items(files)


def related(
    files: Sequence[File], search: Callable[[str, tuple[str, ...]], Found]
) -> Iterator[File | NotAnalysed]:
    """Yield the files that say something together with these, and what was not searched for them.

    `search` returns the files of a repository with one of the endings.
    """
    if any(map(may_have_relatives, files)):
        from iamlint.load.terraform.relatives import related_to  # noqa: PLC0415 - the same

        yield from related_to(files, search)


__all__ = ["claims", "read", "read_all", "related"]
