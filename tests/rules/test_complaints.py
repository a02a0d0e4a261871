# ruff: noqa: E501 - a policy reads better when its parts stay together
"""What users of other tools complained about: policies that must be silent, and faults that were missed.

Each case names the public issue, as owner/repository#number on GitHub. Complaints about output,
positions, packaging and speed are held by the tests of those parts; about escalation by its own.
"""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example, OwnAccounts
from iamlint.rule.finding import Finding, Profile, Severity
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document

HOME = OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5")
ID, R, T, S = Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST, Kind.SCP


def findings(kind: Kind, text: str, file: str = "example.json5") -> list[Finding]:
    """Return the findings of the default profile."""
    rules = tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT)
    options = {rule.name: rule.options() for rule in rules if rule.options}
    settings = CheckOptions(rules=rules, catalog=Catalog.open(), home=HOME, options=options)
    found = list(check_documents([document(Example("", text, kind=kind, file=file))], settings))
    assert all(isinstance(item, Finding) for item in found), found
    return [f for f in found if isinstance(f, Finding)]


def loud(kind: Kind, text: str, file: str = "example.json5") -> list[tuple[str, str]]:
    """Return those findings that are not notes."""
    found = findings(kind, text, file)
    return [(f.rule, f.message) for f in found if f.severity is not Severity.NOTE]


SILENT = [
    (
        "bridgecrewio/checkov#5134: an action that knows no resource",
        ID,
        """{Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}""",
    ),
    (
        "bridgecrewio/checkov#5148, #5305: writes held to a tag",
        ID,
        """{Effect: "Allow", Action: ["ec2:StartInstances", "ec2:StopInstances"], Resource: "*",
            Condition: {StringEquals: {"aws:ResourceTag/team": "shop"}}}""",
    ),
    (
        "bridgecrewio/checkov#5181, #2336: `*` in a key policy is the key",
        R,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}""",
    ),
    (
        "bridgecrewio/checkov#1392, #990: metrics of one namespace",
        ID,
        """{Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*",
            Condition: {StringEquals: {"cloudwatch:namespace": "Shelf"}}}""",
    ),
    (
        "bridgecrewio/checkov#1000, #1037, #4394, #4401: a Deny grants nothing",
        ID,
        """{Effect: "Deny", Action: "*", Resource: "*"}""",
    ),
    (
        "bridgecrewio/checkov#4394: a Deny of everyone in a bucket policy",
        R,
        """{Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::shelf/*",
            Condition: {Bool: {"aws:SecureTransport": "false"}}}""",
    ),
    (
        "bridgecrewio/checkov#6839: everyone who is one role of the account",
        T,
        """{Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole",
            Condition: {ArnEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci"}}}""",
    ),
    (
        "bridgecrewio/checkov#7304: the same under StringLike in a bucket policy",
        R,
        """{Effect: "Allow", Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*",
            Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"}}}""",
    ),
    (
        "bridgecrewio/checkov#1582, prowler-cloud/prowler#1151: everyone of the organization",
        R,
        """{Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}""",
    ),
    (
        "turbot/steampipe-mod-aws-compliance#952: units of the organization",
        R,
        """{Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:111122223333:t",
            Condition: {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-*"}}}""",
    ),
    (
        "aws-cloudformation/aws-cloudformation-iam-policy-validator#48: a trust of the organization",
        T,
        """{Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole",
            Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}""",
    ),
    (
        "bridgecrewio/checkov#5934: a Deny of one action locks nobody out",
        R,
        """{Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::shelf/*"}""",
    ),
    (
        "aquasecurity/tfsec#915, #1128, stelligent/cfn_nag#490, aquasecurity/trivy#5040, SonarSource/SonarJS#3543: lists need `*`",
        ID,
        """{Effect: "Allow", Action: ["ec2:DescribeInstances", "logs:DescribeLogGroups", "ecr:GetAuthorizationToken",
            "xray:PutTraceSegments", "sts:GetCallerIdentity"], Resource: "*"}""",
    ),
    (
        "aquasecurity/trivy#5114, aquasecurity/tfsec#1978: a narrow pattern of reads",
        ID,
        """{Effect: "Allow", Action: ["s3:GetObject*", "s3:List*"],
            Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}""",
    ),
    (
        "aquasecurity/trivy#5090, #5010: the end of a log group's ARN",
        ID,
        """{Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/shelf:*"}""",
    ),
    (
        "prowler-cloud/prowler#5731: the caller's own access keys",
        ID,
        """{Effect: "Allow", Action: ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys"],
            Resource: "arn:aws:iam::*:user/${aws:username}"}""",
    ),
    (
        "prowler-cloud/prowler#2314, #2792, #4714: services that send no source",
        T,
        """{Effect: "Allow", Principal: {Service: ["ec2.amazonaws.com", "lambda.amazonaws.com",
            "elastictranscoder.amazonaws.com", "cloudtrail.amazonaws.com", "apigateway.amazonaws.com",
            "backup.amazonaws.com", "glue.amazonaws.com"]}, Action: "sts:AssumeRole"}""",
    ),
    (
        "prowler-cloud/prowler#3807: a stack without a role to pass",
        ID,
        """{Effect: "Allow", Action: "cloudformation:CreateStack",
            Resource: "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/*"}""",
    ),
    (
        "prowler-cloud/prowler#2636: one role for one service",
        ID,
        """{Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/shop",
            Condition: {StringEquals: {"iam:PassedToService": "lambda.amazonaws.com"}}}""",
    ),
    (
        "prowler-cloud/prowler#2770: a wildcard covers what it names, not what names it",
        ID,
        """{Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/shop/*",
            Condition: {StringLike: {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}""",
    ),
    (
        "Skyscanner/cfripper#146: load balancers write by an account of AWS",
        R,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam::054676820928:root"}, Action: "s3:PutObject",
            Resource: "arn:aws:s3:::lb/AWSLogs/111122223333/*"}""",
    ),
    (
        "prowler-cloud/prowler#679: the key policy that CloudTrail makes",
        R,
        """{Effect: "Allow", Principal: {Service: "cloudtrail.amazonaws.com"}, Action: "kms:GenerateDataKey*",
            Resource: "*", Condition: {StringLike: {
              "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}}""",
    ),
    (
        "duo-labs/parliament#208, #48: not every sort of resource must be named",
        ID,
        """{Effect: "Allow", Action: "ec2:RunInstances", Resource: [
            "arn:aws:ec2:eu-west-1:111122223333:instance/*", "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1a2b3c4d"]}""",
    ),
    (
        "aws-cloudformation/cfn-lint#4031: tags on one sort of resource",
        ID,
        """{Effect: "Allow", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*:111122223333:instance/*",
            Condition: {StringEquals: {"ec2:CreateAction": "RunInstances"}}}""",
    ),
    (
        "duo-labs/parliament#220, #134, aws-cloudformation/cfn-lint#3384: wildcards in each field",
        ID,
        """{Effect: "Allow", Action: ["s3:GetObject", "dynamodb:GetItem"], Resource: [
            "arn:*:s3:::shelf/*", "arn:aws:dynamodb:eu-*:111122223333:table/shop-?"]}""",
    ),
    (
        "aws-cloudformation/cfn-lint#4167: a short ARN that ends in a wildcard",
        ID,
        """{Effect: "Allow", Action: ["medialive:DescribeChannel", "medialive:ListTagsForResource"],
            Resource: "arn:aws:medialive:*"}""",
    ),
    (
        "aws-cloudformation/cfn-lint#4025, #4022: a wildcard within an action",
        ID,
        """{Effect: "Allow", Action: ["s3:Get*Acl", "ec2:Describe*Attribute"], Resource: "*"}""",
    ),
    (
        "aws-cloudformation/cfn-lint#948: operators that end in IfExists",
        ID,
        """{Effect: "Allow", Action: "ec2:RunInstances", Resource: "arn:aws:ec2:*:*:instance/*",
            Condition: {StringLikeIfExists: {"ec2:InstanceType": ["t3.*", "t4g.*"]}}}""",
    ),
    (
        "aws-cloudformation/cfn-lint#3620: a session of a role as principal",
        T,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/ci/build"}, Action: "sts:AssumeRole"}""",
    ),
    (
        "Checkmarx/kics#7091: an identity policy has no principal",
        ID,
        """{Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"}""",
    ),
    (
        "aws-cloudformation/aws-cloudformation-iam-policy-validator#30: a plain trust policy",
        T,
        """{Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"}, Action: "sts:AssumeRole"}""",
    ),
    (
        "salesforce/cloudsplaining#97, Skyscanner/pycfmodel#111: what is denied is not granted",
        ID,
        """{Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: ["s3:GetObject", "iam:*"], Resource: "*"},
          {Effect: "Deny", Action: "iam:*", Resource: "*"}]}""",
    ),
    (
        "awsdocs/iam-user-guide#28: AWS's own Deny of those without a device",
        ID,
        """{Effect: "Deny", NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
            "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"],
            Resource: "*", Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}""",
    ),
    (
        "hashicorp/terraform-provider-aws#18935: a service control policy is no grant",
        S,
        """{Effect: "Allow", Action: "*", Resource: "*"}""",
    ),
    (
        "toniblyx/prowler, measured: the stock role of a function has no condition",
        T,
        """{Version: "2012-10-17", Statement: [
          {Sid: "", Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"}, Action: "sts:AssumeRole"}]}""",
    ),
    (
        "boogy/iam-policy-validator, measured: CloudFront's key in any letter case",
        R,
        """{Effect: "Allow", Principal: {Service: "cloudfront.amazonaws.com"}, Action: "s3:GetObject",
            Resource: "arn:aws:s3:::shelf/*", Condition: {StringEquals: {
              "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1A2B3"}}}""",
    ),
]


@pytest.mark.parametrize(("kind", "text"), [c[1:] for c in SILENT], ids=[c[0] for c in SILENT])
def test_policy_of_a_false_alarm_is_silent(kind: Kind, text: str) -> None:
    assert loud(kind, text) == []


TEMPLATES = [
    (
        "aws-cloudformation/cfn-lint#4035, #3727, #3777: functions inside a policy",
        """
        Conditions: {Prod: !Equals [a, b]}
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: !If [Prod, "s3:GetObject", ["s3:GetObject", "s3:PutObject"]]
                    Resource: !Sub "arn:${AWS::Partition}:s3:::shelf-${AWS::AccountId}/*"
                  - !If
                    - Prod
                    - {Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Queue.Arn}
                    - !Ref AWS::NoValue
        """,
    ),
    (
        "awslabs/aws-cloudformation-iam-policy-validator#20, #8: values from elsewhere",
        """
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: !Sub "ec2.${AWS::URLSuffix}"}
                    Action: sts:AssumeRole
                  - Effect: Allow
                    Principal: {AWS: !ImportValue builder}
                    Action: sts:AssumeRole
        """,
    ),
]


@pytest.mark.parametrize("text", [c[1] for c in TEMPLATES], ids=[c[0] for c in TEMPLATES])
def test_template_of_a_false_alarm_is_silent(text: str) -> None:
    assert loud(ID, text, "template.yaml") == []


FIRES = [
    (
        "bridgecrewio/checkov#6839: the account of the role is a wildcard",
        R,
        """{Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*",
            Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}}""",
        "public-resource-policy",
    ),
    (
        "bridgecrewio/checkov CKV_AWS_60, measured: the bare `*` as principal",
        R,
        """{Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*"}""",
        "public-resource-policy",
    ),
    (
        "bridgecrewio/checkov CKV_AWS_60, measured: the bare `*` in a trust policy",
        T,
        """{Effect: "Allow", Principal: "*", Action: "sts:AssumeRole"}""",
        "bare-wildcard-in-trust",
    ),
    (
        "aquasecurity/trivy#5114: the broader pattern is found too",
        ID,
        """{Effect: "Allow", Action: "s3:*", Resource: "*"}""",
        "wildcard-service",
    ),
    (
        "bridgecrewio/checkov#443: the second statement",
        ID,
        """{Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"},
          {Effect: "Allow", Action: "*", Resource: "*"}]}""",
        "wildcard-admin",
    ),
    (
        "bridgecrewio/checkov#212: NotAction",
        ID,
        """{Effect: "Allow", NotAction: "s3:DeleteBucket", Resource: "*"}""",
        "allow-not-action",
    ),
    (
        "cloud-custodian/cloud-custodian#2392: `ForAllValues` holds for the empty set",
        R,
        """{Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*",
            Condition: {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}""",
        "public-resource-policy",
    ),
    (
        "KensioSoftware/yulin#1309, #1315: `Null` and a value rule each other out",
        ID,
        """{Effect: "Deny", Action: "*", Resource: "*", Condition: {
            Bool: {"aws:MultiFactorAuthPresent": "false"}, Null: {"aws:MultiFactorAuthPresent": "true"}}}""",
        "contradicting-conditions",
    ),
    (
        "prowler-cloud/prowler#12845: the subject of every provider",
        T,
        """{Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
            Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
            Condition: {StringEquals: {"gitlab.com:aud": "https://gitlab.com"}}}""",
        "shared-oidc-without-tenant",
    ),
    (
        "bridgecrewio/checkov pull request 7561: a subject of `*`",
        T,
        """{Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
            Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            Condition: {StringLike: {"token.actions.githubusercontent.com:sub": "*"}}}""",
        "github-oidc-without-subject",
    ),
    (
        "bridgecrewio/checkov CKV_AWS_358: the first statement is not GitHub's",
        T,
        """{Version: "2012-10-17", Statement: [
          {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"},
          {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
           Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
           Condition: {StringLike: {"token.actions.githubusercontent.com:sub": ["repo:o/r:*", "repo:*"]}}}]}""",
        "github-oidc-without-subject",
    ),
    (
        "JamesWoolfenden/pike#139: everyone in a trust policy",
        T,
        """{Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole"}""",
        "public-trust",
    ),
    (
        "JamesWoolfenden/pike#139: the root of any account",
        T,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam::*:root"}, Action: "sts:AssumeRole"}""",
        "wildcard-in-principal",
    ),
    (
        "JamesWoolfenden/pike#139: a service without its source",
        R,
        """{Effect: "Allow", Principal: {Service: "s3.amazonaws.com"}, Action: "sns:Publish",
            Resource: "arn:aws:sns:eu-west-1:111122223333:t"}""",
        "service-principal-without-source",
    ),
    (
        "cloud-custodian/cloud-custodian#7191: a service that calls for another account",
        R,
        """{Effect: "Allow", Principal: {Service: "sns.amazonaws.com"}, Action: "sqs:SendMessage",
            Resource: "arn:aws:sqs:eu-west-1:111122223333:q",
            Condition: {StringEquals: {"aws:SourceAccount": "999988887777"}}}""",
        "cross-account-resource-policy",
    ),
    (
        "hashicorp/terraform-provider-aws#18935: `allow` in lower case",
        ID,
        """{Effect: "allow", Action: "s3:GetObject", Resource: "*"}""",
        "invalid-effect",
    ),
    (
        "hashicorp/terraform-provider-aws#37900: an empty list of resources",
        ID,
        """{Effect: "Allow", Action: "s3:GetObject", Resource: []}""",
        "empty-resource-list",
    ),
    (
        "salesforce/cloudsplaining#109: every action",
        ID,
        """{Effect: "Allow", Action: "*", Resource: "*"}""",
        "wildcard-admin",
    ),
    (
        "salesforce/cloudsplaining, measured: a pattern that names every bucket",
        ID,
        """{Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]}""",
        "wildcard-service",
    ),
    (
        "aws-cloudformation/cfn-lint#4410: an ARN of a principal without its empty region",
        T,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam:111122223333:role/ci"}, Action: "sts:AssumeRole"}""",
        "malformed-principal",
    ),
    (
        "viya4-iac-aws#371, cloudposse/atmos#2560: a comment as an element",
        ID,
        """{_comment: "for the shop", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"}""",
        "unknown-element",
    ),
    (
        "terraform-linters/tflint-ruleset-aws#149: characters of a Sid",
        ID,
        """{Sid: "for the shop", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"}""",
        "invalid-sid",
    ),
    (
        "duo-labs/parliament BAD_PATTERN_FOR_MFA, measured: keys without a device pass",
        ID,
        """{Effect: "Allow", Action: "ec2:StopInstances", Resource: "arn:aws:ec2:*:*:instance/*",
            Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "true"}}}""",
        "optional-mfa",
    ),
    (
        "boogy/iam-policy-validator, measured: an Allow that a Deny takes away",
        ID,
        """{Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/shop"},
          {Effect: "Deny", Action: "*", Resource: "*"}]}""",
        "cancelled-allow",
    ),
    (
        "boogy/iam-policy-validator, measured: a foreign account without external id",
        T,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sts:AssumeRole"}""",
        "foreign-account-without-condition",
    ),
]


@pytest.mark.parametrize(
    ("kind", "text", "rule"), [c[1:] for c in FIRES], ids=[c[0] for c in FIRES]
)
def test_missed_fault_is_found_once(kind: Kind, text: str, rule: str) -> None:
    assert [f.rule for f in findings(kind, text) if f.rule == rule] == [rule]


def test_known_statements_are_analysed_beside_unknown_values() -> None:
    """aquasecurity/tfsec#2069, bridgecrewio/checkov#5752, hashicorp/terraform-provider-aws#11823."""
    text = """
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Action: !Ref Actions, Resource: !Ref Bucket}
                  - {Effect: Allow, Action: "*", Resource: "*"}
        """

    assert "wildcard-admin" in {f.rule for f in findings(ID, text, "template.yaml")}


BESIDE_UNKNOWN = """
        Resources:
          Reader:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "%s"
                Statement:
                  Effect: Allow
                  Action: s3:GetObject
                  Resource: !Sub "arn:aws:s3:::${Bucket}/%s"
        """


@pytest.mark.parametrize(
    ("version", "variable", "rules"),
    [
        ("2008-10-17", "${!aws:username}", ["variable-in-old-version"]),
        ("2012-10-17", "${!aws:usrname}", ["unknown-variable"]),
        ("2012-10-17", "${!aws:PrincipalTag/team, none}", ["unquoted-variable-default"]),
        ("2012-10-17", "${!aws:${Key}}", []),
        ("2012-10-17", "${!aws:username}", []),
    ],
)
def test_a_variable_beside_what_is_not_known_is_read(
    version: str, variable: str, rules: list[str]
) -> None:
    found = findings(ID, BESIDE_UNKNOWN % (version, variable), "template.yaml")

    assert [f.rule for f in found] == rules


@pytest.mark.parametrize(
    ("action", "resource", "rules"),
    [
        ("s3:ListBucket", "arn:aws:s3:::${Bucket}/*", ["action-never-applies"]),
        ("s3:ListBucket", "arn:${AWS::Partition}:s3:::${Bucket}/*", ["action-never-applies"]),
        ("s3:GetObject", "arn:${AWS::Partition}:s3:::reports", ["action-never-applies"]),
        ("s3:GetObject", "arn:aws:s3:::${BucketOrPath}", []),
        ("s3:GetObject", "arn:aws:s3:::reports${Suffix}", []),
        ("s3:ListBucket", "${BucketArn}/*", []),
        ("sqs:SendMessage", "arn:aws:sqs:${RegionAndAccount}:orders", []),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/aws/lambda/${Function}", []),
        ("iam:PassRole", "arn:aws:iam::${AWS::AccountId}:${RoleOrUser}/x", []),
    ],
)
def test_actions_are_held_against_what_is_known_of_an_arn(
    action: str, resource: str, rules: list[str]
) -> None:
    text = f"""
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement: {{Effect: Allow, Action: "{action}", Resource: !Sub "{resource}"}}
        """

    assert [f.rule for f in findings(ID, text, "template.yaml")] == rules


def test_many_actions_of_one_statement_are_one_finding() -> None:
    """aquasecurity/tfsec#1458."""
    actions = [a.full_name for a in Catalog.open().expand("ec2:*")][:90]
    text = f"""{{Effect: "Allow", Action: {actions}, Resource: "*"}}"""

    assert len(loud(ID, text)) <= 1
