"""STS: assuming a role takes the role's trust policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluate.request import CallerKind
from iamlint.policy.arn import parse_arn

if TYPE_CHECKING:
    from iamlint.evaluate.request import Request

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
    """Tell whether the resource's policy is a role's trust policy."""
    if request.action.lower() not in _WITH_ROLE:
        return False
    arn = parse_arn(request.resource)
    return arn is not None and arn.service == "iam" and arn.resource.startswith("role/")


def can_call(request: Request) -> bool:
    """Tell whether such a caller can call the action at all: providers only bring people in."""
    if request.caller.kind is not CallerKind.FEDERATED:
        return True
    is_saml = ":saml-provider/" in request.caller.name
    return request.action.lower() in (_FOR_SAML if is_saml else _FOR_OIDC)


def always_succeeds(request: Request) -> bool:
    """Tell whether no policy can deny: everyone with credentials may ask who they are.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    return request.action.lower() == "sts:getcalleridentity" and request.caller.kind.has_account
