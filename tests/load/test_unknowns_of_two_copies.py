"""An unknown of one copy of the files is the same in another copy, wherever its lines are."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from iamlint.load import LoadOptions, load
from iamlint.load.link import Binding, Link, Node, SourceCondition
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE = """
variable "env" {}
variable "flag" {}
variable "names" { type = list(string) }
locals { team = "${var.env}-x" }
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_vpc" "main" { default = true }
provider "aws" {
  alias  = "other"
  region = var.env
}
resource "random_id" "x" {}
resource "aws_kms_key" "k" {}
resource "aws_s3_bucket" "each" {
  for_each = toset(["x", "y"])
}
resource "aws_iam_role" "unnamed" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
    }]
  })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.unnamed.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = [
        "arn:aws:s3:::${var.env}/*", "arn:aws:s3:::${local.team}/*", aws_kms_key.k.arn,
        "arn:aws:s3:::${random_id.x.hex}", aws_s3_bucket.each["x"].arn, module.m.out,
        "arn:aws:sqs:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:q",
        data.aws_vpc.main.arn, upper(var.env), "arn:aws:s3:::${var.flag ? var.env : local.team}",
        "arn:aws:s3:::__PLACE__",
      ]
    }]
  })
}
resource "aws_iam_role_policy" "conditional" {
  count  = var.flag ? 1 : 0
  role   = aws_iam_role.unnamed.name
  policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${var.env}/d"]
  }
}
resource "aws_sqs_queue" "q" {
  provider = aws.other
}
resource "aws_sqs_queue_policy" "q" {
  provider  = aws.other
  queue_url = aws_sqs_queue.q.url
  policy    = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sqs:*", Principal = "*", Resource = aws_sqs_queue.q.arn
    }]
  })
}
resource "aws_iam_role_policy" "each" {
  for_each = toset(var.names)
  role     = aws_iam_role.unnamed.id
  policy   = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = concat(["arn:aws:s3:::${each.key}"], [for name in var.names : name])
    }]
  })
}
module "m" {
  source = "./inner"
  n      = var.env
}
"""

INNER = """
variable "n" {}
resource "aws_s3_bucket" "b" {}
resource "aws_iam_policy" "p" {
  name_prefix = "p"
  policy      = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "s3:*", Resource = ["arn:aws:s3:::${var.n}", aws_s3_bucket.b.arn]
    }]
  })
}
output "out" { value = aws_s3_bucket.b.arn }
"""

PLAN = """{"format_version": "1.2", "planned_values": {"root_module": {"resources": [
  {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
   "values": {"assume_role_policy": "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": []}"}}]}},
 "configuration": {"root_module": {"resources": [
  {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
   "expressions": {"name": {"references": ["random_id.x"]}}}]}}}
"""

TEMPLATE = """
Parameters:
  Env: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Mappings:
  Names: {a: {key: x}, b: {key: y}}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Custom: {Type: Custom::Thing}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !Ref Env}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "*"
                Resource:
                  - !GetAtt Bucket.Arn
                  - !GetAtt Custom.Arn
                  - !Ref Custom
                  - !ImportValue shared
                  - Fn::ImportValue: !Sub "${Env}-shared"
                  - !Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Env}"
                  - !Select [0, !Split [",", !Ref Env]]
                  - !FindInMap [Names, !Ref Env, key]
                  - "{{resolve:ssm:/name}}"
                  - arn:aws:s3:::__PLACE__
                  - !If [IsProd, !Ref Env, "*"]
                  - Fn::GetAtt: [Nested, Outputs.Arn]
                  - Fn::Transform: {Name: Macro}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested/inner.yaml, Parameters: {Given: !Ref Env}}
Outputs:
  Arn: {Value: !GetAtt Role.Arn, Export: {Name: !Sub "${AWS::StackName}-role"}}
"""

NESTED = """
Parameters: {Given: {Type: String}, Other: {Type: String}}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "*", Resource: [!Ref Given, !Ref Other, !GetAtt Bucket.Arn]}
Outputs:
  Arn: {Value: !GetAtt Bucket.Arn}
"""

SAM = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Table: {Type: String}}
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref Table}
        - Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: "*", Resource: !Sub "arn:aws:s3:::${Table}"}
"""

SERVERLESS = """
service: ${opt:service}
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: "*"
          Resource:
            - arn:aws:s3:::${self:custom.bucket}
            - arn:aws:s3:::${env:BUCKET}
            - !GetAtt Bucket.Arn
resources:
  Resources:
    Bucket: {Type: AWS::S3::Bucket}
"""

POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": [
 "arn:aws:s3:::${BUCKET}", "arn:aws:s3:::__BUCKET__", "arn:aws:s3:::{{ bucket }}", "arn:aws:s3:::%s"
]}]}"""

PULUMI = """
name: p
runtime: yaml
config: {env: {type: string}}
resources:
  queue: {type: aws:sqs:Queue}
  policy:
    type: aws:iam:Policy
    properties:
      policy:
        fn::toJSON:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: "*", Resource: ["${queue.arn}", "arn:aws:s3:::${env}"]}
"""

FILES = {
    "live/main.tf": MODULE,
    "live/inner/main.tf": INNER,
    "plan.json": PLAN,
    "template.yaml": TEMPLATE,
    "nested/inner.yaml": NESTED,
    "sam.yaml": SAM,
    "sls/serverless.yml": SERVERLESS,
    "policy.json": POLICY,
    "Pulumi.yaml": PULUMI,
}

UNRELATED = {
    ".tf": '# nothing\n\nresource "aws_sns_topic" "unrelated" {}\n',
    ".json": "\n\n\n",
}

Found = tuple[str, str, str | None]
"""Where an unknown is, its text, and its identity."""


def write(folder: Path, *, below: dict[str, str] | None = None) -> None:
    for path, text in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        before = (below or {}).get(place.suffix, "# nothing\n\n" if below else "")
        place.write_text(before + text)


def unknowns(folder: Path) -> list[Found]:
    """Return the unknowns of policies, names, links and conditions, in the order of the files."""
    loaded = load([folder], LoadOptions(root=folder, here=folder))
    found: list[Found] = []
    for document in loaded.documents:
        at = f"{document.path} {'.'.join(map(str, document.pointer))}"
        parts = [part for node in nodes(document.value) for part in inside(node)]
        parts += inside((document.attachment, document.readings, document.statements))
        found += [(at, *part) for part in parts]
    linked: tuple[Node | Link | Binding, ...] = (*loaded.nodes, *loaded.links, *loaded.bindings)
    for item in linked:
        found += [(f"{item.path} {type(item).__name__}", *part) for part in inside(item)]
    found += [(one.path, "binding", one.identity) for one in loaded.bindings]
    return found


def inside(value: object) -> Iterator[tuple[str, str | None]]:
    """Yield the unknowns and the conditions in a value of the model."""
    if isinstance(value, Unknown):
        yield value.text, value.identity
    elif isinstance(value, Partial):
        yield from (one for part in value.parts for one in inside(part))
    elif isinstance(value, SourceCondition):
        yield value.text, value.scope
    elif is_dataclass(value) and type(value).__module__.startswith(("iamlint.load", "iamlint.pol")):
        members = (f.name for f in fields(value) if f.name not in ("source", "span", "target_at"))
        yield from (one for name in members for one in inside(getattr(value, name)))
    elif isinstance(value, tuple | list):
        yield from (one for item in value for one in inside(item))
    elif isinstance(value, frozenset):
        yield from sorted(one for item in value for one in inside(item))


def test_an_unknown_has_the_same_identity_in_another_folder_and_on_other_lines(
    tmp_path: Path,
) -> None:
    one, other = tmp_path / "one", tmp_path / "deep" / "er" / "other"
    write(one)
    write(other, below=UNRELATED)
    found = unknowns(one)
    assert {at.partition(" ")[0] for at, *_ in found} == set(FILES)
    assert unknowns(other) == found


def test_no_identity_has_the_place_of_the_folder_or_of_an_object(tmp_path: Path) -> None:
    write(tmp_path)
    every = [identity for *_, identity in unknowns(tmp_path) if identity]
    assert not [one for one in every if str(tmp_path) in one or re.search("\ue000\\wo", one)]


def test_what_may_differ_from_place_to_place_has_no_identity(tmp_path: Path) -> None:
    write(tmp_path)
    assert {text for _, text, identity in unknowns(tmp_path) if identity is None} == {
        "${name}",  # another one in each turn
        "${Fn::Transform}",  # a macro
        "{{ bucket }}",  # of a template of another tool, which may have loops
        "%s",  # the next argument
        "${region}",  # resources of a program may have providers of their own
        "${partition}",
        "${AWS::Partition}",
        "${AWS::AccountId}",
    }
