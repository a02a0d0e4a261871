"""Resources and values that are known in part: the same unknown part is the same text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.evaluator.context import Partly, context_of
from iamlint.evaluator.request import Request, StatementRequest, caller_of
from iamlint.evaluator.statement import CompiledStatement, compile_policy
from iamlint.load.link import join_names
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.pattern import pattern_of
from iamlint.policy.requested import RequestedResource
from iamlint.policy.truth import Truth
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.link import Name

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
ENV, TEAM = Unknown("${var.env}", identity="env"), Unknown("${var.team}", identity="team")
WHOLE = Unknown("${var.arn}", identity="arn")
ROLE = "arn:aws:iam::111122223333:role/"
CI = join_names(ROLE, "ci-", ENV)
CALLER = caller_of("arn:aws:iam::111122223333:user/kim")
# A pattern, the resource, and whether it is named.
TABLE: list[tuple[Name, Name, Truth]] = [
    (CI, CI, YES),
    ("*", CI, YES),
    ("arn:aws:iam::*", CI, YES),
    (f"{ROLE}ci-*", CI, YES),
    (f"{ROLE}*", CI, YES),
    (join_names(ROLE, "*", ENV), CI, YES),
    (join_names(ROLE, "ci-", ENV, "*"), CI, YES),
    (join_names(ROLE, "ci-", ENV, "*"), join_names(CI, "-", TEAM), YES),
    (f"{ROLE}ci-prod", CI, MAYBE),
    (f"{ROLE}*-prod", CI, MAYBE),
    (f"{ROLE}ci-????", CI, MAYBE),
    (join_names(ROLE, "ci-", TEAM), CI, MAYBE),
    (join_names(ROLE, "ci-", TEAM), f"{ROLE}ci-prod", MAYBE),
    (WHOLE, CI, MAYBE),
    (WHOLE, WHOLE, YES),
    (f"{ROLE}deploy-*", CI, NO),
    (join_names(ROLE, "deploy-", ENV), CI, NO),
    (join_names(ROLE, ENV, "-deploy"), join_names(ROLE, ENV, "-ci"), NO),
    (join_names(ROLE, ENV, "-deploy"), join_names(ROLE, TEAM, "-ci"), NO),
    (join_names(ROLE, ENV, "-", TEAM), join_names(ROLE, ENV, "-ci"), MAYBE),
    (join_names(ROLE, ENV, "-a*"), join_names(ROLE, ENV, "-", TEAM), MAYBE),
    (join_names(ROLE, ENV, "-a*"), join_names(ROLE, ENV, "-b-", TEAM), NO),
    (join_names("arn:aws:iam::", ENV), join_names("arn:aws:iam::", ENV, ":role/ci"), MAYBE),
    ("arn:aws:iam::444455556666:role/*", CI, NO),
    ("arn:aws:iam::111122223333:user/*", CI, NO),
]


def compiled(**more: Any) -> CompiledStatement:
    statement = {"Effect": "Allow", "Action": "*", **more}
    parsed = parse_policy({"Version": "2012-10-17", "Statement": statement}, Kind.IDENTITY)
    return compile_policy(parsed).statements[0]


def value_of(name: Name) -> str | Partly:
    return name if isinstance(name, str) else Partly.of(pattern_of(name))


def names(element: str, pattern: Name, resource: Name, user: Name = "kim") -> Truth:
    assert CALLER is not None
    asked = RequestedResource.of(pattern_of(resource))
    context = context_of({"aws:username": value_of(user)})
    request = Request(CALLER, "iam:PassRole", asked, context=context)
    return compiled(**{element: pattern}).names_resource(StatementRequest(request))


@pytest.mark.parametrize(("pattern", "resource", "truth"), TABLE)
def test_a_resource_is_named_surely_just_where_its_unknown_part_cannot_change_it(
    pattern: Name, resource: Name, truth: Truth
) -> None:
    opposite = {NO: YES, MAYBE: MAYBE, YES: NO}[truth]

    assert names("Resource", pattern, resource) is truth
    assert names("NotResource", pattern, resource) is opposite


TEXTS: list[Name] = [ENV, TEAM, "ci-", "-", "prod", "a"]
WILD: list[Name] = [*TEXTS, "*", "?", "${aws:username}"]
PIECES = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4).map(
    lambda parts: join_names(*parts)
)
PATTERNS = st.lists(st.sampled_from(WILD), min_size=1, max_size=5).map(
    lambda parts: join_names(*parts)
)
VALUES = st.sampled_from(["prod", "a", "-", "ci-a", "a-prod"])


def with_values(name: Name, values: Mapping[str, str]) -> str:
    parts = name.parts if not isinstance(name, str | Unknown) else (name,)
    return "".join(p if isinstance(p, str) else values[p.text] for p in parts)


@given(pattern=PATTERNS, name=PIECES, user=PIECES, env=VALUES, team=VALUES)
def test_a_value_given_to_the_unknown_parts_never_contradicts_the_answer(
    pattern: Name, name: Name, user: Name, env: str, team: str
) -> None:
    values = {ENV.text: env, TEAM.text: team}
    texts = [with_values(one, values) for one in (pattern, name, user)]

    for element in ("Resource", "NotResource"):
        known = names(element, ROLE + texts[0], ROLE + texts[1], texts[2])
        found = names(element, join_names(ROLE, pattern), join_names(ROLE, name), user)
        assert found in (MAYBE, known)


OPERATORS = ("StringEquals", "StringLike", "ArnLike", "StringEqualsIgnoreCase")


@given(
    operator=st.sampled_from(OPERATORS),
    pattern=PATTERNS,
    name=PIECES,
    user=PIECES,
    env=VALUES,
    team=VALUES,
)
def test_a_value_known_in_part_never_contradicts_what_it_may_be(
    operator: str, pattern: Name, name: Name, user: Name, env: str, team: str
) -> None:
    values = {ENV.text: env, TEAM.text: team}
    texts = [with_values(one, values) for one in (pattern, name, user)]

    for asked in (operator, operator.replace("String", "StringNot").replace("ArnL", "ArnNotL")):
        known = holds(asked, ROLE + texts[0], ROLE + texts[1], texts[2])
        found = holds(asked, join_names(ROLE, pattern), join_names(ROLE, name), user)
        assert found in (MAYBE, known)


def holds(operator: str, pattern: Name, value: Name, user: Name = "kim") -> Truth:
    statement = compiled(Resource="*", Condition={operator: {"aws:PrincipalArn": pattern}})
    context = context_of({"aws:PrincipalArn": value_of(value), "aws:username": value_of(user)})
    return statement.conditions_hold(context)


@pytest.mark.parametrize(
    ("operator", "pattern", "truth"),
    [
        ("ArnEquals", CI, YES),
        ("ArnLike", join_names(ROLE, "*", ENV), YES),
        ("ArnNotEquals", CI, NO),
        ("StringEquals", CI, YES),
        ("StringLike", join_names("*", ENV), YES),
        ("StringNotEquals", CI, NO),
        ("StringEquals", join_names(ROLE, "ci-", TEAM), MAYBE),
        ("ArnEquals", f"{ROLE}ci-prod", MAYBE),
        ("ArnEquals", join_names(ROLE, "deploy-", ENV), NO),
        ("ArnNotEquals", join_names(ROLE, "deploy-", ENV), YES),
    ],
)
def test_a_value_is_the_same_as_one_with_the_same_unknown_part(
    operator: str, pattern: Name, truth: Truth
) -> None:
    assert holds(operator, pattern, CI) is truth


OTHER = join_names(ROLE, TEAM)


@pytest.mark.parametrize(
    ("scopes", "truth"), [(("one", "one"), NO), (("one", "two"), MAYBE), (("one",), MAYBE)]
)
def test_two_principals_of_one_scope_are_two_whatever_their_names_are(
    scopes: tuple[str, ...], truth: Truth
) -> None:
    distinct = dict(zip(map(pattern_of, (CI, OTHER)), scopes, strict=False))
    context = replace(context_of({"aws:PrincipalArn": value_of(CI)}), distinct=distinct)
    statement = compiled(Resource=OTHER, Condition={"ArnEquals": {"aws:PrincipalArn": OTHER}})
    assert CALLER is not None
    asked = RequestedResource.of(pattern_of(CI))
    request = Request(CALLER, "iam:PassRole", asked, context=context)

    assert statement.names_resource(StatementRequest(request)) is truth
    assert statement.conditions_hold(context) is truth
