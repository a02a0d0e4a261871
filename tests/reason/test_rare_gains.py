"""Gains that about one request in a thousand million shows are found, or unknown."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from iamlint.catalog import Catalog
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from tests.reason.random_policies import compiled, policy_of, random_statement

CATALOG = Catalog.open()
ACCOUNT = "111122223333"
Json = dict[str, Any]


def _word(chance: Random) -> str:
    return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(9))


def _one_arn(chance: Random) -> tuple[Json, Json]:
    return {"Resource": f"arn:aws:s3:::{_word(chance)}/{_word(chance)}"}, {}


def _one_date(chance: Random) -> tuple[Json, Json]:
    day = f"20{chance.randint(27, 60)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
    date = f"{day}T{chance.randint(10, 23)}:{chance.randint(10, 59)}:{chance.randint(10, 59)}Z"
    return {}, {"DateEquals": {"aws:CurrentTime": date}}


def _two_keys(chance: Random) -> tuple[Json, Json]:
    return {}, {
        "StringEquals": {"aws:PrincipalTag/team": _word(chance), "aws:RequestTag/x": _word(chance)}
    }


def _one_address(chance: Random) -> tuple[Json, Json]:
    address = ".".join(str(chance.randint(11, 220)) for _ in range(4))
    if chance.random() < 0.3:
        address = f"2001:db8::{chance.randint(1, 9999)}"
    return {}, {"IpAddress": {"aws:SourceIp": address}}


def _one_letter_case(chance: Random) -> tuple[Json, Json]:
    cased = "".join(chance.choice((c.upper(), c)) for c in _word(chance))
    return {}, {"StringEquals": {"aws:PrincipalTag/team": cased}}


def _one_path(chance: Random) -> tuple[Json, Json]:
    path = f"o-{_word(chance)}/r-{_word(chance)}/ou-{_word(chance)}/"
    return {}, {"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": path}}


def _one_number(chance: Random) -> tuple[Json, Json]:
    return {}, {"NumericEquals": {"s3:max-keys": str(chance.randint(10**8, 10**9))}}


def _one_set(chance: Random) -> tuple[Json, Json]:
    """Return a demand for two values together, and for no other ones."""
    tags = [_word(chance), _word(chance)]
    return {}, {
        "ForAllValues:StringEquals": {"aws:TagKeys": tags},
        "ForAnyValue:StringEquals": {"aws:TagKeys": tags[0]},
        "Null": {"aws:TagKeys": "false"},
    }


def _one_session(chance: Random) -> tuple[Json, Json]:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{_word(chance)}/{_word(chance)}"
    return {"Principal": {"AWS": session}}, {}


def _one_name(chance: Random) -> tuple[Json, Json]:
    return {}, {"StringEquals": {"aws:username": _word(chance)}}


PLANTS = (
    _one_arn, _one_date, _two_keys, _one_address, _one_letter_case, _one_path, _one_number,
    _one_set, _one_session, _one_name,
)  # fmt: skip


def planted(chance: Random, number: int) -> tuple[Json, Json, Kind]:
    """Return a policy, and the same with a gain that hardly any request shows."""
    plant = PLANTS[number % len(PLANTS)]
    is_of_session = plant is _one_session
    kind = Kind.RESOURCE if is_of_session else chance.choice((Kind.IDENTITY, Kind.RESOURCE))
    around: list[Json] = [random_statement(chance, kind) for _ in range(chance.randint(1, 4))]
    elements, conditions = plant(chance)
    allow: Json = {
        "Effect": "Allow",
        "Action": "s3:PutObjectTagging",
        "Resource": "arn:aws:s3:::planted/*",
        **({} if kind is Kind.IDENTITY else {"Principal": "*"}),
        **elements,
    }
    if conditions:
        allow["Condition"] = conditions
    for one in around:  # nothing else gives what is planted
        is_except = "NotAction" in one
        one.update({"NotAction": ["s3:Put*"]} if is_except else {"Action": ["sqs:*", "s3:Get*"]})
    if chance.random() < 0.5:
        return policy_of(around), policy_of([*around, allow]), kind
    # The same gain by a Deny that has a hole.
    base = {k: v for k, v in allow.items() if k != "Condition"}
    deny = {**base, "Effect": "Deny"}
    if not conditions or is_of_session:
        return policy_of(around), policy_of([*around, allow]), kind
    holed = {**deny, "Condition": _opposite(conditions)}
    return policy_of([*around, base, deny]), policy_of([*around, base, holed]), kind


def _opposite(conditions: Json) -> Json:
    """Return a condition that fails where these hold, as far as one operator can say that."""
    operator, keys = next(iter(conditions.items()))
    key, values = next(iter(keys.items()))
    if operator.startswith("ForA"):
        return (
            {"ForAllValues:StringNotEquals": {key: values}}
            if "Any" in operator
            else {"ForAnyValue:StringNotEquals": {key: values}}
        )
    negated = {"IpAddress": "NotIpAddress", "Null": "Null"}.get(
        operator, operator.replace("Equals", "NotEquals")
    )
    return {negated: {key: values}}


@pytest.mark.parametrize("number", range(200))
def test_a_gain_that_hardly_any_request_shows_is_found_or_unknown(number: int) -> None:
    old, new, kind = planted(Random(number), number)  # noqa: S311 - the same in every run
    one, other = (bare(compiled(policy, kind), kind) for policy in (old, new))
    relation = compare(one, other, CATALOG).relation
    assert relation in (Relation.WIDER, Relation.UNKNOWN), (relation, old, new)
