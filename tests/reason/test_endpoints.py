"""Policies of VPC endpoints count in a comparison as they do in a decision."""

from __future__ import annotations

from iamlint.catalog import Catalog
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import caller_of
from iamlint.evaluator.settings import Settings
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from iamlint.reason.world import World
from tests.reason.random_policies import compiled, policy_of

CATALOG = Catalog.open()
ALLOW = policy_of([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}])
ACCOUNT = {"AWS": "111122223333"}


def relation(old: object, new: object, *, gateway: bool | None = False) -> Relation:
    old_world, new_world = (
        World(
            Kind.IDENTITY,
            PolicySet(
                identity=(compiled(ALLOW, Kind.IDENTITY),),
                endpoint=(compiled(policy_of([one]), Kind.ENDPOINT),) if one else (),  # type: ignore[list-item]
            ),
            caller_of("arn:aws:iam::111122223333:user/bob"),
            settings=Settings(gateway_endpoint=gateway),
        )
        for one in (old, new)
    )
    return compare(old_world, new_world, CATALOG).relation


def said(principal: object, resource: str) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": resource}


def test_an_endpoint_with_a_policy_is_narrower_than_one_without() -> None:
    assert relation(None, said("*", "arn:aws:s3:::a/*")) is Relation.NARROWER


def test_a_policy_of_an_endpoint_that_names_more_is_wider() -> None:
    assert relation(said("*", "arn:aws:s3:::a/*"), said("*", "*")) is Relation.WIDER


def test_a_gateway_takes_an_account_for_its_root_user_alone() -> None:
    old, new = said(ACCOUNT, "arn:aws:s3:::a/*"), said(ACCOUNT, "*")
    assert relation(old, new, gateway=True) is Relation.EQUIVALENT
    assert relation(old, new, gateway=False) is Relation.WIDER


def test_it_is_unknown_where_it_matters_whether_an_endpoint_is_a_gateway() -> None:
    assert relation(said(ACCOUNT, "arn:aws:s3:::a/*"), said(ACCOUNT, "*"), gateway=None) is (
        Relation.UNKNOWN
    )
