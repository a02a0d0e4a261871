"""What the texts of a condition are."""

from __future__ import annotations

import pytest

from iamlint.rules.conditions._openness import too_open
from iamlint.rules.conditions._values import (
    is_base64,
    is_date,
    is_number,
    is_private,
    is_range,
)

SUBJECT = "token.actions.githubusercontent.com:sub"


@pytest.mark.parametrize("value", ["0", "-1", "+7", "1.5", "2e10", "1e-3"])
def test_text_is_a_number(value: str) -> None:
    assert is_number(value)


@pytest.mark.parametrize("value", ["", "ten", "1,5", "0x1", "1.", ".5", "nan", "1 "])
def test_text_is_no_number(value: str) -> None:
    assert not is_number(value)


@pytest.mark.parametrize(
    "value",
    ["2030", "2030-01", "2030-01-31", "2030-01-31T10:00Z", "2030-01-31T10:00:00.5+01:00"],
)
def test_text_is_a_date(value: str) -> None:
    assert is_date(value)


@pytest.mark.parametrize("value", ["", "tomorrow", "31/01/2030", "2030-13-01", "2030-1-1", "1e9"])
def test_text_is_no_date(value: str) -> None:
    assert not is_date(value)


@pytest.mark.parametrize("value", ["", "QQ==", "QUI=", "QUJD", "ab+/"])
def test_text_is_base64(value: str) -> None:
    assert is_base64(value)


@pytest.mark.parametrize("value", ["Q", "QQ", "QQ=", "Q===", "not base64!"])
def test_text_is_no_base64(value: str) -> None:
    assert not is_base64(value)


@pytest.mark.parametrize(
    "value", ["203.0.113.5", "203.0.113.5/24", "2001:db8::/32", "::1", "0.0.0.0/0"]
)
def test_text_is_a_range(value: str) -> None:
    assert is_range(value)


@pytest.mark.parametrize("value", ["", "203.0.113.0/33", "203.0.113", "203.0.113.*", "10/8"])
def test_text_is_no_range(value: str) -> None:
    assert not is_range(value)


@pytest.mark.parametrize("value", ["10.1.2.3", "10.0.0.0/8", "172.31.0.0/16", "192.168.1.7/24"])
def test_range_is_private(value: str) -> None:
    assert is_private(value)


@pytest.mark.parametrize("value", ["8.0.0.0/6", "172.32.0.1", "0.0.0.0/0", "fc00::/7", "x"])
def test_range_is_not_surely_private(value: str) -> None:
    assert not is_private(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceAccount", "1234*"),
        ("AWS:sourceaccount", "*"),
        ("aws:SourceVpc", "vpc-????????"),
        ("aws:userid", "AROA*"),
        ("aws:userid", "AROA*:x"),
        (SUBJECT, "*"),
        (SUBJECT, "repo:*@x"),
        (SUBJECT, "repo:acme/*:a*"),
    ],
)
def test_wildcard_leaves_the_value_too_open(key: str, value: str) -> None:
    assert too_open(key, value, "*?")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceAccount", "123456789012"),
        ("aws:SourceAccount", "${aws:PrincipalAccount}"),
        ("aws:PrincipalTag/a", "*"),
        ("aws:PrincipalArn", "arn:aws:iam::*:role/x"),
        ("aws:userid", "*:session"),
        ("aws:userid", "AIDAX:*"),
        (SUBJECT, "repo:o@*"),
        (SUBJECT, "repo:acme/shop:${*}"),
    ],
)
def test_wildcard_is_let_pass(key: str, value: str) -> None:
    assert too_open(key, value, "*?") is None


def test_variables_and_wildcards_are_asked_apart() -> None:
    value = "o-${aws:PrincipalTag/x}"

    assert too_open("aws:PrincipalOrgID", value, "$")
    assert too_open("aws:PrincipalOrgID", value, "*?") is None
