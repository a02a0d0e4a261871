from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.policy.at import At
from iamlint.policy.grammar import Kind, OperatorFamily, Quantifier
from iamlint.policy.parse import parse_policy
from iamlint.policy.parse_condition import split_operator

if TYPE_CHECKING:
    from iamlint.policy.model import Condition


def condition(operator: str, values: object = "x") -> Condition:
    statement = {"Condition": {operator: {"aws:PrincipalTag/Team": values}}}
    policy = parse_policy({"Statement": statement}, Kind.IDENTITY)  # type: ignore[dict-item]  # plain JSON
    (only,) = policy.statements[0].conditions
    return only


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("StringEquals", "x", True),
        ("StringLike", "*", True),
        ("NumericLessThan", "1", True),
        ("Bool", "false", True),
        ("IpAddress", "10.0.0.0/8", True),
        ("ForAnyValue:StringEquals", "x", True),
        ("ForAnyValue:StringNotEquals", "x", True),
        ("StringNotEquals", "x", False),
        ("NotIpAddress", "10.0.0.0/8", False),
        ("ArnNotLike", "*", False),
        ("StringEqualsIfExists", "x", False),
        ("ForAnyValue:StringEqualsIfExists", "x", False),
        ("ForAllValues:StringEquals", "x", False),
        ("ForAllValues:StringNotEquals", "x", False),
        ("Null", "false", True),
        ("Null", False, True),
        ("Null", ["FALSE"], True),
        ("Null", "true", False),
        ("Null", ["true", "false"], False),
        ("Null", [], False),
        ("StringEqual", "x", False),
    ],
)
def test_a_condition_needs_its_key_when_a_request_without_it_fails(
    operator: str, values: object, *, expected: bool
) -> None:
    assert condition(operator, values).needs_key is expected


@pytest.mark.parametrize(
    ("text", "name", "quantifier", "if_exists"),
    [
        ("StringEquals", "StringEquals", Quantifier.NONE, False),
        ("stringequalsifexists", "StringEquals", Quantifier.NONE, True),
        ("FORALLVALUES:ArnLike", "ArnLike", Quantifier.ALL, False),
        ("ForAnyValue:StringLikeIfExists", "StringLike", Quantifier.ANY, True),
        ("ForAnyValue:ForAllValues:StringLike", None, Quantifier.NONE, False),
        (":StringLike", None, Quantifier.NONE, False),
        ("IfExists", None, Quantifier.NONE, True),
        ("", None, Quantifier.NONE, False),
    ],
)
def test_an_operator_is_taken_apart_in_any_letter_case(
    text: str, name: str | None, quantifier: Quantifier, *, if_exists: bool
) -> None:
    parts = split_operator(text)

    assert (parts.operator.name if parts.operator else None) == name
    assert (parts.quantifier, parts.if_exists) == (quantifier, if_exists)


def test_a_condition_key_is_compared_in_lower_case_and_kept_as_written() -> None:
    only = condition("StringNotLike")

    assert (only.key, only.name) == ("aws:PrincipalTag/Team", "aws:principaltag/team")
    assert (only.family, only.negated) == (OperatorFamily.STRING, True)


def test_an_unknown_operator_is_of_no_family_and_not_negated() -> None:
    only = condition("StringUnequal")

    assert (only.operator, only.family, only.negated) == (None, None, False)


@pytest.mark.parametrize(
    ("effect", "allows", "denies"),
    [("Allow", True, False), ("Deny", False, True), ("allow", False, False)],
)
def test_a_statement_of_a_wrong_effect_neither_allows_nor_denies(
    effect: str, *, allows: bool, denies: bool
) -> None:
    (statement,) = parse_policy({"Statement": {"Effect": effect}}, Kind.IDENTITY).statements

    assert (statement.allows, statement.denies) == (allows, denies)


def test_a_statement_without_an_element_has_none_of_its_entries() -> None:
    excluding = {"NotAction": "a:b", "NotResource": "*", "NotPrincipal": {"AWS": "1"}}
    (statement,) = parse_policy({"Statement": excluding}, Kind.RESOURCE).statements  # type: ignore[dict-item]  # plain JSON

    assert (statement.actions, statement.resources, statement.principals) == ((), (), ())
    assert statement.action_element is statement.not_action is not None
    assert statement.resource_element is statement.not_resource is not None


def test_places_are_built_step_by_step() -> None:
    at = At(()) / "Statement" / 0

    assert at == At(("Statement", 0))
    assert (at / "Sid").of_key == At(("Statement", 0, "Sid"), key=True)


@pytest.mark.parametrize("kind", Kind)
def test_only_policies_that_say_whom_they_are_about_have_principals(kind: Kind) -> None:
    about = {Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}

    assert kind.has_principal is (kind in about)
    assert kind.grants is (kind in {Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST})
