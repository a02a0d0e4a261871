"""Compares policies with changed copies of themselves: right directions, unknown answers, time.

`python -m benchmarks.reasoning FOLDER [--pairs N]` takes the policies (JSON) of a folder. Each is
compared with itself without a statement, with a wider action, without a condition, and without a
Deny. Dropping an Allow is never wider, and so on; each answer that says so is printed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from iamlint.catalog import Catalog
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.reason.compare import compare
from iamlint.reason.world import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.reason.answer import Comparison


class Change(NamedTuple):
    """A pair of policies, and the direction in which access cannot have changed."""

    name: str
    what: str
    old: Any
    new: Any
    never: str


def changes(name: str, policy: Any, chance: random.Random) -> Iterator[Change]:
    """Yield changed copies of a policy, at most one of each kind."""
    said = policy["Statement"]
    statements = said if isinstance(said, list) else [said]

    def without(at: int) -> Any:
        return {**policy, "Statement": [s for n, s in enumerate(statements) if n != at]}

    allows = [n for n, s in enumerate(statements) if s["Effect"] == "Allow"]
    denies = [n for n, s in enumerate(statements) if s["Effect"] == "Deny"]
    if allows:
        yield Change(name, "Allow dropped", policy, without(chance.choice(allows)), "gained")
    if denies:
        at = chance.choice(denies)
        yield Change(name, "Deny dropped", policy, without(at), "lost")
        yield Change(name, "Deny added", without(at), policy, "gained")
    wide = [n for n in allows if "Action" in statements[n] and ":" in str(statements[n]["Action"])]
    if wide:
        copy = deepcopy({**policy, "Statement": statements})
        statement = copy["Statement"][chance.choice(wide)]
        actions = statement["Action"]
        actions = actions if isinstance(actions, list) else [actions]
        at = chance.randrange(len(actions))
        statement["Action"] = [*actions[:at], actions[at].split(":")[0] + ":*", *actions[at + 1 :]]
        yield Change(name, "action widened", policy, copy, "lost")
    limited = [n for n in allows if statements[n].get("Condition")]
    if limited:
        copy = deepcopy({**policy, "Statement": statements})
        del copy["Statement"][chance.choice(limited)]["Condition"]
        yield Change(name, "condition dropped", policy, copy, "lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=2000)
    asked = parser.parse_args()
    chance = random.Random(1)  # noqa: S311 - the same each time
    catalog = Catalog.open()
    policies = {
        p.stem: json.loads(p.read_text("utf-8")) for p in sorted(asked.folder.glob("*.json"))
    }
    every = [change for name, one in policies.items() for change in changes(name, one, chance)]
    chosen = every if len(every) <= asked.pairs else chance.sample(every, asked.pairs)
    answers: Counter[str] = Counter()
    seconds: list[tuple[float, str, str]] = []
    for one in chosen:
        old, new = (
            compile_policy(parse_policy(p, Kind.IDENTITY), one.name) for p in (one.old, one.new)
        )
        start = time.process_time()
        found = compare(bare(old, Kind.IDENTITY), bare(new, Kind.IDENTITY), catalog)
        seconds.append((time.process_time() - start, one.name, one.what))
        answers[f"{one.what}: {found.relation.value}"] += 1
        if _is_wrong(found, one.never):
            print(f"WRONG: {one.name}: {one.what} is {found.relation.value}")
    seconds.sort()
    times = [one for one, _, _ in seconds]
    for text, count in sorted(answers.items()):
        print(f"{count:5} {text}")
    unknown = sum(count for text, count in answers.items() if text.endswith("unknown"))
    most = times[int(len(times) * 0.95)]
    print(
        f"{len(chosen)} pairs, {unknown} unknown; seconds: {statistics.median(times):.3f} (median)"
    )
    print(f"{most:.3f} (95 of 100), {times[-1]:.2f} (maximum, {seconds[-1][1]})")


def _is_wrong(found: Comparison, never: str) -> bool:
    return bool(found.gained if never == "gained" else found.lost)


if __name__ == "__main__":
    main()
