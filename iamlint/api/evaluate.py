"""Decides a request for a script, as `iamlint simulate` does."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog
from iamlint.errors import UsageError
from iamlint.evaluator import decision
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.services.sts import needs_trust_policy
from iamlint.evaluator.settings import Settings
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.simulate.input import ScenarioReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Policy


def build_request(
    principal: str | Mapping[str, object],
    action: str,
    resource: str = "*",
    *,
    context: Mapping[str, object] | None = None,
    resource_account: str | None = None,
    role_path: str = "/",
) -> Request:
    """Return a request; a context key that is not given, and that AWS does not add, is absent.

    The principal is an ARN, an account id, a service host, or an object such as
    `{"Anonymous": True}`. `role_path` is the path of the role of a session, which its ARN omits.
    """
    reader = ScenarioReader(rcp_services=None)
    reader.settings({"principal_role_path": role_path})
    request = reader.request(
        {
            "principal": principal,
            "action": action,
            "resource": resource,
            "resource_account": resource_account,
            "context": context,
        }
    )
    if request is None or reader.errors:
        first, *more = reader.errors
        raise UsageError(first, more=tuple(more))
    return request


def evaluate(
    request: Request,
    policies: Iterable[Policy],
    *,
    scp: Iterable[Iterable[Policy]] | None = None,
    rcp: Iterable[Iterable[Policy]] | None = None,
) -> Decision:
    """Return the decision on a request as AWS takes it; each policy applies as its kind says.

    `scp` and `rcp` are levels from the root of the organization to the account; None if the account
    is in no organization. Raises `UsageError` for policies that AWS rejects.
    """
    by_kind: dict[Kind, list[CompiledPolicy]] = {kind: [] for kind in Kind}
    for policy in policies:
        by_kind[policy.kind].append(_compiled(policy))
    _refuse_misplaced(request, by_kind)
    applied = PolicySet(
        identity=tuple(by_kind[Kind.IDENTITY]),
        resource=(*by_kind[Kind.RESOURCE], *by_kind[Kind.TRUST]),
        boundary=tuple(by_kind[Kind.BOUNDARY]),
        session=tuple(by_kind[Kind.SESSION]),
        scp=_levels(scp, Kind.SCP),
        rcp=_levels(rcp, Kind.RCP),
        endpoint=tuple(by_kind[Kind.ENDPOINT]),
    )
    settings = Settings() if rcp is None else Settings(rcp_services=_rcp_services())
    return decision.evaluate(request, applied, settings)


def _refuse_misplaced(request: Request, by_kind: Mapping[Kind, list[CompiledPolicy]]) -> None:
    """Raise for policies that cannot apply to the request, or not in this way."""
    for kind in (Kind.SCP, Kind.RCP):
        if by_kind[kind]:
            raise UsageError(
                f"policies of kind `{kind}` have levels",
                help=f"pass them as `{kind}=`, a list of levels from the root to the account",
            )
    if len(by_kind[Kind.BOUNDARY]) > 1:
        raise UsageError("a principal has at most one boundary")
    wanted, other = Kind.RESOURCE, Kind.TRUST
    if needs_trust_policy(request):
        wanted, other = other, wanted
    if by_kind[other]:
        raise UsageError(
            f"`{request.action}` on `{request.resource}` cannot have a policy of kind `{other}`",
            help=f"the policy of this resource is of kind `{wanted}`",
        )


def _levels(levels: Iterable[Iterable[Policy]] | None, kind: Kind) -> Levels | None:
    if levels is None:
        return None
    found = tuple(tuple(map(_compiled, level)) for level in levels)
    for policy in (policy for level in found for policy in level):
        if policy.kind is not kind:
            raise UsageError(f"a policy of kind `{policy.kind}` is not of kind `{kind}`")
    return found


def _compiled(policy: Policy) -> CompiledPolicy:
    """Return a policy ready for requests; raise for one that AWS rejects."""
    for problem in policy.problems:
        if not problem.is_accepted(policy.kind):
            message = f"a policy of kind `{policy.kind}` is not valid: {problem.message}"
            raise UsageError(message, help=problem.help)
    return compile_policy(policy, policy)


@cache
def _rcp_services() -> frozenset[str]:
    return Catalog.open().rcp_services()
