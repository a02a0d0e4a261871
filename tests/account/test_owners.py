"""The ARN of a bucket has no account: its owner is known if files describe the bucket.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.account.conftest import Open

HERE = f'account = "{HOME}"\n'
ORGANIZATION = HERE + 'organization = "o-a1b2c3d4e5"\n'
DECLARED = HERE + f'[resources."{BUCKET}"]\n'
POLICY = policy(allow("s3:ListBucket", BUCKET, Principal={"AWS": HOME}))
STACK = """
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: artifacts
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Deny, Principal: "*", Action: "s3:PutObject", Resource: "*"}
"""
UNLESS_HOME: dict[str, object] = {"StringNotEquals": {"aws:ResourceAccount": HOME}}
TABLE: list[tuple[str, dict[str, object], str, dict[str, object], str]] = [
    (OBJECT, {}, HERE, UNLESS_HOME, "depends"),
    (OBJECT, {}, HERE, {"StringEquals": {"aws:ResourceAccount": HOME}}, "depends"),
    (OBJECT, {}, HERE, {"StringNotEquals": {"s3:ResourceAccount": HOME}}, "depends"),
    (OBJECT, {}, HERE, {"Null": {"aws:ResourceAccount": "true"}}, "allowed"),
    (OBJECT, {}, HERE, {"StringEquals": {"aws:PrincipalAccount": OTHER}}, "allowed"),
    (
        OBJECT, {}, ORGANIZATION,
        {"StringNotEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}, "depends",
    ),
    (f"{BUCKET}/*", {}, HERE, UNLESS_HOME, "depends"),
    (OBJECT, {}, DECLARED, UNLESS_HOME, "allowed"),
    (f"{BUCKET}/*", {}, DECLARED, UNLESS_HOME, "allowed"),
    (OBJECT, {"resources/artifacts.json": POLICY}, HERE, UNLESS_HOME, "allowed"),
    (OBJECT, {"stack.yaml": STACK}, HERE, UNLESS_HOME, "allowed"),
    (OBJECT, {f"accounts/{OTHER}/resources/b.json": POLICY}, HERE, UNLESS_HOME, "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("on", "files", "toml", "denied", "ruling"), TABLE)
def test_owner_is_known_only_where_files_describe_the_resource(
    repository: Open,
    on: str,
    files: Mapping[str, object],
    toml: str,
    denied: Mapping[str, object],
    ruling: str,
) -> None:
    held = policy(allow("s3:*"), deny("s3:*", Condition=denied))
    opened = repository({"users/bea/held.json": held, **files}, toml)

    answer = opened.account.ask(opened.subject("user/bea"), ["s3:GetObject"], on)

    assert answer.ruling == ruling


@pytest.mark.parametrize(("owner", "ruling"), [(HOME, "allowed"), (OTHER, "denied")])
def test_question_may_say_who_owns_it(repository: Open, owner: str, ruling: str) -> None:
    held = policy(allow("s3:*"), deny("s3:*", Condition=UNLESS_HOME))
    opened = repository({"users/bea/held.json": held}, HERE)
    given = opened.account.context({"aws:ResourceAccount": owner})

    answer = opened.account.ask(opened.subject("user/bea"), ["s3:GetObject"], OBJECT, context=given)

    assert answer.ruling == ruling


def test_arn_with_an_account_names_the_owner(repository: Open) -> None:
    held = policy(allow("sqs:*"), deny("sqs:*", Condition=UNLESS_HOME))
    opened = repository({"users/bea/held.json": held}, HERE)
    queue = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"

    answer = opened.account.ask(opened.subject("user/bea"), ["sqs:SendMessage"], queue)

    assert answer.ruling == "allowed"
