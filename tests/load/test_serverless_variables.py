"""Variables of Serverless Framework, and variables of IAM."""

from __future__ import annotations

import pytest

from iamlint.load.serverless.variables import START, is_variable, uses_variables


@pytest.mark.parametrize(
    "name",
    [
        "self:custom.name",
        "opt:stage, 'dev'",
        "file(./names.yml):bucket",
        "cf:stack.Output",
        "cf.eu-west-1:stack.Output",
        "aws:accountId",
        "s3:bucket/key",
        "strToBool(true)",
    ],
)
def test_variable_of_serverless_framework_is_known_by_its_source(name: str) -> None:
    assert is_variable(name)
    assert START.match(f"${{{name}}}")


@pytest.mark.parametrize(
    "name", ["aws:username", "s3-outposts:AccessPointTag", "selfie:x", "aws:regions", "AWS::Region"]
)
def test_variable_of_iam_is_not_one_of_serverless_framework(name: str) -> None:
    assert not is_variable(name)
    assert not START.match(f"${{{name}}}")


def test_text_uses_variables_if_no_other_tool_writes_them_this_way() -> None:
    assert uses_variables("arn:aws:s3:::${self:custom.name}")
    assert not uses_variables("arn:aws:s3:::${s3:prefix}/${aws:region}")
