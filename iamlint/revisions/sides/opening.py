"""Opens two sides to compare: names and configuration in, two accounts out."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iamlint.config import last_folder, nearest
from iamlint.errors import IamlintError, UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load import refuse_unknown
from iamlint.load.find.tree import is_inside
from iamlint.repository import find_repository, open_alone, open_repository
from iamlint.revisions.sides.blobs import BlobReader
from iamlint.revisions.sides.git import GitRepository
from iamlint.revisions.sides.git_files import files_of_commit, files_of_index, submodules_of
from iamlint.revisions.sides.git_tree import GitTree
from iamlint.revisions.sides.names import (
    NamedCommit,
    NamedSides,
    read_names,
    read_staged,
)
from iamlint.revisions.sides.renames import renames
from iamlint.revisions.sides.side import ComparedSide
from iamlint.revisions.sides.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.config import Config
    from iamlint.load import Vars
    from iamlint.repository import Repository
    from iamlint.revisions.sides.names import NamedSide

    _Tree: TypeAlias = GitTree | WorkingTree


def open_sides(
    old: str | None,
    new: str | None,
    paths: Sequence[str] = (),
    *,
    here: Path,
    given: Vars = (),
    config: Config | None = None,
    index: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> tuple[ComparedSide, ComparedSide]:
    """Return the two sides that names mean: places that exist, else revisions.

    `old` left out is `HEAD`, `new` left out is the working tree, or the index if `index` says so.
    The comparison is limited to `paths`. `config` is the one for all files, `given` are values of
    variables and parameters for both sides. Raises `UsageError` for names that lead to nothing.
    """
    start = os.path.realpath(here)
    opening = _Opening(start, given, config, environ)
    names = old, new, tuple(paths), start, opening.find_git
    named = read_staged(*names, environ) if index else read_names(*names)
    if isinstance(named, NamedSides):
        sides = opening.both(named)
    else:
        sides = opening.place(named.old), opening.place(named.new)
    refuse_unknown(given, [t for side in sides for t in side.repository.loaded.takers])
    return sides


@dataclass(frozen=True)
class _Opening:
    here: str
    given: Vars
    config: Config | None
    environ: Mapping[str, str]

    def find_git(self) -> GitRepository:
        return self._git

    @cached_property
    def _git(self) -> GitRepository:
        return GitRepository.around(self.here, self.environ)

    @cached_property
    def _blobs(self) -> BlobReader:
        return BlobReader(self._git)

    def both(self, named: NamedSides) -> tuple[ComparedSide, ComparedSide]:
        """Return two sides of the repository."""
        trees = self._tree(named.old), self._tree(named.new)
        places = self._places(named, trees)
        moved = renames(self._git, named.old, named.new)
        with self._blobs.held_open():
            old, new = (
                ComparedSide(
                    side.name,
                    self._repository(side, tree),
                    self._git.top,
                    places_of,
                    tree.submodules,
                    moved,
                )
                for side, tree, places_of in zip(named[:2], trees, places, strict=True)
            )
            return old, new

    def place(self, name: str) -> ComparedSide:
        """Return a file or folder as a side."""
        place = Path(os.path.realpath(os.path.join(self.here, name)))
        is_folder = place.is_dir()
        folder = place if is_folder else place.parent
        top = last_folder(folder, Path(self.here))
        config = self.config or nearest(folder, Path(self.here), top)
        if is_folder:
            only = None if config.root == place else place
            repository = open_repository(config, given=self.given, only=only, any_values=True)
        else:
            repository = open_alone(config, place, given=self.given, any_values=True)
        return ComparedSide(name, repository, str(folder))

    def _tree(self, named: NamedSide) -> _Tree:
        if isinstance(named, NamedCommit):
            files = files_of_commit(self._git, named.oid, self._blobs)
            return GitTree(self.here, self.here, files)
        if named.is_index:
            return GitTree(self.here, self.here, files_of_index(self._git, self._blobs))
        if self._git.is_sparse:
            help_ = "compare two revisions, or the index"
            raise UsageError("the working tree is sparse: it leaves files out", help=help_)
        return WorkingTree(self.here, self.here, submodules_of(self._git))

    def _repository(self, named: NamedSide, tree: _Tree) -> Repository:
        """Return the account of one side, named in errors."""
        start = Path(self.here)
        try:
            if self.config is not None:
                config = replace(self.config, tree=tree)
                return open_repository(config, nested=True, given=self.given, any_values=True)
            return find_repository(start, here=start, given=self.given, tree=tree, any_values=True)
        except IamlintError as error:
            message = f"{named.name}: {error.message}"
            raise type(error)(message, help=error.help, more=error.more) from error

    def _places(
        self, named: NamedSides, trees: tuple[_Tree, _Tree]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return where the paths lead on each side; raise for one that leads to nothing."""
        for path in named.paths:
            inside = [tree for tree in trees if is_inside(tree.place(path), self._git.top)]
            if any(tree.exists(tree.place(path)) for tree in inside):
                continue
            if len(inside) < len(trees):
                raise UsageError(f"`{path}` is outside of the repository `{self._git.top}`")
            names = f"neither in `{named.old.name}` nor in `{named.new.name}`"
            raise UsageError(f"`{path}` is {names}")
        old, new = (tuple(map(tree.place, named.paths)) for tree in trees)
        return old, new
