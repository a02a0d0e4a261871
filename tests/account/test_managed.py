"""AWS managed policies: attached by ARN, in every notation, and known or clearly not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.explain import explain
from iamlint.account.ask.who_can import who_can
from iamlint.catalog.managed_policies import managed_policy
from iamlint.errors import UsageError
from tests.account.holding_texts import HOME, OBJECT, allow, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.answer import Answer
    from tests.account.conftest import Open

OF_AWS = "arn:aws:iam::aws:policy"
READ_ONLY = f"{OF_AWS}/ReadOnlyAccess"
USER = f"arn:aws:iam::{HOME}:user/mallory"
READ_ALL = policy(allow("s3:GetObject"))
LAMBDA = trust({"Service": "lambda.amazonaws.com"})


def asked(repository: Open, arn: str, action: str, on: str | None = None) -> Answer:
    toml = f'account = "{HOME}"\n[principals."role/app"]\npolicies = ["{arn}"]\n'
    opened = repository({}, toml)
    return opened.account.ask(opened.subject("role/app"), [action], on)


@pytest.mark.parametrize(
    ("name", "action", "on", "ruling"),
    [
        ("ReadOnlyAccess", "s3:GetObject", OBJECT, Ruling.ALLOWED),
        ("ReadOnlyAccess", "s3:PutObject", OBJECT, Ruling.DENIED),
        ("PowerUserAccess", "s3:PutObject", OBJECT, Ruling.ALLOWED),
        ("PowerUserAccess", "iam:CreateUser", USER, Ruling.DENIED),
        ("AdministratorAccess", "iam:CreateUser", USER, Ruling.ALLOWED),
        ("IAMFullAccess", "iam:CreateUser", USER, Ruling.ALLOWED),
        ("SecurityAudit", "s3:GetBucketPolicy", "arn:aws:s3:::artifacts", Ruling.ALLOWED),
        ("SecurityAudit", "s3:GetObject", OBJECT, Ruling.DENIED),
        ("job-function/ViewOnlyAccess", "s3:ListAllMyBuckets", None, Ruling.ALLOWED),
        ("job-function/ViewOnlyAccess", "s3:GetObject", OBJECT, Ruling.DENIED),
        (
            "service-role/AWSLambdaBasicExecutionRole",
            "logs:PutLogEvents",
            f"arn:aws:logs:eu-west-1:{HOME}:log-group:a:log-stream:b",
            Ruling.ALLOWED,
        ),
        ("service-role/AWSLambdaBasicExecutionRole", "s3:GetObject", OBJECT, Ruling.DENIED),
        ("AmazonSSMManagedInstanceCore", "ssm:UpdateInstanceInformation", None, Ruling.ALLOWED),
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", OBJECT, Ruling.ALLOWED),
        ("AmazonS3ReadOnlyAccess", "s3:DeleteObject", OBJECT, Ruling.DENIED),
    ],
)
def test_known_policy_decides(
    repository: Open, name: str, action: str, on: str | None, ruling: Ruling
) -> None:
    assert asked(repository, f"{OF_AWS}/{name}", action, on).ruling is ruling


def test_what_a_known_policy_decides_names_its_version_and_day(repository: Open) -> None:
    answer = asked(repository, f"{OF_AWS}/IAMUserChangePassword", "iam:GetAccountPasswordPolicy")
    known = managed_policy("IAMUserChangePassword")
    assert known is not None
    place = f"{OF_AWS}/{known.name} {known.version} of {known.changed}"

    assert answer.reason == f"by Allow statement 1 of the identity policy at {place}"
    assert answer.assumptions == ()
    assert f"Allow statement 1 of the identity policy at {place}" in explain(answer)


def test_policy_of_another_partition_is_taken_to_say_the_same(repository: Open) -> None:
    arn = "arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess"
    toml = f'account = "{HOME}"\npartition = "aws-us-gov"\n[principals."role/app"]\n'
    opened = repository({}, f'{toml}policies = ["{arn}"]\n')
    role = opened.subject("role/app")
    read = opened.account.ask(role, ["s3:GetObject"], "arn:aws-us-gov:s3:::artifacts/app.zip")

    assert read.ruling is Ruling.ALLOWED
    assert f"`{arn}` is the same as the policy of partition `aws`" in read.assumptions


@pytest.mark.parametrize(
    ("arn", "help_"),
    [
        (f"{OF_AWS}/Nothing", "keep its document as `managed-policies/Nothing.json`"),
        (
            f"{OF_AWS}/job-function/SupportUsr",
            (
                "did you mean `job-function/SupportUser`? if not, keep its document as "
                "`managed-policies/SupportUsr.json`"
            ),
        ),
        (
            f"{OF_AWS}/aws-service-role/AWSSupportServiceRolePolicy",
            "keep its document as `managed-policies/AWSSupportServiceRolePolicy.json`",
        ),
        (
            f"{OF_AWS}/ViewOnlyAccess",
            f"AWS has it as `{OF_AWS}/job-function/ViewOnlyAccess`",
        ),
        (f"{OF_AWS}/service-role/ReadOnlyAccess", f"AWS has it as `{READ_ONLY}`"),
    ],
)
def test_unknown_policy_is_no_denial_and_the_help_says_what_makes_it_known(
    repository: Open, arn: str, help_: str
) -> None:
    answer = asked(repository, arn, "s3:GetObject", OBJECT)

    assert answer.ruling is Ruling.DEPENDS
    assert (answer.reason, answer.help) == (f"on `{arn}`, whose text is not known", help_)


def test_who_can_does_not_pass_over_a_holder_of_an_unknown_policy(repository: Open) -> None:
    toml = f'account = "{HOME}"\n[principals."role/app"]\npolicies = ["{OF_AWS}/Nothing"]\n'
    opened = repository({}, toml)

    with pytest.raises(UsageError, match=r"who can do `s3:GetObject`: ") as raised:
        who_can(opened.account, "s3:GetObject", OBJECT)

    assert "Nothing`, whose text is not known" in raised.value.message
    assert raised.value.help == "keep its document as `managed-policies/Nothing.json`"


def test_document_of_the_repository_counts_before_the_known_one(repository: Open) -> None:
    opened = repository(
        {"managed-policies/ReadOnlyAccess.json": policy(allow("s3:PutObject", "*"))},
        f'account = "{HOME}"\n[principals."role/app"]\npolicies = ["{READ_ONLY}"]\n',
    )
    role = opened.subject("role/app")

    assert opened.account.ask(role, ["s3:PutObject"], OBJECT).ruling is Ruling.ALLOWED
    assert opened.account.ask(role, ["s3:GetObject"], OBJECT).ruling is Ruling.DENIED


def test_document_of_a_dump_counts_before_the_known_one(repository: Open) -> None:
    says = policy(allow("s3:PutObject", "*"))
    version = {"Document": says, "VersionId": "v9", "IsDefaultVersion": True}
    role = {
        "RoleName": "app",
        "Arn": f"arn:aws:iam::{HOME}:role/app",
        "AssumeRolePolicyDocument": LAMBDA,
        "AttachedManagedPolicies": [{"PolicyArn": READ_ONLY}],
    }
    copy = {"PolicyName": "ReadOnlyAccess", "Arn": READ_ONLY, "PolicyVersionList": [version]}
    opened = repository({"dump.json": {"RoleDetailList": [role], "Policies": [copy]}})
    subject = opened.subject("role/app")
    put = opened.account.ask(subject, ["s3:PutObject"], OBJECT)

    assert put.ruling is Ruling.ALLOWED
    assert put.reason.endswith("of the identity policy at dump.json:34")
    assert opened.account.ask(subject, ["s3:GetObject"], OBJECT).ruling is Ruling.DENIED
    assert "dump.json" in [item.path for item in opened.loaded.not_analysed]


DECLARED = f"""account = "{HOME}"
[principals."user/ann"]
policies = ["{OF_AWS}/AdministratorAccess"]
boundary = "{READ_ONLY}"
[principals."user/bob"]
groups = ["readers"]
[principals."group/readers"]
policies = ["{READ_ONLY}"]
"""
TEMPLATE = f"""
Resources:
  Ann:
    Type: AWS::IAM::User
    Properties:
      UserName: ann
      ManagedPolicyArns: [!Sub "arn:${{AWS::Partition}}:iam::aws:policy/AdministratorAccess"]
      PermissionsBoundary: {READ_ONLY}
  Bob:
    Type: AWS::IAM::User
    Properties: {{UserName: bob, Groups: [!Ref Readers]}}
  Readers:
    Type: AWS::IAM::Group
    Properties: {{GroupName: readers, ManagedPolicyArns: [{READ_ONLY}]}}
"""
MODULE = f"""
data "aws_iam_policy" "read_only" {{
  name = "ReadOnlyAccess"
}}
data "aws_iam_policy" "admin" {{
  arn = "{OF_AWS}/AdministratorAccess"
}}
resource "aws_iam_user" "ann" {{
  name                 = "ann"
  permissions_boundary = "{READ_ONLY}"
}}
resource "aws_iam_user_policy_attachment" "ann" {{
  for_each   = toset([data.aws_iam_policy.admin.arn])
  user       = aws_iam_user.ann.name
  policy_arn = each.value
}}
resource "aws_iam_user" "bob" {{ name = "bob" }}
resource "aws_iam_group" "readers" {{ name = "readers" }}
resource "aws_iam_user_group_membership" "bob" {{
  user   = aws_iam_user.bob.name
  groups = [aws_iam_group.readers.name]
}}
resource "aws_iam_group_policy_attachment" "readers" {{
  group      = aws_iam_group.readers.name
  policy_arn = data.aws_iam_policy.read_only.arn
}}
"""
DUMP = {
    "UserDetailList": [
        {
            "UserName": "ann",
            "Arn": f"arn:aws:iam::{HOME}:user/ann",
            "AttachedManagedPolicies": [{"PolicyArn": f"{OF_AWS}/AdministratorAccess"}],
            "PermissionsBoundary": {"PermissionsBoundaryArn": READ_ONLY},
            "UserPolicyList": [{"PolicyName": "none", "PolicyDocument": policy()}],
        },
        {"UserName": "bob", "Arn": f"arn:aws:iam::{HOME}:user/bob", "GroupList": ["readers"]},
    ],
    "GroupDetailList": [
        {
            "GroupName": "readers",
            "Arn": f"arn:aws:iam::{HOME}:group/readers",
            "AttachedManagedPolicies": [{"PolicyArn": READ_ONLY}],
        }
    ],
}


@pytest.mark.parametrize(
    ("files", "toml"),
    [
        pytest.param({}, DECLARED, id="configuration"),
        pytest.param({"template.yaml": TEMPLATE}, f'account = "{HOME}"', id="CloudFormation"),
        pytest.param({"main.tf": MODULE}, f'account = "{HOME}"', id="Terraform"),
        pytest.param({"dump.json": DUMP}, f'account = "{HOME}"', id="dump"),
    ],
)
def test_users_groups_and_boundaries_hold_them_whatever_says_so(
    repository: Open, files: Mapping[str, object], toml: str
) -> None:
    opened = repository(files, toml)
    asked = {
        (who, action): opened.account.ask(opened.subject(who), [action], OBJECT).ruling.value
        for who in ("user/ann", "user/bob")
        for action in ("s3:GetObject", "s3:PutObject")
    }

    assert asked == {
        ("user/ann", "s3:GetObject"): "allowed",
        ("user/ann", "s3:PutObject"): "denied",
        ("user/bob", "s3:GetObject"): "allowed",
        ("user/bob", "s3:PutObject"): "denied",
    }


ROLE = f"arn:aws:iam::{HOME}:role/app"
COLLECTED = f"collected/aws/aws/accounts/{HOME}/iam/role/app"
INLINE = {"PolicyName": "own", "PolicyDocument": policy(allow("sqs:ListQueues"))}
NAMED = {"roleName": "app", "arn": ROLE, "rolePolicyList": [], "assumeRolePolicyDocument": LAMBDA}
ITEM = {
    "resourceType": "AWS::IAM::Role",
    "configuration": json.dumps({**NAMED, "attachedManagedPolicies": [{"policyArn": READ_ONLY}]}),
}


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"r.json": {"configurationItems": [ITEM]}}, id="history of AWS Config"),
        pytest.param({"r.json": {"Results": [json.dumps(ITEM)]}}, id="query of AWS Config"),
        pytest.param({"r.json": {"ConfigurationItem": ITEM}}, id="one item of AWS Config"),
        pytest.param(
            {
                f"{COLLECTED}/trust-policy.json": LAMBDA,
                f"{COLLECTED}/managed-policies.json": [READ_ONLY],
                f"{COLLECTED}/metadata.json": {"arn": ROLE, "permissionBoundary": READ_ONLY},
            },
            id="iam-collect",
        ),
    ],
)
def test_role_of_a_dump_holds_what_the_dump_says(
    repository: Open, files: Mapping[str, object]
) -> None:
    opened = repository(files)
    role = opened.subject("role/app")
    asked = [
        opened.account.ask(role, [action], OBJECT) for action in ("s3:GetObject", "s3:PutObject")
    ]

    assert [answer.ruling for answer in asked] == [Ruling.ALLOWED, Ruling.DENIED]
    assert "may hold more" not in str([answer.assumptions for answer in asked])


@pytest.mark.parametrize(
    "dump",
    [
        pytest.param({"RoleName": "app", **INLINE}, id="get-role-policy"),
        pytest.param(
            {"Role": {"RoleName": "app", "Arn": ROLE, "AssumeRolePolicyDocument": LAMBDA}},
            id="get-role",
        ),
    ],
)
def test_answer_about_whom_an_output_only_names_says_that_there_may_be_more(
    repository: Open, dump: object
) -> None:
    opened = repository({"dump.json": dump})
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert answer.ruling is Ruling.DENIED
    assert answer.assumptions[0].startswith("`role/app` is not described completely; dump.json")


def test_what_was_asked_once_is_not_held_today(repository: Open) -> None:
    call = {"roleName": "app", "policyName": "p", "policyDocument": json.dumps(READ_ALL)}
    event = {"eventName": "PutRolePolicy", "requestParameters": call}
    opened = repository({"log.json": {"Records": [event]}})

    assert len(opened.documents) == 1
    assert opened.account.accounts.identities == {}
