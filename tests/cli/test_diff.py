"""`iamlint diff`: its sides, its exit codes, and where it writes."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from iamlint.reason.answer import Comparison, Difference, Open, Witness
from tests.revisions.sides.repo import SETTINGS, Repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Sid": "Own", "Effect": "Allow", "Action": %s, "Resource": "arn:aws:s3:::shelf/*"}]}"""
READ, WRITE = POLICY % '"s3:GetObject"', POLICY % '["s3:GetObject", "s3:PutObject"]'
WITNESS = Witness("arn:aws:iam::111122223333:role/a", "s3:GetObject", "arn:aws:s3:::shelf/a")
DIFFERENCE = Difference(("s3:GetObject",), ("*",), WITNESS, ())


@pytest.fixture(autouse=True)
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Return a repository whose first commit has one policy."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    made = Repo(tmp_path)
    made.commit({"own.json": READ})
    return made


def answer(monkeypatch: pytest.MonkeyPatch, comparison: Comparison) -> None:
    """Let every comparison have one answer."""
    monkeypatch.setattr("iamlint.cli.diff.compare", lambda *_, **__: comparison)


def test_working_tree_is_compared_with_the_last_commit(iamlint: Program, repo: Repo) -> None:
    repo.write({"own.json": WRITE})

    result = iamlint("diff")

    lines = result.out.splitlines()
    assert result.code == 1
    assert re.fullmatch(r"own.json allows more +own.json:2", lines[0])
    assert lines[1] == "  s3:PutObject  on arn:aws:s3:::shelf/*"
    assert lines[-1] == "1 gained"


def test_nothing_changed_is_clean(iamlint: Program) -> None:
    result = iamlint("diff")

    assert (result.code, result.err) == (0, "")
    assert result.out == "no principal gains access; 1 unchanged\n"


def test_loss_is_no_reason_to_fail(iamlint: Program, repo: Repo) -> None:
    repo.commit({"own.json": WRITE}, branch="wide")

    result = iamlint("diff", "wide", "main")

    assert result.code == 0
    assert result.out.splitlines()[-1] == "no principal gains access: 1 lost"


def test_three_dots_leave_out_what_others_changed(iamlint: Program, repo: Repo) -> None:
    repo.commit({"other.json": READ}, branch="feature")
    repo.git("checkout", "-q", "main")
    repo.commit({"own.json": WRITE})

    value = json.loads(iamlint("diff", "main...feature", "--output-format", "json").out)

    assert [(one["path"], one["status"]) for one in value["changes"]] == [("other.json", "new")]


GAINED = Comparison(gained=(DIFFERENCE,))
LOST = Comparison(lost=(DIFFERENCE,))
SAME = Comparison()
GAIN_OPEN = Comparison(open=(Open("reason"),))
LOSS_OPEN = Comparison(open=(Open("reason", of_gains=False),))


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ((), (1, 0, 0, 1, 0)),
        (("--fail-on", "gained"), (1, 0, 0, 1, 0)),
        (("--allow-unknown",), (1, 0, 0, 0, 0)),
        (("--fail-on", "changed"), (1, 1, 0, 1, 1)),
        (("--fail-on", "changed", "--allow-unknown"), (1, 1, 0, 0, 0)),
        (("--fail-on", "never"), (0, 0, 0, 0, 0)),
    ],
)
def test_exit_code_says_whether_a_change_may_be_merged(
    options: tuple[str, ...],
    codes: tuple[int, ...],
    iamlint: Program,
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repo.write({"own.json": WRITE})
    found = []
    for comparison in (GAINED, LOST, SAME, GAIN_OPEN, LOSS_OPEN):
        answer(monkeypatch, comparison)
        found.append(iamlint("diff", *options).code)

    assert tuple(found) == codes


def test_format_never_changes_the_exit_code(
    iamlint: Program, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write({"own.json": WRITE})
    answer(monkeypatch, GAIN_OPEN)
    for name in ("text", "json", "markdown", "sarif"):
        assert iamlint("diff", "--output-format", name).code == 1


def test_output_goes_to_files_too(iamlint: Program, tmp_path: Path, repo: Repo) -> None:
    repo.write({"own.json": WRITE})

    result = iamlint("diff", "-o", "a.md", "-o", "sarif:b.txt", "-o", "c.json", "-o", "d")

    assert result.out.splitlines()[-1] == "1 gained"
    assert (tmp_path / "a.md").read_text().startswith("### iamlint diff\n\n**1 gained**\n")
    assert '"ruleId":"gained-access"' in (tmp_path / "b.txt").read_text()
    assert json.loads((tmp_path / "c.json").read_text())["verdict"] == "wider"
    assert (tmp_path / "d").read_text() == result.out


def test_quiet_prints_what_fails_only(iamlint: Program, repo: Repo) -> None:
    assert iamlint("-q", "diff").out == ""
    repo.write({"own.json": WRITE})
    assert iamlint("-q", "diff").out != ""


def test_color_is_for_terminals(iamlint: Program, repo: Repo) -> None:
    repo.write({"own.json": WRITE})

    assert "\x1b" not in iamlint("diff").out
    assert "\x1b[1m1 gained\x1b[0m" in iamlint("--color", "always", "diff").out


def test_paths_limit_the_comparison(iamlint: Program, repo: Repo) -> None:
    repo.write({"own.json": WRITE, "sub/other.json": WRITE})
    repo.git("add", "-A")

    value = json.loads(iamlint("diff", "HEAD", "--output-format", "json", "--", "sub").out)

    assert [one["path"] for one in value["changes"]] == ["sub/other.json"]


def test_staged_compares_the_index(iamlint: Program, repo: Repo) -> None:
    repo.write({"own.json": WRITE})
    assert iamlint("diff", "--staged").code == 0

    repo.git("add", "-A")
    repo.write({"own.json": READ})

    result = iamlint("diff", "--staged")
    assert (result.code, result.out.splitlines()[-1]) == (1, "1 gained")


def test_hook_compares_what_pre_commit_names(
    iamlint: Program, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"own.json": WRITE}, branch="feature")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")

    value = json.loads(iamlint("diff", "--staged", "--output-format", "json").out)

    assert (value["old"], value["new"]) == ("merge base of main and feature", "feature")
    assert value["verdict"] == "wider"


def test_two_policy_files_are_compared_alone(iamlint: Program, repo: Repo) -> None:
    repo.write({"old.json": READ, "new.json": WRITE})

    value = json.loads(iamlint("diff", "old.json", "new.json", "--output-format", "json").out)

    assert (value["old"], value["new"], value["verdict"]) == ("old.json", "new.json", "wider")
    (change,) = value["changes"]
    assert {**change, "gained": len(change["gained"])} == {
        "subject": None,
        "account": None,
        "address": None,
        "path": "new.json",
        "kind": "identity",
        "status": "changed",
        "verdict": "wider",
        "gained": 1,
        "lost": [],
        "unknown": [],
    }
    assert value["summary"] == {"gained": 1, "lost": 0, "same": 0, "unchanged": 0, "unknown": 0}


def test_policies_alone_are_of_the_kind_that_is_named(iamlint: Program, repo: Repo) -> None:
    repo.write({"own.json": WRITE})

    result = iamlint("diff", "--kind", "scp", "--output-format", "json", "--", "own.json")

    (change,) = json.loads(result.out)["changes"]
    assert (change["kind"], change["path"], change["verdict"]) == ("scp", "own.json", "wider")


def test_policy_that_is_new_or_gone_is_compared_with_nothing(iamlint: Program, repo: Repo) -> None:
    repo.write({"new.json": READ})
    ask = ("--kind", "identity", "--output-format", "json", "--", "new.json")

    (change,) = json.loads(iamlint("diff", *ask).out)["changes"]
    assert (change["status"], change["verdict"]) == ("new", "wider")

    repo.git("add", "-A")
    repo.git("commit", "-qm", "new")
    (repo.top / "new.json").unlink()
    (change,) = json.loads(iamlint("diff", *ask).out)["changes"]
    assert (change["status"], change["verdict"]) == ("gone", "narrower")


TRUST = """{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""


@pytest.mark.parametrize(
    ("files", "arguments", "error"),
    [
        ({}, ("a", "b", "c"), "there are two sides, but the command names 3"),
        ({}, ("none",), "`none` is not a file, a folder or a revision"),
        ({}, ("--output-format", "html"), "`html` is not one of `text`, `json`"),
        ({}, ("-o", "html:x"), "there is no output format `html` of `iamlint diff`"),
        ({}, ("-o", "no/such/folder.md"), "`no/such/folder.md` cannot be written"),
        ({}, ("--budget", "0"), "`--budget`"),
        ({}, ("--fail-on", "gain"), "did you mean `gained`?"),
        ({"trust.json": TRUST}, ("own.json", "trust.json"), "of the kinds `identity` and `trust`"),
        (
            {"b.json": READ},
            ("--kind", "identity"),
            "`working tree` contains 2 policies",
        ),
        ({"bad.json": '{"Statement": ['}, ("own.json", "bad.json"), "bad.json: "),
        ({}, ("--var", "nosuch=1"), "nosuch"),
    ],
)
def test_wrong_use_exits_2(
    files: dict[str, str],
    arguments: tuple[str, ...],
    error: str,
    iamlint: Program,
    repo: Repo,
) -> None:
    repo.write(files)

    result = iamlint("diff", *arguments)

    assert (result.code, result.out) == (2, "")
    assert error in result.err


def test_two_sides_without_policy_exit_4(iamlint: Program, repo: Repo) -> None:
    for name in ("a", "b"):
        (repo.top / name).mkdir()

    result = iamlint("diff", "a", "b")

    assert result.code == 4
    assert result.err == "error: neither side has a policy\n"


def test_policies_are_compared_alone_where_two_sources_disagree(
    iamlint: Program, repo: Repo
) -> None:
    scps = '[organization-policies]\nscp = [["own.json"]]\n'
    repo.commit({"iamlint.toml": scps, "organization/root.json": READ})
    repo.write({"own.json": WRITE})

    value = json.loads(iamlint("diff", "--output-format", "json").out)

    assert [(one["path"], one["verdict"]) for one in value["changes"]] == [("own.json", "wider")]
    assert "it is not known who holds the policies" in value["not_analysed"][-1]["reason"]
