# ruff: noqa: E501 - a policy reads better when its parts stay together
"""More policies of AWS's guides, for people, perimeters and organizations: none gets a warning.

The shapes follow the pages named; names and numbers are made up. Not silent, and meant so:
subjects such as `repo:octo-org/*` and `project_path:octo/*`, which GitHub's and GitLab's pages show
among others, trust every repository that anybody makes there (`broad-github-subject`,
`broad-oidc-subject`); a bucket that is a public web site is public (`public-resource-policy`); the
policy of administrators is `wildcard-admin`, and of power users a note.
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
GUIDE = "https://docs.aws.amazon.com/"
SAMPLES = "https://github.com/aws-samples/data-perimeter-policy-examples"

IDENTITY = {
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html": """
        {Version: "2012-10-17", Statement: [
          {Sid: "AllowViewAccountInfo", Effect: "Allow", Resource: "*",
           Action: ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"]},
          {Sid: "AllowManageOwnPasswords", Effect: "Allow", Action: ["iam:ChangePassword", "iam:GetUser"],
           Resource: "arn:aws:iam::*:user/${aws:username}"},
          {Sid: "AllowManageOwnAccessKeys", Effect: "Allow", Resource: "arn:aws:iam::*:user/${aws:username}",
           Action: ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey",
             "iam:GetAccessKeyLastUsed"]},
          {Sid: "AllowManageOwnVirtualMFADevice", Effect: "Allow", Action: "iam:CreateVirtualMFADevice",
           Resource: "arn:aws:iam::*:mfa/*"},
          {Sid: "AllowManageOwnUserMFA", Effect: "Allow", Resource: "arn:aws:iam::*:user/${aws:username}",
           Action: ["iam:DeactivateMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"]},
          {Sid: "DenyAllExceptListedIfNoMFA", Effect: "Deny", Resource: "*",
           NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:GetMFADevice",
             "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"],
           Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}]}""",
    f"{GUIDE}IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: ["ec2:RunInstances", "ec2:DescribeInstances"], Resource: "*"},
          {Effect: "Allow", Action: ["ec2:StopInstances", "ec2:TerminateInstances"], Resource: "*",
           Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}}]}""",
    f"{GUIDE}IAM/latest/UserGuide/id_credentials_mfa_sample-code.html": """
        {Effect: "Allow", Action: ["ec2:StopInstances"], Resource: "*",
         Condition: {NumericLessThan: {"aws:MultiFactorAuthAge": "3600"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html": """
        {Effect: "Deny", Action: "*", Resource: "*", Condition: {
          NotIpAddress: {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
          Bool: {"aws:ViaAWSService": "false"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_aws-dates.html": """
        {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*", Condition: {
          DateGreaterThan: {"aws:CurrentTime": "2026-04-01T00:00:00Z"},
          DateLessThan: {"aws:CurrentTime": "2026-06-30T23:59:59Z"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_s3_home-directory-console.html": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: ["s3:ListAllMyBuckets", "s3:GetBucketLocation"], Resource: "*"},
          {Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::shelf",
           Condition: {StringLike: {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}},
          {Effect: "Allow", Action: "s3:*", Resource: [
            "arn:aws:s3:::shelf/home/${aws:username}", "arn:aws:s3:::shelf/home/${aws:username}/*"]}]}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_dynamodb_items.html": """
        {Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"],
         Resource: "arn:aws:dynamodb:*:*:table/shelf", Condition: {"ForAllValues:StringEquals": {
           "dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"]}}}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_ec2_instances-subnet.html": """
        {Effect: "Allow", Action: "ec2:RunInstances", Resource: [
          "arn:aws:ec2:*:*:subnet/subnet-1a2b3c4d", "arn:aws:ec2:*:*:network-interface/*",
          "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*::image/ami-*",
          "arn:aws:ec2:*:*:key-pair/*", "arn:aws:ec2:*:*:security-group/*"]}""",
    f"{GUIDE}IAM/latest/UserGuide/reference_policies_examples_iam-passrole-service.html": """
        {Effect: "Allow", Action: ["iam:GetRole", "iam:PassRole"], Resource: "arn:aws:iam::111122223333:role/shop-*",
         Condition: {StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/tutorial_attribute-based-access-control.html": """
        {Version: "2012-10-17", Statement: [
          {Sid: "AllActionsSecretsManagerSameProject", Effect: "Allow", Action: "secretsmanager:*", Resource: "*",
           Condition: {
             StringEquals: {"aws:ResourceTag/access-project": "${aws:PrincipalTag/access-project}"},
             "ForAllValues:StringEquals": {"aws:TagKeys": ["access-project", "Name"]},
             StringEqualsIfExists: {"aws:RequestTag/access-project": "${aws:PrincipalTag/access-project}"}}},
          {Sid: "AllResourcesSecretsManagerNoTags", Effect: "Allow", Resource: "*",
           Action: ["secretsmanager:GetRandomPassword", "secretsmanager:ListSecrets"]},
          {Sid: "DenyUntagResourceReservedTags", Effect: "Deny", Action: "secretsmanager:UntagResource",
           Resource: "*", Condition: {"ForAnyValue:StringLike": {"aws:TagKeys": "access-*"}}}]}""",
    f"{GUIDE}lambda/latest/dg/lambda-intro-execution-role.html": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: "logs:CreateLogGroup", Resource: "arn:aws:logs:eu-west-1:111122223333:*"},
          {Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
           Resource: ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*"]}]}""",
    f"{GUIDE}AmazonECS/latest/developerguide/task_execution_IAM_role.html": """
        {Effect: "Allow", Action: ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability",
          "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents"],
         Resource: "*"}""",
    f"{GUIDE}systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", Action: ["ssm:StartSession"], Resource: [
             "arn:aws:ec2:eu-west-1:111122223333:instance/i-1a2b3c4d5e6f7a8b9",
             "arn:aws:ssm:eu-west-1:111122223333:document/SSM-SessionManagerRunShell"]},
          {Effect: "Allow", Action: ["ssm:TerminateSession", "ssm:ResumeSession"],
           Resource: ["arn:aws:ssm:*:*:session/${aws:userid}-*"]}]}""",
}
RESOURCE = {
    f"{GUIDE}kms/latest/developerguide/key-policy-default.html": """
        {Version: "2012-10-17", Statement: [
          {Sid: "Enable IAM User Permissions", Effect: "Allow",
           Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"},
          {Sid: "Allow access for Key Administrators", Effect: "Allow",
           Principal: {AWS: "arn:aws:iam::111122223333:role/keys"}, Resource: "*",
           Action: ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*",
             "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource",
             "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]},
          {Sid: "Allow use of the key", Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
           Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
           Resource: "*"},
          {Sid: "Allow attachment of persistent resources", Effect: "Allow",
           Principal: {AWS: "arn:aws:iam::111122223333:role/app"}, Resource: "*",
           Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
           Condition: {Bool: {"kms:GrantIsForAWSResource": "true"}}}]}""",
    f"{GUIDE}AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-MFA": """
        {Version: "2012-10-17", Statement: [
          {Sid: "", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::shelf/tax/*",
           Condition: {Null: {"aws:MultiFactorAuthAge": true}}},
          {Sid: "old", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::shelf/tax/*",
           Condition: {NumericGreaterThan: {"aws:MultiFactorAuthAge": 3600}}}]}""",
    f"{GUIDE}AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html": """
        {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
         Condition: {StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}}}""",
    f"{GUIDE}AmazonS3/latest/userguide/enable-server-access-logging.html": """
        {Effect: "Allow", Principal: {Service: "logging.s3.amazonaws.com"}, Action: ["s3:PutObject"],
         Resource: "arn:aws:s3:::logs/shelf*", Condition: {
           ArnLike: {"aws:SourceArn": "arn:aws:s3:::shelf"}, StringEquals: {"aws:SourceAccount": "111122223333"}}}""",
    f"{GUIDE}elasticloadbalancing/latest/application/enable-access-logging.html": """
        {Effect: "Allow", Principal: {Service: "logdelivery.elasticloadbalancing.amazonaws.com"},
         Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/shelf/AWSLogs/111122223333/*"}""",
    f"{GUIDE}config/latest/developerguide/s3-bucket-policy.html": """
        {Effect: "Allow", Principal: {Service: "config.amazonaws.com"}, Action: "s3:PutObject",
         Resource: "arn:aws:s3:::config/AWSLogs/111122223333/Config/*", Condition: {StringEquals: {
           "s3:x-amz-acl": "bucket-owner-full-control", "AWS:SourceAccount": "111122223333"}}}""",
    f"{GUIDE}AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#oai": """
        {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*", Principal: {
          AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2B3"}}""",
    f"{GUIDE}AmazonECR/latest/userguide/repository-policy-examples.html": """
        {Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"},
         Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource: "*",
         Condition: {StringLike: {"aws:sourceArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}}""",
    f"{GUIDE}amazonglacier/latest/dev/vault-lock-policy.html": """
        {Sid: "keep-for-a-year", Effect: "Deny", Principal: "*", Action: "glacier:DeleteArchive",
         Resource: "arn:aws:glacier:eu-west-1:111122223333:vaults/shelf",
         Condition: {NumericLessThan: {"glacier:ArchiveAgeInDays": "365"}}}""",
    f"{GUIDE}secretsmanager/latest/userguide/auth-and-access_examples_cross.html": """
        {Effect: "Deny", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*",
         Condition: {StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}}}""",
    f"{GUIDE}sns/latest/dg/sns-access-policy-use-cases.html#events": """
        {Effect: "Allow", Principal: {Service: "events.amazonaws.com"}, Action: "sns:Publish",
         Resource: "arn:aws:sns:eu-west-1:111122223333:t", Condition: {
           ArnLike: {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/nightly"}}}""",
    f"{GUIDE}lambda/latest/dg/urls-auth.html": """
        {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"}, Action: "lambda:InvokeFunctionUrl",
         Resource: "arn:aws:lambda:eu-west-1:111122223333:function:f",
         Condition: {StringEquals: {"lambda:FunctionUrlAuthType": "AWS_IAM"}}}""",
    f"{GUIDE}apigateway/latest/developerguide/apigateway-resource-policies-examples.html": """
        {Version: "2012-10-17", Statement: [
          {Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"},
          {Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*",
           Condition: {NotIpAddress: {"aws:SourceIp": ["192.0.2.0/24"]}}}]}""",
}
TRUST = {
    f"{GUIDE}eks/latest/userguide/associate-service-account-role.html": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
         Condition: {
           StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com"},
           StringLike: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:*"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
         Condition: {StringEquals: {
           "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
           "token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:ref:refs/heads/main"}}}""",
    "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration": """
        {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
         Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
         Condition: {
           StringEquals: {"app.terraform.io:aud": "aws.workload.identity"},
           StringLike: {"app.terraform.io:sub": "organization:octo:project:p:workspace:w:run_phase:*"}}}""",
    f"{GUIDE}iot/latest/developerguide/cross-service-confused-deputy-prevention.html": """
        {Effect: "Allow", Principal: {Service: "iot.amazonaws.com"}, Action: "sts:AssumeRole", Condition: {
          StringEquals: {"aws:SourceAccount": "111122223333"},
          ArnLike: {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:rule/r"}}}""",
    f"{GUIDE}cognito/latest/developerguide/cognito-user-pool-settings-email-phone-verification.html": """
        {Effect: "Allow", Principal: {Service: "cognito-idp.amazonaws.com"}, Action: "sts:AssumeRole", Condition: {
          StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2", "aws:SourceAccount": "111122223333"},
          ArnLike: {"aws:SourceArn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1b2"}}}""",
    f"{GUIDE}IAM/latest/UserGuide/id_session-tags.html": """
        {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:user/ann"},
         Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], Condition: {
           StringLike: {"aws:RequestTag/Project": "*"}, StringEquals: {"aws:RequestTag/CostCenter": "12"},
           "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["Project", "CostCenter"]}}}""",
}
LIMITS = [
    (
        Kind.SCP,
        f"{GUIDE}organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html#mfa",
        """{Effect: "Deny", Action: ["ec2:StopInstances", "ec2:TerminateInstances"], Resource: "*",
            Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}""",
    ),
    (
        Kind.SCP,
        f"{GUIDE}organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html#region",
        """{Effect: "Deny", NotAction: ["iam:*", "organizations:*", "route53:*", "support:*", "sts:*"], Resource: "*",
            Condition: {StringNotEquals: {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
              ArnNotLike: {"aws:PrincipalARN": ["arn:aws:iam::*:role/admin"]}}}""",
    ),
    (
        Kind.SCP,
        f"{GUIDE}organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html#root",
        """{Effect: "Deny", Action: "ec2:*", Resource: "*",
            Condition: {StringLike: {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}}}""",
    ),
    (
        Kind.SCP,
        f"{GUIDE}organizations/latest/userguide/orgs_manage_policies_scps_examples_ram.html",
        """{Effect: "Deny", Action: ["ram:CreateResourceShare", "ram:UpdateResourceShare"], Resource: "*",
            Condition: {Bool: {"ram:RequestedAllowsExternalPrincipals": "true"}}}""",
    ),
    (
        Kind.SCP,
        SAMPLES + "#network",
        """{Effect: "Deny", Action: ["s3:*", "sqs:*"], Resource: "*", Condition: {
            BoolIfExists: {"aws:ViaAWSService": "false"},
            NotIpAddressIfExists: {"aws:SourceIp": ["192.0.2.0/24"]},
            StringNotEqualsIfExists: {"aws:SourceVpc": ["vpc-1a2b3c4d"], "aws:PrincipalTag/network-exempt": "true"}}}""",
    ),
    (
        Kind.RCP,
        SAMPLES + "#identity",
        """{Effect: "Deny", Principal: "*", Action: ["s3:*", "sqs:*", "kms:*", "secretsmanager:*"], Resource: "*",
            Condition: {
              StringNotEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
              BoolIfExists: {"aws:PrincipalIsAWSService": "false"}}}""",
    ),
    (
        Kind.ENDPOINT,
        SAMPLES + "#endpoint",
        """{Effect: "Allow", Principal: {AWS: "*"}, Action: "*", Resource: "*", Condition: {StringEquals: {
            "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5"}}}""",
    ),
]
CASES = [
    *((Kind.IDENTITY, page, text) for page, text in IDENTITY.items()),
    *((Kind.RESOURCE, page, text) for page, text in RESOURCE.items()),
    *((Kind.TRUST, page, text) for page, text in TRUST.items()),
    *LIMITS,
]


@pytest.mark.parametrize(("kind", "page", "text"), CASES, ids=[c[1] for c in CASES])
def test_policy_of_a_guide_gets_no_warning(kind: Kind, page: str, text: str) -> None:
    rules = tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT)
    options = {rule.name: rule.options() for rule in rules if rule.options}
    settings = CheckOptions(rules=rules, catalog=Catalog.open(), home=HOME, options=options)

    found = list(check_documents([document(Example("", text, kind=kind, home=HOME))], settings))

    assert all(isinstance(item, Finding) for item in found), found
    loud = [f for f in found if isinstance(f, Finding) and f.severity is not Severity.NOTE]
    assert loud == [], page
