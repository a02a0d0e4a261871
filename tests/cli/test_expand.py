"""`iamlint expand`: which actions a pattern names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.program import Program


def test_pattern_gives_actions_with_level_and_types(iamlint: Program) -> None:
    result = iamlint("expand", "sqs:*Message", "--output-format", "json")

    assert result.code == 0
    assert json.loads(result.out)[0] == {
        "action": "sqs:DeleteMessage",
        "access_level": "Write",
        "resource_types": ["queue"],
    }


def test_letter_case_does_not_matter_and_each_action_comes_once(iamlint: Program) -> None:
    result = iamlint("expand", "SQS:sendmessage", "sqs:Send*", "--output-format", "json")

    assert [row["action"] for row in json.loads(result.out)] == ["sqs:SendMessage"]


def test_service_whose_actions_are_not_known_is_told_from_one_without(iamlint: Program) -> None:
    result = iamlint("expand", "deepracer:*")

    assert (result.code, result.out) == (0, "")
    assert "AWS accepts `deepracer:*`, but the AWS data of" in result.err


def test_pattern_that_names_nothing_exits_2_with_a_hint(iamlint: Program) -> None:
    result = iamlint("expand", "s3:GetObjcet")

    assert (result.code, result.out) == (2, "")
    assert "`s3:GetObjcet` matches no action" in result.err
    assert "`s3:GetObject`" in result.err
