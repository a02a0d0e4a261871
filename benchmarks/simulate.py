"""Measures how many requests a second the evaluator decides, over real policies.

    python -m benchmarks.simulate FOLDER [--write FILE] [--scenarios 20000]

FOLDER holds policy documents, one a JSON file. They make the identity policies of as many
principals as it takes at 100 questions each; some have a boundary, session policies and SCPs too.
`--write` keeps the scenarios as JSON Lines, as `iamlint simulate` reads them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.simulate.input import ScenarioReader
from iamlint.simulate.scenario import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Policy

    Parsed = dict[Kind, list[list[Policy]]]

Json = dict[str, Any]

ACCOUNT = "111122223333"
QUESTIONS = 100
_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_GUARD = {
    "Version": "2012-10-17",
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
_HALF = (True, False)
_SOMETIMES = (True, False, False, False)
_MOSTLY = (True, True, True, False)
_WORDS = ("prod", "app/main", "a1b2c3", "logs-2024", "bob")


def scenarios(documents: Sequence[Json], chance: Random, count: int) -> list[Json]:
    """Return `count` scenarios, QUESTIONS after another of one principal."""
    made: list[Json] = []
    for number in range(-(-count // QUESTIONS)):
        held = chance.sample(documents, chance.choice((1, 2, 3)))
        policies = _policies(held, documents, chance)
        session = "session" in policies or chance.choice(_HALF)
        principal = (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/role{number}/s1"
            if session
            else f"arn:aws:iam::{ACCOUNT}:user/user{number}"
        )
        for question in range(QUESTIONS):
            source = chance.choice(held if question % 4 else documents)
            request = {"principal": principal, **_question(source, chance)}
            made.append({"id": f"{number}-{question}", "request": request, "policies": policies})
    return made[:count]


def _policies(held: list[Json], documents: Sequence[Json], chance: Random) -> Json:
    policies: Json = {"identity": held}
    if chance.choice(_SOMETIMES):
        policies["boundary"] = [chance.choice((_ALL, chance.choice(documents)))]
    if chance.choice(_SOMETIMES):
        policies["session"] = [chance.choice((_ALL, chance.choice(documents)))]
    if chance.choice(_HALF):
        policies["scp"] = [[_ALL], [_ALL, _GUARD]]
    return policies


def _question(document: Json, chance: Random) -> Json:
    """Return an action, resource and context that a statement of the document may well speak of."""
    statement = chance.choice(_listed(document["Statement"]))
    pattern = chance.choice(_listed(statement.get("Action", "s3:GetObject")))
    action = pattern if ":" in pattern else "ec2:DescribeInstances"
    wanted = chance.choice(_listed(statement.get("Resource", "*")))
    context: Json = {"aws:RequestedRegion": chance.choice(("eu-west-1", "us-east-1", "ap-south-1"))}
    for test in statement.get("Condition", {}).values():
        for key, values in test.items():
            if chance.choice(_MOSTLY):
                context[key] = str(chance.choice(_listed(values))).replace("*", "x")
    return {
        "action": action.replace("*", chance.choice(("Widget", "Items", "s"))),
        "resource": _resource(wanted, chance),
        "resource_account": ACCOUNT,
        "context": context,
    }


def _resource(pattern: str, chance: Random) -> str:
    if pattern == "*" or parse_arn(pattern) is None:
        return chance.choice(("*", f"arn:aws:s3:::{chance.choice(_WORDS)}"))
    while "*" in pattern:
        pattern = pattern.replace("*", chance.choice(_WORDS), 1)
    return pattern + "x" if pattern.endswith(":") else pattern


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read_documents(folder: Path) -> list[Json]:
    """Read the folder's policies, but those with elements that would be refused."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [one for one in found if not parse_policy(one, Kind.IDENTITY).problems]


def parsed(policies: Json) -> Parsed:
    """Read the policies of a scenario, by kind; levels of SCPs apart."""

    def of(kind: Kind, documents: Iterable[Json]) -> list[Policy]:
        return [parse_policy(document, kind) for document in documents]

    return {
        Kind.IDENTITY: [of(Kind.IDENTITY, policies["identity"])],
        Kind.BOUNDARY: [of(Kind.BOUNDARY, policies.get("boundary", ()))],
        Kind.SESSION: [of(Kind.SESSION, policies.get("session", ()))],
        Kind.SCP: [of(Kind.SCP, level) for level in policies.get("scp", ())],
    }


def compiled(policies: Parsed) -> PolicySet:
    def of(kind: Kind) -> list[tuple[CompiledPolicy, ...]]:
        return [tuple(map(compile_policy, level)) for level in policies[kind]]

    return PolicySet(
        identity=of(Kind.IDENTITY)[0],
        boundary=of(Kind.BOUNDARY)[0],
        session=of(Kind.SESSION)[0],
        scp=tuple(of(Kind.SCP)) or None,
    )


def request_of(scenario: Json) -> Request:
    read = ScenarioReader(rcp_services=None)
    members = read.scenario(scenario)
    read.settings(members.get("settings"))
    request = read.request(members["request"])
    if request is None or read.errors:
        raise SystemExit(f"{scenario['id']}: {read.errors}")
    return request


def warm(asked: list[Json]) -> tuple[float, float]:
    """Return the seconds that asking took, and those that compiling took."""
    asking = compiling = 0.0
    for start in range(0, len(asked), QUESTIONS):
        of_one = asked[start : start + QUESTIONS]
        requests = [request_of(scenario) for scenario in of_one]
        began = time.perf_counter()
        policies = compiled(parsed(of_one[0]["policies"]))
        ready = time.perf_counter()
        for request in requests:
            evaluate(request, policies)
        asking += time.perf_counter() - ready
        compiling += ready - began
    return asking, compiling


def cold(asked: list[Json]) -> tuple[float, float]:
    """Return the seconds of compiling and deciding each anew, and those of reading the policies."""
    reading = deciding = 0.0
    for scenario in asked:
        request = request_of(scenario)
        began = time.perf_counter()
        policies = parsed(scenario["policies"])
        ready = time.perf_counter()
        evaluate(request, compiled(policies))
        deciding += time.perf_counter() - ready
        reading += ready - began
    return deciding, reading


def whole(lines: list[str]) -> float:
    """Return the seconds of JSON Lines in, answers as JSON out."""
    began = time.perf_counter()
    for line in lines:
        json.dumps(simulate(json.loads(line)))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--scenarios", type=int, default=20_000)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    documents = read_documents(options.folder)
    asked = scenarios(documents, Random(1), options.scenarios)  # noqa: S311 - the same each time
    if options.write:
        with options.write.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(scenario) + "\n" for scenario in asked)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gc.collect()
    gc.freeze()  # the scenarios are the benchmark's to look through, not the evaluator's
    asking, compiling = warm(asked)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers = [simulate(scenario)["decision"] for scenario in asked]
    deciding, reading = cold(asked)
    rows = [
        ("warm: asking a compiled set", asking),
        ("warm: compiling once, asking 100 times", asking + compiling),
        ("cold: compiling for each question", deciding),
        ("cold: reading the policies too", deciding + reading),
        ("whole: JSON in, simulate, JSON out", whole([json.dumps(one) for one in asked])),
    ]
    print(f"{len(documents)} policies, {len(asked)} scenarios, one core")
    for name, seconds in rows:
        print(f"{name:42} {seconds:7.2f} s {len(asked) / seconds:10,.0f} a second")
    print(
        f"peak memory {after / 1024:.0f} MB, {before / 1024:.0f} MB of it before the first question"
    )
    print(", ".join(f"{answers.count(one)} {one}" for one in sorted(set(answers), key=str)))


if __name__ == "__main__":
    main()
