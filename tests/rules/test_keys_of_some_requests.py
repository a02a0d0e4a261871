"""Keys that only some requests of a statement carry, and resources that are missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Finding, Severity
from iamlint.rule.rule import Example
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document

if TYPE_CHECKING:
    from iamlint.text.source import Value

RULES = (
    "action-without-condition-key",
    "condition-key-of-no-action",
    "missing-required-resource",
    "vacuous-condition",
    "unguarded-for-all-values",
)
KEY, NO_ACTION, RESOURCE, VACUOUS, SETS = RULES
TAGGED = {"StringEquals": {"aws:RequestTag/team": "shop"}}
OF_ACL = {"StringNotEquals": {"s3:x-amz-acl": "private"}}
UNBOUNDED = {"Null": {"iam:PermissionsBoundary": "true"}}
SMALL = {"StringNotEquals": {"ec2:InstanceType": "t3.micro"}}
EC2 = "arn:aws:ec2:*:*:"


def found(*statements: Value, kind: Kind = Kind.IDENTITY) -> list[tuple[str, Severity, str]]:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    rules = tuple(rule for rule in BUILTIN if rule.name in RULES)
    outcome = check_documents(
        [document(Example("", policy, kind=kind))], CheckOptions(rules, Catalog.open())
    )
    findings = [item for item in outcome if isinstance(item, Finding)]
    return sorted((one.rule, one.severity, one.message) for one in findings)


def allow(actions: Any, condition: Any = None, resources: Any = "*", effect: str = "Allow") -> Any:
    made = {"Effect": effect, "Action": actions, "Resource": resources}
    return made | {"Condition": condition} if condition else made


def deny(actions: Any, condition: Any, resources: Any = "*") -> Any:
    return allow(actions, condition, resources, "Deny")


@pytest.mark.parametrize(
    ("statement", "rule", "severity", "words"),
    [
        (allow("ec2:CreateSubnet", TAGGED), KEY, Severity.NOTE, "for `vpc`"),
        (allow("EC2:RUNINSTANCES", TAGGED), KEY, Severity.NOTE, "`subnet`"),
        (
            allow("ec2:RunInstances", TAGGED, [EC2 + "subnet/*", EC2 + "security-group/*"]),
            NO_ACTION,
            Severity.NOTE,
            "no request",
        ),
        (
            allow(
                ["dynamodb:GetItem", "s3:ListBucket"],
                {"StringLike": {"s3:prefix": "home/*"}},
                ["arn:aws:dynamodb:*:111122223333:table/cart", "arn:aws:s3:::shelf"],
            ),
            KEY,
            Severity.WARNING,
            "`dynamodb:GetItem`",
        ),
        (
            allow(["sns:Subscribe", "sns:Publish"], {"StringEquals": {"sns:Protocol": "https"}}),
            KEY,
            Severity.NOTE,
            "`sns:Publish`",
        ),
        (
            deny("s3:*", OF_ACL),
            KEY,
            Severity.WARNING,
            "of",
        ),
        (deny("*", {"StringNotEquals": {"s3:TlsVersion": "1.3"}}), KEY, Severity.WARNING, "most"),
        (
            deny(
                ["iam:CreateUser", "iam:CreateGroup"], {"Null": {"iam:PermissionsBoundary": "true"}}
            ),
            KEY,
            Severity.WARNING,
            "denies all",
        ),
        (
            deny("ec2:RunInstances", {"Null": {"aws:RequestTag/owner": "true"}}),
            KEY,
            Severity.WARNING,
            "denies all",
        ),
        (
            deny(
                "ec2:RunInstances",
                SMALL | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
            ),
            KEY,
            Severity.WARNING,
            "exempts none",
        ),
        (
            deny("ec2:RunInstances", {"BoolIfExists": {"ec2:Encrypted": "false"}}),
            KEY,
            Severity.WARNING,
            "denies all",
        ),
        (
            allow("lambda:GetFunction", {"StringNotEquals": {"aws:RequestTag/team": "shop"}}),
            VACUOUS,
            Severity.NOTE,
            "always holds",
        ),
        (
            allow("ec2:AttachVolume", resources=EC2 + "volume/*"),
            RESOURCE,
            Severity.NOTE,
            "about `instance`",
        ),
        (
            allow("kms:UpdateAlias", resources="arn:aws:kms:*:*:alias/a"),
            RESOURCE,
            Severity.NOTE,
            "about `key`",
        ),
        (
            allow("glue:GetTables", resources="arn:aws:glue:*:*:table/a/*"),
            RESOURCE,
            Severity.NOTE,
            "`database`",
        ),
        (
            allow("batch:SubmitJob", resources="arn:aws:batch:*:*:job-queue/a"),
            RESOURCE,
            Severity.NOTE,
            "`job-definition`",
        ),
    ],
)
def test_fault_is_reported_once(statement: Any, rule: str, severity: Severity, words: str) -> None:
    [(name, level, message)] = found(statement)

    assert (name, level) == (rule, severity), message
    assert words in message


@pytest.mark.parametrize(
    "statements",
    [
        [allow(["dynamodb:GetItem", "s3:ListBucket"], {"StringLike": {"s3:prefix": "a/*"}})],
        [allow(["s3:GetObject", "s3:PutObjectTagging", "sqs:TagQueue"], TAGGED)],
        [allow(["s3:ListBucket", "s3:*"], {"StringLike": {"s3:prefix": "a/*"}})],
        [allow("ec2:RunInstances", {"StringEqualsIfExists": {"ec2:InstanceType": "t3.micro"}})],
        [allow("ec2:RunInstances", TAGGED, [EC2 + "instance/*"]), allow("ec2:Run*")],
        [allow("ec2:CreateSubnet", TAGGED), allow("ec2:CreateSubnet", None, EC2 + "vpc/vpc-1")],
        [allow("ec2:CreateVolume", TAGGED)],
        [deny("ec2:RunInstances", SMALL, EC2 + "instance/*")],
        [deny("ec2:*", {"StringEquals": {"ec2:InstanceType": "p5.48xlarge"}})],
        [deny("ec2:*", {"StringNotEquals": {"ec2:Region": "eu-west-1"}})],
        [deny("kms:*", {"StringNotEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})],
        [deny(["ec2:RunInstances", "ec2:CreateVolume"], {"Bool": {"ec2:Encrypted": "false"}})],
        [deny("*", {"StringNotLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:*"}})],
        [deny("*", {"StringNotEquals": {"accounts.google.com:aud": "a"}})],
        [
            deny(
                ["glue:GetSession", "glue:CreateSession"],
                {"StringNotEquals": {"aws:RequestTag/o": "a", "aws:ResourceTag/o": "a"}},
            )
        ],
        [allow("ec2:RunInstances", resources=[EC2 + "instance/*", "${unknown}"])],
        [allow(["kms:CreateAlias", "kms:Encrypt"], resources="arn:aws:kms:*:111122223333:*")],
        [allow("ec2:AttachVolume", resources=[EC2 + "volume/*"]), allow("ec2:*")],
        [{"Effect": "Allow", "Action": "ec2:AttachVolume", "NotResource": EC2 + "volume/v"}],
    ],
)
def test_near_miss_is_not_reported(statements: list[Any]) -> None:
    assert found(*statements) == []


@pytest.mark.parametrize("kind", [Kind.SCP, Kind.BOUNDARY, Kind.RESOURCE])
def test_limit_may_name_some_of_the_resources(kind: Kind) -> None:
    assert found(allow("ec2:AttachVolume", resources=EC2 + "volume/*"), kind=kind) == []


def test_keys_of_a_type_that_one_action_does_not_list_may_be_there() -> None:
    of_vpc = {"ArnEquals": {"ec2:Vpc": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"}}

    assert found(allow("ec2:CreateNetworkInterface", of_vpc)) == []


def test_dependent_action_is_that_of_what_the_request_tags() -> None:
    tags = {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}
    [rule] = [rule for rule in BUILTIN if rule.name == "missing-dependent-action"]
    policy = json.dumps({"Statement": [allow(["kms:CreateGrant", "kms:CreateKey"], tags)]})

    options = CheckOptions((rule,), Catalog.open())
    found = list(check_documents([document(Example("", policy))], options))

    [message] = [one.message for one in found if isinstance(one, Finding)]
    assert message.startswith("requests for `kms:CreateKey` must set tags here")
    assert message.endswith("`kms:TagResource`")
