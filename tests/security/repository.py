"""A repository with every carrier of policies, and a trap wherever some tool would run something.

A trap that is sprung creates a file `sprung-…`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import AT_HOME
from tests.load.test_odd_values import items

if TYPE_CHECKING:
    from pathlib import Path

MODULES: Final = (
    *("iamlint", "pytest_iam", "json", "json5", "yaml", "click", "pluggy", "tomllib", "encodings"),
    *("sitecustomize", "usercustomize", "setup", "conftest", "plugin", "tree_sitter", "app"),
)
POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
_SPRINGS: Final = "open('sprung-{0}', 'w').close()\nimport os\nos.system('touch sprung-{0}')\n"
TRAPS: Final = {
    "cdk.json": '{"app": "touch sprung-cdk"}',
    "Pulumi.yaml": "name: x\nruntime: python\nmain: app.py\n",
    "serverless.js": "require('fs').writeFileSync('sprung-serverless', '')",
    "serverless.yml": "service: x\nprovider: {name: aws}\nplugins: [./plugin.js]\n"
    "custom: {a: '${file(./plugin.js):run}'}\n",
    "tags.yaml": f'!!python/object/apply:os.system ["touch sprung-yaml"]\n---\n{POLICY}\n',
    "tagged.yaml": f'a: !!python/object/new:os.system ["touch sprung-new"]\nb: {POLICY}\n',
    "trap.tf": """
data "external" "x" { program = ["touch", "sprung-external"] }
resource "null_resource" "x" {
  provisioner "local-exec" { command = "touch sprung-exec" }
}
resource "aws_iam_policy" "x" { policy = file("../outside.json") }
resource "aws_iam_policy" "y" { policy = file("/etc/hostname") }
resource "aws_iam_policy" "z" { policy = templatefile("../../outside.json", {}) }
module "far" { source = "git::https://example.invalid/x.git" }
module "near" { source = "../beside" }
""",
    "trap.yaml": """
Resources:
  Near: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../outside.yaml}}
  Far: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.invalid/x}}
  Macro: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x/y.yaml}}}
""",
    "chart/templates/policy.yaml": '{{ exec "touch sprung-helm" }}\nStatement: []\n',
    ".git/config": "[core]\nfsmonitor = touch sprung-git\npager = touch sprung-pager\n",
    ".git/hooks/pre-commit": "#!/bin/sh\ntouch sprung-hook\n",
    "roles/app/policy.json": POLICY,
    "roles/app/twice.json": POLICY.replace('"*"', '["s3:GetObject", "s3:GetObject"]', 1),
    "scenarios.jsonl": json.dumps(
        {
            "id": 1,
            "request": {
                "principal": "arn:aws:iam::111122223333:user/bob",
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::b/k",
            },
            "policies": {"identity": [json.loads(POLICY)]},
        }
    ),
    "x.iamtest.toml": '[[test]]\nname = "x"\nas = "role/app"\ncan = ["s3:GetObject"]\n',
    "iamlint.toml": 'account = "111122223333"\n',
}
OUTSIDE: Final = {
    "outside.json": POLICY,
    "outside.yaml": "Resources: {}\n",
    "beside/x.tf": "",
    "home/.aws/credentials": "[default]\naws_access_key_id = x\n",
    "home/.gitconfig": "[core]\nfsmonitor = touch sprung-home\n",
    "home/.netrc": "machine example.invalid login x password y\n",
}


def build(top: Path) -> Path:
    """Write the repository into `top/repository`, and beside it what it must not reach."""
    folder = top / "repository"
    files = {f"{name}.py": _SPRINGS.format(name) for name in MODULES} | TRAPS
    for number, carrier in enumerate(WRITERS):
        held = items(carrier.kinds & AT_HOME)
        beside = carrier.beside(held) if carrier.beside else {}
        files |= {f"c{number}/{name}": text for name, text in beside.items()}
        files |= {f"c{number}/{name}": text for name, text in carrier.files(held).items()}
    for name, text in files.items():
        _write(folder / name, text)
    for name, text in OUTSIDE.items():
        _write(top / name, text)
    (folder / "link.json").symlink_to("../outside.json")
    (folder / "link").symlink_to("../beside")
    return folder


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
