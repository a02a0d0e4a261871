"""Templates of CloudFormation and SAM, in YAML as people write it, and a few in JSON."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.compare.workloads.policies import Json, policy, trust

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
{transform}Description: {team} in each stage
Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues: [dev, prod]
  Vpc:
    Type: AWS::EC2::VPC::Id
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
"""
OTHER = """\
  Queue{n}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${{Stage}}-jobs-{n}"
      VisibilityTimeout: 300
      RedrivePolicy:
        maxReceiveCount: 3
        deadLetterTargetArn: !GetAtt Dead{n}.Arn
  Dead{n}:
    Type: AWS::SQS::Queue
  Bucket{n}:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "{team}-${{Stage}}-{n}"
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {{SSEAlgorithm: aws:kms}}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
  Group{n}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: {team} {n}
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}}
"""
ROLE = """\
  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
{trust}
      ManagedPolicyArns:
        - !Sub "arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue{n}.Arn
              - !If
                - IsProd
                - Effect: Allow
                  Action: [s3:GetObject, s3:PutObject]
                  Resource: !Sub "${{Bucket{n}.Arn}}/*"
                - !Ref AWS::NoValue
        - PolicyName: more
          PolicyDocument:
{policy}
"""
MANAGED = """\
  Managed{n}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role{n}]
      PolicyDocument:
{policy}
"""
GUARDED = """\
  Guard{n}:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket{n}
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: OnlyEncrypted
            Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Bucket{n}.Arn, !Sub "${{Bucket{n}.Arn}}/*"]
            Condition:
              Bool: {{aws:SecureTransport: false}}
"""
FUNCTION = """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.main
      CodeUri: src/
      Policies:
        - SQSPollerPolicy:
            QueueName: !GetAtt Queue{n}.QueueName
        - S3ReadPolicy:
            BucketName: !Ref Bucket{n}
        - Statement:
            - Effect: Allow
              Action: events:PutEvents
              Resource: "*"
"""


def templates(folder: Path, count: int) -> None:
    """Write so many templates into folders of teams; one of five is JSON, one of four is SAM."""
    for number in range(count):
        chance = Random(number)
        into = folder / f"team-{number % 10}"
        into.mkdir(parents=True, exist_ok=True)
        if number % 5 == 4:
            text, name = json.dumps(_as_json(chance), indent=2), f"service-{number}.json"
        else:
            text, name = template(chance, sam=number % 4 == 3), f"service-{number}.yaml"
        (into / name).write_text(text, encoding="utf-8")


def template(chance: Random, *, sam: bool = False) -> str:
    """Return a template of some five kilobytes."""
    team = chance.choice(("shop", "search", "billing", "data"))
    parts = [HEAD.format(team=team, transform="Transform: AWS::Serverless-2016-10-31\n" * sam)]
    for n in range(chance.choice((1, 1, 2, 3))):
        parts.append(OTHER.format(n=n, team=team))
        indented = {"trust": block(trust(chance), 8), "policy": block(policy(chance), 12)}
        parts.append(ROLE.format(n=n, **indented))
        if sam:
            parts.append(FUNCTION.format(n=n))
        if chance.random() < 0.5:
            parts.append(MANAGED.format(n=n, policy=block(policy(chance), 8)))
        if chance.random() < 0.5:
            parts.append(GUARDED.format(n=n))
    return "".join(parts)


def block(value: Any, indent: int) -> str:
    """Return a value as block YAML."""
    return "\n".join(" " * indent + line for line in _lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in _member(key, one)]
    if isinstance(value, list):
        return [
            ("- " if at == 0 else "  ") + line
            for one in value
            for at, line in enumerate(_lines(one))
        ]
    return [json.dumps(value)]


def _member(key: str, value: Any) -> list[str]:
    name = key if key.isalnum() else json.dumps(key)
    if isinstance(value, dict | list) and value:
        return [f"{name}:", *("  " + line for line in _lines(value))]
    return [f"{name}: {json.dumps(value)}"]


def _as_json(chance: Random) -> Json:
    """Return a template as the CDK writes it."""
    resources: Json = {}
    for n in range(chance.choice((1, 2, 3))):
        resources[f"Table{n}"] = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
        resources[f"Role{n}"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": trust(chance)},
        }
        used = policy(chance)
        used["Statement"].append(
            {
                "Effect": "Allow",
                "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                "Resource": [
                    {"Fn::GetAtt": [f"Table{n}", "Arn"]},
                    {"Fn::Join": ["", [{"Fn::GetAtt": [f"Table{n}", "Arn"]}, "/index/*"]]},
                ],
            }
        )
        resources[f"Policy{n}"] = {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": f"Policy{n}",
                "PolicyDocument": used,
                "Roles": [{"Ref": f"Role{n}"}],
            },
            "Metadata": {"aws:cdk:path": f"Stack/Role{n}/DefaultPolicy/Resource"},
        }
    return {"Resources": resources}
