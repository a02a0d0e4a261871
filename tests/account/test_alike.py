"""The answer for a pattern of actions is the one for each of its actions alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.alike import WITH_EXCEPTIONS
from iamlint.evaluator import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.account.ask.answer import PartialAnswer
    from iamlint.repository import Repository

    Open = Callable[..., Repository]

_STATEMENTS = {
    "some actions": [{"Effect": "Allow", "Action": ["sqs:Send*", "ec2:Run*"], "Resource": "*"}],
    "some resources": [
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:111122223333:a*"},
        {"Effect": "Deny", "Action": "sqs:*Message", "Resource": "arn:aws:sqs:*:*:ab"},
    ],
    "keys that some actions carry": [
        {
            "Effect": "Allow",
            "Action": "ec2:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"ec2:InstanceType": "t3.micro"}},
        }
    ],
    "a key that some actions on the same resources carry": [
        {
            "Effect": "Allow",
            "Action": "iam:*Role*",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        }
    ],
    "keys that some resources carry": [
        {
            "Effect": "Allow",
            "Action": ["sqs:*", "ec2:*"],
            "Resource": "*",
            "Condition": {"StringLikeIfExists": {"aws:ResourceTag/team": "${aws:username}"}},
        }
    ],
    "all but some": [{"Effect": "Allow", "NotAction": ["sqs:Get*", "kms:*"], "Resource": "*"}],
}
_QUEUE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:Get*", "Resource": "*"}],
}


def told(part: PartialAnswer) -> tuple[object, ...]:
    answer = part.answer
    examples = (answer.allowed, answer.denied, answer.undetermined)
    return (
        part.action,
        part.resource,
        part.ruling,
        answer.missing_keys,
        [
            one and (one.verdict, one.deciding, one.request.action, one.request.resource)
            for one in examples
        ],
    )


@pytest.mark.parametrize("statements", _STATEMENTS.values(), ids=_STATEMENTS)
@pytest.mark.parametrize(
    "pattern", ["sqs:*", "ec2:*Instance*", "kms:*", "sts:*", "s3:*Acl", "iam:*Role"]
)
def test_actions_that_are_decided_together_come_to_what_each_comes_to_alone(
    repository: Open, statements: list[object], pattern: str
) -> None:
    document = {"Version": "2012-10-17", "Statement": statements}
    dump = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "Policies": [],
        "RoleDetailList": [
            {
                "Path": "/",
                "RoleName": "r",
                "RoleId": "AROA1",
                "Arn": "arn:aws:iam::111122223333:role/r",
                "AssumeRolePolicyDocument": _QUEUE,
                "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
                "AttachedManagedPolicies": [],
            }
        ],
    }
    account = repository({"dump.json": dump})
    subject = account.subject("role/r")

    together = account.account.ask(subject, [pattern], "*")
    alone = [
        part
        for name in dict.fromkeys(part.action for part in together.parts)
        for part in account.account.ask(subject, [name], "*").parts
    ]

    assert [told(part) for part in together.parts] == [told(part) for part in alone]


def test_every_service_with_exceptions_is_named() -> None:
    files = Path(services.__file__).parent.glob("[a-z]*.py")

    assert {path.stem for path in files} == WITH_EXCEPTIONS
