"""Values that templates leave open, in forms that public modules use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.load.twins import Twin, as_test, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

TRUST = """
variable "trusted" { type = any }
locals {
  services = [for one in [%s] : try(tostring(one), "")]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = compact(local.services)
    }
  }
}
resource "aws_iam_role" "it" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""

OF_A_MODULE = """
module "policy" {
  source     = "cloudposse/iam-policy/aws"
  iam_policy = {
    version    = "2012-10-17"
    statements = [{ effect = "Allow", actions = ["%s"], resources = ["*"] }]
  }
}
"""

GATED = """
locals {
  made = module.label.enabled && var.replicated
  open = module.label.enabled && var.bucket_wanted
  name = module.label.enabled && (var.name == "" || var.name == null) ? module.label.id : var.name
}
module "label" {
  source = "acme/label/null"
}
resource "aws_s3_bucket" "it" {
  count  = local.open ? 1 : 0
  bucket = substr(local.name, 0, 63)
}
data "aws_iam_policy_document" "it" {
  count = local.made ? 1 : 0
  statement {
    actions   = ["%s"]
    resources = ["${join("", aws_s3_bucket.it[*].arn)}/*"]
  }
}
resource "aws_iam_policy" "it" {
  count  = local.made ? 1 : 0
  policy = data.aws_iam_policy_document.it[0].json
}
"""

DOMAIN = """
variable "signs_in" { type = bool }
resource "aws_opensearch_domain" "it" {
  domain_name = "shelf"
  %s
}
data "aws_iam_policy_document" "it" {
  statement {
    actions   = ["es:ESHttpGet", "es:ESHttpPut"]
    resources = ["${aws_opensearch_domain.it.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_opensearch_domain_policy" "it" {
  domain_name     = aws_opensearch_domain.it.domain_name
  access_policies = data.aws_iam_policy_document.it.json
}
"""

SIGNING = "advanced_security_options {\n    enabled = %s\n    anonymous_auth_enabled = %s\n  }"

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  SignsIn: {Type: String}
Resources:
  It:
    Type: AWS::OpenSearchService::Domain
    Properties:
      %s
      AccessPolicies:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: "*", Action: "es:ESHttp*", Resource: "*"}
"""

SOURCE = """
data "aws_iam_policy_document" "it" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    condition {
      test     = "StringLike"
      variable = "aws:SourceArn"
      values   = ["%s"]
    }
  }
}
"""

LIMITED = """
resource "aws_iam_role" "it" {
  assume_role_policy   = templatefile("${path.module}/policies/trust.json", {})
  permissions_boundary = %s
}
resource "aws_iam_policy" "limits" {
  policy = templatefile("${path.module}/policies/limits.json", {})
}
"""
DEMANDING = """
data "aws_iam_policy_document" "it" {
  statement {
    actions   = ["iam:CreateRole"]
    resources = ["arn:aws:iam::111122223333:role/apps/*"]
    condition {
      test     = "%s"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.limits.arn]
    }
  }
}
"""
POLICIES = {
    "policies/trust.json": """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }]
}""",
    "policies/limits.json": """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}]
}""",
}

CALLED = """
variable "actions" { type = list(string) }
data "aws_iam_policy_document" "it" {
  statement {
    actions   = var.actions
    resources = ["*"]
  }
}
"""


def limited(boundary: str, more: str = "") -> dict[str, str]:
    return {"main.tf": LIMITED % boundary + more, **POLICIES}


def domain(*options: str) -> dict[str, str]:
    return {"main.tf": DOMAIN % (SIGNING % options)}


def template(options: str) -> dict[str, str]:
    return {"template.yaml": TEMPLATE % f"AdvancedSecurityOptions: {options}"}


OF_ANOTHER_TOOL = """
Resources:
  Shelf:
    Type: AWS::S3::Bucket
  Content:
    Type: !Rain::Module "bucket.yaml"
    Overrides:
      ItsPolicy:
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Action: %s
                Effect: Allow
                Resource: !Sub arn:${AWS::Partition}:s3:::shelf/*
                Principal: {AWS: arn:aws:iam::111122223333:root}
"""

TWINS = [
    Twin(
        "a resource of a type that another tool puts in",
        harmless={"template.yaml": OF_ANOTHER_TOOL % "s3:GetObject"},
        faulty={"template.yaml": OF_ANOTHER_TOOL % "s3:GetObjekt"},
        rule="unknown-action",
    ),
    Twin(
        "an object is no service where text is taken of it",
        harmless={"main.tf": TRUST % '"ec2.amazonaws.com", { type = "AWS" }'},
        faulty={"main.tf": TRUST % '"ec2.amazon.com.example", { type = "AWS" }'},
        rule="invalid-service-principal",
    ),
    Twin(
        "one policy where later versions of a module take a list",
        harmless={"main.tf": OF_A_MODULE % "sqs:ReceiveMessage"},
        faulty={"main.tf": OF_A_MODULE % "sqs:ReceiveMessages"},
        rule="unknown-action",
    ),
    Twin(
        "a policy whose count is one of many conditions",
        harmless={"main.tf": GATED % "s3:ReplicateObject"},
        faulty={"main.tf": GATED % "s3:ReplicateObjects"},
        rule="unknown-action",
    ),
    Twin(
        "a source whose ARN has a wildcard for the region and names without colons",
        harmless={"main.tf": SOURCE % "arn:aws:cloudtrail:*:111122223333:trail/*-logs"},
        faulty={"main.tf": SOURCE % "arn:*:cloudtrail:*:111122223333:trail/*-logs"},
        rule="string-like-on-arn-key",
    ),
    Twin(
        "a source whose ARN has a wildcard for the account and names that may have colons",
        harmless={"main.tf": SOURCE % "arn:aws:sns:*:*:orders"},
        faulty={"main.tf": SOURCE % "arn:aws:iam::*:role/orders"},
        rule="string-like-on-arn-key",
    ),
    Twin(
        "a boundary that is written in a file of another folder",
        harmless=limited("aws_iam_policy.limits.arn"),
        faulty=limited("null"),
        rule="wildcard-service",
    ),
    Twin(
        "a boundary that a policy demands",
        harmless=limited("null", DEMANDING % "StringEquals"),
        faulty=limited("null", DEMANDING % "StringNotEquals"),
        rule="wildcard-service",
    ),
    Twin(
        "a domain that signs its users in",
        harmless=domain("true", "false"),
        faulty=domain("false", "false"),
        rule="public-resource-policy",
    ),
    Twin(
        "a domain that answers users who do not sign in, too",
        harmless=domain("true", "null"),
        faulty=domain("true", "true"),
        rule="public-resource-policy",
    ),
    Twin(
        "a domain of which a variable says whether it signs users in",
        harmless=domain("var.signs_in", "false"),
        faulty=domain("null", "false"),
        rule="public-resource-policy",
    ),
    Twin(
        "a domain of a template that signs its users in",
        harmless=template("{Enabled: true}"),
        faulty=template("{Enabled: true, AnonymousAuthEnabled: true}"),
        rule="public-resource-policy",
    ),
    Twin(
        "a domain of a template of which a parameter says whether it signs users in",
        harmless=template("{Enabled: !Ref SignsIn}"),
        faulty=template("{Enabled: false}"),
        rule="public-resource-policy",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


def test_calls_that_give_the_same_are_reported_each(iamlint: Program, tmp_path: Path) -> None:
    call = 'module "%s" {\n  source = "../"\n  actions = ["s3:GetObjects"]\n}\n'
    files = {"main.tf": CALLED, "a/main.tf": call % "x" + call % "y", "b/main.tf": call % "x"}

    found = findings(files, iamlint, tmp_path)

    assert [(one.rule, one.path, one.line) for one in found] == [
        ("unknown-action", "a/main.tf", 3),
        ("unknown-action", "a/main.tf", 7),
        ("unknown-action", "b/main.tf", 3),
    ]
