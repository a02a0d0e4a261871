"""The principals of elsewhere that trust policies name, as they write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.named import accounts_of, foreign, member_of, stranger, subject_of
from iamlint.errors import UsageError
from iamlint.evaluator.request import caller_of
from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.answer import ANONYMOUS, How, NodeKind
from iamlint.graph.held import glob_of_entry
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
        partition = self._world.accounts.partition
        for account, text in trusted.accounts.items():
            is_open = bool(self._world.stand_ins.names(account))
            if not is_open and not is_account_id(account):
                yield self._open(text)
            elif account not in self._known:
                name = f"arn:{partition}:iam::{account}:root"
                of = ELSEWHERE if is_open else account
                yield self._made(name, member_of(name, of, partition), *_ASSUME)
        for pattern, text in trusted.arns.items():
            yield from self._of_arn(pattern, text)
        for pattern, text in trusted.providers.items():
            how = _SAML if ":saml-provider/" in pattern else _WEB
            try:
                actor = subject_of(self._world.accounts, f"Federated:{pattern}")
            except UsageError:
                continue
            yield self._made(text, actor, *how)
        for text in trusted.unknown:
            yield self._open(text)
        if trusted.is_open:
            yield self._made(ANONYMOUS, stranger(self._world.accounts), *_ASSUME)

    def _of_arn(self, pattern: str, text: str) -> Iterator[OutsiderWay]:
        arn = parse_arn(pattern)
        if arn is None or arn.account in self._known:
            return
        known = pattern
        if not is_account_id(arn.account):
            known = f"arn:{arn.partition}:{arn.service}::{ELSEWHERE}:{arn.resource}"
            known = glob_of_entry(known).replace("*", "x")
        caller = caller_of(known)
        if caller is None:
            return
        actor = foreign(text, caller)
        if is_outsider(pattern):
            note = f"policies of the account of `{text}` allow it to do so, whoever it is"
            actor = replace(actor, assumed=(note,))
        yield self._made(text, actor, *_ASSUME)

    def _open(self, text: str) -> OutsiderWay:
        """Return a principal that files leave open, of an account that no file names."""
        partition = self._world.accounts.partition
        name = f"arn:{partition}:iam::{ELSEWHERE}:root"
        return self._made(text, member_of(name, ELSEWHERE, partition), *_ASSUME)

    def _made(self, text: str, actor: Actor, how: How, action: str) -> OutsiderWay:
        name = self._world.shown(text)
        if name not in self.beings:
            self.beings[name] = Being(name, NodeKind.OUTSIDER, actor, actor)
        arn = parse_arn(text) if how is How.ASSUME_ROLE else None
        unknown = () if arn is None else self._world.stand_ins.names(arn.account)
        return OutsiderWay(self.beings[name], how, action, unknown)
