"""Partly known values are checked by the known part: twins that differ in it."""

from __future__ import annotations

from tests.load.twins import Twin, as_test

TEMPLATE = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ACTION
            Resource: RESOURCE
"""
MODULE = """\
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "this" {}
locals {
  account = data.aws_caller_identity.me.account_id
  region  = data.aws_region.here.name
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ACTION", Resource = RESOURCE }]
  })
}
"""


def twin(name: str, frame: str, action: str, texts: tuple[str, str], rule: str) -> Twin:
    file = "template.yaml" if frame is TEMPLATE else "main.tf"
    right, wrong = (
        frame.replace("ACTION", action).replace("RESOURCE", resource) for resource in texts
    )
    return Twin(name, harmless={file: right}, faulty={file: wrong}, rule=rule)


SUB = '!Sub "arn:${AWS::Partition}:%s"'
AROUND = '"arn:${data.aws_partition.this.partition}:%s"'
TWINS = [
    twin(
        "a kind of resource in Fn::Sub",
        TEMPLATE,
        "dynamodb:GetItem",
        (
            SUB % "dynamodb:${AWS::Region}:${AWS::AccountId}:table/t",
            SUB % "dynamodb:${AWS::Region}:${AWS::AccountId}:tables/t",
        ),
        "unknown-resource-in-arn",
    ),
    twin(
        "a kind of resource in Fn::Join",
        TEMPLATE,
        "sqs:SendMessage",
        (
            '!Join [":", [arn:aws:sqs, !Ref AWS::Region, !Ref AWS::AccountId, q]]',
            '!Join [":", [arn:aws:sqs, !Ref AWS::Region, "", q]]',
        ),
        "missing-account",
    ),
    twin(
        "a region where there is none",
        TEMPLATE,
        "iam:GetRole",
        (
            SUB % "iam::${AWS::AccountId}:role/r",
            SUB % "iam:${AWS::Region}:${AWS::AccountId}:role/r",
        ),
        "region-not-allowed",
    ),
    twin(
        "objects of a bucket that is named by the account",
        TEMPLATE,
        "s3:GetObject",
        (SUB % "s3:::logs-${AWS::AccountId}/*", SUB % "s3:::logs-${AWS::AccountId}"),
        "action-never-applies",
    ),
    twin(
        "a kind of resource between data sources",
        MODULE,
        "secretsmanager:GetSecretValue",
        (
            AROUND % "secretsmanager:${local.region}:${local.account}:secret:s-??????",
            AROUND % "secretsmanager:${local.region}:${local.account}:secrets:s-??????",
        ),
        "unknown-resource-in-arn",
    ),
    twin(
        "a join of data sources",
        MODULE,
        "sns:Publish",
        (
            'join(":", ["arn:aws:sns", local.region, local.account, "t"])',
            'join(":", ["arn:aws:sns", "", local.account, "t"])',
        ),
        "missing-region",
    ),
    twin(
        "an ARN that formatlist makes",
        MODULE,
        "dynamodb:GetItem",
        (
            'formatlist("arn:aws:dynamodb:%s:%s:table/%s", local.region, local.account, ["a"])',
            'formatlist("arn:aws:dynamodb:%s:%s:tables/%s", local.region, local.account, ["a"])',
        ),
        "unknown-resource-in-arn",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)
