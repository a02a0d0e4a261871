"""Scenarios as `iamlint simulate` reads them, some with a boundary, a session and SCPs.

Where policies repeat, they are AWS's, and a hundred questions in a row are of one principal;
elsewhere each scenario has policies of its own, as teams write them.
"""

from __future__ import annotations

import json
import re
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.workloads.policies import ACCOUNT, VERSION, Json, listed, managed, policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

QUESTIONS = 100
"""So many questions after another are of one principal, where policies are repeated."""

_ALL = {"Version": VERSION, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_GUARD = {
    "Version": VERSION,
    "Statement": [
        {
            "Sid": "OneRegion",
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*", "route53:*", "cloudfront:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
        },
        {
            "Sid": "NoLeaving",
            "Effect": "Deny",
            "Action": "organizations:Leave*",
            "Resource": "*",
        },
    ],
}
_WORDS = ("prod", "app/main", "a1b2c3", "logs-2024", "bob")
_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.")


def scenarios(folder: Path, count: int, *, repeat: bool) -> None:
    """Write so many scenarios."""
    with (folder / "scenarios.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in made(count, repeat=repeat))


def made(count: int, *, repeat: bool) -> Iterator[Json]:
    chance = Random(1)
    documents = [document for _, document in managed()]
    for number in range(count):
        turn, question = divmod(number, QUESTIONS)
        if question == 0 or not repeat:
            some = chance.choice((1, 2, 3))
            held = (
                chance.sample(documents, some) if repeat else [policy(chance) for _ in range(some)]
            )
            policies = _policies(held, documents, chance)
            principal = _principal(turn, chance, session="session" in policies)
        source = chance.choice(held if question % 4 else documents)
        request = {"principal": principal, **_question(source, chance)}
        yield {"id": f"{turn}-{question}", "request": request, "policies": policies}


def _principal(number: int, chance: Random, *, session: bool) -> str:
    if session or chance.random() < 0.5:
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/role{number}/s1"
    return f"arn:aws:iam::{ACCOUNT}:user/user{number}"


def _policies(held: list[Json], documents: Sequence[Json], chance: Random) -> Json:
    policies: Json = {"identity": held}
    if chance.random() < 0.25:
        policies["boundary"] = [chance.choice((_ALL, chance.choice(documents)))]
    if chance.random() < 0.25:
        policies["session"] = [chance.choice((_ALL, chance.choice(documents)))]
    if chance.random() < 0.5:
        policies["scp"] = [[_ALL], [_ALL, _GUARD]]
    return policies


def _question(document: Json, chance: Random) -> Json:
    """Return an action, resource and context that a statement of the document may well name."""
    statement = chance.choice(listed(document["Statement"]))
    pattern = chance.choice(listed(statement.get("Action", "s3:GetObject")))
    action = pattern if ":" in pattern else "ec2:DescribeInstances"
    wanted = chance.choice(listed(statement.get("Resource", "*")))
    context: Json = {"aws:RequestedRegion": chance.choice(("eu-west-1", "us-east-1", "ap-south-1"))}
    for test in statement.get("Condition", {}).values():
        for key, values in test.items():
            if chance.random() < 0.75:
                context[key] = str(chance.choice(listed(values))).replace("*", "x")
    return {
        "action": action.replace("*", chance.choice(("Widget", "Items", "s"))),
        "resource": _resource(wanted, chance),
        "resource_account": ACCOUNT,
        "context": context,
    }


def _resource(pattern: str, chance: Random) -> str:
    if not _ARN.match(pattern):
        return chance.choice(("*", f"arn:aws:s3:::{chance.choice(_WORDS)}"))
    while "*" in pattern:
        pattern = pattern.replace("*", chance.choice(_WORDS), 1)
    return pattern + "x" if pattern.endswith(":") else pattern
