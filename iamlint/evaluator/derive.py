"""The context keys that AWS itself evaluates from the principal and the resource.

Each key with when it is there, and absent where AWS leaves it out:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.context import Missing
from iamlint.evaluator.request import OWNED_BY_AWS, CallerKind
from iamlint.fast_dataclass import dataclass
from iamlint.policy.callers import (
    BY_SERVICE,
    OF_CREDENTIALS,
    OF_PRINCIPALS,
    OF_SERVICES,
    OF_THE_ANONYMOUS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller, Request


@dataclass(frozen=True, slots=True)
class Membership:
    """An organization and the paths of an account in it."""

    organization: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The facts that are not in the request; None for an unknown one.

    `unique_id` is the `AIDA…` or `AROA…` of the user or role. The organizations are those of the
    caller's and of the resource's account.
    """

    unique_id: str | None = None
    principal_tags: Mapping[str, str] | None = None
    resource_tags: Mapping[str, str] | None = None
    principal_membership: Membership | None = None
    resource_membership: Membership | None = None


_NOTHING: Final = Surroundings()
_ABSENT: Final = Missing.ABSENT

_PRINCIPAL_TYPES: Final = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ROLE: "AssumedRole",
}


def derive_context(request: Request, known: Surroundings = _NOTHING) -> dict[str, ContextValue]:
    """Return the keys AWS adds to a request, `ABSENT` for those it surely leaves out.

    Keys are spelt as on AWS's page, tag keys as given.
    """
    return derive_from_caller(request.caller, known) | derive_from_resource(request, known)


def derive_from_caller(caller: Caller, known: Surroundings = _NOTHING) -> dict[str, ContextValue]:
    """Return those of the keys AWS adds that any request of the caller has, or lacks."""
    has_account = caller.kind.has_account
    found = _of_principal(caller, known) if has_account else _without_principal(caller)
    if caller.kind is CallerKind.SERVICE:
        found["aws:PrincipalServiceName"] = caller.name
        found["aws:PrincipalServiceNamesList"] = (caller.name,)
    else:
        found |= dict.fromkeys(OF_SERVICES, _ABSENT)
    return found


def _without_principal(caller: Caller) -> dict[str, ContextValue]:
    """Return the keys of services and of callers without an account: not the principal's.

    The values for a service of the keys that every request carries are not documented: left out.
    """
    if caller.kind is CallerKind.CANONICAL_USER:  # any principal of an account, by S3's own id
        return {"aws:PrincipalIsAWSService": "false"}
    found: dict[str, ContextValue] = dict.fromkeys(OF_PRINCIPALS, _ABSENT)
    if caller.kind is CallerKind.ANONYMOUS:
        absent = dict.fromkeys((*OF_CREDENTIALS, BY_SERVICE), _ABSENT)
        return found | absent | OF_THE_ANONYMOUS
    is_service = caller.kind is CallerKind.SERVICE
    found["aws:PrincipalIsAWSService"] = "true" if is_service else "false"
    return found


def _of_principal(caller: Caller, known: Surroundings) -> dict[str, ContextValue]:
    found: dict[str, ContextValue] = {
        "aws:PrincipalArn": caller.principal_arn or _ABSENT,
        "aws:PrincipalAccount": caller.account or _ABSENT,
        "aws:PrincipalType": _PRINCIPAL_TYPES[caller.kind],
        "aws:PrincipalIsAWSService": "false",
        # Only users have one; sessions of roles and root users do not.
        "aws:username": caller.name if caller.kind is CallerKind.USER else _ABSENT,
    }
    user_id = _user_id(caller, known.unique_id)
    if user_id is not None:
        found["aws:userid"] = user_id
    if known.principal_membership is not None:
        found["aws:PrincipalOrgID"] = known.principal_membership.organization
        found["aws:PrincipalOrgPaths"] = known.principal_membership.paths
    for key, value in (known.principal_tags or {}).items():
        found[f"aws:PrincipalTag/{key}"] = value
    return found


def _user_id(caller: Caller, unique_id: str | None) -> str | None:
    """Return `aws:userid`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable."""
    if caller.kind is CallerKind.ROOT:
        return caller.account
    if caller.kind is CallerKind.FEDERATED_USER:
        return f"{caller.account}:{caller.name}"
    if unique_id is None or caller.kind is CallerKind.USER:
        return unique_id
    return f"{unique_id}:{caller.session}" if caller.session is not None else None


def derive_from_resource(
    request: Request, known: Surroundings = _NOTHING
) -> dict[str, ContextValue]:
    """Return those of the keys AWS adds that depend on the resource and its service."""
    found: dict[str, ContextValue] = {}
    owner = request.owner
    if not request.resource.is_everything and owner not in (None, OWNED_BY_AWS):
        found["aws:ResourceAccount"] = owner
        if request.service == "s3":
            found["s3:ResourceAccount"] = owner
    if request.service == "kms" and request.caller.account is not None:
        found["kms:CallerAccount"] = request.caller.account
    if known.resource_membership is not None and not request.resource.is_everything:
        found["aws:ResourceOrgID"] = known.resource_membership.organization
        found["aws:ResourceOrgPaths"] = known.resource_membership.paths
    for key, value in (known.resource_tags or {}).items():
        found[f"aws:ResourceTag/{key}"] = value
    return found


def complete(
    given: Mapping[str, ContextValue], derived: Mapping[str, ContextValue]
) -> dict[str, ContextValue]:
    """Return the given keys and the derived ones; a given key is not replaced."""
    found = {name.lower(): value for name, value in derived.items()}
    found.update({name.lower(): value for name, value in given.items()})
    return found
