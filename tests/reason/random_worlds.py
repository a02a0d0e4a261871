"""Random worlds: policies of all kinds around one principal or one resource, and requests there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import caller_of
from iamlint.evaluator.settings import DEFAULTS, Settings
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.policy.wildcard import matches
from iamlint.reason.world import World
from tests.reason.random_policies import (
    CALLERS,
    changed_policy,
    compiled,
    policy_of,
    random_caller,
    random_policy,
    random_statement,
    request_of,
    with_context,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

HOME = "111122223333"
BUCKET = "arn:aws:s3:::ab"
INSIDE = (f"{BUCKET}/*", BUCKET)
Written = dict[str, "list[dict[str, Value]]"]
"""Policies by what they are used as; `scp.0` is the first level of SCPs."""

_EVERYTHING: dict[str, Value] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_KINDS = {
    "identity": Kind.IDENTITY, "resource": Kind.RESOURCE, "boundary": Kind.BOUNDARY,
    "session": Kind.SESSION, "scp": Kind.SCP, "rcp": Kind.RCP, "endpoint": Kind.ENDPOINT,
    "special": Kind.RESOURCE,
}  # fmt: skip
_LIMITS = ("boundary", "session", "scp.0", "scp.1", "rcp.0", "endpoint")


def _kind(name: str) -> Kind:
    return _KINDS[name.partition(".")[0]]


def _as_written(kind: Kind) -> Kind:
    """Return the kind whose policies have the same elements."""
    named = (Kind.RESOURCE, Kind.ENDPOINT)
    return Kind.RESOURCE if kind in named else Kind.IDENTITY


def _limit(random: Random, kind: Kind) -> dict[str, Value]:
    """Return a policy that limits, which most often allows much."""
    policy = random_policy(random, _as_written(kind))
    statements: list[dict[str, Value]] = [dict(s) for s in policy["Statement"]]  # type: ignore[union-attr, arg-type]
    if random.random() < 0.7:
        statements.append(dict(_EVERYTHING))
    if kind is Kind.RCP:
        statements = [{**one, "Effect": "Deny"} for one in statements[:1]]
    if kind in (Kind.RCP, Kind.ENDPOINT):
        statements = [
            {"Principal": "*", **{k: v for k, v in one.items() if k != "NotPrincipal"}}
            for one in statements
        ]
    return policy_of(statements)


def written(random: Random, kind: Kind) -> Written:
    """Return policies around a principal, or a resource, as they are written."""
    own = "identity" if kind is Kind.IDENTITY else "resource"
    found: Written = {own: [random_policy(random, _kind(own)) for _ in range(random.randint(1, 2))]}
    if kind is Kind.IDENTITY:
        for name in random.sample(_LIMITS, random.randint(0, 3)):
            found[name] = [_limit(random, _kind(name))]
        for name in ("special", "special.1"):
            if random.random() < 0.5:
                found[name] = [random_policy(random, Kind.RESOURCE)]
    elif random.random() < 0.4:
        found["rcp.0"] = [_limit(random, Kind.RCP)]
    return found


def changed(random: Random, policies: Written, kind: Kind) -> Written:
    found = {name: list(held) for name, held in policies.items()}
    for _ in range(random.randint(1, 2)):
        name = random.choice(list(found))
        match random.randrange(8):
            case 0 if name not in ("identity", "resource"):
                del found[name]
            case 1 if kind is Kind.IDENTITY:
                new = random.choice(_LIMITS)
                found[new] = [_limit(random, _kind(new))]
            case 2 if found[name]:
                extra = random_statement(random, _as_written(_kind(name)))
                extra["Effect"] = "Deny"
                held: list[Value] = [*found[name][0]["Statement"], extra]  # type: ignore[misc]
                if _kind(name) in (Kind.RCP, Kind.ENDPOINT):
                    extra.pop("NotPrincipal", None)
                    extra["Principal"] = "*"
                found[name][0] = policy_of(held)  # type: ignore[arg-type]
            case _ if _kind(name) not in (Kind.RCP, Kind.ENDPOINT):
                as_written = _as_written(_kind(name))
                found[name] = [changed_policy(random, one, as_written) for one in found[name]]
    return found


def _compiled(policies: Written, name: str) -> tuple[CompiledPolicy, ...]:
    return tuple(compiled(one, _kind(name)) for one in policies.get(name, ()))


def _levels(policies: Written, kind: str) -> tuple[tuple[CompiledPolicy, ...], ...] | None:
    names = [name for name in sorted(policies) if name.partition(".")[0] == kind]
    return tuple(_compiled(policies, name) for name in names) if names else None


def world(policies: Written, kind: Kind, caller: str, settings: Settings = DEFAULTS) -> World:
    """Return the world of policies around a caller, or around a bucket."""
    of_set = PolicySet(
        **{
            name: _compiled(policies, name)
            for name in ("identity", "resource", "boundary", "session", "endpoint")
        },
        scp=_levels(policies, "scp"),
        rcp=_levels(policies, "rcp"),
    )
    if kind is Kind.RESOURCE:
        return World(kind, of_set, resource=BUCKET, owner=HOME, settings=settings)
    special = {
        pattern: replace(of_set, resource=_compiled(policies, name))
        for pattern, name in zip(INSIDE, ("special", "special.1"), strict=True)
        if name in policies
    }
    return World(kind, of_set, caller_of(caller), special=special, settings=settings)


def world_pair(random: Random) -> tuple[World, World, Written, Written]:
    """Return two worlds of one unit, and the policies of both."""
    kind = random.choice((Kind.IDENTITY, Kind.IDENTITY, Kind.RESOURCE))
    caller = random.choice(CALLERS[:7])
    settings = Settings(
        rcp_default_allow=random.random() < 0.8,
        block_public_access=random.random() < 0.2,
        gateway_endpoint=random.random() < 0.3,
    )
    before = written(random, kind)
    after = changed(random, before, kind) if random.random() < 0.8 else written(random, kind)
    old, new = (world(one, kind, caller, settings) for one in (before, after))
    return (*_aligned(old, new), before, after)


def _aligned(old: World, new: World) -> tuple[World, World]:
    """Return both with the same resources that have policies of their own."""
    patterns = [one for one in INSIDE if one in old.special or one in new.special]
    bare = [{p: one.special.get(p, one.policies) for p in patterns} for one in (old, new)]
    return replace(old, special=bare[0]), replace(new, special=bare[1])


def policies_for(world: World, request: Request) -> PolicySet:
    """Return the policies of a world that apply to a request."""
    text = request.resource.text
    found = (policies for pattern, policies in world.special.items() if matches(pattern, text))
    return next(found, world.policies)


def requests_in(random: Random, world: World, count: int) -> Iterator[Request]:
    """Yield random requests in a world: of its caller, or about its bucket."""
    for _ in range(count):
        caller = world.caller or random_caller(random, Kind.RESOURCE)
        request = request_of(random, caller)
        if world.caller is not None:
            yield with_context(random, request)
            continue
        text = random.choice((BUCKET, f"{BUCKET}/x", f"{BUCKET}/x/y", f"{BUCKET}/bob/f"))
        actions = ("s3:ListBucket",) if text == BUCKET else ("s3:GetObject", "s3:PutObject")
        about = RequestedResource.of(text)
        request = replace(
            request, action=random.choice(actions), resource=about, resource_account=HOME
        )
        yield with_context(random, request)
