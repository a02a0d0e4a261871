"""One side of a repository, before its accounts are built."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iamlint.config import Config, last_folder, nearest, of_all
from iamlint.errors import IamlintError, UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.repository import open_alone, open_apart, open_repository
from iamlint.revisions.sides.configured import configured_below, without
from iamlint.revisions.sides.git_tree import GitTree
from iamlint.revisions.sides.side import ComparedSide
from iamlint.revisions.sides.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.load import Vars
    from iamlint.repository import Repository

SourceTree: TypeAlias = GitTree | WorkingTree


@dataclass(frozen=True)
class SideSource:
    """The files of one side; `nothing` is a tree without any.

    `fixed` is the configuration of all files, if the user names one. The others are as in
    `ComparedSide`.
    """

    name: str
    tree: SourceTree
    nothing: GitTree
    top: str
    places: tuple[str, ...]
    renames: Mapping[str, str]
    given: Vars
    fixed: Config | None

    @cached_property
    def config(self) -> Config:
        """The configuration that applies to the folder that the user is in."""
        here = self._here
        if self.fixed is not None:
            return replace(self.fixed, tree=self.tree)
        with self._naming_errors():
            return nearest(here, here, last_folder(here, here, self.tree), self.tree)

    @cached_property
    def below(self) -> frozenset[Path]:
        """The folders below that have a configuration of their own."""
        if self.fixed is not None:
            return frozenset()
        config = self.config
        with self._naming_errors():
            return frozenset(configured_below(config, self.tree.places))

    def own(self, apart: AbstractSet[Path]) -> ComparedSide:
        """Return the side of its configuration, without folders that are compared `apart`."""
        config, nested = without(self.config, apart - self.below), self.fixed is not None
        with self._naming_errors():
            return self._side(
                open_repository(config, nested=nested, given=self.given, any_values=True)
            )

    def alone(self, apart: AbstractSet[Path], why: IamlintError) -> ComparedSide:
        """Return the side of its configuration with each policy alone."""
        config, nested = without(self.config, apart - self.below), self.fixed is not None
        with self._naming_errors():
            return self._side(open_apart(config, why, given=self.given, nested=nested))

    def whole(self) -> ComparedSide:
        """Return the side with what runs with roles: the files at its places alone, or all.

        Raises `UsageError` for places of several configurations.
        """
        places = [place for place in map(Path, self.places) if self.tree.exists(str(place))]
        with self._naming_errors():
            return self._side(self._with_workloads(places))

    def _with_workloads(self, places: list[Path]) -> Repository:
        if self.places and not places:
            config = Config(root=self._here, here=self._here, tree=self.nothing)
        elif self.fixed is not None or not places:
            config = self.config
        else:
            config = of_all(places, self._here, self.tree)
        return open_repository(
            config,
            nested=self.fixed is not None,
            given=self.given,
            only=() if places == [config.root] else tuple(places),
            any_values=True,
            workloads=True,
        )

    def at(self, root: Path, apart: AbstractSet[Path]) -> ComparedSide:
        """Return the side of a folder with a configuration of its own, on one side at least."""
        inside = apart - self.below - {root}
        with self._naming_errors():
            return self._side(self._at(root, inside))

    def _at(self, root: Path, apart: AbstractSet[Path]) -> Repository:
        if not self.tree.is_folder(str(root)):
            empty = Config(root=root, here=self._here, tree=self.nothing)
            return open_repository(empty, given=self.given, any_values=True)
        config = without(nearest(root, self._here, tree=self.tree), apart)
        if root not in self.below:
            return open_alone(config, root, given=self.given, any_values=True)
        return open_repository(config, given=self.given, any_values=True)

    @property
    def _here(self) -> Path:
        return Path(self.tree.here)

    def _side(self, repository: Repository) -> ComparedSide:
        return ComparedSide(
            self.name, repository, self.top, self.places, self.tree.submodules, self.renames
        )

    @contextmanager
    def _naming_errors(self) -> Iterator[None]:
        """Name the side in errors of the block."""
        try:
            yield
        except IamlintError as error:
            message = f"{self.name}: {error.message}"
            kind = UsageError if isinstance(error, UsageError) else type(error)
            raise kind(message, help=error.help, more=error.more) from error
