"""The provider for AWS, with the interface that the language uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.aws.policy_document import TYPE, policy_document
from iamlint.load.terraform.aws.references import attribute
from iamlint.load.terraform.aws.whereabouts import ConfiguredAccounts, provider_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.evaluate import Evaluator
    from iamlint.load.terraform.language.folder import Folder
    from iamlint.load.terraform.language.node import Location, Node, Whereabouts
    from iamlint.load.terraform.language.provider import Configures, Provider, ProviderAccounts
    from iamlint.text.hcl.tree import Block


class _Aws:
    def is_document(self, type_: str, /) -> bool:
        return type_ == TYPE

    def document(self, inside: Inside, /) -> Node:
        return policy_document(inside)

    def attribute(
        self, folder: Folder, steps: Sequence[str], of: Evaluator, spot: Location, /
    ) -> Node | None:
        return attribute(folder, steps, of, spot)

    def whereabouts(self, module: Configures, block: Block, /) -> Whereabouts:
        return provider_of(module, block)

    def accounts(self, root: Configures, /) -> ProviderAccounts:
        return ConfiguredAccounts(root)


AWS: Final[Provider] = _Aws()
