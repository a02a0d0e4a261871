"""The principals that a role's trust policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import PrincipalType

if TYPE_CHECKING:
    from iamlint.account.model import Identity
    from iamlint.policy.model import Statement


@dataclass(slots=True)
class TrustedPrincipals:
    """Who may be let in, by the texts of the policy; conditions are asked later."""

    arns: dict[str, None] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    services: dict[str, None] = field(default_factory=dict)
    providers: dict[str, None] = field(default_factory=dict)
    is_open: bool = False


def trusted_by(role: Identity) -> TrustedPrincipals:
    """Return what the Allow statements of its trust policy name."""
    found = TrustedPrincipals()
    for policy in role.trust:
        for statement in policy.source.statements:
            if statement.allows:
                _add(found, statement)
    return found


def _add(found: TrustedPrincipals, statement: Statement) -> None:
    found.is_open |= statement.not_principal is not None
    for principal in statement.principals:
        text = principal.entry.pattern
        match principal.type:
            case PrincipalType.SERVICE:
                found.services[text] = None
            case PrincipalType.FEDERATED:
                found.providers[text] = None
            case PrincipalType.AWS if text == "*":
                found.is_open = True
            case PrincipalType.AWS:
                _add_aws(found, text)


def _add_aws(found: TrustedPrincipals, text: str) -> None:
    arn = parse_arn(text)
    if is_account_id(text):
        found.accounts[text] = None
    elif arn is not None and arn.resource == "root":
        found.accounts[arn.account] = None
    else:
        found.arns[text] = None
