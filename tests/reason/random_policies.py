"""Random policies that interact, and random requests about what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.services import sts
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource

if TYPE_CHECKING:
    from random import Random

    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.text.source import Value

ACTIONS = (
    "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:Get*", "s3:*", "*", "sqs:SendMessage",
    "sqs:*", "iam:PassRole", "ec2:DescribeInstances", "iam:ListUsers",
)  # fmt: skip
ASKED = (
    "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectAcl", "sqs:SendMessage",
    "iam:PassRole", "ec2:DescribeInstances", "iam:ListUsers",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:s3:::*", "arn:aws:s3:::a*", "arn:aws:s3:::ab", "arn:aws:s3:::ab/*",
    "arn:aws:s3:::a?/x*", "arn:aws:s3:::*/x/*", "arn:aws:s3:::ab/${aws:username}/*",
    "arn:aws:sqs:*:111122223333:*", "arn:aws:sqs:us-east-1:*:q", "arn:aws:iam::*:role/app-*",
    "arn:aws:iam::111122223333:role/*", "arn:aws:s3:::ab/${aws:PrincipalTag/team}/*",
)  # fmt: skip
CONDITIONS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("Bool", {"aws:MultiFactorAuthPresent": "true"}),
    ("BoolIfExists", {"aws:MultiFactorAuthPresent": "false"}),
    ("Bool", {"aws:SecureTransport": "false"}),
    ("StringEquals", {"aws:PrincipalTag/team": "a"}),
    ("StringNotEquals", {"aws:PrincipalTag/team": ["a", "b"]}),
    ("StringLike", {"aws:PrincipalTag/team": "a*"}),
    ("StringEqualsIgnoreCase", {"aws:PrincipalTag/team": "AB"}),
    ("StringLikeIfExists", {"aws:PrincipalTag/team": ["*b", "c"]}),
    ("StringEquals", {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}),
    ("StringEquals", {"aws:ResourceTag/team": "a"}),
    ("Null", {"aws:PrincipalTag/team": "true"}),
    ("Null", {"aws:MultiFactorAuthPresent": "false"}),
    ("IpAddress", {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}),
    ("NotIpAddress", {"aws:SourceIp": "10.1.0.0/16"}),
    ("StringEquals", {"aws:SourceVpce": "vpce-1"}),
    ("NumericLessThan", {"s3:max-keys": "10"}),
    ("NumericGreaterThanEquals", {"s3:max-keys": "5"}),
    ("DateLessThan", {"aws:CurrentTime": "2030-01-01T00:00:00Z"}),
    ("DateGreaterThan", {"aws:EpochTime": "1800000000"}),
    ("ForAllValues:StringEquals", {"aws:TagKeys": ["a", "b"]}),
    ("ForAnyValue:StringLike", {"aws:TagKeys": "a*"}),
    ("ForAnyValue:StringNotEquals", {"aws:TagKeys": "b"}),
    ("ArnLike", {"aws:PrincipalArn": "arn:aws:iam::*:role/a*"}),
    ("ArnNotLike", {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/*"}),
    ("StringEquals", {"aws:PrincipalAccount": "111122223333"}),
    ("StringNotLike", {"aws:username": "b*"}),
    ("StringEquals", {"aws:ResourceAccount": "111122223333"}),
    ("StringLike", {"s3:prefix": ["home/*", "${aws:username}/*"]}),
)
PRINCIPALS: tuple[Value, ...] = (
    "*", {"AWS": "111122223333"}, {"AWS": "arn:aws:iam::111122223333:role/ab"},
    {"AWS": "arn:aws:iam::444455556666:user/bob"}, {"Service": "sns.amazonaws.com"},
    {"AWS": "arn:aws:sts::444455556666:assumed-role/ab/s"},
)  # fmt: skip
TRUSTED = (
    "sts:AssumeRole",
    "sts:TagSession",
    "sts:AssumeRole*",
    "sts:AssumeRoleWithWebIdentity",
    "sts:*",
)
TRUSTEES: tuple[Value, ...] = (
    *PRINCIPALS,
    {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
    {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
)
FEDERATED = (
    "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    "arn:aws:iam::111122223333:saml-provider/idp",
)
CALLERS = (
    "arn:aws:iam::111122223333:role/ab", "arn:aws:iam::111122223333:user/bob",
    "arn:aws:iam::444455556666:role/x", "arn:aws:iam::444455556666:user/bob",
    "arn:aws:iam::111122223333:user/a", "arn:aws:sts::444455556666:assumed-role/ab/s",
    "arn:aws:sts::444455556666:assumed-role/ab/t", "sns.amazonaws.com", "sqs.amazonaws.com",
    "arn:aws:iam::111122223333:root",
)  # fmt: skip
VALUES: dict[str, tuple[ContextValue, ...]] = {
    "aws:multifactorauthpresent": ("true", "false", Missing.ABSENT),
    "aws:securetransport": ("true", "false"),
    "aws:principaltag/team": ("a", "b", "ab", "AB", "c", "cb", "", Missing.ABSENT),
    "aws:resourcetag/team": ("a", "b", "ab", Missing.ABSENT),
    "aws:sourceip": ("10.1.2.3", "10.9.9.9", "203.0.113.9", "198.51.100.1", "2001:db8::1"),
    "aws:sourcevpce": ("vpce-1", "vpce-2"),
    "s3:max-keys": ("1", "5", "7", "10", "99", Missing.ABSENT),
    "aws:currenttime": ("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
    "aws:tagkeys": (("a",), ("b",), ("a", "b"), ("c",), ("a", "c"), Missing.ABSENT),
    "s3:prefix": ("home/x", "bob/y", "z", Missing.ABSENT),
}
EPOCHS = {"2026-01-01T00:00:00Z": "1767225600", "2028-01-01T00:00:00Z": "1830297600",
          "2031-01-01T00:00:00Z": "1924992000"}  # fmt: skip


def few(random: Random, values: tuple[Value, ...], most: int) -> list[Value]:
    return random.sample(values, random.randint(1, most))


def random_statement(random: Random, kind: Kind) -> dict[str, Value]:
    statement: dict[str, Value] = {"Effect": random.choice(("Allow", "Allow", "Allow", "Deny"))}
    name = "NotAction" if random.random() < 0.1 else "Action"
    statement[name] = few(random, TRUSTED if kind is Kind.TRUST else ACTIONS, 2)
    if kind is not Kind.TRUST:
        name = "NotResource" if random.random() < 0.1 else "Resource"
        statement[name] = few(random, RESOURCES, 3)
    if kind is Kind.TRUST:
        statement["Principal"] = random.choice(TRUSTEES)
    if kind is Kind.RESOURCE:
        is_except = statement["Effect"] == "Deny" and random.random() < 0.1
        statement["NotPrincipal" if is_except else "Principal"] = random.choice(PRINCIPALS)
    conditions: dict[str, dict[str, Value]] = {}
    for operator, keys in random.sample(CONDITIONS, random.choice((0, 0, 1, 1, 2, 3))):
        conditions.setdefault(operator, {}).update(keys)
    if conditions:
        statement["Condition"] = conditions  # type: ignore[assignment]
    return statement


def random_policy(random: Random, kind: Kind) -> dict[str, Value]:
    count = random.randint(1, 4)
    return policy_of([random_statement(random, kind) for _ in range(count)])


def policy_of(statements: list[dict[str, Value]]) -> dict[str, Value]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def beside_full(
    old: dict[str, Value], new: dict[str, Value], kind: Kind
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return two policies with an Allow of everything, if neither has an Allow.

    Policies that only deny are compared beside one.
    """
    every: list[dict[str, Value]] = [*old["Statement"], *new["Statement"]]  # type: ignore[misc]
    if kind not in (Kind.IDENTITY, Kind.RESOURCE):
        return old, new
    if any(one["Effect"] == "Allow" for one in every):
        return old, new
    principal: dict[str, Value] = {} if kind is Kind.IDENTITY else {"Principal": "*"}
    full: dict[str, Value] = {"Effect": "Allow", **principal, "Action": "*", "Resource": "*"}
    before, after = (policy_of([*one["Statement"], full]) for one in (old, new))  # type: ignore[misc]
    return before, after


def compiled(value: Value, kind: Kind) -> CompiledPolicy:
    return compile_policy(parse_policy(value, kind), "policy")


def changed_policy(random: Random, policy: dict[str, Value], kind: Kind) -> dict[str, Value]:
    """Return a policy with one or two changes."""
    statements: list[dict[str, Value]] = [dict(s) for s in policy["Statement"]]  # type: ignore[union-attr, arg-type]
    for _ in range(random.randint(1, 2)):
        at = random.randrange(len(statements)) if statements else 0
        match random.randrange(5):
            case 0:
                statements.insert(at, random_statement(random, kind))
            case 1 if statements:
                del statements[at]
            case 2 if statements:
                statements[at].pop("Condition", None)
            case 3 if statements and "Resource" in statements[at]:
                statements[at]["Resource"] = few(random, RESOURCES, 3)
            case _ if statements:
                other = random_statement(random, kind)
                if "Condition" in other:
                    statements[at]["Condition"] = other["Condition"]
    return policy_of(statements)


def random_caller(random: Random, kind: Kind) -> Caller:
    named = {Kind.RESOURCE: CALLERS, Kind.TRUST: (*CALLERS, *FEDERATED)}.get(kind, CALLERS[:7])
    found = caller_of(random.choice(named))
    assert found is not None
    return found


def random_text(random: Random) -> str:
    buckets = ("ab", "a", "abc", "zz", "ax")
    match random.randrange(6):
        case 0:
            return f"arn:aws:s3:::{random.choice(buckets)}"
        case 1 | 2 | 3:
            key = random.choice(("x", "x/y", "y/x/z", "bob/f", "a/f", "b/f", "x1", "q"))
            return f"arn:aws:s3:::{random.choice(buckets)}/{key}"
        case 4:
            account = random.choice(("111122223333", "444455556666"))
            region = random.choice(("us-east-1", "eu-west-1"))
            return f"arn:aws:sqs:{region}:{account}:{random.choice(('q', 'r'))}"
    account = random.choice(("111122223333", "444455556666"))
    return f"arn:aws:iam::{account}:role/{random.choice(('app-1', 'ab', 'x/app-2'))}"


OF_SERVICE = {"s3": ":s3:", "sqs": ":sqs:", "iam": ":iam:"}


def random_request(random: Random, kind: Kind) -> Request:
    """Return a request that somebody could send: of the right type of resource."""
    caller = random_caller(random, kind)
    if kind is Kind.TRUST:
        return random_assumption(random, caller)
    return with_context(random, request_of(random, caller))


def request_of(random: Random, caller: Caller) -> Request:
    """Return a request of a caller, without a context."""
    while True:
        action = random.choice(ASKED)
        text = random_text(random)
        if action == "ec2:DescribeInstances":
            text = "*"
        elif OF_SERVICE[action.partition(":")[0]] not in text:
            continue
        is_object = text.startswith("arn:aws:s3:::") and "/" in text
        if action.startswith("s3:") and is_object is (action == "s3:ListBucket"):
            continue
        if action == "iam:ListUsers":
            text = "arn:aws:iam::111122223333:user/x"
        break
    return Request(caller, action, RequestedResource.of(text))


def random_assumption(random: Random, caller: Caller) -> Request:
    """Return a request for a role that the caller can send."""
    role = RequestedResource.of("arn:aws:iam::111122223333:role/ab")
    while True:
        request = Request(
            caller,
            random.choice(
                (
                    "sts:AssumeRole",
                    "sts:TagSession",
                    "sts:AssumeRoleWithWebIdentity",
                    "sts:AssumeRoleWithSAML",
                )
            ),
            role,
        )
        if sts.can_call(request) and not sts.refuses(request):
            return with_context(random, request)


def with_context(random: Random, request: Request) -> Request:
    given: dict[str, ContextValue] = {}
    for key, values in VALUES.items():
        if random.random() < 0.7 or key in ("aws:securetransport", "aws:currenttime"):
            given[key] = random.choice(values)
    given["aws:epochtime"] = EPOCHS[str(given["aws:currenttime"])]
    if random.random() < 0.5:
        given.pop("aws:sourceip", None)
    else:
        given.pop("aws:sourcevpce", None)
    if not request.caller.kind.has_account:
        given.pop("aws:principaltag/team", None)
    derived = derive_context(request)
    return Request(
        request.caller,
        request.action,
        request.resource,
        request.resource_account,
        Context(complete(given, derived)),
    )
