from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.overlay import ACTION_HINTS
from tests.support import facts


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("s3:ListBuckets", ("s3:ListAllMyBuckets",)),
        ("S3:listobjectsV2", ("s3:ListBucket",)),
        ("lambda:GetLayerVersionByArn", ("lambda:GetLayerVersion",)),
        ("iam:PasRole", ("iam:PassRole",)),
        ("se3:GetObject", ("s3:GetObject",)),
        ("dynamdb:PutItem", ("dynamodb:PutItem",)),
        ("s3:Zzzzzz", ()),
        ("qqqq:GetObject", ()),
        ("", ()),
    ],
)
def test_an_action_may_have_been_meant(
    catalog: Catalog, name: str, expected: tuple[str, ...]
) -> None:
    assert catalog.close_actions(name, 1) == expected


def test_every_hint_replaces_a_name_that_is_no_action_by_one_that_is(catalog: Catalog) -> None:
    for wrong, right in ACTION_HINTS.items():
        assert not catalog.accepts_action(wrong), wrong
        assert facts.action(catalog, right).full_name == right


def test_no_more_is_suggested_than_asked_for(catalog: Catalog) -> None:
    assert len(catalog.close_actions("s3:GetObjectt", 2)) == 2


def test_a_service_may_have_been_meant(catalog: Catalog) -> None:
    assert catalog.close_services("dynamdb", 1) == ("dynamodb",)
    assert catalog.close_services("Lamda", 1) == ("lambda",)
    assert catalog.close_services("qqqqqq") == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("s3:prefx", "s3:prefix"),
        ("aws:PrincipalOrg", "aws:PrincipalOrgID"),
        ("aws:SourceIP4", "aws:SourceIp"),
        ("aws:ResourceTag", "aws:ResourceTag/${TagKey}"),
        ("aws:ResourceTag/", "aws:ResourceTag/${TagKey}"),
        ("ec2:ResourceTag", "ec2:ResourceTag/${TagKey}"),
    ],
)
def test_a_key_may_have_been_meant(catalog: Catalog, key: str, expected: str) -> None:
    assert catalog.close_keys(key)[0] == expected


def test_nothing_is_like_a_key_of_no_service(catalog: Catalog) -> None:
    assert catalog.close_keys("nope:prefix") == ()
    assert catalog.close_keys("prefix") == ()
