"""What is known of requests agrees with what the evaluator derives for the same callers."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest

from iamlint.evaluator.context import Missing
from iamlint.evaluator.derive import Membership, Surroundings, derive_context
from iamlint.evaluator.request import Request, caller_of
from iamlint.grants.requests import carried_by, carried_with, implied_by, rules_out
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import matches
from iamlint.rule import Example
from iamlint.testing.examples import document

if TYPE_CHECKING:
    from iamlint.grants.requests import Carried
    from iamlint.policy.model import Statement

ONE, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ONE}:role/team/reader"
ORGANIZATION = "o-a1b2c3d4e5"
KNOWN = Surroundings(
    principal_membership=Membership(ORGANIZATION, (f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/",))
)
OF_ROLE = f"arn:aws:sts::{ONE}:assumed-role/reader/ann"
OF_USER = f"arn:aws:sts::{ONE}:federated-user/bob"
USER = f"arn:aws:iam::{ONE}:user/team/ann"
ROOT = f"arn:aws:iam::{ONE}:root"
CALLERS = (
    (f"arn:aws:iam::{ONE}:root", (ROOT, USER, OF_ROLE, OF_USER)),
    (ONE, (ROOT, USER, OF_ROLE, OF_USER)),
    (ROLE, (OF_ROLE,)),
    (OF_ROLE, (OF_ROLE,)),
    (USER, (USER, OF_USER)),
    (OF_USER, (OF_USER,)),
)


def statement(principal: object, condition: object | None = None) -> Statement:
    text = json.dumps(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetObject",
            "Resource": "arn:aws:sqs:eu-west-1:111122223333:shelf",
            **({} if condition is None else {"Condition": condition}),
        }
    )
    return document(Example("", text, kind=Kind.RESOURCE)).policy.statements[0]


def carried(principal: object) -> Carried:
    return carried_by(statement(principal).principals[0], {ONE: ORGANIZATION})


@pytest.mark.parametrize(("principal", "callers"), CALLERS, ids=str)
def test_each_value_of_a_derived_key_is_one_that_is_known(
    principal: str, callers: tuple[str, ...]
) -> None:
    known = carried({"AWS": principal})

    for text in callers:
        caller = caller_of(text, role_path="/team/")
        assert caller is not None
        context = {k.lower(): v for k, v in derive_context(Request(caller, "*"), KNOWN).items()}
        for name, key in known.items():
            if name not in context:
                continue
            value = context[name]
            if isinstance(value, Missing):
                assert value is Missing.ABSENT
                assert not key.patterns or not key.certain, (text, name)
                continue
            assert isinstance(value, str | tuple)
            values = (value,) if isinstance(value, str) else value
            assert all(any(matches(p, v) for p in key.patterns) for v in values), (text, name)


@pytest.mark.parametrize(
    "principal", ["*", {"CanonicalUser": "0" * 64}, {"AWS": "AROAEXAMPLEEXAMPLE123"}], ids=str
)
def test_nothing_is_known_of_a_principal_that_may_be_anyone(principal: object) -> None:
    assert carried(principal) == {}


NEVER = [
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalAccount", OTHER),
    ({"AWS": ONE}, "StringEqualsIfExists", "aws:PrincipalAccount", OTHER),
    ({"AWS": ONE}, "ForAllValues:StringEquals", "aws:PrincipalAccount", OTHER),
    ({"AWS": ONE}, "StringNotEquals", "aws:PrincipalAccount", ONE),
    ({"AWS": ROOT}, "StringNotLike", "aws:PrincipalArn", f"arn:aws:*::{ONE}:*"),
    ({"AWS": ONE}, "Null", "aws:PrincipalArn", "true"),
    ({"AWS": ONE}, "StringLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:*"),
    ({"AWS": ONE}, "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/*"),
    ({"AWS": ONE}, "StringEquals", "kms:CallerAccount", OTHER),
    ({"AWS": ONE}, "Bool", "aws:PrincipalIsAWSService", "true"),
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalServiceName", "s3.amazonaws.com"),
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalType", "Anonymous"),
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalOrgID", "o-zzzzzzzzzz"),
    ({"AWS": ROLE}, "StringEquals", "aws:PrincipalType", ["User", "Account"]),
    ({"AWS": ROLE}, "ArnNotEquals", "aws:PrincipalArn", ROLE),
    ({"AWS": ROLE}, "StringLike", "aws:username", "*"),
    ({"AWS": ROLE}, "Null", "aws:username", "false"),
    ({"AWS": USER}, "StringEquals", "aws:username", "bob"),
    ({"AWS": OF_ROLE}, "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ONE}:role/*/writer"),
    ({"Service": "s3.amazonaws.com"}, "Bool", "aws:PrincipalIsAWSService", "false"),
    ({"Service": "s3.amazonaws.com"}, "StringLike", "aws:PrincipalArn", "*"),
    ({"Federated": "accounts.google.com"}, "StringEquals", "aws:PrincipalOrgID", ORGANIZATION),
]
PERHAPS = [
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalAccount", [OTHER, ONE]),
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}"),
    ({"AWS": ONE}, "StringEquals", "aws:PrincipalAccount", "1111-2222-3333"),
    ({"AWS": ONE}, "ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{ONE}:role/${{aws:username}}"),
    ({"AWS": ONE}, "ArnLike", "aws:PrincipalArn", f"arn:aws:sts::{OTHER}:assumed-role/a/*"),
    ({"AWS": ONE}, "StringNotEquals", "aws:PrincipalOrgID", "o-zzzzzzzzzz"),
    ({"AWS": OTHER}, "StringEquals", "aws:PrincipalOrgID", "o-zzzzzzzzzz"),
    ({"AWS": ONE}, "StringEquals", "aws:username", "ann"),
    ({"AWS": ONE}, "StringEquals", "aws:SourceAccount", OTHER),
    ({"AWS": ROLE}, "StringEquals", "aws:PrincipalType", "assumedrole"),
    ({"AWS": ROLE}, "StringNotEquals", "aws:username", "ann"),
    ({"AWS": USER}, "StringNotEquals", "aws:username", "ann"),
    ({"AWS": USER}, "Null", "aws:username", "true"),
    ({"AWS": OF_ROLE}, "ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{ONE}:role/x/y/reader"),
    ({"AWS": f"arn:aws:iam::{ONE}:role/*"}, "ArnEquals", "aws:PrincipalArn", USER),
    ({"Service": "s3.amazonaws.com"}, "StringNotEquals", "aws:PrincipalAccount", ONE),
    ({"Service": "s3.amazonaws.com"}, "StringEquals", "aws:SourceAccount", ONE),
    ("*", "StringEquals", "aws:PrincipalAccount", OTHER),
]


def is_ruled_out(principal: object, operator: str, key: str, value: object) -> bool:
    found = statement(principal, {operator: {key: value}})
    known = carried_by(found.principals[0], {ONE: ORGANIZATION})
    return rules_out(known, found.conditions[0])


@pytest.mark.parametrize("case", NEVER, ids=str)
def test_condition_that_no_request_of_a_principal_meets_is_ruled_out(
    case: tuple[object, str, str, object],
) -> None:
    assert is_ruled_out(*case)


@pytest.mark.parametrize("case", PERHAPS, ids=str)
def test_condition_that_some_request_of_a_principal_may_meet_is_not(
    case: tuple[object, str, str, object],
) -> None:
    assert not is_ruled_out(*case)


def test_owner_of_a_resource_is_the_account_of_its_arn_or_a_given_one() -> None:
    def owners(resource: str, *given: str) -> tuple[str, ...]:
        text = json.dumps({"Effect": "Allow", "Action": "*", "Resource": resource})
        entry = document(Example("", text)).policy.statements[0].resources[0]
        key = carried_with(entry, {}, given).get("aws:resourceaccount")
        return () if key is None else key.patterns

    assert owners("arn:aws:sqs:eu-west-1:111122223333:shelf", OTHER) == (ONE,)
    assert owners("arn:aws:s3:::shelf/*", ONE, OTHER) == (ONE, OTHER)
    assert owners("*", ONE) == (ONE,)
    assert owners("arn:aws:s3:::shelf/*") == ()
    assert owners("arn:aws:sqs:*:*:shelf", ONE) == ()
    assert owners("arn:aws:iam::aws:policy/ReadOnlyAccess", ONE) == ()
    assert owners("arn:aws:s3:eu-west-1:111122223333:accesspoint/shelf", OTHER) == ()


def test_condition_on_an_arn_or_a_path_implies_its_parts() -> None:
    def implied(operator: str, key: str, *values: str) -> list[tuple[str, tuple[str, ...]]]:
        found = statement("*", {operator: {key: list(values)}}).conditions[0]
        return [(test.key, tuple(e.text for e in test.values)) for test in implied_by(found)]

    assert implied("ArnLike", "aws:PrincipalArn", ROLE, USER) == [
        ("aws:PrincipalAccount", (ONE, ONE)),
        ("aws:PrincipalType", ("AssumedRole", "User")),
    ]
    assert implied("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{ONE}:*") == [
        ("aws:PrincipalAccount", (ONE,))
    ]
    assert implied("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORGANIZATION}/*") == [
        ("aws:PrincipalOrgID", (ORGANIZATION,))
    ]
    for operator, key in product(
        ("ArnNotLike", "ArnLikeIfExists", "ForAllValues:ArnLike"), ("aws:PrincipalArn",)
    ):
        assert implied(operator, key, ROLE) == []
