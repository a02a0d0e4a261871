"""A difference that is shown is there for every value of what templates leave open."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.evaluator.context import Context
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.request import Request, anonymous, caller_of, service
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from iamlint.text.source import Partial, Unknown
from tests.reason.asked import allowed_alone
from tests.reason.random_policies import beside_full, compiled, policy_of
from tests.reason.unknown_values import (
    ACCOUNT,
    BUCKET,
    EACH,
    PARTITION,
    REGION,
    TEAM,
    VALUES,
    changed,
    policy_with_unknowns,
    random_values,
    with_values,
)
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.request import Caller
    from iamlint.policy.model import Text
    from iamlint.reason.answer import Comparison, Witness
    from iamlint.text.source import Value

CATALOG = Catalog.open()
NAMES = {one.inputs[0].name if one.inputs else one.text: one for one in VALUES}
Statement = dict[str, Any]
Policy = dict[str, Any]


def compared(old: Policy, new: Policy, kind: Kind = Kind.IDENTITY) -> Comparison:
    return compare(bare(compiled(old, kind), kind), bare(compiled(new, kind), kind), CATALOG)


def written_out(values: Mapping[Unknown, str]) -> dict[Unknown, str]:
    """Return texts that the values match, should they have wildcards."""
    return {one: text.replace("*", "zq").replace("?", "z") for one, text in values.items()}


def put_in(text: str, given: Mapping[str, str], values: Mapping[Unknown, str]) -> str:
    """Return a text of a witness with other values than it assumes."""
    for name, assumed in sorted(given.items(), key=lambda item: -len(item[1])):
        if NAMES[name] is not PARTITION:
            text = text.replace(assumed, f"\0{name}\0")
    for name in given:
        text = text.replace(f"\0{name}\0", values[NAMES[name]])
    if PARTITION.text in given and text.startswith("arn:aws:s3:"):
        return text.replace("arn:aws:", f"arn:{values[PARTITION]}:", 1)
    return text


def caller_in(witness: Witness, values: Mapping[Unknown, str]) -> Caller | None:
    if isinstance(witness.principal, str):
        return caller_of(put_in(witness.principal, witness.given, values))
    host = witness.principal.get("Service")
    return service(host) if isinstance(host, str) else anonymous()


def requests_with(witness: Witness, values: Mapping[Unknown, str]) -> list[Request]:
    """Return the request of a witness with other values, in its context too, or their texts."""
    given, texts = witness.given, written_out(values)
    caller = caller_in(witness, texts)
    if caller is None:
        return []
    resource = RequestedResource.of(put_in(witness.resource, given, texts))
    owner = put_in(witness.resource_account or "", given, texts) or None
    asked = Request(caller, witness.action.lower(), resource, owner)
    found = []
    for chosen in (values, texts):
        context = {
            key: put_in(value, given, chosen)
            if isinstance(value, str)
            else tuple(put_in(text, given, chosen) for text in value)
            for key, value in witness.context.items()
        }
        every = Context(complete(context, derive_context(asked)))
        found.append(Request(caller, asked.action, resource, owner, every))
    return found


@pytest.mark.parametrize("seed", seeds(40))
def test_difference_is_there_for_every_value_that_is_not_empty(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice((Kind.IDENTITY, Kind.RESOURCE))
    old = policy_with_unknowns(chance, kind)
    new = changed(chance, old, kind)
    comparison = compared(old, new, kind)
    old, new = beside_full(old, new, kind)
    for _ in range(8):
        values = random_values(chance)
        before, after = (compiled(with_values(one, values), kind) for one in (old, new))
        sides = ((comparison.gained, after, before), (comparison.lost, before, after))
        for differences, allowing, denying in sides:
            for witness in (one.witness for one in differences):
                if any(not values[NAMES[name]] for name in witness.given):
                    continue  # it names nothing
                assert any(
                    allowed_alone(allowing, request) and not allowed_alone(denying, request)
                    for request in requests_with(witness, values)
                ), (witness, values)


@pytest.mark.parametrize("seed", seeds(25))
def test_what_is_proved_of_unknown_values_is_so_for_each(seed: int) -> None:
    chance = Random(9000 + seed)  # noqa: S311 - the same in every run
    kind = chance.choice((Kind.IDENTITY, Kind.RESOURCE))
    old = policy_with_unknowns(chance, kind)
    new = changed(chance, old, kind)
    comparison = compared(old, new, kind)
    if comparison.gained or comparison.is_gain_open:
        return
    for _ in range(2):
        values = random_values(chance)
        before, after = (compiled(with_values(one, values), kind) for one in (old, new))
        found = compare(bare(before, kind), bare(after, kind), CATALOG)
        assert not found.gained, values


def on(*parts: str | Unknown) -> Partial:
    return Partial(parts)


def allow(action: str, *resources: Text, **others: Value) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": [*resources], **others}


def deny(action: str, *resources: Text) -> Statement:
    return {"Effect": "Deny", "Action": action, "Resource": [*resources]}


OBJECTS = on("arn:aws:s3:::", BUCKET, "/*")
ITSELF = on("arn:aws:s3:::", BUCKET)
LOGS = on("arn:aws:s3:::", BUCKET, "/logs/*")
OTHERS = on("arn:aws:s3:::", TEAM, "/*")
WHOLE = Unknown("${var.arn}", identity="arn")
QUEUE = on("arn:aws:sqs:", REGION, ":", ACCOUNT, ":", TEAM)
EVERYWHERE = on("arn:", PARTITION, ":s3:::", BUCKET, "/*")
READ, WRITE, LIST = "s3:GetObject", "s3:PutObject", "s3:ListBucket"
OF_TEAM: Value = {"StringEquals": {"aws:PrincipalTag/team": TEAM}}


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        pytest.param([allow(READ, OBJECTS)], [allow("s3:*", OBJECTS)], "wider", id="wider action"),
        pytest.param([allow("s3:*", OBJECTS)], [allow(READ, OBJECTS)], "narrower", id="narrower"),
        pytest.param([allow(READ, LOGS)], [allow(READ, OBJECTS)], "wider", id="shorter prefix"),
        pytest.param([allow("sqs:*", "*")], [allow("sqs:*", QUEUE)], "narrower", id="one queue"),
        pytest.param([], [allow("sqs:SendMessage", QUEUE)], "wider", id="account and region"),
        pytest.param([], [allow(READ, EVERYWHERE)], "wider", id="partition"),
        pytest.param(
            [allow(READ, "arn:aws:s3:::*")], [allow(READ, EVERYWHERE)], "unknown", id="same in aws"
        ),
        pytest.param(
            [allow(LIST, ITSELF)], [allow("s3:*", ITSELF, OBJECTS)], "wider", id="objects as well"
        ),
        pytest.param(
            [allow("s3:*", ITSELF)], [allow("s3:*", ITSELF, OBJECTS)], "unknown", id="may be `*`"
        ),
        pytest.param([allow(READ, OTHERS)], [allow(READ, OBJECTS)], "unknown", id="may be one"),
        pytest.param(
            [allow(READ, OBJECTS)],
            [allow("s3:*Object", OBJECTS), deny(WRITE, "arn:aws:s3:::prod-*")],
            "wider",
            id="another action is not denied",
        ),
        pytest.param(
            [],
            [allow(WRITE, OBJECTS), deny(WRITE, "arn:aws:s3:::prod-*")],
            "unknown",
            id="may be denied",
        ),
        pytest.param(
            [allow(WRITE, OBJECTS), deny(WRITE, OBJECTS)],
            [allow(WRITE, OBJECTS)],
            "wider",
            id="removed Deny",
        ),
        pytest.param([allow(READ, WHOLE)], [allow("s3:*", WHOLE)], "unknown", id="whole ARN"),
        pytest.param(
            [allow(READ, OBJECTS, Condition=OF_TEAM)],
            [allow(WRITE, OBJECTS, Condition=OF_TEAM)],
            "incomparable",
            id="same condition",
        ),
        pytest.param(
            [],
            [allow(READ, OBJECTS, Condition={"NumericLessThan": {"s3:max-keys": TEAM}})],
            "unknown",
            id="may be no number",
        ),
        pytest.param(
            [allow(READ, on("arn:aws:s3:::", EACH, "/a/*"))],
            [allow(READ, on("arn:aws:s3:::", EACH, "/*"))],
            "unknown",
            id="another instance",
        ),
        pytest.param([], [allow(READ, on("arn:aws:s3:::", EACH, "/*"))], "wider", id="instances"),
    ],
)
def test_what_unknown_values_leave_open(
    old: list[Statement], new: list[Statement], relation: str
) -> None:
    assert compared(policy_of(old), policy_of(new)).relation == relation


def test_witness_says_which_values_it_assumes() -> None:
    found = compared(policy_of([]), policy_of([allow(READ, OBJECTS), allow(READ, OTHERS)]))
    gain = found.gained[0]
    assert (gain.resources, gain.witness.resource, dict(gain.witness.given)) == (
        ("arn:aws:s3:::${var.bucket}/*",),
        "arn:aws:s3:::example/y",
        {"var.bucket": "example"},
    )


def test_assumed_text_is_one_that_no_policy_has() -> None:
    known = allow(READ, "arn:aws:s3:::example/*", "arn:aws:s3:::example-2/*")
    found = compared(policy_of([known]), policy_of([allow("s3:*Object", OBJECTS)]))
    assert {value for gain in found.gained for value in gain.witness.given.values()} == {
        "example-3"
    }


def test_gain_in_another_partition_is_seen() -> None:
    found = compared(policy_of([]), policy_of([allow(READ, "arn:aws-cn:s3:::ab/*")]))
    assert found.relation is Relation.WIDER
