"""What files describe: who holds which policies by name, and the account, built when needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.build.layout import HolderSlot, slot_of
from iamlint.account.holdings import Holdings, PlacedPolicy, place_of
from iamlint.account.named import in_folder_of_principal
from iamlint.errors import IamlintError
from iamlint.fast_dataclass import replace
from iamlint.load.link import Thing, key_of_name
from iamlint.load.terraform.language.filenames import ENDS
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.text.source import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.account.ask.account import Account
    from iamlint.account.build.declared import Declared, DeclaredPrincipal
    from iamlint.account.holdings import Key, Place
    from iamlint.account.model import Identity
    from iamlint.catalog import Catalog
    from iamlint.load import Loaded
    from iamlint.load.document import Document
    from iamlint.load.link import Ref

_ORGANIZATION: Final = "organization/"


class DescribedFiles:
    """The files of one configuration; `is_whole` if all of them are read.

    It `is_closed` if no file is left out that belongs to those that are read, and if it is not
    `is_known`, nothing is described. To look at names costs little. The account costs more, so it
    is built when it is asked for.
    """

    def __init__(
        self,
        read: Callable[[], Loaded],
        declared: Declared,
        catalog: Catalog,
        *,
        is_known: bool = True,
        is_whole: bool = True,
        is_closed: bool = True,
    ) -> None:
        self._read = read
        self._declared = declared
        self._catalog = catalog
        self.is_known = is_known
        self.is_whole = is_whole
        self.is_closed = is_closed
        self._accounts: dict[frozenset[Key] | None, Account | IamlintError] = {}

    @property
    def declared(self) -> Declared:
        """What the configuration says of the account."""
        return self._declared

    def below(self, document: Document) -> str:
        """Return the path of a document from the folder of the configuration."""
        return self._declared.below(document.path)

    @cached_property
    def read(self) -> Loaded:
        found = self._read()
        return found if self.is_known else replace(found, documents=(), nodes=(), links=())

    @cached_property
    def holdings(self) -> Holdings:
        return Holdings(
            self.read,
            self._placed,
            is_whole=self.is_whole,
            has_organization=self.has_organization,
        )

    @property
    def account(self) -> Account:
        """The account; raises `IamlintError` where two sources disagree."""
        return self._built(None)

    def account_of(self, principals: frozenset[Key]) -> Account:
        """Return the account with some principals only, which takes less time to build."""
        return self._built(None if self.needs_all_files else principals)

    @property
    def needs_all_files(self) -> bool:
        """Whether the configuration names files, so that none of them may be left out."""
        given = self._declared
        return bool(given.principals or given.resources or self._is_organization_declared)

    def _built(self, principals: frozenset[Key] | None) -> Account:
        if principals not in self._accounts:
            read = self.read if principals is None else self.holdings.only(principals)
            try:
                _, self._accounts[principals] = self.account_in(read)
            except IamlintError as error:
                self._accounts[principals] = error
        found = self._accounts[principals]
        if isinstance(found, IamlintError):
            raise found
        return found

    def account_in(self, some: Loaded) -> tuple[Loaded, Account]:
        """Return some of what was read with what is known of its account, and this account."""
        # Few runs ask about the account, and importing it takes as long as a small run.
        from iamlint.account.ask.account import Account  # noqa: PLC0415
        from iamlint.account.build.accounts import accounts_in  # noqa: PLC0415

        filled, accounts = accounts_in(some, self._declared, self.read)
        return filled, Account(accounts, self._catalog)

    @cached_property
    def parts(self) -> int:
        """The number of values in all policies, which limits the work on the account."""
        return sum(sum(1 for _ in nodes(one.value)) for one in self.read.documents)

    def has_all(self, files: AbstractSet[str]) -> bool:
        """Return whether all is read that may say more of a principal with policies in files.

        A run over some files knows the principals of one module, or of one template or dump.
        """
        if self.is_whole:
            return True
        folders = {path.rpartition("/")[0] for path in files}
        is_module = len(folders) == 1 and all(path.lower().endswith(ENDS) for path in files)
        is_one = len(files) == 1 and not in_folder_of_principal(next(iter(files)))
        return self.is_closed and (is_module or is_one)

    @cached_property
    def limited(self) -> Account | None:
        """The account with the principals that something may limit; None if sources disagree."""
        try:
            return self.account_of(self.holdings.limited)
        except IamlintError:
            return None

    def identities_of(self, document: Document) -> tuple[Identity, ...]:
        """Return the limited identities that have a policy; none unless all of them are known."""
        return self._identities.get(place_of(document), ())

    def identity_of(self, ref: Ref) -> Identity | None:
        """Return the limited identity that a file names, if there is one that it surely is."""
        found = self._by_name.get((ref.thing.value, self.holdings.key_of(ref.name)), [])
        own = [one for one in found if one.scope == ref.scope]
        return own[0] if len(own) == 1 else found[0] if len(found) == 1 else None

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str | None], list[Identity]]:
        """The limited identities by kind and key, without those whose name equals only itself."""
        found: dict[tuple[str, str | None], list[Identity]] = {}
        for one in self.limited.accounts.identities.values() if self.limited else ():
            key = key_of_name(one.name if one.named is None else one.named)
            if key is not None:
                found.setdefault((one.kind, key), []).append(one)
        return found

    @cached_property
    def _identities(self) -> Mapping[Place, tuple[Identity, ...]]:
        """The identities by the policies that they have, without those that others may have."""
        if self.limited is None:
            return {}
        accounts = self.limited.accounts
        found: dict[Place, dict[str, Identity]] = {}
        for title, identity in accounts.identities.items():
            for policy in identity.policies:
                if (document := getattr(policy.label, "document", None)) is not None:
                    found.setdefault(place_of(document), {})[title] = identity
        for link in accounts.open:
            for policy in link.policies:
                if (document := getattr(policy.label, "document", None)) is not None:
                    found.pop(place_of(document), None)
        return {place: tuple(identities.values()) for place, identities in found.items()}

    def _placed(self, document: Document) -> Sequence[PlacedPolicy]:
        """Return the principals that a folder or the configuration gives a policy."""
        found: list[PlacedPolicy] = []
        if self._by_file:
            found += self._by_file.get(self._declared.place(document.path), ())
        if not document.attachment.holders and in_folder_of_principal(document.path):
            slot = slot_of(self._declared.below(document.path), document.kind)
            if isinstance(slot, HolderSlot):
                key = Thing(slot.kind.value), slot.name
                found.append(PlacedPolicy(key, slot.use, is_by_folder=True))
        return found

    @cached_property
    def _by_file(self) -> Mapping[str, Sequence[PlacedPolicy]]:
        """The principals of the configuration by the real paths of their files."""
        found: dict[str, list[PlacedPolicy]] = {}
        for principal in self._declared.principals.values():
            for given, use in _files_of(principal):
                path = self._declared.place(str(self._declared.root / given.partition("#")[0]))
                placed = PlacedPolicy(_key_of(principal.name), use, is_by_folder=False)
                found.setdefault(path, []).append(placed)
        return found

    @property
    def _is_organization_declared(self) -> bool:
        given = self._declared.organization_policies
        return given.scp is not None or given.rcp is not None

    @cached_property
    def has_organization(self) -> bool:
        """Whether policies of an organization may limit the account."""
        if self._is_organization_declared:
            return True
        documents = self.read.documents
        return any(d.kind in (Kind.SCP, Kind.RCP) or _ORGANIZATION in d.path for d in documents)


def _key_of(name: str) -> tuple[Thing, str]:
    """Return the key of a principal that the configuration names."""
    arn = parse_arn(name)
    kind, _, rest = (arn.resource if arn else name).partition("/")
    return Thing(kind), rest.rpartition("/")[2]


def _files_of(principal: DeclaredPrincipal) -> Iterator[tuple[str, Kind]]:
    yield from ((given, Kind.IDENTITY) for given in principal.policies)
    if principal.boundary is not None:
        yield principal.boundary, Kind.BOUNDARY
