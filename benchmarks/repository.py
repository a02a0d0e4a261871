"""Makes a repository of 500 templates, then measures what finding and linting its policies takes.

    python -m benchmarks.repository [--keep FOLDER]

Prints CPU seconds and megabytes a second: of reading alone, and of the whole `check`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config import Config
from iamlint.linter.pipeline import LintOptions, lint
from iamlint.load import LoadOptions, load
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILES = 500

HEAD = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
"""
RESOURCES = """\
  Queue%(n)d:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${Stage}-jobs-%(n)d"
      VisibilityTimeout: 300
      RedrivePolicy: {maxReceiveCount: 3, deadLetterTargetArn: !GetAtt Dead%(n)d.Arn}
  Dead%(n)d:
    Type: AWS::SQS::Queue
  Bucket%(n)d:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
  Role%(n)d:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue%(n)d.Arn
              - !If
                - IsProd
                - Effect: Allow
                  Action: [s3:GetObject, s3:PutObject]
                  Resource: !Sub "${Bucket%(n)d.Arn}/*"
                - !Ref AWS::NoValue
  Managed%(n)d:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role%(n)d]
      PolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
            "Resource": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t%(n)d"
          }]
        }
"""  # noqa: E501 - a template as people write it


def template(number: int) -> str:
    """Return a template of some five kilobytes; no two are alike."""
    resources = "".join(RESOURCES % {"n": number * 10 + turn} for turn in range(1 + number % 3))
    return f"{HEAD}{resources}"


FORMATS: Mapping[str, Callable[[int], str]] = {"template.yaml": template}


def make(folder: Path) -> int:
    """Write the repository and return its size in bytes."""
    size = 0
    for number in range(FILES):
        for name, text_of in FORMATS.items():
            text = text_of(number)
            file = folder / f"team{number % 10}" / f"service{number}" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            size += len(text)
    return size


def measure(folder: Path, size: int) -> None:
    start = time.process_time()
    found = load([folder], LoadOptions(root=folder))
    read = time.process_time() - start
    config = Config(folder)
    start = time.process_time()
    run = lint(LintOptions((str(folder),), date(2026, 1, 1), config), load_extensions(config))
    whole = time.process_time() - start
    print(f"{found.files} files, {size / 1e6:.1f} MB, {len(found.documents)} policies")
    print(f"read   {read:6.2f} s  {size / 1e6 / read:6.2f} MB/s")
    print(f"check  {whole:6.2f} s  {size / 1e6 / whole:6.2f} MB/s  {len(run.findings)} findings")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="where to leave the repository")
    keep: Path | None = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as made:
        folder = keep or Path(made)
        measure(folder, make(folder))


if __name__ == "__main__":
    main()
