"""Reads the files of carriers, from memory: file by file, or together if files need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load import BUILTIN, Document, File, LoadOptions, NotAnalysed, load, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.load.carriers.carrier import Carrier, Item

_FOLDER: Final = "/nowhere"

Found = Document | NotAnalysed


def found_in(files: Mapping[str, str], beside: Mapping[str, str] | None = None) -> list[Found]:
    """Return the policies of files, and the items not analysed; `beside` are files they need."""
    if not beside:
        found = (read(File(n, n, content=text.encode()), BUILTIN) for n, text in files.items())
        return [item for of in found for item in of if isinstance(item, Found)]
    texts = {**beside, **files}
    contents = {f"{_FOLDER}/{name}": text.encode() for name, text in texts.items()}
    loaded = load(["."], LoadOptions(root=_FOLDER, here=_FOLDER, contents=contents))
    return [*loaded.documents, *loaded.not_analysed]


def carried(carrier: Carrier, items: Sequence[Item]) -> list[Document]:
    """Return the policies in the files of a carrier."""
    beside = carrier.beside(items) if carrier.beside else None
    found = found_in(carrier.files(items), beside)
    return [one for one in found if isinstance(one, Document)]
