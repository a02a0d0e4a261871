"""STS: assuming a role takes the role's trust policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.request import EVERYONE, CallerKind

if TYPE_CHECKING:
    from iamlint.evaluator.request import Request

_WITH_ROLE: Final = frozenset(
    f"sts:{name}"
    for name in (
        "assumerole",
        "assumerolewithsaml",
        "assumerolewithwebidentity",
        "tagsession",
        "setsourceidentity",
        "setcontext",
    )
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_FOR_SAML: Final = _WITH_ROLE - {"sts:assumerole", "sts:assumerolewithwebidentity"}
_FOR_OIDC: Final = _WITH_ROLE - {"sts:assumerole", "sts:assumerolewithsaml"}


def needs_trust_policy(request: Request) -> bool:
    """Return whether the resource's policy is a role's trust policy."""
    if request.action.lower() not in _WITH_ROLE:
        return False
    arn = request.resource.arn
    return arn is not None and arn.service == "iam" and arn.resource.startswith("role/")


def can_call(request: Request) -> bool:
    """Return whether such a caller can call the action at all: providers only bring people in."""
    if request.caller.kind is not CallerKind.FEDERATED:
        return True
    if request.caller.name == EVERYONE:
        return request.action.lower() in _FOR_SAML | _FOR_OIDC
    is_saml = ":saml-provider/" in request.caller.name
    return request.action.lower() in (_FOR_SAML if is_saml else _FOR_OIDC)


def always_succeeds(request: Request) -> bool:
    """Return whether no policy can deny the call: any caller may get its own identity.

    A user who signs in with MFA needs no permission, and no policy controls it:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
    """
    action, kind = request.action.lower(), request.caller.kind
    if action == "sts:getsessiontoken":
        return kind in _LASTING
    return action == "sts:getcalleridentity" and kind.has_account


def refuses(request: Request) -> bool:
    """Return whether STS does not take a call to it from such credentials, whatever policies say.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    action, kind = request.action.lower(), request.caller.kind
    if kind is CallerKind.ROOT:
        return action == "sts:assumerole"
    if kind is CallerKind.FEDERATED_USER:
        return action.startswith("sts:")
    return action in _OF_LASTING and kind not in _LASTING


# What only credentials that last can get: those of users and of root users.
_OF_LASTING: Final = frozenset({"sts:getfederationtoken", "sts:getsessiontoken"})
_LASTING: Final = frozenset({CallerKind.USER, CallerKind.ROOT})
