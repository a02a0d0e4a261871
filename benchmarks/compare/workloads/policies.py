"""Policies as teams write them, and those of AWS that iamlint contains; each run makes the same."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Json = dict[str, Any]

MANAGED = Path(__file__).parents[3] / "iamlint" / "catalog" / "managed_policies.jsonl"
VERSION = "2012-10-17"
ACCOUNT = "111122223333"
OTHERS = ("444455556666", "777788889999", "123456789012")
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1")
TEAMS = ("shop", "search", "billing", "ingest", "mobile", "data", "platform", "media")
PURPOSES = ("api", "worker", "archive", "events", "reports", "uploads", "cache", "index")

SHORT = 12
"""Statements of AWS's policies with more actions than this are not copied into others."""

OWN: Sequence[tuple[Sequence[str], Sequence[str]]] = (
    (("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), ("arn:aws:s3:::{name}/*",)),
    (("s3:ListBucket", "s3:GetBucketLocation"), ("arn:aws:s3:::{name}",)),
    (("s3:Get*", "s3:List*"), ("arn:aws:s3:::{name}", "arn:aws:s3:::{name}/*")),
    (
        ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        ("arn:aws:dynamodb:{region}:{account}:table/{name}",),
    ),
    (
        ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        ("arn:aws:sqs:{region}:{account}:{name}",),
    ),
    (("sns:Publish",), ("arn:aws:sns:{region}:{account}:{name}",)),
    (("kms:Decrypt", "kms:GenerateDataKey"), ("arn:aws:kms:{region}:{account}:key/*",)),
    (("lambda:InvokeFunction",), ("arn:aws:lambda:{region}:{account}:function:{name}",)),
    (
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        ("arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{name}:*",),
    ),
    (
        ("secretsmanager:GetSecretValue",),
        ("arn:aws:secretsmanager:{region}:{account}:secret:{name}-*",),
    ),
    (
        ("ssm:GetParameter", "ssm:GetParametersByPath"),
        ("arn:aws:ssm:{region}:{account}:parameter/{name}/*",),
    ),
    (("iam:PassRole",), ("arn:aws:iam::{account}:role/{name}",)),
    (("sts:AssumeRole",), ("arn:aws:iam::{account}:role/{name}",)),
    (("states:StartExecution",), ("arn:aws:states:{region}:{account}:stateMachine:{name}",)),
    (("ec2:Describe*", "elasticloadbalancing:Describe*"), ("*",)),
    (("cloudwatch:PutMetricData",), ("*",)),
    (("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), ("*",)),
)

CONDITIONS: Sequence[Json] = (
    {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}},
    {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/ci-*"}},
)

SERVICES = ("lambda", "ec2", "ecs-tasks", "states", "events", "codebuild", "glue", "firehose")


@cache
def managed() -> Sequence[tuple[str, Json]]:
    """Return the path with the name, and the document, of each of AWS's policies."""
    lines = MANAGED.read_text(encoding="utf-8").splitlines()[1:]
    return [(one["policy"], one["document"]) for one in map(json.loads, lines)]


@cache
def short_statements() -> Sequence[Json]:
    return [
        statement
        for _, document in managed()
        for statement in listed(document["Statement"])
        if len(listed(statement.get("Action", []))) <= SHORT and is_of_texts(statement)
    ]


def is_of_texts(content: Json) -> bool:
    """Return whether no condition has a boolean: not all peers can read that."""
    return not re.search(": (?:true|false)", json.dumps(content))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def name(chance: Random) -> str:
    return f"{chance.choice(TEAMS)}-{chance.choice(PURPOSES)}-{chance.randrange(40)}"


def statement(chance: Random) -> Json:
    """Return a statement about things of one name; now and then with a condition."""
    actions, resources = chance.choice(OWN)
    filled = {"name": name(chance), "region": chance.choice(REGIONS), "account": ACCOUNT}
    used = list(actions[: chance.randint(1, len(actions))])
    made: Json = {
        "Effect": "Allow",
        "Action": used if len(used) > 1 else used[0],
        "Resource": [resource.format(**filled) for resource in resources],
    }
    if chance.random() < 0.2:
        made["Condition"] = chance.choice(CONDITIONS)
    return made


def policy(chance: Random) -> Json:
    """Return a policy of one to four statements; a third of them are of AWS's own policies."""
    statements = [
        chance.choice(short_statements()) if chance.random() < 0.3 else statement(chance)
        for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))
    ]
    return {"Version": VERSION, "Statement": statements}


def trust(chance: Random) -> Json:
    """Return a trust policy: of a service, as a rule."""
    kind = chance.random()
    action, condition = "sts:AssumeRole", None
    principal: Json = {"Service": f"{chance.choice(SERVICES)}.amazonaws.com"}
    if kind < 0.1:
        principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    elif kind < 0.2:
        principal = {"AWS": f"arn:aws:iam::{chance.choice(OTHERS)}:root"}
        condition = {"StringEquals": {"sts:ExternalId": f"{chance.choice(TEAMS)}-external"}}
    elif kind < 0.3:
        host = "token.actions.githubusercontent.com"
        principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"}
        action = "sts:AssumeRoleWithWebIdentity"
        condition = {
            "StringEquals": {f"{host}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{host}:sub": f"repo:example/{chance.choice(TEAMS)}:*"},
        }
    made = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        made["Condition"] = condition
    return {"Version": VERSION, "Statement": [made]}
