"""A text that is known in part: an answer is sure just where what is not known cannot change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.evaluator.condition import CompiledCondition
from iamlint.evaluator.context import ContextValue, Gap, Partly, context_of
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.text.source import Value

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
ROLE = Partly(("arn:aws:iam::", Gap.ACCOUNT, ":role/app"))
ANYONE = Partly(("arn:aws:iam::", Gap.ACCOUNT, ":", Gap.NAME, Gap.PATH, Gap.NAME))
USER = Partly(("arn:aws:iam::111122223333:user", Gap.PATH, "ann"))
ID = Partly((Gap.ACCOUNT,))
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
TABLE: list[tuple[str, Value, Partly, Truth]] = [
    ("StringLike", "arn:aws:iam::*:root", ROLE, NO),
    ("StringLike", "arn:aws:iam::*:root", ANYONE, NO),
    ("ArnLike", "arn:aws:iam::*:root", ROLE, NO),
    ("ArnLike", "arn:aws:iam::*:root", ANYONE, NO),
    ("ArnNotLike", "arn:aws:iam::*:root", ANYONE, YES),
    ("StringNotLike", "arn:aws:iam::*:root", ROLE, YES),
    ("ArnLike", "arn:aws:iam::*:role/app", ROLE, YES),
    ("ArnLike", "arn:aws:iam::*:role/*", ROLE, YES),
    ("ArnLike", "arn:aws:iam::*:role/*", ANYONE, MAYBE),
    ("ArnLike", "arn:aws:iam::111122223333:role/*", ROLE, MAYBE),
    ("ArnLike", "arn:aws:iam::111122223333:role/other", ROLE, NO),
    ("ArnLike", ["arn:aws:iam::1*:role/app", "arn:aws:iam::?*:role/app"], ROLE, YES),
    ("ArnLike", "arn:aws:iam::1111222233334:role/app", ROLE, NO),
    ("ArnLike", "arn:aws:iam::111122223333:user/ann", USER, MAYBE),
    ("ArnLike", "arn:aws:iam::111122223333:user/staff/ann", USER, MAYBE),
    ("ArnLike", "arn:aws:iam::111122223333:user/*ann", USER, YES),
    ("ArnLike", "arn:aws:iam::111122223333:user/dann", USER, NO),
    ("ArnLike", "not an ARN", ROLE, NO),
    ("ArnNotLike", "not an ARN", ROLE, NO),
    ("ArnNotLike", "arn:aws:iam::*:role/*", ID, NO),
    ("ArnLike", "arn:aws:a::1:x:y", Partly(("a", Gap.ANY)), MAYBE),
    ("ArnNotLike", "arn:aws:sqs:::q", Partly(("arn:aws:s3", Gap.ANY)), MAYBE),
    ("ArnNotLike", "arn:aws:sqs:::q", Partly((Gap.ANY,)), MAYBE),
    ("ArnLike", "arn:aws:a::1:x:y", Partly(("b", Gap.ANY)), NO),
    ("ArnNotLike", "arn:aws:a::1:x:y", Partly((Gap.PATH, "b")), NO),
    ("StringEquals", "arn:aws:iam::111122223333:role/app", ROLE, MAYBE),
    ("StringNotEquals", "arn:aws:iam::111122223333:role/app", ROLE, MAYBE),
    ("StringEqualsIgnoreCase", "ARN:aws:iam::111122223333:ROLE/app", ROLE, MAYBE),
    ("StringEqualsIgnoreCase", "arn:aws:iam::111122223333:role/other", ROLE, NO),
    ("StringEquals", "111122223333", ID, MAYBE),
    ("StringEquals", "1111", ID, NO),
    ("StringLike", "*", ID, YES),
    ("StringLike", "${aws:PrincipalTag/x}", ID, NO),
    ("StringLike", "arn:aws:iam::${aws:PrincipalAccount}:role/app", ROLE, MAYBE),
    ("StringLike", "arn:aws:iam::${aws:PrincipalAccount}:user/app", ROLE, NO),
    ("ForAnyValue:StringLike", "*", ID, YES),
    ("ForAllValues:StringEquals", "1111", ID, NO),
    ("NumericEquals", "111122223333", ID, MAYBE),
    ("Null", "true", ROLE, NO),
    ("Null", "false", ROLE, YES),
]


def holds(operator: str, values: Value, value: ContextValue) -> Truth:
    statement: Value = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {operator: {"aws:k": values}},
    }
    parsed = parse_policy({"Version": "2012-10-17", "Statement": statement}, Kind.IDENTITY)
    condition = CompiledCondition(parsed.statements[0].conditions[0], variables=True)
    return condition.holds(context_of({"aws:k": value, "aws:principalaccount": ID}))


@pytest.mark.parametrize(("operator", "values", "value", "truth"), TABLE)
def test_what_is_not_known_decides_only_where_it_can(
    operator: str, values: Value, value: Partly, truth: Truth
) -> None:
    assert holds(operator, values, value) is truth


@pytest.mark.parametrize(
    "operator", ["StringLike", "StringEquals", "StringEqualsIgnoreCase", "ArnLike"]
)
@given(data=st.data())
def test_a_value_given_to_the_unknown_part_never_contradicts_the_answer(
    operator: str, data: st.DataObject
) -> None:
    forms = {
        Gap.ACCOUNT: st.sampled_from(["111122223333", "444455556666", "111111111111"]),
        Gap.NAME: st.sampled_from(["", "app", "root", "b", "role", "1"]),
        Gap.PATH: st.sampled_from(["/", "/x:root/", "/a/b/", "/:/", "/root/"]),
    }
    value = data.draw(st.sampled_from([ROLE, ANYONE, USER, ID]))
    known = "".join(data.draw(forms[p]) if isinstance(p, Gap) else str(p) for p in value.parts)
    pieces = ["arn:aws:iam::", ":", "*", "?", "111122223333", "1", "role/", "app", "root", "/"]
    slices = st.tuples(st.integers(0, len(known)), st.integers(0, len(known)))
    text = st.lists(
        st.sampled_from(pieces) | slices.map(lambda at: known[at[0] : at[1]]), max_size=5
    ).map("".join)
    patterns: Any = data.draw(st.lists(text | st.just(known), min_size=1, max_size=2))
    negated = operator.replace("String", "StringNot").replace("ArnL", "ArnNotL")

    for asked in (operator, negated):
        assert holds(asked, patterns, value) in (MAYBE, holds(asked, patterns, known))
