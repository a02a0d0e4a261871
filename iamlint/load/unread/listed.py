"""The items that are left out and listed, and those that were surely meant to be read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.unread import signs
from iamlint.paths import upwards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.load.document import Document, Postponed
    from iamlint.load.find.files import File


def worth_listing(
    left_out: Iterable[NotAnalysed],
    documents: Iterable[Document],
    files: Iterable[File],
    postponed: Iterable[Postponed] = (),
) -> Iterator[NotAnalysed]:
    """Yield the items to list; one is `unreadable` if the user named its file, without effect.

    Policies that are not generated yet are listed only if a folder has no others, and copies and
    templates only if no other file reads them.
    """
    held = {one.path for one in postponed if one.has_policies}
    read: set[str] = set()
    for document in documents:
        held.add(document.path)
        read.update(part.path for part in document.elsewhere)
    read |= held

    @cache
    def folders() -> set[str]:
        return {folder for path in held for folder in upwards(_folder(path))}

    named = {file.path: file for file in files if file.by_path and file.path not in held}
    for item in left_out:
        if item.cause is Cause.NOT_MADE and _folder(item.path) in folders():
            continue
        if item.cause is Cause.UNASKED and item.path in read:
            continue
        file = named.get(item.path)
        is_meant = file is not None and item.cause.is_gap and _has_sign(item, file)
        yield replace(item, unreadable=True) if is_meant else item


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _has_sign(item: NotAnalysed, file: File) -> bool:
    """Return whether a file contains a policy, not only a reference to one."""
    if item.cause is Cause.SIGN:
        return True
    try:
        text = file.data.replace(b"\0", b"").decode("utf-8", "replace")
    except OSError:
        return False
    return signs.may_be_in_broken(text)
