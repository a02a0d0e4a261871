from __future__ import annotations

import pytest

from iamlint.policy.action import ActionPattern, parse_action


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3:GetObject", ActionPattern("s3", "getobject")),
        ("S3:Get*", ActionPattern("s3", "get*")),
        ("*", ActionPattern("*", "*")),
        ("*:*", ActionPattern("*", "*")),
        ("a:b:c", ActionPattern("a", "b:c")),
        ("**", None),
        ("GetObject", None),
        ("s3:", None),
        (":GetObject", None),
        ("s3: GetObject", None),
        ("s3:Get\tObject", None),
        ("s3:Get,s3:Put", None),
        ("", None),
    ],
)
def test_an_action_is_a_service_and_a_name_in_any_letter_case(
    text: str, expected: ActionPattern | None
) -> None:
    assert parse_action(text) == expected


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:Get*", "S3:GetObject", True),
        ("s3:Get?bject", "s3:getobject", True),
        ("*:GetObject", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s*:Get*", "iam:GetRole", False),
        ("*", "s3:GetObject", True),
    ],
)
def test_service_and_name_match_apart(pattern: str, action: str, *, expected: bool) -> None:
    parsed = parse_action(pattern)

    assert parsed is not None
    assert parsed.matches(action) is expected


@pytest.mark.parametrize(
    ("one", "other", "covers", "overlaps"),
    [
        ("s3:*", "s3:Get*", True, True),
        ("s3:Get*", "s3:*", False, True),
        ("s3:*Object", "s3:Get*", False, True),
        ("s3:Get*", "s3:Put*", False, False),
        ("*", "iam:PassRole", True, True),
        ("s3:*", "iam:*", False, False),
    ],
)
def test_patterns_are_compared_part_by_part(
    one: str, other: str, *, covers: bool, overlaps: bool
) -> None:
    left, right = parse_action(one), parse_action(other)

    assert left is not None
    assert right is not None
    assert (left.covers(right), left.overlaps(right)) == (covers, overlaps)


def test_a_pattern_is_written_in_lower_case() -> None:
    assert str(parse_action("S3:GetObject")) == "s3:getobject"
