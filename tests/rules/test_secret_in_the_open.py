"""`secret-in-the-open`: where it looks, what it says, and the false alarms that others had."""

from __future__ import annotations

import hashlib
import json
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.keys import key_id, secret_key, session_token

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

SEED = Random(40)  # noqa: S311 - the same keys in each run
ID, SECRET, TOKEN = key_id(SEED), secret_key(SEED), session_token(SEED)
CANARY = "AKIA" + "SP2TPHJSQH3FJRUX"
SHA1 = hashlib.sha1(b"#!/bin/bash").hexdigest()  # noqa: S324 - as Terraform does
ENVIRONMENT = f"AWS_ACCESS_KEY_ID={ID}\nAWS_SECRET_ACCESS_KEY={SECRET}\n"
BOTH = f'access_key = "{ID}"\nsecret_key = "{SECRET}"\n'

STATE = (
    f'{{"terraform_version": "1.9", "x": {{"id": "{ID}",\n\n\n"secret": 1}}, '
    f'"y": {{"id": "{ID}",\n"secret": "{SECRET}"}}}}'
)
POLICY = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",'
    f'"Resource": "arn:aws:s3:::{ID}",\n"Sid": "{SECRET}"}}}}'
)
FUNCTION = """
resource "aws_lambda_function" "f" {
  environment {
    variables = {
      TABLE = "ProductionInventoryTableOfTheShopEurope1"
      QUEUE = "abcdefghijklmnopqrstuvwxyz01234567890123"
    }
  }
}
"""
NAMES = """
resource "aws_secretsmanager_secret" "s" {
  name = "dev/api/env-main"
}
locals {
  aws_secret_access_key = "dev/api/env-main"
}
"""


def reported(program: Program, folder: Path, files: dict[str, str], *flags: str) -> list[str]:
    """Return `path:line severity` of each finding of the rule in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    rule = ("--select", "secret-in-the-open", "--output-format", "json")
    found = json.loads(program("check", *rule, *flags, ".").out)["findings"]
    return [f"{f['path']}:{f['range']['start']['line']} {f['severity']}" for f in found]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", f'provider "aws" {{\n{BOTH}}}\n'),
        ("empty.tf", f"# nothing\n# but {ID} and\n# {SECRET}\n"),
        ("prod.tfvars", f"# values\n{BOTH}"),
        ("prod.auto.tfvars.json", f'{{\n"access_key": "{ID}",\n"secret_key": "{SECRET}"}}'),
        (
            "terraform.tfstate",
            STATE,
        ),
        ("template.yaml", f"Description: AWS::X\nAwsSecretKey:\n  Default: {SECRET}\n"),
        ("policy.json", POLICY),
        ("serverless.yml", f"provider:\n  a: {ID}\n  b: {SECRET}\n"),
    ],
)
def test_key_is_found_in_each_sort_of_file(
    iamlint: Program, tmp_path: Path, path: str, text: str
) -> None:
    line = text[: text.index(SECRET)].count("\n") + 1

    assert reported(iamlint, tmp_path, {path: text}) == [f"{path}:{line} warning"]


def test_file_is_read_for_its_secrets_where_a_module_reads_it(
    iamlint: Program, tmp_path: Path
) -> None:
    module = 'a = file("${path.module}/a.sh")\nb = templatefile("../b/b.sh", {})\n'
    files = {f"m/{name}": ENVIRONMENT for name in ("a.sh", "other.sh")} | {"b/b.sh": ENVIRONMENT}

    found = reported(iamlint, tmp_path, {"m/main.tf": module, ".git/HEAD": "", **files})

    assert found == ["b/b.sh:2 warning", "m/a.sh:2 warning"]


def test_file_outside_of_the_repository_is_not_read(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text(ENVIRONMENT)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / ".git").mkdir()
    (tmp_path / "m" / "main.tf").write_text('a = file("../a.sh")\n')

    result = iamlint("check", "--output-format", "json", "m")

    assert json.loads(result.out)["findings"] == []


@pytest.mark.parametrize(
    "path",
    [
        "package.json",
        ".github/workflows/build.yml",
        "pnpm-lock.yaml",
        "composer-lock.json",
        "values.json",
        "script.sh",
    ],
)
def test_other_files_are_left_to_other_tools(iamlint: Program, tmp_path: Path, path: str) -> None:
    text = f'{{"access_key": "{ID}", "aws_secret_access_key": "{SECRET}"}}'

    assert reported(iamlint, tmp_path, {path: text}) == []


def test_file_with_a_secret_alone_counts_as_no_policy(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(f'variable "access_key" {{\n  default = "{ID}"\n}}\n')

    result = iamlint("check", "--output-format", "concise", ".")

    assert result.code == 4
    assert "in 0 policies of 1 file" in result.out
    assert "main.tf:2:14: note[secret-in-the-open]" in result.out


def test_id_alone_is_a_note_once_and_that_of_a_session_is_silent(
    iamlint: Program, tmp_path: Path
) -> None:
    session = key_id(SEED, "ASIA")
    text = f'a = "{ID}"\n\nb = "{ID}"\n\nc = "{session}"\n'

    assert reported(iamlint, tmp_path, {"main.tf": text}) == ["main.tf:1 note"]


def test_session_token_is_reported_beside_its_key(iamlint: Program, tmp_path: Path) -> None:
    session = key_id(SEED, "ASIA")
    text = f"access_key = {session}\nsecret_key = {SECRET}\nsession_token = {TOKEN}\n"

    assert reported(iamlint, tmp_path, {"a.tfvars": text}) == [
        "a.tfvars:2 warning",
        "a.tfvars:3 warning",
    ]


def test_list_of_access_keys_names_them_on_purpose(iamlint: Program, tmp_path: Path) -> None:
    listed = {"AccessKeyMetadata": [{"UserName": "a", "AccessKeyId": ID, "Status": "Active"}]}
    listed["AccessKeyMetadata"][0]["CreateDate"] = "2026-01-01T00:00:00+00:00"

    assert reported(iamlint, tmp_path, {"keys.json": json.dumps(listed)}) == []


def test_canaries_are_silent_also_those_of_the_configuration(
    iamlint: Program, tmp_path: Path
) -> None:
    text = f"access_key = {CANARY}\nsecret_key = {SECRET}\n"
    own = text.replace(CANARY, "AKIARTX3GSDSZVTXZ6X5")

    assert reported(iamlint, tmp_path, {"a.tfvars": text}) == []
    assert reported(iamlint, tmp_path, {"a.tfvars": own}) == ["a.tfvars:2 warning"]
    options = '[rules.secret-in-the-open]\ncanary-accounts = ["111122223333"]\n'
    assert reported(iamlint, tmp_path, {"iamlint.toml": options}) == []


def test_fingerprint_stays_with_the_line_and_is_not_of_the_key(
    iamlint: Program, tmp_path: Path
) -> None:
    def fingerprint(text: str) -> str:
        (tmp_path / "a.tfvars").write_text(text)
        result = iamlint("check", "--output-format", "json", ".")
        found = json.loads(result.out)["findings"]
        return next(str(one["fingerprint"]) for one in found if one["severity"] == "warning")

    line = f'aws_secret_key = "{SECRET}"\n'

    assert fingerprint(line) == fingerprint("# moved\n" + line)
    assert fingerprint(line) == fingerprint(line.replace(SECRET, secret_key(SEED)))
    assert fingerprint(line) != fingerprint(line.replace("aws_", "my_aws_"))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                "plan.json": json.dumps(
                    {
                        "terraform_version": "1.9.0",
                        "resource_changes": [],
                        "user_data": SHA1,
                        "access_key": "AKIAIOSFODNN7EXAMPLE",
                        "aws_secret_access_key": SHA1,
                    }
                )
            },
            id="checkov#754: a SHA-1 of user data in a plan",
        ),
        pytest.param(
            {"main.tf": FUNCTION},
            id="checkov#7309: any 40 characters in the environment of a function",
        ),
        pytest.param(
            {
                "main.tf": 'resource "aws_instance" "i" {\n  user_data = "#!/bin/bash"\n'
                f'  ami_digest = "{SECRET}"\n}}\n'
            },
            id="checkov#7613: the first line of a script, and 40 characters elsewhere in the file",
        ),
        pytest.param(
            {"main.tf": NAMES},
            id="checkov#4604: names of secrets",
        ),
        pytest.param(
            {
                "template.yaml": "Type: AWS::Lambda::Function\naccess_key: AKIAIOSFODNN7EXAMPLE\n"
                f"Url: https://s3.amazonaws.com/Bucket1/{SECRET}/Deploy2/{SECRET}.zip\n"
                f"aws_secret_access_key: /opt/App1/{SECRET}/bin\n"
            },
            id="ScoutSuite#1417: 40 characters cut from a longer path",
        ),
        pytest.param(
            {
                "package-lock.json": json.dumps({"access_key": ID, "secret_access_key": SECRET}),
                "yarn.lock": f"{ID}\n{SECRET}\n",
                ".terraform.lock.hcl": f'hashes = ["h1:{SECRET}", "{ID}"]\n',
                "template.yaml": f"Type: AWS::X\nMetadata:\n  Commit: {SHA1}\n  AKIA: {SHA1}\n",
            },
            id="cloud-gov/caulking#26: lock files and ids of commits",
        ),
    ],
)
def test_false_alarm_of_others_is_not_reported(
    iamlint: Program, tmp_path: Path, files: dict[str, str]
) -> None:
    assert reported(iamlint, tmp_path, files) == []
