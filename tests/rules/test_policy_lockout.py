"""A key policy is judged where all of its statements are known, in each form that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint import lint

if TYPE_CHECKING:
    from pathlib import Path

USE = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}
  }]
}"""
DATA = """
data "aws_iam_policy_document" "use" {
  %s
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/app"]
    }
  }
}
"""
KEY = 'resource "aws_kms_key" "a" { policy = data.aws_iam_policy_document.use.json }'
UNKNOWN = 'variable "more" {}'
MODULE = """
module "kms" {
  source = "terraform-aws-modules/kms/aws"
  key_statements = [{
    actions    = ["kms:Decrypt"]
    resources  = ["*"]
    principals = [{ type = "AWS", identifiers = ["arn:aws:iam::111122223333:role/app"] }]
  }]
}
"""
TEMPLATE = (
    '{"Resources": {"Key": {"Type": "AWS::KMS::ReplicaKey", "Properties": {"KeyPolicy": %s}}}}'
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("key.tf", DATA % "" + KEY),
        ("template.json", TEMPLATE % USE),
        ("answer.json", f'{{"PolicyName": "default", "Policy": {USE}}}'),
    ],
)
def test_key_policy_that_allows_no_one_to_change_it_is_reported(
    tmp_path: Path, name: str, text: str
) -> None:
    assert lockouts(tmp_path, name, text) == ["policy-lockout"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("statements.json", USE),
        ("document.tf", DATA % ""),
        ("key.tf", UNKNOWN + DATA % "source_policy_documents = [var.more]" + KEY),
        ("module.tf", MODULE),
    ],
)
def test_statements_that_others_may_join_are_not_reported(
    tmp_path: Path, name: str, text: str
) -> None:
    assert lockouts(tmp_path, name, text) == []


def lockouts(folder: Path, name: str, text: str) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return [f.rule for f in lint(folder, select="policy-lockout").findings]
