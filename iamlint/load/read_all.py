"""Reads all files that the paths name: paths in, documents out. Executes nothing that it reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from iamlint.errors import BrokenPart, InternalError, describe_error, os_reason
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.boundaries import Boundaries
from iamlint.load.document import (
    ByDefault,
    Cause,
    Certainty,
    Document,
    Item,
    NotAnalysed,
    Postponed,
    common_pointer,
    of_type,
)
from iamlint.load.file_value import FileValue, Subject
from iamlint.load.find.files import File, FoundFiles
from iamlint.load.given import (
    Taker,
    refuse_unfit,
)
from iamlint.load.link import Binding, Link, LinkKind, Node, is_aws_managed
from iamlint.load.options import Loader, LoadOptions, list_files
from iamlint.load.related import find_related
from iamlint.load.secret_texts import texts_with_secrets
from iamlint.load.unread.listed import worth_listing
from iamlint.load.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.text.span import Lines, Pointer


ReadAll: TypeAlias = "Callable[[Sequence[File]], Iterator[Item]]"


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was found. `paths` names every file that was read, `lines` those with a policy.

    `nodes` are the users, groups and roles that the files describe, `links` their links besides
    inline policies, and `bindings` the values of unknowns. `of_aws` are the documents of policies
    that AWS manages, which only AWS can fix: they are read for the permissions they grant.
    `broken` are the loaders that raised, `takers` the names that values may be given to.
    `by_default` are the policies with the defaults of variables and parameters, which only checks
    use: an answer about access does not take a default for the value. It `is_closed` if no file
    that belongs to the named ones was left out. The policies and links of `postponed` principals
    are missing, as `LoadOptions.postpone` wants it. `subjects` are what rules look at besides
    policies, `workloads` what runs with roles, if `LoadOptions.workloads` asks for it.
    """

    documents: tuple[Document, ...]
    not_analysed: tuple[NotAnalysed, ...]
    paths: tuple[str, ...]
    lines: Mapping[str, Lines]
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    bindings: tuple[Binding, ...] = ()
    of_aws: tuple[Document, ...] = ()
    broken: tuple[InternalError, ...] = ()
    takers: tuple[Taker, ...] = ()
    by_default: tuple[ByDefault, ...] = ()
    is_closed: bool = True
    postponed: tuple[Postponed, ...] = ()
    subjects: tuple[Subject, ...] = ()
    workloads: tuple[Workload, ...] = ()

    @property
    def files(self) -> int:
        """The number of files that were read."""
        return len(self.paths)


def load(paths: Iterable[str | os.PathLike[str]], options: LoadOptions) -> Loaded:
    """Return all policies at or below the paths; raise `ReadError` for a path to nothing."""
    given = [os.fspath(path) for path in paths]
    found = list_files(given, options)
    beside = find_related(found, given, options.loaders)
    return read_files(found, options.loaders, beside, texts=options.texts)


def read_files(
    found: FoundFiles,
    loaders: tuple[Loader, ...],
    beside: Mapping[Loader, Sequence[File | NotAnalysed]],
    *,
    texts: bool = True,
) -> Loaded:
    """Return all policies of files, which each loader reads together with those `beside` them."""
    related = [item for items in beside.values() for item in items]
    items = list(_items(found.files, loaders, beside, texts=texts))
    checked = {file.path: file.scope.aws_managed_policies for file in found.files}
    of_aws = [one for one in of_type(items, Document) if _is_spared(one, checked)]
    documents = [one for one in of_type(items, Document) if not _is_spared(one, checked)]
    by_default = [one for one in of_type(items, ByDefault) if not _is_spared(one.document, checked)]
    links, bindings, takers = of_type(items, Link), of_type(items, Binding), of_type(items, Taker)
    limits = Boundaries(links, bindings, documents)
    others = [*of_type(related, NotAnalysed), *of_type(items, NotAnalysed)]
    left_out = [*found.left_out, *others, *_spared(of_aws)]
    refuse_unfit(takers)
    policies = [*of_aws, *(one.document for one in by_default), *documents]
    postponed, subjects = of_type(items, Postponed), of_type(items, Subject)
    listed = worth_listing(left_out, policies, found.files, postponed)
    paths_read = tuple(file.path for file in found.files)
    return Loaded(
        tuple(_in_order(list(limits.among(documents)), paths_read)),
        tuple(sorted(listed, key=lambda item: item.path)),
        paths_read,
        _lines([*policies[len(of_aws) :], *subjects], links),
        tuple(of_type(items, Node)),
        tuple(links),
        tuple(bindings),
        tuple(of_aws),
        tuple(of_type(items, InternalError)),
        tuple(takers),
        tuple(limits.among_defaults(by_default)),
        all(file.named for file in of_type(related, File)),
        tuple(postponed),
        tuple(subjects),
        tuple(of_type(items, Workload)),
    )


def _is_spared(document: Document, checked: Mapping[str, bool]) -> bool:
    """Return whether a policy is managed by AWS, and such policies are not checked in its file."""
    arn = document.attachment.policy_arn
    is_of_aws = arn is not None and is_aws_managed(arn)
    return is_of_aws and not checked.get(document.path, False)


def _spared(of_aws: list[Document]) -> Iterator[NotAnalysed]:
    """Yield a note for each file with the number of AWS managed policies in it."""
    pointers: dict[str, list[Pointer]] = {}
    for document in of_aws:
        pointers.setdefault(document.path, []).append(document.pointer)
    for path, of_file in pointers.items():
        what = f"policies that AWS manages ({len(of_file)}): `aws-managed-policies = true`"
        reason = f"{what} in the configuration checks them"
        yield NotAnalysed(path, common_pointer(of_file), reason, cause=Cause.AWS_MANAGED)


def _in_order(documents: list[Document], paths: tuple[str, ...]) -> Iterator[Document]:
    """Yield documents in the order of files, each once: the file that uses another one wins."""
    used = {(d.path, d.pointer) for d in documents if d.certainty is Certainty.TABLE}
    order = {path: number for number, path in enumerate(paths)}
    for document in sorted(documents, key=lambda d: order.get(d.path, len(order))):
        is_known = (document.path, document.pointer) in used
        if document.certainty is not Certainty.SHAPE or not is_known:
            yield document


def _lines(documents: Sequence[FileValue], links: Iterable[Link]) -> dict[str, Lines]:
    """Return the lines of each file with a policy or a subject, or a link."""
    homes = (link.home for link in links if link.kind is LinkKind.ATTACHED)
    lines = {path: source.lines for path, source in filter(None, homes)}
    lines |= {part.path: part.source.lines for d in documents for part in d.elsewhere}
    return lines | {document.path: document.source.lines for document in reversed(documents)}


def read(file: File, loaders: tuple[Loader, ...]) -> Iterator[Item | InternalError]:
    """Yield the items of the file from the first loader that claims it."""
    return _items((file,), loaders, texts=True)


def _items(
    files: Iterable[File],
    loaders: tuple[Loader, ...],
    beside: Mapping[Loader, Sequence[File | NotAnalysed]] | None = None,
    *,
    texts: bool,
) -> Iterator[Item | InternalError]:
    """Yield what the loaders find in files, and the texts with secrets if they are wanted."""
    every = tuple(files)
    paths: set[str] = set()
    for item in _found_in(every, loaders, beside):
        paths.add(item.path)
        yield item
    if texts:
        yield from texts_with_secrets(every, paths)


def _found_in(
    files: Iterable[File],
    loaders: tuple[Loader, ...],
    beside: Mapping[Loader, Sequence[File | NotAnalysed]] | None = None,
) -> Iterator[Item | InternalError]:
    together: dict[Loader, list[File]] = {
        loader: [item for item in items if isinstance(item, File)]
        for loader, items in (beside or {}).items()
    }
    for file in files:
        loader = next((loader for loader in loaders if loader.claims(file)), None)
        if loader is None:
            continue
        if unread := _unread(file):
            yield unread
        elif hasattr(loader, "read_all"):
            together.setdefault(loader, []).append(file)
        else:
            yield from _found_by(loader, (file,))
    for loader, claimed in together.items():
        yield from _found_by(loader, claimed) if claimed else ()


def _found_by(loader: Loader, files: Sequence[File]) -> Iterator[Item | InternalError]:
    """Yield the items that a loader finds in files; if it raises for all together, in each alone.

    Files that raise only together are broken too: alone, each may have other policies.
    """
    read_all: ReadAll | None = getattr(loader, "read_all", None)
    found: list[Item | InternalError]
    try:
        found = list(read_all(files) if read_all else loader.read(files[0]))
    except Exception as error:  # noqa: BLE001 - the boundary: a broken loader is exit 3
        alone = [(file,) for file in files] if len(files) > 1 else []
        found = [item for one in alone for item in _found_by(loader, one)]
        if not any(isinstance(item, InternalError) for item in found):
            error_text = describe_error(error)
            found.append(InternalError(BrokenPart.LOADER, _name(loader), files[0].path, error_text))
    by_path = {file.path: file for file in files}
    for item in found:
        given = by_path.get(item.path)
        yield _as_declared(item, given) if given else item


def _name(loader: Loader) -> str:
    """Return the name of a loader: its module or class, or the package of a module `loader`."""
    full: str = getattr(loader, "__name__", type(loader).__name__)
    return full.removesuffix(".loader").rpartition(".")[2]


def _unread(file: File) -> NotAnalysed | None:
    """Return why a file is not read; None if it is."""
    try:
        size = len(file.data)
    except OSError as error:
        reason = f"cannot be read: {os_reason(error)}"
        return NotAnalysed(file.path, (), reason, unreadable=True)
    if size <= file.limit:
        return None
    reason = f"larger than {file.limit:,} bytes"
    if not file.asked:
        reason += ": name it under `include` to have it read"
    return NotAnalysed(file.path, (), reason, unreadable=file.asked)


def _as_declared(item: Item | InternalError, file: File) -> Item | InternalError:
    """Return an item with the settings of the user for its file, for every loader."""
    if isinstance(item, ByDefault):
        document, *without = (_as_declared(one, file) for one in (item.document, *item.without))
        return replace(item, document=document, without=tuple(without))  # type: ignore[arg-type]
    if not isinstance(item, Document) or file.kind is None:
        return item
    if item.certainty is Certainty.DECLARED:
        return item
    return replace(item, kind=file.kind, certainty=Certainty.DECLARED)
