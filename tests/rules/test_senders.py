"""Advice on services names only keys that the service sends to the target of the statement."""

from __future__ import annotations

import json
import re
from itertools import combinations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding
from iamlint.rules.exposure import (
    bucket_source_without_account,
    recommended_source_key,
    service_principal_without_source,
)
from iamlint.rules.exposure._senders import SENDERS
from iamlint.rules.principals import condition_key_unknown_to_services
from iamlint.testing.examples import document

RULES = (
    bucket_source_without_account.RULE,
    condition_key_unknown_to_services.RULE,
    recommended_source_key.RULE,
    service_principal_without_source.RULE,
)
SETTINGS = CheckOptions(rules=RULES, catalog=Catalog.open())
ACTIONS = {
    "ecr": "ecr:BatchGetImage",
    "events": "events:PutEvents",
    "execute-api": "execute-api:Invoke",
    "kinesis": "kinesis:PutRecord",
    "kms": "kms:GenerateDataKey*",
    "lambda": "lambda:InvokeFunction",
    "logs": "logs:PutLogEvents",
    "mediastore": "mediastore:GetObject",
    "s3": "s3:PutObject",
    "secretsmanager": "secretsmanager:GetSecretValue",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
}
KEY = re.compile(r"`((?:aws|kms):[^`]*)`")


def found(principal: object, actions: object, condition: object | None = None) -> list[Finding]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": "*",
        **({} if condition is None else {"Condition": condition}),
    }
    policy = document(Example("", json.dumps(statement), kind=Kind.RESOURCE))
    return [one for one in check_documents([policy], SETTINGS) if isinstance(one, Finding)]


def advised(found: list[Finding]) -> set[str]:
    return {key for finding in found for key in KEY.findall(finding.help or "")}


def sent(service: str, target: str) -> set[str]:
    sends = SENDERS[service].sends
    starts = [start for start in sends if ACTIONS[target].lower().startswith(start)]
    return set(sends[max(starts, key=len)]) if starts else set()


def host(service: str) -> str:
    return f"{service}.amazonaws.com"


@pytest.mark.parametrize("service", SENDERS)
@pytest.mark.parametrize("target", ACTIONS)
def test_advice_names_only_keys_that_the_service_sends_there(service: str, target: str) -> None:
    principal = {"Service": host(service)}

    plain = found(principal, ACTIONS[target])
    by_bucket = found(
        principal, ACTIONS[target], {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::shelf"}}
    )
    by_caller = found(
        principal, ACTIONS[target], {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    )
    by_old_key = found(
        principal, ACTIONS[target], {"StringEquals": {"aws:Referer": "111122223333"}}
    )

    for one in (plain, by_bucket, by_caller, by_old_key):
        assert advised(one) <= sent(service, target)
    names = {finding.rule for finding in plain}
    reported = "service-principal-without-source" in names
    by_path = SENDERS[service].writes_account and target == "s3"
    assert reported == (bool(sent(service, target)) or by_path)


@pytest.mark.parametrize("service", SENDERS)
def test_advice_for_all_actions_names_only_keys_that_the_service_sends_everywhere(
    service: str,
) -> None:
    everywhere = set.intersection(*map(set, SENDERS[service].sends.values()))

    assert advised(found({"Service": host(service)}, "*")) <= everywhere


@pytest.mark.parametrize("target", ACTIONS)
def test_advice_for_two_services_breaks_neither(target: str) -> None:
    for pair in combinations(SENDERS, 2):
        for finding in found({"Service": [host(name) for name in pair]}, ACTIONS[target]):
            if "a separate statement" in (finding.help or ""):
                continue
            for name in pair:
                assert advised([finding]) <= sent(name, target), (pair, finding.help)


def test_keys_that_are_advised_are_known_to_the_catalog() -> None:
    keys = {key for sender in SENDERS.values() for sent in sender.sends.values() for key in sent}

    assert all(SETTINGS.catalog.condition_key(key) is not None for key in keys)


def test_each_sender_has_the_page_of_its_guide() -> None:
    assert all(s.page.startswith("https://docs.aws.amazon.com/") for s in SENDERS.values())
    called = {start.partition(":")[0] for sender in SENDERS.values() for start in sender.sends}
    assert called <= ACTIONS.keys()
