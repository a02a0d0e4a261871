# ruff: noqa: E501 - a policy reads better when its parts stay together
"""Policies in the documentation of AWS and its partners: none gets a warning.

The shapes follow the pages named; names and numbers are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.errors import InternalError
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example, OwnAccounts
from iamlint.rule.finding import Family, Finding, Profile, Severity
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document

if TYPE_CHECKING:
    from iamlint.rule import Rule

DEFAULT = tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT)
FAMILIES = (Family.PRINCIPALS, Family.TRUST, Family.BREADTH, Family.EXPOSURE)
RULES = tuple(rule for rule in DEFAULT if rule.family in FAMILIES)
HOME = OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5")


def found(text: str, kind: Kind, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    example = Example("", text, kind=kind, home=HOME)
    options = {rule.name: rule.options() for rule in rules if rule.options}
    settings = CheckOptions(rules=rules, catalog=Catalog.open(), home=HOME, options=options)
    findings = list(check_documents([document(example)], settings))
    assert not [item for item in findings if isinstance(item, InternalError)]
    return [item for item in findings if isinstance(item, Finding)]


TRUST = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
    "service role": """
        {Effect: "Allow", Principal: {Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
         Action: "sts:AssumeRole"}""",
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    "ecs task": """
        {Effect: "Allow", Principal: {Service: "ecs-tasks.amazonaws.com"}, Action: "sts:AssumeRole",
         Condition: {ArnLike: {"aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:*"},
                     StringEquals: {"aws:SourceAccount": "111122223333"}}}""",
    # https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    "irsa": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
         Condition: {StringEquals: {
           "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com",
           "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart"}}}""",
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    "pod identity": """
        {Sid: "AllowEksAuthToAssumeRoleForPodIdentity", Effect: "Allow",
         Principal: {Service: "pods.eks.amazonaws.com"}, Action: ["sts:AssumeRole", "sts:TagSession"]}""",
    # https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    "github": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
         Condition: {StringLike: {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"},
                     StringEquals: {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
    "saml": """
        {Effect: "Allow", Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
         Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/ADFS"},
         Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}""",
    # https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
    "cognito": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "cognito-identity.amazonaws.com"},
         Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                     "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}}""",
    # https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
    "roles anywhere": """
        {Effect: "Allow", Principal: {Service: "rolesanywhere.amazonaws.com"},
         Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
         Condition: {StringEquals: {"aws:PrincipalTag/x509Subject/CN": "build"},
           ArnEquals: {"aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    "third party": """
        {Effect: "Allow", Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole",
         Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    "own account with mfa": """
        {Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole",
         Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "own organization": """
        {Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole", Condition: {
           StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
           ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    "session of a role": """
        {Effect: "Allow", Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/ci/build"},
         Action: "sts:AssumeRole"}""",
}

RESOURCE = {
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    "default key policy": """
        {Sid: "Enable IAM User Permissions", Effect: "Allow",
         Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}""",
    "key users may grant to AWS services": """
        {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
         Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], Resource: "*",
         Condition: {Bool: {"kms:GrantIsForAWSResource": true}}}""",
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    "key for one account through a service": """
        {Effect: "Allow", Principal: {AWS: "*"}, Action: ["kms:Decrypt", "kms:CreateGrant"], Resource: "*",
         Condition: {StringEquals: {"kms:ViaService": "ec2.eu-west-1.amazonaws.com",
                                    "kms:CallerAccount": "111122223333"}}}""",
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    "key for logs": """
        {Effect: "Allow", Principal: {Service: "logs.eu-west-1.amazonaws.com"},
         Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
         Resource: "*", Condition: {ArnEquals: {
           "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:shelf"}}}""",
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    "default topic policy": """
        {Effect: "Allow", Principal: {AWS: "*"},
         Action: ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:Publish"],
         Resource: "arn:aws:sns:eu-west-1:111122223333:t",
         Condition: {StringEquals: {"AWS:SourceOwner": "111122223333"}}}""",
    "subscribers of one mail domain": """
        {Effect: "Allow", Principal: {AWS: "*"}, Action: "sns:Subscribe",
         Resource: "arn:aws:sns:eu-west-1:111122223333:t",
         Condition: {StringLike: {"sns:Endpoint": "*@example.com"}}}""",
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
    "default queue policy": """
        {Sid: "__owner_statement", Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"},
         Action: "SQS:*", Resource: "arn:aws:sqs:eu-west-1:111122223333:q"}""",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    "queue for the events of a bucket": """
        {Effect: "Allow", Principal: {Service: "s3.amazonaws.com"}, Action: "SQS:SendMessage",
         Resource: "arn:aws:sqs:eu-west-1:111122223333:q",
         Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shelf"},
                     StringEquals: {"aws:SourceAccount": "111122223333"}}}""",
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    "origin access control": """
        {Sid: "AllowCloudFrontServicePrincipalReadOnly", Effect: "Allow",
         Principal: {Service: "cloudfront.amazonaws.com"}, Action: "s3:GetObject",
         Resource: "arn:aws:s3:::shelf/*", Condition: {StringEquals: {
           "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"}}}""",
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    "trail": """
        {Effect: "Allow", Principal: {Service: "cloudtrail.amazonaws.com"}, Action: "s3:PutObject",
         Resource: "arn:aws:s3:::trails/AWSLogs/111122223333/*", Condition: {StringEquals: {
           "aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t",
           "s3:x-amz-acl": "bucket-owner-full-control"}}}""",
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    "logs of load balancers by the account of the region": """
        {Effect: "Allow", Principal: {AWS: "arn:aws:iam::156460612806:root"}, Action: "s3:PutObject",
         Resource: "arn:aws:s3:::lb/AWSLogs/111122223333/*"}""",
    # https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    "function for a bucket": """
        {Effect: "Allow", Principal: {Service: "s3.amazonaws.com"}, Action: "lambda:InvokeFunction",
         Resource: "arn:aws:lambda:eu-west-1:111122223333:function:f",
         Condition: {StringEquals: {"AWS:SourceAccount": "111122223333"},
                     ArnLike: {"AWS:SourceArn": "arn:aws:s3:::shelf"}}}""",
    # https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    "file system of a network": """
        {Effect: "Allow", Principal: {AWS: "*"},
         Action: ["elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"],
         Resource: "*", Condition: {Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}}}""",
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    "backups of the organization": """
        {Effect: "Allow", Principal: "*", Action: "backup:CopyIntoBackupVault", Resource: "*",
         Condition: {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}}""",
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
    "bus of the organization": """
        {Effect: "Allow", Principal: "*", Action: "events:PutEvents",
         Resource: "arn:aws:events:eu-west-1:111122223333:event-bus/b",
         Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}""",
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
    "domain for an office": """
        {Effect: "Allow", Principal: {AWS: "*"}, Action: "es:ESHttp*",
         Resource: "arn:aws:es:eu-west-1:111122223333:domain/d/*",
         Condition: {IpAddress: {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.7"]}}}""",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    "bucket that leaves access to its access points": """
        {Effect: "Allow", Principal: {AWS: "*"}, Action: "*",
         Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
         Condition: {StringEquals: {"s3:DataAccessPointAccount": "111122223333"}}}""",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    "encrypted lines only": """
        {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::shelf/*"],
         Condition: {Bool: {"aws:SecureTransport": "false"}}}""",
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    "rotation": """
        {Effect: "Allow", Principal: {Service: "secretsmanager.amazonaws.com"},
         Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:eu-west-1:111122223333:function:f"}""",
}

IDENTITY = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
    "power user": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*"},
          {Effect: "Allow", Action: ["iam:ListRoles", "organizations:DescribeOrganization"],
           Resource: "*"}]}""",
    "auditor": """
        {Effect: "Allow", Action: ["iam:Get*", "iam:List*", "s3:GetBucket*", "ec2:Describe*"],
         Resource: "*"}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
    "nothing without mfa": """
        {Effect: "Deny", NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice",
           "iam:ListMFADevices", "sts:GetSessionToken"], Resource: "*",
         Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    "all of S3 but one action": """
        {Effect: "Allow", NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::*"}""",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_ec2_tag-owner.html
    "instances of the caller": """
        {Effect: "Allow", Action: "ec2:*", Resource: "*", Condition: {
           StringEquals: {"aws:ResourceTag/Owner": "${aws:username}"}}}""",
    "metrics of one namespace": """
        {Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*",
         Condition: {StringEquals: {"cloudwatch:namespace": "Shelf"}}}""",
    "buckets in the console": """{Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}""",
}

LIMITS = {
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
    "full access": (Kind.SCP, """{Effect: "Allow", Action: "*", Resource: "*"}"""),
    "regions": (
        Kind.SCP,
        """{Effect: "Deny", NotAction: ["iam:*", "sts:*"], Resource: "*", Condition: {
             StringNotEquals: {"aws:RequestedRegion": "eu-west-1"}}}""",
    ),
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
    "confused deputies": (
        Kind.RCP,
        """{Effect: "Deny", Principal: "*", Action: ["s3:*", "sqs:*"], Resource: "*", Condition: {
             StringNotEqualsIfExists: {"aws:SourceOrgID": "o-a1b2c3d4e5"},
             Null: {"aws:SourceAccount": "false"}, Bool: {"aws:PrincipalIsAWSService": "true"}}}""",
    ),
    # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    "default endpoint": (
        Kind.ENDPOINT,
        """{Effect: "Allow", Principal: "*", Action: "*", Resource: "*"}""",
    ),
    "boundary": (Kind.BOUNDARY, """{Effect: "Allow", Action: ["s3:*", "ec2:*"], Resource: "*"}"""),
}

CASES = [
    *((Kind.TRUST, name, text) for name, text in TRUST.items()),
    *((Kind.RESOURCE, name, text) for name, text in RESOURCE.items()),
    *((Kind.IDENTITY, name, text) for name, text in IDENTITY.items()),
    *((kind, name, text) for name, (kind, text) in LIMITS.items()),
]


@pytest.mark.parametrize(("kind", "name", "text"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_documented_policy_gets_no_warning(kind: Kind, name: str, text: str) -> None:
    loud = [f for f in found(text, kind, DEFAULT) if f.severity is not Severity.NOTE]

    assert [(f.rule, f.message) for f in loud] == [], name


LOWERED = [
    (Kind.IDENTITY, """{Effect: "Allow", Action: "*", Resource: "*"}""", Severity.WARNING),
    (
        Kind.IDENTITY,
        """{Effect: "Allow", Action: "*", Resource: "*", Condition: {
             StringEquals: {"aws:RequestedRegion": "eu-west-1"}}}""",
        Severity.NOTE,
    ),
    (Kind.IDENTITY, """{Effect: "Allow", Action: "s3:*", Resource: "*"}""", Severity.WARNING),
    (Kind.IDENTITY, """{Effect: "Allow", Action: "rum:*", Resource: "*"}""", Severity.NOTE),
    (
        Kind.IDENTITY,
        """{Effect: "Allow", NotAction: "iam:PassRole", Resource: "*"}""",
        Severity.WARNING,
    ),
    (
        Kind.TRUST,
        """{Effect: "Allow", Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole"}""",
        Severity.WARNING,
    ),
    (
        Kind.TRUST,
        """{Effect: "Allow", Principal: {AWS: "arn:aws:iam::999988887777:role/r"},
            Action: "sts:AssumeRole"}""",
        Severity.NOTE,
    ),
    (
        Kind.RESOURCE,
        """{Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*"}""",
        Severity.NOTE,
    ),
    (
        Kind.RESOURCE,
        """{Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*"}""",
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize(("kind", "text", "severity"), LOWERED, ids=lambda c: str(c)[:50])
def test_severity_follows_what_is_at_stake(kind: Kind, text: str, severity: Severity) -> None:
    assert [f.severity for f in found(text, kind)] == [severity]


def test_without_configuration_a_foreign_account_is_a_lighter_warning_that_says_why() -> None:
    text = """{Effect: "Allow", Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole"}"""
    default = tuple(rule for rule in DEFAULT if rule.family is Family.TRUST)
    settings = CheckOptions(rules=default, catalog=Catalog.open())
    example = Example("", text, kind=Kind.TRUST)

    (finding,) = check_documents([document(example)], settings)

    assert isinstance(finding, Finding)
    assert (finding.severity, finding.security_severity) == (Severity.WARNING, 4.0)
    assert "if the account `999988887777` is foreign" in finding.message


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("s3:ListBucket", "anyone on the internet, without signing in, can list this resource"),
        ("s3:GetObject", "anyone on the internet, without signing in, can read this resource"),
        ("s3:Put*", "anyone on the internet, without signing in, can change or use this resource"),
        ("kms:Decrypt", "every AWS account can change or use this resource"),
        (
            "elasticfilesystem:ClientMount",
            "any client that reaches a mount target can read this resource",
        ),
    ],
)
def test_public_policies_tell_who_reaches_what(action: str, said: str) -> None:
    text = f"""{{Effect: "Allow", Principal: "*", Action: "{action}", Resource: "*"}}"""

    assert [f.message for f in found(text, Kind.RESOURCE)] == [said]
