"""The audience of an Allow that names everyone: everyone, or only those its conditions let in.

A condition lets in a known set of callers when each of its values pins one: an account, an
organization, a network, a service's call for a known owner. AWS's own reading of "public":
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog.overlay import CREDENTIAL_KEYS
from iamlint.fast_dataclass import replace
from iamlint.grants import pinned
from iamlint.grants.everyone import names_everyone
from iamlint.grants.grants import (
    Truth,
    denials,
    restricts,
    statement_covers_resource,
    statement_grants,
)
from iamlint.policy.callers import OF_SERVICES
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.steps import spend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Principal, Statement


class Audience(IntEnum):
    """Who can meet a statement, from the fewest to the most."""

    NOBODY = 0
    NAMED = 1  # the principals the statement names
    SERVICES = 2  # AWS services that call for a known account or resource
    ACCOUNTS = 3
    ORGANIZATION = 4
    NETWORK = 5  # whoever comes from known networks
    EVERYONE = 6


def audience(statement: Statement, policy: Policy) -> Audience:
    """Return who can meet an Allow, after its conditions and the Denies beside it.

    Errs towards fewer: an unknown value counts as a restriction.
    """
    if not names_everyone(statement):
        return Audience.NAMED
    if _is_denied_whole(statement, policy):
        return Audience.NOBODY
    limits = [*_limits(statement), *_left_by_denies(statement, policy)]
    if statement.has_more_conditions:
        return Audience.NAMED
    return min(limits, default=Audience.EVERYONE)


def spared_by_star(statement: Statement) -> Iterator[Principal]:
    """Yield each `*` by which a Deny with `NotPrincipal` spares everyone."""
    principals = statement.not_principal if statement.denies else None
    return (one for one in (principals.entries if principals else ()) if one.is_everyone)


def limits_of(statement: Statement) -> tuple[tuple[Condition, Audience], ...]:
    """Return the conditions that let in a known set of callers only, and which."""
    present = {condition.name for condition in statement.conditions if condition.needs_key}
    found = []
    for condition in statement.conditions:
        limit = _limit(_as_required(condition) if condition.name in present else condition)
        if limit is not None and _counts_for(condition, statement):
            found.append((condition, limit))
    return tuple(found)


def is_closed_to_services(condition: Condition) -> bool:
    """Return whether no AWS service meets the condition: its requests never carry the key.

    A service principal belongs to no account or organization, so nothing describes it but its name:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
    Operators that pass without the key, and `Null`, do not count.
    """
    if not condition.needs_key or condition.family is OperatorFamily.NULL:
        return False
    return (
        is_of_credentials(condition.key)
        or condition.name in OF_CALLERS
        or condition.name.startswith("aws:principaltag/")
    )


def is_of_credentials(key: str) -> bool:
    """Return whether the key comes with credentials that a service hands out, to whoever has them.

    `lambda:SourceFunctionArn` is in the requests that a function makes with its role, and not in
    the one with which Lambda assumes the role:
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    """
    return key.lower() in CREDENTIAL_KEYS


def is_by_service(condition: Condition) -> bool:
    """Return whether only requests that services of AWS make themselves meet the condition."""
    return condition.needs_key and condition.name in _SERVICES_ONLY


def _limits(statement: Statement) -> Iterator[Audience]:
    for _, limit in limits_of(statement):
        yield limit


def _limit(condition: Condition) -> Audience | None:
    """Return the audience of a condition; None when outsiders can meet it."""
    audience_of, pins = _KEYS.get(condition.name, _NO_KEY)
    if pins is None or not restricts(condition):
        return None
    literal = condition.operator is not None and not condition.operator.wildcards
    if condition.family is OperatorFamily.STRING and literal:
        pins = _LITERAL.get(pins, pins)
    return audience_of if all(map(pins, condition.values)) else None


def _as_required(condition: Condition) -> Condition:
    """Return the condition as it works where another one demands the key."""
    if condition.family is OperatorFamily.NULL:
        return condition
    return replace(condition, if_exists=False, quantifier=Quantifier.NONE)


def _counts_for(condition: Condition, statement: Statement) -> bool:
    """Return whether all that the statement allows sends the key, where only some actions do."""
    wanted = _ACTIONS_OF_KEY.get(condition.name)
    if wanted is None:
        return True
    return bool(statement.actions) and all(e.text.lower() in wanted for e in statement.actions)


def _left_by_denies(statement: Statement, policy: Policy) -> Iterator[Audience]:
    for deny in denials(policy).all:
        spend(1)
        spared = _spared_by(deny)
        if spared is not None and covers(deny, statement):
            yield spared


def _spared_by(deny: Statement) -> Audience | None:
    """Return the audience that a Deny of everyone excepts; None if it has strangers."""
    if deny.not_principal is not None:
        return None if deny.conditions else Audience.NAMED
    if not any(principal.is_everyone for principal in deny.principals):
        return None
    if deny.has_more_conditions:
        return Audience.NAMED
    spared = [_spared(condition) for condition in deny.conditions]
    known = [one for one in spared if one is not None]
    return max(known) if known and len(known) == len(spared) else None


def _spared(condition: Condition) -> Audience | None:
    """Return the audience that a condition of a Deny excepts; None if it may have outsiders."""
    if condition.name in _BY_SERVICES and condition.family is OperatorFamily.BOOL:
        values = [entry.text.lower() for entry in condition.values]
        return Audience.SERVICES if values == ["false"] else None
    operator = condition.operator
    if operator is None or not condition.negated or condition.quantifier is Quantifier.ANY:
        return None
    return _limit(_as_required(replace(condition, operator=operator.opposite)))


def covers(deny: Statement, allow: Statement) -> bool:
    """Return whether a Deny is about all that an Allow is about."""
    actions = [entry.text for entry in allow.actions] or ["*"]
    resources = [entry.pattern for entry in allow.resources] or ["*"]
    return all(statement_grants(deny, action) is Truth.YES for action in actions) and all(
        statement_covers_resource(deny, resource) is Truth.YES for resource in resources
    )


def _is_denied_whole(statement: Statement, policy: Policy) -> bool:
    actions = [entry.text for entry in statement.actions] or ["*"]
    resources = [entry.pattern for entry in statement.resources] or ["*"]
    return denials(policy).cover_all(actions, resources)


_Pins: TypeAlias = Callable[["pinned.Entry"], bool]

_NO_KEY: Final[tuple[Audience, _Pins | None]] = (Audience.EVERYONE, None)
# Keys that are not sure to identify a caller are left out, such as aws:userid.
OF_CALLERS: Final = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:username",
    }
)
_SERVICES_ONLY: Final = frozenset(map(str.lower, OF_SERVICES))
_BY_SERVICES: Final = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# Left out, since any stranger can meet them: aws:SecureTransport, aws:Referer, aws:UserAgent,
# aws:PrincipalTag, aws:PrincipalType, aws:username, aws:CalledVia, aws:ViaAWSService, MFA and time
# keys, aws:ResourceTag, kms:ViaService, kms:EncryptionContext, sts:ExternalId (a shared secret).
_KEYS: Final[Mapping[str, tuple[Audience, _Pins | None]]] = {
    "aws:principalaccount": (Audience.ACCOUNTS, pinned.is_id),
    "aws:principalarn": (Audience.ACCOUNTS, pinned.is_arn),
    "aws:userid": (Audience.ACCOUNTS, pinned.is_user_id),
    "aws:federatedprovider": (Audience.ACCOUNTS, pinned.is_arn),
    "kms:calleraccount": (Audience.ACCOUNTS, pinned.is_id),
    "s3:dataaccesspointaccount": (Audience.ACCOUNTS, pinned.is_id),
    "s3:dataaccesspointarn": (Audience.ACCOUNTS, pinned.is_arn),
    "s3express:dataaccesspointaccount": (Audience.ACCOUNTS, pinned.is_id),
    "s3express:dataaccesspointarn": (Audience.ACCOUNTS, pinned.is_arn),
    "s3-outposts:dataaccesspointaccount": (Audience.ACCOUNTS, pinned.is_id),
    "s3-outposts:dataaccesspointarn": (Audience.ACCOUNTS, pinned.is_arn),
    "elasticfilesystem:accesspointarn": (Audience.ACCOUNTS, pinned.is_arn),
    "sns:endpoint": (Audience.ACCOUNTS, pinned.is_endpoint),
    "aws:principalorgid": (Audience.ORGANIZATION, pinned.is_id),
    "aws:principalorgpaths": (Audience.ORGANIZATION, pinned.is_path),
    "aws:sourcearn": (Audience.SERVICES, pinned.is_arn),
    "aws:sourceaccount": (Audience.SERVICES, pinned.is_id),
    "aws:sourceowner": (Audience.SERVICES, pinned.is_id),
    "aws:sourceorgid": (Audience.SERVICES, pinned.is_id),
    "aws:sourceorgpaths": (Audience.SERVICES, pinned.is_path),
    "aws:principalservicename": (Audience.SERVICES, pinned.is_id),
    "aws:principalservicenameslist": (Audience.SERVICES, pinned.is_id),
    "lambda:eventsourcetoken": (Audience.SERVICES, pinned.is_id),
    "aws:sourcevpc": (Audience.NETWORK, pinned.is_id),
    "aws:sourcevpce": (Audience.NETWORK, pinned.is_id),
    "aws:sourcevpcarn": (Audience.NETWORK, pinned.is_arn),
    "aws:vpceaccount": (Audience.NETWORK, pinned.is_id),
    "aws:vpceorgid": (Audience.NETWORK, pinned.is_id),
    "aws:vpceorgpaths": (Audience.NETWORK, pinned.is_path),
    "aws:ec2instancesourcevpc": (Audience.NETWORK, pinned.is_id),
    "aws:sourceip": (Audience.NETWORK, pinned.is_range),
    "aws:resourceaccount": (Audience.ACCOUNTS, pinned.is_callers),
    "aws:resourceorgid": (Audience.ORGANIZATION, pinned.is_callers),
    "elasticfilesystem:accessedviamounttarget": (Audience.NETWORK, pinned.is_true),
    "vpc-lattice-svcs:sourcevpc": (Audience.NETWORK, pinned.is_id),
    "vpc-lattice-svcs:sourcevpcowneraccount": (Audience.NETWORK, pinned.is_id),
}

_LITERAL: Final[Mapping[_Pins, _Pins]] = {
    pinned.is_id: pinned.is_literal,
    pinned.is_path: pinned.is_literal,
    pinned.is_user_id: pinned.is_literal,
    pinned.is_arn: pinned.is_literal,
}
"""Where wildcards are plain characters, a value with one pins too: it matches no caller."""

# sns:Endpoint is sent with a subscription only:
# https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
_ACTIONS_OF_KEY: Final = {"sns:endpoint": frozenset({"sns:subscribe", "sns:receive"})}
