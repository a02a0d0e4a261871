from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import (
    AccessLevel,
    Action,
    Catalog,
    ConditionKey,
    KeyType,
    ResourceType,
    ResourceUse,
    is_federation_key,
)
from iamlint.catalog.location import BUNDLED
from iamlint.errors import ReadError
from tests.support import facts

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files read since the test began."""
    names: list[str] = []
    read = Path.read_bytes

    def counting(path: Path) -> bytes:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    return names


def names(actions: Iterable[Action]) -> list[str]:
    return [action.full_name for action in actions]


# Laziness


def test_a_policy_that_names_three_services_reads_three_files(opened: list[str]) -> None:
    catalog = Catalog.open(BUNDLED)
    assert opened == ["index.json"]
    for pattern in ("s3:Get*", "iam:PassRole", "SQS:*", "s3:PutObject"):
        catalog.expand(pattern)
        catalog.matches_any(pattern)
        catalog.action(pattern)
    assert opened == ["index.json", "s3.json", "iam.json", "sqs.json"]


def test_global_keys_need_no_service_file(opened: list[str]) -> None:
    catalog = Catalog.open(BUNDLED)
    catalog.condition_key("aws:PrincipalTag/team")
    catalog.condition_key("aws:NoSuchKey")
    assert opened == ["index.json"]


def test_a_name_that_is_no_service_opens_no_file(opened: list[str]) -> None:
    catalog = Catalog.open(BUNDLED)
    assert catalog.action("../../etc/passwd:x") is None
    assert catalog.service("index") is None
    assert catalog.condition_key("../index:x") == ConditionKey(
        "../index:x", KeyType.STRING, multivalued=False
    )
    assert opened == ["index.json", "sts.json"]


def test_a_missing_catalog_is_an_error_that_helps(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        Catalog.open(tmp_path)
    assert "index.json" in caught.value.message
    assert "IAMLINT_CATALOG" in str(caught.value.help)


# Services


@pytest.mark.parametrize("prefix", ["s3", "S3", "execute-api", "deepracer", "Zocalo", "builderid"])
def test_services_and_unlisted_services_are_known_in_any_case(
    catalog: Catalog, prefix: str
) -> None:
    assert catalog.has_service(prefix)
    assert prefix.lower() in catalog.services()


@pytest.mark.parametrize("prefix", ["se3", "", "aws", "catalog", "elastic-inference", "*"])
def test_other_names_are_no_services(catalog: Catalog, prefix: str) -> None:
    assert not catalog.has_service(prefix)
    assert catalog.service(prefix) is None


def test_nothing_but_its_name_is_known_of_an_unlisted_service(catalog: Catalog) -> None:
    assert catalog.service("deepracer") is None


def test_some_services_support_resource_control_policies(catalog: Catalog) -> None:
    assert {"s3", "sts", "kms", "sqs", "secretsmanager"} <= catalog.rcp_services()
    assert not {"ec2", "iam"} & catalog.rcp_services()


# Actions


def test_an_action_is_found_in_any_case_and_spelled_as_aws_does(catalog: Catalog) -> None:
    assert catalog.action("IAM:passrole") == Action(
        service="iam",
        name="PassRole",
        access_level=AccessLevel.WRITE,
        resource_types=(ResourceUse("role", required=True),),
        condition_keys=("iam:AssociatedResourceArn", "iam:PassedToService"),
    )
    assert facts.action(catalog, "iam:passrole").full_name == "iam:PassRole"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("s3:ListBucket", AccessLevel.LIST),
        ("s3:GetObject", AccessLevel.READ),
        ("s3:PutObject", AccessLevel.WRITE),
        ("s3:PutObjectTagging", AccessLevel.TAGGING),
        ("s3:PutBucketPolicy", AccessLevel.PERMISSIONS),
    ],
)
def test_an_action_has_one_access_level(catalog: Catalog, name: str, level: AccessLevel) -> None:
    assert facts.action(catalog, name).access_level is level


def test_an_action_without_resource_types_takes_only_the_wildcard(catalog: Catalog) -> None:
    assert facts.action(catalog, "s3:ListAllMyBuckets").wildcard_only
    assert not facts.action(catalog, "s3:GetObject").wildcard_only


def test_required_resource_types_come_first(catalog: Catalog) -> None:
    uses = facts.action(catalog, "ec2:RunInstances").resource_types
    assert [use.required for use in uses] == sorted((u.required for u in uses), reverse=True)
    assert {"instance", "image", "subnet"} <= {use.name for use in uses if use.required}


@pytest.mark.parametrize(
    "name", ["s3:ListObjects", "s3", "s3:", ":GetObject", "", "nope:GetObject", "s3:Get*"]
)
def test_other_names_are_no_actions(catalog: Catalog, name: str) -> None:
    assert catalog.action(name) is None
    assert not catalog.accepts_action(name)


@pytest.mark.parametrize(
    "name",
    [
        "s3:getobject",
        "deepracer:GetTrack",
        "zocalo:DescribeDocuments",
        "securityagent:ListControls",
        "mediaconnect:ManagedDescribeFlow",
        "mediaconnect:ManagedAddOutput",
        "mediaconnect:ManagedRemoveOutput",
        "apigateway:TagResource",
        "apigateway:UntagResource",
        "sagemaker-unified-studio-mcp:CallReadOnlyTool",
        "Route53-recovery-control-config:DescribeRoutingControlByName",
    ],
)
def test_actions_the_reference_lacks_are_accepted(catalog: Catalog, name: str) -> None:
    assert catalog.accepts_action(name)
    assert catalog.matches_any(name)


def test_a_typo_in_a_service_with_dropped_actions_is_still_seen(catalog: Catalog) -> None:
    assert not catalog.accepts_action("securityagent:ListControlz")
    assert not catalog.matches_any("securityagent:ListControlz*")
    assert not catalog.accepts_action("mediaconnect:ManagedDescribeFlows")


# Patterns


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("sqs:Rec*", ["sqs:ReceiveMessage"]),
        ("SQS:?eceiveMESSAGE", ["sqs:ReceiveMessage"]),
        ("sqs:*Queue", ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:PurgeQueue", "sqs:TagQueue"]),
        ("sqs:S*M*e", ["sqs:SendMessage"]),
        ("sqs:ReceiveMessage", ["sqs:ReceiveMessage"]),
        ("sqs:Receive", []),
        ("sqs:ReceiveMessages*?", []),
        ("sqs", []),
        ("nope:*", []),
        ("sqs: ReceiveMessage", []),
        ("deepracer:*", []),
    ],
)
def test_a_pattern_names_actions(catalog: Catalog, pattern: str, expected: list[str]) -> None:
    found = [name for name in names(catalog.expand(pattern)) if name != "sqs:UntagQueue"]
    assert found == expected


def test_a_pattern_is_expanded_once(catalog: Catalog) -> None:
    assert catalog.expand("s3:Get*") is catalog.expand("s3:Get*")


@pytest.mark.parametrize("pattern", ["*", "s?s:*", "s3:*e*t*", "ec2:*", "*:*Policy", "S3*:Get*"])
def test_expanding_agrees_with_matching_every_action_by_regex(
    catalog: Catalog, pattern: str
) -> None:
    service, _, name = (pattern if ":" in pattern else "*:*").partition(":")
    regex = re.compile(
        f"{service}:{name}".replace("*", "[^:]*").replace("?", "[^:]"), re.IGNORECASE
    )
    everything = names(catalog.expand("*:*"))
    expected = [one for one in everything if regex.fullmatch(one)]
    assert names(catalog.expand(pattern)) == expected
    assert expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("s3:*", True),
        ("s3:Get*", True),
        ("code*:List*", True),
        ("*:GetObject", True),
        ("deep*:Fly", True),
        ("s3:Fly*", False),
        ("code*:Fly*", False),
        ("nope:*", False),
        ("s3", False),
        ("", False),
    ],
)
def test_a_pattern_may_name_nothing(catalog: Catalog, pattern: str, *, expected: bool) -> None:
    assert catalog.matches_any(pattern) is expected


# Resource types


def test_a_resource_type_has_arn_templates(catalog: Catalog) -> None:
    assert facts.service(catalog, "s3").resource_types["bucket"] == ResourceType(
        service="s3",
        name="bucket",
        arns=("arn:${Partition}:s3:::${BucketName}",),
        condition_keys=facts.service(catalog, "s3").resource_types["bucket"].condition_keys,
    )


def test_arns_of_one_service_may_belong_to_several(catalog: Catalog) -> None:
    owners = {type_.service for type_ in catalog.arn_types("EC2")}
    assert {"ebs", "ec2", "ssm"} <= owners
    assert {type_.service for type_ in catalog.arn_types("catalog")} == {"servicecatalog"}
    assert {type_.service for type_ in catalog.arn_types("sqs")} == {"sqs"}
    assert catalog.arn_types("nope") == ()


@pytest.mark.parametrize("name", ["s3", "catalog", "route53-recovery-control", "deeplens", "Tag"])
def test_arns_may_name_services_and_a_few_more(catalog: Catalog, name: str) -> None:
    assert catalog.has_arn_service(name)


@pytest.mark.parametrize("name", ["elastic-inference", "se3", "", "aws"])
def test_arns_may_not_name_others(catalog: Catalog, name: str) -> None:
    assert not catalog.has_arn_service(name)


# Condition keys


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("s3:Prefix", ConditionKey("s3:prefix", KeyType.STRING, multivalued=False)),
        ("s3:max-keys", ConditionKey("s3:max-keys", KeyType.NUMERIC, multivalued=False)),
        ("aws:sourceip", ConditionKey("aws:SourceIp", KeyType.IP, multivalued=False)),
        ("aws:TagKeys", ConditionKey("aws:TagKeys", KeyType.STRING, multivalued=True)),
        ("aws:CalledVia", ConditionKey("aws:CalledVia", KeyType.STRING, multivalued=True)),
        ("aws:CalledViaLast", ConditionKey("aws:CalledViaLast", KeyType.STRING, multivalued=False)),
        ("aws:ViaAWSService", ConditionKey("aws:ViaAWSService", KeyType.BOOL, multivalued=False)),
        ("aws:PrincipalArn", ConditionKey("aws:PrincipalArn", KeyType.ARN, multivalued=False)),
        (
            "aws:RequestTag/team/a b",
            ConditionKey("aws:RequestTag/${TagKey}", KeyType.STRING, multivalued=False),
        ),
        (
            "ec2:resourcetag/x",
            ConditionKey("ec2:ResourceTag/${TagKey}", KeyType.STRING, multivalued=False),
        ),
        (
            "kms:EncryptionContext:aws:s3:arn",
            ConditionKey(
                "kms:EncryptionContext:${EncryptionContextKey}", KeyType.STRING, multivalued=False
            ),
        ),
        ("events:source", ConditionKey("events:source", KeyType.STRING, multivalued=True)),
        (
            "codebuild:secondarySources/a.insecureSsl",
            ConditionKey(
                "codebuild:secondarySources/${sourceIdentifier}.insecureSsl",
                KeyType.BOOL,
                multivalued=False,
            ),
        ),
        (
            "s3:ExistingObjectTag/x",
            ConditionKey("s3:ExistingObjectTag/${TagKey}", KeyType.STRING, multivalued=False),
        ),
        (
            "iot:Connection.Thing.IsAttached",
            ConditionKey("iot:Connection.Thing.IsAttached", KeyType.BOOL, multivalued=False),
        ),
        (
            "secretsmanager:ResourceTag/x",
            ConditionKey("secretsmanager:ResourceTag/${TagKey}", KeyType.STRING, multivalued=False),
        ),
        (
            "ec2:SourceInstanceArn",
            ConditionKey("ec2:SourceInstanceARN", KeyType.ARN, multivalued=False),
        ),
        (
            "deepracer:MultiUser",
            ConditionKey("deepracer:MultiUser", KeyType.BOOL, multivalued=False),
        ),
        ("deepracer:Any", ConditionKey("deepracer:Any", KeyType.STRING, multivalued=False)),
        (
            "catalog:ChangeType",
            ConditionKey("catalog:ChangeType", KeyType.STRING, multivalued=False),
        ),
    ],
)
def test_a_condition_key_is_known_with_its_type(
    catalog: Catalog, key: str, expected: ConditionKey
) -> None:
    assert catalog.condition_key(key) == expected


@pytest.mark.parametrize(
    "key",
    [
        "s3:prefx",
        "prefix",
        "",
        "s3:",
        ":x",
        "aws:PrincipalOrg",
        "aws:ARN",
        "aws:ResourceTag",
        "aws:ResourceTag/",
        "aws:TagKeys/x",
        "nope:x",
        "saml:nope",
    ],
)
def test_other_keys_are_unknown(catalog: Catalog, key: str) -> None:
    assert catalog.condition_key(key) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "token.actions.githubusercontent.com:SUB",
            ConditionKey(
                "token.actions.githubusercontent.com:SUB", KeyType.STRING, multivalued=False
            ),
        ),
        (
            "token.actions.githubusercontent.com:actor",
            ConditionKey(
                "token.actions.githubusercontent.com:actor", KeyType.STRING, multivalued=False
            ),
        ),
        (
            "accounts.google.com:google/organization_number",
            ConditionKey(
                "accounts.google.com:google/organization_number", KeyType.NUMERIC, multivalued=False
            ),
        ),
        (
            "cognito-identity.amazonaws.com:amr",
            ConditionKey("cognito-identity.amazonaws.com:amr", KeyType.STRING, multivalued=True),
        ),
        (
            "graph.facebook.com:app_id",
            ConditionKey("graph.facebook.com:app_id", KeyType.STRING, multivalued=False),
        ),
        (
            "oidc.eks.us-east-1.amazonaws.com/id/X:sub",
            ConditionKey(
                "oidc.eks.us-east-1.amazonaws.com/id/X:sub", KeyType.STRING, multivalued=False
            ),
        ),
    ],
)
def test_claims_of_identity_providers_are_never_unknown(
    catalog: Catalog, key: str, expected: ConditionKey
) -> None:
    assert is_federation_key(key)
    assert catalog.condition_key(key) == expected


def test_saml_claims_are_known_and_no_host(catalog: Catalog) -> None:
    assert catalog.condition_key("saml:aud") == ConditionKey(
        "saml:aud", KeyType.STRING, multivalued=False
    )
    key = catalog.condition_key("SAML:cn")
    assert key
    assert key.multivalued
    assert not is_federation_key("saml:aud")
    assert not is_federation_key("example.com")
    assert not is_federation_key("kms:EncryptionContext:a.b")


@pytest.mark.parametrize("prefix", ["aws", "s3", "saml", "example.com", "deepracer", "catalog"])
def test_keys_may_start_with_a_service_or_a_provider(catalog: Catalog, prefix: str) -> None:
    assert catalog.has_key_prefix(prefix)
    assert not catalog.has_key_prefix("x" + prefix.replace(".", ""))


def test_the_multivalued_global_keys_are_these(catalog: Catalog) -> None:
    assert {key.name for key in catalog.global_keys() if key.multivalued} == {
        "aws:CalledVia",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceNamesList",
        "aws:ResourceOrgPaths",
        "aws:SourceOrgPaths",
        "aws:TagKeys",
        "aws:VpceOrgPaths",
    }


def test_every_global_key_is_found_by_its_name(catalog: Catalog) -> None:
    for key in catalog.global_keys():
        assert catalog.condition_key(key.name.replace("${TagKey}", "x")) == key


def test_keys_of_an_action_include_those_of_its_resource_types(catalog: Catalog) -> None:
    keys = catalog.keys_of(facts.action(catalog, "sqs:CreateQueue"))
    assert keys == {"aws:requesttag/${tagkey}", "aws:resourcetag/${tagkey}", "aws:tagkeys"}
    assert "aws:resourcetag/${tagkey}" in catalog.keys_of(
        facts.action(catalog, "ec2:StopInstances")
    )
    assert catalog.keys_of(facts.action(catalog, "logs:DescribeLogGroups")).isdisjoint(
        {"aws:resourcetag/${tagkey}", "aws:requesttag/${tagkey}", "aws:tagkeys"}
    )


# Places


def test_partitions_and_regions_are_known(catalog: Catalog) -> None:
    assert {"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso"} <= set(catalog.partitions())
    assert catalog.regions("aws-cn") == {"cn-north-1", "cn-northwest-1"}
    assert catalog.regions("nope") == frozenset()
    assert {"us-east-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"} <= catalog.regions()
    assert not any(region.endswith("-global") for region in catalog.regions())


@pytest.mark.parametrize(
    ("name", "is_listed"),
    [
        ("s3:getobject", True),
        ("S3:GetObject", True),
        ("s3:Get*", False),
        ("s3:GetObjekt", False),
        ("nothing:GetObject", False),
    ],
)
def test_an_action_is_listed_by_its_whole_name(
    catalog: Catalog, name: str, *, is_listed: bool
) -> None:
    assert catalog.lists_action(name) is is_listed


def test_a_retired_action_is_not_listed(catalog: Catalog) -> None:
    services = [service for name in catalog.services() if (service := catalog.service(name))]
    retired = [f"{one.prefix}:{name}" for one in services for name in one.retired]

    assert retired
    assert not any(map(catalog.lists_action, retired))
    assert all((action := catalog.action(name)) and action.retired for name in retired)
