"""The principals that a role's trust policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.origin import unknown_in
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import PrincipalType

if TYPE_CHECKING:
    from iamlint.account.model import Identity
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Entry, Statement


@dataclass(slots=True)
class TrustedPrincipals:
    """Who may be let in, by the texts of the policy; conditions are asked later.

    Each pattern is with its text for people. `unknown` names what may let in anybody.
    """

    arns: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    is_open: bool = False


def trusted_by(role: Identity) -> TrustedPrincipals:
    """Return what the statements of its trust policy name, except Denies."""
    found = TrustedPrincipals()
    name = f"trust policy of {role.title}"
    for policy in role.trust:
        if "Statement" in policy.source.opaque:
            found.unknown[name] = None
        for statement in policy.source.statements:
            if not statement.denies:
                _add(found, policy, statement, name)
    if not role.trust:
        found.unknown[name] = None
    return found


def _add(found: TrustedPrincipals, policy: CompiledPolicy, statement: Statement, name: str) -> None:
    found.is_open |= statement.not_principal is not None
    if "Principal" in statement.opaque and not statement.principals:
        parts = (part.text for part in unknown_in(policy.label, statement.index))
        found.unknown[next(parts, name)] = None
    for principal in statement.principals:
        entry = principal.entry
        match principal.type:
            case PrincipalType.SERVICE:
                found.services[entry.pattern] = entry.text
            case PrincipalType.FEDERATED:
                found.providers[entry.pattern] = entry.text
            case PrincipalType.AWS if entry.pattern == "*":
                found.is_open = True
            case PrincipalType.AWS:
                _add_aws(found, entry)


def _add_aws(found: TrustedPrincipals, entry: Entry) -> None:
    text = entry.pattern
    arn = parse_arn(text)
    if is_account_id(text):
        found.accounts[text] = text
    elif arn is not None and arn.resource == "root":
        found.accounts[arn.account] = entry.text
    elif arn is None and entry.known is None:
        found.unknown[entry.text] = None
    else:
        found.arns[text] = entry.text


def role_of_session(text: str) -> tuple[str, str] | None:
    """Return the account and the name of the role that an ARN of a session is of."""
    arn = parse_arn(text)
    if arn is None or arn.service != "sts" or not arn.resource.startswith("assumed-role/"):
        return None
    return arn.account, arn.resource.split("/")[1]
