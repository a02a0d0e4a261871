"""`iamlint check --jobs`: the number of processes changes the time and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from iamlint.linter import parallel
from iamlint.linter.parallel import jobs_that_pay
from tests.support.organization import write_killer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"},
    {"Effect": "Allow", "Action": "*", "Resource": "*"}
  ]
}
"""
TEMPLATE = """
resource "aws_iam_policy" "NAME" {
  policy = file("${path.module}/../shared.json")
}
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Make more policies than one process takes at a time, two files that share one among them."""
    for number in range(60):
        folder = tmp_path / f"team{number % 4}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.json").write_text(POLICY)
    (tmp_path / "shared.json").write_text(POLICY)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(TEMPLATE.replace("NAME", name))
    (tmp_path / "iamlint.toml").write_text(
        '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "team1/*.json"\nreason = "SEC-1"\n'
        '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "team2/2.json"\nsid = "no"\n'
        'reason = "SEC-2"\n'
    )
    return tmp_path


def output(folder: Path, *args: str) -> bytes:
    """Run the program in a process of its own, for it splits itself."""
    command = [sys.executable, "-m", "iamlint", "check", ".", *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout


@pytest.mark.parametrize("format_", ["json", "sarif", "full"])
def test_output_is_the_same_bytes_for_any_number(many: Path, format_: str) -> None:
    one = output(many, "--output-format", format_, "--jobs", "1")

    assert len(one) > 10_000
    for jobs in ("2", "4"):
        assert output(many, "--output-format", format_, "--jobs", jobs) == one


def test_part_that_policies_share_is_reported_once(many: Path) -> None:
    found = json.loads(output(many, "--output-format", "json", "--jobs", "2"))["findings"]

    of_shared = [f["rule"] for f in found if f["path"] == "shared.json"]
    assert "wildcard-admin" in of_shared
    assert len(set(of_shared)) == len(of_shared)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_parts_come_back_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow_at_first(part: list[SimpleNamespace], *_: object) -> list[int]:
        time.sleep(0.2 if part[0].number == 0 else 0)
        return [one.number for one in part]

    monkeypatch.setattr(parallel, "PART", 1)
    monkeypatch.setattr(parallel, "apply_rules", slow_at_first)
    watched: list[int] = []
    documents = [SimpleNamespace(number=number, cases=None, kind=None) for number in range(5)]

    look = parallel.check_in_parallel(documents, None, 2, watched.append)  # type: ignore[arg-type]

    assert (list(look), watched) == ([*range(5)], [1] * 5)


def test_one_process_does_the_work_where_none_can_be_split(
    iamlint: Program, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = output(many, "--output-format", "json", "--jobs", "2")
    monkeypatch.setattr(parallel, "can_fork", lambda: False)

    whole = iamlint("check", ".", "--output-format", "json", "--jobs", "2")

    assert (whole.out.encode(), jobs_that_pay(100_000)) == (split, 1)


def test_policy_that_kills_its_process_is_named_and_all_others_are_checked(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_killer(many, monkeypatch)
    args = ["--allow-plugins", "--jobs", "2", "--output-format", "json"]
    whole = json.loads(output(many, *args))
    for name in ("team0/0.json", "team3/11.json"):
        (many / name).write_text(POLICY.replace('{"Effect"', '{"Sid": "Deadly", "Effect"', 1))

    command = [sys.executable, "-m", "iamlint", "check", ".", *args]
    done = subprocess.run(command, cwd=many, capture_output=True, text=True, check=False)

    report = json.loads(done.stdout)
    dead = ["team0/0.json", "team3/11.json"]
    reason = "the process that checked it was killed by signal 9"
    assert done.returncode == 3
    assert [(one["path"], one["reason"]) for one in report["not_analysed"]] == [
        (path, reason) for path in dead
    ]
    assert report["findings"] == [f for f in whole["findings"] if f["path"] not in dead]


def test_number_of_jobs_is_at_least_one(iamlint: Program) -> None:
    assert iamlint("check", ".", "--jobs", "0").code == 2


def test_few_policies_are_looked_at_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)

    assert [jobs_that_pay(number) for number in (0, 1, 399, 400, 100_000)] == [1, 1, 1, 2, 8]
