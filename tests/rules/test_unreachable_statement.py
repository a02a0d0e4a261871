"""Statements that change no decision: what is reported changes none, and what may is not reported.

`IAMLINT_EXAMPLES` tries ten times as many random policies.
"""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.account.build.managed import full_access
from iamlint.catalog import Catalog
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import StatementRequest
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.truth import Truth
from iamlint.rule import BesideContent, OwnAccounts, RuleContext
from iamlint.rules.redundancy import unreachable_statement
from tests.reason.asked import pool
from tests.reason.random_policies import compiled, policy_of, random_statement
from tests.support.examples import seeds

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from tests.support.program import Program

Policy = dict[str, Any]

CATALOG = Catalog.open()
REQUESTS = 500
KINDS = (Kind.IDENTITY, Kind.IDENTITY, Kind.SCP, Kind.RESOURCE, Kind.TRUST)
YES = Truth.YES


def unreachable(policy: Policy, kind: Kind = Kind.IDENTITY) -> list[int]:
    """Return the places of the statements that are reported."""
    parsed = parse_policy(policy, kind)
    beside = BesideContent(lambda: json.dumps(policy))
    context = RuleContext(parsed, CATALOG, OwnAccounts(), policy, beside)
    found = unreachable_statement.check_policy(parsed, context)
    return [int(hit.at.pointer[-1]) for hit in found]


def without(policy: Policy, places: list[int]) -> Policy:
    statements = policy["Statement"]
    return policy_of([one for at, one in enumerate(statements) if at not in places])


def said(policy: CompiledPolicy, request: Request) -> str:
    """Return what a policy alone says of a request: whether it denies, or else allows it."""
    asked = StatementRequest(request)
    found = {
        "deny" if statement.may_deny else "allow"
        for statement, truth in policy.about(asked.action)
        if truth is YES
        and statement.names_resource(asked) is YES
        and any(sure is YES for sure, _ in statement.names_caller(asked))
        and statement.conditions_hold(asked.context) is YES
    }
    return min(found, key=["deny", "allow"].index, default="nothing")


def decided(policy: CompiledPolicy, request: Request) -> list[bool]:
    """Return the decisions with a policy, alone and beside others that allow everything."""
    full = full_access(Kind.IDENTITY)
    sets: tuple[PolicySet, ...]
    match policy.kind:
        case Kind.IDENTITY:
            sets = (PolicySet(identity=(policy,)), PolicySet(identity=(policy, full)))
        case Kind.SCP:
            sets = tuple(
                PolicySet(identity=(full,), scp=((policy, *more),))
                for more in ((), (full_access(Kind.SCP),))
            )
        case _:
            sets = tuple(
                PolicySet(identity=identity, resource=(policy,), boundary=boundary)
                for identity in ((), (full,))
                for boundary in ((), (compiled(policy_of([]), Kind.BOUNDARY),))
            )
    return [evaluate(request, one).allowed for one in sets]


MORE = {"aws:ViaAWSService": "true"}


def narrower(chance: Random, statement: dict[str, Any]) -> dict[str, Any]:
    """Return a statement about less, in other words."""
    found = deepcopy(statement)
    if "Action" in found:
        found["Action"] = [one.upper() for one in found["Action"]][: chance.randint(1, 2)]
    if isinstance(found.get("Resource"), list):
        found["Resource"] = found["Resource"][:1]
    condition = found.get("Condition", {})
    found["Condition"] = {**condition, "Bool": {**condition.get("Bool", {}), **MORE}}
    return found


@pytest.mark.parametrize("seed", seeds(12))
def test_no_request_is_decided_otherwise_without_what_is_reported(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    statements: list[dict[str, Any]] = [
        random_statement(chance, kind) for _ in range(chance.randint(2, 5))
    ]
    statements.append(narrower(chance, chance.choice(statements)))
    policy = policy_of(statements)
    found = unreachable(policy, kind)
    before, after = (compiled(one, kind) for one in (policy, without(policy, found)))

    for request in pool(kind, REQUESTS, 2):
        assert said(before, request) == said(after, request), (request, policy, found)
        assert decided(before, request) == decided(after, request), (request, policy, found)


@pytest.mark.parametrize("seed", seeds(12))
def test_a_narrower_form_of_another_statement_is_reported(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    statement: dict[str, Any] = random_statement(chance, Kind.IDENTITY)
    other: Policy = {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}
    policy = policy_of([statement, other, narrower(chance, statement)])
    alone = policy_of([other, statement])
    if all(
        said(compiled(alone, Kind.IDENTITY), r) == "nothing" for r in pool(Kind.IDENTITY, 3000, 3)
    ):
        pytest.skip("no request meets it")

    assert 2 in unreachable(policy), policy


ALLOW: Policy = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DENY: Policy = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
NEVER = {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:username": "a"}}
OF_ROOT = "arn:aws:iam::*:root"
TRUSTED = {"Effect": "Allow", "Action": "sts:AssumeRole"}
BUCKET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
ROLE = {"AWS": "arn:aws:iam::111122223333:role/r"}
GUARDED = (
    {**DENY, "Condition": {"ArnNotLike": {"aws:PrincipalArn": OF_ROOT}}},
    {**DENY, "Action": "s3:Get*"},
)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param((ALLOW, {**ALLOW, "Condition": MFA}), [1], id="a condition too many"),
        pytest.param(({**ALLOW, "Condition": MFA}, ALLOW), [0], id="in any order"),
        pytest.param(
            (
                {**ALLOW, "Condition": MFA},
                {**ALLOW, "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
                {**ALLOW, "Action": ["S3:GetObject"]},
            ),
            [0, 1],
            id="two parts of another",
        ),
        pytest.param(
            (
                {**ALLOW, "Resource": "arn:aws:s3:::a*/x"},
                {**ALLOW, "Resource": "arn:aws:s3:::b*/x"},
                {**ALLOW, "Resource": ["arn:aws:s3:::a1/x", "arn:aws:s3:::b1/x"]},
            ),
            [2],
            id="two others together",
        ),
        pytest.param((ALLOW, {**DENY, "Action": "ec2:*"}), [], id="a Deny without an Allow"),
        pytest.param(
            (ALLOW, {**DENY, "Condition": MFA}, {**ALLOW, "Condition": MFA}), [2], id="denied"
        ),
        pytest.param((DENY, {**DENY, "Action": "s3:Get*"}), [1], id="a Deny of what is denied"),
        pytest.param(({**DENY, "Condition": MFA}, DENY), [0], id="a Deny with a condition"),
        pytest.param((ALLOW, {**ALLOW}), [], id="a copy, which `redundant-statement` reports"),
        pytest.param((ALLOW, DENY), [], id="an Allow that `cancelled-allow` reports"),
        pytest.param(GUARDED, [], id="a root user is denied as well"),
        pytest.param(
            (
                {
                    **DENY,
                    "Condition": {"StringEquals": {"aws:PrincipalType": ["User", "AssumedRole"]}},
                },
                {**DENY, "Action": "s3:Get*"},
            ),
            [],
            id="a federated user is denied as well",
        ),
        pytest.param(
            (GUARDED[0], {**GUARDED[0], "Action": "s3:Get*"}),
            [1],
            id="the same condition on callers",
        ),
        pytest.param(
            (
                {**DENY, "Action": "sns:*", "Resource": "arn:aws:sns:*:*:*"},
                {**ALLOW, "Action": "sns:Publish"},
            ),
            [],
            id="telephone numbers have no ARN",
        ),
        pytest.param(
            ({**ALLOW, "Resource": "arn:aws:s3:::*/*"}, {**ALLOW, "Condition": MFA}),
            [],
            id="AWS's list of the resources of an action may lack some",
        ),
        pytest.param(
            (
                {**ALLOW, "Action": ["sqs:SendMessage", "sqs:Receive*"]},
                {**ALLOW, "Action": ["sqs:SendMessage*"], "Condition": MFA},
            ),
            [],
            id="AWS may add an action that only the second names",
        ),
        pytest.param(
            (ALLOW, {**ALLOW, "Condition": NEVER}),
            [],
            id="no request meets it",
        ),
        pytest.param(
            (ALLOW, {**ALLOW, "Action": "sts:GetCallerIdentity"}), [], id="needs no permission"
        ),
        pytest.param((ALLOW, {**ALLOW, "Effect": "allow"}), [], id="AWS refuses the policy"),
        pytest.param(
            (ALLOW, {**ALLOW, "Condition": {"StringLick": {"aws:username": "x"}}}),
            [],
            id="an unknown operator",
        ),
    ],
)
def test_statements_that_change_nothing(
    statements: tuple[Policy, ...], expected: list[int]
) -> None:
    assert unreachable(policy_of(list(statements))) == expected


@pytest.mark.parametrize(
    ("kind", "statements", "expected"),
    [
        pytest.param(Kind.SCP, GUARDED, [], id="an SCP binds the root user"),
        pytest.param(
            Kind.RESOURCE,
            ({**BUCKET, "Principal": "*"}, {**BUCKET, "Principal": ROLE}),
            [],
            id="a role that is named needs no policy of its own",
        ),
        pytest.param(
            Kind.RESOURCE,
            ({**BUCKET, "Principal": ROLE}, {**BUCKET, "Principal": ROLE, "Condition": MFA}),
            [1],
            id="the same principal",
        ),
        pytest.param(
            Kind.RESOURCE,
            (
                {**BUCKET, "Effect": "Deny", "Principal": "*"},
                {**BUCKET, "Effect": "Deny", "Principal": ROLE, "Condition": MFA},
            ),
            [1],
            id="everyone is denied",
        ),
        pytest.param(
            Kind.RESOURCE,
            (
                {**BUCKET, "Effect": "Deny", "NotPrincipal": ROLE},
                {**BUCKET, "Effect": "Deny", "NotPrincipal": ROLE, "Condition": MFA},
            ),
            [],
            id="`NotPrincipal`",
        ),
        pytest.param(
            Kind.TRUST,
            ({**TRUSTED, "Principal": ROLE}, {**TRUSTED, "Principal": ROLE, "Condition": MFA}),
            [1],
            id="a trust policy",
        ),
        pytest.param(
            Kind.ENDPOINT,
            ({**BUCKET, "Principal": ROLE}, {**BUCKET, "Principal": ROLE, "Condition": MFA}),
            None,
            id="the rule does not look at endpoints",
        ),
    ],
)
def test_kinds_of_policies(
    kind: Kind, statements: tuple[Policy, ...], expected: list[int] | None
) -> None:
    looks = kind in unreachable_statement.RULE.kinds
    assert (unreachable(policy_of(list(statements)), kind) if looks else None) == expected


MODULE = """
variable "one" {}
variable "two" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${var.%s}/*" },
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${var.one}/*" },
  ] })
}
"""


@pytest.mark.parametrize(("name", "count"), [("one", 1), ("two", 0)])
def test_an_unknown_value_is_the_same_as_itself_alone(
    name: str, count: int, iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(MODULE % name)

    result = iamlint(
        "check", "main.tf", "--select", "unreachable-statement", "--output-format", "json"
    )

    assert len(json.loads(result.out)["findings"]) == count


def test_the_fix_removes_the_statement(iamlint: Program, tmp_path: Path) -> None:
    statements: list[Policy] = [ALLOW, {**ALLOW, "Action": "s3:getobject", "Condition": MFA}]
    (tmp_path / "p.json").write_text(json.dumps(policy_of(statements), indent=1))

    iamlint("check", "p.json", "--select", "unreachable-statement", "--fix")

    assert json.loads((tmp_path / "p.json").read_text()) == policy_of([ALLOW])
