"""`iamlint who-can --matrix`: its answers, their commands, and its formats."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from iamlint.graph.matrix import MatrixAnswer, matrix_questions
from tests.support.chain_accounts import CHAINS
from tests.support.chains import (
    ADMINISTRATOR,
    HOME,
    Account,
    Principal,
    allow,
    deny,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

KIM, LEE, ADMIN = user("kim"), user("lee"), role("admin")
ROOT = trusts(AWS=f"arn:aws:iam::{HOME}:root")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
READS = (allow("s3:GetObject"), allow("cloudtrail:StopLogging", Condition=MFA))
NO_LEAVING = deny("organizations:LeaveOrganization")
SMALL = Account(
    (
        Principal(KIM, policies=((allow("sts:AssumeRole", ADMIN),), READS)),
        Principal(LEE, policies=((allow("s3:GetObject", "arn:aws:s3:::one/*"),),)),
        Principal(ADMIN, attached=(ADMINISTRATOR,), policies=((NO_LEAVING,),), trust=(ROOT,)),
    )
)
ACCOUNTS = (
    "a small account",
    "three roles in a row",
    "a policy attached to a role",
    "a boundary by reference",
    "a role that only tagged principals become",
    "users who manage themselves",
)


def rows(iamlint: Program) -> dict[str, dict[str, dict[str, object]]]:
    value = json.loads(iamlint("who-can", "--matrix", "--output-format", "json").out)
    return {one["name"]: one["answers"] for one in value["principals"]}


def test_answers_are_grouped_by_principal(iamlint: Program, tmp_path: Path) -> None:
    SMALL.write(tmp_path, "dump")
    rest = (
        "change-policies, create-credentials, pass-administrator, read-secrets, {}delete-objects, "
        "stop-logging, stop-detection, open-to-outsiders"
    )

    result = iamlint("who-can", "--matrix")

    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "role/admin",
        f"  allowed: administer, {rest.format('read-objects, ')}",
        "  unknown: decrypt, delete-keys",
        "user/kim",
        f"  allowed as role/admin: administer, {rest.format('')}",
        "  allowed: read-objects",
        "  unknown: decrypt, delete-keys",
        "user/lee",
        "  unknown: decrypt, delete-keys, open-to-outsiders",
        "13 questions about 3 principals; `--output-format json` has the command for each answer",
    ]


def again(iamlint: Program, cell: dict[str, object]) -> str:
    """Return what the command of a cell answers, in its words."""
    _, *words = shlex.split(str(cell["command"]))
    value = json.loads(iamlint(*words, "--output-format", "json").out)
    return str(value["answers"][0]["answer"] if words[0] == "graph" else value["ruling"])


FITTING = {
    MatrixAnswer.ALLOWED: {"yes", "allowed"},
    MatrixAnswer.CONDITIONAL: {"conditional", "allowed", "depends"},
    MatrixAnswer.UNKNOWN: {"unknown", "depends"},
    MatrixAnswer.DENIED: {"no", "denied", "mixed"},
}


@pytest.mark.parametrize("title", ACCOUNTS)
def test_command_of_each_answer_asks_the_same(iamlint: Program, tmp_path: Path, title: str) -> None:
    account = CHAINS[title].account if title in CHAINS else SMALL
    account.write(tmp_path, "terraform")
    for name, cells in rows(iamlint).items():
        for question, cell in cells.items():
            answer = MatrixAnswer(str(cell["answer"]))
            if cell["via"] is None or question == "administer":
                assert again(iamlint, cell) in FITTING[answer], (name, question, cell)


def test_page_has_each_command_and_fetches_nothing(iamlint: Program, tmp_path: Path) -> None:
    SMALL.write(tmp_path, "dump")

    page = iamlint("who-can", "--matrix", "--output-format", "html").out

    assert page.startswith("<!doctype html>\n")
    assert page.count("<details>") == 3 * len(matrix_questions())
    assert "iamlint graph --from user/kim --to admin" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--matrix", "s3:GetObject"), "error: `--matrix` asks its own questions\n"),
        (("--matrix", "--on", "arn:aws:s3:::a"), "error: `--matrix` asks its own questions\n"),
        ((), "error: no action is named\nhelp: name one, or ask with `--matrix`\n"),
        (("s3:GetObject", "--output-format", "html"), "error: the answer is not a page\n"),
    ],
)
def test_wrong_use_exits_2(
    iamlint: Program, tmp_path: Path, words: tuple[str, ...], error: str
) -> None:
    SMALL.write(tmp_path, "dump")

    result = iamlint("who-can", *words)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(error)


def test_files_without_policies_exit_4(iamlint: Program) -> None:
    assert iamlint("who-can", "--matrix").code == 4
