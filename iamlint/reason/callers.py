"""The callers that there are, at least one for each way in which policies can name a caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.request import (
    CallerKind,
    anonymous,
    caller_of,
    canonical_user,
    federated,
    service,
)
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import PrincipalType
from iamlint.reason.atoms import condition_languages, demands
from iamlint.reason.texts import ANY_TEXT, CharStep, cut, language_of
from iamlint.reason.universe import accounts_by, fresh_account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.arn import Arn
    from iamlint.reason.atoms import Demand
    from iamlint.reason.budget import Budget
    from iamlint.reason.texts import Union

_ARN: Final = "aws:principalarn"
_NAME: Final = "aws:username"
_ACCOUNT: Final = frozenset({"aws:principalaccount", "kms:calleraccount", "aws:sourceaccount"})
_SERVICE: Final = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
_FRESH_ID: Final = "0123456789abcdef" * 4
_NO_SLASH: Final = (CharStep(None, without="/"), CharStep(None, repeats=True, without="/"))


class Mentioned:
    """The principals that statements name, and their conditions on callers."""

    def __init__(self, statements: Sequence[CompiledStatement], budget: Budget) -> None:
        self.texts: dict[PrincipalType, dict[str, None]] = {}
        for statement in statements:
            principals = statement.source.principal or statement.source.not_principal
            for one in principals.entries if principals else ():
                if one.entry.known not in (None, "*"):
                    self.texts.setdefault(one.type, {})[one.entry.known or ""] = None
        asked = [demand for statement in statements for demand in demands(statement)]
        self.arns = [demand for demand in asked if demand.name == _ARN]
        self.names = [demand for demand in asked if demand.name == _NAME]
        self.services = list(_known(d for d in asked if d.name in _SERVICE))
        patterns = [*_known(d for d in asked if d.name in _ACCOUNT)]
        patterns += (text.split(":")[4] for text in _known(self.arns) if text.count(":") > 4)  # noqa: PLR2004
        patterns += (_account_of(text) for text in self.of(PrincipalType.AWS))
        self.accounts = [one for one in accounts_by(patterns, budget) if is_account_id(one)]

    def of(self, type_: PrincipalType) -> list[str]:
        return list(self.texts.get(type_, ()))


def _known(given: Iterable[Demand]) -> Iterator[str]:
    for demand in given:
        yield from (entry.known for entry in demand.condition.values if entry.known)


def _account_of(principal: str) -> str:
    arn = parse_arn(principal)
    return arn.account if arn is not None else principal if is_account_id(principal) else ""


def users_and_roles(
    named: Mentioned, partition: str, accounts: Iterable[str], budget: Budget
) -> Iterator[Caller]:
    """Yield roles and users of accounts."""
    mentioned = named.of(PrincipalType.AWS)
    roles = {(r.account, r.resource_name): str(r) for r in map(_role, mentioned) if r}
    sessions = list(_sessions(mentioned, partition))
    in_sessions = {(one.account, one.name) for one in sessions}
    for account in accounts:
        for kind in ("role", "user"):
            start = f"arn:{partition}:iam::{account}:{kind}/"
            own = [text for text in mentioned if text.startswith(start)]
            for arn in dict.fromkeys((*_arns(start, named, own, budget), *own)):
                caller = caller_of(arn)
                if caller is None:
                    continue
                written = roles.get((account, caller.name)) if kind == "role" else None
                # A name is unique in its account, so a role has the path that a policy writes.
                of_session = kind == "role" and (account, caller.name) in in_sessions
                if written in (None, arn) and not of_session:
                    yield caller
    yield from sessions


def _role(text: str) -> Arn | None:
    arn = parse_arn(text)
    return arn if arn is not None and arn.resource.startswith("role/") else None


def _arns(start: str, named: Mentioned, own: Sequence[str], budget: Budget) -> Iterator[str]:
    """Yield ARNs, one for each way in which conditions can take those that begin so."""
    if not named.arns and not named.names:
        yield f"{start}x"
        return
    unions: list[Union] = [condition_languages(demand) for demand in named.arns]
    for demand in (*named.arns, *named.names):
        unions += [(one.language,) for one in demand.open if one.language is not None]
    head = language_of((start,))
    for demand in named.names if ":user/" in start else ():
        unions.append(
            tuple(
                (*head, *path, *language)
                for language in condition_languages(demand)
                for path in ((), (CharStep(None, repeats=True), CharStep("/")))
            )
        )
    unions += [(language_of((text,)),) for text in own]
    universe = ((*head, *_NO_SLASH), (*head, *ANY_TEXT, CharStep("/"), *_NO_SLASH))
    for part in cut(universe, [one for one in unions if one], budget):
        yield part.text


def _sessions(mentioned: Iterable[str], partition: str) -> Iterator[Caller]:
    """Yield the sessions that policies name, and another session of each of their roles."""
    for text in mentioned:
        arn = parse_arn(text)
        if arn is None or arn.service != "sts":
            continue
        caller = caller_of(text)
        if caller is None:
            continue
        yield caller
        if caller.kind is CallerKind.ROLE:
            role = f"arn:{partition}:sts::{caller.account}:assumed-role/{caller.name}"
            other = caller_of(f"{role}/{caller.session}x")
            if other is not None:
                yield other


def others(named: Mentioned, partition: str, accounts: Sequence[str]) -> Iterator[Caller]:
    """Yield callers that are neither users nor roles: root users, services, anybody."""
    yield anonymous()
    yield from roots(partition, accounts)
    hosts = dict.fromkeys((*named.of(PrincipalType.SERVICE), *named.services))
    for host in (*hosts, "example.amazonaws.com"):
        yield service(host)
    home = accounts[0]
    kinds = ("saml-provider", "oidc-provider")
    fresh = [f"arn:{partition}:iam::{home}:{kind}/x" for kind in kinds]
    for provider in (*named.of(PrincipalType.FEDERATED), *fresh):
        yield federated(provider)
    for identifier in (*named.of(PrincipalType.CANONICAL_USER), _FRESH_ID):
        yield canonical_user(identifier)


def roots(partition: str, accounts: Iterable[str]) -> Iterator[Caller]:
    """Yield the root users of accounts."""
    for account in accounts:
        root = caller_of(f"arn:{partition}:iam::{account}:root")
        if root is not None:
            yield root


def federated_users(
    named: Mentioned, partition: str, accounts: Iterable[str], budget: Budget
) -> Iterator[Caller]:
    """Yield the federated users of accounts, who have what their user has.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    for account in accounts:
        start = f"arn:{partition}:sts::{account}:federated-user/"
        for arn in _arns(start, named, (), budget):
            caller = caller_of(arn)
            if caller is not None:
                yield caller


def outside(named: Mentioned, home: str) -> str:
    """Return an account that no policy names."""
    return fresh_account((*named.accounts, home))
