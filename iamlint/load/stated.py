"""The links that files state, and which of them are unknown, to show what was not resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import (
    bound,
    is_known_but_for_surroundings,
    key_of_name,
    name_with,
    shown,
)
from iamlint.policy.at import At

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.load import Loaded
    from iamlint.load.document import Document
    from iamlint.load.link import Name


@dataclass(frozen=True, slots=True)
class Stated:
    """One link: its place, its kind, and the names in it."""

    place: str
    what: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The number of links, and the links with an unresolved name."""

    total: int
    unknown: tuple[str, ...]


def links_of(loads: Iterable[Loaded]) -> Links:
    """Return the links of all files; an unknown name of a described resource counts as known."""
    total, unknown = 0, []
    for loaded in loads:
        give = bound(loaded.bindings, lambda part: part)
        known = {key_of_name(name_with(node.ref.name, give)) for node in loaded.nodes}
        for document in loaded.documents:
            if document.attachment.policy_arn is not None:
                known.add(key_of_name(name_with(document.attachment.policy_arn, give)))
        for stated in _stated(loaded):
            total += 1
            names = [name_with(name, give) for name in stated.names]
            gone = [shown(one) for one in names if not _is_known(one, known)]
            if gone:
                listed = ", ".join(f"`{name}`" for name in gone)
                unknown.append(f"{stated.place}: {stated.what}: {listed} is not known")
    return Links(total, tuple(unknown))


def _is_known(name: Name, known: set[str | None]) -> bool:
    key = key_of_name(name)
    return (key is not None and key in known) or is_known_but_for_surroundings(name)


def _stated(loaded: Loaded) -> Iterator[Stated]:
    for link in loaded.links:
        yield Stated(link.place, link.kind.value, (link.holder.name, link.target.name))
    seen: set[tuple[str, object]] = set()
    for document in loaded.documents:
        at = document.path, document.pointer
        if at not in seen:  # its cases are one policy
            seen.add(at)
            yield from _of_document(document)


def _of_document(document: Document) -> Iterator[Stated]:
    about = document.attachment
    what = f"{document.kind} policy"
    names = [held.ref.name for held in (*about.holders, *about.targets)]
    if not names and document.kind.has_principal and about.address is not None:
        names = [] if about.arn is None else [about.arn]
    for name in names:
        yield Stated(_place(document), what, (name,))


def _place(document: Document) -> str:
    start = document.span(At(())).start
    path, source = document.file_of(At(()))
    return f"{path}:{source.lines.position(start).line}"
