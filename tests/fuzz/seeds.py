"""Inputs to begin with: files of carriers in tests, samples, and the examples of rules."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.evaluator.random_scenarios import scenario
from tests.fuzz.archive import pack
from tests.load.carriers.all import WRITERS
from tests.load.carriers.carrier import AT_HOME, Carrier
from tests.load.test_odd_values import items

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent.parent
_SCENARIOS: Final = 100
_TOGETHER: Final = 5
_APART: Final = 3
"""Of all examples of rules, one in so many; most rules have more."""
_MOST: Final = 8_000


CONFIGURATION: Final = """\
include = ["policies/**/*.json"]
exclude = ["**/old/**"]
select = ["default"]
extend-select = ["strict"]
ignore = ["wildcard-service"]
fail-on = "warning"
account = "111122223333"
partition = "aws"
region = "eu-west-1"
organization = "o-a1b2c3d4e5"
trusted-accounts = ["444455556666"]
aws-managed-policies = true
[kinds]
"*.json" = "scp"
[severity]
"wildcard-service" = "error"
[rules.oversized-scp]
maximum = 10240
[terraform]
vars = { env = "prod" }
[cloudformation]
parameters = { Env = "prod" }
[[require-condition]]
actions = ["iam:PassRole"]
keys = ["iam:PassedToService"]
reason = "a role may be passed only to known services"
[[ignore-finding]]
rule = "wildcard-admin"
file = "*.json"
statement = 1
reason = "known"
expires = 2027-03-31
[principals."role/deployer"]
policies = ["p.json", "arn:aws:iam::aws:policy/ReadOnlyAccess"]
trust = "t.json"
tags = { team = "platform" }
[resources."arn:aws:s3:::artifacts"]
policy = "b.json"
[organization-policies]
scp = [["p.json"], ["p.json"]]
"""
TESTS: Final = """\
[defaults]
account = "111122223333"
context = { "aws:SourceIp" = "10.0.0.1" }
[[test]]
name = "deploys"
as = "role/deploy"
can = ["s3:PutObject", "s3:Get*"]
cannot = "iam:PassRole"
resource = ["arn:aws:s3:::artifacts/x"]
context = { "aws:MultiFactorAuthPresent" = true }
absent = ["aws:SourceVpce"]
at = "2026-01-01T00:00:00Z"
[[test]]
name = "who"
who_can = "s3:DeleteBucket"
equals = ["role/deploy"]
"""
POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


_IGNORES: Final = {
    "p.json5": "// COMMENT\nPOLICY",
    "p.yaml": "# COMMENT\nPOLICY",
    "q.yaml": """\
Version: '2012-10-17'
Statement:
  # COMMENT
  - Effect: Allow # x
    Action: '*'
    Resource: '*'
""",
    "p.tf": """\
resource "aws_iam_policy" "p" {
  # COMMENT
  policy = jsonencode(POLICY)
}
""",
}


def carried(carriers: tuple[Carrier, ...]) -> Iterator[bytes]:
    """Yield repositories in which each carrier has the kinds of policies that it can have."""
    for carrier in carriers:
        held = items(carrier.kinds & AT_HOME)
        beside = carrier.beside(held) if carrier.beside else {}
        files = {**beside, **carrier.files(held)}
        yield pack({name: text.encode() for name, text in files.items()})


def folders(*names: str) -> Iterator[bytes]:
    """Yield the files in folders of the tests: each file, and small folders as a whole."""
    for name in names:
        for folder in sorted({path.parent for path in (ROOT / name).rglob("*.*")}):
            files = {
                path.name: path.read_bytes()
                for path in sorted(folder.iterdir())
                if path.is_file() and path.suffix != ".py"
            }
            for file, body in files.items():
                if len(body) < _MOST:
                    yield pack({file: body})
            if len(files) > 1 and sum(map(len, files.values())) < _MOST:
                yield pack(files)


def texts() -> Iterator[bytes]:
    yield from carried(WRITERS)
    yield from folders("tests/load", "sample_policies")


def examples() -> Iterator[bytes]:
    """Yield the examples of all rules, each under a name that says which kind of policy it is."""
    from iamlint.rules import BUILTIN  # noqa: PLC0415 - each target counts what it uses alone
    from iamlint.testing.examples import cases  # noqa: PLC0415 - the same

    for case in cases(BUILTIN)[::_APART]:
        example = case.example
        name = example.file if "." in example.file else f"{example.kind}.json5"
        yield pack({f"{example.kind}/{name}": example.text.encode()})


def scenarios() -> Iterator[bytes]:
    random = Random(1)  # noqa: S311 - no secret
    for _ in range(_SCENARIOS):
        yield pack({"scenarios.json": json.dumps([scenario(random)]).encode()})


def accounts() -> Iterator[bytes]:
    for folder in ("cloudformation", "terraform", "folders"):
        top = ROOT / "sample_policies/company" / folder
        files = {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*.*"))
            if path.is_file()
        }
        yield pack(files)
    yield from carried(WRITERS)


def calls() -> Iterator[bytes]:
    """Yield modules that call each function of Terraform, so that mutation has their names."""
    from iamlint.load.terraform.language.functions import FUNCTIONS  # noqa: PLC0415 - one target needs it

    names = sorted(FUNCTIONS)
    for few in (names[at : at + _TOGETHER] for at in range(0, len(names), _TOGETHER)):
        lines = "\n".join(f'  {name} = {name}(var.x, ["a"])' for name in few)
        policy = f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode(local.{few[0]})\n}}\n'
        yield pack({"main.tf": f'variable "x" {{}}\nlocals {{\n{lines}\n}}\n{policy}'.encode()})


def ignores() -> Iterator[bytes]:
    comment = "iamlint: ignore[wildcard-admin] known, expires=2027-01-01"
    for name, text in _IGNORES.items():
        yield pack({name: text.replace("COMMENT", comment).replace("POLICY", POLICY).encode()})
    ignored = {"Metadata": {"iamlint": {"ignore": [{"rule": "wildcard-admin", "reason": "x"}]}}}
    role = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": json.loads(POLICY)}}
    yield pack({"t.json": json.dumps({"Resources": {"P": {**role, **ignored}}}).encode()})


def baselines() -> Iterator[bytes]:
    entry = {
        "path": "p.json",
        "rule": "wildcard-admin",
        "message": "x",
        "fingerprint": "0123456789abcdef",
        "reason": "known",
        "expires": "2027-01-01",
    }
    content = {"version": 1, "reason": "r", "expires": "2027-01-01", "findings": [entry]}
    yield pack({"iamlint-baseline.json": json.dumps(content).encode(), "p.json": POLICY.encode()})


def configurations() -> Iterator[bytes]:
    policy = {"p.json": POLICY.encode(), "t.json": POLICY.encode(), "b.json": POLICY.encode()}
    yield pack({"iamlint.toml": CONFIGURATION.encode(), **policy})
    yield pack({"iamlint.toml": b'extend = "base.toml"\n', "base.toml": CONFIGURATION.encode()})
    under = CONFIGURATION.replace("[[", "[[tool.iamlint.").replace("\n[", "\n[tool.iamlint.")
    under = under.replace("[tool.iamlint.[tool.", "[[tool.")
    yield pack({"pyproject.toml": f"[tool.iamlint]\n{under}".encode(), **policy})
    for line in CONFIGURATION.splitlines():
        if not line.startswith("["):
            yield pack({"iamlint.toml": line.encode(), **policy})


def tests() -> Iterator[bytes]:
    policy = {"roles/deploy/publish.json": POLICY.encode()}
    yield pack({"x.iamtest.toml": TESTS.encode(), **policy})
