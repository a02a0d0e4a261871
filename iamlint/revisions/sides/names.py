"""Reads the names of two sides as `git diff` does, and reports a name that leads to nothing.

https://git-scm.com/docs/git-diff, https://git-scm.com/docs/gitrevisions
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.policy.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.revisions.sides.git import GitRepository

HEAD: Final = "HEAD"
_SHALLOW: Final = (
    "the clone is shallow: set `fetch-depth: 0` for actions/checkout, "
    "or run `git fetch --unshallow`"
)
# https://pre-commit.com/#pre-push, https://pre-commit.com/#usage-in-continuous-integration
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"


@dataclass(frozen=True, slots=True)
class NamedCommit:
    """A revision. Before the first commit, `HEAD` has no id, and no files."""

    name: str
    oid: str | None


class OtherSide(NamedTuple):
    """The working tree, or the index."""

    is_index: bool

    @property
    def name(self) -> str:
        return "index" if self.is_index else "working tree"


WORKING_TREE: Final = OtherSide(is_index=False)
INDEX: Final = OtherSide(is_index=True)

NamedSide: TypeAlias = NamedCommit | OtherSide


class NamedSides(NamedTuple):
    """Two sides of a repository, and the paths that the comparison is limited to."""

    old: NamedCommit
    new: NamedSide
    paths: tuple[str, ...]


class NamedPlaces(NamedTuple):
    """Two files or folders that exist."""

    old: str
    new: str


def read_names(
    old: str | None,
    new: str | None,
    paths: tuple[str, ...],
    here: str,
    find_git: Callable[[], GitRepository],
) -> NamedSides | NamedPlaces:
    """Return the sides that two names mean: places that exist, else revisions.

    One path alone, and a path behind a revision, limit the comparison, as with `git diff`.
    """
    names = _Names(here, find_git)
    first, second = names.place(old), names.place(new)
    if first and second:
        if paths:
            raise UsageError("two places are compared as a whole", help="name the places below")
        return NamedPlaces(first, second)
    if first and new is not None:
        raise UsageError(f"`{old}` is a path before the revision `{new}`", help="revisions first")
    if first:
        return NamedSides(names.head(), names.working_tree(), (first, *paths))
    limits = (second, *paths) if second else paths
    new = None if second else new
    if old is not None and ".." in old:
        if new is not None:
            raise UsageError(f"`{old}` names two revisions already", help=f"leave out `{new}`")
        return NamedSides(*names.range(old), limits)
    start = names.head() if old is None else names.commit(old)
    return NamedSides(start, names.working_tree() if new is None else names.commit(new), limits)


def read_staged(
    old: str | None,
    new: str | None,
    paths: tuple[str, ...],
    here: str,
    find_git: Callable[[], GitRepository],
    environ: Mapping[str, str],
) -> NamedSides:
    """Return what a hook compares: the index with `old`, or the revisions that pre-commit gives."""
    if new is not None:
        raise UsageError(f"the index is the new side, not `{new}`", help=f"leave out `{new}`")
    names = _Names(here, find_git)
    if old is None and environ.get(_FROM) and environ.get(_TO):
        return NamedSides(*names.since(environ[_FROM], environ[_TO]), paths)
    return NamedSides(names.head() if old is None else names.commit(old), INDEX, paths)


class _Names:
    def __init__(self, here: str, find_git: Callable[[], GitRepository]) -> None:
        self.here = here
        self.find_git = find_git

    def place(self, name: str | None) -> str | None:
        """Return the name of a file or folder that exists; raise if it is a revision too."""
        if not name or "\0" in name or not os.path.lexists(os.path.join(self.here, name)):
            return None
        if self._is_plain(name):
            return name
        try:
            git = self.find_git()
        except UsageError:
            return name
        if git.is_bare:
            return None  # these files are git's own
        if git.commit(name) is None:
            return name
        full = git.full_name(name)
        certain = full if full not in (None, name) else f"{name}^0"
        raise UsageError(
            f"`{name}` is a file or folder, and a revision",
            help=f"write `./{name}` for the first, `{certain}` for the revision",
        )

    def head(self) -> NamedCommit:
        """Return the current commit."""
        git = self.find_git()
        return NamedCommit(HEAD, None) if git.is_unborn else self.commit(HEAD)

    def working_tree(self) -> OtherSide:
        if self.find_git().is_bare:
            raise UsageError("a bare repository has no working tree", help="name two revisions")
        return WORKING_TREE

    def commit(self, name: str) -> NamedCommit:
        return NamedCommit(name, self._oid(name))

    def range(self, text: str) -> tuple[NamedCommit, NamedCommit]:
        """Return the two revisions of `A..B`, or of `A...B` from where B left A."""
        if "..." in text:
            old, _, new = text.partition("...")
            return self.since(old or HEAD, new or HEAD)
        old, _, new = text.partition("..")
        return self.commit(old or HEAD), self.commit(new or HEAD)

    def since(self, old: str, new: str) -> tuple[NamedCommit, NamedCommit]:
        """Return the commit that two revisions have in common, and the second of them."""
        one, other = self._oid(old), self._oid(new)
        base = self.find_git().merge_base(one, other)
        if base is None:
            help_ = _SHALLOW if self.find_git().is_shallow else f"write `{old}..{new}`"
            raise UsageError(f"`{old}` and `{new}` have no commit in common", help=help_)
        return NamedCommit(f"merge base of {old} and {new}", base), NamedCommit(new, other)

    def _oid(self, name: str) -> str:
        found = self.find_git().commit(name)
        if found is None:
            what = "a file, a folder or a revision"
            raise UsageError(f"`{name}` is not {what}", help=self._help(name))
        return found

    def _help(self, name: str) -> str | None:
        """Return what may have been meant, or how the clone gets more revisions."""
        git = self.find_git()
        remote = next((ref for ref in git.refs if ref.endswith(f"/{name}")), None)
        if remote is not None:
            return f"write `{remote}`"
        if git.is_shallow:
            return _SHALLOW
        return did_you_mean(name, (*git.refs, *os.listdir(self.here)))

    @staticmethod
    def _is_plain(name: str) -> bool:
        """Return whether a name is a path only: no revision begins so."""
        return os.path.isabs(name) or name.partition("/")[0] in (os.curdir, os.pardir)
