"""Values that files, the configuration and the command line give to variables and parameters."""

from __future__ import annotations

from tests.load.twins import Twin, as_test

ACTIONS = """
variable "actions" {
  type = list(string)
}
resource "aws_iam_policy" "store" {
  name = "store"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }]
  })
}
"""
ORGANIZATIONS = """
variable "organizations" {
  type = list(string)
}
resource "aws_s3_bucket_policy" "depot" {
  bucket = "depot"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::depot/*"
      Condition = length(var.organizations) > 0 ? {
        StringEquals = { "aws:PrincipalOrgID" = var.organizations }
      } : { StringLike = { "aws:UserAgent" = ["*"] } }
    }]
  })
}
"""

TWINS = [
    Twin(
        "terraform.tfvars gives the actions",
        harmless={"main.tf": ACTIONS, "terraform.tfvars": 'actions = ["s3:GetBucketLocation"]\n'},
        faulty={"main.tf": ACTIONS, "terraform.tfvars": 'actions = ["s3:*"]\n'},
        rule="wildcard-service",
    ),
    Twin(
        "a file in JSON gives the organizations",
        harmless={
            "main.tf": ORGANIZATIONS,
            "org.auto.tfvars.json": '{"organizations": ["o-a1b2c3d4e5"]}',
        },
        faulty={"main.tf": ORGANIZATIONS, "org.auto.tfvars.json": '{"organizations": []}'},
        rule="public-resource-policy",
    ),
    Twin(
        "the last *.auto.tfvars counts",
        harmless={
            "main.tf": ACTIONS,
            "a.auto.tfvars": 'actions = ["s3:*"]\n',
            "b.auto.tfvars": 'actions = ["s3:GetBucketLocation"]\n',
        },
        faulty={
            "main.tf": ACTIONS,
            "a.auto.tfvars": 'actions = ["s3:GetBucketLocation"]\n',
            "b.auto.tfvars": 'actions = ["s3:*"]\n',
        },
        rule="wildcard-service",
    ),
    Twin(
        "a module that is called takes nothing from a file beside it",
        harmless={
            "main.tf": 'module "m" {\n  source  = "./m"\n  actions = ["s3:GetBucketLocation"]\n}\n',
            "m/main.tf": ACTIONS,
            "m/terraform.tfvars": 'actions = ["s3:*"]\n',
        },
        faulty={
            "main.tf": 'module "m" {\n  source  = "./m"\n  actions = ["s3:*"]\n}\n',
            "m/main.tf": ACTIONS,
            "m/terraform.tfvars": 'actions = ["s3:GetBucketLocation"]\n',
        },
        rule="wildcard-service",
    ),
    Twin(
        "a value goes on through a call",
        harmless={
            "main.tf": 'variable "all" {}\n'
            'module "m" {\n  source  = "./m"\n  actions = [var.all]\n}\n',
            "m/main.tf": ACTIONS,
            "terraform.tfvars": 'all = "s3:GetBucketLocation"\n',
        },
        faulty={
            "main.tf": 'variable "all" {}\n'
            'module "m" {\n  source  = "./m"\n  actions = [var.all]\n}\n',
            "m/main.tf": ACTIONS,
            "terraform.tfvars": 'all = "s3:*"\n',
        },
        rule="wildcard-service",
    ),
    Twin(
        "a file that Terraform does not read by itself gives nothing",
        harmless={"main.tf": ACTIONS, "prod.tfvars": 'actions = ["s3:*"]\n'},
        faulty={"main.tf": ACTIONS, "prod.auto.tfvars": 'actions = ["s3:*"]\n'},
        rule="wildcard-service",
    ),
]

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String}
  Actions: {Type: CommaDelimitedList}
Conditions:
  IsOpen: !Not [!Equals [!Ref Env, prod]]
Resources:
  Store:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: !If [IsOpen, !Ref Actions, "s3:GetBucketLocation"]
          Resource: "*"
"""
TWINS += [
    Twin(
        "a parameter decides a condition",
        harmless={
            "t.yaml": TEMPLATE,
            "iamlint.toml": '[cloudformation]\nparameters = { Env = "prod" }\n',
        },
        faulty={
            "t.yaml": TEMPLATE,
            "iamlint.toml": '[cloudformation]\nparameters = { Env = "dev" }\n',
        },
        rule="wildcard-service",
        args=("--var", "Actions=s3:GetObject, s3:*"),
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)
