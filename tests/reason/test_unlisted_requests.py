"""Requests that AWS's lists of resource types do not name, and callers beside users and roles.

No proof may contradict them: where a difference shows in such a request alone, it is unknown.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.account.build.managed import full_access
from iamlint.account.build.organization import with_full_access
from iamlint.catalog import Catalog
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Caller, CallerKind, Request, anonymous, caller_of
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.reason.answer import Comparison, Relation
from iamlint.reason.compare import compare
from iamlint.reason.forbid import RequestSet, forbidden
from iamlint.reason.world import bare
from tests.reason.random_policies import beside_full, compiled, few, policy_of
from tests.support.examples import seeds

if TYPE_CHECKING:
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

CATALOG = Catalog.open()
Statement = dict[str, "Value"]
FULL: Final[Statement] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def allow(action: Value, resource: Value, **more: Value) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Value, resource: Value, **more: Value) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def compared(old: list[Statement], new: list[Statement], kind: Kind) -> Comparison:
    before, after = (bare(compiled(policy_of(one), kind), kind) for one in (old, new))
    return compare(before, after, CATALOG)


JOB = "arn:aws:glue:*:*:job/x"
CONNECTION = "arn:aws:glue:*:*:connection/x"
TOPICS = "arn:aws:sns:*:*:*"


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        # A text message goes to a telephone number, which no ARN names.
        ([], [{"Effect": "Allow", "Action": "sns:Publish", "NotResource": TOPICS}], "wider"),
        ([allow("sns:Publish", TOPICS)], [allow("sns:Publish", "*")], "wider"),
        ([allow("glue:CreateConnection", "arn:aws:glue:*:*:catalog")],
         [allow("glue:CreateConnection", ["arn:aws:glue:*:*:catalog", CONNECTION])], "wider"),
        # AWS lists jobs alone, and may be wrong.
        ([allow("glue:CreateJob", JOB)], [allow("glue:CreateJob", [JOB, CONNECTION])], "unknown"),
        ([allow("glue:GetJob", "*")], [allow("glue:GetJob", "arn:aws:glue:*:*:*")], "unknown"),
        ([allow("tag:GetResources", "arn:aws:tag:*:*:x")], [], "unknown"),
        # A service sends ARNs of its own resources.
        ([allow("glue:CreateJob", [JOB, "arn:aws:sqs:*:*:x"])], [allow("glue:CreateJob", JOB)],
         "equivalent"),
        # S3 says which actions take buckets.
        ([allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])],
         [allow("s3:GetObject", "arn:aws:s3:::b/*"), allow("s3:ListBucket", "arn:aws:s3:::b")],
         "equivalent"),
        # Where there are other gains, requests that may not exist are not shown.
        ([allow("glue:CreateJob", JOB)], [allow("glue:CreateJob", ["arn:aws:glue:*:*:job/*",
         CONNECTION])], "wider"),
    ],
)  # fmt: skip
def test_resource_that_aws_does_not_list_is_no_proof(
    old: list[Statement], new: list[Statement], relation: str
) -> None:
    assert compared(old, new, Kind.IDENTITY).relation == relation


@pytest.mark.parametrize(
    ("held", "asked", "ruling"),
    [
        ({"Effect": "Allow", "Action": "sns:Publish", "NotResource": TOPICS}, "sns:*", "allowed"),
        (allow("glue:CreateConnection", CONNECTION), "glue:*", "allowed"),
        (allow("glue:CreateJob", CONNECTION), "glue:*", "unknown"),
        (allow("glue:CreateJob", CONNECTION), "glue:Delete*", "denied"),
        (allow("glue:CreateJob", "arn:aws:sqs:*:*:x"), "*", "denied"),
        (allow("s3:GetObject", "arn:aws:s3:::b"), "s3:*", "denied"),
    ],
)
def test_forbidden_requests_are_those_too_that_aws_does_not_list(
    held: Statement, asked: str, ruling: str
) -> None:
    world = bare(compiled(policy_of([held]), Kind.IDENTITY), Kind.IDENTITY)
    found = forbidden(world, RequestSet((asked,)), CATALOG)
    assert ("allowed" if found.gained else "unknown" if found.open else "denied") == ruling


def test_unknown_answer_names_the_resource_and_the_action() -> None:
    found = compared(
        [allow("glue:CreateJob", JOB)], [allow("glue:CreateJob", [JOB, CONNECTION])], Kind.IDENTITY
    )
    text = "arn:aws:glue::111122223333:connection/x"
    (one,) = found.open
    assert (one.reason, one.of_gains) == (
        f"AWS may take `{text}`, although it does not list it, for `glue:CreateJob`",
        True,
    )
    assert [(said.index, said.label) for said in one.because] == [(0, "policy")]


ROOT: Value = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
FEDERATED: Value = {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}}
LINKED: Value = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-service-role/*"}}
SERVICE: Value = {"Bool": {"aws:PrincipalIsAWSService": "true"}}


@pytest.mark.parametrize(
    ("kind", "condition", "relation"),
    [
        (Kind.SCP, ROOT, "wider"),
        (Kind.SCP, {"StringEquals": {"aws:PrincipalType": "Account"}}, "wider"),
        (Kind.SCP, LINKED, "equivalent"),
        (Kind.SCP, FEDERATED, "unknown"),
        (Kind.RCP, ROOT, "wider"),
        (Kind.RCP, SERVICE, "wider"),
        (Kind.RCP, {"StringEquals": {"aws:PrincipalType": "Anonymous"}}, "wider"),
        (Kind.RCP, LINKED, "equivalent"),
        (Kind.BOUNDARY, FEDERATED, "unknown"),
        (Kind.BOUNDARY, ROOT, "equivalent"),
        (Kind.IDENTITY, FEDERATED, "unknown"),
        (Kind.IDENTITY, SERVICE, "equivalent"),
    ],
)
def test_deny_is_dropped_for_callers_to_whom_the_kind_of_policy_applies(
    kind: Kind, condition: Value, relation: str
) -> None:
    principal: Statement = {"Principal": "*"} if kind.has_principal else {}
    full = {**FULL, **principal}
    limit = {**deny("s3:*", "*", Condition=condition), **principal}
    assert compared([full, limit], [full], kind).relation == relation


@pytest.mark.parametrize("kind", [Kind.SCP, Kind.RCP, Kind.IDENTITY, Kind.RESOURCE])
def test_policies_that_only_deny_are_compared_by_what_they_deny(kind: Kind) -> None:
    principal: Statement = {"Principal": "*"} if kind.has_principal else {}
    strict, loose = ({**deny(name, "*"), **principal} for name in ("sqs:*", "sqs:Delete*"))
    assert compared([strict], [loose], kind).relation is Relation.WIDER
    assert compared([loose], [strict], kind).relation is Relation.NARROWER


@pytest.mark.parametrize("kind", [Kind.BOUNDARY, Kind.SESSION])
def test_limit_that_only_denies_stops_everything(kind: Kind) -> None:
    found = compared([deny("sqs:*", "*")], [deny("sqs:Delete*", "*")], kind)
    assert found.relation is Relation.EQUIVALENT


@pytest.mark.parametrize("kind", [Kind.SCP, Kind.RCP, Kind.BOUNDARY, Kind.SESSION, Kind.ENDPOINT])
def test_limit_that_is_gone_limits_nothing(kind: Kind) -> None:
    principal: Statement = {"Principal": "*"} if kind.has_principal else {}
    limit = compiled(policy_of([{**FULL, **principal}, {**deny("s3:*", "*"), **principal}]), kind)
    assert compare(bare(limit, kind), bare(None, kind), CATALOG).relation is Relation.WIDER


ACTIONS = (
    "sns:Publish", "sns:*", "glue:CreateConnection", "glue:Get*", "sqs:SendMessage", "sqs:*",
    "dynamodb:Query", "ec2:DescribeInstances", "kms:ListKeys", "*",
)  # fmt: skip
ASKED = (
    "sns:Publish", "sns:CreateTopic", "glue:CreateConnection", "glue:GetJob", "sqs:SendMessage",
    "dynamodb:Query", "ec2:DescribeInstances", "kms:ListKeys",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:111122223333:a*", "arn:aws:glue:*:*:*",
    "arn:aws:glue:*:*:connection/*", "arn:aws:glue:*:*:job/x", "arn:aws:sqs:*:*:q",
    "arn:aws:sqs:*:*:q/*", "arn:aws:dynamodb:*:*:table/t", "arn:aws:dynamodb:*:*:table/t/*",
    "arn:aws:ec2:*:*:instance/*", "arn:aws:kms:*:*:alias/*",
)  # fmt: skip
TEXTS = (
    "*", "arn:aws:sns:us-east-1:111122223333:a", "arn:aws:sns:us-east-1:111122223333:endpoint/b",
    "arn:aws:glue:us-east-1:111122223333:connection/x", "arn:aws:glue:us-east-1:111122223333:job/x",
    "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q/x",
    "arn:aws:dynamodb:us-east-1:111122223333:table/t",
    "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/1",
    "arn:aws:ec2:us-east-1:111122223333:instance/i", "arn:aws:kms:us-east-1:111122223333:alias/a",
)  # fmt: skip
CONDITIONS: tuple[Value, ...] = (
    ROOT, FEDERATED, LINKED, SERVICE, {"Null": {"aws:username": "true"}},
    {"StringEquals": {"aws:PrincipalType": ["User", "Account"]}},
    {"StringNotEquals": {"aws:PrincipalType": "AssumedRole"}},
    {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/*", "arn:aws:iam::*:user/*"]}},
    {"StringLike": {"aws:userid": "111122223333*"}},
    {"StringNotLike": {"aws:PrincipalServiceName": "sns*"}},
)  # fmt: skip
CALLERS: tuple[Caller, ...] = (
    *(one for text in (
        "arn:aws:iam::111122223333:role/ab", "arn:aws:iam::111122223333:user/bob",
        "arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/eve",
        "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        "sns.amazonaws.com",
    ) if (one := caller_of(text)) is not None),
    anonymous(),
)  # fmt: skip
KINDS = (Kind.IDENTITY, Kind.SCP, Kind.RCP, Kind.BOUNDARY, Kind.RESOURCE)


def random_statement(chance: Random, kind: Kind) -> Statement:
    found: Statement = {
        "Effect": chance.choice(("Allow", "Allow", "Deny")),
        "NotAction" if chance.random() < 0.1 else "Action": few(chance, ACTIONS, 2),
        "NotResource" if chance.random() < 0.2 else "Resource": few(chance, RESOURCES, 3),
    }
    if kind.has_principal:
        found["Principal"] = "*"
    if chance.random() < 0.4:
        found["Condition"] = chance.choice(CONDITIONS)
    return found


def requests(owner: str) -> list[Request]:
    found = []
    for caller, action, text in product(CALLERS, ASKED, TEXTS):
        service = action.partition(":")[0]
        if text != "*" and f":{service}:" not in text:
            continue  # a service sends ARNs of its own resources
        bare_ = Request(caller, action, RequestedResource.of(text), owner)
        given = {"aws:userid": "AIDA"} if caller.arn.endswith("bob") else {}
        context = Context(complete(given, derive_context(bare_)), Missing.ABSENT)
        found.append(Request(caller, action, bare_.resource, owner, context))
    return found


def around(policy: CompiledPolicy, kind: Kind) -> PolicySet:
    """Return policies that leave the decision to one of a kind."""
    every = (full_access(Kind.IDENTITY),)
    session, resource = (full_access(Kind.SESSION),), (full_access(Kind.RESOURCE),)
    match kind:
        case Kind.IDENTITY:
            return PolicySet(identity=(policy,), session=session)
        case Kind.SCP:
            return PolicySet(
                identity=every, session=session, scp=(with_full_access((policy,), kind),)
            )
        case Kind.RCP:
            return PolicySet(identity=every, session=session, resource=resource, rcp=((policy,),))
        case Kind.BOUNDARY:
            return PolicySet(identity=every, session=session, boundary=(policy,))
    return PolicySet(identity=every, session=session, resource=(policy,))


OWN, FOREIGN = requests("111122223333"), requests("444455556666")


@pytest.mark.parametrize("seed", seeds(60, 2000))
def test_no_request_contradicts_a_proof_whatever_aws_lists(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    kind = chance.choice(KINDS)
    old = [random_statement(chance, kind) for _ in range(chance.randint(1, 3))]
    new = [dict(one) for one in old]
    match chance.randrange(3):
        case 0:
            new.append(random_statement(chance, kind))
        case 1:
            del new[chance.randrange(len(new))]
        case _:
            at = chance.randrange(len(new))
            new[at] = {**random_statement(chance, kind), "Effect": new[at]["Effect"]}
    found = compared(old, new, kind)
    no_gain = not found.gained and not found.is_gain_open
    no_loss = not found.lost and all(one.of_gains for one in found.open)
    old, new = (one["Statement"] for one in beside_full(policy_of(old), policy_of(new), kind))  # type: ignore[assignment]
    before, after = (around(compiled(policy_of(one), kind), kind) for one in (old, new))
    # The policy of a resource alone decides about callers of other accounts.
    asked = FOREIGN if kind is Kind.RESOURCE else OWN
    for request in asked if no_gain or no_loss else ():
        was, is_ = (evaluate(request, one).allowed for one in (before, after))
        assert not (no_gain and is_ and not was), (kind, found.relation, old, new, request)
        assert not (no_loss and was and not is_), (kind, found.relation, old, new, request)


@pytest.mark.parametrize("seed", seeds(60, 2000))
def test_no_request_is_allowed_that_is_forbidden_by_proof(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    held = [random_statement(chance, Kind.IDENTITY) for _ in range(chance.randint(1, 3))]
    policy = compiled(policy_of(held), Kind.IDENTITY)
    actions = tuple(chance.sample(ACTIONS, chance.randint(1, 2)))
    resources: tuple[str, ...] = ("*",)
    if chance.random() < 0.5:
        resources = tuple(chance.sample(RESOURCES, chance.randint(1, 2)))
    asked = RequestSet(actions, resources)
    found = forbidden(bare(policy, Kind.IDENTITY), asked, CATALOG)
    is_proved = not found.gained and not found.open
    meant = compiled(policy_of([allow([*actions], [*resources])]), Kind.IDENTITY)
    sides = [around(one, Kind.IDENTITY) for one in (policy, meant)]
    holders = [one for one in OWN if one.caller.kind is not CallerKind.ROOT]  # it holds no policy
    for request in holders if is_proved else ():
        assert not all(evaluate(request, one).allowed for one in sides), (held, asked, request)
