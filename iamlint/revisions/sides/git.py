"""Asks git about a repository: git runs no program that the repository names, and uses no network.

The name of a revision is never an option: git has none that begins with `-`, and is not asked.
https://git-scm.com/docs/git#_environment_variables
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from shutil import which
from subprocess import DEVNULL, PIPE, Popen, run
from typing import IO, TYPE_CHECKING, Final, TypeAlias, cast

from iamlint.errors import ReadError, UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.paths import repository_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAFE: Final = (
    *("--no-pager", "--literal-pathspecs"),
    *("-c", "core.bigFileThreshold=4m"),  # the start of a large file is read without the rest
    # A configuration in the repository could name programs for these.
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_ENVIRONMENT: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # an older git does not know the line above
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_UNSET: Final = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_LITERAL_PATHSPECS")
GitProcess: TypeAlias = Popen[bytes]

_ID: Final = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"


@dataclass(frozen=True)
class GitRepository:
    """The repository that a folder is in, as git finds it."""

    here: str
    program: str
    environment: Mapping[str, str]

    @classmethod
    def around(cls, here: str, environ: Mapping[str, str]) -> GitRepository:
        """Return the repository of a folder; raise if there is none, or git refuses to read it."""
        program = _program(environ)
        if program is None:
            raise UsageError("`git` is not on the `PATH`", help="install git, or name two folders")
        kept = {name: value for name, value in environ.items() if name not in _UNSET}
        found = cls(here, program, kept | _ENVIRONMENT)
        said, why = found._run("rev-parse", "--git-dir")
        if said is None and repository_of(here) is None and "GIT_DIR" not in environ:
            raise UsageError(f"`{here}` is not in a git repository", help="name two folders")
        if said is None:
            raise _refused(why)
        return found

    @cached_property
    def is_bare(self) -> bool:
        """Whether it has no working tree."""
        return self.call("rev-parse", "--is-bare-repository").strip() == b"true"

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone leaves out old revisions."""
        return self.call("rev-parse", "--is-shallow-repository").strip() == b"true"

    @property
    def is_sparse(self) -> bool:
        """Whether the working tree leaves out files of the index."""
        said = self.ask("config", "--type=bool", "core.sparseCheckout") or b""
        return said.strip() == b"true"

    @cached_property
    def top(self) -> str:
        """The real path of the folder that the paths of revisions start from."""
        asked = "--absolute-git-dir" if self.is_bare else "--show-toplevel"
        return os.path.realpath(_line(self.call("rev-parse", asked)))

    def commit(self, name: str) -> str | None:
        """Return the id of the commit that a name leads to; None if there is none."""
        named = self._id(name)
        return None if named is None else self._id(f"{named}^{{commit}}")

    @property
    def is_unborn(self) -> bool:
        """Whether the current branch has no commit yet."""
        return self.commit("HEAD") is None and self.ask("symbolic-ref", "-q", "HEAD") is not None

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the id of the commit that two others have in common; None if there is none."""
        said = self.ask("merge-base", one, other)
        return None if said is None else _line(said)

    def full_name(self, name: str) -> str | None:
        """Return the whole name of a branch or tag; None for other names of a revision."""
        return _line(self.ask("rev-parse", "--symbolic-full-name", name) or b"") or None

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """The names of branches and tags."""
        kinds = ("refs/heads", "refs/remotes", "refs/tags")
        said = self.ask("for-each-ref", "--format=%(refname)", *kinds)
        lines = os.fsdecode(said or b"").split("\n")[:-1]
        return tuple(line.split("/", 2)[2] for line in lines)

    def ask(self, *words: str) -> bytes | None:
        """Return what git answers; None if it fails."""
        return self._run(*words)[0]

    def call(self, *words: str) -> bytes:
        """Return what git answers; raise with its message if it fails."""
        said, why = self._run(*words)
        if said is None:
            raise _refused(why)
        return said

    def listing(self, *words: str, limit: int) -> bytes:
        """Return the answer of git, which a small repository can make large; raise if it is."""
        process = self.start(*words)
        into, out = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        with process, into, out:
            said = out.read(limit + 1)
            if len(said) > limit:
                process.kill()
                raise ReadError(f"git lists more than {limit:,} bytes of names")
        if process.returncode:
            raise ReadError("git cannot list the files of a revision: this clone is not whole")
        return said

    def start(self, *words: str) -> GitProcess:
        """Return a process of git that reads questions."""
        return Popen(  # noqa: S603 - no shell, and the words are ours
            [self.program, *_SAFE, *words],
            cwd=self.here,
            env=self.environment,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )

    def _id(self, name: str) -> str | None:
        if not name or name.startswith("-") or "\0" in name:
            return None
        said = _line(self.ask("rev-parse", "--verify", "--quiet", name) or b"")
        return said if re.fullmatch(_ID, said) else None

    def _run(self, *words: str) -> tuple[bytes | None, str]:
        """Return the output of git, None if it fails, and its message."""
        done = run(  # noqa: S603 - no shell, and the words are ours
            [self.program, *_SAFE, *words],
            cwd=self.here,
            env=self.environment,
            stdin=DEVNULL,
            capture_output=True,
            check=False,
        )
        message = done.stderr.decode("utf-8", "replace").strip()
        return (None if done.returncode else done.stdout), message


def _program(environ: Mapping[str, str]) -> str | None:
    """Return the path of git; a folder on the `PATH` that is not absolute may be the user's own."""
    folders = environ.get("PATH", os.defpath).split(os.pathsep)
    places = (os.path.join(folder, "git") for folder in folders if os.path.isabs(folder))
    return next(filter(None, map(which, places)), None)


def _refused(message: str) -> ReadError:
    first, *more = message.splitlines() or ["it gives no reason"]
    reason = first.removeprefix("fatal: ")
    return ReadError(f"git cannot read the repository: {reason}", more=tuple(more))


def _line(said: bytes) -> str:
    return os.fsdecode(said.removesuffix(b"\n").removesuffix(b"\r"))
