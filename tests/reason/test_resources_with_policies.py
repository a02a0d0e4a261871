"""Resources with policies of their own: who owns them, and what is around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import caller_of
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from iamlint.reason.world import World, bare
from tests.reason.random_policies import compiled, policy_of

if TYPE_CHECKING:
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

CATALOG = Catalog.open()
ROLE = "arn:aws:iam::111122223333:role/app"
BUCKET = "arn:aws:s3:::shelf/*"
READ: dict[str, Value] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET}
OPEN = compiled(policy_of([{**READ, "Principal": {"AWS": ROLE}}]), Kind.RESOURCE)
HOLDS = compiled(policy_of([READ]), Kind.IDENTITY)


def world(around: PolicySet, inside: PolicySet, owners: dict[str, str]) -> World:
    return World(Kind.IDENTITY, around, caller_of(ROLE), special={BUCKET: inside}, owners=owners)


def held(*policies: CompiledPolicy) -> tuple[PolicySet, PolicySet]:
    return PolicySet(identity=policies), PolicySet(identity=policies, resource=(OPEN,))


def test_bucket_of_another_account_takes_an_allow_on_both_sides() -> None:
    owners = {BUCKET: "444455556666"}
    found = compare(world(*held(), owners), world(*held(HOLDS), owners), CATALOG)

    assert found.relation is Relation.WIDER
    assert found.gained[0].witness.resource_account == "444455556666"


def test_bucket_of_the_own_account_lets_the_role_in_alone() -> None:
    found = compare(world(*held(), {}), world(*held(HOLDS), {}), CATALOG)

    assert found.relation is Relation.EQUIVALENT


def test_what_applies_around_one_resource_alone_is_compared_with_all_else() -> None:
    around = PolicySet(identity=(HOLDS,))
    found = compare(world(around, PolicySet(), {}), world(around, around, {}), CATALOG)

    assert found.relation is Relation.WIDER


def test_any_arn_of_an_action_without_facts_may_lack_an_account() -> None:
    """`kms:Encapsulate` acts on ARNs whose types the catalog does not know."""
    about: dict[str, Value] = {"Effect": "Allow", "Resource": "arn:*:kms:*:::*"}
    old, new = (
        compiled(policy_of([{**about, "Action": action}]), Kind.IDENTITY)
        for action in ("kms:DescribeKey", "kms:*")
    )
    assert not CATALOG.expand("kms:Encapsulate")[0].types_known
    assert compare(bare(old, Kind.IDENTITY), bare(new, Kind.IDENTITY), CATALOG).gained


QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
DOMAIN = "arn:aws:es:us-east-1:111122223333:domain/d"
API = "arn:aws:execute-api:us-east-1:111122223333:a1"


@pytest.mark.parametrize(
    ("resource", "old", "new", "relation"),
    [
        (QUEUE, ("sqs:SendMessage", QUEUE), ("sqs:SendMessage", "*"), "equivalent"),
        (QUEUE, ("sqs:SendMessage", QUEUE), ("sqs:SendMessage", f"{QUEUE}x"), "narrower"),
        ("arn:aws:s3:::b", ("s3:GetObject", "arn:aws:s3:::b/*"), ("s3:GetObject", "*"),
         "equivalent"),
        (DOMAIN, ("es:ESHttpGet", f"{DOMAIN}/*"), ("es:ESHttp*", f"{DOMAIN}/*"), "wider"),
        (DOMAIN, ("es:DescribeDomain", DOMAIN), ("es:DescribeDomain", f"{DOMAIN}*"), "unknown"),
        (API, ("execute-api:Invoke", "execute-api:/*/GET/*"),
         ("execute-api:Invoke", "execute-api:/*/*/*"), "wider"),
    ],
)  # fmt: skip
def test_policy_of_a_resource_is_about_it_and_what_is_in_it(
    resource: str, old: tuple[str, str], new: tuple[str, str], relation: str
) -> None:
    before, after = (
        World(
            Kind.RESOURCE,
            PolicySet(resource=(compiled(policy_of([allow(*one)]), Kind.RESOURCE),)),
            resource=resource,
            owner="111122223333",
        )
        for one in (old, new)
    )
    assert compare(before, after, CATALOG).relation == relation


def allow(action: str, resource: str) -> dict[str, Value]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}


def test_federated_user_that_a_policy_of_a_resource_names_is_let_in() -> None:
    user = "arn:aws:sts::111122223333:federated-user/eve"
    sides = [
        World(Kind.RESOURCE, PolicySet(resource=held), resource=QUEUE, owner="111122223333")
        for held in (
            (),
            (
                compiled(
                    policy_of([{**allow("sqs:SendMessage", QUEUE), "Principal": {"AWS": user}}]),
                    Kind.RESOURCE,
                ),
            ),
        )
    ]
    found = compare(sides[0], sides[1], CATALOG)
    assert [one.witness.principal for one in found.gained] == [user]
