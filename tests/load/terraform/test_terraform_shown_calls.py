"""A fault by the values of an example or a test alone is reported with that call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load.terraform.language.shown import shows
from tests.load.twins import Reported, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

MODULE = """
variable "region" {
  type = string
}
variable "bucket" {
  type    = string
  default = "arn:aws:s3:us-east-1::depot"
}
resource "aws_iam_policy" "write" {
  name = "write"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "logs:PutLogEvents"
        Resource = "arn:aws:logs:${var.region}::log-group:x"
      },
      { Effect = "Allow", Action = "s3:GetObject", Resource = var.bucket },
      { Effect = "Allow", Action = "s3:GetBukcet", Resource = "*" },
    ]
  })
}
"""
CALL = """
module "write" {
  source = "%s"
  region = ""
}
"""
REGION = "ARNs of this `logs` resource have a region, so this ARN without one matches nothing"
BUCKET = "ARNs of this `s3` resource have no region, so this ARN with one matches nothing"


def reported(callers: dict[str, str], iamlint: Program, folder: Path) -> dict[str, list[str]]:
    files = {"main.tf": MODULE} | {path: CALL % source for path, source in callers.items()}
    found: dict[str, list[str]] = {}
    for one in findings(files, iamlint, folder):
        assert isinstance(one, Reported)
        assert one.path == "main.tf"
        found.setdefault(one.rule, []).append(one.message.replace(f"{folder}/", ""))
    return found


@pytest.mark.parametrize(
    ("callers", "region", "bucket"),
    [
        (
            {"test/main.tf": "../"},
            f"{REGION}, with the values of `module.write` in `test/main.tf`",
            f"{BUCKET}, with the default of `var.bucket`",
        ),
        (
            {"examples/a/main.tf": "../..", "examples/b/main.tf": "../.."},
            f"{REGION}, with the values of `module.write` in `examples/a/main.tf`",
            f"{BUCKET}, with the default of `var.bucket`",
        ),
        ({"prod/main.tf": "../"}, REGION, BUCKET),
        ({"prod/main.tf": "../", "test/main.tf": "../"}, REGION, BUCKET),
    ],
)
def test_call_of_an_example_or_a_test_is_named(
    callers: dict[str, str],
    region: str,
    bucket: str,
    iamlint: Program,
    tmp_path: Path,
) -> None:
    found = reported(callers, iamlint, tmp_path)

    assert (found.pop("missing-region"), found.pop("region-not-allowed")) == ([region], [bucket])
    assert {rule: len(messages) for rule, messages in found.items()} == {"unknown-action": 1}
    assert "with the" not in found["unknown-action"][0]


def test_what_the_call_writes_itself_is_a_fact_of_its_file(
    iamlint: Program, tmp_path: Path
) -> None:
    call = CALL.replace('region = ""', 'region = "*"\n  bucket = "arn:aws:s3:eu-west-1::shelf"')
    files = {"main.tf": MODULE, "test/main.tf": call % "../"}

    found = {one.message for one in findings(files, iamlint, tmp_path) if one.path != "main.tf"}

    assert found == {BUCKET}


@pytest.mark.parametrize(
    ("caller", "called", "is_shown"),
    [
        ("test", "", True),
        ("modules/x/examples/a", "modules/x", True),
        ("Tests", "modules/x", True),
        ("prod", "modules/x", False),
        ("examples/a", "examples/a/inner", False),
        ("/r/test/a", "/r/test/b", False),
        ("/r/wrappers/b", "/r/b", True),
    ],
)
def test_folders_that_only_show_have_a_name_of_their_own(
    caller: str, called: str, *, is_shown: bool
) -> None:
    assert shows(caller, called) == is_shown
