"""Random policies with unknown parts, and the same policies with values in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import OwnValue
from iamlint.text.source import Input, Partial, Pseudo, Unknown
from tests.reason.random_policies import few, policy_of, random_statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from iamlint.policy.grammar import Kind
    from iamlint.text.source import Value

BUCKET: Final = Unknown("${var.bucket}", identity="bucket", inputs=(Input("var.bucket"),))
TEAM: Final = Unknown("${var.team}", identity="team", inputs=(Input("var.team"),))
EACH: Final = OwnValue("${each.key}", identity="each")
ACCOUNT: Final = Unknown("${AWS::AccountId}", means=Pseudo.ACCOUNT, identity="account")
REGION: Final = Unknown("${AWS::Region}", means=Pseudo.REGION, identity="region")
PARTITION: Final = Unknown("${AWS::Partition}", means=Pseudo.PARTITION, identity="partition")
ANY_TEXT: Final = (
    "fresh", "ab", "a", "", "*", "a*", "*/x", "a/b", "x", "a?", "app-1", "x/*", "b/x/y", "x*x", "?",
)  # fmt: skip
VALUES: Final[Mapping[Unknown, tuple[str, ...]]] = {
    BUCKET: ANY_TEXT,
    TEAM: ANY_TEXT,
    EACH: ANY_TEXT,
    ACCOUNT: ("111122223333", "444455556666", "121212121212"),
    REGION: ("us-east-1", "eu-west-1", "ca-west-1"),
    PARTITION: ("aws", "aws-cn"),
}
ACTIONS: Final[tuple[Value, ...]] = (
    "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:Get*", "sqs:SendMessage", "sqs:*",
    "iam:PassRole", "s3:*Object",
)  # fmt: skip
RESOURCES: Final[tuple[Value, ...]] = (
    "arn:aws:s3:::ab/*", "arn:aws:s3:::a*", "arn:aws:s3:::*", "*", "arn:aws:s3:::a?/x*",
    Partial(("arn:aws:s3:::", BUCKET)), Partial(("arn:aws:s3:::", BUCKET, "/*")),
    Partial(("arn:aws:s3:::", BUCKET, "/", TEAM, "/*")), Partial(("arn:aws:s3:::", TEAM, "/*")),
    Partial(("arn:aws:s3:::", BUCKET, "/x/*")), Partial(("arn:aws:s3:::a", BUCKET, "*")),
    Partial(("arn:aws:s3:::", BUCKET, "?/x*")), Partial(("arn:aws:s3:::", EACH, "/*")),
    Partial(("arn:", PARTITION, ":s3:::", BUCKET, "/*")), Partial(("arn:aws:s3:::*/", TEAM)),
    Partial(("arn:aws:s3:::", BUCKET, "/", BUCKET, "*")), "arn:aws:iam::*:role/app-*",
    Partial(("arn:aws:sqs:", REGION, ":", ACCOUNT, ":", TEAM)), "arn:aws:sqs:us-east-1:*:q",
    Partial(("arn:aws:sqs:*:", ACCOUNT, ":*")), Partial(("arn:aws:iam::", ACCOUNT, ":role/", TEAM)),
    Partial(("arn:aws:s3:::", EACH, "/x/*")),
    Partial(("arn:aws:s3:::", BUCKET, "/${aws:username}")),
)  # fmt: skip
CONDITIONS: Final[tuple[tuple[str, dict[str, Value]], ...]] = (
    ("StringEquals", {"aws:PrincipalTag/team": TEAM}),
    ("StringLike", {"aws:PrincipalTag/team": Partial((TEAM, "*"))}),
    ("StringNotEquals", {"aws:PrincipalTag/team": ["a", TEAM]}),
    ("StringNotLike", {"aws:PrincipalTag/team": Partial(("a", TEAM))}),
    ("StringEqualsIgnoreCase", {"aws:PrincipalTag/team": Partial((TEAM, "B"))}),
    ("StringEquals", {"aws:ResourceAccount": ACCOUNT}),
    ("StringLikeIfExists", {"s3:prefix": [Partial((BUCKET, "/*")), "home/*"]}),
    ("ArnLike", {"aws:PrincipalArn": Partial(("arn:aws:iam::", ACCOUNT, ":role/", TEAM))}),
    ("ArnNotLike", {"aws:PrincipalArn": Partial(("arn:aws:iam::*:role/", TEAM))}),
    ("ForAnyValue:StringLike", {"aws:TagKeys": Partial((TEAM, "*"))}),
    ("ForAllValues:StringEquals", {"aws:TagKeys": ["a", TEAM]}),
    ("StringEquals", {"aws:PrincipalTag/team": "a"}),
    ("Bool", {"aws:MultiFactorAuthPresent": "true"}),
)  # fmt: skip


def statement_with_unknowns(random: Random, kind: Kind) -> dict[str, Value]:
    """Return a statement, most often with unknown parts."""
    statement = random_statement(random, kind)
    statement.pop("NotAction", None)
    statement["Action"] = few(random, ACTIONS, 2)
    for name in ("Resource", "NotResource"):
        if name in statement:
            statement[name] = few(random, RESOURCES, 2)
    conditions: dict[str, dict[str, Value]] = {}
    for operator, keys in random.sample(CONDITIONS, random.choice((0, 0, 0, 1, 1, 2))):
        conditions.setdefault(operator, {}).update(keys)
    statement["Condition"] = conditions  # type: ignore[assignment]
    return statement


def policy_with_unknowns(random: Random, kind: Kind) -> dict[str, Value]:
    return policy_of([statement_with_unknowns(random, kind) for _ in range(random.randint(1, 3))])


def changed(random: Random, policy: dict[str, Value], kind: Kind) -> dict[str, Value]:
    """Return a policy with a change that pull requests make."""
    statements: list[dict[str, Value]] = [dict(s) for s in policy["Statement"]]  # type: ignore[union-attr, arg-type]
    at = random.randrange(len(statements))
    match random.randrange(6):
        case 0 | 1:
            statements.insert(at, statement_with_unknowns(random, kind))
        case 2:
            del statements[at]
        case 3:
            statements[at]["Condition"] = {}
        case 4:
            other = statement_with_unknowns(random, kind)
            statements[at] = {**statements[at], "Action": other["Action"]}
        case _ if "Resource" in statements[at]:
            statements[at]["Resource"] = few(random, RESOURCES, 3)
    return policy_of(statements)


def random_values(random: Random) -> dict[Unknown, str]:
    return {unknown: random.choice(texts) for unknown, texts in VALUES.items()}


def with_values(value: Value, values: Mapping[Unknown, str]) -> Value:
    """Return a value with texts in place of its unknown parts."""
    match value:
        case Unknown():
            return values[value]
        case Partial():
            return value.filled(lambda part: values[part])
        case dict():
            return {key: with_values(one, values) for key, one in value.items()}
        case list():
            return [with_values(one, values) for one in value]
    return value
