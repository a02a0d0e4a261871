"""Which wildcards leave a value too open."""

from __future__ import annotations

import pytest

from iamlint.rules.conditions._openness import too_open

SUBJECT = "token.actions.githubusercontent.com:sub"


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
