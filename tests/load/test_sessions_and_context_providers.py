"""Newer settings of roles and identity providers hide no policy."""

from __future__ import annotations

import json

import pytest

from tests.support.loading import load_text

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
CONTEXT = {"SubjectSourceKey": "sub", "SubjectTypeValue": "workload"}

TEMPLATE = json.dumps(
    {
        "Resources": {
            "Provider": {
                "Type": "AWS::IAM::OIDCProvider",
                "Properties": {"Url": "https://idp.example.com", "ContextProvider": CONTEXT},
            },
            "Saml": {
                "Type": "AWS::IAM::SAMLProvider",
                "Properties": {"SamlMetadataDocument": "<x/>", "ContextProvider": CONTEXT},
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "MaxSigninSessionDuration": 7776000,
                    "AssumeRolePolicyDocument": TRUST,
                },
            },
        }
    }
)
MODULE = """
resource "aws_iam_openid_connect_provider" "p" {
  url = "https://idp.example.com"
  context_provider {
    subject_source_key = "sub"
  }
}

resource "aws_iam_role" "r" {
  max_signin_session_duration = 7776000
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""
DUMP = json.dumps(
    {
        "RoleDetailList": [
            {
                "RoleName": "r",
                "Arn": "arn:aws:iam::123456789012:role/r",
                "MaxSigninSessionDuration": 7776000,
                "AssumeRolePolicyDocument": TRUST,
                "RolePolicyList": [],
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("name", "text"), [("template.json", TEMPLATE), ("main.tf", MODULE), ("dump.json", DUMP)]
)
def test_settings_of_sessions_and_context_providers_hide_no_policy(name: str, text: str) -> None:
    found = load_text(text, name)
    assert [document.kind.value for document in found.documents] == ["trust"]
    assert found.not_analysed == ()
