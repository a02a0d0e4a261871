"""The keys that a request may carry, and the answers about keys that it cannot carry.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.catalog import Catalog
from iamlint.errors import UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.answer import Answer
    from tests.account.conftest import Open

ROLE = f"arn:aws:iam::{HOME}:role/r"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-1"
THING = f"arn:aws:iot:eu-west-1:{HOME}:topic/t"


def ask(
    opened: Open, statements: list[Mapping[str, object]], action: str, **more: object
) -> Answer:
    """Return the answer about `role/app`, which holds one policy."""
    repository = opened({"roles/app/p.json": policy(*statements)})
    account = repository.account
    context = account.context(more.pop("context", {}))  # type: ignore[arg-type]
    return account.ask(
        repository.subject("role/app"), action.split(), context=context, **more  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "on", "key"),
    [
        pytest.param("s3:GetObject", OBJECT, "aws:SourceIp", id="global"),
        pytest.param("s3:GetObject", OBJECT, "AWS:RequestTag/Team", id="global with a tag"),
        pytest.param("s3:ListBucket", BUCKET, "s3:prefix", id="of the action"),
        pytest.param("s3:ListBucket", BUCKET, "S3:Prefix", id="in another letter case"),
        pytest.param("s3:GetObject", OBJECT, "s3:ExistingObjectTag/team", id="with a tag"),
        pytest.param("ec2:StopInstances", INSTANCE, "ec2:InstanceType", id="of the resource type"),
        pytest.param("kms:Decrypt", KEY, "kms:EncryptionContext:app", id="with a free part"),
        pytest.param("ssm:StartSession", INSTANCE, "ec2:SourceInstanceARN", id="of credentials"),
        pytest.param(
            "s3:GetObject", OBJECT, "cognito-identity.amazonaws.com:sub", id="claim of a provider"
        ),
        pytest.param("s3:GetObject", OBJECT, "saml:sub", id="claim of SAML"),
        pytest.param("sts:AssumeRole", ROLE, "sts:ExternalId", id="of STS"),
        pytest.param("sts:TagSession", ROLE, "sts:ExternalId", id="of the request beside it"),
        pytest.param(
            "sts:AssumeRole", ROLE, "iam:ResourceTag/team", id="of the resource's service"
        ),
        pytest.param(
            "iot:Publish", THING, "iot:Connection.Thing.IsAttached", id="listed for no action"
        ),
        pytest.param("s3:Get* s3:List*", None, "s3:prefix", id="of one of many actions"),
        pytest.param("s3:GetObject s3:ListBucket", None, "s3:prefix", id="of one of two actions"),
    ],
)
def test_key_that_a_request_may_carry_is_taken(
    repository: Open, action: str, on: str | None, key: str
) -> None:
    value = "true" if key.endswith("IsAttached") else "203.0.113.7"
    value = INSTANCE if key.endswith("ARN") else value
    answer = ask(
        repository, [allow(a) for a in action.split()], action, on=on, context={key: value}
    )

    assert answer.ruling is not Ruling.DENIED
    assert answer.missing_keys == ()


@pytest.mark.parametrize("value", ["x", None])
@pytest.mark.parametrize(
    ("action", "on", "key", "help_"),
    [
        ("s3:GetObject", OBJECT, "s3:prefix", "it comes with `s3:ListBucket`, "),
        ("s3:GetObject", OBJECT, "kms:ViaService", "only actions of `kms` have it"),
        ("s3:GetObject", OBJECT, "ec2:ResourceTag/team", "did you mean `aws:resourcetag/team`?"),
        ("kms:Decrypt", KEY, "kms:GrantOperations", "it comes with `kms:CreateGrant`"),
        ("s3:GetObject", OBJECT, "sts:ExternalId", "only actions of `sts` have it"),
        ("s3:GetObject s3:PutObject", None, "s3:prefix", "it comes with `s3:ListBucket`, "),
        ("s3:Put*", None, "s3:prefix", "it comes with `s3:ListBucket`, "),
        ("sts:AssumeRole", ROLE, "iam:PassedToService", "only actions of `iam` have it"),
        ("s3:GetObject", OBJECT, "iot:Connection.Thing.ThingName", "only actions of `iot` have it"),
    ],
)
def test_key_that_no_request_carries_is_refused_also_as_absent(
    repository: Open, action: str, on: str | None, key: str, help_: str, value: str | None
) -> None:
    with pytest.raises(UsageError) as raised:
        ask(repository, [allow("*")], action, on=on, context={key: value})

    assert raised.value.message.startswith("no request for `")
    assert help_ in (raised.value.help or "")


def test_key_that_a_principal_always_carries_is_refused_alike(repository: Open) -> None:
    opened = repository({"roles/app/p.json": policy(allow("s3:*"))})
    account = opened.account
    subject = opened.subject("role/app").with_context(account.context({"s3:prefix": "home/"}))

    assert account.ask(subject, ["s3:ListBucket"], BUCKET).ruling is Ruling.ALLOWED
    with pytest.raises(UsageError, match="carries `s3:prefix`"):
        account.ask(subject, ["s3:GetObject"], OBJECT)


def test_each_of_several_actions_has_its_own_keys_alone(repository: Open) -> None:
    condition = {"StringEquals": {"s3:prefix": "home/"}}
    answer = ask(
        repository,
        [allow("s3:ListBucket", Condition=condition), allow("s3:GetObject", Condition=condition)],
        "s3:ListBucket s3:GetObject",
        context={"s3:prefix": "home/"},
    )

    assert {part.action: part.ruling for part in answer.parts} == {
        "s3:ListBucket": Ruling.ALLOWED,
        "s3:GetObject": Ruling.DENIED,
    }
    assert answer.ruling is Ruling.MIXED


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("StringEquals", "x", False),
        ("StringNotEquals", "x", True),
        ("StringEqualsIfExists", "x", True),
        ("StringLike", "*", False),
        ("Null", "true", True),
        ("Null", "false", False),
        ("ForAllValues:StringEquals", "x", True),
        ("ForAnyValue:StringEquals", "x", False),
    ],
)
@pytest.mark.parametrize("key", ["s3:prefix", "kms:ViaService"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_key_that_no_request_carries_is_absent_and_is_not_asked_for(
    repository: Open, effect: str, key: str, operator: str, value: str, *, holds: bool
) -> None:
    condition = {operator: {key: value}}
    one = {"Allow": allow, "Deny": deny}[effect]("s3:GetObject", Condition=condition)
    answer = ask(repository, [one] if effect == "Allow" else [allow("*"), one], "s3:GetObject")

    assert answer.ruling is (Ruling.ALLOWED if holds is (effect == "Allow") else Ruling.DENIED)
    assert answer.missing_keys == ()


def test_key_that_a_request_may_carry_is_asked_for(repository: Open) -> None:
    one = allow("s3:ListBucket", Condition={"StringEquals": {"s3:prefix": "x"}})
    answer = ask(repository, [one], "s3:ListBucket", on=BUCKET)

    assert answer.ruling is Ruling.DEPENDS
    assert answer.missing_keys == ("s3:prefix",)


def test_action_may_carry_what_aws_lists_for_it_and_no_key_of_another_service() -> None:
    catalog = Catalog.open()
    services = ("dynamodb", "ec2", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs")
    actions = [a for name in services for a in catalog.expand(f"{name}:*")]
    chosen = random.Random(20261129).sample(actions, 120)  # noqa: S311 - repeatable
    for action in chosen:
        assert all(catalog.may_carry(action, key) for key in catalog.keys_of(action))
        for name in set(services) - {action.service}:
            service = catalog.service(name)
            assert service is not None
            foreign = [key for key in service.condition_keys if key.startswith(f"{name}:")]
            carried = {key for key in foreign if catalog.may_carry(action, key)}
            assert carried <= catalog.keys_of(action) | {
                "ec2:roledelivery",
                "ec2:sourceinstancearn",
                "lambda:sourcefunctionarn",
            }
