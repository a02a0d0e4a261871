"""Repositories with a module of tests that ask what principals can do."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.workloads.dumps import account, dump
from benchmarks.compare.workloads.policies import ACCOUNT, Json, policy, trust

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "def test_nothing():\n    pass\n"
TESTS = """\
import pytest

pytestmark = pytest.mark.iam(context={{"aws:SecureTransport": True}})
PRINCIPALS = {principals}


@pytest.mark.parametrize("name", PRINCIPALS)
def test_principal(iam, name):
    role = iam.role(name)
    for number in range({each}):
        {question}
"""
QUESTION = (
    'assert role.cannot("sqs:PurgeQueue", on=f"arn:aws:sqs:eu-west-1:{account}:q-{{number}}")'
)
ROLES = 20
STRONG = {"AdministratorAccess", "PowerUserAccess"}
"""What lets a role do what the tests say it cannot."""
ASSERTIONS = 1_000


def empty_session(folder: Path) -> None:
    (folder / "test_nothing.py").write_text(EMPTY, encoding="utf-8")


def small_repository(folder: Path) -> None:
    """Write twenty roles in folders, each with a trust policy and two policies, and the tests."""
    chance = Random(20)
    (folder / "iamlint.toml").write_text(f'account = "{ACCOUNT}"\n', encoding="utf-8")
    names = [f"team-{number}" for number in range(ROLES)]
    for name in names:
        role = folder / "roles" / name
        role.mkdir(parents=True, exist_ok=True)
        texts = {"trust": trust(chance), "work": policy(chance), "more": policy(chance)}
        for file, content in texts.items():
            (role / f"{file}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    _write_tests(folder, names)


def large_dump(folder: Path) -> None:
    """Write the dump of 1,000 roles, and tests of twenty of them."""
    dump(folder, 1_000)
    roles = account(1_000)["RoleDetailList"]
    weak = [role["RoleName"] for role in roles if not _held(role) & STRONG]
    _write_tests(folder, weak[-ROLES:])


def _held(role: Json) -> set[str]:
    return {policy["PolicyName"] for policy in role["AttachedManagedPolicies"]}


def _write_tests(folder: Path, principals: list[str]) -> None:
    question = QUESTION.format(account=ACCOUNT)
    text = TESTS.format(
        principals=json.dumps(principals), each=ASSERTIONS // ROLES, question=question
    )
    (folder / "test_policies.py").write_text(text, encoding="utf-8")
