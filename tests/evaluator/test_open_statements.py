"""Which statements, and which keys, leave a decision open: those that can change it alone."""

from __future__ import annotations

import itertools
import random

import pytest

from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.statement import CompiledPolicy, compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from tests.support.examples import seeds

HOME = "111122223333"
BUCKET = "arn:aws:s3:::b/k"
KEYS = ("aws:PrincipalTag/a", "aws:PrincipalTag/b", "aws:PrincipalTag/c")
Statement = dict[str, object]


def compiled(kind: Kind, *statements: Statement) -> CompiledPolicy:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return compile_policy(parse_policy(document, kind))  # type: ignore[arg-type]


def one(effect: str, *keys: str, **more: object) -> Statement:
    condition = {"StringEquals": dict.fromkeys(keys, "x")}
    return {"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition, **more}


def request(**given: str) -> Request:
    caller = caller_of(f"arn:aws:iam::{HOME}:user/u")
    assert caller is not None
    context = Context({f"aws:principaltag/{k}": v for k, v in given.items()}, Missing.UNKNOWN)
    return Request(caller, "s3:GetObject", RequestedResource.of(BUCKET), HOME, context)


ANYONE = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:user/u"}}
A, B, C = KEYS
OF_QUEUE = "arn:aws:sqs:*:*:${aws:PrincipalTag/c}"
OF_TAG = "arn:aws:s3:::b/${aws:PrincipalTag/a}"


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
@pytest.mark.parametrize(
    ("kinds", "keys"),
    [
        pytest.param({"identity": [one("Allow", A)]}, [A], id="an Allow"),
        pytest.param({"identity": [one("Allow", A, B)]}, [A, B], id="two keys of one statement"),
        pytest.param(
            {"identity": [one("Allow"), one("Allow", A), one("Deny", B)]}, [B], id="a sure Allow"
        ),
        pytest.param({"identity": [one("Allow", A), one("Deny", B)]}, [A, B], id="both count"),
        pytest.param(
            {
                "identity": [one("Allow", A)],
                "resource": [one("Allow", **ANYONE), one("Deny", B, **ANYONE)],
            },
            [B],
            id="the resource grants",
        ),
        pytest.param(
            {"identity": [one("Allow", A)], "boundary": [one("Allow"), one("Allow", B)]},
            [A],
            id="a boundary allows anyhow",
        ),
        pytest.param(
            {"identity": [one("Allow", A)], "boundary": [one("Allow", B)]}, [A, B], id="a boundary"
        ),
        pytest.param(
            {
                "identity": [one("Allow", A), one("Deny", C)],
                "boundary": [one("Allow", B, Action="ec2:*")],
                "resource": [one("Allow", **ANYONE)],
            },
            [C],
            id="a way that a boundary closes",
        ),
        pytest.param(
            {"identity": [one("Allow", B, Resource=["arn:aws:sqs:*:*:q", OF_QUEUE, "*"])]},
            [B],
            id="a variable of another entry",
        ),
        pytest.param(
            {"identity": [one("Allow", B, Resource=[OF_TAG, "arn:aws:s3:::b/*"])]},
            [B],
            id="a variable beside an entry that names it",
        ),
        pytest.param({"identity": [one("Allow", B, Resource=OF_TAG)]}, [A, B], id="a variable"),
        pytest.param(
            {"identity": [one("Allow", B, Resource=[OF_QUEUE, OF_TAG])]},
            [A, B],
            id="a variable of one of two",
        ),
    ],
)  # fmt: skip
def test_keys_that_could_change_a_decision_are_named(
    kinds: dict[str, list[Statement]], keys: list[str]
) -> None:
    policies = PolicySet(**{name: (compiled(Kind(name), *of),) for name, of in kinds.items()})  # type: ignore[arg-type]
    decision = evaluate(request(), policies)

    assert decision.verdict is Verdict.UNDETERMINED
    assert list(decision.missing_keys) == keys


def test_variable_of_a_value_that_cannot_be_meant_is_not_named() -> None:
    values = ["p-${aws:PrincipalTag/a}", "q-${aws:PrincipalTag/b}"]
    condition = {"StringEquals": {"aws:PrincipalTag/c": values}}
    policies = PolicySet(identity=(compiled(Kind.IDENTITY, one("Allow", Condition=condition)),))

    assert evaluate(request(c="p-1"), policies).missing_keys == (A,)
    assert evaluate(request(c="r-1"), policies).verdict is Verdict.IMPLICITLY_DENIED
    assert evaluate(request(), policies).missing_keys == (A, B, C)


@pytest.mark.parametrize("seed", seeds(60))
def test_each_open_statement_changes_some_outcome_and_no_other_does(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable
    keys = [f"aws:PrincipalTag/k{n}" for n in range(5)]
    left = iter(keys)

    def drawn() -> Statement:
        key = next(left, None) if draw.random() < 0.7 else None
        return one(draw.choice(["Allow", "Allow", "Deny"]), *([key] if key else []))

    kinds = {
        kind: [drawn() for _ in range(draw.randrange(1, 3))] for kind in ("identity", "boundary")
    }
    if draw.random() < 0.5:
        kinds["resource"] = [drawn() | ANYONE]
    policies = PolicySet(**{name: (compiled(Kind(name), *of),) for name, of in kinds.items()})  # type: ignore[arg-type]
    decision = evaluate(request(), policies)
    if decision.verdict is not Verdict.UNDETERMINED:
        return
    names = [key.rpartition("/")[2] for key in keys]
    outcomes = {
        values: evaluate(request(**dict(zip(names, values, strict=True))), policies).allowed
        for values in itertools.product("xy", repeat=len(keys))
    }
    deciding = {
        key
        for at, key in enumerate(keys)
        if any(outcomes[v] != outcomes[(*v[:at], "y", *v[at + 1 :])] for v in outcomes)
    }
    assert set(decision.missing_keys) == deciding
