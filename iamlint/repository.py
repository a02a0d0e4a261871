"""The account that a repository describes: paths and configuration in, something to ask out."""

from __future__ import annotations

import json
import os
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.account import Account
from iamlint.account.ask.answer import Where
from iamlint.account.ask.named import subject_of
from iamlint.account.ask.principal import of_policy
from iamlint.account.ask.validate import check_host, checked_account
from iamlint.account.build.accounts import accounts_in
from iamlint.account.build.alone import stand_alone
from iamlint.account.build.compile import Files, compile_checked, refusal_of
from iamlint.account.build.declared import Declared, DeclaredOrganization
from iamlint.account.build.home import at_home
from iamlint.account.build.pseudo_parameters import fill_pseudo_parameters
from iamlint.config import last_folder, nearest
from iamlint.errors import BrokenError, UsageError
from iamlint.evaluator.request import CallerKind
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load import Loaded, LoadOptions, NotAnalysed, VarFile, load, refuse_unknown
from iamlint.load.find.tree import DISK
from iamlint.plugins.extensions import sources
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.account.ask.principal import Actor
    from iamlint.config import Config
    from iamlint.errors import IamlintError
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load import Loader, Vars
    from iamlint.load.document import Document
    from iamlint.load.find.tree import FileTree
    from iamlint.text.span import Pointer

_FILES: Final = (".json", ".json5", ".jsonc", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that was read, and its account; `given` are values besides the configuration.

    If some policies are postponed in `loaded`, `find_whole` returns all that the files say.
    """

    config: Config
    account: Account
    loaded: Loaded
    given: Vars = ()
    find_whole: Callable[[], Loaded] | None = None

    @property
    def here(self) -> Path:
        """The folder that the paths of documents are relative to."""
        return self.config.here.absolute()

    @property
    def whole(self) -> Loaded:
        """All that the files say."""
        return self.loaded if self.find_whole is None else self.find_whole()

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.whole.documents

    def refuse_empty(self) -> None:
        """Raise where there is no policy: a test against nothing passes for the wrong reason."""
        if self.loaded.documents or any(one.has_policies for one in self.loaded.postponed):
            return
        if not self.documents:
            raise UsageError(
                f"no policy was found below `{self.config.root}`",
                help="without policies, every test would pass: keep an iamlint.toml above the "
                "policies, check its `include`, or set `@pytest.mark.iam(root=…)`",
            )

    def refuse_unread(self) -> None:
        """Raise where a file could not be read, or AWS refuses a policy: it may be anyone's."""
        for unread in self.account.accounts.unread:
            raise refusal_of(unread)

    def subject(self, name: str, start: Path | None = None) -> Actor:
        """Return a principal by name, ARN, host, or by the file of one policy.

        A path starts at the configuration's folder, or else at `start`.
        """
        if names_file(name):
            return self.policy(name, start)
        subject = subject_of(self.account.accounts, name)
        if subject.caller.kind is CallerKind.SERVICE:
            check_host(self.account.catalog, name)
        return subject

    def policy(self, path: str | Path, start: Path | None = None) -> Actor:
        """Return a nameless principal that holds the one policy of a file."""
        document = self._document(start / path if start else path)
        policy = compile_checked(document, document.kind)
        return of_policy(self.account.accounts, str(path), policy)

    def session_policy(self, path: str | Path) -> CompiledPolicy:
        return compile_checked(self._document(path), Kind.SESSION)

    def _document(self, path: str | Path) -> Document:
        place, declared, tree = self.config.root / path, self.config.declared, self.config.tree
        waiting = {declared.place(one.path) for one in self.loaded.postponed}
        loaded = self.whole if declared.place(str(place)) in waiting else self.loaded
        files = Files(loaded.documents, loaded.not_analysed, declared)
        if not files.knows(place) and tree.is_file(str(place)):
            options = LoadOptions(self.config.root, self.here, open_tree=tree.seen_from)
            asked = fill_pseudo_parameters(load([place], options), declared)
            files = Files(asked.documents, asked.not_analysed, declared)
        return files.one_of(place, "the question")


def find_repository(
    folder: Path,
    *,
    account: str | None = None,
    top: Path | None = None,
    here: Path = Path(),
    given: Vars = (),
    tree: FileTree = DISK,
    any_values: bool = False,
    workloads: bool = False,
) -> Repository:
    """Return the repository whose configuration applies to a folder; else all below `top`.

    Its documents are named from `here`. `given` are values of variables and parameters, besides
    those of the configuration. All files are those of the `tree`. With
    `any_values`, nothing has to take a value of `given`. With `workloads`, its account also has
    what runs with a role.
    """
    here = here.absolute()
    place = Path(tree.place(str(here / folder)))
    config = nearest(place, here, last_folder(place, top or here, tree), tree)
    if config.path is None and top is not None and place.is_relative_to(top):
        config = nearest(top, here, tree=tree)
    if account is not None:
        config = replace(config, account=checked_account(account))
    return open_repository(config, given=given, any_values=any_values, workloads=workloads)


def names_file(name: str) -> bool:
    """Return whether the name of a principal is the path of a policy."""
    return name.lower().endswith(_FILES) and not name.startswith("arn:")


def open_alone(
    config: Config, file: Path, *, given: Vars = (), any_values: bool = False
) -> Repository:
    """Return one file, in the account of the configuration, without its other files."""
    bare = replace(
        config, principals={}, resources={}, organization_policies=DeclaredOrganization()
    )
    return open_repository(bare, nested=True, given=given, only=(file,), any_values=any_values)


def open_repository(
    config: Config,
    *,
    nested: bool = False,
    given: Vars = (),
    only: tuple[Path, ...] = (),
    any_values: bool = False,
    workloads: bool = False,
) -> Repository:
    """Return the files below the configuration's folder, or `only` some, and those it names.

    Folders with a configuration of their own are other repositories, unless `nested` says that
    they are not. With `any_values`, nothing has to take a value of `given`. With `workloads`, the
    account also has what runs with a role.
    """
    loaders, catalog = sources(config)
    declared = config.declared
    options = _options(config, loaders, given, workloads=workloads)
    read = partial(_read, config, options, nested=nested, only=only, any_values=any_values)
    loaded, apart = read(postpone=not workloads)  # who asks for those asks about all principals
    if not workloads and not stand_alone(loaded, declared):
        loaded, apart = read(postpone=False)

    @cache
    def whole() -> Loaded:
        found, _ = read(postpone=False)
        return fill_pseudo_parameters(found, at_home(found, declared))

    find_whole = whole if loaded.postponed else None
    loaded, accounts = accounts_in(loaded, declared)
    accounts = replace(accounts, apart=apart)
    account = Account(accounts, catalog, where=_where(config, given, loaded))
    return Repository(config, account, loaded, given, find_whole)


def open_apart(config: Config, why: IamlintError, *, given: Vars, nested: bool) -> Repository:
    """Return the policies below the configuration's folder without who holds them.

    `why` is the error that says so: two sources disagree.
    """
    loaders, catalog = sources(config)
    options = _options(config, loaders, given)
    loaded, _ = _read(config, options, nested=nested, only=(), any_values=True, postpone=False)
    known = config.declared
    declared = Declared(
        root=known.root,
        here=known.here,
        account=known.account,
        partition=known.partition,
        region=known.region,
    )
    nothing = replace(loaded, documents=(), nodes=(), links=(), not_analysed=(), workloads=())
    _, accounts = accounts_in(nothing, declared, loaded)
    loaded = fill_pseudo_parameters(loaded, at_home(loaded, declared))
    reason = f"it is not known who holds the policies, so each is compared alone: {why.message}"
    left_out = NotAnalysed(os.path.relpath(config.root, config.here.absolute()), (), reason)
    loaded = replace(loaded, not_analysed=(*loaded.not_analysed, left_out))
    return Repository(config, Account(accounts, catalog), loaded, given)


def _read(
    config: Config,
    options: LoadOptions,
    *,
    nested: bool,
    only: tuple[Path, ...],
    any_values: bool,
    postpone: bool,
) -> tuple[Loaded, Mapping[str, int]]:
    """Return what was read, and the folders that were left out as `_own` does."""
    named = [path for path in config.declared.files() if config.tree.is_file(str(path))]
    loaded = load(
        [*(only or (config.root,)), *named], replace(options, postpone=postpone, texts=False)
    )
    refuse_unknown(_own_values(config) if any_values else options.given, loaded.takers)
    for broken in loaded.broken:
        raise BrokenError(f"{broken.path}: {broken}", help="please report it")
    if nested:
        return loaded, {}
    own, apart = _own(loaded, config, {config.tree.place(str(path)) for path in named})
    if len(own.postponed) < len(loaded.postponed):  # their policies are counted in `apart`
        return _read(
            config, options, nested=nested, only=only, any_values=any_values, postpone=False
        )
    return own, apart


def _own_values(config: Config) -> Vars:
    return (*config.terraform, *config.cloudformation)


def _options(
    config: Config, loaders: tuple[Loader, ...], given: Vars, *, workloads: bool = False
) -> LoadOptions:
    return LoadOptions(
        root=config.root,
        here=config.here,
        include=config.include,
        exclude=config.exclude,
        kinds=config.kinds,
        loaders=loaders,
        given=(*_own_values(config), *given),
        follow=True,
        workloads=workloads,
        open_tree=config.tree.seen_from,
    )


def _where(config: Config, given: Vars, loaded: Loaded) -> Where:
    """Return where the command line asks this repository."""
    start = config.here.absolute()
    here = nearest(start, config.here, tree=config.tree)
    there = nearest(config.root, config.here, tree=config.tree)
    return Where(
        folder=os.path.relpath(config.root, start) if here.root != config.root else None,
        account=config.account if there.account != config.account else None,
        values=tuple(_words(config, given, {t.name for t in loaded.takers if t.secret})),
    )


def _words(config: Config, given: Vars, secrets: set[str]) -> Iterator[str]:
    """Yield the options that give the same values; those of secrets are left to the user."""
    for item in given:
        if isinstance(item, VarFile):
            yield from ("--var-file", os.path.relpath(config.here / item.path, config.root))
        elif item.name in secrets:
            yield from ("--var", f"{item.name}=…")
        else:
            text = item.value if isinstance(item.value, str) else json.dumps(item.value)
            yield from ("--var", f"{item.name}={text}")


def _own(loaded: Loaded, config: Config, named: set[str]) -> tuple[Loaded, Mapping[str, int]]:
    """Return the files without those of other configurations, unless this one names them.

    Also return the folders that were left out and may be of the same account, each with the number
    of its policies.
    """
    start = config.here.absolute()

    @cache  # a dump has thousands of policies
    def other(path: str) -> Config | None:
        place = config.tree.place(str(start / path))
        found = nearest(Path(place).parent, config.here, tree=config.tree)
        return None if place in named or found.path in (None, config.path) else found

    apart: dict[str, set[tuple[str, Pointer]]] = {}
    for one in loaded.documents:
        found = other(one.path)
        if found and found.root != config.root and found.account in (None, config.account):
            folder = os.path.relpath(found.root, start)
            apart.setdefault(folder, set()).add((one.path, one.pointer))
    own = replace(
        loaded,
        documents=tuple(d for d in loaded.documents if other(d.path) is None),
        not_analysed=tuple(item for item in loaded.not_analysed if other(item.path) is None),
        nodes=tuple(node for node in loaded.nodes if other(node.path) is None),
        links=tuple(link for link in loaded.links if other(link.path) is None),
        of_aws=tuple(d for d in loaded.of_aws if other(d.path) is None),
        postponed=tuple(one for one in loaded.postponed if other(one.path) is None),
        workloads=tuple(one for one in loaded.workloads if other(one.path) is None),
    )
    return own, {folder: len(policies) for folder, policies in sorted(apart.items())}
