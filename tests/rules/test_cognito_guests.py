"""Whether an identity pool has guests is not in the trust policy: a note where nothing names it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.rule.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

TEMPLATE = """
Parameters:
  PoolId: {{Type: String}}
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {{AllowUnauthenticatedIdentities: false}}
  Visitor:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{Federated: cognito-identity.amazonaws.com}}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {{"cognito-identity.amazonaws.com:aud": {pool}}}
"""


@pytest.mark.parametrize(
    ("pool", "severity"),
    [
        ("!Ref PoolId", Severity.NOTE),
        ("!ImportValue pool", Severity.NOTE),
        ("!Ref Pool", Severity.NOTE),
        ("eu-west-1:a1b2", Severity.WARNING),
    ],
)
def test_only_a_pool_that_is_written_out_is_a_warning(
    pool: str, severity: Severity, iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE.format(pool=pool), encoding="utf-8")

    result = iamlint("check", str(tmp_path), "--output-format", "json")

    found = json.loads(result.out)["findings"]
    who = "guests can assume this role if the identity pool allows guests"
    wanted = f"{who}: no condition keeps them out"
    assert [(f["rule"], f["severity"], f["message"]) for f in found] == [
        ("cognito-guests", severity, wanted)
    ]
