"""Decides requests over compiled policies and prints how many seconds that took.

    python decisions.py known|new scenarios.jsonl

This is a script, not a module of a package: it runs with the `iamlint` of any tree. *new*: no
policies are asked about an action twice. *known*: they have been asked about them before.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iamlint import build_request
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy

    Asked = list[tuple[PolicySet, list[Request]]]

QUESTIONS = 5_000
TURNS = 3


def main() -> None:
    mode, file = sys.argv[1:]
    with Path(file).open(encoding="utf-8") as lines:
        scenarios = [json.loads(line) for line in islice(lines, QUESTIONS)]
    turns = [asked(scenarios) for _ in range(1 + TURNS)]
    if mode == "known":
        policies = [one for one, _ in turns[0]]
        turns = [list(zip(policies, (of for _, of in turn), strict=True)) for turn in turns]
    gc.collect()
    gc.freeze()
    gc.disable()
    seconds(turns[0])  # reads what the catalog has about these actions
    took = sum(map(seconds, turns[1:]))
    count = sum(len(requests) for turn in turns[1:] for _, requests in turn)
    print(json.dumps({"seconds": took, "count": count}))


def asked(scenarios: Iterable[Any]) -> Asked:
    """Return the policies of each principal, compiled, and requests: one for each action."""
    found = []
    for _, group in groupby(scenarios, key=lambda one: one["id"].partition("-")[0]):
        of_one = list(group)
        once = {one["request"]["action"]: one["request"] for one in of_one}
        found.append((policy_set(of_one[0]["policies"]), list(map(request_of, once.values()))))
    return found


def policy_set(policies: Any) -> PolicySet:
    def of(kind: Kind, documents: Iterable[Any]) -> tuple[CompiledPolicy, ...]:
        return tuple(compile_policy(parse_policy(document, kind)) for document in documents)

    levels = tuple(of(Kind.SCP, level) for level in policies.get("scp", ()))
    return PolicySet(
        identity=of(Kind.IDENTITY, policies["identity"]),
        boundary=of(Kind.BOUNDARY, policies.get("boundary", ())),
        session=of(Kind.SESSION, policies.get("session", ())),
        scp=levels or None,
    )


def request_of(asked: Any) -> Request:
    return build_request(
        asked["principal"],
        asked["action"],
        asked["resource"],
        context=asked["context"],
        resource_account=asked["resource_account"],
    )


def seconds(questions: Asked) -> float:
    began = time.process_time()
    for policies, requests in questions:
        for request in requests:
            evaluate(request, policies)
    return time.process_time() - began


if __name__ == "__main__":
    main()
