"""Proofs that are left out because a sample shows a request would have failed."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.reason.covered import is_covered, is_known, is_seen_wider, requests_of
from iamlint.reason.samples import Samples
from tests.reason.random_policies import policy_of, random_statement
from tests.rules.test_unreachable_statement import narrower, unreachable
from tests.support.examples import seeds

if TYPE_CHECKING:
    from iamlint.evaluator.statement import CompiledPolicy

CATALOG = Catalog.open()
KINDS = (Kind.IDENTITY, Kind.IDENTITY, Kind.SCP, Kind.RESOURCE, Kind.BOUNDARY)
BUDGET = 100_000


@pytest.mark.parametrize("seed", seeds(5))
def test_samples_leave_out_no_statement_that_is_reported(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    statements = [random_statement(chance, kind) for _ in range(chance.randint(2, 4))]
    statements += [narrower(chance, chance.choice(statements)) for _ in range(2)]
    policy = policy_of(statements)
    found = unreachable(policy, kind)

    monkeypatch.setattr(Samples, "takers", lambda _, __, others: [others.keys()])

    assert unreachable(policy, kind) == found, policy


@pytest.mark.parametrize("seed", seeds(5))
def test_statements_that_are_seen_to_say_more_are_not_covered(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice((Kind.IDENTITY, Kind.SCP))
    made = [random_statement(chance, kind) for _ in range(3)]
    one, two = (requests(chance.sample(made, 2), kind) for _ in range(2))

    for inner, outer in ((one, two), (two, one)):
        if is_seen_wider(inner, (outer,), CATALOG):
            assert not is_covered(inner, (outer,), CATALOG, budget=BUDGET), json.dumps(made)


NARROW: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "sqs:SendMessage",
    "Resource": "arn:aws:sqs:::a*",
}


@pytest.mark.parametrize(
    ("wide", "is_wider"),
    [
        ({"Action": "sqs:*"}, False),
        ({"Action": "sqs:AddPermission"}, True),
        ({"Resource": "arn:aws:sqs:::a"}, True),
        ({"Resource": ["arn:aws:sqs:::a", "arn:aws:sqs:::a?*"]}, False),
        ({"Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}, True),
        ({"Condition": {"StringEqualsIfExists": {"aws:ResourceTag/team": "a"}}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    ],
)
def test_a_sample_has_texts_and_keys_that_no_policy_names(
    wide: dict[str, Any], *, is_wider: bool
) -> None:
    inner, outer = (requests([one], Kind.IDENTITY) for one in (NARROW, {**NARROW, **wide}))

    assert is_seen_wider(inner, (outer,), CATALOG) is is_wider


@pytest.mark.parametrize(
    ("excepted", "is_wider"),
    [
        ("arn:aws:sqs:*:*:a*", True),
        ("arn:aws:iam::*:root", False),  # SQS has no such resource
        ("arn:aws:sqs:*:*:${aws:username}", False),  # and what it is nobody knows
    ],
)
def test_what_another_statement_excepts_is_a_sample(excepted: str, *, is_wider: bool) -> None:
    every: dict[str, Any] = {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}
    other = {"Effect": "Deny", "Action": "sqs:SendMessage", "NotResource": excepted}
    inner, outer = (requests([one], Kind.IDENTITY) for one in (every, other))

    assert is_seen_wider(inner, (outer,), CATALOG) is is_wider


def test_what_no_request_meets_is_not_wider() -> None:
    nothing: dict[str, Any] = {"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": "*"}

    inner, outer = requests([nothing], Kind.IDENTITY), requests([], Kind.IDENTITY)

    assert not is_seen_wider(inner, (outer,), CATALOG)


def requests(statements: list[dict[str, Any]], kind: Kind) -> CompiledPolicy:
    policy = parse_policy(policy_of(statements), kind)
    return requests_of(policy, filter(is_known, policy.statements))
