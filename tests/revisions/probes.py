"""A comparison by some requests alone: it proves nothing, and needs no method."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from iamlint.account.build.managed import full_access
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.deciding import Deciding
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import derive_context
from iamlint.evaluator.request import Request, anonymous, caller_of
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Effect, Kind
from iamlint.policy.requested import RequestedResource
from iamlint.policy.wildcard import matches
from iamlint.reason.answer import Comparison, Difference, Open, Witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.evaluator.request import Caller
    from iamlint.reason.world import World

ACTIONS = {
    "s3:GetObject": ("arn:aws:s3:::data/x", "arn:aws:s3:::logs/x"),
    "s3:PutObject": ("arn:aws:s3:::data/x", "arn:aws:s3:::logs/x"),
    "s3:DeleteBucket": ("arn:aws:s3:::data",),
    "sqs:SendMessage": ("arn:aws:sqs:eu-west-1:111122223333:jobs",),
    "sts:AssumeRole": (
        "arn:aws:iam::111122223333:role/admin",
        "arn:aws:iam::999999999999:role/admin",
    ),
    "iam:CreateUser": ("arn:aws:iam::111122223333:user/new",),
}
MFA = "aws:multifactorauthpresent"
ME = "arn:aws:iam::111122223333:role/anyone"
STRANGERS = ("arn:aws:iam::999999999999:role/stranger", "ec2.amazonaws.com")


def compare(old: World, new: World, catalog: Catalog, *, budget: int) -> Comparison:  # noqa: ARG001
    """Compare two worlds by a few requests."""
    gained, lost, open_ = [], [], []
    for request in requests(new if new.caller else old):
        was, is_ = decided(old, request), decided(new, request)
        if was is is_:
            continue
        if Verdict.UNDETERMINED in (was, is_):
            open_.append(Open(f"{request.action} is {was} and {is_}"))
        elif is_ is Verdict.ALLOWED:
            gained.append(shown(request))
        elif was is Verdict.ALLOWED:
            lost.append(shown(request))
    return Comparison(tuple(gained), tuple(lost), tuple(open_))


def requests(world: World) -> Iterator[Request]:
    """Yield the requests that are asked in a world."""
    for caller, (action, resources), mfa in product(callers(world), ACTIONS.items(), (0, 1)):
        named = (world.resource,) if world.resource and ":role/" in world.resource else resources
        for resource in named:
            request = Request(caller, action, RequestedResource.of(resource), world.owner)
            values = {key.lower(): value for key, value in derive_context(request).items()}
            values[MFA] = "true" if mfa else Missing.ABSENT
            yield Request(caller, action, request.resource, world.owner, Context(values))


def callers(world: World) -> Iterator[Caller]:
    if world.caller is not None:
        yield world.caller
    elif world.kind in (Kind.RESOURCE, Kind.TRUST):
        yield anonymous()
        yield from (found for one in STRANGERS if (found := caller_of(one)) is not None)
    elif (found := caller_of(ME)) is not None:
        yield found


def decided(world: World, request: Request) -> Verdict:
    inside = (s for p, s in world.special.items() if matches(p, request.resource.text))
    policies = next(inside, world.policies)
    if world.kind in (Kind.RESOURCE, Kind.TRUST):  # what their own accounts say is not asked
        policies = replace(policies, identity=(full_access(Kind.IDENTITY),))
    found = evaluate(request, policies, world.settings).verdict
    is_no = found in (Verdict.IMPLICITLY_DENIED, Verdict.EXPLICITLY_DENIED)
    return Verdict.IMPLICITLY_DENIED if is_no else found


def shown(request: Request) -> Difference:
    caller = request.caller
    who = caller.arn or caller.principal_arn or caller.name or "*"
    witness = Witness(who, request.action, request.resource.text)
    nothing = Deciding(Kind.IDENTITY, 0, 0, None, Effect.ALLOW)
    return Difference((request.action,), (request.resource.text,), witness, (nothing,))
