"""Policies of an organization: two types are IAM policies, the others are seen and not judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load.document import Cause
from iamlint.load.organization_types import DATE, KINDS, OTHERS
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load import Loaded
    from iamlint.policy.grammar import Kind

TAGS = '{"tags": {"cost": {"tag_key": {"@@assign": "Cost"}}}}'
GUARDRAIL = '{"Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}'


def _terraform(type_: str, content: str) -> Loaded:
    text = f"""
    resource "aws_organizations_policy" "p" {{
      name    = "p"
      type    = "{type_}"
      content = jsonencode({content.replace(":", "=")})
    }}
    """
    return load_text(text, "main.tf")


def _cloudformation(type_: str, content: str) -> Loaded:
    properties = {"Name": "p", "Type": type_, "Content": json.loads(content)}
    resource = {"Type": "AWS::Organizations::Policy", "Properties": properties}
    return load_text(json.dumps({"Resources": {"P": resource}}), "template.json")


def _plan(type_: str, content: str) -> Loaded:
    resource = {
        "address": "aws_organizations_policy.p",
        "mode": "managed",
        "type": "aws_organizations_policy",
        "name": "p",
        "change": {"after": {"type": type_, "content": content}, "after_unknown": {}},
    }
    text = json.dumps({"format_version": "1.2", "resource_changes": [resource]})
    return load_text(text, "plan.json")


FORMATS = [_terraform, _cloudformation, _plan]


@pytest.mark.parametrize("read", FORMATS)
@pytest.mark.parametrize("type_", sorted(OTHERS))
def test_a_policy_in_another_grammar_is_listed_and_not_judged(
    read: Callable[[str, str], Loaded], type_: str
) -> None:
    found = read(type_, TAGS)
    assert found.documents == ()
    (left_out,) = found.not_analysed
    assert left_out.reason == f"policy of type `{type_}`, not an IAM policy"
    assert left_out.pointer[-1] in ("content", "Content")
    assert left_out.cause is Cause.NOT_IAM
    assert left_out.cause.is_spared


@pytest.mark.parametrize("read", FORMATS)
@pytest.mark.parametrize(("type_", "kind"), KINDS.items())
def test_the_two_iam_policies_are_judged(
    read: Callable[[str, str], Loaded], type_: str, kind: Kind
) -> None:
    found = read(type_, GUARDRAIL)
    assert [document.kind for document in found.documents] == [kind]
    assert found.not_analysed == ()


@pytest.mark.parametrize("read", FORMATS)
def test_a_type_that_is_newer_than_the_list_may_be_an_iam_policy(
    read: Callable[[str, str], Loaded],
) -> None:
    found = read("SESSION_CONTROL_POLICY", GUARDRAIL)
    assert found.documents == ()
    (left_out,) = found.not_analysed
    assert left_out.reason == f"AWS had no policy of type `SESSION_CONTROL_POLICY` on {DATE}"
    assert not left_out.cause.is_spared


def test_the_type_of_another_resource_is_not_that_of_a_policy() -> None:
    text = """
    resource "aws_lambda_function_url" "u" {
      function_name      = "f"
      authorization_type = "AWS_IAM"
    }
    """
    found = load_text(text, "main.tf")
    assert (found.documents, found.not_analysed) == ((), ())


@pytest.mark.parametrize("name", ["tags.json", "scps/tags.json", "policy.json"])
def test_a_file_in_another_grammar_is_not_taken_for_a_policy(name: str) -> None:
    found = load_text(TAGS, name)
    assert (found.documents, found.not_analysed) == ((), ())


def test_a_described_policy_of_another_type_is_listed() -> None:
    summary = {"Id": "p-1", "Type": "CHATBOT_POLICY", "Name": "chat"}
    found = load_text(
        json.dumps({"Policy": {"PolicySummary": summary, "Content": GUARDRAIL}}), "p.json"
    )
    assert found.documents == ()
    assert [item.reason for item in found.not_analysed] == [
        "policy of type `CHATBOT_POLICY`, not an IAM policy"
    ]
