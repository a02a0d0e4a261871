"""Compares the largest managed policies of AWS with each other: unknown answers, time.

`python -m benchmarks.largest` compares each of the 40 largest with the next one, in both orders,
and each of the 10 largest with each other.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import managed_policy, names
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.reason.compare import compare
from iamlint.reason.world import World, bare

if TYPE_CHECKING:
    from iamlint.text.source import Value

NEXT, EACH = 40, 10


def pairs() -> list[tuple[str, str]]:
    """Return the names of the pairs, the largest first."""
    found = sorted(names(), key=lambda name: -len(json.dumps(_value(name))))[:NEXT]
    beside = [pair for one in pairwise(found) for pair in (one, one[::-1])]
    return list(dict.fromkeys((*permutations(found[:EACH], 2), *beside)))


def _value(name: str) -> Value:
    found = managed_policy(name)
    return None if found is None else found.value


def _world(name: str) -> World:
    policy = parse_policy(_value(name), Kind.IDENTITY)
    return bare(compile_policy(policy, name), Kind.IDENTITY)


def main() -> None:
    catalog = Catalog.open()
    answers: Counter[str] = Counter()
    times = []
    for old, new in pairs():
        start = time.process_time()
        found = compare(_world(old), _world(new), catalog)
        times.append((time.process_time() - start, old, new))
        answers[found.relation.value] += 1
        answers["with open questions"] += bool(found.open)
        answers["out of budget"] += any("--budget" in one.reason for one in found.open)
    for relation, count in sorted(answers.items()):
        print(f"{count:5} {relation}")
    times.sort()
    seconds = [one for one, _, _ in times]
    most = seconds[int(len(seconds) * 0.95)]
    print(f"{len(times)} pairs, CPU seconds: {statistics.median(seconds):.2f} (median), ", end="")
    print(f"{most:.2f} (95 of 100), {seconds[-1]:.2f} (maximum: {', '.join(times[-1][1:])})")
    for took, old, new in times[-12:]:
        print(f"    {took:.2f} {old}, {new}")


if __name__ == "__main__":
    main()
