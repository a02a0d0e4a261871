"""Sensitive grants: every action of the lists, on every resource and on a named one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.escalation import Band
from iamlint.catalog.sensitive import Sensitive, sensitive_actions
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule import Example
from iamlint.rule.finding import Finding, Profile, Severity
from iamlint.rules.breadth import (
    broad_credential_access,
    broad_data_access,
    broad_destruction,
    broad_log_tampering,
    broad_resource_sharing,
)
from iamlint.rules.breadth._sensitive import SCORES
from iamlint.testing.examples import document

RULES = {
    Sensitive.CREDENTIALS: broad_credential_access.RULE,
    Sensitive.DATA: broad_data_access.RULE,
    Sensitive.SHARING: broad_resource_sharing.RULE,
    Sensitive.DESTRUCTION: broad_destruction.RULE,
    Sensitive.LOGGING: broad_log_tampering.RULE,
}
EACH = pytest.mark.parametrize("category", Sensitive)


@cache
def catalog() -> Catalog:
    return Catalog.open()


def found(category: Sensitive, actions: object, resource: object = "*") -> list[Finding]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    settings = CheckOptions(rules=(RULES[category],), catalog=catalog())
    results = list(check_documents([document(Example("", text))], settings))
    return [item for item in results if isinstance(item, Finding)]


@EACH
def test_every_action_exists_as_it_is_spelled(category: Sensitive) -> None:
    text = files("iamlint.catalog").joinpath("sensitive.json").read_text(encoding="utf-8")
    bands = json.loads(text)["categories"][category.value]
    actions = [action for listed in bands.values() for action in listed]

    assert [
        a for a in actions if (known := catalog().action(a)) and known.full_name == a
    ] == actions
    assert len(set(actions)) == len(actions) == len(sensitive_actions()[category])


@EACH
def test_every_action_is_reported_on_every_resource_with_its_band(category: Sensitive) -> None:
    for action, band in sensitive_actions()[category].items():
        (finding,) = found(category, action)
        assert finding.security_severity == SCORES[band]
        assert (finding.severity is Severity.NOTE) is (band is Band.LOW)


@EACH
def test_no_action_is_reported_on_a_named_resource(category: Sensitive) -> None:
    for action in sensitive_actions()[category]:
        service = action.partition(":")[0]
        assert found(category, action, f"arn:aws:{service}:eu-west-1:111122223333:shop/one") == []


@EACH
def test_all_of_a_category_is_one_finding_with_ten_examples(category: Sensitive) -> None:
    actions = list(sensitive_actions()[category])
    (finding,) = found(category, actions)
    examples = finding.properties["actions"]

    assert isinstance(examples, list)
    assert len(examples) == 10
    assert finding.properties["category"] == category.value
    assert finding.properties["count"] == len(actions)
    assert finding.security_severity == SCORES[max(sensitive_actions()[category].values())]


def test_permissions_management_is_sharing_but_for_calls() -> None:
    assert found(Sensitive.SHARING, "kms:PutKeyPolicy")
    assert not found(Sensitive.SHARING, "bedrock-agentcore:InvokeGateway")


def test_the_rules_are_strict() -> None:
    assert {rule.profile for rule in RULES.values()} == {Profile.STRICT}
