"""Compares policies with changed copies of themselves: right directions, unknown answers, time.

`python -m benchmarks.reasoning FOLDER [--pairs N]` takes the policies (JSON) of a folder. Each is
compared with itself without a statement, with a wider action, without a condition, and without a
Deny. Dropping an Allow is never wider, and so on; each answer that says so is printed, and each
that the requests of a small world contradict. `--requests 0` asks none.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.changed_copies import changed_copies
from benchmarks.small_world import allows, compiled_pair, differences, of_witness
from iamlint.catalog import Catalog
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.reason.compare import compare
from iamlint.reason.world import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.changed_copies import Change
    from iamlint.reason.answer import Comparison


class Compared(NamedTuple):
    """A comparison of a changed copy, and the CPU seconds that it took."""

    change: Change
    found: Comparison
    seconds: float


def compared(change: Change, catalog: Catalog) -> Compared:
    old, new = (
        compile_policy(parse_policy(one, Kind.IDENTITY), change.name)
        for one in (change.old, change.new)
    )
    start = time.process_time()
    found = compare(bare(old, Kind.IDENTITY), bare(new, Kind.IDENTITY), catalog)
    return Compared(change, found, time.process_time() - start)


def faults(one: Compared, catalog: Catalog, tally: Counter[str], most: int) -> Iterator[str]:
    """Yield what is wrong with an answer, by its direction and by the requests of a small world."""
    change, found, _ = one
    if getattr(found, change.never):
        yield f"nothing can be {change.never}"
    if not most:
        return
    world = differences(change.old, change.new, catalog, most=most)
    tally["requests"] += world.asked
    no_gain = not found.gained and not found.is_gain_open
    no_loss = not found.lost and all(one.of_gains for one in found.open)
    for is_proved, what, shown in (
        (no_gain, "gained", world.gained),
        (no_loss, "lost", world.lost),
    ):
        tally[f"proofs that nothing is {what}"] += is_proved
        if is_proved and shown:
            yield f"nothing is {what} by proof, but {shown[0]}"
    if no_gain and no_loss:
        tally["equivalent pairs, confirmed"] += not (world.gained or world.lost)
        tally["requests about equivalent pairs"] += world.asked
    for name in ("gained", "lost"):
        if getattr(found, name):
            tally["differences that a witness shows"] += 1
            tally["of these, that the small world shows too"] += bool(getattr(world, name))
    yield from _unconfirmed(change, found)


def _unconfirmed(change: Change, found: Comparison) -> Iterator[str]:
    old, new = compiled_pair(change.old, change.new)
    for shown, wide, narrow in ((found.gained, new, old), (found.lost, old, new)):
        for one in shown:
            request = of_witness(one.witness)
            if not allows(wide, request) or allows(narrow, request):
                yield f"the witness shows no difference: {one.witness}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--requests", type=int, default=20_000, help="most requests for one pair")
    asked = parser.parse_args()
    catalog = Catalog.open()
    policies: dict[str, Any] = {
        p.stem: json.loads(p.read_text("utf-8")) for p in sorted(asked.folder.glob("*.json"))
    }
    tally: Counter[str] = Counter()
    every = []
    for change in changed_copies(policies, asked.pairs):
        one = compared(change, catalog)
        every.append(one)
        for fault in faults(one, catalog, tally, asked.requests):
            print(f"WRONG: {change.name}: {change.what} is {one.found.relation.value}: {fault}")
    _report(every, tally)


def _report(every: list[Compared], tally: Counter[str]) -> None:
    answers = Counter((one.change.what, one.found.relation.value) for one in every)
    for (what, relation), count in sorted(answers.items()):
        print(f"{count:8} {what}: {relation}")
    for text, count in sorted(tally.items()):
        print(f"{count:8} {text}")
    times = sorted((one.seconds, one.change.name, one.change.what) for one in every)
    unknown = sum(count for (_, relation), count in answers.items() if relation == "unknown")
    seconds = [one for one, _, _ in times]
    most = seconds[int(len(seconds) * 0.95)]
    print(f"{len(every)} pairs, {unknown} unknown")
    print(f"CPU seconds: {statistics.median(seconds):.3f} (median), {most:.3f} (95 of 100)")
    print(f"{seconds[-1]:.2f} (maximum: {times[-1][1]}, {times[-1][2]})")


if __name__ == "__main__":
    main()
