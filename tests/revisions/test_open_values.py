"""What changes where files leave a value open: variables, parameters, names, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.reason.compare import compare

if TYPE_CHECKING:
    from iamlint.revisions.diff import Compare
    from tests.revisions.conftest import Difference

WITHOUT_ACCOUNT = {"iamlint.toml": ""}
MODULE = """\
variable "bucket" {{}}
data "aws_caller_identity" "this" {{}}
resource "aws_s3_bucket" "logs" {{}}
resource "aws_iam_role" "app" {{
  name = "app"
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [
    {{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ec2.amazonaws.com" }}
    }}
  ] }})
}}
resource "aws_iam_role_policy" "app" {{
  role = aws_iam_role.app.name
  policy = jsonencode({{ Version = "2012-10-17", Statement = [
    {{ Effect = "Allow", Action = {actions}, Resource = {resource} }}
  ] }})
}}
"""
TEMPLATE = """\
Parameters:
  Bucket: {{Type: String}}
Resources:
  Logs: {{Type: AWS::S3::Bucket}}
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {{Effect: Allow, Action: "sts:AssumeRole", Principal: {{Service: ec2.amazonaws.com}}}}
      Policies:
        - PolicyName: app
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: {actions}, Resource: {resource}}}
"""
READ, MORE = '["s3:GetObject", "sqs:SendMessage"]', '["s3:*Object", "sqs:*"]'
OPEN_IN_A_MODULE = {
    '"arn:aws:s3:::${var.bucket}/*"': {"var.bucket"},
    '"${aws_s3_bucket.logs.arn}/*"': {"${aws_s3_bucket.logs.bucket}"},
    '"arn:aws:sqs:eu-west-1:${data.aws_caller_identity.this.account_id}:jobs"': set(),
}
OPEN_IN_A_TEMPLATE = {
    '!Sub "arn:aws:s3:::${Bucket}/*"': {"parameter Bucket"},
    '!Sub "${Logs.Arn}/*"': {"${AWS::StackName}", "${Logs}"},
    '!Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"': {"${AWS::Region}"},
}


@pytest.fixture
def method() -> Compare:
    return compare


@pytest.mark.parametrize(
    ("path", "text", "resource", "names"),
    [("main.tf", MODULE, *one) for one in OPEN_IN_A_MODULE.items()]
    + [("app.yaml", TEMPLATE, *one) for one in OPEN_IN_A_TEMPLATE.items()],
)
def test_wider_action_is_a_gain_whatever_the_value_is(
    diff: Difference, path: str, text: str, resource: str, names: set[str]
) -> None:
    sides = [
        {path: text.format(actions=one, resource=resource), **WITHOUT_ACCOUNT}
        for one in (READ, MORE)
    ]
    (change,) = diff(*sides).changes
    found = change.comparison
    given = {name for one in found.gained for name in one.witness.given}
    assert (found.relation, found.open, given) == ("wider", (), names)
