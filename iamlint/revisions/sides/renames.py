"""The files that git sees renamed between two sides.

https://git-scm.com/docs/git-diff-index, https://git-scm.com/docs/diff-format
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from iamlint.revisions.sides.names import NamedCommit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.revisions.sides.git import GitRepository
    from iamlint.revisions.sides.names import NamedSide

_OPTIONS: Final = (
    *("--raw", "-z", "-r", "-M", "--diff-filter=R", "-l1000"),
    *("--no-ext-diff", "--no-textconv", "--ignore-submodules=all"),
)


def renames(git: GitRepository, old: NamedCommit, new: NamedSide) -> Mapping[str, str]:
    """Return new paths by old ones, from the top of the repository.

    Renames in the working tree are those in the index: git runs filters to compare its files.
    """
    if old.oid is None:
        return {}
    if isinstance(new, NamedCommit):
        said = git.call("diff-tree", *_OPTIONS, old.oid, new.oid) if new.oid else b""
    else:
        said = git.call("diff-index", "--cached", *_OPTIONS, old.oid)
    words = os.fsdecode(said).split("\0")[:-1]
    return dict(zip(words[1::3], words[2::3], strict=True))
