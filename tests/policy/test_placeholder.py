"""Placeholders of other tools are unknown; text that AWS gets literally stays unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.placeholder import shown, with_unknowns
from iamlint.text.source import Partial, Unknown

PLACEHOLDERS = (
    "${ORG_ID}",
    "${account_id}",
    "${data.aws_caller_identity.current.account_id}",
    "${AWS::AccountId}",
    "${self:custom.account}",
    "%{account}",
    "#{AWS::AccountId}",
    "$(accountId)",
    "$ACCOUNT_ID",
    "{account_id}",
    "{0}",
    "<account-id>",
    "<YOUR ACCOUNT>",
    "__ACCOUNT_ID__",
    "__accountId__",
    "@ACCOUNT@",
    "@@account_id@@",
    "%%ACCOUNT_ID%%",
    "%ACCOUNT_ID%",
    "%(account_id)s",
    "%s",
    "%2$s",
    "((account_id))",
    "[[ account_id ]]",
    "[ACCOUNT_ID]",
    "[YOUR ACCOUNT]",
)
WORDS = (
    "ACCOUNT_ID",
    "ACCOUNT-ID",
    "AWS_ACCOUNT",
    "SPOKE_ACCOUNT_NUMBER",
    "REGION",
    "AWS_REGION",
    "AWS_PARTITION",
    "XXXXXXXXXXXX",
)
LITERAL = (
    "${aws:username}",
    "${aws:usernme}",
    "${ aws:username }",
    "${aws:PrincipalTag/team, 'none'}",
    "${token.actions.githubusercontent.com:sub}",
    "${*}",
    "${?}",
    "${$}",
    "${}",
    "${unclosed",
    "arn:aws:lambda:eu-west-1:111122223333:function:shelf:$LATEST",
    "arn:aws:s3:::shelf/__init__.py",
    "arn:aws:s3:::shelf/src/__tests__/*",
    "arn:aws:iam::111122223333:role/a__b__c",
    "arn:aws:sts::111122223333:assumed-role/reader/ann@example.com",
    "AROAEXAMPLE:ann@example.com",
    '{"a": 1}',
    "a < b",
    "__Host-session",
    "arn:aws:s3:::shelf/100%",
    "arn:aws:s3:::shelf/a%2Fb%3Ds",
    "arn:aws:s3:::shelf/%Y/%m/%d",
    "arn:aws:s3:::shelf/[0-9]",
    "arn:aws:iam::111122223333:role/ACCOUNT_ID",
    "arn:aws:logs:eu-west-1:111122223333:log-group:ACCOUNTS:*",
    "ACCOUNT:GetRegion",
    "account-id",
    "$default",
    "*",
    "",
)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_is_filled_in_is_unknown_wherever_it_stands(text: str) -> None:
    assert with_unknowns(text) == Unknown(text)
    assert with_unknowns(f"arn:aws:iam::{text}:role/a") == Partial(
        ("arn:aws:iam::", Unknown(text), ":role/a")
    )


@pytest.mark.parametrize("text", WORDS)
def test_a_word_for_an_account_or_a_region_is_filled_in(text: str) -> None:
    assert with_unknowns(text) == Unknown(text)
    assert with_unknowns(f"arn:aws:sqs:{text}:111122223333:a") == Partial(
        ("arn:aws:sqs:", Unknown(text), ":111122223333:a")
    )


def test_one_placeholder_of_a_file_has_one_value_and_a_nameless_one_any() -> None:
    def identity(text: str) -> str | None:
        value = with_unknowns(text, "a.json")
        return value.identity if isinstance(value, Unknown) else None

    assert (identity("%%A%%"), identity("%s")) == ("a.json %%A%%", None)


@pytest.mark.parametrize("text", LITERAL)
def test_what_aws_sees_is_known(text: str) -> None:
    assert with_unknowns(text) == text


def test_what_a_reader_left_unknown_stays_beside_placeholders() -> None:
    value = Partial(("a-${b}-", Unknown("{{ c }}"), "-${aws:userid}"))
    assert with_unknowns(value) == Partial(
        ("a-", Unknown("${b}"), "-", Unknown("{{ c }}"), "-${aws:userid}")
    )


@pytest.mark.parametrize(
    "text", ["%{issuer}:sub", "__ISSUER__:sub", "<issuer>:sub", "{issuer}:sub"]
)
def test_keys_show_what_is_filled_in(text: str) -> None:
    assert shown(text).lower() == "${issuer}:sub"


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_no_element_is_wrong_for_what_is_filled_in(text: str) -> None:
    statement: dict[str, Any] = {
        "Sid": text,
        "Effect": text,
        "Principal": text,
        "Action": [text, f"s3:{text}"],
        "Resource": text,
        "Condition": {text: {"aws:userid": "a"}, "StringEquals": {text: text}},
    }
    policy = parse_policy({"Version": text, "Statement": [statement]}, Kind.RESOURCE)
    assert policy.problems == ()
    assert policy.statements[0].opaque >= {"Effect", "Principal", "Action", "Resource", "Condition"}


def test_a_type_of_principal_may_be_filled_in() -> None:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"${type}": "x"},
        "Action": "s3:*",
        "Resource": "*",
    }
    policy = parse_policy({"Statement": statement}, Kind.RESOURCE)
    assert policy.problems == ()
    assert "Principal" in policy.statements[0].opaque
