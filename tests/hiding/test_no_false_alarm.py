"""Files without any sign of a policy are read in silence, named and in folders.

pre-commit names each changed file of JSON, YAML and Terraform.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


WORKFLOW: Final = """\
name: deny and allow
on: {pull_request: {types: [opened]}}
permissions: {actions: read, contents: write}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/dependency-review-action@v4
        with: {fail-on-severity: low, deny-licenses: GPL-3.0, effect: allow}
      - run: |
          apt-get install \\
            curl
          curl -s https://example.com\\
          install
"""
PODS: Final = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  tolerations: [{key: a, operator: Exists, effect: NoSchedule}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
webhooks: [{name: x, sideEffects: None, rules: [{resources: ["*"], operations: ["*"]}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
spec: {action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}
"""
OPENAPI: Final = {
    "openapi": "3.0.0",
    "info": {"title": "Bank", "version": "2012-10-17T00:00:00Z"},
    "components": {
        "schemas": {
            "Statement": {
                "type": "object",
                "properties": {"action": {"type": "string"}, "effect": {"enum": ["allow", "deny"]}},
            },
            "statements": {"type": "array", "items": {"$ref": "#/components/schemas/Statement"}},
        }
    },
}
FILES: Final = {
    "package.json": json.dumps({"name": "x", "sideEffects": False, "scripts": {"a": "deny"}}),
    "openapi.json": json.dumps(OPENAPI),
    "openapi.yaml": "x: " + json.dumps(OPENAPI, indent=1),
    "pods.yaml": PODS,
    ".github/workflows/ci.yml": WORKFLOW,
    "coverage.json": json.dumps({"a.js": {"statementMap": {"0": {"start": {"line": 1}}}}}),
    "bank.json": json.dumps({"statements": [{"id": 1, "action": "transfer", "amount": 3}]}),
    "azure.json": json.dumps({"if": {"field": "type"}, "then": {"effect": "deny"}}),
    "cerbos.yaml": "resourcePolicy:\n  rules:\n    - {actions: [view], effect: EFFECT_ALLOW}\n",
    "opa.json": json.dumps({"rules": [{"effect": "allow", "action": "read", "resource": "x"}]}),
    "eslint.json": json.dumps({"rules": {"no-unused": "deny", "effect": "allow"}}),
    "escaped.json": json.dumps({"name": "\u00fcber", "html": "<a>"}).replace("<", "\\u003c"),
    "letters.json": '{"\\u0061ction": "x", "\\u0053tate": 1}',
    "picture.json": json.dumps({"policy": base64.b64encode(bytes(range(256))).decode()}),
    "digest.json": json.dumps({"document": "0123456789abcdef" * 4}),
    "token.json": json.dumps({"policy": base64.b64encode(b'{"alg":"HS256","typ":"JWT"}').decode()}),
    "prose.json": json.dumps({"text": "This statement is in effect: allow an hour, deny nothing."}),
    "twice.yaml": "effect: x\na: 1\na: 2\nStatement: none\n",
    "ansible.yaml": "- hosts: all\n  vars: {a: !vault x}\n  tasks: [{name: allow, action: x}]\n",
    "helm.yaml": "{{- if .x }}\nkind: Pod\neffect: NoSchedule\nsideEffects: None\n{{- end }}\n",
    "broken.json": '{"name": "x", "sideEffects": false,, "action": "allow"}',
    "odd.yaml": "a: [\nStatement of account\n",
    "main.tf": 'variable "policy" {}\nresource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n',
    "waf.tf": 'resource "aws_wafv2_web_acl" "w" {\n  default_action {\n    allow {}\n  }\n}\n',
    "attached.tf": 'variable "p" {}\nresource "aws_iam_policy" "p" {\n  policy = var.p\n}\n',
    "referenced.yaml": (
        "Parameters: {P: {Type: String}}\nResources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n"
        "    Properties: {PolicyDocument: !Ref P}\n"
    ),
    "helm_of_a_role.yaml": "{{- if .x }}\nType: AWS::IAM::Role\n{{- end }}\n",
    "copy.json.bak": json.dumps({"sideEffects": False, "action": "allow"}),
    "chart.yaml.gotmpl": "{{ .Values.statement }}\neffect: NoSchedule\n",
    "values.tfvars": 'effect = "allow"\n',
    "data.jsonl": '{"effect": "x", "action": "y"}\n' * 3,
    "x.schema.json": json.dumps({"properties": {"Statement": {"type": "object"}, "Effect": {}}}),
}
UNKNOWN: Final = {"attached.tf", "referenced.yaml", "helm_of_a_role.yaml"}
"""Files of which a policy comes from elsewhere: listed, and no error where they are named."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    home = tmp_path / "repository"
    for path, text in {".git/HEAD": "", **FILES}.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
    return home


@pytest.mark.parametrize("name", FILES)
def test_named_file_without_a_sign_of_a_policy_is_clean(
    name: str, repository: Path, iamlint: Program
) -> None:
    result = iamlint("check", str(repository / name), "--output-format", "json")

    said = json.loads(result.out)
    assert (result.code, said["findings"], said["summary"]["files"]) == (0, [], 1)


def test_folder_of_files_without_policies_lists_none(repository: Path, iamlint: Program) -> None:
    for name in UNKNOWN:
        (repository / name).unlink()

    result = iamlint("check", str(repository), "--output-format", "json", "--fail-on-not-analysed")

    said = json.loads(result.out)
    gaps = {item["path"] for item in said["not_analysed"]} - {
        "repository/broken.json",
        "repository/odd.yaml",
    }
    assert (result.code, said["findings"], gaps) == (4, [], set())
