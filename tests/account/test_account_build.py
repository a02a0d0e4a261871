"""Identities and their policies, by folders, configuration and dumps; also where they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.errors import IamlintError, UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.account.conftest import Open

READ = policy(allow("s3:GetObject", f"{BUCKET}/*"))
WRITE = policy(allow("s3:PutObject", f"{BUCKET}/*"))
LAMBDA = trust({"Service": "lambda.amazonaws.com"})


def test_folders_alone_describe_users_groups_and_roles(repository: Open) -> None:
    opened = repository(
        {
            "users/alice/read.json": READ,
            "groups/ops/write.json": WRITE,
            "roles/app/trust.json": LAMBDA,
            "roles/app/read.json": READ,
            "roles/app/write.json": WRITE,
            "roles/app/boundary.json": READ,
            "notes/read.json": READ,
        }
    )
    identities = opened.account.accounts.identities

    assert {
        name: (len(h.policies), h.boundary is not None, bool(h.trust))
        for name, h in identities.items()
    } == {
        "user/alice": (1, False, False),
        "group/ops": (1, False, False),
        "role/app": (2, True, True),
    }
    assert identities["role/app"].arn == f"arn:aws:iam::{HOME}:role/app"


def test_boundary_in_a_folder_limits_the_role(repository: Open) -> None:
    account = repository(
        {"roles/app/all.json": policy(allow("s3:*")), "roles/app/boundary.json": READ}
    )
    role = account.subject("role/app")

    assert account.account.ask(role, ["s3:GetObject"], OBJECT).ruling is Ruling.ALLOWED
    assert account.account.ask(role, ["s3:PutObject"], OBJECT).ruling is Ruling.DENIED


def test_user_has_the_policies_of_its_groups(repository: Open) -> None:
    opened = repository(
        {"users/alice/read.json": READ, "groups/ops/write.json": WRITE},
        f'account = "{HOME}"\n[principals."user/alice"]\ngroups = ["ops"]\n',
    )
    alice = opened.subject("user/alice")

    assert (
        opened.account.ask(alice, ["s3:GetObject", "s3:PutObject"], OBJECT).ruling is Ruling.ALLOWED
    )


def test_group_is_any_member_of_it(repository: Open) -> None:
    own_name = policy(allow("iam:CreateAccessKey", f"arn:aws:iam::{HOME}:user/${{aws:username}}"))
    opened = repository({"groups/ops/keys.json": own_name})
    answer = opened.account.ask(
        opened.subject("group/ops"), ["iam:CreateAccessKey"], f"arn:aws:iam::{HOME}:user/alice"
    )

    assert (answer.ruling, answer.missing_keys) == (Ruling.DEPENDS, ("aws:username",))


def test_folder_below_accounts_speaks_of_that_account(repository: Open) -> None:
    opened = repository(
        {f"accounts/{OTHER}/roles/audit/read.json": READ, "roles/audit/w.json": WRITE}
    )

    assert sorted(opened.account.accounts.identities) == [
        f"arn:aws:iam::{OTHER}:role/audit",
        "role/audit",
    ]


def test_configuration_gives_path_tags_and_duration(repository: Open) -> None:
    opened = repository(
        {"p.json": READ},
        f"""
account = "{HOME}"
[principals."role/app"]
policies = ["p.json"]
path = "/team/"
max-session-duration = 7200
tags = {{ team = "a" }}
""",
    )
    role = opened.account.accounts.identity("role/app")

    assert (role.arn, role.max_session, role.tags) == (
        f"arn:aws:iam::{HOME}:role/team/app",
        7200,
        {"team": "a"},
    )


ADMIN_ROLE = """
  Admin:
    Type: AWS::IAM::Role
    Properties:
      RoleName: admin
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
"""
BUCKET_POLICY = """
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: %s
      PolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Deny, Principal: '*', Action: %s, Resource: %s}
"""


@pytest.mark.parametrize(
    ("name", "ruling"),
    [
        ("logs-${AWS::AccountId}-${AWS::Region}", Ruling.DEPENDS),
        ("logs-111122223333-${AWS::Region}", Ruling.DENIED),
        ("logs-${AWS::Region}-${AWS::AccountId}", Ruling.DEPENDS),
        ("logs-${A}-${B}", Ruling.DEPENDS),
        ("${A}-${B}", Ruling.DEPENDS),
        ("logs-${A}-eu-west-1", Ruling.DEPENDS),
        ("logs-${A}-eu-west-2", Ruling.ALLOWED),
        ("logs-${A}-${A}", Ruling.DEPENDS),
    ],
)
def test_unknown_parts_of_a_name_are_told_apart_or_left_open(
    repository: Open, name: str, ruling: Ruling
) -> None:
    parts = BUCKET_POLICY % (f"!Sub '{name}'", "s3:*", f"!Sub 'arn:aws:s3:::{name}/*'")
    text = "Parameters: {A: {Type: String}, B: {Type: String}}\nResources:" + ADMIN_ROLE + parts
    opened = repository({"a.yaml": text}, 'partition = "aws"\n')
    asked = f"arn:aws:s3:::logs-{HOME}-eu-west-1/key"
    answer = opened.account.ask(opened.subject("role/admin"), ["s3:GetObject"], asked)

    assert answer.ruling is ruling


def test_account_in_the_name_of_a_bucket_does_not_make_callers_strangers(
    repository: Open,
) -> None:
    denied = BUCKET_POLICY.replace("Principal: '*'", "Principal: {AWS: !Ref AWS::AccountId}")
    parts = denied % ("!Sub 'logs-${AWS::AccountId}-${AWS::Region}'", "s3:*", "'*'")
    opened = repository({"a.yaml": "Resources:" + ADMIN_ROLE + parts}, 'partition = "aws"\n')
    asked = f"arn:aws:s3:::logs-{HOME}-eu-west-1/key"
    answer = opened.account.ask(opened.subject("role/admin"), ["s3:GetObject"], asked)

    assert answer.ruling is Ruling.DEPENDS


def test_policies_of_two_stacks_for_one_bucket_leave_open_what_they_could_decide(
    repository: Open,
) -> None:
    stacks = {
        f"{name}.yaml": "Resources:" + BUCKET_POLICY % ("artifacts", action, f"'{BUCKET}/*'")
        for name, action in (("dev", "s3:GetObject"), ("prod", "s3:PutObject"))
    }
    opened = repository({**stacks, "admin.yaml": "Resources:" + ADMIN_ROLE})
    admin = opened.subject("role/admin")
    actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")

    rulings = [opened.account.ask(admin, [action], OBJECT).ruling for action in actions]

    assert rulings == [Ruling.DEPENDS, Ruling.DEPENDS, Ruling.ALLOWED]


def test_equal_names_in_two_templates_are_two_principals(repository: Open) -> None:
    tagged_ = {"a.template": role(Tags=tagged("a")), "b.template": role(Tags=tagged("b"))}
    accounts = repository(tagged_).account.accounts

    with pytest.raises(UsageError) as raised:
        accounts.identity("role/app")
    first, second = (f"{name}#role/app" for name in ("a.template", "b.template"))

    assert (
        raised.value.message == f"`role/app` matches several principals: `{first}` and `{second}`"
    )
    assert [accounts.identity(name).tags for name in (first, second)] == [
        {"team": "a"},
        {"team": "b"},
    ]


def test_dump_of_a_role_describes_it(repository: Open) -> None:
    dump = {"Role": {"RoleName": "app", "AssumeRolePolicyDocument": LAMBDA}}
    opened = repository({"dump.json": dump})

    assert opened.account.accounts.identity("role/app").trust


@pytest.mark.parametrize(
    ("named", "ruling"),
    [
        (f"{BUCKET}/*", Ruling.DEPENDS),
        ("*", Ruling.DEPENDS),
        (f"{BUCKET}/drafts/*", Ruling.ALLOWED),
        ("arn:aws:s3:::other/*", Ruling.ALLOWED),
    ],
)
def test_policy_that_no_file_puts_anywhere_leaves_open_what_it_could_decide(
    repository: Open, named: str, ruling: Ruling
) -> None:
    opened = repository(
        {
            "buckets/b.json": policy(deny("s3:*", named, Principal="*")),
            "keys/k.json": policy(deny("kms:*", "*", Principal="*")),
            "users/alice/p.json": policy(allow("s3:*")),
        }
    )
    answer = opened.account.ask(opened.subject("user/alice"), ["s3:GetObject"], OBJECT)

    assert answer.ruling is ruling
    assert ("buckets/b.json:1" in answer.line) is (ruling is Ruling.DEPENDS)


def test_resource_of_a_policy_is_the_one_its_statements_name(repository: Open) -> None:
    bucket = policy(
        deny("s3:*", BUCKET, Principal="*") | {"Resource": [BUCKET, f"{BUCKET}/*"]},
    )
    key = policy(allow("kms:*", Principal={"AWS": HOME}))
    opened = repository({"resources/b.json": bucket, "resources/key.json": key})
    accounts = opened.account.accounts

    assert list(accounts.resources) == [BUCKET]
    assert [one.place for one in accounts.open_policies] == ["resources/key.json:1"]
    assert accounts.resource_at(OBJECT) is accounts.resources[BUCKET]
    assert accounts.resource_at("arn:aws:s3:::artifacts-2") is None


def role(**properties: object) -> dict[str, object]:
    """Return a template with the role `app`."""
    more = {"RoleName": "app", "AssumeRolePolicyDocument": LAMBDA, **properties}
    described = {"Type": "AWS::IAM::Role", "Properties": more}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"App": described}}


def tagged(team: str) -> list[dict[str, str]]:
    return [{"Key": "team", "Value": team}]


@pytest.mark.parametrize(
    ("files", "toml", "message"),
    [
        pytest.param(
            {"a.template": role(MaxSessionDuration=7200), "b.template": role()},
            '[principals."role/app"]\nmax-session-duration = 3600',
            "`role/app` has the maximum session duration `7200` in `a.template`, and `3600` in "
            '`[principals."role/app"]`',
            id="two durations",
        ),
        pytest.param(
            {"p.json": READ},
            '[principals."role/app"]\nmax-session-duration = 900',
            '`[principals."role/app"]`: sessions cannot be limited to 900 seconds',
            id="a duration that AWS does not take",
        ),
        pytest.param(
            {"managed-policies/x.json": READ, "b/managed-policies/x.json": WRITE},
            "",
            "the managed policy `x` has two documents: `b/managed-policies/x.json` and "
            "`managed-policies/x.json`",
            id="two documents of a managed policy",
        ),
        pytest.param(
            {"resources/b.json": policy(deny("s3:*", BUCKET, Principal="*"))},
            f'[resources."{BUCKET}"]',
            f'`[resources."{BUCKET}"]` names no policy, and `resources/b.json` is one of it',
            id="a bucket with and without policy",
        ),
        pytest.param(
            {
                f"organization/{unit}/{HOME}/scp/s.json": policy(deny(f"{unit}:*"))
                for unit in ("s3", "sqs")
            },
            "",
            f"account `{HOME}` is in two places of the organization: `s3/{HOME}` and `sqs/",
            id="an account in two units",
        ),
        pytest.param(
            {"a/roles/app/p.json": READ, "b/roles/app/p.json": READ},
            "",
            "`role/app` is described by both `a/roles/app` and `b/roles/app`",
            id="two folders of one role",
        ),
        pytest.param(
            {"roles/app/trust.json": LAMBDA, "t.json": trust({"Service": "ec2.amazonaws.com"})},
            '[principals."role/app"]\ntrust = "t.json"',
            "`role/app` has two trust policies: `roles/app/trust.json` and `t.json`",
            id="two trust policies",
        ),
        pytest.param(
            {"roles/app/boundary.json": READ, "b.json": WRITE},
            '[principals."role/app"]\nboundary = "b.json"',
            "`role/app` has two permissions boundaries: `roles/app/boundary.json` and `b.json`",
            id="two boundaries",
        ),
        pytest.param(
            {"resources/b.json": policy(deny("s3:*", BUCKET, Principal="*")), "c.json": READ},
            f'[resources."{BUCKET}"]\npolicy = "c.json"',
            f"`{BUCKET}` has two policies: `resources/b.json` and `c.json`",
            id="two policies of a bucket",
        ),
        pytest.param(
            {"organization/scp/a.json": policy(deny("s3:*")), "s.json": policy(deny("s3:*"))},
            '[organization-policies]\nscp = [["s.json"]]',
            "both `[organization-policies]` and `organization/scp/a.json` describe",
            id="two organizations",
        ),
        pytest.param(
            {"p.json": READ},
            '[principals."role/app"]\npolicies = ["q.json"]',
            "q.json` does not exist",
            id="a file that is not there",
        ),
        pytest.param(
            {"p.json": READ},
            '[principals."app"]\npolicies = ["p.json"]',
            '`[principals."app"]` is not the name of a principal',
            id="a name without kind",
        ),
        pytest.param(
            {"p.json": READ},
            f'[principals."role/app"]\npolicies = ["arn:aws:iam::{HOME}:policy/gone"]',
            f"has the policy `arn:aws:iam::{HOME}:policy/gone`, which is not in this repository",
            id="a managed policy that is nowhere",
        ),
        pytest.param(
            {"users/alice/p.json": READ},
            '[principals."user/alice"]\ngroups = ["ops"]',
            "`user/alice` is in the group `ops`, which no file describes",
            id="a group that is nowhere",
        ),
    ],
)  # fmt: skip
def test_sources_that_disagree_or_cannot_be_are_named(
    repository: Open, files: Mapping[str, object], toml: str, message: str
) -> None:
    with pytest.raises(IamlintError) as raised:
        repository(files, f'account = "{HOME}"\n{toml}\n')

    assert message in raised.value.message


def test_policies_of_one_file_that_disagree_are_named_by_their_lines(repository: Open) -> None:
    stated = {
        name: {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": "artifacts",
                "PolicyDocument": policy(deny(f"s3:{name}*", BUCKET, Principal="*")),
            },
        }
        for name in ("Get", "Put")
    }

    with pytest.raises(UsageError, match=r"two policies: `t.template:\d+` and `t.template:\d+`"):
        repository({"t.template": {"Resources": stated}})


def permission(**more: str) -> dict[str, object]:
    allowed = {"FunctionName": FUNCTION, "Action": "lambda:InvokeFunction", **more}
    return {"Type": "AWS::Lambda::Permission", "Properties": allowed}


FUNCTION = f"arn:aws:lambda:eu-west-1:{HOME}:function:f"
TOPIC = f"arn:aws:sns:eu-west-1:{HOME}:t"
CALLERS = {
    "a.template": {
        "Resources": {
            "Topic": permission(Principal="sns.amazonaws.com", SourceArn=TOPIC),
            "Other": permission(Principal=OTHER),
        }
    },
    "b.template": {
        "Resources": {"Rule": permission(Principal="events.amazonaws.com", SourceAccount=HOME)}
    },
}


def test_permissions_that_are_added_to_one_function_are_its_policy_together(
    repository: Open,
) -> None:
    opened = repository(CALLERS)

    def ruling(who: str, **context: str) -> Ruling:
        subject = opened.subject(who)
        return opened.account.ask(
            subject, ["lambda:InvokeFunction"], FUNCTION, context=context
        ).ruling

    assert ruling("sns.amazonaws.com", **{"aws:SourceArn": TOPIC}) is Ruling.ALLOWED
    assert ruling("sns.amazonaws.com", **{"aws:SourceArn": f"{TOPIC}2"}) is Ruling.DENIED
    assert ruling("events.amazonaws.com", **{"aws:SourceAccount": HOME}) is Ruling.ALLOWED
    assert ruling("s3.amazonaws.com") is Ruling.DENIED
    assert ruling(f"arn:aws:iam::{OTHER}:role/r") is Ruling.ALLOWED


def test_answer_about_a_function_says_that_others_may_add_permissions(repository: Open) -> None:
    opened = repository(CALLERS)

    answer = opened.account.ask(
        opened.subject("s3.amazonaws.com"), ["lambda:InvokeFunction"], FUNCTION
    )

    assert answer.assumptions == (f"`{FUNCTION}` has no other statements than those known here",)


def test_permissions_join_the_policy_that_a_function_has_as_a_whole(repository: Open) -> None:
    closed = policy(deny("lambda:*", FUNCTION, Principal={"AWS": OTHER}))
    toml = f'account = "{HOME}"\n[resources."{FUNCTION}"]\npolicy = "f.json"\n'
    opened = repository({**CALLERS, "f.json": closed}, toml)

    answer = opened.account.ask(
        opened.subject(f"arn:aws:iam::{OTHER}:role/r"), ["lambda:InvokeFunction"], FUNCTION
    )

    assert answer.ruling is Ruling.DENIED


def test_managed_policies_of_two_accounts_are_two(repository: Open) -> None:
    arns = {account: f"arn:aws:iam::{account}:policy/x" for account in (HOME, OTHER)}
    toml = "".join(
        f'[principals."arn:aws:iam::{account}:role/app"]\npolicies = ["{arn}"]\n'
        for account, arn in arns.items()
    )
    files = {
        "managed-policies/x.json": READ,
        f"accounts/{OTHER}/managed-policies/x.json": WRITE,
    }
    opened = repository(files, f'account = "{HOME}"\n{toml}')
    subjects = (f"arn:aws:iam::{account}:role/app" for account in arns)
    held = [str(opened.subject(name).policies[0].label) for name in subjects]

    assert held == ["managed-policies/x.json", f"accounts/{OTHER}/managed-policies/x.json"]


def test_known_managed_policy_of_aws_counts(repository: Open) -> None:
    opened = repository(
        {},
        f'account = "{HOME}"\n[principals."role/admin"]\n'
        'policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]\n',
    )

    assert (
        opened.account.ask(opened.subject("role/admin"), ["iam:CreateUser"]).ruling
        is Ruling.ALLOWED
    )


def test_unknown_managed_policy_of_aws_leaves_answers_open(repository: Open) -> None:
    arn = "arn:aws:iam::aws:policy/SomethingNew"
    opened = repository({}, f'account = "{HOME}"\n[principals."role/app"]\npolicies = ["{arn}"]\n')
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert (answer.ruling, answer.reason) == (
        Ruling.DEPENDS,
        f"on `{arn}`, whose text is not known",
    )


def test_managed_policies_may_be_kept_in_the_repository(repository: Open) -> None:
    opened = repository(
        {"managed-policies/SomethingNew.json": READ},
        f'account = "{HOME}"\n[principals."role/app"]\n'
        'policies = ["arn:aws:iam::aws:policy/service-role/SomethingNew"]\n',
    )
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert answer.ruling is Ruling.ALLOWED


DENY_S3 = policy(deny("s3:*"))
DENY_SQS = policy(deny("sqs:*"))


@pytest.mark.parametrize(
    ("files", "denied"),
    [
        ({"organization/a.json": DENY_S3}, ["s3"]),
        (
            {"organization/scp/a.json": DENY_S3, "organization/work/scp/b.json": DENY_SQS},
            ["s3", "sqs"],
        ),
        (
            {
                "organization/a.json": policy(deny("iam:*")),
                f"organization/work/{HOME}/b.json": DENY_S3,
                f"organization/test/{OTHER}/c.json": DENY_SQS,
            },
            ["iam", "s3"],
        ),
        ({"organization/a.json": policy(allow("s3:*"))}, ["iam", "sqs"]),
    ],
)  # fmt: skip
def test_folders_of_the_organization_limit_the_account(
    repository: Open, files: Mapping[str, object], denied: list[str]
) -> None:
    opened = repository({"roles/admin/all.json": policy(allow("*")), **files})
    admin = opened.subject("role/admin")
    asked = {"iam": "iam:ListUsers", "s3": "s3:ListAllMyBuckets", "sqs": "sqs:ListQueues"}
    answers = {name: opened.account.ask(admin, [action]) for name, action in asked.items()}

    assert [n for n, answer in answers.items() if answer.ruling is Ruling.DENIED] == denied


def test_organization_that_does_not_place_the_account_is_refused(repository: Open) -> None:
    files = {"organization/a/s.json": DENY_S3, "organization/b/s.json": DENY_SQS}

    with pytest.raises(IamlintError, match=f"does not contain account `{HOME}`"):
        repository(files)


def test_folder_with_its_own_configuration_is_another_repository(repository: Open) -> None:
    opened = repository(
        {
            "roles/app/p.json": READ,
            "other/iamlint.toml": 'account = "444455556666"',
            "other/roles/app/p.json": READ,
        }
    )

    assert [d.path for d in opened.documents] == ["roles/app/p.json"]
    assert opened.account.accounts.apart == {}


@pytest.mark.parametrize("configuration", ["", f'account = "{HOME}"'])
def test_answer_names_a_folder_apart_that_may_be_of_the_same_account(
    repository: Open, configuration: str
) -> None:
    opened = repository(
        {
            "roles/app/p.json": READ,
            "other/iamlint.toml": configuration,
            "other/roles/app/p.json": DENY_S3,
            "other/roles/app/q.json": READ,
        }
    )

    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], "arn:aws:s3:::b/k")

    assert opened.account.accounts.apart == {"other": 2}
    assert (
        "`other` has its own configuration: its 2 policies are of another account"
        in answer.assumptions
    )


TEMPLATE = f"""
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deploy
      Path: /ci/
      AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow,
        Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]}}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess, !Ref Extra]
      PermissionsBoundary: !Ref Limit
  Extra:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: extra
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'sqs:*',
        Resource: '*'}}]}}
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: limit
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow,
        Action: ['s3:*', 'sqs:*'], Resource: '*'}}]}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: artifacts}}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Principal: '*',
        Action: 's3:PutObject', Resource: '{BUCKET}/*'}}]}}
"""


def test_template_describes_roles_with_all_they_hold(repository: Open) -> None:
    opened = repository({"template.yaml": TEMPLATE})
    deploy = opened.subject("role/deploy")
    asked = {
        "s3:GetObject": OBJECT,  # by AdministratorAccess, within the boundary
        "s3:PutObject": OBJECT,  # denied by the bucket
        "sqs:ListQueues": None,  # denied by the template's managed policy
        "iam:ListUsers": None,  # beyond the boundary
    }
    rulings = {
        action: opened.account.ask(deploy, [action], on).ruling for action, on in asked.items()
    }

    assert deploy.identity is not None
    assert deploy.identity.arn == f"arn:aws:iam::{HOME}:role/ci/deploy"
    assert list(opened.account.accounts.resources) == [BUCKET]
    assert list(rulings.values()) == [Ruling.ALLOWED, Ruling.DENIED, Ruling.DENIED, Ruling.DENIED]


def test_managed_policy_that_a_template_only_names_leaves_answers_open(repository: Open) -> None:
    named = TEMPLATE.replace("!Ref Extra", "arn:aws:iam::111122223333:policy/elsewhere")
    opened = repository({"template.yaml": named})
    answer = opened.account.ask(opened.subject("role/deploy"), ["s3:GetObject"], OBJECT)

    assert answer.ruling is Ruling.DEPENDS
    unknown = opened.account.accounts.identity("role/deploy").unknown
    assert [str(held) for held in unknown] == [f"arn:aws:iam::{HOME}:policy/elsewhere"]


STACK = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      MaxSessionDuration: 7200
      Tags: [{Key: team, Value: shop}]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              Effect: Allow
              Action: iam:ListAccessKeys
              Resource: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/alice"
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {InstanceProfileName: servers, Roles: [!Ref App]}
  First:
    Type: AWS::Organizations::Policy
    Properties:
      Name: first
      Type: SERVICE_CONTROL_POLICY
      Content:
        Version: "2012-10-17"
        Statement: {Effect: Deny, Action: "iam:*", Resource: "*"}
  Second:
    Type: AWS::Organizations::Policy
    Properties:
      Name: second
      Type: SERVICE_CONTROL_POLICY
      Content:
        Version: "2012-10-17"
        Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}
"""
MODULE = """
data "aws_caller_identity" "me" {}
data "aws_caller_identity" "them" {
  provider = aws.other
}
resource "aws_iam_role" "app" {
  name                 = "app"
  max_session_duration = 7200
  tags                 = { team = "shop" }
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = {
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }
  })
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "iam:ListAccessKeys"
        Resource = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:user/alice"
      },
      {
        Effect   = "Allow"
        Action   = "iam:DeleteAccessKey"
        Resource = "arn:aws:iam::${data.aws_caller_identity.them.account_id}:user/alice"
      },
    ]
  })
}
resource "aws_iam_instance_profile" "servers" {
  name = "servers"
  role = aws_iam_role.app.name
}
resource "aws_iam_user" "alice" {
  name = "alice"
}
resource "aws_iam_group" "ops" {
  name = "ops"
}
resource "aws_iam_group_membership" "ops" {
  name  = "ops"
  group = aws_iam_group.ops.name
  users = [aws_iam_user.alice.name]
}
"""


@pytest.mark.parametrize(
    "files", [{"stack.yaml": STACK}, {"main.tf": MODULE}], ids=["template", "module"]
)
def test_sources_give_tags_duration_profile_and_the_account_they_leave_open(
    repository: Open, files: Mapping[str, object]
) -> None:
    opened = repository(files)
    accounts = opened.account.accounts
    role = accounts.profile("servers")

    assert (role.name, role.max_session, dict(role.tags)) == ("app", 7200, {"team": "shop"})
    asked = opened.account.ask(
        opened.subject("role/app"), ["iam:ListAccessKeys"], f"arn:aws:iam::{HOME}:user/alice"
    )
    assert asked.ruling is Ruling.ALLOWED


def test_account_of_another_provider_stays_open(repository: Open) -> None:
    opened = repository({"main.tf": MODULE})

    asked = opened.account.ask(
        opened.subject("role/app"), ["iam:DeleteAccessKey"], f"arn:aws:iam::{HOME}:user/alice"
    )

    assert asked.ruling is Ruling.DEPENDS


def test_group_says_who_its_users_are(repository: Open) -> None:
    opened = repository({"main.tf": MODULE})

    assert opened.account.accounts.identity("user/alice").groups == ("ops",)


MAY = """
variable "action" {}
variable "role" {}
resource "aws_iam_role_policy" "this" {
  role   = var.role
  policy = jsonencode({Statement = [{Effect = "Allow", Action = var.action, Resource = "*"}]})
}
"""
CALLS = """
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({Statement = [{
    Effect = "Allow", Principal = {Service = "lambda.amazonaws.com"}, Action = "sts:AssumeRole"
  }]})
}
module "get" {
  source = "./may"
  role   = aws_iam_role.app.name
  action = "s3:GetObject"
}
module "put" {
  source = "./may"
  role   = aws_iam_role.app.name
  action = "s3:PutObject"
}
"""


def test_role_holds_a_policy_of_each_call_of_a_module(repository: Open) -> None:
    opened = repository({"may/main.tf": MAY, "main.tf": CALLS})
    subject = opened.subject("role/app")

    assert [
        opened.account.ask(subject, [f"s3:{action}"], OBJECT).ruling
        for action in ("GetObject", "PutObject", "DeleteObject")
    ] == [Ruling.ALLOWED, Ruling.ALLOWED, Ruling.DENIED]


def test_files_below_accounts_are_about_that_account(repository: Open) -> None:
    opened = repository({f"accounts/{OTHER}/stack.yaml": STACK, "roles/web/read.json": READ})

    assert set(opened.account.accounts.identities) == {"role/web", f"arn:aws:iam::{OTHER}:role/app"}


def test_configuration_places_policies_of_one_file_by_name_and_account(repository: Open) -> None:
    opened = repository(
        {"stack.yaml": STACK, f"accounts/{OTHER}/stack.yaml": STACK},
        f'account = "{HOME}"\n[organization-policies]\nscp = [["stack.yaml#First"]]\n'
        f'[organization-policies.accounts."{OTHER}"]\nscp = [["stack.yaml#second"]]\n',
    )

    role = opened.subject("role/app")
    there = opened.subject(f"arn:aws:iam::{OTHER}:role/app")
    own = f"arn:aws:iam::{HOME}:user/alice"

    assert opened.account.ask(role, ["iam:ListAccessKeys"], own).ruling is Ruling.DENIED
    own = own.replace(HOME, OTHER)
    assert opened.account.ask(there, ["iam:ListAccessKeys"], own).ruling is Ruling.ALLOWED


CONDITIONAL = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument: !If
        - Open
        - {Version: "2012-10-17", Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: sts:*}}
        - {Version: "2012-10-17", Statement: {Effect: Deny, Principal: {AWS: "*"}, Action: sts:*}}
"""


def test_trust_that_a_condition_chooses_is_one_trust_policy_and_stays_open(
    repository: Open,
) -> None:
    opened = repository(
        {"stack.yaml": CONDITIONAL, "users/alice/p.json": policy(allow("sts:AssumeRole"))}
    )
    alice = opened.subject("user/alice")
    role = f"arn:aws:iam::{HOME}:role/app"

    assert opened.account.ask(alice, ["sts:AssumeRole"], role).ruling is Ruling.DEPENDS


CHOSEN = """
Resources:
  App:
    Type: AWS::IAM::Role
    Condition: Wanted
    Properties:
      RoleName: app
      ManagedPolicyArns: %s
      PermissionsBoundary: %s
"""
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
NOTHING = "arn:aws:iam::aws:policy/AWSDenyAll"


@pytest.mark.parametrize(
    ("managed", "boundary", "ruling"),
    [
        (f"[{ADMIN}]", ADMIN, Ruling.ALLOWED),
        (f"!If [Wanted, [{ADMIN}], !Ref AWS::NoValue]", ADMIN, Ruling.ALLOWED),
        (f"!If [Big, [{ADMIN}], !Ref AWS::NoValue]", ADMIN, Ruling.DEPENDS),
        (f"[!If [Big, {ADMIN}, {NOTHING}]]", ADMIN, Ruling.DEPENDS),
        (f"[{ADMIN}]", f"!If [Big, {NOTHING}, {ADMIN}]", Ruling.DEPENDS),
    ],
)
def test_what_a_condition_gives_a_role_is_not_sure(
    repository: Open, managed: str, boundary: str, ruling: Ruling
) -> None:
    opened = repository({"stack.yaml": CHOSEN % (managed, boundary)})

    assert opened.account.ask(opened.subject("role/app"), ["s3:ListAllMyBuckets"]).ruling is ruling


CASES = """
Resources:
  App:
    Type: AWS::IAM::Role
    Condition: Wanted
    Properties:
      RoleName: app
      Policies:
        - PolicyName: cases
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:ListAllMyBuckets", Resource: "*"}
              - !If
                - Wanted
                - {Effect: Allow, Action: "sqs:ListQueues", Resource: "*"}
                - !Ref AWS::NoValue
              - !If
                - Big
                - {Effect: Allow, Action: "sns:ListTopics", Resource: "*"}
                - !Ref AWS::NoValue
        - !If
          - Big
          - PolicyName: big
            PolicyDocument:
              Version: "2012-10-17"
              Statement: {Effect: Allow, Action: "iam:ListUsers", Resource: "*"}
          - !Ref AWS::NoValue
        - PolicyName: whole
          PolicyDocument: !If
            - Big
            - Version: "2012-10-17"
              Statement: {Effect: Allow, Action: "iam:ListRoles", Resource: "*"}
            - Version: "2012-10-17"
              Statement: {Effect: Deny, Action: "iam:ListGroups", Resource: "*"}
"""


@pytest.mark.parametrize(
    ("action", "ruling"),
    [
        ("s3:ListAllMyBuckets", Ruling.ALLOWED),
        ("sqs:ListQueues", Ruling.ALLOWED),
        ("sns:ListTopics", Ruling.DEPENDS),
        ("iam:ListUsers", Ruling.DEPENDS),
        ("iam:ListRoles", Ruling.DEPENDS),
        ("iam:ListGroups", Ruling.DENIED),
        ("ec2:DescribeVpcs", Ruling.DENIED),
    ],
)
def test_what_all_cases_of_a_policy_say_is_sure_and_the_rest_depends(
    repository: Open, action: str, ruling: Ruling
) -> None:
    opened = repository({"stack.yaml": CASES})

    assert opened.account.ask(opened.subject("role/app"), [action]).ruling is ruling


def test_policy_of_too_many_cases_may_say_anything(repository: Open) -> None:
    allowed = '{Effect: Allow, Action: "sns:ListTopics", Resource: "*"}'
    many = "".join(f"              - !If [C{n}, {allowed}, !Ref AWS::NoValue]\n" for n in range(5))
    one = "              - !If\n                - Big\n"
    opened = repository({"stack.yaml": CASES.replace(one, many + one, 1)})
    asked = opened.account.ask(opened.subject("role/app"), ["ec2:DescribeVpcs"])

    assert asked.ruling is Ruling.DEPENDS


HELD = """
Resources:
  Alice:
    Type: AWS::IAM::User
    Properties: {UserName: alice, Groups: %s}
  Ops:
    Type: AWS::IAM::Group
    Properties: {GroupName: ops, ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]}
  Deploy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: deploy
      Users: %s
      PolicyDocument:
        Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}
"""


@pytest.mark.parametrize(
    ("groups", "users", "ruling"),
    [
        ("[!Ref Ops]", "[]", Ruling.ALLOWED),
        ("[!If [Big, !Ref Ops, !Ref AWS::NoValue]]", "[]", Ruling.DEPENDS),
        ("[]", "[!Ref Alice]", Ruling.ALLOWED),
        ("[]", "!If [Big, [!Ref Alice], !Ref AWS::NoValue]", Ruling.DEPENDS),
        ("[]", "[]", Ruling.DENIED),
    ],
)
def test_what_a_condition_attaches_to_a_user_is_not_sure(
    repository: Open, groups: str, users: str, ruling: Ruling
) -> None:
    opened = repository({"stack.yaml": HELD % (groups, users)})

    assert opened.account.ask(opened.subject("user/alice"), ["sqs:ListQueues"]).ruling is ruling


MAYBE = """
variable "x" {}
variable "y" {}
variable "names" {}
resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = jsonencode({Statement = []})
  %s
}
resource "aws_iam_role" "b" {
  name               = "b"
  assume_role_policy = jsonencode({Statement = []})
}
resource "aws_iam_user" "u" {
  name = "u"
}
resource "aws_iam_group" "g" {
  name = "g"
}
resource "aws_iam_group_policy_attachment" "g" {
  group      = "g"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
%s
"""
ADMINS = '\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
ATTACH = (
    'resource "aws_iam_role_policy_attachment" "x" {\n  role = aws_iam_role.a.name\n  %s' + ADMINS
)
INLINE = (
    'resource "aws_iam_role_policy" "x" {\n  role = aws_iam_role.a.name\n  %s\n  policy = '
    'jsonencode({Statement = [{Effect = "Allow", Action = "*", Resource = "*"}]})\n}\n'
)
ATTACH_ALL = 'resource "aws_iam_policy_attachment" "x" {\n  name = "x"\n  users = %s' + ADMINS
JOIN = 'resource "aws_iam_user_group_membership" "x" {\n  groups = ["g"]\n  user = %s\n}\n'
BOUND = f'permissions_boundary = var.x ? "{NOTHING}" : null'
CHOSEN_ROLE = "var.x ? aws_iam_role.a.name : aws_iam_role.b.name"
ON = "count = var.x ? 1 : 0"


@pytest.mark.parametrize(
    ("role", "text", "asked", "ruling"),
    [
        ("", ATTACH % "", "role/a", Ruling.ALLOWED),
        ("", ATTACH % ON, "role/a", Ruling.DEPENDS),
        (ON, ATTACH % ON, "role/a", Ruling.ALLOWED),
        ("count = var.x && var.y ? 1 : 0", ATTACH % ON, "role/a", Ruling.ALLOWED),
        (ON, ATTACH % "count = var.x && var.y ? 1 : 0", "role/a", Ruling.DEPENDS),
        (ON, ATTACH % "count = var.x ? 0 : 1", "role/a", Ruling.DEPENDS),
        ("", ATTACH % "count = true ? 1 : 0", "role/a", Ruling.ALLOWED),
        ("", ATTACH % "count = 0", "role/a", Ruling.DENIED),
        ("", ATTACH % "for_each = toset(var.names)", "role/a", Ruling.DEPENDS),
        ("", ATTACH % "for_each = toset(var.x ? [1] : [])", "role/a", Ruling.DEPENDS),
        ("", ATTACH % "for_each = toset([1])", "role/a", Ruling.ALLOWED),
        ("", (ATTACH % "").replace("aws_iam_role.a.name", CHOSEN_ROLE), "role/a", Ruling.DEPENDS),
        ("", (ATTACH % "").replace("aws_iam_role.a.name", CHOSEN_ROLE), "role/b", Ruling.DEPENDS),
        (ON, (ATTACH % "").replace("aws_iam_role.a.name", CHOSEN_ROLE), "role/a", Ruling.ALLOWED),
        ("", (ATTACH % "").replace('= "arn', '= var.x ? "" : "arn'), "role/a", Ruling.DEPENDS),
        ("", INLINE % "", "role/a", Ruling.ALLOWED),
        ("", INLINE % ON, "role/a", Ruling.DEPENDS),
        (ON, INLINE % ON, "role/a", Ruling.ALLOWED),
        ("", (INLINE % "").replace("aws_iam_role.a.name", CHOSEN_ROLE), "role/a", Ruling.DEPENDS),
        ("", (INLINE % "").replace("aws_iam_role.a.name", CHOSEN_ROLE), "role/b", Ruling.DEPENDS),
        (
            "",
            (INLINE % "").replace("policy = j", "policy = var.x ? null : j"),
            "role/a",
            Ruling.DEPENDS,
        ),
        (f'managed_policy_arns = var.x ? [] : ["{ADMIN}"]', "", "role/a", Ruling.DEPENDS),
        (f'managed_policy_arns = ["{ADMIN}"]', "", "role/a", Ruling.ALLOWED),
        (
            f'managed_policy_arns = ["{ADMIN}"]\n  {BOUND}',
            "",
            "role/a",
            Ruling.DEPENDS,
        ),
        ("", ATTACH_ALL % "var.x ? [aws_iam_user.u.name] : []", "user/u", Ruling.DEPENDS),
        ("", JOIN % '"u"', "user/u", Ruling.ALLOWED),
        ("", JOIN % f'"u"\n  {ON}', "user/u", Ruling.DEPENDS),
        ("", JOIN % 'each.key\n  for_each = toset(["u"])', "user/u", Ruling.ALLOWED),
    ],
)
def test_what_a_module_attaches_on_a_condition_is_not_sure(
    repository: Open, role: str, text: str, asked: str, ruling: Ruling
) -> None:
    opened = repository({"main.tf": MAYBE % (role, text)})

    assert opened.account.ask(opened.subject(asked), ["s3:ListAllMyBuckets"]).ruling is ruling


@pytest.mark.parametrize(
    ("given", "ruling"),
    [
        ("", Ruling.ALLOWED),
        (ON, Ruling.DEPENDS),
        ('for_each = toset(["s3"])', Ruling.ALLOWED),
        ("for_each = toset(var.names)", Ruling.DEPENDS),
    ],
)
def test_what_a_call_on_a_condition_attaches_is_not_sure(
    repository: Open, given: str, ruling: Ruling
) -> None:
    call = f'module "m" {{\n  source = "./may"\n  role = "a"\n  action = "s3:*"\n  {given}\n}}\n'
    opened = repository({"may/main.tf": MAY, "main.tf": MAYBE % ("", call)})

    asked = opened.account.ask(opened.subject("role/a"), ["s3:ListAllMyBuckets"])
    assert asked.ruling is ruling


def test_answer_says_which_condition_it_depends_on(repository: Open) -> None:
    opened = repository({"main.tf": MAYBE % ("", ATTACH % "count = var.x && !var.y ? 1 : 0")})

    answer = opened.account.ask(opened.subject("role/a"), ["s3:ListAllMyBuckets"])
    assert answer.reason == (
        f"on whether the Allow statement 0 of the identity policy at {ADMIN} v1 of 2015-02-06 "
        "applies: it depends on !(var.y) and var.x"
    )
    assert answer.help == (
        "give the value: `--var x=…` (in pytest `--iam-var x=…`), or `[terraform] vars` in the "
        "configuration"
    )


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (ATTACH % ON, "role/a"),
        (INLINE % ON, "role/a"),
        (JOIN % f'"u"\n  {ON}', "user/u"),
    ],
)
def test_what_is_held_on_a_condition_is_not_sure_in_any_words(
    repository: Open, text: str, asked: str
) -> None:
    opened = repository({"main.tf": MAYBE % ("", text)})

    answer = opened.account.ask(opened.subject(asked), ["s3:ListAllMyBuckets"])
    assert answer.ruling is Ruling.DEPENDS
    assert (answer.help or "").startswith("give the value: `--var x=…`")


def stopped(repository: Open, files: Mapping[str, object]) -> tuple[str, str]:
    """Return the actions denied, or perhaps denied, to an administrator at home and elsewhere."""
    admin = policy(allow("*"))
    roles = {"roles/admin/all.json": admin, f"accounts/{OTHER}/roles/admin/all.json": admin}
    opened = repository({**files, **roles})
    asked = {"iam": "iam:ListUsers", "s3": "s3:ListAllMyBuckets", "sqs": "sqs:ListQueues"}
    marks = {Ruling.ALLOWED: "", Ruling.DENIED: "{}", Ruling.DEPENDS: "{}?"}
    told = []
    for subject in ("role/admin", f"arn:aws:iam::{OTHER}:role/admin"):
        who = opened.subject(subject)
        answers = {name: opened.account.ask(who, [action]) for name, action in asked.items()}
        marked = [marks[answer.ruling].format(name) for name, answer in answers.items()]
        told.append(" ".join(filter(None, marked)))
    return told[0], told[1]


ATTACHED = """
Resources:
  Guard:
    Type: AWS::Organizations::Policy
    Properties:
      Name: guard
      Type: SERVICE_CONTROL_POLICY
      Content: {Version: "2012-10-17", Statement: {Effect: %s, Action: "s3:*", Resource: "*"}}
      TargetIds: %s
"""


@pytest.mark.parametrize(
    ("effect", "targets", "home", "other"),
    [
        ("Deny", "[r-ab12]", "s3", "s3"),
        ("Deny", f"[{HOME}]", "s3", ""),
        ("Deny", f"['{OTHER}']", "", "s3"),
        ("Deny", f"[ou-ab12-cd34ef56, {OTHER}]", "s3?", "s3"),
        ("Deny", "[!Ref Root]", "s3?", "s3?"),
        ("Deny", f"[!Select [1, [r-ab12, '{OTHER}']]]", "", "s3"),
        ("Deny", "[!If [Strict, r-ab12, !Ref AWS::NoValue]]", "s3?", "s3?"),
        ("Deny", "[]", "", ""),
        ("Allow", f"[{HOME}]", "iam sqs", ""),
        ("Allow", "[ou-ab12-cd34ef56]", "iam? sqs?", "iam? sqs?"),
    ],
)
def test_template_attaches_policies_to_accounts_by_id(
    repository: Open, effect: str, targets: str, home: str, other: str
) -> None:
    assert stopped(repository, {"organization.yaml": ATTACHED % (effect, targets)}) == (home, other)


GUARD = """
variable "unit" {}
variable "strict" {}
locals {
  accounts = { one = "111122223333", two = "444455556666" }
}
data "aws_organizations_organization" "own" {}
resource "aws_organizations_policy" "guard" {
  name    = "guard"
  content = jsonencode({Statement = [{Effect = "%s", Action = "s3:*", Resource = "*"}]})
}
%s
"""
BY_ID = """
resource "aws_organizations_policy_attachment" "to%s" {
  policy_id = aws_organizations_policy.guard.id
  target_id = %s
}
"""
ELSEWHERE = """
variable "policy" {}
variable "targets" {}
resource "aws_organizations_policy_attachment" "to" {
  for_each  = toset(var.targets)
  policy_id = var.policy
  target_id = each.value
}
"""
BY_MODULE = """
module "attach" {
  source  = "./attach"
  policy  = %s
  targets = ["%s"]
}
"""
OWN_ID = "aws_organizations_policy.guard.id"
ROOT = "data.aws_organizations_organization.own.roots[0].id"


@pytest.mark.parametrize(
    ("effect", "attached", "home", "other"),
    [
        ("Deny", BY_ID % (1, '"r-ab12"'), "s3", "s3"),
        ("Deny", BY_ID % (1, ROOT), "s3", "s3"),
        ("Deny", BY_ID % (1, f'"{HOME}"'), "s3", ""),
        ("Deny", BY_ID % (1, '"ou-ab12-cd34ef56"') + BY_ID % (2, f'"{OTHER}"'), "s3?", "s3"),
        ("Deny", BY_ID % (1, "var.unit"), "s3?", "s3?"),
        ("Deny", BY_ID % (1, '"r-ab12"\n  count = var.strict ? 1 : 0'), "s3?", "s3?"),
        ("Deny", BY_ID % (1, f'var.strict ? "r-ab12" : "{HOME}"'), "s3?", "s3?"),
        ("Deny", BY_ID % (1, "each.value\n  for_each = local.accounts"), "s3", "s3"),
        ("Deny", BY_MODULE % (OWN_ID, HOME), "s3", ""),
        ("Deny", BY_MODULE % ("var.unit", HOME), "iam? s3? sqs?", ""),
        ("Deny", BY_ID.replace(OWN_ID, '"p-12345678"') % (1, f'"{HOME}"'), "iam? s3? sqs?", ""),
        ("Deny", BY_ID.replace(OWN_ID, '"p-FullAWSAccess"') % (1, f'"{HOME}"'), "", ""),
        ("Deny", "", "", ""),
        ("Allow", BY_ID % (1, f'"{HOME}"'), "iam sqs", ""),
        ("Allow", BY_ID % (1, '"ou-ab12-cd34ef56"'), "iam? sqs?", "iam? sqs?"),
    ],
)
def test_module_attaches_policies_to_accounts_by_id(
    repository: Open, effect: str, attached: str, home: str, other: str
) -> None:
    files = {"main.tf": GUARD % (effect, attached)}
    if "./attach" in attached:
        files["attach/main.tf"] = ELSEWHERE

    assert stopped(repository, files) == (home, other)


@pytest.mark.parametrize(
    ("action", "expected"), [("${each.key}:*", ("s3", "sqs")), ("s3:*", ("s3", "s3"))]
)
def test_each_instance_of_a_policy_is_attached_where_it_is(
    repository: Open, action: str, expected: tuple[str, str]
) -> None:
    guards = """
locals {
  guards = { s3 = "111122223333", sqs = "444455556666" }
}
resource "aws_organizations_policy" "guard" {
  for_each = local.guards
  name     = each.key
  content  = jsonencode({Statement = [{Effect = "Deny", Action = "%s", Resource = "*"}]})
}
resource "aws_organizations_policy_attachment" "guard" {
  for_each  = local.guards
  policy_id = aws_organizations_policy.guard[each.key].id
  target_id = each.value
}
"""

    assert stopped(repository, {"main.tf": guards % action}) == expected


@pytest.mark.parametrize(
    ("policy_id", "home"), [("p-FullAWSAccess", ""), ("p-12345678", "iam? s3? sqs?")]
)
def test_collected_policy_of_aws_allows_all_and_another_that_is_not_there_may_deny(
    repository: Open, policy_id: str, home: str
) -> None:
    top = "data/aws/aws/organizations/o-a1b2c3d4e5"
    arn = f"arn:aws:organizations::{OTHER}:policy/o-a1b2c3d4e5/service_control_policy/{policy_id}"
    files: Mapping[str, object] = {
        f"{top}/accounts.json": {HOME: {"ou": "r-ab12", "scps": [], "rcps": []}},
        f"{top}/ous.json": {"r-ab12": {"scps": [arn], "rcps": []}},
    }

    assert stopped(repository, files) == (home, "")


BESIDE = """
Parameters:
  Where: {Type: String}
Resources:
  Narrow:
    Type: AWS::Organizations::Policy
    Properties:
      Name: narrow
      Type: SERVICE_CONTROL_POLICY
      Content: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}}
      TargetIds: ['%s']
  Wide:
    Type: AWS::Organizations::Policy
    Properties:
      Name: wide
      Type: SERVICE_CONTROL_POLICY
      Content: %s
      TargetIds: [%s]
"""
WIDE = '{Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}'


@pytest.mark.parametrize(
    ("narrow", "wide", "home"),
    [
        (HOME, f"'{HOME}'", "iam"),
        (HOME, "!Ref Where", "iam s3? sqs?"),
        ("r-ab12", "!Ref Where", "iam s3? sqs?"),
        (HOME, "r-ab12", "iam s3 sqs"),
        (HOME, "ou-ab12-cd34ef56", "iam s3 sqs?"),
    ],
)
def test_policy_that_may_be_beside_others_of_a_level_may_allow_more_there(
    narrow: str, wide: str, home: str, repository: Open
) -> None:
    template = BESIDE % (narrow, WIDE, wide)

    assert stopped(repository, {"organization.yaml": template})[0] == home


def test_text_that_is_not_known_may_allow_more_on_its_level(repository: Open) -> None:
    template = BESIDE % (HOME, "!Ref Where", f"'{HOME}'")

    assert stopped(repository, {"organization.yaml": template})[0] == "iam? s3? sqs?"


def test_template_attaches_resource_control_policies_by_id(repository: Open) -> None:
    template = ATTACHED % ("Deny, Principal: '*'", "[r-ab12]")
    files = {
        "organization.yaml": template.replace("SERVICE_CONTROL", "RESOURCE_CONTROL"),
        "roles/admin/all.json": policy(allow("*")),
        "resources/artifacts.json": policy({**allow("s3:GetObject", OBJECT), "Principal": "*"}),
    }
    opened = repository(files)
    admin = opened.subject("role/admin")

    assert opened.account.ask(admin, ["s3:GetObject"], OBJECT).ruling is Ruling.DENIED
    assert opened.account.ask(admin, ["sqs:ListQueues"]).ruling is Ruling.ALLOWED


def test_what_the_configuration_says_of_the_organization_counts_before_a_template(
    repository: Open,
) -> None:
    opened = repository(
        {
            "organization.yaml": ATTACHED % ("Deny", "[r-ab12]"),
            "roles/admin/all.json": policy(allow("*")),
            "s.json": policy(deny("sqs:*")),
        },
        f'account = "{HOME}"\n[organization-policies]\nscp = [["s.json"]]\n',
    )
    admin = opened.subject("role/admin")

    assert opened.account.ask(admin, ["s3:ListAllMyBuckets"]).ruling is Ruling.ALLOWED
    assert opened.account.ask(admin, ["sqs:ListQueues"]).ruling is Ruling.DENIED


def test_unknown_name_in_a_file_is_an_error_with_a_guess(repository: Open) -> None:
    toml = f'account = "{HOME}"\n[organization-policies]\nscp = [["stack.yaml#Frist"]]\n'

    with pytest.raises(IamlintError, match="has no policy `Frist`") as raised:
        repository({"stack.yaml": STACK}, toml)

    assert "`first`" in str(raised.value.help)


def test_instance_profile_has_one_role(repository: Open) -> None:
    second = STACK.replace("RoleName: app", "RoleName: web")

    with pytest.raises(IamlintError, match="`instance-profile/servers` has several roles"):
        repository({"stack.yaml": STACK, "other.yaml": second})


def test_policies_that_share_a_file_are_filled_in_together(repository: Open) -> None:
    statement = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ${AWS::AccountId}}'
    says = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    opened = repository({"policies.json": f"[{says}, {says}, {says}]"})
    resources = [d.policy.statements[0].resources[0].known for d in opened.documents]

    assert resources == [HOME] * 3
    assert len({id(document.source) for document in opened.documents}) == 1


INLINE = """
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy" "inline" {
  role   = aws_iam_role.app.name
  policy = VALUE
}
"""
PARAMETER = {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Ref": "Text"}}]}


@pytest.mark.parametrize(
    ("files", "what"),
    [
        pytest.param(
            {"t.template": role(**PARAMETER) | {"Parameters": {"Text": {"Type": "String"}}}},
            "t.template Resources.App.Properties.Policies.0.PolicyDocument",
            id="a parameter of a template",
        ),
        pytest.param(
            {"t.template": role(Policies={"Ref": "Text"})},
            "t.template Resources.App.Properties.Policies",
            id="all policies of a role",
        ),
        pytest.param(
            {"main.tf": INLINE.replace("VALUE", "var.text")},
            "main.tf resource.aws_iam_role_policy.inline.policy",
            id="a variable of a module",
        ),
        pytest.param(
            {"main.tf": INLINE.replace("VALUE", 'file("gone.json")')},
            "main.tf resource.aws_iam_role_policy.inline.policy",
            id="a file that is not there",
        ),
    ],
)
def test_policy_whose_text_is_not_known_leaves_answers_open(
    repository: Open, files: Mapping[str, object], what: str
) -> None:
    opened = repository(files)
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert (answer.ruling, answer.reason) == (
        Ruling.DEPENDS,
        f"on `{what}`, whose text is not known",
    )


def test_bucket_policy_whose_text_is_not_known_leaves_answers_open(repository: Open) -> None:
    stated = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": "artifacts", "PolicyDocument": {"Ref": "Text"}},
    }
    files = {"t.template": {"Resources": {"P": stated}}, "roles/app/p.json": READ}
    opened = repository(files)
    app = opened.subject("role/app")

    assert opened.account.ask(app, ["s3:GetObject"], OBJECT).ruling is Ruling.DEPENDS
    assert opened.account.ask(app, ["iam:CreateUser"]).ruling is Ruling.DENIED
