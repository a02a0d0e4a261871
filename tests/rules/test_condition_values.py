"""Which addresses are private, and which wildcards leave a value too open."""

from __future__ import annotations

import pytest

from iamlint.rules.conditions._openness import too_open
from iamlint.rules.conditions._values import is_private

SUBJECT = "token.actions.githubusercontent.com:sub"


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
