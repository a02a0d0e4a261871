"""Measures the evaluator over a folder of real policies: warm, cold, and through `simulate`.

    python benchmarks/evaluate.py FOLDER [--principals 200] [--asks 100] [--write FILE]

FOLDER holds identity policies, one JSON document a file. Each principal gets three of them; every
other one also a boundary, every third an SCP level. Its requests name actions of its own policies
or of others. `--write` leaves the scenarios as JSON Lines for `iamlint simulate`. Figures are CPU
seconds of one process; half of one is noise.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iamlint.evaluate import (
    PolicySet,
    Request,
    caller_of,
    compile_policy,
    context_of,
    evaluate,
    simulate,
)
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.policy.model import Policy

Scenario = dict[str, Any]
Parsed = dict[tuple[int, Kind], "Policy"]

ACCOUNT = "111122223333"
OWN_ACTIONS = 0.6  # how often a principal asks for an action its policies name
FULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def main() -> None:
    options = _options()
    documents = [json.loads(path.read_text()) for path in sorted(options.folder.glob("*.json"))]
    found = list(_scenarios(documents, options.principals, options.asks))
    if options.write:
        options.write.write_text("".join(json.dumps(one) + "\n" for one in found))
    parsed: Parsed = {}
    groups = [found[at : at + options.asks] for at in range(0, len(found), options.asks)]
    requests = [[_request(one) for one in group] for group in groups]
    for group in groups:  # parsing is the reader's time, not the evaluator's
        _policy_set(group[0], parsed)
    gc.freeze()  # the scenarios are the benchmark's garbage to look through, not the evaluator's
    _measure("one set a principal", lambda: _warm(groups, requests, parsed))
    sets = [_policy_set(group[0], parsed) for group in groups]
    _measure("the same, first time", lambda: _again(sets, requests))
    _measure("the same, once more", lambda: _again(sets, requests))
    _measure("compiled anew each time", lambda: _cold(groups, requests, parsed))
    _measure("simulate", lambda: _simulate(found))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':<24} {peak:>10.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--principals", type=int, default=200)
    parser.add_argument("--asks", type=int, default=100)
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _scenarios(documents: list[Any], principals: int, asks: int) -> Iterator[Scenario]:
    chance = random.Random(1)  # noqa: S311 - the same scenarios on every run
    every = sorted({action for document in documents for action in _actions(document)})
    for number in range(principals):
        held = chance.sample(documents, 3)
        own = sorted({a for document in held for a in _actions(document)}) or every
        policies = {
            "identity": held,
            "boundary": [FULL] if number % 2 else [],
            "scp": [[FULL], [FULL]] if number % 3 == 0 else None,
        }
        for ask in range(asks):
            action = chance.choice(own if chance.random() < OWN_ACTIONS else every)
            yield {
                "id": f"{number}-{ask}",
                "request": _asked(number, action, chance.randrange(50)),
                "policies": policies,
                "settings": {"derive_context": False},
            }


def _asked(number: int, action: str, thing: int) -> Scenario:
    return {
        "principal": f"arn:aws:iam::{ACCOUNT}:user/u{number}",
        "action": action,
        "resource": f"arn:aws:{action.partition(':')[0]}:us-east-1:{ACCOUNT}:thing/{thing}",
        "resource_account": ACCOUNT,
        "context": {"aws:RequestedRegion": "us-east-1", "aws:username": f"u{number}"},
    }


def _actions(document: Any) -> Iterator[str]:
    for statement in parse_policy(document, Kind.IDENTITY).statements:
        for entry in statement.actions:
            if entry.known and ":" in entry.known and not set("*?") & set(entry.known):
                yield entry.known


def _request(scenario: Scenario) -> Request:
    asked = scenario["request"]
    caller = caller_of(asked["principal"])
    if caller is None:
        raise ValueError(asked["principal"])
    context = context_of(asked["context"])
    return Request(caller, asked["action"], asked["resource"], ACCOUNT, context)


def _policy_set(scenario: Scenario, parsed: Parsed) -> PolicySet:
    def compiled(documents: list[Any], kind: Kind) -> tuple[Any, ...]:
        return tuple(compile_policy(_parse(one, kind, parsed)) for one in documents)

    policies = scenario["policies"]
    levels = policies["scp"]
    return PolicySet(
        identity=compiled(policies["identity"], Kind.IDENTITY),
        boundary=compiled(policies["boundary"], Kind.BOUNDARY),
        scp=tuple(compiled(level, Kind.SCP) for level in levels) if levels else None,
    )


def _parse(document: Any, kind: Kind, parsed: Parsed) -> Policy:
    key = (id(document), kind)
    if key not in parsed:
        parsed[key] = parse_policy(document, kind)
    return parsed[key]


def _warm(
    groups: list[list[Scenario]], requests: list[list[Request]], parsed: Parsed
) -> Counter[str]:
    verdicts: Counter[str] = Counter()
    for group, asked in zip(groups, requests, strict=True):
        policies = _policy_set(group[0], parsed)
        verdicts.update(evaluate(request, policies).verdict for request in asked)
    return verdicts


def _again(sets: list[PolicySet], requests: list[list[Request]]) -> Counter[str]:
    return Counter(
        evaluate(request, policies).verdict
        for policies, asked in zip(sets, requests, strict=True)
        for request in asked
    )


def _cold(
    groups: list[list[Scenario]], requests: list[list[Request]], parsed: Parsed
) -> Counter[str]:
    return Counter(
        evaluate(request, _policy_set(group[0], parsed)).verdict
        for group, asked in zip(groups, requests, strict=True)
        for request in asked
    )


def _simulate(scenarios: list[Scenario]) -> Counter[str]:
    return Counter(str(simulate(scenario)["decision"]) for scenario in scenarios)


def _measure(name: str, run: Callable[[], Counter[str]]) -> None:
    start = time.process_time()
    verdicts = run()
    rate = verdicts.total() / (time.process_time() - start)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    print(f"{name:<24} {rate:>10,.0f} decisions/s   {told}")


if __name__ == "__main__":
    main()
