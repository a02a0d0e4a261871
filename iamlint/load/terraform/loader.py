"""Policies of Terraform and OpenTofu: modules in HCL or its JSON form, and plans and states.

A module is a folder: its files are evaluated together, and with the modules that call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.terraform.claims import claims, is_read_for_secrets
from iamlint.load.terraform.together import links, related

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Item
    from iamlint.load.find.files import File


def read(file: File) -> Iterator[Item]:
    """Yield the policies of one file, evaluated with the files beside it."""
    return read_all((file,))


def read_all(files: Sequence[File]) -> Iterator[Item]:
    """Yield the policies of files; the files of one folder are evaluated together."""
    from iamlint.load.terraform.documents import items  # noqa: PLC0415 - slow to import: its own pay

    yield from items([file for file in files if not is_read_for_secrets(file)])


__all__ = ["claims", "links", "read", "read_all", "related"]
