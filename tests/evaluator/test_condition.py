from __future__ import annotations

import pytest

from iamlint.evaluator.condition import CompiledCondition
from iamlint.evaluator.context import ContextValue, Missing, context_of
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.truth import Truth
from iamlint.text.source import Partial, Unknown, Value

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
ABSENT, UNKNOWN = Missing.ABSENT, Missing.UNKNOWN


def compiled(operator: str, values: Value, *, variables: bool = True) -> CompiledCondition:
    statement: Value = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {operator: {"aws:K": values}},
    }
    parsed = parse_policy({"Version": "2012-10-17", "Statement": statement}, Kind.IDENTITY)
    return CompiledCondition(parsed.statements[0].conditions[0], variables=variables)


def holds(operator: str, values: Value, value: ContextValue, **more: ContextValue) -> Truth:
    context = context_of({"AWS:k": value, **{f"aws:{name}": v for name, v in more.items()}})
    return compiled(operator, values).holds(context)


@pytest.mark.parametrize(
    ("operator", "one", "other", "absent"),
    [
        ("StringEquals", YES, NO, NO),
        ("stringequals", YES, NO, NO),
        ("StringNotEquals", NO, YES, YES),
        ("StringEqualsIfExists", YES, NO, YES),
        ("StringNotEqualsIfExists", NO, YES, YES),
        ("ForAllValues:StringEquals", YES, NO, YES),
        ("ForAllValues:StringNotEquals", NO, YES, YES),
        ("ForAnyValue:StringEquals", YES, NO, NO),
        ("ForAnyValue:StringNotEquals", NO, YES, NO),
        ("ForAnyValue:StringEqualsIfExists", YES, NO, YES),
        ("StringEqual", NO, NO, NO),
    ],
)
def test_a_single_value_and_an_absent_key(
    operator: str, one: Truth, other: Truth, absent: Truth
) -> None:
    told = [holds(operator, ["a", "b"], value) for value in ("a", "c", ABSENT)]
    assert told == [one, other, absent]


@pytest.mark.parametrize(
    ("operator", "all_listed", "some_listed", "none_listed", "empty"),
    [
        ("ForAllValues:StringEquals", YES, NO, NO, YES),
        ("ForAnyValue:StringEquals", YES, YES, NO, NO),
        ("ForAllValues:StringNotEquals", NO, NO, YES, YES),
        ("ForAnyValue:StringNotEquals", NO, YES, YES, NO),
        ("StringEquals", NO, NO, NO, NO),
        ("StringNotEquals", NO, NO, NO, YES),
    ],
)
def test_several_values_want_a_quantifier(
    operator: str, all_listed: Truth, some_listed: Truth, none_listed: Truth, empty: Truth
) -> None:
    values: list[ContextValue] = [("a", "b"), ("a", "c"), ("c", "d"), ()]
    told = [holds(operator, ["a", "b"], value) for value in values]
    assert told == [all_listed, some_listed, none_listed, empty]


def test_null_asks_for_presence_and_takes_empty_for_absent() -> None:
    values: list[ContextValue] = ["a", ("a",), "", (), ABSENT, UNKNOWN]
    assert [holds("Null", "true", v) for v in values] == [NO, NO, YES, YES, YES, MAYBE]
    assert [holds("Null", "false", v) for v in values] == [YES, YES, NO, NO, NO, MAYBE]


@pytest.mark.parametrize(
    ("operator", "values", "value"),
    [
        ("NumericNotEquals", "9", "nine"),
        ("NumericNotEquals", "nine", "9"),
        ("NotIpAddress", "10.0.0.0/8", "home"),
        ("ArnNotLike", "arn:aws:s3:::b", "bucket"),
        ("ArnNotLike", "bucket", "arn:aws:s3:::b"),
        ("ArnNotLike", "${aws:other}", "arn:aws:s3:::b"),
    ],
)
def test_a_value_of_the_wrong_type_matches_nothing_not_even_negated(
    operator: str, values: Value, value: str
) -> None:
    assert holds(operator, values, value, other="bucket") is NO


def test_a_variable_without_value_equals_nothing() -> None:
    assert holds("StringEquals", "${aws:other}", "a") is NO
    assert holds("StringNotEquals", "${aws:other}", "a") is YES
    assert holds("ArnNotLike", "${aws:other}", "arn:aws:s3:::b") is YES
    assert holds("StringEquals", "${aws:other, 'a'}", "a") is YES
    assert holds("StringEquals", "${aws:other}", "a", other="a") is YES


def test_a_substituted_star_is_no_wildcard() -> None:
    assert holds("StringLike", "${aws:other}", "a*", other="a*") is YES
    assert holds("StringLike", "${aws:other}", "ab", other="a*") is NO


def test_old_versions_know_no_variables() -> None:
    old = compiled("StringEquals", "${aws:other}", variables=False)
    assert old.holds(context_of({"aws:K": "${aws:other}"})) is YES
    assert old.holds(context_of({"aws:K": "a", "aws:other": "a"})) is NO


def test_what_is_unknown_makes_maybe_unless_it_cannot_matter() -> None:
    assert holds("StringEquals", "a", UNKNOWN) is MAYBE
    assert holds("StringEquals", ["a", "${aws:other}"], "a", other=UNKNOWN) is YES
    assert holds("StringEquals", ["x-${aws:other}"], "a", other=UNKNOWN) is NO
    assert holds("StringNotEquals", ["x-${aws:other}"], "x-1", other=UNKNOWN) is MAYBE
    assert holds("StringEquals", Partial(("a", Unknown("${var.x}"))), "ab") is MAYBE
    assert holds("StringEquals", Partial(("a", Unknown("${var.x}"))), "b") is NO
    assert holds("NumericLessThan", Unknown("${var.x}"), "1") is MAYBE


def test_the_keys_that_would_settle_it_are_named_as_written() -> None:
    condition = compiled("StringEquals", ["${aws:Other}", "${aws:Known}"])
    unknown = context_of({"aws:known": "a"}, Missing.UNKNOWN)
    assert list(condition.unknown_keys(unknown)) == ["aws:K", "aws:Other"]
