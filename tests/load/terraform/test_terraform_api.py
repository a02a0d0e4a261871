"""The policy in the description of an API, in every notation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import Loaded, LoadOptions, load
from tests.support.loading import load_text

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
openapi: 3.0.1
x-amazon-apigateway-policy:
  Version: "2012-10-17"
  Statement:
    - Effect: Allow
      Principal: "*"
      Action: execute-api:Invoke
      Resource: %s
paths: {}
"""
HCL = """{
  openapi = "3.0.1"
  "x-amazon-apigateway-policy" = {
    Statement = [{Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "x"}]
  }
}"""
API = 'resource "aws_api_gateway_rest_api" "a" {\n  body = %s\n}\n'


def read(body: str) -> Loaded:
    text = (API % body).encode()
    return load(["-"], LoadOptions(stdin=text, stdin_name="main.tf"))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (f"<<EOT\n{YAML % 'x'}EOT\n", "main.tf"),
        (f"<<-EOT\n{YAML % '${var.arn}'}EOT\n", "main.tf"),
        (json.dumps(YAML % "x"), "main.tf"),
        (f"yamlencode({HCL})", "main.tf"),
        (f"jsonencode({HCL})", "main.tf"),
        ('file("api.yaml")', "api.yaml"),
        ('templatefile("api.tftpl", {arn = "x"})', "api.tftpl"),
        ('jsonencode(yamldecode(file("api.yaml")))', "api.yaml"),
    ],
)
def test_policy_of_an_api_is_found(
    body: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(YAML % "x")
    (tmp_path / "api.tftpl").write_text(YAML % "${arn}")

    loaded = read(body)

    (document,) = loaded.documents
    (statement,) = document.policy.statements
    assert (document.path, document.kind, loaded.not_analysed) == (path, "resource", ())
    assert document.attachment.resource_type == "AWS::ApiGateway::RestApi"
    assert [entry.known for entry in statement.actions] == ["execute-api:Invoke"]
    span = document.span(statement.actions[0].at)
    assert document.source.text[span.start : span.end].strip('"') == "execute-api:Invoke"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("var.body", "`${var.body}` is not known"),
        ('file("none.yaml")', "`none.yaml` does not exist"),
        ("local.none", "`${local.none}` is not known"),
        ("jsonencode(merge(var.a, var.b))", "`${merge(var.a, var.b)}` is not known"),
        (
            'jsonencode({"x-amazon-apigateway-policy" = var.policy})',
            "`${var.policy}` is not known",
        ),
        (
            "<<EOT\nopenapi: 3.0.1\n${var.policy}\npaths: {}\nEOT\n",
            "neither JSON nor YAML as far as it is known: `${var.policy}` is not",
        ),
        ("<<EOT\n{x-amazon-apigateway-policy: [\nEOT\n", "neither JSON nor YAML"),
    ],
)
def test_policy_of_an_api_that_is_not_known_is_left_out(body: str, reason: str) -> None:
    loaded = read(body)

    assert loaded.documents == ()
    assert [item.reason for item in loaded.not_analysed] == [reason]


@pytest.mark.parametrize("body", ["<<EOT\nopenapi: 3.0.1\nEOT\n", '"[x"', "jsonencode({})", "null"])
def test_api_without_a_policy_is_passed_over(body: str) -> None:
    loaded = read(body)

    assert (loaded.documents, loaded.not_analysed) == ((), ())


@pytest.mark.parametrize(
    ("body", "found", "reasons"),
    [
        (YAML % "x", 1, []),
        (json.dumps({"x-amazon-apigateway-policy": {"Statement": []}}), 1, []),
        ("openapi: 3.0.1\n", 0, []),
        ("{x-amazon-apigateway-policy: [Statement", 0, ["neither JSON nor YAML"]),
    ],
)
def test_policy_of_an_api_is_found_in_a_plan(body: str, found: int, reasons: list[str]) -> None:
    change = {"before": None, "after": {"body": body}}
    type_ = "aws_api_gateway_rest_api"
    resource = {"address": f"{type_}.a", "type": type_, "mode": "managed", "change": change}
    text = json.dumps({"format_version": "1.2", "resource_changes": [resource]})

    loaded = load_text(text, "plan.json")

    assert len(loaded.documents) == found
    assert [item.reason for item in loaded.not_analysed] == reasons
