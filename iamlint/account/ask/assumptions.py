"""What an answer takes for granted, because no file says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.applicable import (
    can_have_policy,
    endpoint_of,
    is_about_trust,
    needs_resource_policy,
)
from iamlint.account.ask.region import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.applicable import ApplicablePolicies
    from iamlint.account.ask.principal import Actor
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.request import Request

_REGION: Final = "aws:requestedregion"


def assumptions(
    around: ApplicablePolicies, subject: Actor, request: Request, policies: PolicySet
) -> Iterator[str]:
    """Yield the assumptions that could matter."""
    accounts = around.accounts
    if not subject.account_known:
        yield "no `account` is configured: principal and resource are in one account"
    for folder, number in accounts.apart.items():
        policies_of = "1 policy is" if number == 1 else f"{number} policies are"
        yield f"`{folder}` has its own configuration: its {policies_of} of another account"
    if accounts.account_said is not None:
        yield (
            f"no `account` is configured: it is `{accounts.account}`, because "
            f"{accounts.account_said}"
        )
    known = accounts.resource_at(request.resource.text)
    if known is not None and known.open:
        yield f"`{known.arn}` has no other statements than those known here"
    yield from _placed(around, subject, request)
    region = request.resource.region
    for policy in policies.every():
        if around.regional.is_taken(policy) and policy.about(request.action.lower()):
            yield f"the unknown region in `{policy.label}` is `{region}`"
    derived = request.context.values.get(_REGION)
    if derived and derived == region and mentions(policies, request.action, _REGION):
        yield f"the request goes to the region of the resource, `{derived}`"
    endpoint = endpoint_of(request)
    if endpoint and not around.endpoint(endpoint).is_known:
        yield f"the policy of `{endpoint}` is the default one, which allows everything"
    limits = accounts.limits_of(subject.account)
    is_bound = subject.caller.kind.has_account and not limits.is_management
    if accounts.organization and policies.scp is None and is_bound:
        yield f"no SCP of `{accounts.organization}` denies this: none is known here"


def _placed(around: ApplicablePolicies, subject: Actor, request: Request) -> Iterator[str]:
    """Yield the assumptions about the policies on a resource."""
    arn = request.resource.text
    if is_about_trust(request.action):
        roles = around.trusting(subject, request.resource)
        arn_ = request.resource.arn
        if len(roles) == 1 and arn_ is not None and around.accounts.at(arn_) is None:
            yield f"`{arn}` is assumed to be `{roles[0].title}`"
        return
    if request.resource.is_everything:
        return
    placed = around.placed(arn)
    if placed.taken is not None and can_have_policy(request.action):
        yield placed.taken
    elif (
        not placed.is_known
        and can_have_policy(request.action)
        and not needs_resource_policy(request)
    ):
        more = "other " if placed.policies else ""
        yield f"`{arn}` has no {more}resource policy"
