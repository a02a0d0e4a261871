"""Options of loading: options in, files out, each with the settings of its configuration."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load import json_yaml
from iamlint.load.find.files import STDIN, Choice, Configured, File, FoundFiles, find_files
from iamlint.load.find.gitignore import Globs, Rules, patterns
from iamlint.load.find.tree import FileTree, parts_below
from iamlint.load.given import NOTHING, Vars, given_by
from iamlint.load.reports import loader as reports
from iamlint.load.terraform import loader
from iamlint.paths import has_scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from iamlint.load.document import Item
    from iamlint.policy.grammar import Kind


OpenTree: TypeAlias = (
    "Callable[[str | os.PathLike[str], str | os.PathLike[str], Mapping[str, bytes]], FileTree]"
)


class Loader(Protocol):
    """One way of finding policies in files: a module or an object with these two functions.

    A loader of a format in which files belong together has `read_all(files)` too, which yields the
    items of all files; it is called once with every file that the loader claims. It may have
    `related(files, search)`, for files that belong to the named ones, and `links(files)`, for pairs
    of places where one reads the other.
    """

    def claims(self, file: File, /) -> bool:
        """Return whether the file is for this loader; `file.suffix` is free, `file.data` is not."""

    def read(self, file: File, /) -> Iterator[Item]:
        """Yield the policies of a file, and the possible policies that are not analysed."""


BUILTIN: tuple[Loader, ...] = (loader, reports, json_yaml)


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The options of loading. Globs are relative to `root` and written as in a `.gitignore`.

    Paths are relative to `here`, and so are those in reports; nothing else depends on the current
    folder of the process. `contents` holds texts that are not on disk, such as unsaved ones or
    those of a git revision, by their real paths: each replaces a file or is a file of its own.
    `kind` is the kind of every policy, `kinds` are those of the policies of some files: the last
    glob that matches counts. `aws_managed_policies` says whether those are documents like others.
    The first of `loaders` that claims a file reads it. `stdin` is the content of the path `-`,
    `given` the values of variables and parameters. For a folder with a configuration of its own, by
    its place and the names in it, `nested` returns the settings in place of `root`, `include`,
    `exclude`, `kinds`, `aws_managed_policies` and `given`; `exclude_everywhere` counts there too.
    `open_tree` makes the tree of files that all of it is read through.
    With `follow`, the modules and templates that the files call or nest are read like them,
    anywhere in the repository. With `postpone`, policies that only concern one user, group or role
    are found when they are asked for: `Loaded.postponed`. With `stores`, a path such as
    `s3://bucket/folder` names objects of a store: the user gave it, no file did. With `workloads`,
    files are also read for what runs with a role: `Loaded.workloads`. Without `texts`, no text is
    searched for secrets, which only rules report.
    """

    root: str | os.PathLike[str] = "."
    here: str | os.PathLike[str] = "."
    contents: Mapping[str, bytes] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    kind: Kind | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    aws_managed_policies: bool = False
    loaders: tuple[Loader, ...] = BUILTIN
    stdin: bytes | None = None
    stdin_name: str | None = None
    given: Vars = ()
    follow: bool = False
    postpone: bool = False
    exclude_everywhere: tuple[str, ...] = ()
    nested: Callable[[str, Container[str]], LoadOptions | None] = field(default=lambda _, __: None)
    open_tree: OpenTree = FileTree.of
    stores: bool = False
    workloads: bool = False
    texts: bool = True


def list_files(paths: Iterable[str | os.PathLike[str]], options: LoadOptions) -> FoundFiles:
    """Return the files that would be read, sorted by path."""
    given = [os.fspath(path) for path in paths]
    tree = options.open_tree(options.here, options.root, options.contents)
    choice = Choice(
        tree=tree,
        wanted=lambda file: any(loader.claims(file) for loader in options.loaders),
        scope=_scope(options, tree),
        exclude=Rules(patterns(options.exclude_everywhere)),
        nested=_nested(options, tree),
        force_exclude=options.force_exclude,
        respect_gitignore=options.respect_gitignore and not tree.is_tracked,
    )
    of_stores = [path for path in given if options.stores and has_scheme(path)]
    on_disk = [path for path in given if path != STDIN and path not in of_stores]
    found = find_files(on_disk, choice)
    files = [*found.files, *([_stdin(tree, options, choice.scope)] if STDIN in given else ())]
    if of_stores:
        from iamlint.load.find.stores import find_objects  # noqa: PLC0415 - few runs name one

        files = sorted([*files, *find_objects(of_stores, choice)], key=lambda file: file.path)
    read = (_as_configured(file, options.kind) for file in files)
    as_asked = partial(
        replace,
        follows=options.follow,
        postpones=options.postpone,
        workloads=options.workloads,
    )
    return replace(found, files=tuple(map(as_asked, read)))


def _nested(
    options: LoadOptions, tree: FileTree
) -> Callable[[str, Container[str]], Configured | None]:
    def scope(place: str, names: Container[str]) -> Configured | None:
        found = options.nested(place, names)
        return None if found is None else _scope(found, tree)

    return scope


def _scope(options: LoadOptions, tree: FileTree) -> Configured:
    return Configured(
        root=tree.place(os.fspath(options.root)),
        include=Rules(patterns(options.include)),
        exclude=Rules(patterns(options.exclude)),
        kinds=tuple(options.kinds.values()),
        kind_globs=Globs(options.kinds),
        aws_managed_policies=options.aws_managed_policies,
        given=given_by(options.given, tree) if options.given else NOTHING,
    )


def _as_configured(file: File, kind: Kind | None) -> File:
    """Return a file with the settings of its configuration; a `kind` for all files counts."""
    scope = file.scope
    if kind is None and scope.kinds:
        numbers = scope.kind_globs.covering(parts_below(file.place, scope.root))
        kind = scope.kinds[numbers[-1]] if numbers else None
    return replace(file, kind=kind, given=scope.given)


def _stdin(tree: FileTree, options: LoadOptions, scope: Configured) -> File:
    name = options.stdin_name
    return File(
        tree.shown(name) if name else "<stdin>",
        tree.place(name or "<stdin>"),
        asked=True,
        by_path=True,
        content=options.stdin or b"",
        scope=scope,
        tree=tree,
    )
