"""The policies in a plan before it is applied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.text.source import Unknown
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load import Loaded

SAID = {"Effect": "Allow", "Action": "a:b", "Resource": "*", "Sid": "S"}
POLICY = json.dumps({"Statement": [SAID]})
OWN = {"Action": ["c:d"], "Resource": ["*"], "Effect": "Allow"}
BLOCK = {"actions": ["c:d"], "resources": ["*"]}
LATER = Unknown("(known after apply)")


def read(
    type_: str,
    after: Mapping[str, object],
    unknown: Mapping[str, object],
    configuration: object = None,
) -> Loaded:
    resource = {
        "address": "the.address",
        "mode": "data" if type_ == "aws_iam_policy_document" else "managed",
        "type": type_,
        "name": "address",
        "change": {"after": after, "after_unknown": unknown},
    }
    plan = {"format_version": "1.2", "resource_changes": [resource, "odd"]}
    text = json.dumps({**plan, "configuration": configuration})
    return load_text(text, "plan.json")


@pytest.mark.parametrize(
    ("after", "unknown", "statements"),
    [
        ({"statement": [BLOCK]}, {}, [OWN]),
        ({"statement": [BLOCK, "odd"]}, {}, [OWN]),
        ({}, {"statement": True}, [LATER]),
        (
            {"statement": [{}]},
            {"statement": [{"actions": True}]},
            [{"Action": LATER, "Effect": "Allow"}],
        ),
        ({"source_policy_documents": [POLICY], "statement": [BLOCK]}, {}, [SAID, OWN]),
        ({"source_json": POLICY, "statement": [BLOCK]}, {}, [SAID, OWN]),
        (
            {"source_policy_documents": [None], "statement": [BLOCK]},
            {"source_policy_documents": [True]},
            [LATER, OWN],
        ),
        ({"override_json": POLICY, "statement": [{**BLOCK, "sid": "S"}]}, {}, [SAID]),
        ({"override_policy_documents": [POLICY], "statement": [BLOCK]}, {}, [OWN, SAID]),
    ],
)
def test_document_of_a_data_source_that_is_read_later_is_made_of_what_is_known(
    after: Mapping[str, object], unknown: Mapping[str, object], statements: list[object]
) -> None:
    found = read("aws_iam_policy_document", after, {"json": True, **unknown})

    (document,) = found.documents
    assert document.value == {"Version": "2012-10-17", "Statement": statements}


@pytest.mark.parametrize(
    ("after", "unknown"), [({"json": POLICY, "statement": [BLOCK]}, {"id": True}), ({}, {})]
)
def test_data_source_that_is_read_already_is_no_policy_of_its_own(
    after: Mapping[str, object], unknown: Mapping[str, object]
) -> None:
    found = read("aws_iam_policy_document", after, unknown)

    assert (found.documents, found.not_analysed) == ((), ())


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("odd", "identity"),
        ({"type": "aws_iam_role"}, "identity"),
        ({"type": "aws_iam_role", "expressions": {"assume_role_policy": "odd"}}, "identity"),
        (
            {"type": "aws_iam_role", "expressions": {"path": {"references": ["the.address"]}}},
            "identity",
        ),
        (
            {
                "type": "aws_iam_role",
                "expressions": {"assume_role_policy": {"references": [1, "the.address"]}},
            },
            "trust",
        ),
        (
            {
                "type": "aws_sqs_queue_policy",
                "expressions": {"policy": {"references": ["the.address.json", "the.address"]}},
            },
            "resource",
        ),
    ],
)
def test_kind_of_a_data_source_is_that_of_the_attribute_that_takes_it(
    resource: object, kind: str
) -> None:
    configuration = {"root_module": {"resources": [resource]}}

    found = read("aws_iam_policy_document", {"statement": [BLOCK]}, {"json": True}, configuration)

    assert [document.kind.value for document in found.documents] == [kind]


@pytest.mark.parametrize(
    ("type_", "after", "unknown", "found", "reasons"),
    [
        ("aws_iam_policy", {"policy": POLICY}, {}, ["policy"], []),
        ("aws_iam_policy", {}, {"policy": True}, [], ["`the.address.policy` is known after apply"]),
        ("aws_iam_role", {"inline_policy": [{"policy": POLICY}]}, {}, ["policy"], []),
        (
            "aws_iam_role",
            {"inline_policy": [{"name": "x"}]},
            {"inline_policy": [{"policy": True}]},
            [],
            ["`the.address.policy` is known after apply"],
        ),
        (
            "aws_organizations_policy",
            {"type": "TAG_POLICY", "content": POLICY},
            {},
            [],
            ["policy of type `TAG_POLICY`, not an IAM policy"],
        ),
        (
            "aws_organizations_policy",
            {"content": POLICY},
            {"type": True},
            [],
            ["`the.address.type` is known after apply"],
        ),
        ("acme_thing", {"rules": {"deep": [POLICY]}}, {}, [0], []),
        (
            "acme_thing",
            {"rules": [POLICY[:-1]]},
            {},
            [],
            ["string that looks like a policy, but is not JSON"],
        ),
        ("aws_cloudformation_stack", {"template_body": "odd: ["}, {}, [], []),
    ],
)
def test_policy_of_a_resource_is_found_or_listed(
    type_: str,
    after: Mapping[str, object],
    unknown: Mapping[str, object],
    found: list[object],
    reasons: list[str],
) -> None:
    loaded = read(type_, after, unknown)

    assert [document.pointer[-1] for document in loaded.documents] == found
    assert [item.reason for item in loaded.not_analysed] == reasons
