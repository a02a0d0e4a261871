"""One side of a comparison: its account and its policies."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load import NotAnalysed
from iamlint.load.document import Cause
from iamlint.load.find.tree import is_inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.document import Document
    from iamlint.repository import Repository

_SUBMODULE: Final = "submodule at `{}`: its files are in another repository"
_SHORT: Final = 12


@dataclass(frozen=True)
class ComparedSide:
    """One side of a comparison.

    `name` is for display. `top` is the folder that both sides name files from. The comparison is
    about the files at or below `places`, or all of them if it is not limited. The files of
    `submodules` are not read. `renames` has the new names of files by their old ones, from `top`.
    """

    name: str
    repository: Repository
    top: str
    places: tuple[str, ...] = ()
    submodules: Mapping[str, str] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)

    def relative(self, path: str) -> str:
        """Return what both sides name a file, by the path of a document."""
        return os.path.relpath(self._written(path), self.top).replace(os.sep, "/")

    def covers(self, path: str) -> bool:
        """Return whether the comparison is about a file, by the path of a document."""
        place = self.repository.config.tree.place(self._written(path))
        return not self.places or any(is_inside(place, one) for one in self.places)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The policies that the comparison is about: some of their text is in its files."""
        return tuple(
            document
            for document in self.repository.documents
            if self.covers(document.path) or any(self.covers(e.path) for e in document.elsewhere)
        )

    @cached_property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        """The things that were left out, of those that the comparison is about."""
        tree, root = self.repository.config.tree, str(self.repository.config.root)
        submodules = (
            NotAnalysed(tree.shown(place), (), _SUBMODULE.format(oid[:_SHORT]), cause=Cause.OUTSIDE)
            for place, oid in sorted(self.submodules.items())
            if is_inside(place, tree.place(root))
        )
        items = (*self.repository.whole.not_analysed, *submodules)
        return tuple(item for item in items if self.covers(item.path))

    def _written(self, path: str) -> str:
        """Return the absolute path of a document, links kept."""
        return os.path.normpath(os.path.join(os.path.realpath(self.repository.here), path))
