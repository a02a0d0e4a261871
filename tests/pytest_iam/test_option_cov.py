"""`--iam-cov`: which statements decided an asserted answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_iam.conftest import Run

BODY = """
deployer = iam.role("deployer")
assert deployer.can("s3:GetObject", on="arn:aws:s3:::artifacts/app.zip")
assert deployer.cannot("s3:PutObject", on="arn:aws:s3:::artifacts/releases/1.zip")
"""
MISSING = [
    "2 of 6 (33%) statements decided an asserted answer",
    "  decided nothing: deployer.json:17 `StopWithMfa`",
    "  decided nothing: deployer.json:24 `UntilNewYear`",
    "  decided nothing: reader.json:4 `Read`",
    "  decided nothing: trust.json:4 `Lambda`",
]


def test_statements_that_decided_nothing_are_listed(run: Run) -> None:
    result = run(BODY, "--iam-cov-report=term-missing")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(MISSING, consecutive=True)


def test_removed_assertion_loses_what_it_decided(run: Run) -> None:
    lines = BODY.strip().splitlines()
    result = run("\n".join(lines[:2]), "--iam-cov")

    result.stdout.fnmatch_lines(["1 of 6 (16%) statements decided an asserted answer"])


def test_denial_that_stands_without_the_statement_was_not_decided_by_it(run: Run) -> None:
    """Without the Deny nothing would allow it either, so the Deny decided nothing."""
    result = run(
        'assert iam.role("deployer").cannot("s3:DeleteObject", '
        'on="arn:aws:s3:::artifacts/releases/1.zip")',
        "--iam-cov",
    )

    result.stdout.fnmatch_lines(["0 of 6 (0%) statements decided an asserted answer"])


def test_questions_about_sets_roles_and_declared_tests_count(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "d.iamtest.toml").write_text(
        '[[test]]\nname = "publishes"\nas = "role/deployer"\ncan = ["s3:GetObject"]\n'
        'resource = ["arn:aws:s3:::artifacts/a"]\n'
    )
    result = run(
        'lambda_ = iam.service("lambda.amazonaws.com")\n'
        'assert iam.role("deployer").can_be_assumed_by(lambda_)\n'
        'assert iam.who_can("s3:PutObject", on="arn:aws:s3:::artifacts/releases/1") == set()',
        "--iam-cov-report=term-missing",
    )

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["3 of 6 (50%) statements decided *", MISSING[1], MISSING[2]])


def test_reports_are_written_to_files(run: Run, project: pytest.Pytester) -> None:
    run(BODY, "--iam-cov-report=json:c.json", "--iam-cov-report=lcov:c.info")
    written = json.loads((project.path / "c.json").read_text())

    assert (written["decided"], written["all"]) == (2, 6)
    assert written["statements"][0] == {"place": "deployer.json:5 `Publish`", "decided": True}
    assert (project.path / "c.info").read_text().splitlines()[:8] == [
        "TN:",
        "SF:deployer.json",
        "DA:5,1",
        "DA:11,1",
        "DA:17,0",
        "DA:24,0",
        "LF:4",
        "LH:2",
    ]


@pytest.mark.parametrize("name", ["c.json", "sub/c.json", "sub/deep/c.json"])
def test_report_is_not_written_through_a_link(
    run: Run, project: pytest.Pytester, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project.path / "c.json").symlink_to(outside / "c.json")
    (project.path / "sub").symlink_to(outside)

    result = run(BODY, f"--iam-cov-report=json:{name}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*`{name}` cannot be written: a symbolic link leads to it"])
    assert [*outside.iterdir()] == []


def test_folders_of_a_report_are_made(run: Run, project: pytest.Pytester) -> None:
    run(BODY, "--iam-cov-report=json:reports/iam/c.json")

    assert (project.path / "reports" / "iam" / "c.json").exists()


@pytest.mark.parametrize(("least", "code"), [("33.3", 0), ("33.34", 1), ("100", 1)])
def test_too_little_fails_the_run_by_the_unrounded_share(run: Run, least: str, code: int) -> None:
    result = run(BODY, f"--iam-cov-fail-under={least}")

    assert result.ret == code
    assert ("ERROR: only 2 of 6 (33%)" in result.stdout.str()) is bool(code)


@pytest.mark.parametrize("text", ["terse", "json", "json:", "term:x"])
def test_unknown_report_is_refused(run: Run, text: str) -> None:
    result = run(BODY, f"--iam-cov-report={text}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --iam-cov-report={text}: write term, *"])


@pytest.mark.parametrize("option", ["--iam-cov-fail-under=1", "--iam-mutate-fail-under=1"])
def test_run_that_asks_nothing_is_too_little(run: Run, option: str) -> None:
    (result, collected) = (run("pass", "-k", "nothing", option), run("", "--collect-only", option))

    assert "ERROR: only 0 of 0 (0%)" in result.stdout.str()
    assert collected.ret == 0
    assert "statements decided" not in collected.stdout.str()


def test_report_makes_its_folder(run: Run, project: pytest.Pytester) -> None:
    run(BODY, "--iam-cov-report=json:made/for/it/c.json").assert_outcomes(passed=1)

    assert json.loads((project.path / "made" / "for" / "it" / "c.json").read_text())["all"] == 6


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_test_that_goes_elsewhere_changes_no_name(
    run: Run, project: pytest.Pytester, more: tuple[str, ...]
) -> None:
    lines = BODY.strip().splitlines()
    (project.path / "test_elsewhere.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef elsewhere(tmp_path, monkeypatch):\n"
        "    monkeypatch.chdir(tmp_path)\n\n"
        f"def test_away(elsewhere, iam):\n    {lines[0]}\n    {lines[1]}\n"
        '    assert iam.policy("deployer.json").cannot("s3:DeleteObject")\n\n'
        f"def test_home(iam):\n    {lines[0]}\n    {lines[2]}\n"
    )
    result = run("", "--iam-cov-report=term-missing", *more)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(MISSING, consecutive=True)
