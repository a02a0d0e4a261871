"""Flags policy variables inside `Fn::Sub`: CloudFormation looks for them in the template.

`Fn::Sub` takes every `${…}` for a name of the template. The template has none like `aws:username`,
so the deployment fails. Write `${!aws:username}` to get `${aws:username}` in the policy.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="variable-in-sub",
    family=Family.SYNTAX,
    module=__name__,
    summary="`Fn::Sub` takes this policy variable for a name of the template, and the deployment fails",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="put `!` before the name: `${!aws:username}`",
    sources=(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html",
    ),
    when=("problem substituted variable",),
    check_policy=reports(GrammarFault.SUBSTITUTED_VARIABLE),
    bad=(
        bad(
            "in a resource",
            """
            Resources:
              Home:
                Type: AWS::IAM::ManagedPolicy
                Properties:
                  PolicyDocument:
                    Version: 2012-10-17
                    Statement:
                      - Effect: Allow
                        Action: s3:GetObject
                        Resource: !Sub "arn:${AWS::Partition}:s3:::${Bucket}/${aws:username}/*" //!
            """,
            file="template.yaml",
        ),
        bad(
            "in a policy that is a string",
            """
            Resources:
              Home:
                Type: AWS::IAM::ManagedPolicy
                Properties:
                  PolicyDocument: !Sub |
                    {"Version": "2012-10-17", "Statement": [{
                      "Effect": "Allow",
                      "Action": "s3:GetObject",
                      "Resource": "arn:${AWS::Partition}:s3:::${Bucket}/${saml:sub}/*" //!
                    }]}
            """,
            file="template.yaml",
        ),
    ),
    good=(
        good(
            "an exclamation mark keeps the variable",
            """
            Resources:
              Home:
                Type: AWS::IAM::ManagedPolicy
                Properties:
                  PolicyDocument:
                    Version: 2012-10-17
                    Statement:
                      - Effect: Allow
                        Action: s3:GetObject
                        Resource: !Sub "arn:${AWS::Partition}:s3:::b/${!aws:username}/*"
            """,
            file="template.yaml",
        ),
        good(
            "without `Fn::Sub` the variable stays as it is",
            """
            Resources:
              Home:
                Type: AWS::IAM::ManagedPolicy
                Properties:
                  PolicyDocument:
                    Version: 2012-10-17
                    Statement:
                      - Effect: Allow
                        Action: s3:GetObject
                        Resource: "arn:aws:s3:::b/${aws:username}/*"
            """,
            file="template.yaml",
        ),
        good(
            "the pseudo parameters of CloudFormation",
            """
            Resources:
              Home:
                Type: AWS::IAM::ManagedPolicy
                Properties:
                  PolicyDocument:
                    Version: 2012-10-17
                    Statement:
                      - Effect: Allow
                        Action: sqs:SendMessage
                        Resource: !Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q"
            """,
            file="template.yaml",
        ),
    ),
)
