"""The tables of values say what AWS documents, of keys that it has; each key has one row."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.model import KeyType
from iamlint.catalog.values.described import KeyValues, advice_on
from iamlint.catalog.values.identities import ENDINGS, IDENTITIES, OF_ARNS
from iamlint.catalog.values.lookup import values_of
from iamlint.catalog.values.resources import EXCLUSIONS
from iamlint.catalog.values.sources import SOURCES, foreign_to, name_of_service
from iamlint.catalog.values.words import WORDS
from iamlint.policy.text_shape import shape_of

CATALOG = Catalog.open()
ROWS = (*IDENTITIES, *WORDS)
KEYS = [key for row in ROWS for key in row.keys.split()]
AWS = re.compile(r"https://docs\.aws\.amazon\.com/\S+")


def test_each_key_has_one_row() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []
    assert [key for key in KEYS if key != key.lower()] == []


@pytest.mark.parametrize("key", KEYS)
def test_key_is_one_of_text_that_aws_has(key: str) -> None:
    found = CATALOG.condition_key(key)

    assert found is not None
    assert found.type in (KeyType.STRING, KeyType.ARN)
    assert "${" not in found.name


@pytest.mark.parametrize("row", [*ROWS, *ENDINGS.values(), OF_ARNS], ids=lambda row: row.keys)
def test_row_has_a_page_and_takes_its_own_values(row: KeyValues) -> None:
    assert AWS.fullmatch(row.source)
    assert row.words or row.advice
    assert [word for word in row.words.split() if row.fault(word) is not None] == []
    assert row.fault("*") is None
    assert row.fault("?*") is None
    assert row.fault("not a value: of AWS ") is not None


def test_sources_and_excluded_resources_have_pages_and_services_of_the_catalog() -> None:
    assert [row.source for row in SOURCES.values() if not AWS.fullmatch(row.source)] == []
    owners = {owner for row in SOURCES.values() for owner in row.owners}
    assert {name for name in {*owners, *EXCLUSIONS} if not CATALOG.has_arn_service(name)} == set()


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("aws:userid", ["AROAEXAMPLE:*", "*:ann", "AIDAEXAMPLE", "111122223333", "111122223333:x"]),
        (
            "aws:PrincipalArn",
            ["arn:aws:iam::111122223333:user/a/b", "arn:aws:iam::*:root", "*:role/x"],
        ),
        (
            "aws:PrincipalArn",
            ["arn:aws:sts::111122223333:federated-user/ann", "arn:*:iam::*:role/*"],
        ),
        (
            "aws:ResourceOrgPaths",
            ["o-a1b2c3d4e5/r-ab12/", "o-a1b2c3d4e5/*", "*/ou-ab12-11111111/*"],
        ),
        ("aws:SourceArn", ["arn:aws:s3:::shelf", "arn:aws:s3:*:*:shelf", "arn:aws:sns:*"]),
        (
            "kms:ViaService",
            ["s3.eu-west-1.amazonaws.com", "*.amazonaws.com", "rds.us-gov-west-1.*"],
        ),
        ("iam:PassedToService", ["pods.eks.amazonaws.com", "ec2.*", "ec2.amazonaws.com.cn"]),
        ("ec2:CreateAction", ["RunInstances", "Create*"]),
        ("lambda:VpcIds", ["vpc-0123456789abcdef0", "vpc-*"]),
        ("kms:CallerAccount", ["111122223333"]),
        ("lambda:FunctionArn", ["arn:aws:lambda:*:*:function:x", "arn:aws:lambda:*"]),
    ],
)
def test_value_or_pattern_of_the_documented_form_has_no_fault(key: str, values: list[str]) -> None:
    row = values_of(key, CATALOG)

    assert row is not None
    assert [value for value in values if row.fault(value) is not None] == []


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("aws:userid", ["AROAEXAMPLE", "AIDAEXAMPLE:ann", "ann"]),
        ("aws:username", ["arn:aws:iam::111122223333:user/ann", "team/ann"]),
        (
            "aws:PrincipalArn",
            ["arn:aws:iam::111122223333:instance-profile/x", "111122223333", "admin"],
        ),
        (
            "aws:PrincipalArn",
            ["arn:aws:iam::*:group/x", "arn:aws:iam::*:role//x", "arn:aws:s3:::b"],
        ),
        ("aws:PrincipalArn", ["arn:aws:iam::*:role/aws-reserved/AWSReservedSSO_Admin_*"]),
        ("aws:SourceOrgPaths", ["o-a1b2c3d4e5", "r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12"]),
        ("aws:SourceOrgID", ["111122223333", "o-A1B2C3D4E5", "r-ab12", "ou-ab12-11111111"]),
        ("aws:SourceArn", ["arn:aws:iam::111122223333:role/x", "arn:aws:s3:::shelf/new/*"]),
        ("kms:ViaService", ["eu-west-1.s3.amazonaws.com", "s3", "*.s3.amazonaws.com"]),
        ("kms:ResourceAliases", ["arn:aws:kms:eu-west-1:111122223333:alias/x", "x"]),
        ("iam:PassedToService", ["lambda", "Lambda.amazonaws.com"]),
        ("elasticloadbalancing:CreateAction", ["elasticloadbalancing:CreateRule"]),
        ("lambda:VpcIds", ["subnet-0123456789abcdef0", "shop"]),
        ("lambda:FunctionArn", ["shop", "arn:aws:lambda"]),
        ("sns:Protocol", ["HTTPS", "mail"]),
    ],
)
def test_value_of_another_form_has_a_fault(key: str, values: list[str]) -> None:
    row = values_of(key, CATALOG)

    assert row is not None
    assert [value for value in values if row.fault(value) is None] == []


@pytest.mark.parametrize(
    "key",
    [
        "aws:RequestTag/account",
        "aws:PrincipalTag/VpcId",
        "kms:EncryptionContext:account",
        "id.example.com:account",
        "ecr:AccountSetting",
        "x:VpcId",
    ],
)
def test_key_whose_values_anyone_may_choose_has_no_row(key: str) -> None:
    assert values_of(key, CATALOG) is None


def test_services_are_known_without_region_and_suffix() -> None:
    names = ["logs.eu-west-1.amazonaws.com", "s3.amazonaws.com.cn", "delivery.logs.amazonaws.com"]

    assert [name_of_service(name) for name in names] == ["logs", "s3", "delivery.logs"]


def test_source_is_foreign_only_where_all_services_are_known() -> None:
    queue = "arn:aws:sqs:eu-west-1:111122223333:jobs"
    sns, new = "sns.amazonaws.com", "brand-new.amazonaws.com"

    assert foreign_to([sns], queue, of_role=False) == "arn:aws:sns:REGION:ACCOUNT:TOPIC"
    assert foreign_to([sns, new], queue, of_role=False) is None
    assert foreign_to([], queue, of_role=False) is None
    assert foreign_to([sns], "arn:aws:*:*:111122223333:*", of_role=False) is None
    assert foreign_to(["apigateway.amazonaws.com"], queue, of_role=True) is None


def test_shapes_are_read_whole() -> None:
    shapes = {shape for row in ROWS for shape in row.shapes}

    assert [shape for shape in shapes if shape_of(shape).meets(shape)] == []
    assert advice_on(EXCLUSIONS["ssm"], "arn:aws:ssm:*:*:parameter//x") is not None
    assert advice_on(EXCLUSIONS["ssm"], "arn:aws:ssm:*:*:parameter/x//y") is None
