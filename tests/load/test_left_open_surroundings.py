"""The surroundings of a policy decide its meaning: two inputs that differ in one place."""

from __future__ import annotations

from tests.load.twins import Twin, as_test

OPEN_DOMAIN = """jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = { AWS = "*" }, Action = "es:*"
      Resource = "arn:aws:es:eu-west-1:111122223333:domain/logs/*"
    }]
  })"""
IN_VPC = 'vpc_options { subnet_ids = ["subnet-0123456789abcdef0"] }'


def domain(inside: str) -> dict[str, str]:
    return {
        "main.tf": f"""
variable "subnets" {{ type = list(string) }}
resource "aws_opensearch_domain" "this" {{
  domain_name = "logs"
  {inside}
  access_policies = {OPEN_DOMAIN}
}}
"""
    }


def domain_policy(inside: str) -> dict[str, str]:
    return {
        "main.tf": f"""
resource "aws_elasticsearch_domain" "this" {{
  domain_name = "logs"
  {inside}
}}
resource "aws_elasticsearch_domain_policy" "this" {{
  domain_name     = aws_elasticsearch_domain.this.domain_name
  access_policies = {OPEN_DOMAIN}
}}
"""
    }


def template(type_: str, properties: str) -> dict[str, str]:
    return {
        "template.yaml": f"""
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Private: {{Type: String}}
Conditions:
  IsPrivate: !Equals [!Ref Private, "yes"]
Resources:
  Thing:
    Type: {type_}
    Properties:
{properties}
"""
    }


def stack_domain(options: str) -> dict[str, str]:
    return template(
        "AWS::OpenSearchService::Domain",
        f"""      {options}
      AccessPolicies:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{AWS: "*"}}
            Action: es:*
            Resource: arn:aws:es:eu-west-1:111122223333:domain/logs/*""",
    )


def function(auth: str) -> dict[str, str]:
    return template(
        "AWS::Serverless::Function",
        f"""      Handler: app.main
      Runtime: python3.12
      CodeUri: src
      FunctionUrlConfig:
        AuthType: {auth}""",
    )


def url(auth: str) -> dict[str, str]:
    return {
        "main.tf": f"""
resource "aws_lambda_function_url" "this" {{
  function_name      = "hello"
  authorization_type = "{auth}"
}}
"""
    }


def parameter(lifecycle: str) -> dict[str, str]:
    return {
        "main.tf": f"""
resource "aws_ssm_parameter" "vendor" {{
  name           = "vendor"
  type           = "String"
  insecure_value = "later"
  {lifecycle}
}}
resource "aws_sns_topic_policy" "this" {{
  arn = "arn:aws:sns:eu-west-1:111122223333:orders"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ AWS = "arn:aws:iam::${{aws_ssm_parameter.vendor.insecure_value}}:root" }}
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:111122223333:orders"
    }}]
  }})
}}
"""
    }


def ignored(what: str) -> dict[str, str]:
    return parameter(f"lifecycle {{ ignore_changes = {what} }}")


def bucket(bucket: str) -> dict[str, str]:
    return {
        "main.tf": f"""
variable "bucket" {{ type = string }}
resource "aws_s3_directory_bucket" "this" {{
  bucket = "a--euw1-az1--x-s3"
}}
resource "aws_s3_bucket" "general" {{
  bucket = "a"
}}
resource "aws_s3_bucket_policy" "this" {{
  bucket = {bucket}
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ AWS = "arn:aws:iam::111122223333:role/reader" }}
      Action    = "s3express:CreateSession"
      Resource  = "*"
    }}]
  }})
}}
"""
    }


def without_resource(type_: str, attribute: str, action: str) -> dict[str, str]:
    return {
        "main.tf": f"""
resource "{type_}" "this" {{
  {attribute} = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ AWS = "arn:aws:iam::111122223333:role/reader" }}
      Action    = "{action}"
    }}]
  }})
}}
"""
    }


def role(provider: str) -> dict[str, str]:
    service = "ecs.aliyuncs.com" if provider == "alicloud_ram_role" else "lamda.amazonaws.com"
    return {
        "main.tf": f"""
resource "{provider}" "this" {{
  name = "app"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Service = ["{service}"] }}
      Action    = "sts:AssumeRole"
    }}]
  }})
}}
"""
    }


def plain(path: str, *, principal: str, action: str, rest: str = "") -> dict[str, str]:
    return {
        path: f"""{{"Version": "2012-10-17", "Statement": [{{
  "Effect": "Allow", "Principal": {principal}, "Action": "{action}"{rest}
}}]}}"""
    }


LAMBDA = '{"Service": "lambda.amazonaws.com"}'
EVERYONE = '{"AWS": "*"}'
DYNAMIC = """dynamic "vpc_options" {
    for_each = var.subnets
    content { subnet_ids = [vpc_options.value] }
  }"""


def stack(key: str) -> dict[str, str]:
    text = """{"StackName": "a", "%s": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"}
    ]}}"""
    return {"config.json": text % key}


def numbered(action: str) -> dict[str, str]:
    return template(
        "AWS::IAM::ManagedPolicy",
        f"""      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: 1
            Effect: Allow
            Action: {action}
            Resource: arn:aws:s3:::logs/*""",
    )


OF_CODE = """
Resources:
  Thing:
    Type: %s
    Properties:
      Policy:
        Version: "2012-10-17"
        Statement:
          - Effect: Deny
            Action: "%s"
            Principal: "*"
            Condition: {Bool: {"aws:SecureTransport": "false"}}
"""

TWINS = [
    *(
        Twin(
            f"a policy that {type_} may complete",
            harmless={"template.yaml": OF_CODE % (type_, "s3:*")},
            faulty={"template.yaml": OF_CODE % (type_, "s3:GetObjekt")},
            rule="unknown-action",
        )
        for type_ in ("Custom::Bucket", "AWS::CloudFormation::CustomResource")
    ),
    Twin(
        "a policy without resources that no code completes",
        harmless={"template.yaml": OF_CODE % ("Custom::Bucket", "s3:*")},
        faulty={"template.yaml": OF_CODE % ("AWS::Acme::Bucket", "s3:*")},
        rule="missing-resource",
    ),
    Twin("a stack policy", stack("StackPolicy"), stack("BucketPolicy"), "public-resource-policy"),
    Twin(
        "a number as Sid of a template",
        numbered("s3:GetObject"),
        numbered("s3:GetObjekt"),
        "unknown-action",
    ),
    Twin("a domain in a VPC", domain(IN_VPC), domain(""), "public-resource-policy"),
    Twin("a domain that may be in one", domain(DYNAMIC), domain(""), "public-resource-policy"),
    Twin(
        "the policy of a domain in a VPC",
        domain_policy(IN_VPC),
        domain_policy(""),
        "public-resource-policy",
    ),
    Twin(
        "a domain of a template in a VPC",
        stack_domain("VPCOptions: {SubnetIds: [subnet-0123456789abcdef0]}"),
        stack_domain("DomainName: logs"),
        "public-resource-policy",
    ),
    Twin(
        "a domain of a template that may be in a VPC",
        stack_domain(
            "VPCOptions: !If [IsPrivate, {SubnetIds: [subnet-01234567]}, !Ref AWS::NoValue]"
        ),
        stack_domain("DomainName: logs"),
        "public-resource-policy",
    ),
    Twin("a function URL of SAM", function("AWS_IAM"), function("NONE"), "public-resource-policy"),
    Twin(
        "a function URL of SAM that may be open",
        function("!If [IsPrivate, AWS_IAM, NONE]"),
        function("NONE"),
        "public-resource-policy",
    ),
    Twin("a function URL of Terraform", url("AWS_IAM"), url("NONE"), "public-resource-policy"),
    *(
        Twin(
            f"a value that others change: {what}",
            ignored(what),
            ignored('[tags["insecure_value"]]'),
            "malformed-principal",
        )
        for what in ("[insecure_value]", "all", '[tags, "insecure_value"]')
    ),
    *(
        Twin(
            f"a directory bucket: {name}",
            bucket(name),
            bucket("aws_s3_bucket.general.id"),
            "action-outside-resource-type",
        )
        for name in ("aws_s3_directory_bucket.this.bucket", '"b--euw1-az1--x-s3"', "var.bucket")
    ),
    *(
        Twin(
            f"no resource: {type_}",
            without_resource(type_, attribute, action),
            without_resource("aws_sqs_queue_policy", "policy", "sqs:SendMessage"),
            "missing-resource",
        )
        for type_, attribute, action in (
            ("aws_efs_file_system_policy", "policy", "elasticfilesystem:ClientMount"),
            ("aws_redshiftserverless_resource_policy", "policy", "redshift-serverless:GetSnapshot"),
            ("aws_cloudsearch_domain_service_access_policy", "access_policy", "cloudsearch:search"),
            ("aws_ecr_repository_policy", "policy", "ecr:BatchGetImage"),
        )
    ),
    Twin(
        "a role of another cloud",
        role("alicloud_ram_role"),
        role("aws_iam_role"),
        "misspelt-service-principal",
    ),
    *(
        Twin(
            f"a trust policy in {path}",
            plain(path, principal=LAMBDA, action="sts:AssumeRole"),
            plain(path, principal=EVERYONE, action="sts:AssumeRole"),
            "public-trust",
        )
        for path in (
            "custom-resource.json",
            "vpce-role.json",
            "scp-manager.json",
            "identity/role.json",
            "boundary-role.json",
            "session.json",
        )
    ),
    Twin(
        "a bucket policy in scp-logs.json",
        plain(
            "scp-logs.json",
            principal='{"AWS": "arn:aws:iam::111122223333:root"}',
            action="s3:GetObject",
            rest=', "Resource": "arn:aws:s3:::logs/*"',
        ),
        plain(
            "scp-logs.json",
            principal=EVERYONE,
            action="s3:GetObject",
            rest=', "Resource": "arn:aws:s3:::logs/*"',
        ),
        "public-resource-policy",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)
