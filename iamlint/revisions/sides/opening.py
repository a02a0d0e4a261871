"""Opens two sides to compare: names and configuration in, two accounts out."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iamlint.config import last_folder, nearest
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load import refuse_unknown
from iamlint.load.find.tree import is_inside
from iamlint.repository import open_alone, open_repository
from iamlint.revisions.sides.blobs import BlobReader
from iamlint.revisions.sides.configured import apart
from iamlint.revisions.sides.git import GitRepository
from iamlint.revisions.sides.git_files import (
    files_of_commit,
    files_of_index,
    places_on_disk,
    submodules_of,
)
from iamlint.revisions.sides.git_tree import GitTree
from iamlint.revisions.sides.names import (
    NamedCommit,
    NamedSides,
    read_names,
    read_staged,
)
from iamlint.revisions.sides.placed_tree import PlacedTree
from iamlint.revisions.sides.renames import renames
from iamlint.revisions.sides.side import ComparedSide
from iamlint.revisions.sides.source import SideSource
from iamlint.revisions.sides.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.config import Config
    from iamlint.load import Vars
    from iamlint.revisions.sides.names import NamedSide
    from iamlint.revisions.sides.source import SourceTree

    SidePair: TypeAlias = tuple[ComparedSide, ComparedSide]


def open_pairs(
    old: str | None,
    new: str | None,
    paths: Sequence[str] = (),
    *,
    here: Path,
    given: Vars = (),
    config: Config | None = None,
    index: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> tuple[SidePair, ...]:
    """Return the two sides that names mean: places that exist, else revisions.

    There is a pair for the configuration that applies to `here`, then one for each folder below
    that has its own configuration, on one side at least: their policies are of other accounts.
    `old` left out is `HEAD`, `new` left out is the working tree, or the index if `index` says so.
    The comparison is limited to `paths`. `config` is the one for all files, `given` are values of
    variables and parameters for both sides. Raises `UsageError` for names that lead to nothing.
    """
    start = os.path.realpath(here)
    opening = _Opening(start, given, config, environ)
    names = old, new, tuple(paths), start, opening.find_git
    named = read_staged(*names, environ) if index else read_names(*names)
    if isinstance(named, NamedSides):
        pairs = opening.pairs(named)
    else:
        pairs = ((opening.place(named.old), opening.place(named.new)),)
    sides = [side for pair in pairs for side in pair]
    refuse_unknown(given, [t for side in sides for t in side.repository.loaded.takers])
    return pairs


def open_revision(
    revision: str,
    paths: Sequence[str] = (),
    *,
    here: Path,
    given: Vars = (),
    config: Config | None = None,
    environ: Mapping[str, str] = os.environ,
) -> SidePair:
    """Return a revision and the working tree, or the sides of `A..B` or `A...B`, as one account.

    Each has the files at `paths` alone, or all of the configuration that applies to `here`, and
    what runs with roles. Raises `UsageError` as `open_pairs`, for places, and for paths of several
    configurations.
    """
    start = os.path.realpath(here)
    opening = _Opening(start, given, config, environ)
    named = read_names(revision, None, tuple(paths), start, opening.find_git)
    if not isinstance(named, NamedSides) or named.paths != tuple(paths):
        raise UsageError(
            f"`{revision}` is a file or folder, not a revision",
            help=f"if it is a revision too, write `{revision}^0`",
        )
    pair = opening.pair(named)
    refuse_unknown(given, [taker for side in pair for taker in side.repository.loaded.takers])
    return pair


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

    def pairs(self, named: NamedSides) -> tuple[SidePair, ...]:
        """Return two sides of the repository for each configuration that one of them has."""
        old, new = self._sources(named)
        with self._blobs.held_open():
            below, first = old.below | new.below, new.config.root
            roots = apart({first, *below}, {*old.places, *new.places}) or [first]
            own = [_own(old, new, below)] if first in roots else []
            others = ((old.at(r, below), new.at(r, below)) for r in roots if r != first)
            return (*own, *others)

    def pair(self, named: NamedSides) -> SidePair:
        """Return two sides of the repository, each of one configuration."""
        old, new = self._sources(named)
        with self._blobs.held_open():
            return old.whole(), new.whole()

    def _sources(self, named: NamedSides) -> tuple[SideSource, SideSource]:
        trees = self._tree(named.old), self._tree(named.new)
        places = self._places(named, trees)
        moved = renames(self._git, named.old, named.new)
        nothing = GitTree(self.here, self.here, files_of_commit(self._git, None, self._blobs))
        old, new = (
            SideSource(
                side.name, tree, nothing, self._git.top, of_side, moved, self.given, self.config
            )
            for side, tree, of_side in zip(named[:2], trees, places, strict=True)
        )
        return old, new

    def place(self, name: str) -> ComparedSide:
        """Return a file or folder as a side."""
        place = Path(os.path.realpath(os.path.join(self.here, name)))
        is_folder = place.is_dir()
        folder = place if is_folder else place.parent
        top = last_folder(folder, Path(self.here))
        tree = PlacedTree(self.here, self.here, str(place))
        if self.config is None:
            config = nearest(folder, Path(self.here), top, tree)
        else:
            config = replace(self.config, tree=tree)
        if is_folder:
            only = () if config.root == place else (place,)
            repository = open_repository(
                config, nested=True, given=self.given, only=only, any_values=True
            )
        else:
            repository = open_alone(config, place, given=self.given, any_values=True)
        return ComparedSide(name, repository, str(folder))

    def _tree(self, named: NamedSide) -> SourceTree:
        if isinstance(named, NamedCommit):
            files = files_of_commit(self._git, named.oid, self._blobs)
            return GitTree(self.here, self.here, files)
        if named.is_index:
            return GitTree(self.here, self.here, files_of_index(self._git, self._blobs))
        if self._git.is_sparse:
            help_ = "compare two revisions, or the index"
            raise UsageError("the working tree is sparse: it leaves files out", help=help_)
        return WorkingTree(
            self.here, self.here, submodules_of(self._git), places_on_disk(self._git)
        )

    def _places(
        self, named: NamedSides, trees: tuple[SourceTree, SourceTree]
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


def _own(old: SideSource, new: SideSource, below: AbstractSet[Path]) -> SidePair:
    """Return both sides of their configuration, with each policy alone if sources disagree."""
    try:
        return old.own(below), new.own(below)
    except UsageError as error:
        return old.alone(below, error), new.alone(below, error)
