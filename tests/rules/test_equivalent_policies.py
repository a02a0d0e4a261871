"""Policies that mean the same: in one folder, template or module, and only if that is proved."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.policy.grammar import Kind
from tests.reason.asked import pool
from tests.reason.random_policies import changed_policy, compiled, policy_of, random_policy
from tests.rules.test_unreachable_statement import narrower, said
from tests.support.examples import seeds
from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

Policy = dict[str, Any]


def reported(iamlint: Program, folder: Path, files: dict[str, Policy | str]) -> list[str]:
    """Return what is reported: the files, each with the one that it equals."""
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in files.items()}
    write_files(folder, texts)
    words = ("--select", "equivalent-policies", "--output-format", "json")
    found = json.loads(iamlint("check", ".", *words).out)["findings"]
    return [f"{one['path']} = {one['related'][0].get('path', one['path'])}" for one in found]


def allow(*actions: str, on: str = "*", **more: Any) -> Policy:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def all_but(*actions: str) -> Policy:
    return {"Effect": "Allow", "NotAction": list(actions), "Resource": "*"}


def deny(*actions: str, **more: Any) -> Policy:
    return {**allow(*actions, **more), "Effect": "Deny"}


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
NO_MFA = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
SAME = ["b.json = a.json"]
NOT_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param([allow("s3:*", "sqs:*")], [allow("sqs:*"), allow("S3:*")], SAME, id="split"),
        pytest.param(
            [allow("s3:GetObject")],
            [allow("s3:GetObject", Condition=c) for c in (MFA, NO_MFA, NOT_MFA)],
            SAME,
            id="all cases of a condition",
        ),
        pytest.param(
            [allow("s3:*"), deny("s3:Get*")],
            [allow("s3:*", Condition=MFA), allow("s3:*"), deny("s3:Get*"), deny("s3:GetObject")],
            SAME,
            id="with Denies",
        ),
        pytest.param([allow("s3:*")], [allow("s3:*", Sid="Other")], SAME, id="another Sid"),
        pytest.param([allow("s3:*")], [allow("s3:*")], [], id="the same text"),
        pytest.param([allow("s3:*")], [allow("s3:*"), deny("ec2:*")], [], id="a Deny for others"),
        pytest.param([allow("s3:Get*")], [allow("s3:*")], [], id="other actions"),
        pytest.param(
            [allow("s3:*", on="arn:aws:s3:::a*")], [allow("s3:*")], [], id="other resources"
        ),
        pytest.param(
            [allow("sqs:SendMessage*")], [allow("sqs:SendMessage")], [], id="AWS may add actions"
        ),
        pytest.param([allow("s3:*", Condition=MFA)], [allow("s3:*")], [], id="a condition more"),
        pytest.param([allow("*")], [allow("*", "s3:*")], SAME, id="all actions"),
        pytest.param(
            [all_but("iam:*")],
            [all_but("iam:*", "s3:*"), all_but("sqs:*", "iam:*"), allow("s3:*")],
            SAME,
            id="all but some actions",
        ),
        pytest.param([all_but("iam:*")], [all_but("iam:Get*")], [], id="all but fewer actions"),
        pytest.param([all_but("iam:*")], [allow("*")], [], id="all but some, and all"),
    ],
)
def test_policies_of_a_folder(
    one: list[Policy], two: list[Policy], expected: list[str], iamlint: Program, tmp_path: Path
) -> None:
    files: dict[str, Policy | str] = {"a.json": policy_of(one), "b.json": policy_of(two)}
    assert reported(iamlint, tmp_path, files) == expected


def test_each_later_one_of_a_group_is_reported_and_other_folders_are_not(
    iamlint: Program, tmp_path: Path
) -> None:
    same = [policy_of([allow("s3:*", Sid=f"S{number}")]) for number in range(4)]
    files: dict[str, Policy | str] = {
        f"{name}.json": one for name, one in zip(("a", "b", "c", "more/d"), same, strict=True)
    }

    assert reported(iamlint, tmp_path, files) == ["b.json = a.json", "c.json = a.json"]


def test_trust_policies_and_those_of_resources_are_not_compared(
    iamlint: Program, tmp_path: Path
) -> None:
    trust: Policy = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    bucket = {**allow("s3:GetObject", on="arn:aws:s3:::b/*"), "Principal": "*"}
    files: dict[str, Policy | str] = {
        f"{name}{number}.json": policy_of([{**one, "Sid": f"S{number}"}])
        for name, one in (("trust", trust), ("bucket", bucket))
        for number in range(2)
    }

    assert reported(iamlint, tmp_path, files) == []


MODULE = """
variable "one" {}
variable "two" {}
resource "aws_iam_policy" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${var.one}/*" }] })
}
resource "aws_iam_policy" "b" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["s3:*", "s3:Get*"], Resource = ["arn:aws:s3:::${var.%s}/*"] }] })
}
"""


@pytest.mark.parametrize(("name", "expected"), [("one", ["main.tf = main.tf"]), ("two", [])])
def test_an_unknown_value_equals_itself_alone(
    name: str, expected: list[str], iamlint: Program, tmp_path: Path
) -> None:
    assert reported(iamlint, tmp_path, {"main.tf": MODULE % name}) == expected


@pytest.mark.parametrize("seed", seeds(3))
def test_no_request_is_decided_otherwise_by_a_policy_that_is_reported(
    seed: int, iamlint: Program, tmp_path: Path
) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    policies: list[Policy] = []
    for _ in range(2):
        policy: Policy = random_policy(chance, Kind.IDENTITY)
        more = [narrower(chance, chance.choice(policy["Statement"]))]
        policies += [policy, policy_of([*policy["Statement"], *more])]
        policies.append(changed_policy(chance, policy, Kind.IDENTITY))
    files: dict[str, Policy | str] = {f"{n}.json": one for n, one in enumerate(policies)}
    found = reported(iamlint, tmp_path, files)

    assert found
    for pair in found:
        one, two = (compiled(json.loads((tmp_path / name).read_text()), Kind.IDENTITY)
                    for name in pair.split(" = "))  # fmt: skip
        for request in pool(Kind.IDENTITY, 500, 4):
            assert said(one, request) == said(two, request), (pair, request)
