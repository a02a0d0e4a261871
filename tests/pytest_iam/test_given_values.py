"""Values of variables, given to pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MODULE = """
variable "name" { type = string }
resource "aws_iam_role" "r" {
  name               = "sender"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sqs:SendMessage"
    Resource = "arn:aws:sqs:eu-west-1:111122223333:${var.name}" }] })
}
"""
TEST = """
import pytest
{marker}
def test_sends(iam):
    assert iam.role("sender").can("sqs:SendMessage", on="arn:aws:sqs:eu-west-1:111122223333:orders")
"""


def outcome(pytester: pytest.Pytester, marker: str, *args: str) -> pytest.RunResult:
    pytester.makefile(".toml", iamlint='account = "111122223333"')
    pytester.makefile(".tf", main=MODULE)
    pytester.makefile(".tfvars", prod='name = "orders"')
    pytester.makepyfile(TEST.format(marker=marker))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)


def test_open_answer_names_the_variable_and_how_to_give_its_value(
    pytester: pytest.Pytester,
) -> None:
    result = outcome(pytester, "")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*depends, on `var.name`*", "*--iam-var name=*"])


def test_later_option_counts(pytester: pytest.Pytester) -> None:
    outcome(pytester, "", "--iam-var", "name=x", "--iam-var-file", "prod.tfvars").assert_outcomes(
        passed=1
    )


def test_marker_counts_before_the_options(pytester: pytest.Pytester) -> None:
    marker = '@pytest.mark.iam(vars={"name": "orders"})'

    outcome(pytester, marker, "--iam-var", "name=x").assert_outcomes(passed=1)
