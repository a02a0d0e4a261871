"""Principals and resources as the configuration declares them: names of files, not yet read."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.find.tree import DISK
from iamlint.paths import possible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.find.tree import FileTree


@dataclass(frozen=True, slots=True)
class DeclaredPrincipal:
    """`policies` are files or ARNs of managed policies; `name` is such as `role/deployer`.

    `groups` are those of a user, `max_session_duration` is in seconds.
    """

    name: str
    policies: tuple[str, ...] = ()
    trust: str | None = None
    boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    path: str | None = None
    max_session_duration: int | None = None


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    arn: str
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredOrganization:
    """Levels from root to account, each with its policy files; None for no organization.

    `accounts` has those of others than the home account.
    """

    scp: tuple[tuple[str, ...], ...] | None = None
    rcp: tuple[tuple[str, ...], ...] | None = None
    accounts: Mapping[str, DeclaredOrganization] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """The facts about accounts in a configuration; files are relative to `root`.

    The paths of documents are relative to `here`, and `tree` has the files. If the configuration
    has no account, `account` is the one in files, and `account_said` is the place; or `accounts`
    are those that files may mean, each with the place that names it.
    """

    root: Path = Path()
    here: Path = Path()
    tree: FileTree = field(default=DISK, compare=False, repr=False)
    account: str | None = None
    account_said: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    partition: str = "aws"
    region: str | None = None
    organization: str | None = None
    management_account: str | None = None
    principals: Mapping[str, DeclaredPrincipal] = field(default_factory=dict)
    resources: Mapping[str, DeclaredResource] = field(default_factory=dict)
    organization_policies: DeclaredOrganization = DeclaredOrganization()

    @property
    def has_none(self) -> bool:
        """Whether it declares no principal, no resource and no policy of an organization."""
        given = self.organization_policies
        is_open = all(
            one.scp is None and one.rcp is None for one in (given, *given.accounts.values())
        )
        return is_open and not self.principals and not self.resources

    def below(self, path: str) -> str:
        """Return the path of a document as the repository's own folders write it."""
        return _below(self.tree, self.here, self.root, path)

    def place(self, path: str) -> str:
        """Return the real path of a document or of a file that it names."""
        return _place(self.tree, self.here, path)

    def files(self) -> tuple[Path, ...]:
        """Return every file it names."""
        names = [
            name
            for p in self.principals.values()
            for name in (*p.policies, p.trust, p.boundary)
            if name is not None and not is_arn(name)
        ]
        names += [r.policy for r in self.resources.values() if r.policy is not None]
        organization = self.organization_policies
        for policies in (organization, *organization.accounts.values()):
            for level in (*(policies.scp or ()), *(policies.rcp or ())):
                names += level
        return tuple(dict.fromkeys(_file(self.tree, self.root / name) for name in names))


@lru_cache(maxsize=1024)  # a file may have thousands of policies, and each asks several times
def _below(tree: FileTree, here: Path, root: Path, path: str) -> str:
    place = os.path.relpath(_place(tree, here, path), tree.real(str(root)))
    return place.replace(os.sep, "/")


@lru_cache(maxsize=1024)
def _place(tree: FileTree, here: Path, path: str) -> str:
    return tree.real(possible(str(here / path)))


def _file(tree: FileTree, path: Path) -> Path:
    """Return the file of `FILE#POLICY`."""
    return path if tree.exists(str(path)) else Path(str(path).partition("#")[0])


def is_arn(name: str) -> bool:
    return name.startswith("arn:")
