"""The principals of elsewhere that trust policies name, as they write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.named import accounts_of, foreign, member_of, stranger, subject_of
from iamlint.errors import UsageError
from iamlint.evaluator.request import caller_of
from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.answer import ANONYMOUS, How, NodeKind
from iamlint.graph.stand_ins import ELSEWHERE, is_outsider
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
    """A principal of elsewhere, and how it takes a role; `unknown` decides its account."""

    being: Being
    how: How
    action: str
    unknown: tuple[str, ...] = ()


class Outsiders:
    """Makes outsiders of what trust policies name; `beings` are all that were made."""

    def __init__(self, world: GraphWorld) -> None:
        self._world = world
        self._known = accounts_of(world.accounts)
        self.beings: dict[str, Being] = {}

    def let_in(self, trusted: TrustedPrincipals) -> Iterator[OutsiderWay]:
        """Yield the outsiders that a trust policy names."""
        for account in trusted.accounts:
            is_open = bool(self._world.stand_ins.names(account))
            if account not in self._known and (is_open or is_account_id(account)):
                partition = self._world.accounts.partition
                name = f"arn:{partition}:iam::{account}:root"
                of = ELSEWHERE if is_open else account
                yield self._made(name, member_of(name, of, partition), *_ASSUME)
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
        arn = parse_arn(text)
        is_open = arn is not None and bool(self._world.stand_ins.names(arn.account))
        known = text.replace(arn.account, ELSEWHERE, 1) if arn is not None and is_open else text
        caller = caller_of(known)
        if arn is None or caller is None or arn.account in self._known:
            return
        actor = foreign(text, caller)
        if is_outsider(text):
            note = f"policies of the account of `{text}` allow it to do so, whoever it is"
            actor = replace(actor, assumed=(note,))
        yield self._made(text, actor, *_ASSUME)

    def _made(self, text: str, actor: Actor, how: How, action: str) -> OutsiderWay:
        name = self._world.shown(text)
        if name not in self.beings:
            self.beings[name] = Being(name, NodeKind.OUTSIDER, actor)
        arn = parse_arn(text) if how is How.ASSUME_ROLE else None
        unknown = () if arn is None else self._world.stand_ins.names(arn.account)
        return OutsiderWay(self.beings[name], how, action, unknown)
