"""Resources with policies of their own: who owns them, and what is around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
