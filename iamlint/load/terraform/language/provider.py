"""The interface of a provider for the language, which knows no type of resource by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.evaluate import Evaluator
    from iamlint.load.terraform.language.folder import Folder, ModuleFile
    from iamlint.load.terraform.language.node import Location, Node, Whereabouts
    from iamlint.text.hcl.tree import Block

Address = tuple[str, str]
"""The local name of a provider in a module, and its alias."""


class ProviderAccounts(Protocol):
    """The accounts of the configurations of a root module, each evaluated once."""

    def main(self, local: str, /) -> tuple[Address, Inside] | None:
        """Return the configuration of the account in which a root module is applied."""

    def differ(self, name: str, inside: Inside, /) -> bool:
        """Return whether a configuration may be for another account than the others of the root."""


class Passes(Protocol):
    """A call of a module, which passes providers."""

    @property
    def caller(self) -> Configures: ...
    @property
    def block(self) -> Block: ...


class Configures(Protocol):
    """A module that configures providers, or is passed them; `providers` are those evaluated."""

    @property
    def folder(self) -> Folder: ...
    @property
    def providers(self) -> dict[Address, Whereabouts]: ...
    @property
    def accounts(self) -> ProviderAccounts: ...
    @property
    def call(self) -> Passes | None: ...
    @property
    def root(self) -> Configures: ...
    def prefix(self) -> str: ...
    def evaluator(self, part: ModuleFile) -> Evaluator: ...


class Provider(Protocol):
    """The resources and data sources of a provider of Terraform."""

    def is_document(self, type_: str, /) -> bool:
        """Return whether a data source of a type generates JSON from its blocks."""

    def document(self, inside: Inside, /) -> Node:
        """Return the JSON that such a data source generates from its blocks."""

    def attribute(
        self, folder: Folder, steps: Sequence[str], of: Evaluator, spot: Location, /
    ) -> Node | None:
        """Return `type.name.attribute`; None if only the provider or Terraform knows it."""

    def whereabouts(self, module: Configures, block: Block, /) -> Whereabouts:
        """Return the account and the region of a block of a module."""

    def accounts(self, root: Configures, /) -> ProviderAccounts:
        """Return the accounts of the configurations of a root module."""
