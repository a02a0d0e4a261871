"""Paths in, files out: walks folders, skips ignored files, never leaves the repository."""

from __future__ import annotations

import os
import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.errors import ReadError, os_reason
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.find.gitignore import Globs, Ignores, Rules
from iamlint.load.find.sizes import HEAD, MAX_WALKED, starts_as_dump
from iamlint.load.find.tracked import Tracked
from iamlint.load.find.tree import FileTree, is_inside, parts_below
from iamlint.load.given import NOTHING
from iamlint.text.read import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from iamlint.load.find.tree import Child, Children
    from iamlint.load.given import Given
    from iamlint.policy.grammar import Kind

MAX_IGNORES = 1_000_000
"""Bytes of a `.gitignore` that are read."""

MAX_SEARCHED = 20_000
"""Files and folders of a repository that are searched for files that belong to the named ones."""

STDIN = "-"

# https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
_CDK_APP, _CDK_OUTPUT = "cdk.json", "cdk.out"
SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".terraform", ".nox", ".tox", ".venv", "venv"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"),
        *("node_modules", "site-packages"),
    }
)
# npm writes the first; the others describe AWS's API to its SDKs, with examples of policies.
_SKIPPED_NAMES = ("package-lock.json", "service-2.json", "examples-1.json")
_SKIPPED = r"(?:^|/)package-lock\.json|/\d{4}-\d\d-\d\d/[a-z]++-\d\.json"
_OUTSIDE = "symbolic link that leads out of the repository"


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings of one configuration for the files in its folder; globs are relative to `root`.

    `kinds` are those of the files that `kind_globs` match, one each; the last one counts.
    """

    root: str = ""
    include: Rules = Rules()
    exclude: Rules = Rules()
    kinds: tuple[Kind, ...] = ()
    kind_globs: Globs = Globs(())
    aws_managed_policies: bool = False
    given: Given = NOTHING


@dataclass(frozen=True)
class File:
    """A file to read. `path` is its name in reports, `place` its real path.

    `asked` for by its own path or an `include` glob, and `by_path` by the first alone; `kind` is
    what the user says its policies are, `given` the values of its variables or parameters, `scope`
    its configuration's settings. `content` is that of standard input, `tree` has the others. A file
    that is not `named` belongs to one that is: it is read for the policies of both, and if a named
    file `follows` it, for its own too. `postpones` and `workloads` are as in `LoadOptions`.
    """

    path: str
    place: str
    asked: bool = False
    by_path: bool = False
    kind: Kind | None = None
    content: bytes | None = None
    given: Given = NOTHING
    named: bool = True
    follows: bool = False
    postpones: bool = False
    workloads: bool = False
    scope: Configured = field(default=Configured(), compare=False, repr=False)
    tree: FileTree = field(default_factory=FileTree, compare=False, repr=False)

    @property
    def suffix(self) -> str:
        return os.path.splitext(self.tree.bare(self.path))[1].lower()

    @property
    def limit(self) -> int:
        """The number of bytes that are read."""
        return MAX_BYTES if self.asked or self._is_large_dump else MAX_WALKED

    @cached_property
    def data(self) -> bytes:
        """Its bytes, one more than `limit` when it is larger; raises `OSError`."""
        if self.content is not None:
            return self.content
        start = self._start
        return self.tree.read(self.place, self.limit + 1) if self._is_large_dump else start

    @cached_property
    def head(self) -> bytes:
        """Its first bytes, without a look at the others; raises `OSError`."""
        return self.content if self.content is not None else self.tree.read(self.place, HEAD)

    def forget_data(self) -> None:
        """Let go of the bytes; they are read again if they are asked for."""
        self.__dict__.pop("data", None)
        self.__dict__.pop("_start", None)

    @cached_property
    def _is_large_dump(self) -> bool:
        """Whether it is larger than other files in folders, and starts as a dump of an account."""
        if self.asked or self.content is not None or len(self._start) <= MAX_WALKED:
            return False
        return starts_as_dump(self._start)

    @cached_property
    def _start(self) -> bytes:
        return self.tree.read(self.place, (MAX_BYTES if self.asked else MAX_WALKED) + 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """The files of a tree to search for.

    `nested` returns the scope of a folder by its place and the names in it, None where it has no
    configuration of its own. The globs of `exclude`, relative to the tree's root, count in all.
    """

    tree: FileTree
    wanted: Callable[[File], bool]
    scope: Configured = Configured()
    exclude: Rules = Rules()
    nested: Callable[[str, Container[str]], Configured | None] = field(default=lambda _, __: None)
    force_exclude: bool = False
    respect_gitignore: bool = True
    limit: int | None = None
    """The number of files and folders that are visited, if there is a limit."""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files, sorted by path, and those that could not be read.

    `choice` is the one of the search, and `is_whole` is false if its limit was reached.
    """

    files: tuple[File, ...]
    left_out: tuple[NotAnalysed, ...]
    is_whole: bool = True
    choice: Choice | None = None


def find_files(paths: Iterable[str], choice: Choice) -> FoundFiles:
    """Return the files at or below the paths; raise `ReadError` for a path to nothing."""
    search = _Search(choice)
    for path in paths:
        search.add(path)
    search.follow_links()
    files = sorted(search.files.values(), key=lambda file: file.path)
    return FoundFiles(tuple(files), tuple(search.left_out), search.is_whole, choice)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A folder or link on the way; links in `home` may not leave it.

    In a folder that `is_ignored`, only files that git has `tracked` count.
    """

    place: str
    path: str
    home: str
    ignores: Ignores
    tracked: Tracked
    scope: Configured
    is_ignored: bool = False

    def below(self, name: str, place: str, path: str) -> _Stop:
        """Return a sub-folder."""
        ignores, is_ignored = self.ignores.below(name), self._covers(name, is_folder=True)
        return replace(self, place=place, path=path, ignores=ignores, is_ignored=is_ignored)

    def leaves_out(self, name: str, *, is_folder: bool) -> bool:
        """Return whether git ignores an entry of the folder; it ignores none that it tracks."""
        if not self._covers(name, is_folder=is_folder):
            return False
        return not self.tracked.holds(os.path.join(self.place, name), is_folder=is_folder)

    def _covers(self, name: str, *, is_folder: bool) -> bool:
        return self.is_ignored or self.ignores.cover(name, is_folder=is_folder)


class _Search:
    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.tree = choice.tree
        self.files: dict[str, File] = {}  # by real path
        self.left_out: list[NotAnalysed] = []
        self.entered: set[str] = set()
        self.links: list[_Stop] = []
        self.is_whole = True
        self.met = 0

    def add(self, given: str) -> None:
        """Add a file or folder that the user names."""
        tree = self.tree
        place, path, named = tree.place(given), tree.shown(given), tree.absolute(given)
        if tree.is_folder(place):
            if not self._is_forced_out(place):
                self._note_app(place, path)
                self._walk(self._start(place, path, self.choice.scope))
            return
        if not tree.exists(named) and not tree.exists(place):
            raise ReadError(f"`{given}` does not exist", help=_help(given))
        if tree.is_pipe(place):
            raise ReadError(f"`{given}` is a pipe", help="pipe a policy to standard input, `-`")
        link = os.path.join(tree.place(os.path.dirname(named)), os.path.basename(named))
        if self._leads_out(os.path.normpath(named), place):
            self._leave_out(path, _OUTSIDE, Cause.OUTSIDE, unreadable=True)
            return
        if tree.is_link(link) and not tree.exists(place):
            raise ReadError(f"`{given}` is a symbolic link to nothing")
        if not self._is_forced_out(link):
            scope = self.choice.scope
            self.files[place] = File(path, place, asked=True, by_path=True, scope=scope, tree=tree)

    def _leads_out(self, way: str, place: str) -> bool:
        """Return whether a link on the way to a file leads out of the repository."""
        if way == place:
            return False
        home = self.tree.repository(os.path.dirname(way))
        if not self.tree.exists(os.path.join(home, ".git")):
            home = self.tree.here
        return is_inside(way, home) and not is_inside(place, self.tree.place(home))

    def follow_links(self) -> None:
        """Add the targets of links, unless they are read at their own place."""
        while self.links:
            link = self.links.pop(0)
            place = self.tree.place(link.place)
            if not self.tree.exists(place):
                continue
            if not is_inside(place, link.home):
                self._leave_out(link.path, _OUTSIDE, Cause.OUTSIDE)
            elif self.tree.is_folder(place):
                self._walk(self._start(place, link.path, link.scope))
            elif self.tree.is_file(place) and (file := self._wanted(place, link.path, link.scope)):
                self._take(file)

    def _walk(self, start: _Stop) -> None:
        todo = [start]
        while todo:
            folder = todo.pop()
            if folder.place in self.entered:
                continue
            if self.choice.limit is not None and self.met > self.choice.limit:
                self.is_whole = False
                return
            self.entered.add(folder.place)
            todo += self._enter(folder)

    def _enter(self, folder: _Stop) -> list[_Stop]:
        """Add the files of a folder; return the folders in it."""
        try:
            entries = self.tree.children(folder.place)
        except OSError as error:
            reason = f"folder cannot be read: {os_reason(error)}"
            self.left_out.append(NotAnalysed(folder.path, (), reason, unreadable=True))
            return []
        inside = []
        self.met += len(entries)
        own = self._with_own(folder, entries)
        folder = replace(folder, ignores=own, scope=self._scope(folder, entries))
        self._note_cdk(folder, entries)
        for entry in entries:
            place, path = entry.path, _join(folder.path, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if self._is_entered(entry, folder):
                    inside.append(folder.below(entry.name, place, path))
            elif entry.is_symlink():
                is_out = self._is_excluded(place, folder.scope)
                if not is_out and not folder.leaves_out(entry.name, is_folder=False):
                    self._note_link(replace(folder, place=place, path=path))
            elif entry.is_file(follow_symlinks=False):
                file = self._wanted(place, path, folder.scope)
                if file and not folder.leaves_out(entry.name, is_folder=False):
                    self._take(file)
        return inside

    def _scope(self, folder: _Stop, entries: Children) -> Configured:
        """Return the settings for the files of a folder, by its own configuration if it has one."""
        if folder.place == folder.scope.root:
            return folder.scope
        names = {entry.name for entry in entries}
        return self.choice.nested(folder.place, names) or folder.scope

    def _note_cdk(self, folder: _Stop, entries: Children) -> None:
        """Note that the output of a CDK app is not read, since git ignores it."""
        names = {entry.name for entry in entries}
        path = _join(folder.path, _CDK_OUTPUT)
        if _CDK_OUTPUT in names and folder.leaves_out(_CDK_OUTPUT, is_folder=True):
            reason = f"output of CDK, which git ignores: `iamlint check {path}` reads it"
            self._leave_out(path, reason, Cause.GIT_IGNORED)

    def _note_app(self, place: str, path: str) -> None:
        """Note how to generate the policies of a CDK app in a named folder."""
        if not self.tree.is_file(os.path.join(place, _CDK_APP)):
            return
        if self.tree.is_folder(os.path.join(place, _CDK_OUTPUT)):
            return
        output, app = _join(path, _CDK_OUTPUT), _join(path, _CDK_APP)
        make = f"`cdk synth` writes its policies, `iamlint check {output}` reads them"
        reason = f"app of CDK without its output: {make}"
        self._leave_out(app, reason, Cause.NOT_MADE)

    def _with_own(self, folder: _Stop, entries: Children) -> Ignores:
        if not self.choice.respect_gitignore:
            return folder.ignores
        if not any(entry.name == ".gitignore" for entry in entries):
            return folder.ignores
        return folder.ignores.plus(self._ignore_file(os.path.join(folder.place, ".gitignore")))

    def _is_entered(self, entry: os.DirEntry[str] | Child, folder: _Stop) -> bool:
        return (
            entry.name not in SKIPPED_FOLDERS
            and not folder.leaves_out(entry.name, is_folder=True)
            and not self._is_excluded(entry.path, folder.scope)
        )

    def _note_link(self, link: _Stop) -> None:
        """Keep a link for later, if its target may be a file to search for."""
        if self.tree.is_folder(link.place) or self._wanted(link.place, link.path, link.scope):
            self.links.append(link)

    def _take(self, file: File) -> None:
        if file.place not in self.files and not self._is_excluded(file.place, file.scope):
            self.files[file.place] = file

    def _wanted(self, place: str, path: str, scope: Configured) -> File | None:
        if path.endswith(_SKIPPED_NAMES) and re.search(_SKIPPED, path):
            return None
        file = File(path, place, asked=bool(scope.include), scope=scope, tree=self.tree)
        if scope.include:
            return file if scope.include.cover(parts_below(place, scope.root)) else None
        return file if self.choice.wanted(file) else None

    def _is_excluded(self, place: str, scope: Configured) -> bool:
        pairs = (scope.exclude, scope.root), (self.choice.exclude, self.tree.root)
        return any(globs and globs.cover(parts_below(place, root)) for globs, root in pairs)

    def _is_forced_out(self, place: str) -> bool:
        return self.choice.force_exclude and self._is_excluded(place, self.choice.scope)

    def _leave_out(self, path: str, reason: str, cause: Cause, *, unreadable: bool = False) -> None:
        self.left_out.append(NotAnalysed(path, (), reason, unreadable=unreadable, cause=cause))

    def _start(self, place: str, path: str, scope: Configured) -> _Stop:
        """Return a folder with the `.gitignore` files of those above it, up to the repository's."""
        home = self.tree.repository(place)
        if not self.choice.respect_gitignore or not is_inside(place, home):
            return _Stop(place, path, home, Ignores(), Tracked(self.tree, home), scope)
        ignores = Ignores()
        if self.tree.is_folder(os.path.join(home, ".git")):
            ignores = ignores.plus(self._ignore_file(os.path.join(home, ".git", "info", "exclude")))
        here = home
        for name in parts_below(place, home):
            ignores = ignores.plus(self._ignore_file(os.path.join(here, ".gitignore"))).below(name)
            here = os.path.join(here, name)
        return _Stop(place, path, home, ignores, Tracked(self.tree, home), scope)

    def _ignore_file(self, place: str) -> str:
        """Return the text of a `.gitignore`; empty if it is a link or cannot be read."""
        if self.tree.is_link(place) or not self.tree.is_file(place):
            return ""
        try:
            return self.tree.read(place, MAX_IGNORES).decode("utf-8-sig", "surrogateescape")
        except OSError:
            return ""


def _join(folder: str, name: str) -> str:
    safe = name.encode("utf-8", "backslashreplace").decode()
    # What parts of a run say of a file names it again.
    return sys.intern(safe if folder == "." else f"{folder.rstrip('/')}/{safe}")


def _help(given: str) -> str | None:
    if any(char in given for char in "*?["):
        return "paths are not expanded here: let the shell do it, or write an `include` glob"
    return None
