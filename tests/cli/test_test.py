"""`iamlint test`: declarative tests without pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program


POLICY = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"
  }
}
"""
TESTS = """
[defaults]
account = "111122223333"

[[test]]
name     = "app reads, nothing else"
as       = "role/app"
resource = ["arn:aws:s3:::b/k"]
can      = ["s3:GetObject"]
cannot   = ["s3:PutObject", "s3:Delete*"]

[[test]]
name     = "only app reads"
who_can  = "s3:GetObject"
resource = ["arn:aws:s3:::b/*"]
equals   = ["role/app"]
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], None]:
    """Write a role and the tests about it."""
    for name, text in (("app", POLICY), ("idle", POLICY.replace("Get", "Put"))):
        (tmp_path / "roles" / name).mkdir(parents=True)
        (tmp_path / "roles" / name / "policy.json").write_text(text)
    (tmp_path / "iamlint.toml").write_text("")

    def call(text: str) -> None:
        (tmp_path / "app.iamtest.toml").write_text(text)

    return call


def test_tests_that_hold_exit_0(iamlint: Program, write: Callable[[str], None]) -> None:
    write(TESTS)
    result = iamlint("test")

    assert (result.code, result.out, result.err) == (0, "2 passed, 0 failed\n", "")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('cannot   = ["s3:PutObject"', 'cannot   = ["s3:GetObject"', ":10: role/app s3:GetObject"),
        ('can      = ["s3:GetObject"', 'can      = ["s3:PutObject"', ":9: role/app s3:PutObject"),
        ('"s3:Delete*"', '"s3:*"', ":10: role/app s3:* on arn:aws:s3:::b/k: mixed"),
        ('equals   = ["role/app"]', "equals   = []", ":16: `role/app` can too"),
        (
            'equals   = ["role/app"]',
            'equals   = ["role/app", "role/idle"]',
            ":16: `role/idle` cannot",
        ),
        ('"role/app"\nresource', '"role/ap"\nresource', ":6: there is no `role/ap`"),
    ],
)
def test_failure_exits_1_and_points_at_the_line(
    iamlint: Program, write: Callable[[str], None], old: str, new: str, line: str
) -> None:
    assert old in TESTS
    write(TESTS.replace(old, new))
    result = iamlint("test", "app.iamtest.toml")

    assert result.code == 1
    assert f"  app.iamtest.toml{line}" in result.out
    assert result.out.endswith("1 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("cannot  ", "cant  ", ":10: unknown key `cant` in `test`"),
        ('account = "1', 'acount = "1', ":3: unknown key `acount` in `defaults`"),
        ('equals   = ["role/app"]', "", ":14: `who_can` needs `equals`"),
        ('name     = "only app reads"', "", ":12: `test` needs `name`"),
        ("only app reads", "app reads, nothing else", ":13: `app reads, nothing "),
        (
            'can      = ["s3:GetObject"]\ncannot   = ["s3:PutObject", "s3:Delete*"]',
            "",
            ":6: `app reads, nothing else` does not ask anything",
        ),
        (TESTS, "", ": the file contains no test"),
        ("[[test]]", "[[test", ": "),
    ],
)
def test_file_that_is_wrong_exits_2_and_says_where(
    iamlint: Program, write: Callable[[str], None], old: str, new: str, error: str
) -> None:
    assert old in TESTS
    write(TESTS.replace(old, new))
    result = iamlint("test")

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: app.iamtest.toml{error}")


def test_folder_without_tests_exits_4(iamlint: Program) -> None:
    result = iamlint("test")

    assert (result.code, result.err) == (4, "error: no `*.iamtest.toml` was found\n")


def test_time_and_context_of_the_defaults_hold_for_every_test(
    iamlint: Program, write: Callable[[str], None], tmp_path: Path
) -> None:
    condition = (
        '"Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},'
        ' "Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:SourceVpc": "true"}}'
    )
    policy = POLICY.replace('"arn:aws:s3:::b/*"', f'"arn:aws:s3:::b/*", {condition}')
    (tmp_path / "roles" / "app" / "policy.json").write_text(policy)
    write(
        TESTS.replace(
            "[[test]]",
            'at = "2026-12-01T00:00:00Z"\n'
            'context = { "aws:MultiFactorAuthPresent" = true }\n'
            'absent = ["aws:SourceVpc"]\n\n[[test]]',
            1,
        )
    )

    assert iamlint("test").code == 0
