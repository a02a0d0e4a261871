"""The meaning of the texts of a condition; rules, evaluator and questions agree on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.account.ask.validate import checked_context
from iamlint.catalog import Catalog
from iamlint.errors import UsageError
from iamlint.evaluator.operators.table import ROWS
from iamlint.policy.at import At
from iamlint.policy.grammar import OPERATORS, Effect, Kind, Quantifier
from iamlint.policy.model import Condition, Entry, Policy, Statement
from iamlint.policy.values import (
    internal_use,
    is_narrow,
    is_valid,
    parse_base64,
    parse_boolean,
    parse_date,
    parse_epoch,
    parse_moment,
    parse_network,
    parse_number,
)
from iamlint.rule import BesideContent, OwnAccounts, RuleContext
from iamlint.rules import BUILTIN

# The source of a row is AWS's page, or the page to which it refers. E: seen when policies were
# given to AWS. R: AWS's pages do not decide it, and rules and evaluator have to agree.
OPERATOR_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
W3C = "https://www.w3.org/TR/NOTE-datetime"
E, R = "E", "R"
VALID, WRONG = True, False

PARSE = {
    "NumericEquals": parse_number,
    "DateEquals": parse_moment,
    "Bool": parse_boolean,
    "BinaryEquals": parse_base64,
    "IpAddress": parse_network,
}
TABLE = [
    ("NumericEquals", "0", VALID, OPERATOR_PAGE),
    ("NumericEquals", "-1", VALID, OPERATOR_PAGE),
    ("NumericEquals", "1.5", VALID, OPERATOR_PAGE),
    ("NumericEquals", "+7", VALID, R),
    ("NumericEquals", ".5", VALID, R),
    ("NumericEquals", "1.", VALID, R),
    ("NumericEquals", "2e10", VALID, R),
    ("NumericEquals", "1e-3", VALID, R),
    ("NumericEquals", "1e99999", WRONG, R),
    ("NumericEquals", "", WRONG, OPERATOR_PAGE),
    ("NumericEquals", "ten", WRONG, OPERATOR_PAGE),
    ("NumericEquals", ".", WRONG, R),
    ("NumericEquals", "1,5", WRONG, R),
    ("NumericEquals", "0x1", WRONG, R),
    ("NumericEquals", "nan", WRONG, R),
    ("NumericEquals", "1_000", WRONG, R),
    ("NumericEquals", "1 ", WRONG, R),
    ("NumericEquals", "٩", WRONG, R),
    ("DateEquals", "2030", VALID, W3C),
    ("DateEquals", "2030-01", VALID, W3C),
    ("DateEquals", "2030-01-31", VALID, W3C),
    ("DateEquals", "2030-01-31T10:00Z", VALID, W3C),
    ("DateEquals", "2030-01-31T10:00:00Z", VALID, W3C),
    ("DateEquals", "2030-01-31T10:00:00.5+01:00", VALID, W3C),
    ("DateEquals", "2030-01-31T23:59:59-05:00", VALID, W3C),
    ("DateEquals", "2028-02-29", VALID, W3C),
    ("DateEquals", "1533859200", VALID, OPERATOR_PAGE),
    ("DateEquals", "1533859200.0", VALID, E),
    ("DateEquals", "9223372036854775807", VALID, E),
    ("DateEquals", "9223372036854775808", WRONG, E),
    ("DateEquals", "2016-12-13t2:00:00.593194+23", VALID, E),
    ("DateEquals", "2016-12-13t2:00:00.593194+1", WRONG, E),
    ("DateEquals", "2016-12-13t2:00:00.1999999999+10:59", WRONG, E),
    ("DateEquals", "2027-01-01T10:00+01", VALID, E),
    ("DateEquals", "2027-01-01T10:00:00+0100", VALID, R),
    ("DateEquals", "2027-01-01T10:00:00", VALID, R),
    ("DateEquals", "2027-01-01T1000Z", WRONG, W3C),
    ("DateEquals", "20270101T100000Z", WRONG, W3C),
    ("DateEquals", "2027-01-01T10Z", WRONG, W3C),
    ("DateEquals", "2027-01-01T10:00:00,5Z", WRONG, W3C),
    ("DateEquals", "2027-01-01 10:00:00Z", WRONG, W3C),
    ("DateEquals", "2027-02-29", WRONG, W3C),
    ("DateEquals", "2027-02-30", WRONG, W3C),
    ("DateEquals", "2027-04-31T00:00Z", WRONG, W3C),
    ("DateEquals", "2027-13-01", WRONG, W3C),
    ("DateEquals", "2027-00-01", WRONG, W3C),
    ("DateEquals", "2027-1-1", WRONG, W3C),
    ("DateEquals", "2027-01-01T24:00Z", WRONG, W3C),
    ("DateEquals", "2027-01-01T23:60Z", WRONG, W3C),
    ("DateEquals", "2027-01-01T23:59:60Z", WRONG, W3C),
    ("DateEquals", "2027-01-01T10:00+24:00", WRONG, W3C),
    ("DateEquals", "2027-01-01T10:00+10:60", WRONG, W3C),
    ("DateEquals", "0000-01-01", WRONG, R),
    ("DateEquals", "234-13", WRONG, E),
    ("DateEquals", "-5", WRONG, OPERATOR_PAGE),
    ("DateEquals", "1e9", WRONG, OPERATOR_PAGE),
    ("DateEquals", "31/01/2030", WRONG, W3C),
    ("DateEquals", "tomorrow", WRONG, E),
    ("DateEquals", "", WRONG, R),
    ("Bool", "true", VALID, OPERATOR_PAGE),
    ("Bool", "FALSE", VALID, OPERATOR_PAGE),
    ("Bool", "yes", WRONG, R),
    ("Bool", "1", WRONG, R),
    ("Bool", "", WRONG, R),
    ("BinaryEquals", "", VALID, R),
    ("BinaryEquals", "QQ==", VALID, OPERATOR_PAGE),
    ("BinaryEquals", "QUI=", VALID, OPERATOR_PAGE),
    ("BinaryEquals", "QUJD", VALID, OPERATOR_PAGE),
    ("BinaryEquals", "ab+/", VALID, OPERATOR_PAGE),
    ("BinaryEquals", "YWJ=", VALID, E),
    ("BinaryEquals", "Q", WRONG, OPERATOR_PAGE),
    ("BinaryEquals", "QQ", WRONG, R),
    ("BinaryEquals", "QQ=", WRONG, R),
    ("BinaryEquals", "Q===", WRONG, R),
    ("BinaryEquals", "QQ==QQ==", WRONG, R),
    ("BinaryEquals", "QUJD\n", WRONG, R),
    ("BinaryEquals", "ab-_", WRONG, R),
    ("BinaryEquals", "not base64!", WRONG, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.5", VALID, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.0/24", VALID, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.5/24", VALID, R),
    ("IpAddress", "2001:db8::/32", VALID, OPERATOR_PAGE),
    ("IpAddress", "::1", VALID, OPERATOR_PAGE),
    ("IpAddress", "0.0.0.0/0", VALID, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.0/255.255.255.0", WRONG, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.0/0.0.0.255", WRONG, OPERATOR_PAGE),
    ("IpAddress", "fe80::1%eth0", WRONG, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.0/33", WRONG, OPERATOR_PAGE),
    ("IpAddress", "203.0.113", WRONG, OPERATOR_PAGE),
    ("IpAddress", "203.0.113.*", WRONG, OPERATOR_PAGE),
    ("IpAddress", "10/8", WRONG, OPERATOR_PAGE),
    ("IpAddress", "", WRONG, R),
]
KEYS = {
    "NumericEquals": "s3:max-keys",
    "DateEquals": "aws:CurrentTime",
    "Bool": "aws:ViaAWSService",
}
RULES = {
    "NumericEquals": "invalid-number",
    "DateEquals": "invalid-date",
    "Bool": "invalid-boolean",
    "BinaryEquals": "invalid-binary",
    "IpAddress": "invalid-ip-range",
}
# AWS's validator reports other texts than `true` and `false`; its engine reads them for false.
READS_ANY = {"Bool"}
AT = At(())


@cache
def catalog() -> Catalog:
    return Catalog.open()


def is_silent(rule: str, operator: str, text: str) -> bool:
    """Return whether no rule reports a value under an operator."""
    row = OPERATORS[operator.lower()]
    values = (Entry(text, AT),)
    condition = Condition(row, operator, Quantifier.NONE, False, "aws:key", values, AT, AT, AT)  # noqa: FBT003
    statement = Statement(0, AT, effect=Effect.ALLOW, conditions=(condition,))
    policy = Policy(Kind.IDENTITY, (statement,))
    ask = RuleContext(
        policy, catalog(), OwnAccounts(), value={}, beside=BesideContent(lambda: "{}")
    )
    check = next(known.check for known in BUILTIN if known.name == rule)
    assert check is not None
    return not list(check(statement, ask))


def is_compared(operator: str, text: str) -> bool:
    """Return whether the evaluator compares a value with others."""
    try:
        ROWS[operator.lower()].test((text,))
    except ValueError:
        return False
    return True


def is_accepted(operator: str, text: str) -> bool:
    """Return whether a question may give a text as the value of a key of the operator's type."""
    try:
        checked_context(catalog(), {KEYS[operator]: text})
    except UsageError:
        return False
    return True


@pytest.mark.parametrize(("operator", "text", "valid", "source"), TABLE)
def test_text_is_valid_for_rule_evaluator_and_question_alike(
    operator: str, text: str, source: str, *, valid: bool
) -> None:
    assert source
    assert is_valid(PARSE[operator], text) is valid
    assert is_silent(RULES[operator], operator, text) is valid
    assert is_compared(operator, text) is (valid or operator in READS_ANY)
    assert operator not in KEYS or is_accepted(operator, text) is valid


characters = st.text("0123456789" * 2 + "-+:.,eETtZz=/ %abQ", max_size=30)
valid = st.sampled_from([text for _, text, valid, _ in TABLE if valid])


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A valid text with a character more, less or mistaken."""
    text = draw(valid)
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(characters)[:1] + text[at + draw(st.integers(0, 1)) :]


@given(operator=st.sampled_from(sorted(PARSE)), text=characters | slips() | valid)
def test_rule_evaluator_and_question_agree_on_any_text(operator: str, text: str) -> None:
    verdicts = {is_silent(RULES[operator], operator, text)}
    assert operator not in READS_ANY or is_compared(operator, text)
    if operator not in READS_ANY:
        verdicts.add(is_compared(operator, text))
    if operator in KEYS:
        verdicts.add(is_accepted(operator, text))

    assert verdicts == {is_valid(PARSE[operator], text)}


@given(text=characters | slips() | valid)
def test_moment_is_reported_as_seconds_unless_it_is_a_date(text: str) -> None:
    counts = is_valid(parse_moment, text) and not is_valid(parse_date, text)

    assert is_silent("epoch-date", "DateEquals", text) is not counts
    assert not counts or is_valid(parse_epoch, text)


@given(
    at=st.datetimes(
        timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))
    )
)
def test_date_is_as_many_seconds_from_1970_as_the_calendar_counts(at: datetime) -> None:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since.days * 86_400 + since.seconds + Decimal(since.microseconds) / 1_000_000

    assert parse_date(at.isoformat()) == seconds


@pytest.mark.parametrize(
    ("text", "narrow"),
    [("10.0.0.0/8", True), ("10.0.0.0/7", False), ("2001:db8::/32", True), ("2001::/31", False)],
)
def test_range_is_fixed_up_to_the_width_that_s3_documents(text: str, *, narrow: bool) -> None:
    assert is_narrow(parse_network(text)) is narrow


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("0.1.2.3", "unspecified"),
        ("10.1.2.3", "private"),
        ("172.31.0.0/16", "private"),
        ("192.168.1.7/24", "private"),
        ("100.127.255.255", "shared"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.169.254/32", "link-local"),
        ("255.255.255.255", "reserved"),
        ("::1", "loopback"),
        ("::ffff:10.0.0.0/104", "private"),
        ("fd00::/8", "unique local"),
        ("fe80::/10", "link-local"),
        ("ff02::1", "multicast"),
        ("::", "unassigned"),
    ],
)
def test_range_is_not_of_the_internet(text: str, use: str) -> None:
    assert internal_use(parse_network(text)) == use


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0/0", "8.0.0.0/6", "172.32.0.1", "169.253.0.0/16", "128.0.0.0/8"),
        *("100.128.0.0/10", "203.0.113.0/24", "::/0", "2001:db8::/32", "2600::/12"),
    ],
)
def test_range_has_addresses_of_the_internet(text: str) -> None:
    assert internal_use(parse_network(text)) is None
