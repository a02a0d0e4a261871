"""Every request that shows a difference is confirmed, and `iamlint simulate` takes it as it is."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.services import kms, sts
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from iamlint.simulate.scenario import simulate
from tests.reason.random_policies import (
    beside_full,
    changed_policy,
    compiled,
    policy_of,
    random_policy,
)
from tests.reason.random_worlds import INSIDE, Written, world_pair
from tests.support.examples import seeds

if TYPE_CHECKING:
    from iamlint.evaluator.settings import Settings
    from iamlint.reason.answer import Witness

CATALOG = Catalog.open()
KINDS = (Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST)
ALL = policy_of([{"Effect": "Allow", "Action": "*", "Resource": "*"}])
Json = dict[str, Any]


def asked(witness: Witness) -> Json:
    """Return a witness as the request of a scenario."""
    return {
        "principal": witness.principal,
        "action": witness.action,
        "resource": witness.resource,
        "resource_account": witness.resource_account,
        "context": {
            key: v if isinstance(v, str) else list(v) for key, v in witness.context.items()
        },
    }


def decision(witness: Witness, policies: Json, settings: Json | None = None) -> str:
    answer = simulate({"request": asked(witness), "policies": policies, "settings": settings or {}})
    assert not answer["errors"], answer
    return str(answer["decision"])


def beside(policy: Json, kind: Kind, witness: Witness) -> Json:
    """Return a policy with what the other side needs, so that this policy decides."""
    principal = str(witness.principal)
    caller = caller_of(principal) if isinstance(witness.principal, str) else None
    about = RequestedResource.of(witness.resource)
    if kind is not Kind.IDENTITY:
        is_foreign = caller is not None and caller.account != witness.resource_account
        return {"identity": [ALL] if is_foreign else [], "resource": [policy]}
    assert caller is not None
    request = Request(caller, witness.action, about, witness.resource_account)
    is_trust = sts.needs_trust_policy(request)
    if not (request.crosses_accounts or is_trust or kms.needs_key_policy(request)):
        return {"identity": [policy]}
    whole: Json = {"Effect": "Allow", "Principal": {"AWS": caller.account}, "Action": "*"}
    whole |= {} if is_trust else {"Resource": "*"}
    return {"identity": [policy], "resource": [policy_of([whole])]}


@pytest.mark.parametrize("seed", seeds(20, 400))
def test_simulate_confirms_the_differences_of_policies(seed: int) -> None:
    chance = Random(5000 + seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    old = random_policy(chance, kind)
    new = changed_policy(chance, old, kind)
    one, other = (bare(compiled(policy, kind), kind) for policy in (old, new))
    comparison = compare(one, other, CATALOG)
    old, new = beside_full(old, new, kind)
    sides = ((comparison.gained, new, old), (comparison.lost, old, new))
    for differences, allowing, denying in sides:
        for witness in (difference.witness for difference in differences):
            assert decision(witness, beside(allowing, kind, witness)) == "allowed", witness
            assert decision(witness, beside(denying, kind, witness)).endswith("denied"), witness


def as_scenario(written: Written, witness: Witness) -> Json:
    """Return the policies around a witness, as scenarios have them."""
    found: Json = {}
    for name, policies in sorted(written.items()):
        word, _, level = name.partition(".")
        if word == "special":
            continue
        if level:
            found.setdefault(word, []).append(policies)
        else:
            found[word] = policies
    for pattern, name in zip(INSIDE, ("special", "special.1"), strict=True):
        start = pattern.removesuffix("*")
        is_in = witness.resource.startswith(start) if "*" in pattern else witness.resource == start
        if is_in and name in written:
            found["resource"] = written[name]
    return found


def settings_of(settings: Settings) -> Json:
    return {
        "rcp_default_allow": settings.rcp_default_allow,
        "service_settings": {
            "s3": {"block_public_access": settings.block_public_access},
            "ec2": {"gateway_endpoint": settings.gateway_endpoint},
        },
    }


@pytest.mark.parametrize("seed", seeds(4, 80))
def test_simulate_confirms_the_differences_of_all_policies_together(seed: int) -> None:
    chance = Random(7000 + seed)  # noqa: S311 - the same in every run
    old, new, before, after = world_pair(chance)
    comparison = compare(old, new, CATALOG)
    settings = settings_of(old.settings)
    sides = ((comparison.gained, after, before), (comparison.lost, before, after))
    for differences, allowing, denying in sides:
        for witness in (difference.witness for difference in differences):
            allowed, denied = (as_scenario(one, witness) for one in (allowing, denying))
            # What callers hold is not known of a resource: all, or nothing.
            held: list[Json] = [{}] if old.caller else [{"identity": [ALL]}, {}]
            shown = [
                (
                    decision(witness, {**allowed, **h}, settings),
                    decision(witness, {**denied, **h}, settings),
                )
                for h in held
            ]
            assert any(a == "allowed" and b.endswith("denied") for a, b in shown), (witness, shown)
