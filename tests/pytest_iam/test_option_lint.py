"""`--iam-lint`: a finding about a policy is a failing test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.pytest_iam.conftest import Run

BAD = """{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}
}
"""


def test_finding_is_an_item_named_after_file_and_rule(run: Run, project: pytest.Pytester) -> None:
    (project.path / "bad.json").write_text(BAD)
    (project.path / "package.json").write_text("{}")
    result = run("", "--iam-lint", "-v", "bad.json", "package.json", "reader.json", "trust.json")

    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(
        [
            "bad.json::unknown-action FAILED*",
            "reader.json::policies PASSED*",
            "*error[[]unknown-action[]]: *",
            "* --> bad.json:3:46",
        ]
    )


def test_nothing_is_linted_unasked(run: Run, project: pytest.Pytester) -> None:
    (project.path / "bad.json").write_text(BAD)

    assert run("", "--collect-only", "-q").parseoutcomes() == {}


def test_severity_that_does_not_fail_a_check_fails_no_test(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "bad.json").write_text(BAD)
    toml = (project.path / "iamlint.toml").read_text()
    (project.path / "iamlint.toml").write_text(toml + '\n[severity]\n"unknown-action" = "note"\n')

    run("", "--iam-lint", "bad.json").assert_outcomes(passed=1)


def test_file_that_cannot_be_read_fails(run: Run, project: pytest.Pytester) -> None:
    (project.path / "bad.json").write_text('{"Version": "2012-10-17", "Statement": [{"Effect",')

    run("", "--iam-lint", "bad.json").assert_outcomes(failed=1)
