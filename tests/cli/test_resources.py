"""A folder with nothing but a resource that rules look at is checked like one with a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.program import Program


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", 'resource "aws_iam_access_key" "x" {\n  user = "robot"\n}\n'),
        ("t.yaml", "Resources:\n  X:\n    Type: AWS::IAM::AccessKey\n    Properties: {}\n"),
    ],
)
def test_folder_with_a_resource_alone_is_checked(iamlint: Program, name: str, text: str) -> None:
    Path("infra").mkdir()
    Path("infra", name).write_text(text, encoding="utf-8")
    result = iamlint("check", "infra", "--output-format", "concise")
    assert result.code == 1
    assert "key-from-template" in result.out
    assert "policies" not in result.err.replace("no policies", "")
