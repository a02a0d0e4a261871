"""A policy of an identity that has others in its file is not said to lack what these may have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.linter.parallel import PART

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

RULES = ("missing-dependent-action", "missing-required-resource")
ACTIONS = ["lambda:CreateFunction", "ec2:AttachVolume"]
RESOURCES = ["arn:aws:lambda:*:*:function:f", "arn:aws:ec2:*:*:volume/*"]


def policy(name: str, actions: list[str], resources: list[str]) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"PolicyName": name, "PolicyDocument": document}


LACKING = policy("lacking", ACTIONS, RESOURCES)
OTHER = policy("other", ["s3:GetObject"], ["arn:aws:s3:::shelf/*"])


def role(*policies: dict[str, object]) -> dict[str, object]:
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = {"Version": "2012-10-17", "Statement": [trusted]}
    properties = {"AssumeRolePolicyDocument": trust, "Policies": list(policies)}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({"A": role(LACKING)}, sorted(RULES)),
        ({"A": role(LACKING, OTHER)}, []),
        ({"A": role(LACKING), "B": role(OTHER)}, sorted(RULES)),
        ({"A": role(*[OTHER] * PART, LACKING)}, []),
    ],
)
def test_only_a_lone_policy_is_reported(
    resources: dict[str, object], expected: list[str], iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "template.json").write_text(json.dumps({"Resources": resources}))

    done = iamlint("check", ".", "--output-format", "json", "--select", ",".join(RULES))

    assert sorted(one["rule"] for one in json.loads(done.out)["findings"]) == expected
