"""Scenarios by chance, few words over and over, so that patterns and requests often meet.

Cases that AWS leaves open are left out: variables without value in NotResource, short ARNs there,
malformed values under negated operators, a list of one value without quantifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

Json = dict[str, Any]

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/bob"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s1"

ACTIONS = ("s3:GetObject", "s3:PutObject", "S3:getobject", "s3:ListAllMyBuckets", "sqs:SendMessage")
ACTION_PATTERNS = (
    *ACTIONS, "*", "s3:*", "S3:Get*", "s3:*Object", "s?s:*", "sqs:Send?essage", "s3:Get?bject*",
    "*:*", "s3:", "s3: Get*", "s3:GetObject,sqs:*", "s3:G.tObject", "s*:*t*j*",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:s3:::b", "arn:aws:s3:::b/bob/x", "arn:aws:s3:::b/*/x", "arn:aws:s3:::b/a:b",
    f"arn:aws:sqs:us-east-1:{ACCOUNT}:bob", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:b",
    "arn:aws-cn:s3:::b/bob/x", "arn:aws:s3:::B",
)  # fmt: skip
RESOURCE_PATTERNS = (
    *RESOURCES, "arn:aws:s3:::*", "arn:aws:s3:::b*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/*/*",
    "arn:*:s3:::b/???/x", "arn:aws:s*:*:*:b*", f"arn:aws:sqs:*:{ACCOUNT}:b", "arn:aws:*:us-*:*:*b",
    f"arn:aws:sqs::{ACCOUNT}:bob", "arn:aws:s3::*:b/*", "arn:aws:s3:::b/*:*", "arn:aws:s3:::b/[b]*",
)  # fmt: skip
SHORT_PATTERNS = ("arn:aws:sqs:*", "arn:aws:s*", "arn:aws:sqs:us-east-1:*", "arn:*")
SETTLED_VARIABLES = ("arn:aws:s3:::b/${*}/x", "arn:aws:s3:::b/${test:Absent, 'bob'}/*")
OPEN_VARIABLES = (
    "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${AWS:UserName, 'x'}/*",
    "arn:aws:s3:::${test:Key}/*", "arn:aws:sqs:us-east-1:*:${aws:username}",
)  # fmt: skip

KEYS = ("test:Key", "TEST:key", "test:Other")
_STRINGS = ("bob", "BOB", "b", "", "b*b", "x/bob:y", "${aws:username}")
_ARNS = ("arn:aws:s3:::b", "arn:aws:s3:::b/bob", "arn:aws:sqs:us-east-1:1:b", "arn:aws:a::1:x:y")
_NUMBERS = ("9", "10", "10.0", "100", "-1", "9.5")
_DATES = (
    "2018-08-10", "2018-08-10T00:00:00Z", "2018-08-10T02:00:00+02:00", "1533859200",
    "1533859200.0", "2018-08-10T00:00:01Z", "1533859199",
)  # fmt: skip
_ADDRESSES = (
    "10.0.0.1",
    "::ffff:10.0.0.1",
    "10.0.0.2",
    "10.1.0.1",
    "2001:db8::1",
    "2001:0DB8:0:0:0:0:0:1",
    "::1",
)

# For each family: values of the request, values of the policy, values of either that are malformed.
FAMILIES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "String": (
        _STRINGS,
        (*_STRINGS, "b*", "*", "?ob", "${aws:UserName}", "${test:Other}", "${test:Absent, 'bob'}",
         "b${*}b", "x/${aws:username}:*", "*o?", "?", "b*b", "b?"),
        (),
    ),
    "Arn": (
        _ARNS,
        (*_ARNS, "arn:aws:s3:::b*", "arn:*:s3:*:*:*", "arn:aws:*:1:x:y", "arn:aws:a::1:*",
         "arn:aws:s3:::b/${aws:username}", "arn:aws:*:us-*:?:b"),
        ("b", "*", "arn:aws:s3"),
    ),
    "Numeric": (_NUMBERS, _NUMBERS, ("9abc", "", "ten")),
    "Date": (_DATES, _DATES, ("yesterday", "")),
    "Bool": (("true", "false", "True"), ("true", "false", "TRUE"), ("yes", "")),
    "Binary": (("QUJD", "QUJE"), ("QUJD", "QUJE"), ("ABC",)),
    "IpAddress": (
        _ADDRESSES,
        (*_ADDRESSES, "10.0.0.0/24", "10.0.0.7/24", "0.0.0.0/0", "::/0", "2001:db8::/32",
         "10.0.0.1/32"),
        ("localhost", ""),
    ),
}  # fmt: skip
_COMPARISONS = (
    "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals",
)  # fmt: skip
OPERATORS = {
    "String": ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase",
               "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
    "Arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
    "Numeric": tuple(f"Numeric{name}" for name in _COMPARISONS),
    "Date": tuple(f"Date{name}" for name in _COMPARISONS),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "IpAddress": ("IpAddress", "NotIpAddress"),
}  # fmt: skip
PRINCIPALS = (
    "*", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", USER, SESSION, "444455556666",
    f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:role/x/batch",
    f"arn:aws:iam::{ACCOUNT}:user/Bob", f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s2",
)  # fmt: skip


def scenario(chance: Random) -> Json:
    """Return a request and one statement: an identity Allow, or a Deny of a resource policy."""
    of_resource = chance.random() < 0.4
    family = chance.choice(list(FAMILIES))
    statement: Json = {"Effect": "Deny" if of_resource else "Allow"}
    if of_resource:
        element = chance.choice(("Principal", "Principal", "NotPrincipal"))
        statement[element] = _principal(chance, bare=element == "Principal")
    statement |= _action(chance) | _resource(chance, short=not of_resource)
    condition, context = _condition(chance, family)
    if condition:
        statement["Condition"] = condition
    version = chance.choice(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", None))
    head = {"Version": version} if version else {}
    document = {**head, "Statement": [statement]}
    allow = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    }
    return {
        "id": "by chance",
        "request": {
            "principal": chance.choice((USER, SESSION)) if of_resource else USER,
            "action": chance.choice(ACTIONS),
            "resource": chance.choice(RESOURCES),
            "resource_account": ACCOUNT,
            "context": context,
        },
        "policies": {"identity": [allow], "resource": [document]}
        if of_resource
        else {"identity": [document]},
        "settings": {"derive_context": False},
    }


def _some(chance: Random, pool: tuple[str, ...], most: int = 3) -> str | list[str]:
    chosen = [chance.choice(pool) for _ in range(chance.randint(1, most))]
    return chosen[0] if len(chosen) == 1 and chance.random() < 0.7 else chosen


def _principal(chance: Random, *, bare: bool) -> Json | str:
    if bare and chance.random() < 0.2:
        return "*"
    return {"AWS": _some(chance, PRINCIPALS if bare else PRINCIPALS[1:])}


def _action(chance: Random) -> Json:
    return {chance.choice(("Action", "Action", "NotAction")): _some(chance, ACTION_PATTERNS)}


def _resource(chance: Random, *, short: bool) -> Json:
    if chance.random() < 0.3:
        return {"NotResource": _some(chance, RESOURCE_PATTERNS + SETTLED_VARIABLES)}
    pool = RESOURCE_PATTERNS + SETTLED_VARIABLES + OPEN_VARIABLES + SHORT_PATTERNS
    return {
        "Resource": _some(
            chance, (*pool, "arn:aws:sqs", "arn:aws:sqs:us-east-1") if short else pool
        )
    }


def _condition(chance: Random, family: str) -> tuple[Json, Json]:
    given, wanted, malformed = FAMILIES[family]
    condition: Json = {}
    well_formed = True
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        operator = chance.choice(OPERATORS[family])
        well_formed = well_formed and "Not" not in operator
        values: Any = _some(chance, wanted)
        if chance.random() < 0.1:
            operator, values = "Null", chance.choice(("true", "false", [True], False))
        else:
            suffix = chance.choice(("", "", "IfExists"))
            operator = chance.choice(("", "", "ForAllValues:", "ForAnyValue:")) + operator + suffix
        keys = (*KEYS, "aws:username") if family == "String" else KEYS
        condition.setdefault(operator, {})[chance.choice(keys)] = values
    context: Json = {}
    for key in ("test:key", "Test:OTHER"):
        if chance.random() < 0.75:
            values = [chance.choice(given) for _ in range(chance.choice((1, 1, 2, 3)))]
            context[key] = values[0] if len(values) == 1 else values
    if well_formed and malformed and context and chance.random() < 0.2:
        context[chance.choice(list(context))] = chance.choice(malformed)
    if chance.random() < 0.8:
        context["aws:username"] = chance.choice(("bob", "b", "*", ["bob", "b"]))
    return condition, context
