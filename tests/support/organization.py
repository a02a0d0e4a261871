"""Many accounts in a folder, a rule that kills its process, and the program in a process."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.linter.lint_options import LintOptions
from iamlint.linter.parts import RunParts
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ACCOUNTS = [f"11112222{number:04}" for number in range(5)]
PADDING = " " * 9_000
CONFIG = """
[[ignore-finding]]
rule = "wildcard-admin"
file = "accounts/111122220001.json"
reason = "SEC-1"

[[ignore-finding]]
rule = "wildcard-admin"
file = "accounts/111122220002.json"
sid = "None"
reason = "never used"

[[ignore-finding]]
rule = "public-trust"
file = "nowhere/*.json"
reason = "about no file"
"""
KILLER = """
import os, signal
from dataclasses import replace
from iamlint.hookspecs import hookimpl
from iamlint.rules import BUILTIN

def check(statement, ask):
    if statement.sid is not None and statement.sid.known == "Deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if statement.sid is not None and statement.sid.known == "Once":
        try:
            os.close(os.open("once", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return ()
        os.kill(os.getpid(), signal.SIGKILL)
    return ()

@hookimpl
def iamlint_rules():
    rule = next(rule for rule in BUILTIN if rule.name == "wildcard-admin")
    return [replace(rule, name="killer", check=check, check_policy=None, when=())]
"""
"""A plugin whose rule kills the process for a statement named `Deadly`, and once for `Once`."""


def policy(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


TRUST = policy(
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
)


def dump(account: str) -> dict[str, object]:
    """Return an account whose role `app` is called the same everywhere, and limited in some."""
    is_even = int(account) % 2 == 0
    limit = f"arn:aws:iam::{account}:policy/limit"
    role = {
        "RoleName": "app",
        "Arn": f"arn:aws:iam::{account}:role/app",
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [
            {
                "PolicyName": "own",
                "PolicyDocument": policy(allow(["s3:GetObjcet", "s3:GetObject"])),
            },
            {"PolicyName": "iam", "PolicyDocument": policy(allow("iam:PutRolePolicy"))},
            {"PolicyName": "all", "PolicyDocument": policy(allow("*"))},
        ],
        **({"PermissionsBoundary": {"PermissionsBoundaryArn": limit}} if is_even else {}),
    }
    versions = [{"Document": policy(allow("s3:*")), "VersionId": "v1", "IsDefaultVersion": True}]
    managed = {"PolicyName": "limit", "Arn": limit, "PolicyVersionList": versions}
    return {"RoleDetailList": [role], "Policies": [managed]}


@pytest.fixture
def organization(tmp_path: Path) -> Path:
    """Write dumps of several accounts, and files that name no principal beside them."""
    return _written(tmp_path)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the same for tests that only read it."""
    return _written(tmp_path_factory.mktemp("organization"))


@pytest.fixture(scope="module")
def parts(
    unchanged: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[int, tuple[str, ...]]:
    """Check what is unchanged in two parts and in three, and return their files."""
    folder = tmp_path_factory.mktemp("parts")
    made = {
        count: tuple(str(folder / f"{number}of{count}.jsonl") for number in range(1, count + 1))
        for count in (2, 3)
    }
    for count, files in made.items():
        for number, file in enumerate(files, 1):
            run(unchanged, "check", ".", "--part", f"{number}/{count}", "-o", file, code=0)
    return made


def _written(folder: Path) -> Path:
    (folder / "accounts").mkdir()
    for account in ACCOUNTS:
        text = json.dumps(dump(account), indent=1) + PADDING
        (folder / "accounts" / f"{account}.json").write_text(text)
    (folder / "bucket.json").write_text(json.dumps(policy({**allow("s3:*"), "Principal": "*"})))
    (folder / "broken.json").write_text('{"Version": "2012-10-17", "Statement": [')
    (folder / "iamlint.toml").write_text(CONFIG)
    return folder


def run(folder: Path, *words: str, code: int = 1) -> bytes:
    """Run the program in a process of its own, for it splits itself."""
    command = [sys.executable, "-m", "iamlint", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout


def parts_of(folder: Path, *paths: str) -> RunParts:
    request = LintOptions(paths or (".",), date(2026, 11, 1), here=folder)
    return RunParts(request, load_extensions(request.scopes.base(".")))


def write_killer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a plugin that kills processes, and a configuration that names it."""
    (folder / "site").mkdir()
    (folder / "site" / "killer.py").write_text(KILLER)
    config = folder / "iamlint.toml"
    config.write_text('plugins = ["killer"]\n' + config.read_text())
    monkeypatch.setenv("PYTHONPATH", str(folder / "site"))
