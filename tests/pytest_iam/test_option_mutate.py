"""`--iam-mutate`: changes of policies that no test notices are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_iam.conftest import Run

BODY = """
reader = iam.role("reader")
assert reader.can("s3:GetObject", on="arn:aws:s3:::artifacts/app.zip")
assert reader.cannot("s3:GetObject", on="arn:aws:s3:::other/app.zip")
"""
POLICY = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::artifacts/*"
  }
}
"""
TOML = 'account = "111122223333"\n[principals."role/reader"]\npolicies = ["reader.json"]\n'


@pytest.fixture
def one_role(project: pytest.Pytester) -> None:
    for name in ("deployer", "trust"):
        (project.path / f"{name}.json").unlink()
    (project.path / "reader.json").write_text(POLICY)
    (project.path / "iamlint.toml").write_text(TOML)


@pytest.mark.usefixtures("one_role")
@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_change_that_no_test_notices_is_named(run: Run, more: tuple[str, ...]) -> None:
    result = run(BODY, "--iam-mutate", *more)

    result.stdout.fnmatch_lines(
        [
            "3 of 4 (75%) changes were noticed by a test",
            "  unnoticed: reader.json:4: Action widened of `Read`",
        ],
        consecutive=True,
    )


@pytest.mark.usefixtures("one_role")
def test_further_assertion_notices_it(run: Run) -> None:
    more = 'assert reader.cannot("s3:PutObject", on="arn:aws:s3:::artifacts/app.zip")'
    result = run(BODY + more, "--iam-mutate", "--iam-mutate-fail-under=100")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["4 of 4 (100%) changes were noticed by a test"])


@pytest.mark.usefixtures("one_role")
def test_too_few_noticed_changes_fail_the_run(run: Run) -> None:
    result = run(BODY, "--iam-mutate-fail-under=75.1")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["ERROR: only 3 of 4 (75%) changes were noticed, *=75.1"])


@pytest.mark.usefixtures("one_role")
def test_tests_that_ask_nothing_notice_nothing(run: Run) -> None:
    result = run("pass", "--iam-mutate")

    result.stdout.fnmatch_lines(["0 of 4 (0%) changes were noticed by a test"])
