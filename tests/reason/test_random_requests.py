"""Random requests never contradict what a comparison has proved.

With `IAMLINT_EXAMPLES`, ten times as many pairs are compared, with 100,000 requests.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from iamlint.account.build.managed import full_access
from iamlint.catalog import Catalog
from iamlint.evaluator.decision import evaluate
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Kind
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from tests.reason.asked import allowed_alone, contradicting, pool
from tests.reason.random_policies import changed_policy, compiled, random_policy
from tests.reason.random_worlds import policies_for, requests_in, world_pair
from tests.support.examples import NIGHTLY, seeds

if TYPE_CHECKING:
    from iamlint.evaluator.request import Request
    from iamlint.reason.world import World

CATALOG = Catalog.open()
REQUESTS = 100_000 if NIGHTLY else 1_000
KINDS = (Kind.IDENTITY, Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST)


@pytest.mark.parametrize("seed", seeds(25))
def test_no_request_contradicts_a_proof_about_a_policy(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    old = random_policy(chance, kind)
    new = (
        changed_policy(chance, old, kind) if chance.random() < 0.7 else random_policy(chance, kind)
    )
    one, other = compiled(old, kind), compiled(new, kind)
    comparison = compare(bare(one, kind), bare(other, kind), CATALOG)
    found = contradicting(
        comparison,
        pool(kind, REQUESTS, 1),
        lambda request: allowed_alone(one, request),
        lambda request: allowed_alone(other, request),
    )
    assert not found, (comparison.relation, found[0], old, new)


@pytest.mark.parametrize("seed", seeds(15))
def test_no_request_contradicts_a_proof_about_all_policies_together(seed: int) -> None:
    chance = Random(1000 + seed)  # noqa: S311 - the same in every run
    old, new, before, after = world_pair(chance)
    comparison = compare(old, new, CATALOG)
    found = contradicting(
        comparison,
        requests_in(chance, old, REQUESTS),
        lambda request: decided(old, request),
        lambda request: decided(new, request),
    )
    assert not found, (comparison.relation, found[0], old.settings, before, after)


def decided(world: World, request: Request) -> bool:
    """Return the decision; what callers hold is not known of a resource, so it is everything."""
    policies = policies_for(world, request)
    if world.caller is None:
        policies = replace(policies, identity=(full_access(Kind.IDENTITY),))
    return evaluate(request, policies, world.settings).allowed
