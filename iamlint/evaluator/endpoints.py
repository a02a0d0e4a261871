"""Gateway endpoints, to which an account is its root user alone.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.request import CallerKind, PrincipalMatch, StatementRequest

if TYPE_CHECKING:
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.settings import Settings

_WITH_GATEWAYS: Final = frozenset({"dynamodb", "s3", "s3express"})


def is_gateway(request: Request, settings: Settings) -> bool | None:
    """Return whether a gateway sees the caller in another way; None if that is not known."""
    if request.service not in _WITH_GATEWAYS or request.caller.kind is CallerKind.ROOT:
        return False
    return settings.gateway_endpoint


def without_account(request: Request) -> StatementRequest:
    """Return a request as the statements of a gateway see it: not by the caller's account."""
    asked = StatementRequest(request)
    asked.names = {k: v for k, v in asked.names.items() if v is not PrincipalMatch.ACCOUNT}
    return asked
