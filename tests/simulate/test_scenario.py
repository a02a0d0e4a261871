from __future__ import annotations

from typing import Any

import pytest

from iamlint.simulate.scenario import simulate

OWN = "111122223333"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def scenario(**parts: Any) -> dict[str, Any]:
    request = {
        "principal": f"arn:aws:sts::{OWN}:assumed-role/app/s1",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::bucket/key",
        "resource_account": OWN,
        "context": {},
    }
    request |= parts.pop("request", {})
    return {"id": "case", "request": request, "policies": {"identity": [DOCUMENT]}, **parts}


def test_an_answer_has_the_decision_and_its_statements() -> None:
    decided = {"policy": "identity", "index": 0, "statement": 0, "sid": "All", "effect": "Allow"}
    assert simulate(scenario()) == {
        "id": "case",
        "decision": "allowed",
        "decided_by": [decided],
        "blocked_by": [],
        "missing_context": [],
        "errors": [],
    }


def test_an_implicit_denial_tells_whose_silence_and_which_keys() -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    statement = {**DOCUMENT["Statement"][0], "Condition": condition}  # type: ignore[dict-item]
    identity = [{"name": "x", "document": {"Version": "2012-10-17", "Statement": statement}}]
    assert simulate(scenario(policies={"identity": identity})) == {
        "id": "case",
        "decision": "implicitly_denied",
        "decided_by": [],
        "blocked_by": ["identity"],
        "missing_context": ["aws:SecureTransport"],
        "errors": [],
    }


def test_numbers_and_booleans_of_a_context_count_as_their_text() -> None:
    conditions = {
        "Bool": {"aws:SecureTransport": "true"},
        "NumericEquals": {"s3:max-keys": "10"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]},
    }
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": conditions}
    identity = [{"Version": "2012-10-17", "Statement": statement}]
    context = {"aws:SecureTransport": True, "s3:max-keys": 10, "aws:TagKeys": ["a"]}
    asked = scenario(policies={"identity": identity}, request={"context": context})
    assert simulate(asked)["decision"] == "allowed"


def test_a_trust_policy_counts_as_the_resources_policy() -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"},
    }
    request = {"action": "sts:AssumeRole", "resource": f"arn:aws:iam::{OWN}:role/r"}
    both = simulate(
        scenario(request=request, policies={"identity": [DOCUMENT], "resource": [trust]})
    )
    assert [entry["policy"] for entry in both["decided_by"]] == ["identity", "resource"]  # type: ignore[attr-defined]
    assert simulate(scenario(request=request))["blocked_by"] == ["resource"]


def test_rcps_bind_the_given_services_alone() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    rcp = [[{"Version": "2012-10-17", "Statement": deny}]]
    asked = scenario(policies={"identity": [DOCUMENT], "rcp": rcp})
    decisions = [
        simulate(asked, rcp_services=frozenset(services))["decision"]
        for services in (["s3"], ["sqs"])
    ]
    assert decisions == ["explicitly_denied", "allowed"]


def test_a_changed_document_is_compiled_anew() -> None:
    asked = scenario(policies={"identity": [{"Version": "2012-10-17", "Statement": []}]})
    assert simulate(asked)["decision"] == "implicitly_denied"
    asked["policies"]["identity"][0]["Statement"] = DOCUMENT["Statement"]
    assert simulate(asked)["decision"] == "allowed"


def test_deciders_stand_in_the_order_of_their_statements() -> None:
    actions = ["s3:GetObject", "*", "ec2:*", "s3:*", "s*:Get*", "sqs:*", "s3:Get*"]
    statements = [{"Effect": "Allow", "Action": one, "Resource": "*"} for one in actions]
    asked = scenario(policies={"identity": [{"Version": "2012-10-17", "Statement": statements}]})
    deciders: Any = simulate(asked)["decided_by"]
    assert [decider["statement"] for decider in deciders] == [0, 1, 3, 4, 6]


BAD_STATEMENT = {"Effect": "Alow", "Action": "*", "Resource": "*"}
ODD_OPERATOR = {**BAD_STATEMENT, "Effect": "Allow", "Condition": {"StringEqual": {"aws:x": "y"}}}


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"extra": 1}, "`extra` is not a field of a scenario"),
        (
            {"request": {"resorce": "*"}},
            "`request.resorce` is not a field of a scenario: did you mean",
        ),
        ({"request": {"resource": "bucket"}}, "`request.resource` is not an ARN: `bucket`"),
        ({"request": {"resource": 1}}, "`request.resource` must be a string, and is a number"),
        (
            {"request": {"action": "s3"}},
            "`request.action` must have the form `service:Name`, and is `s3`",
        ),
        ({"request": {"action": "s3:*"}}, "`request.action` must have the form `service:Name`"),
        ({"request": {"principal": "bob"}}, "`request.principal` is not a principal"),
        ({"request": {"principal": {"Group": "g"}}}, "`request.principal.Group` is not a type"),
        ({"request": {"principal": {"Anonymous": False}}}, "`request.principal.Anonymous` must"),
        ({"request": {"principal": {}}}, "`request.principal` must be an ARN"),
        ({"request": {"resource_account": "1"}}, "`request.resource_account` must be 12 digits"),
        ({"request": {"context": []}}, "`request.context` must be an object, and is a list"),
        ({"request": {"context": {"aws:x": None}}}, "`request.context.aws:x` must be"),
        ({"request": {"context": {"aws:x": [1]}}}, "`request.context.aws:x` must be"),
        (
            {"request": {"context": {"aws:x": "a", "AWS:X": "b"}}},
            "`request.context.AWS:X` is given",
        ),
        ({"settings": {"derive": True}}, "`settings.derive` is not a field of a scenario"),
        (
            {"settings": {"derive_context": "yes"}},
            "`settings.derive_context` must be true or false",
        ),
        ({"settings": {"principal_role_path": "x"}}, "`settings.principal_role_path` must begin"),
        ({"settings": {"service_settings": {"sqs": {}}}}, "`settings.service_settings.sqs` is no"),
        ({"policies": {"identty": []}}, "`policies.identty` is not a field of a scenario"),
        ({"policies": {"identity": DOCUMENT}}, "`policies.identity` must be a list"),
        ({"policies": {"scp": [DOCUMENT]}}, "`policies.scp[0]` must be a list, and is an object"),
        ({"policies": {"boundary": [DOCUMENT, DOCUMENT]}}, "`policies.boundary` holds several"),
        (
            {"policies": {"identity": [[]]}},
            "`policies.identity[0]` is wrong: the policy is a list but must be",
        ),
        (
            {"policies": {"identity": [{"Statement": [BAD_STATEMENT]}]}},
            "`policies.identity[0].Statement[0].Effect` is wrong: `Alow` is not a valid `Effect`",
        ),
        (
            {"policies": {"session": [{"Statement": ODD_OPERATOR}]}},
            "`policies.session[0].Statement.Condition.StringEqual` is wrong: `StringEqual` is no",
        ),
        (
            {"policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "*"}}]}},
            "`policies.identity[0].Statement` is wrong: the statement has no `Resource`",
        ),
        (
            {"policies": {"resource": [DOCUMENT]}},
            "`policies.resource[0].Statement[0]` is wrong: the statement has no `Principal`",
        ),
    ],
)
def test_a_wrong_scenario_has_its_error_and_no_decision(parts: dict[str, Any], error: str) -> None:
    answer: dict[str, Any] = simulate(scenario(**parts))
    (found,) = answer.pop("errors")
    assert found.startswith(error)
    assert answer == {
        "id": "case",
        "decision": None,
        "decided_by": [],
        "blocked_by": [],
        "missing_context": [],
    }


def test_every_error_is_told_at_once() -> None:
    answer = simulate({"id": 1, "request": {"principal": 1}, "settings": [], "more": {}})
    assert len(answer["errors"]) == 5  # type: ignore[arg-type]
    assert simulate([])["errors"] == ["`scenario` must be an object, and is a list"]  # type: ignore[arg-type]
