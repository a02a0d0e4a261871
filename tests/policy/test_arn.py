from __future__ import annotations

import pytest

from iamlint.policy.arn import Arn, account_of, is_account_id, parse_arn, split_arn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:s3:::b/k", Arn("aws", "s3", "", "", "b/k")),
        (
            "arn:aws:sns:us-east-1:111122223333:t",
            Arn("aws", "sns", "us-east-1", "111122223333", "t"),
        ),
        (
            "arn:aws:logs:*:*:log-group:/a:log-stream:x",
            Arn("aws", "logs", "*", "*", "log-group:/a:log-stream:x"),
        ),
        (
            "arn:aws:s3:::${aws:username}/*",
            Arn("aws", "s3", "", "", "${aws:username}/*"),
        ),
        (
            "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q",
            Arn("aws", "sqs", "us-east-1", "${aws:PrincipalAccount}", "q"),
        ),
        ("arn:aws:s3:b", None),
        ("aws:s3:::b", None),
        ("*", None),
        ("ARN:aws:s3:::b", None),
        ("", None),
    ],
)
def test_an_arn_has_six_fields(text: str, expected: Arn | None) -> None:
    assert parse_arn(text) == expected


def test_an_arn_is_written_as_it_was_read() -> None:
    text = "arn:aws-cn:logs:*:123456789012:log-group:/a:*"

    assert str(parse_arn(text)) == text


def test_too_short_texts_are_split_all_the_same() -> None:
    assert split_arn("arn:aws:s3:b") == ["arn", "aws", "s3", "b"]
    assert split_arn("arn:aws:s3:::${a") == ["arn", "aws", "s3", "", "", "${a"]


@pytest.mark.parametrize(
    ("resource", "type_", "name"),
    [
        ("role/teams/red/deploy", "role", "deploy"),
        ("log-group:/a", "log-group", "a"),
        ("topic", "topic", "topic"),
        ("assumed-role/r/s", "assumed-role", "s"),
    ],
)
def test_the_resource_has_a_type_and_a_name(resource: str, type_: str, name: str) -> None:
    arn = Arn("aws", "iam", "", "111122223333", resource)

    assert (arn.resource_type, arn.resource_name) == (type_, name)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("111122223333", "111122223333"),
        ("arn:aws:iam::111122223333:root", "111122223333"),
        ("arn:aws:iam::*:root", None),
        ("arn:aws:iam::11112222333?:root", None),
        ("arn:aws:s3:::b", None),
        ("11112222333", None),
        ("*", None),
    ],
)
def test_an_account_is_named_by_twelve_digits(text: str, account: str | None) -> None:
    assert account_of(text) == account


@pytest.mark.parametrize("text", ["١٢٣٤٥٦٧٨٩٠١٢", "1111222233334", "111122223333\n", ""])
def test_other_digits_and_lengths_are_no_account(text: str) -> None:
    assert not is_account_id(text)
