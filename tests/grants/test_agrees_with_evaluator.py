"""Facts about a condition without a request agree with the evaluator for every request.

Operators, values and requests are drawn at random: numbers, dates, networks, wildcards, ARNs.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from iamlint.evaluator.condition import CompiledCondition
from iamlint.evaluator.context import ContextValue, Missing, Partly, context_of
from iamlint.evaluator.elements import Resources
from iamlint.evaluator.match import glob_test, read_glob
from iamlint.evaluator.operators.table import ROWS
from iamlint.evaluator.request import Request, StatementRequest, anonymous
from iamlint.grants.contradiction import contradicts
from iamlint.grants.grants import (
    Truth,
    condition_always_holds,
    condition_can_hold,
    restricts,
    statement_covers_resource,
)
from iamlint.policy import wildcard
from iamlint.policy.grammar import OPERATORS, Kind, Operator, OperatorFamily, Quantifier
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.policy.values import (
    is_valid,
    is_within,
    parse_address,
    parse_base64,
    parse_boolean,
    parse_moment,
    parse_network,
    parse_number,
)

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Policy

NO, YES = Truth.NO, Truth.YES
KEY = "aws:Key"

texts = st.text("ab*?", max_size=4)
numbers = st.one_of(
    st.integers(-20, 20).map(str),
    st.decimals(-9, 9, places=1).map(str),
    st.sampled_from([".5", "1.", "1e1", "+3", "007", "-0", "ten", "", "1,5", "1e99999"]),
)
dates = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda at: at.isoformat()[:19] + "Z"),
    st.integers(0, 2_000_000_000).map(str),
    st.sampled_from(["2027-02-29", "2027-01-01T24:00Z", "2027", "2027-01", "tomorrow", ""]),
)
addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
networks = st.one_of(
    addresses,
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda n: f"{n[0]}/{n[1]}"),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 128)).map(lambda n: f"{n[0]}/{n[1]}"),
    st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "10.0.0.0/255.0.0.0", "x"]),
)
arns = st.one_of(
    st.builds(
        "arn:{}:{}:{}:{}:{}".format,
        *(st.sampled_from([field, "*", "?*", f"{field[:1]}*"]) for field in ("aws", "s3", "eu")),
        st.sampled_from(["111122223333", "*", ""]),
        st.sampled_from(["b", "b*", "b/c", "*", "b/*/d", "?"]),
    ),
    st.sampled_from(["*", "arn:aws:s3", "arn:*", "b", ""]),
)
VALUES = {
    OperatorFamily.STRING: texts,
    OperatorFamily.NUMERIC: numbers,
    OperatorFamily.DATE: dates,
    OperatorFamily.BOOL: st.sampled_from(["true", "false", "True", "FALSE", "yes", ""]),
    OperatorFamily.BINARY: st.sampled_from(["QQ==", "QUI=", "QUJD", "", "Q", "not base64"]),
    OperatorFamily.IP: networks,
    OperatorFamily.ARN: arns,
    OperatorFamily.NULL: st.sampled_from(["true", "false", "TRUE", "perhaps"]),
}
# What a request carries is no pattern.
SENT = {
    **VALUES,
    OperatorFamily.STRING: st.text("abAB", min_size=1, max_size=4),
    OperatorFamily.IP: addresses,
    OperatorFamily.ARN: st.builds(
        "arn:{}:{}:{}:{}:{}".format,
        st.sampled_from(["aws", "aws-cn"]),
        st.sampled_from(["s3", "sqs"]),
        st.sampled_from(["eu", "us", ""]),
        st.sampled_from(["111122223333", "444455556666", ""]),
        st.sampled_from(["b", "bx", "b/c", "b/c/d", "other", "b:c"]),
    ),
    OperatorFamily.NULL: st.text("ab", max_size=2),
}
READERS = {
    OperatorFamily.NUMERIC: parse_number,
    OperatorFamily.DATE: parse_moment,
    OperatorFamily.BOOL: parse_boolean,
    OperatorFamily.BINARY: parse_base64,
    OperatorFamily.IP: parse_network,
}
operators = st.sampled_from(list(OPERATORS.values()))


def parsed(*tests: tuple[str, list[str]]) -> tuple[Policy, list[Condition]]:
    statements: list[Any] = [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {name: {KEY: values}}}
        for name, values in tests
    ]
    policy = parse_policy({"Version": "2012-10-17", "Statement": statements}, Kind.IDENTITY)
    return policy, [statement.conditions[0] for statement in policy.statements]


def holds(condition: Condition, value: ContextValue) -> Truth:
    compiled = CompiledCondition(condition, variables=True)
    return compiled.holds(context_of({KEY: value}))


@st.composite
def drawn_test(draw: st.DrawFn, operator: Operator) -> tuple[str, list[str]]:
    """Draw an operator as policies spell it, and some values."""
    quantifier = draw(st.sampled_from(["", "", "ForAllValues:", "ForAnyValue:"]))
    ending = draw(st.sampled_from(["", "", "IfExists"]))
    if operator.family is OperatorFamily.NULL:
        quantifier = ending = ""
    values = draw(st.lists(VALUES[operator.family], min_size=1, max_size=3))
    return f"{quantifier}{operator.name}{ending}", values


@st.composite
def values_sent(draw: st.DrawFn, family: OperatorFamily) -> ContextValue:
    """Draw what a request carries: nothing, one value, or a list."""
    return draw(
        st.one_of(
            st.just(Missing.ABSENT),
            st.just(""),
            SENT[family],
            SENT[family],
            st.lists(SENT[family], max_size=3).map(tuple),
        )
    )


@given(data=st.data(), operator=operators)
def test_condition_that_cannot_hold_or_always_does_is_so_for_every_request(
    data: st.DataObject, operator: Operator
) -> None:
    policy, (condition,) = parsed(data.draw(drawn_test(operator)))
    value = data.draw(values_sent(operator.family))
    if isinstance(value, tuple) and condition.quantifier is Quantifier.NONE:
        assume(operator.family is OperatorFamily.NULL)  # a list wants a quantifier

    assume(not is_short(condition))
    truth = holds(condition, value)

    if not condition_can_hold(condition, policy):
        assert truth is NO
    if condition_always_holds(condition, policy) and is_readable(value, operator.family):
        assert truth is YES


@given(data=st.data(), operator=operators)
def test_condition_that_does_not_restrict_lets_pass_whoever_carries_the_key(
    data: st.DataObject, operator: Operator
) -> None:
    _, (condition,) = parsed(data.draw(drawn_test(operator)))
    value = data.draw(SENT[operator.family])
    is_open = condition.needs_key and not condition.negated and not restricts(condition)
    is_open = is_open and not is_short(condition)
    if operator.family is OperatorFamily.IP:  # one family of addresses is enough to be open
        valid = [e.text for e in condition.values if is_valid(parse_network, e.text)]
        is_open = is_open and {parse_network(text).version for text in valid} == {
            parse_address(value).version
        }

    if is_open and operator.family is not OperatorFamily.NULL:
        assert holds(condition, value) is YES or not is_readable(value, operator.family)


def is_short(condition: Condition) -> bool:
    """Return whether an ARN operator has a pattern of fewer than six fields, such as `*`.

    AWS's pages do not decide what it matches: for rules it is open, for the evaluator no ARN.
    """
    values = (entry.text for entry in condition.values)
    return condition.family is OperatorFamily.ARN and any(v.count(":") < 5 for v in values)


def is_readable(value: ContextValue, family: OperatorFamily) -> bool:
    """Return whether a request's values are of the operator's type."""
    texts = (value,) if isinstance(value, str) else value
    reader = READERS.get(family)
    if reader is None or isinstance(texts, Missing | Partly):
        return True
    return all(is_valid(reader, text) for text in texts)


@given(data=st.data(), operator=operators)
def test_conditions_that_contradict_each_other_hold_for_no_request(
    data: st.DataObject, operator: Operator
) -> None:
    alike = [o for o in OPERATORS.values() if o.family in (operator.family, OperatorFamily.NULL)]
    other = data.draw(st.sampled_from(alike))
    _, (one, two) = parsed(data.draw(drawn_test(operator)), data.draw(drawn_test(other)))
    value = data.draw(values_sent(operator.family))
    assume(value != "" or operator.family is OperatorFamily.STRING)  # other keys are never empty

    if contradicts(one, two) and not isinstance(value, tuple):
        assert NO in (holds(one, value), holds(two, value))


@given(data=st.data(), operator=operators)
def test_opposite_operator_holds_just_where_the_other_does_not(
    data: st.DataObject, operator: Operator
) -> None:
    opposite = operator.opposite
    assume(opposite is not None)
    assert opposite is not None
    assert opposite.opposite is operator
    name, values = data.draw(drawn_test(operator))
    _, (condition,) = parsed((name, values))
    other = replace(condition, operator=opposite, quantifier=Quantifier.NONE, if_exists=False)
    condition = replace(condition, quantifier=Quantifier.NONE, if_exists=False)
    value = data.draw(SENT[operator.family])
    assume(is_readable(value, operator.family))
    assume(not CompiledCondition(condition, variables=True).broken)
    assume(operator.bound is None or len(values) == 1)  # several bounds are ORed

    assert {holds(condition, value), holds(other, value)} == {YES, NO}


@given(narrow=networks, wide=networks, data=st.data())
def test_address_of_a_range_lies_in_every_range_that_holds_it(
    narrow: str, wide: str, data: st.DataObject
) -> None:
    assume(is_valid(parse_network, narrow) and is_valid(parse_network, wide))
    inner, outer = parse_network(narrow), parse_network(wide)
    first, last = int(inner[0]), int(inner[-1])
    address = str(type(inner[0])(data.draw(st.integers(first, last))))
    test = ROWS["ipaddress"].test(read_glob(wide))
    assume(getattr(ip_address(address), "ipv4_mapped", None) is None)  # such a one is of IPv4

    if is_within(inner, outer):
        assert test(address)
    if not inner.overlaps(outer):
        assert not test(address)
    assert test(address) is (parse_address(address) in outer)


@given(wide=texts, narrow=texts, text=st.text("ab", max_size=5))
@example(wide="?*", narrow="*a", text="a")
def test_pattern_that_covers_or_misses_another_does_so_for_every_text(
    wide: str, narrow: str, text: str
) -> None:
    outer, inner = (glob_test(read_glob(pattern))(text) for pattern in (wide, narrow))

    assert wildcard.matches(wide, text) is outer
    if wildcard.covers(wide, narrow) and inner:
        assert outer
    if not wildcard.overlaps(wide, narrow):
        assert not (outer and inner)


@given(patterns=st.lists(arns, min_size=1, max_size=2), resource=SENT[OperatorFamily.ARN])
def test_statement_names_a_resource_just_where_the_evaluator_matches_it(
    patterns: list[str], resource: str
) -> None:
    written: Any = {"Effect": "Allow", "Action": "*", "Resource": patterns}
    policy = parse_policy({"Version": "2012-10-17", "Statement": written}, Kind.IDENTITY)
    (statement,) = policy.statements
    assert statement.resource is not None
    compiled = Resources(statement.resource, kind=Kind.IDENTITY, variables=True)

    request = Request(anonymous(), "s3:GetObject", RequestedResource.of(resource))
    decided = compiled.name(StatementRequest(request))

    # `MAYBE` is said of short ARNs alone, which rules take no side on.
    assert statement_covers_resource(statement, resource) in (decided, Truth.MAYBE)
