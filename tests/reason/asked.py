"""Many random requests, and what they say about a comparison."""

from __future__ import annotations

from functools import cache, partial
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from iamlint.account.build.managed import full_access
from iamlint.catalog import Catalog
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.request import StatementRequest
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Kind
from iamlint.policy.truth import Truth
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from tests.reason.random_policies import (
    beside_full,
    changed_policy,
    compiled,
    random_policy,
    random_request,
)
from tests.reason.random_worlds import policies_for, requests_in, world_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.reason.answer import Comparison, Relation
    from iamlint.reason.world import World

YES = Truth.YES
CATALOG = Catalog.open()
KINDS = (Kind.IDENTITY, Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST)
POLICIES, WORLDS = 350, 150
"""Pairs of policies, and of worlds, that `make nightly` compares; `make test` takes the first."""


@cache
def pool(kind: Kind, count: int, seed: int) -> tuple[Request, ...]:
    """Return random requests, made once for many pairs of policies."""
    chance = Random(seed)  # noqa: S311 - the same in every run
    return tuple(random_request(chance, kind) for _ in range(count))


def allowed_alone(policy: CompiledPolicy, request: Request) -> bool:
    """Return whether an Allow of a policy applies to a request and no Deny does."""
    asked = StatementRequest(request)
    effects = [
        statement.may_deny
        for statement, truth in policy.about(asked.action)
        if truth is YES
        and statement.names_resource(asked) is YES
        and any(sure is YES for sure, _ in statement.names_caller(asked))
        and statement.conditions_hold(asked.context) is YES
    ]
    return bool(effects) and not any(effects)


class Tried(NamedTuple):
    """A pair, what was proved of it, the requests that contradict it, and those that were allowed.

    No request is asked if nothing was proved: `asked` is then 0.
    """

    kind: Kind
    relation: Relation
    asked: int
    allowed: int
    contradicting: list[Request]
    pair: object


def tried(
    comparison: Comparison,
    requests: Iterable[Request],
    sides: tuple[Callable[[Request], bool], Callable[[Request], bool]],
    kind: Kind,
    pair: object,
) -> Tried:
    """Ask both sides of a comparison about requests, if it has proved anything."""
    no_gains = not comparison.gained and not comparison.is_gain_open
    no_losses = not comparison.lost and all(one.of_gains for one in comparison.open)
    asked = allowed = 0
    found = []
    for request in requests if no_gains or no_losses else ():
        before, after = (side(request) for side in sides)
        asked, allowed = asked + 1, allowed + (before or after)
        if (no_gains and after and not before) or (no_losses and before and not after):
            found.append(request)
    return Tried(kind, comparison.relation, asked, allowed, found, pair)


def try_policies(seed: int, requests: int) -> Tried:
    """Compare two random policies, and ask both about random requests."""
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    old = random_policy(chance, kind)
    is_changed = chance.random() < 0.7
    new = changed_policy(chance, old, kind) if is_changed else random_policy(chance, kind)
    before, after = (bare(compiled(policy, kind), kind) for policy in (old, new))
    comparison = compare(before, after, CATALOG)
    one, other = (compiled(policy, kind) for policy in beside_full(old, new, kind))
    return tried(
        comparison,
        pool(kind, requests, 1),
        (partial(allowed_alone, one), partial(allowed_alone, other)),
        kind,
        (old, new),
    )


def try_worlds(seed: int, requests: int) -> Tried:
    """Compare all policies around a principal or a resource, and ask about random requests."""
    chance = Random(1000 + seed)  # noqa: S311 - the same in every run
    old, new, before, after = world_pair(chance)
    return tried(
        compare(old, new, CATALOG),
        requests_in(chance, old, requests),
        (decisions(old), decisions(new)),
        old.kind,
        (old.settings, before, after),
    )


def decisions(world: World) -> Callable[[Request], bool]:
    """Return what decides requests; what callers hold is not known of a resource: everything."""
    if world.caller is None:
        everything = (full_access(Kind.IDENTITY),)
        world = replace(world, policies=replace(world.policies, identity=everything))
    return lambda request: evaluate(request, policies_for(world, request), world.settings).allowed
