"""The principals of elsewhere that trust policies name, as they write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.named import accounts_of, foreign, member_of, stranger, subject_of
from iamlint.errors import UsageError
from iamlint.evaluator.request import caller_of
from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import ANONYMOUS, How, NodeKind
from iamlint.graph.world import Being
from iamlint.policy.arn import is_account_id, parse_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.principal import Actor
    from iamlint.graph.trusted import TrustedPrincipals
    from iamlint.graph.world import GraphWorld

_ASSUME: Final = (How.ASSUME_ROLE, "sts:AssumeRole")
_SAML: Final = (How.SAML, "sts:AssumeRoleWithSAML")
_WEB: Final = (How.WEB_IDENTITY, "sts:AssumeRoleWithWebIdentity")


@dataclass(frozen=True, slots=True)
class OutsiderWay:
    """A principal of elsewhere, and how it takes a role."""

    being: Being
    how: How
    action: str


class Outsiders:
    """Makes outsiders of what trust policies name; `beings` are all that were made."""

    def __init__(self, world: GraphWorld) -> None:
        self._world = world
        self._known = accounts_of(world.accounts)
        self.beings: dict[str, Being] = {}

    def let_in(self, trusted: TrustedPrincipals) -> Iterator[OutsiderWay]:
        """Yield the outsiders that a trust policy names."""
        for account in trusted.accounts:
            if account not in self._known and is_account_id(account):
                partition = self._world.accounts.partition
                name = f"arn:{partition}:iam::{account}:root"
                yield self._made(name, member_of(name, account, partition), *_ASSUME)
        for text in trusted.arns:
            yield from self._of_arn(text)
        for text in trusted.providers:
            how = _SAML if ":saml-provider/" in text else _WEB
            try:
                actor = subject_of(self._world.accounts, f"Federated:{text}")
            except UsageError:
                continue
            yield self._made(text, actor, *how)
        if trusted.is_open:
            yield self._made(ANONYMOUS, stranger(self._world.accounts), *_ASSUME)

    def _of_arn(self, text: str) -> Iterator[OutsiderWay]:
        arn, caller = parse_arn(text), caller_of(text)
        if arn is None or caller is None or arn.account in self._known:
            return
        yield self._made(text, foreign(text, caller), *_ASSUME)

    def _made(self, text: str, actor: Actor, how: How, action: str) -> OutsiderWay:
        name = self._world.shown(text)
        if name not in self.beings:
            self.beings[name] = Being(name, NodeKind.OUTSIDER, actor)
        return OutsiderWay(self.beings[name], how, action)
