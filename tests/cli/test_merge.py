"""A run in parts: the same bytes whatever checked them, and no part that is lost in silence."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from iamlint.cli.flags import Flags
from iamlint.cli.sharing import _OF_MERGE, _SHARED
from tests.support.organization import ACCOUNTS, allow, parts_of, policy, run, write_killer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.program import Program

ATTACHMENT = """
resource "aws_iam_role_policy_attachment" "a" {
  role       = "app"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
"""
FORMATS = (
    *("json", "jsonl", "sarif", "full", "concise"),
    *("junit", "html", "markdown", "gitlab", "github"),
)


def test_each_account_is_a_part(organization: Path) -> None:
    assert parts_of(organization).count == 1 + len(ACCOUNTS)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("format_", FORMATS)
def test_output_is_the_same_bytes_whatever_ran_the_parts(
    iamlint: Program,
    monkeypatch: pytest.MonkeyPatch,
    unchanged: Path,
    parts: Mapping[int, tuple[str, ...]],
    format_: str,
) -> None:
    monkeypatch.chdir(unchanged)
    report = ("--output-format", format_)
    serial = iamlint("check", ".", "--jobs", "1", *report)
    first, *others = parts[3]

    assert serial.code == 1
    assert iamlint("merge", *others, first, *report) == serial
    for jobs in ("2", "8"):
        assert iamlint("check", ".", "--jobs", jobs, *report) == serial
    paths = [path.name for path in sorted(unchanged.iterdir()) if path.suffix != ".toml"]
    in_order = iamlint("check", *paths, "--jobs", "2", *report)
    assert iamlint("check", *reversed(paths), *report) == in_order


def test_output_is_the_same_bytes_in_each_process(
    unchanged: Path, parts: Mapping[int, tuple[str, ...]]
) -> None:
    report = ("--output-format", "json")
    serial = run(unchanged, "check", ".", "--jobs", "1", *report)

    assert run(unchanged, "merge", *parts[3], *report) == serial
    for jobs in ("2", "8"):
        assert run(unchanged, "check", ".", "--jobs", jobs, *report) == serial


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("format_", ["full", "concise", "markdown", "html"])
def test_equal_findings_of_accounts_are_listed_once_whatever_ran_the_parts(
    iamlint: Program,
    monkeypatch: pytest.MonkeyPatch,
    unchanged: Path,
    parts: Mapping[int, tuple[str, ...]],
    format_: str,
) -> None:
    monkeypatch.chdir(unchanged)
    report = ("--output-format", format_, "--group-by", "policy")
    serial = iamlint("check", ".", "--jobs", "1", *report)

    assert serial.code == 1
    assert iamlint("merge", *parts[2], *report) == serial
    assert iamlint("check", ".", "--jobs", "2", *report) == serial
    misspelt = f"5 findings in 5 accounts: {', '.join(ACCOUNTS)}"
    without_boundary = f"2 findings in 2 accounts: {ACCOUNTS[1]}, {ACCOUNTS[3]}"
    assert serial.out.count(misspelt) == 1
    assert without_boundary in serial.out


def test_all_parts_together_find_what_each_account_alone_has(organization: Path) -> None:
    def found(*paths: str) -> list[object]:
        words = ("check", *paths, "--no-ignores", "--output-format", "json", "--profile", "strict")
        every = json.loads(run(organization, *words))["findings"]
        return [{name: one[name] for name in ("rule", "path", "message")} for one in every]

    alone = [one for account in ACCOUNTS for one in found(f"accounts/{account}.json")]

    assert found("accounts") == alone
    assert any("boundary" not in str(one) for one in alone)


def test_ignore_that_one_part_uses_is_used_and_another_is_reported_once(organization: Path) -> None:
    found = json.loads(run(organization, "check", ".", "--output-format", "json"))["findings"]

    unused = [f for f in found if f["rule"] == "unused-ignore"]
    assert [(f["path"], f["range"]["start"]["line"]) for f in unused] == [("iamlint.toml", 8)]
    ignored = [f["path"] for f in found if "SEC-1" in str(f["suppressed"])]
    assert ignored == ["accounts/111122220001.json"]


def test_baseline_is_applied_when_parts_are_joined(
    organization: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run(organization, "baseline", "create", ".", code=0)
    kept = tmp_path_factory.mktemp("parts")
    files = [str(kept / f"{number}.jsonl") for number in (1, 2)]
    for number, file in enumerate(files, 1):
        run(organization, "check", ".", "--part", f"{number}/2", "-o", file, code=0)
    options = ("--baseline", "iamlint-baseline.json", "--output-format", "json")

    joined = run(organization, "merge", *files, *options, code=0)

    assert joined == run(organization, "check", ".", *options, code=0)


def test_policy_of_the_organization_limits_each_account(organization: Path) -> None:
    def found() -> list[str]:
        words = ("check", ".", "--select", "self-escalation", "--output-format", "json")
        done = json.loads(run(organization, *words, "--exit-zero", code=0))
        return [f["path"] for f in done["findings"]]

    free = found()
    scps = organization / "organization"
    scps.mkdir()
    denied = policy({**allow("iam:*"), "Effect": "Deny"})
    (scps / "scp.json").write_text(json.dumps(policy(allow("*"), *denied["Statement"])))  # type: ignore[misc]

    assert parts_of(organization).count == 1 + len(ACCOUNTS)
    assert len(found()) <= len(free)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "main.tf",
            ATTACHMENT,
        ),
        ("roles/app/p.json", json.dumps(policy(allow("s3:GetObject")))),
        ("iamlint.toml", '[principals."role/app"]\npolicies = ["bucket.json"]\n'),
    ],
)
def test_files_that_name_a_principal_are_read_with_all_accounts(
    organization: Path, name: str, text: str
) -> None:
    (organization / name).parent.mkdir(parents=True, exist_ok=True)
    (organization / name).write_text(text)

    assert parts_of(organization).count == 1


def test_two_dumps_of_one_account_are_one_part(organization: Path) -> None:
    text = (organization / "accounts" / f"{ACCOUNTS[0]}.json").read_text()
    (organization / "older.json").write_text(text)

    assert parts_of(organization).count == 1 + len(ACCOUNTS)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be split here")
def test_account_that_kills_its_process_is_named_and_the_rest_is_complete(
    organization: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_killer(organization, monkeypatch)
    words = ("check", ".", "--allow-plugins", "--jobs", "2", "--output-format", "json")
    whole = json.loads(run(organization, *words))
    for account, sid in ((ACCOUNTS[1], "Deadly"), (ACCOUNTS[3], "Once")):
        file = organization / "accounts" / f"{account}.json"
        action = '"Action": "iam:PutRolePolicy"'
        file.write_text(file.read_text().replace(action, f'"Sid": "{sid}", {action}'))

    report = json.loads(run(organization, *words, code=3))

    dead = f"accounts/{ACCOUNTS[1]}.json"
    reason = "the process that checked it was killed by signal 9"
    assert [one["path"] for one in report["not_analysed"] if one["reason"] == reason] == [dead]
    assert (organization / "once").exists()
    found, expected = (
        [(f["rule"], f["path"], f["message"]) for f in one["findings"] if f["path"] != dead]
        for one in (report, whole)
    )
    assert [one for one in found if one[1] != "iamlint.toml"] == [
        one for one in expected if one[1] != "iamlint.toml"
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be split here")
def test_account_that_is_tried_again_gives_the_same_bytes(
    organization: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_killer(organization, monkeypatch)
    file = organization / "accounts" / f"{ACCOUNTS[3]}.json"
    action = '"Action": "iam:PutRolePolicy"'
    file.write_text(file.read_text().replace(action, f'"Sid": "Once", {action}'))
    words = ("check", ".", "--allow-plugins", "--output-format", "json")

    tried_again = run(organization, *words, "--jobs", "2")

    assert (organization / "once").exists()
    assert run(organization, *words, "--jobs", "1") == tried_again


@pytest.fixture
def shares(
    iamlint: Program, organization: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    assert organization.is_dir()
    kept = tmp_path_factory.mktemp("parts")
    files = [kept / f"{number}.jsonl" for number in (1, 2)]
    for number, file in enumerate(files, 1):
        assert iamlint("check", ".", "--part", f"{number}/2", "-o", str(file)).code == 0
    return files


def test_missing_part_is_an_error(iamlint: Program, shares: list[Path]) -> None:
    done = iamlint("merge", str(shares[1]))

    assert (done.code, done.out) == (2, "")
    assert done.err == "error: parts are missing: 1/2\nhelp: name the files of all parts\n"


def test_lost_result_is_an_error(iamlint: Program, shares: list[Path]) -> None:
    lines = shares[0].read_text().splitlines(keepends=True)
    shares[0].write_text("".join(lines[:-1]))

    done = iamlint("merge", *map(str, shares))

    assert (done.code, done.out) == (2, "")
    assert "1 of 6 results are missing in the parts" in done.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "0.0.1"}, "was made by iamlint 0.0.1, and this is "),
        ({"catalog": "2001-01-01"}, "was made with the AWS data of 2001-01-01, and this is "),
        ({"question": "x"}, "is of other files or options"),
        ({"of": 3}, "was made of 3 parts, and this is 2 parts"),
        ({"flags": {"paths": ["accounts"]}}, "is of other files or options"),
    ],
)
def test_part_of_another_run_is_an_error(
    iamlint: Program, shares: list[Path], change: dict[str, object], message: str
) -> None:
    names = ("flags", "question", "version", "catalog", "number", "of", "parts")
    first, *rest = shares[1].read_text().splitlines()
    about = json.loads(first)
    about["head"] = [change.get(n, one) for n, one in zip(names, about["head"], strict=True)]
    shares[1].write_text("\n".join([json.dumps(about), *rest]) + "\n")

    done = iamlint("merge", *map(str, shares))

    if "flags" in change:  # those of the first part count, and its digest says the rest
        assert done.code == 1
        return
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_files_that_changed_their_names_are_an_error(
    iamlint: Program, organization: Path, shares: list[Path]
) -> None:
    (organization / "new.json").write_text(json.dumps(policy(allow("*"))))

    done = iamlint("merge", *map(str, shares))

    assert "is of other files or options" in done.err


def test_part_that_was_made_of_other_contents_is_an_error(
    iamlint: Program, organization: Path, shares: list[Path]
) -> None:
    (organization / "bucket.json").write_text(json.dumps(policy(allow("*"))))

    assert "is of other files or options" in iamlint("merge", *map(str, shares)).err


@pytest.mark.parametrize(
    "option",
    [
        *(["--fail-on-not-analysed"], ["--exit-zero"], ["--min-severity", "error"]),
        *(["--statistics"], ["--group-by", "policy"]),
    ],
)
def test_options_of_the_report_are_those_of_merge(iamlint: Program, option: list[str]) -> None:
    done = iamlint("check", ".", "--part", "1/2", *option)

    assert done.code == 2
    assert f"`iamlint merge` takes `{option[0]}`" in done.err


def test_dump_that_names_another_account_is_read_with_all(organization: Path) -> None:
    file = organization / "accounts" / f"{ACCOUNTS[0]}.json"
    limit = f"{ACCOUNTS[0]}:policy/limit"
    file.write_text(file.read_text().replace(limit, f"{ACCOUNTS[1]}:policy/limit", 1))

    assert parts_of(organization).count == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux")
@pytest.mark.parametrize("format_", ["sarif", "full"])
def test_name_of_a_dump_need_not_be_text(organization: Path, format_: str) -> None:
    file = organization / "accounts" / f"{ACCOUNTS[0]}.json"
    file.rename(os.fsdecode(os.fsencode(organization) + b"/accounts/\xff.json"))

    found = run(organization, "check", ".", "--output-format", format_).decode()

    assert '"Action": "*"' in found.replace('\\"', '"')


@pytest.mark.parametrize(
    "text", ["", "nonsense", "{}", "[1, 2]", '{"format": "other", "head": []}']
)
def test_file_that_is_not_a_part_is_an_error(
    iamlint: Program, shares: list[Path], text: str
) -> None:
    shares[0].write_text(text)

    done = iamlint("merge", *map(str, shares))

    assert (done.code, done.out) == (2, "")
    assert "is not a part of a run" in done.err


@pytest.mark.parametrize("part", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/99999999"])
def test_part_that_does_not_exist_is_an_error(iamlint: Program, part: str) -> None:
    done = iamlint("check", ".", f"--part={part}")

    assert done.code == 2
    assert f"`--part {part}` does not name a part" in done.err


def test_standard_input_is_not_checked_in_parts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "iamlint", "check", "-", "--part", "1/2"]
    done = subprocess.run(command, cwd=tmp_path, input=b"{}", capture_output=True, check=False)

    assert done.returncode == 2
    assert b"cannot be checked in parts" in done.stderr


def test_time_of_reports_is_the_same_whatever_ran_the_parts(
    organization: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (organization / "report.csv").write_text(
        "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n"
        "ann,arn:aws:iam::111122223333:user/ann,false,false,true,2026-01-01T00:00:00Z\n"
    )
    at, report = ("--at", "2026-11-28"), ("--output-format", "json")
    kept = tmp_path_factory.mktemp("parts")
    files = [str(kept / f"{number}.jsonl") for number in (1, 2)]
    for number, file in enumerate(files, 1):
        run(organization, "check", ".", *at, "--part", f"{number}/2", "-o", file, code=0)

    serial = run(organization, "check", ".", *at, *report)
    assert b"old-access-key" in serial
    assert run(organization, "merge", *files, *report) == serial


def test_each_option_that_decides_what_is_found_is_shared_by_all_parts() -> None:
    of_reports = {"output_format", "output", "fail_on", *_OF_MERGE}
    of_one_process = {"jobs", "part", "scheduler", "scheduler_file", "send", "allow_plugins"}
    of_kept_results = {"resume", "cache_dir", "no_cache"}
    refused = {"fix", "unsafe_fixes", "diff", "fix_only", "exit_non_zero_on_fix", "show_files"}
    refused |= {"stdin_filename", "update_baseline"}
    others = of_reports | of_one_process | of_kept_results | refused

    assert {one.name for one in dataclasses.fields(Flags)} - others == set(_SHARED)
