"""`*.iamtest.toml` as items of pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.pytest_iam.conftest import Run

TESTS = """
[[test]]
name     = "deployer publishes artifacts, nothing else"
as       = "role/deployer"
resource = ["arn:aws:s3:::artifacts/app.zip"]
can      = ["s3:PutObject", "s3:GetObject"]
cannot   = ["s3:DeleteObject", "iam:*"]
context  = { "aws:MultiFactorAuthPresent" = "false" }

[[test]]
name     = "nobody but reader reads"
who_can  = "s3:GetObject"
resource = ["arn:aws:s3:::artifacts/app.zip"]
equals   = ["role/reader"]
context  = { "aws:SecureTransport" = true }
"""


def test_each_test_is_an_item_and_failures_point_at_the_line(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "d.iamtest.toml").write_text(TESTS)
    result = run("", "-v")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "d.iamtest.toml::deployer publishes artifacts, nothing else PASSED*",
            "d.iamtest.toml:14: `role/deployer` can too: *at deployer.json:5",
            "d.iamtest.toml:14: `role/reader` cannot: role/reader *",
            "*- Captured policies: d.iamtest.toml:14 call -*",
        ]
    )


def test_wrong_file_is_an_error_at_collection(run: Run, project: pytest.Pytester) -> None:
    (project.path / "d.iamtest.toml").write_text(TESTS.replace("cannot ", "canot "))
    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["d.iamtest.toml:7: unknown key `canot` in `test`"])


def test_question_that_cannot_be_asked_is_a_failure_at_its_line(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "d.iamtest.toml").write_text(
        TESTS.replace("s3:DeleteObject", "s3:DeletObject").replace("s3:PutObject", "s3:PutObjects")
    )
    result = run("", "-k", "deployer")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "d.iamtest.toml:6: there is no action `s3:PutObjects`",
            "d.iamtest.toml:7: there is no action `s3:DeletObject`",
        ]
    )


def test_collecting_asks_nothing(run: Run, project: pytest.Pytester) -> None:
    (project.path / "d.iamtest.toml").write_text(TESTS)
    (project.path / "iamlint.toml").write_text("no toml at all")

    result = run("", "--collect-only", "-q")
    result.stdout.fnmatch_lines(["d.iamtest.toml::nobody but reader reads"])


def test_strict_takes_nothing_for_granted(run: Run, project: pytest.Pytester) -> None:
    undeclared = TESTS.replace("artifacts/app.zip", "other/app.zip").replace(
        'can      = ["s3:PutObject", "s3:GetObject"]', ""
    )
    (project.path / "d.iamtest.toml").write_text(undeclared.replace('["role/reader"]', "[]"))

    run("").assert_outcomes(passed=2)
    result = run("", "--iam-strict")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["d.iamtest.toml:7: the answer depends on an assumption, which `--iam-strict` rejects: *"]
    )


def test_test_against_nothing_fails(run: Run, project: pytest.Pytester) -> None:
    for path in project.path.glob("*.json"):
        path.unlink()
    (project.path / "iamlint.toml").write_text('account = "111122223333"\n')
    (project.path / "d.iamtest.toml").write_text(
        '[[test]]\nname = "nothing"\nas = "lambda.amazonaws.com"\ncannot = ["iam:CreateUser"]\n'
    )
    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["d.iamtest.toml:2: no policy was found below *"])
