"""Rules that look at a whole account: once a run, and like other rules in all the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.rules.escalation import passed_role_escalation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.load.document import NotAnalysed
    from iamlint.rule import AccountContext, AccountHit
    from tests.support.program import Program

NAME = "passed-role-escalation"
PASSES = """{"Version": "2012-10-17", "Statement": [
  {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition":
    {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}
]}"""
STARTS = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}
]}"""
HARMLESS = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:q"}
]}"""
SELECT = f'select = ["{NAME}", "unused-ignore"]\n'
SETTINGS = f'account = "111122223333"\n{SELECT}'
FILES = {
    "iamlint.toml": SETTINGS,
    "roles/deployer/pass.json": PASSES,
    "roles/deployer/start.json": STARTS,
    "roles/other/pass.json": PASSES,
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def found(iamlint: Program, *args: str) -> list[tuple[str, str, int]]:
    """Return the rule, the path and the line of what counts."""
    findings = json.loads(iamlint("check", "--output-format", "json", *args).out)["findings"]
    return [
        (f["rule"], f["path"], f["range"]["start"]["line"])
        for f in findings
        if f["suppressed"] is None
    ]


AT = [(NAME, "roles/deployer/pass.json", 2)]


def test_finding_names_its_principal_and_both_policies(iamlint: Program, tmp_path: Path) -> None:
    write(tmp_path, FILES)

    (finding,) = json.loads(iamlint("check", "--output-format", "json", ".").out)["findings"]

    start = "roles/deployer/start.json"
    actions = "`lambda:CreateFunction` and `lambda:InvokeFunction`"
    assert finding["message"] == (
        "role `deployer` can act as the roles that `lambda.amazonaws.com` may assume: "
        f"`iam:PassRole` here, with {actions} in {start}:2"
    )
    assert finding["statement"] == {"index": 0, "sid": "Pass"}
    assert [(r["path"], r["range"]["start"]["line"], r["message"]) for r in finding["related"]] == [
        (start, 2, f"this grants {actions}")
    ]
    assert finding["properties"] == {
        "path": "lambda-create-invoke",
        "actions": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        "principals": ["role/deployer"],
    }


def output(folder: Path, *args: str) -> bytes:
    """Run the program in a process of its own, for it splits itself."""
    command = [sys.executable, "-m", "iamlint", "check", *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout


@pytest.mark.parametrize("format_", ["json", "sarif"])
def test_output_is_the_same_bytes_for_any_number_of_processes_and_any_order(
    tmp_path: Path, format_: str
) -> None:
    roles = {f"roles/r{n}/{name}.json": text for n in range(20) for name, text in THREE.items()}
    write(tmp_path, FILES | roles)
    files = [name for name in (FILES | roles) if name.endswith(".json")]
    options = ("--output-format", format_)
    serial = output(tmp_path, ".", *options, "--jobs", "1")

    assert serial.count(b"with `lambda:CreateFunction`") >= 21
    assert output(tmp_path, ".", *options, "--jobs", "2") == serial
    assert output(tmp_path, *files, ".", *options, "--jobs", "1") == serial
    assert output(tmp_path, ".", *reversed(files), *options, "--jobs", "2") == serial


THREE = {"pass": PASSES, "start": STARTS, "also": STARTS}


def test_files_mean_the_same_in_any_order_without_a_configuration(
    iamlint: Program, tmp_path: Path
) -> None:
    module = MODULE.replace("::111122223333:", "::*:")
    write(tmp_path, {"a/main.tf": module, "b/main.tf": module.replace("ci", "cd")})

    select = ("--select", NAME)
    assert found(iamlint, *select, "a", "b") == [(NAME, f"{f}/main.tf", 14) for f in "ab"]
    assert found(iamlint, *select, "b", "a") == found(iamlint, *select, "a", "b")


MODULE = """
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = ""
}
resource "aws_iam_role_policy" "start" {
  role   = aws_iam_role.ci.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}
resource "aws_iam_role_policy" "pass" {
  role   = aws_iam_role.ci.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::111122223333:role/*" }] })
}
"""


@pytest.mark.parametrize(
    "paths",
    [
        ("roles",),
        ("roles/deployer/pass.json", "roles/deployer/start.json", "roles/other/pass.json"),
        (".", "--kind", "identity"),
    ],
    ids=["a folder", "files", "with a kind"],
)
def test_part_of_an_account_is_not_judged_and_no_ignore_is_unused(
    iamlint: Program, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, FILES)

    assert found(iamlint, *paths) == []

    write(tmp_path, {"iamlint.toml": SETTINGS + IGNORED})

    assert found(iamlint, *paths) == []


IGNORED = f"""
[[ignore-finding]]
rule = "{NAME}"
file = "roles/deployer/pass.json"
sid = "Pass"
reason = "two-person control"
"""


def test_finding_is_ignored_by_the_configuration(iamlint: Program, tmp_path: Path) -> None:
    write(tmp_path, FILES | {"iamlint.toml": SETTINGS + IGNORED})

    assert found(iamlint, ".") == []

    write(tmp_path, {"roles/deployer/start.json": HARMLESS})

    assert found(iamlint, ".") == [("unused-ignore", "iamlint.toml", 5)]


def test_finding_is_ignored_by_a_comment(iamlint: Program, tmp_path: Path) -> None:
    comment = f"# iamlint: ignore[{NAME}] two-person control\n    Effect"
    before, last = MODULE.rsplit("Effect", 1)
    write(tmp_path, {"iamlint.toml": SETTINGS, "main.tf": MODULE})
    assert found(iamlint, ".") == [(NAME, "main.tf", 14)]

    write(tmp_path, {"main.tf": before.rstrip(" ") + comment + last})

    assert found(iamlint, ".") == []


def test_finding_is_known_to_a_baseline_wherever_it_moves(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, FILES)
    assert iamlint("baseline", "create", ".").code == 0
    moved = PASSES.replace("[\n", "[\n\n").replace('"Effect": "Allow", ', "", 1)
    moved = moved.replace('"Sid": "Pass"', '"Sid": "Pass", "Effect": "Allow"')
    write(tmp_path, {"roles/deployer/pass.json": moved, "iamlint.toml": SELECT})

    assert found(iamlint, ".", "--baseline", "iamlint-baseline.json") == []
    assert found(iamlint, "roles", "--baseline", "iamlint-baseline.json") == []

    write(tmp_path, {"roles/deployer/start.json": HARMLESS})

    assert found(iamlint, ".", "--baseline", "iamlint-baseline.json") == [
        ("unused-ignore", "iamlint-baseline.json", 5)
    ]


def test_fingerprint_does_not_depend_on_what_the_configuration_says_of_the_account(
    iamlint: Program, tmp_path: Path
) -> None:
    own = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:role/x"
    every = '"arn:aws:iam::111122223333:role/*"'
    module = MODULE.replace(every, f'["arn:aws:iam::*:role/*", "{own}"]')
    write(tmp_path, {"main.tf": module + 'data "aws_caller_identity" "own" {}\n'})

    def fingerprint(settings: str) -> str:
        write(tmp_path, {"iamlint.toml": settings})
        (finding,) = json.loads(iamlint("check", "--output-format", "json", ".").out)["findings"]
        return str(finding["fingerprint"])

    assert fingerprint(SETTINGS) == fingerprint(SELECT)


def test_files_below_another_configuration_are_of_another_account(
    iamlint: Program, tmp_path: Path
) -> None:
    team = {f"team/{name}": text for name, text in FILES.items()}
    write(tmp_path, {"iamlint.toml": SETTINGS, "roles/deployer/start.json": STARTS} | team)
    del team["team/roles/deployer/start.json"]

    of_team = [(NAME, "team/roles/deployer/pass.json", 2)]
    assert found(iamlint, ".") == found(iamlint, "team") == of_team

    (tmp_path / "team/roles/deployer/start.json").unlink()

    assert found(iamlint, ".") == []


@pytest.mark.parametrize("named", ["team", "team/roles/deployer/start.json"])
def test_files_that_are_named_twice_are_of_their_account_once(
    iamlint: Program, tmp_path: Path, named: str
) -> None:
    also = STARTS.replace("Effect", 'Sid": "Also", "Effect')
    team = {f"team/{name}": text for name, text in FILES.items()}
    write(tmp_path, FILES | team | {"team/roles/deployer/also.json": also})
    (tmp_path / ".git").mkdir()

    def of(*paths: str) -> list[dict[str, object]]:
        result = iamlint("check", *paths, "--output-format", "json")
        return [*json.loads(result.out)["findings"]]

    expected = of(".")

    assert any("in team/roles/deployer/also.json:2" in str(one) for one in expected)
    assert of(named, ".") == of(".", named) == expected


def test_sources_that_disagree_are_listed_and_the_rest_is_checked(
    iamlint: Program, tmp_path: Path
) -> None:
    second = '[principals."role/deployer"]\nboundary = "limit.json"\n'
    typo = HARMLESS.replace("SendMessage", "SendMesage")
    select = SETTINGS.replace(f'"{NAME}"', f'"{NAME}", "unknown-action"')
    write(
        tmp_path,
        FILES
        | {
            "iamlint.toml": select + IGNORED + second,
            "roles/deployer/boundary.json": STARTS,
            "limit.json": typo,
        },
    )

    report = json.loads(iamlint("check", "--output-format", "json", ".").out)

    assert [f["rule"] for f in report["findings"]] == ["unknown-action"]
    two = "`roles/deployer/boundary.json` and `limit.json`"
    reason = f"`role/deployer` has two permissions boundaries: {two}: not checked by `{NAME}`"
    assert [(item["path"], item["reason"]) for item in report["not_analysed"]] == [
        ("iamlint.toml", reason)
    ]


def test_broken_rule_is_named_with_exit_code_3(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
        raise ZeroDivisionError("no")

    rule = replace(passed_role_escalation.RULE, check_account=breaks)
    monkeypatch.setattr("iamlint.rules.BUILTIN", (rule,))
    write(tmp_path, FILES | {"iamlint.toml": SETTINGS.replace(', "unused-ignore"', "")})

    result = iamlint("check", ".")

    assert result.code == 3
    start = f"error: iamlint.toml: rule `{NAME}` broke: ZeroDivisionError: no"
    assert result.err.startswith(start)


def test_rule_that_breaks_half_way_reports_nothing(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = passed_role_escalation.RULE.check_account
    assert check is not None

    def breaks_later(context: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
        yield from check(context)
        raise ZeroDivisionError("no")

    rule = replace(passed_role_escalation.RULE, check_account=breaks_later)
    monkeypatch.setattr("iamlint.rules.BUILTIN", (rule,))
    write(tmp_path, FILES | {"iamlint.toml": SETTINGS.replace(', "unused-ignore"', "")})

    result = iamlint("check", ".", "--output-format", "json")

    assert (result.code, json.loads(result.out)["findings"]) == (3, [])


def test_run_in_which_no_principal_has_several_policies_builds_no_account(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    code = (
        "import sys\nfrom iamlint.cli.app import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sorted(m for m in sys.modules if m.startswith('iamlint.account.')))"
    )

    def imported(*args: str) -> str:
        command = [sys.executable, "-c", code, "check", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)
        return done.stdout.splitlines()[-1]

    built = "iamlint.account.ask.account"
    assert built in imported(".")
    assert built not in imported(".", "--ignore", "escalation")
    assert built not in imported("roles/deployer/pass.json")
    assert built not in imported("roles/other")
    write(tmp_path, {"roles/deployer/start.json": HARMLESS})
    assert built not in imported(".")
