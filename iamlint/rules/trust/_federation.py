"""Identity providers as trust policies name them, and the claims they send as condition keys."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from iamlint.catalog import is_federation_key
from iamlint.fast_dataclass import replace
from iamlint.grants.pinned import text_of
from iamlint.policy.action import parse_action
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import OperatorFamily, PrincipalType, Quantifier
from iamlint.policy.wildcard import is_wild, matches
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Condition, Entry, Principal, Statement

GITHUB: Final = "token.actions.githubusercontent.com"

ASSUME_ROLE: Final = "sts:AssumeRole"
WITH_SAML: Final = "sts:AssumeRoleWithSAML"
WITH_WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"


class ProviderKind(Enum):
    """The sort of identity provider a `Federated` principal is."""

    OIDC = "an OIDC provider"
    SAML = "a SAML provider"
    NONE = "not an identity provider"


def provider(principal: Principal) -> ProviderKind | None:
    """Return what a `Federated` principal is; None for others and for what cannot be known."""
    text = _text_of(principal.entry)
    if principal.type is not PrincipalType.FEDERATED or text is None:
        return None
    arn = parse_arn(text)
    if arn is None:
        return ProviderKind.OIDC if _is_host(text) else ProviderKind.NONE
    path = arn.resource.partition("/")
    if arn.service != "iam" or not path[2]:
        return ProviderKind.NONE
    return _BY_TYPE.get(path[0], ProviderKind.NONE)


def _text_of(entry: Entry) -> str | None:
    """Return the value if all of it is known, or enough of it to see that it is a provider's ARN."""
    if not isinstance(entry.value, Partial):
        return entry.known
    is_provider = any(isinstance(p, str) and "-provider/" in p for p in entry.value.parts)
    return text_of(entry) if is_provider else None


def _is_host(text: str) -> bool:
    """Return whether the text is a domain name, maybe with a path."""
    host = text.partition("/")[0]
    return "." in host and all(part.replace("-", "").isalnum() for part in host.split("."))


_BY_TYPE: Final = {"oidc-provider": ProviderKind.OIDC, "saml-provider": ProviderKind.SAML}


def issuer(principal: Principal) -> str | None:
    """Return host and path of an OIDC provider, as its condition keys begin, in lower case.

    None where the principal is another one, or does not say whose provider it is.
    """
    if provider(principal) is not ProviderKind.OIDC or not _names_host(principal.entry):
        return None
    host = _written(principal)
    return None if is_wild(host) else host.lower()


def _names_host(entry: Entry) -> bool:
    if not isinstance(entry.value, Partial):
        return entry.known is not None
    end = entry.value.parts[-1]
    return isinstance(end, str) and "-provider/" in end


def _written(principal: Principal) -> str:
    return (principal.text.partition("oidc-provider/")[2] or principal.text).rstrip("/")


def issuer_text(principal: Principal, host: str) -> str:
    """Return host and path of an OIDC provider as the policy spells them, to be shown."""
    return _written(principal) if issuer(principal) else host


def oidc_principals(statement: Statement) -> Iterator[tuple[Principal, str]]:
    """Yield the OIDC providers of a statement with their issuers.

    Where the statement does not say whose provider one is, its conditions may: only the tokens of
    one issuer carry the claims that they demand.
    """
    for principal in statement.principals:
        host = issuer(principal)
        if host is None and _may_be_of_any_issuer(principal):
            host = _demanded(statement)
        if host is not None:
            yield principal, host


def _may_be_of_any_issuer(principal: Principal) -> bool:
    if principal.type is not PrincipalType.FEDERATED or _names_host(principal.entry):
        return False
    return provider(principal) in (None, ProviderKind.OIDC)


def _demanded(statement: Statement) -> str | None:
    """Return the one issuer whose claims the conditions demand, if its name is known."""
    hosts = {
        host_and_claim(condition)[0]
        for condition in statement.conditions
        if is_federation_key(condition.key) and condition.needs_key
    }
    host = hosts.pop() if len(hosts) == 1 else None
    return None if host is None or "{" in host or "<" in host else host


def claims(statement: Statement, host: str) -> tuple[Condition, ...]:
    """Return the conditions on what the issuer's token says.

    One that passes without a claim is as strict as any where another demands the claim.
    """
    said = [c for c in statement.conditions if host_and_claim(c)[0] == host]
    demanded = {condition.name for condition in said if condition.needs_key}
    return tuple(_of_present(one) if one.name in demanded else one for one in said)


def _of_present(condition: Condition) -> Condition:
    """Return what a condition says of a claim that is there."""
    if condition.negated or condition.family is OperatorFamily.NULL:
        return condition
    quantifier = condition.quantifier
    if quantifier is Quantifier.ALL:
        quantifier = Quantifier.NONE
    return replace(condition, if_exists=False, quantifier=quantifier)


def claims_of_others(statement: Statement, host: str) -> tuple[Condition, ...]:
    """Return the conditions that demand a claim of another issuer: no token of `host` has it."""
    return tuple(
        condition
        for condition in statement.conditions
        if is_federation_key(condition.key)
        and host_and_claim(condition)[0] != host
        and condition.needs_key
    )


def is_of_no_token(statement: Statement, condition: Condition) -> bool:
    """Return whether the statement demands a claim that no token of its providers carries.

    `claim-of-other-issuer` reports that; what the claim must be does not matter then.
    """
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return False
    hosts = [host for _, host in oidc_principals(statement)]
    return bool(hosts) and all(condition in claims_of_others(statement, host) for host in hosts)


def host_and_claim(condition: Condition) -> tuple[str, str]:
    """Return the two parts of a key such as `accounts.google.com:aud`, in lower case."""
    host, _, claim = condition.name.rpartition(":")
    return host.rstrip("/"), claim


def knows_claims(statement: Statement) -> bool:
    """Return whether the names of all condition keys are known: none is filled in by a template."""
    if statement.has_more_conditions:
        return False
    return not any(
        "{" in condition.key or "<" in condition.key for condition in statement.conditions
    )


def is_published(host: str, catalog: Catalog) -> bool:
    """Return whether AWS publishes which claims of the issuer it passes on."""
    return bool(published_claims(host, catalog))


def published_claims(host: str, catalog: Catalog) -> frozenset[str]:
    """Return the claims that AWS says it passes on for the issuer; `sub` and such go unsaid."""
    sts = catalog.service("sts")
    keys = (key.partition(":") for key in (sts.condition_keys if sts else ()))
    return frozenset(claim for issuer, _, claim in keys if matches(_as_pattern(issuer), host))


def _as_pattern(issuer: str) -> str:
    """Return the pattern of an issuer: `token.actions.${domain}.ghe.com` means any domain."""
    return re.sub(r"\$\{[^}]*\}", "*", issuer)


def allows_action(statement: Statement, action: str) -> bool:
    """Return whether the statement is an Allow that names the action."""
    patterns = (parse_action(entry.known) for entry in statement.actions if entry.known)
    return statement.allows and any(p is not None and p.matches(action) for p in patterns)


def trusts_tokens(statement: Statement, condition: Condition) -> bool:
    """Return whether the condition is on a claim of a provider that the statement lets in."""
    host = host_and_claim(condition)[0]
    return allows_action(statement, WITH_WEB_IDENTITY) and any(
        issuer == host for _, issuer in oidc_principals(statement)
    )
